"""`effleurage studio` under more than anybody should ask of it: ten thousand connections that
say nothing, readers that take no bytes, sounds that never end. Memory stays bounded, and
whoever comes with a good request is served again.

    python3 studio.py --effleurage BIN
"""

import argparse
import http.client
import os
import re
import resource
import socket
import subprocess
import threading
import time

IDLE = 10_000
# The steady reader has a connection of its own.
SLOW = 50
STEADY_SECONDS = 75
# What the process may hold at most, in megabytes: a few sessions, and no track.
MOST_MB = 400


class Studio:
    def __init__(self, program):
        self.process = subprocess.Popen([program, "studio"], stdout=subprocess.PIPE, text=True)
        address = self.process.stdout.readline().split("http://")[1].strip()
        self.host, self.secret = address.rstrip("/").split("/")
        self.place = (self.host.split(":")[0], int(self.host.split(":")[1]))

    def megabytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            line = next(line for line in status if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1000

    def get(self, path, **headers):
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request("GET", f"/{self.secret}/{path}", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def ask(self, path):
        stream = socket.create_connection(self.place, timeout=10)
        request = f"GET /{self.secret}/{path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n"
        stream.sendall(request.encode())
        return stream


def waited(studio):
    """How long it takes until somebody is served again."""
    since = time.monotonic()
    while time.monotonic() - since < 60:
        try:
            status, _ = studio.get("about.json?voice=en")
            assert status == 200, status
            return time.monotonic() - since
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise SystemExit("nobody was served within a minute")


def idle_connections(studio):
    streams, closed = [], 0
    since = time.monotonic()
    for _ in range(IDLE):
        try:
            streams.append(socket.create_connection(studio.place, timeout=5))
        except OSError:
            closed += 1
    took, most = time.monotonic() - since, studio.megabytes()
    seconds = waited(studio)
    for stream in streams:
        stream.close()
    print(f"{IDLE} idle connections: made in {took:.1f} s ({closed} refused by the system); "
          f"{most:.0f} MB; somebody was served {seconds:.1f} s after them")
    assert most < MOST_MB


def slow_readers(studio):
    paths = [f"track.wav?partner&zone=calf={minutes}m" for minutes in range(1, 4)]
    streams = [studio.ask(paths[n % len(paths)]) for n in range(SLOW)]
    for stream in streams:
        assert stream.recv(1)
    time.sleep(3)
    most = studio.megabytes()
    status, body = studio.get("view.json?self")
    assert status == 200 and body
    for stream in streams:
        stream.close()
    print(f"{SLOW} readers of 90 MB tracks who took one byte each: {most:.0f} MB")
    assert most < MOST_MB


def steady_reader(studio, told):
    """Takes a track bit by bit for longer than anybody may stall, and gets all of it."""
    stream = studio.ask("track.wav?self-short")
    since, size, head = time.monotonic(), 0, b""
    while b"\r\n\r\n" not in head:
        head += stream.recv(1)
    wanted = int(re.search(rb"content-length: (\d+)", head)[1])
    while size < wanted:
        piece = stream.recv(1 << 16)
        if not piece:
            break
        size += len(piece)
        time.sleep(max(0.0, since + STEADY_SECONDS * size / wanted - time.monotonic()))
    told.append((size, wanted, time.monotonic() - since))


def endless_sound(studio):
    stream = socket.create_connection(studio.place, timeout=60)
    stream.sendall(f"PUT /{studio.secret}/sound/x HTTP/1.1\r\nHost: {studio.host}\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n".encode())
    piece = b"100000\r\n" + bytes(1 << 20) + b"\r\n"
    sent = 0
    try:
        while sent < 600:
            stream.sendall(piece)
            sent += 1
    except OSError:
        pass
    print(f"a sound that never ends was refused after {sent} MiB at most; "
          f"{studio.megabytes():.0f} MB")
    assert sent < 300 and studio.megabytes() < MOST_MB
    assert studio.get("view.json?self")[0] == 200


def many_sessions(studio):
    """Each with sounds of its own, one after the other and none read to its end."""
    for n in range(30):
        status, body = studio.get(f"track.wav?self-short&tick-level=-{n / 10}", Range="bytes=0-99")
        assert status == 206 and len(body) == 100
    print(f"30 sessions: {studio.megabytes():.0f} MB")
    assert studio.megabytes() < MOST_MB


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--effleurage", required=True)
    program = os.path.abspath(parser.parse_args().effleurage)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, IDLE + 2000), hard))
    studio = Studio(program)
    try:
        waited(studio)
        print(f"at first: {studio.megabytes():.0f} MB")
        idle_connections(studio)
        steady = []
        reader = threading.Thread(target=steady_reader, args=(studio, steady))
        reader.start()
        slow_readers(studio)
        many_sessions(studio)
        endless_sound(studio)
        reader.join()
        size, wanted, took = steady[0]
        print(f"who read a track for {took:.0f} s got {size} of {wanted} bytes")
        assert size == wanted and took > STEADY_SECONDS * 0.9
        since = time.monotonic()
        studio.process.terminate()
        assert studio.process.wait(timeout=10) == 0
        print(f"ended {time.monotonic() - since:.2f} s after it was told to")
    finally:
        studio.process.kill()


if __name__ == "__main__":
    main()
