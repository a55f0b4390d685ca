"""Times effleurage beside programs that do the same or less, in one run.

    python benches/beside.py target/release/effleurage [--runs 9] [--only WORD]

Each pair runs in turn, A B A B, so that what else a machine does meets both; printed are
the medians of the ratios of wall time and of processor time. Files lie in memory
(/dev/shm) and, where a row says so, in $TMPDIR. A reference that is not installed is left
out, and said so. Compare ratios, never seconds of one run with those of another.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def run(command):
    """Wall and processor seconds of a command, or None if it is not there or fails."""
    if shutil.which(command[0]) is None:
        return None
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    since = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - since
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (wall, cpu) if done.returncode == 0 else None


def beside(name, ours, reference, runs):
    """One row: our command beside the other."""
    if run(ours) is None:
        sys.exit(f"{' '.join(ours)} failed")
    first = run(reference)
    if first is None:
        print(f"{name:<52} {reference[0]} is not installed, or failed")
        return
    # What takes long varies little.
    runs = runs if first[0] < 5 else min(runs, 2)
    pairs = [(run(ours), run(reference)) for _ in range(runs)]

    def ratio(n):
        all_of_them = sorted(a[n] / max(b[n], 1e-4) for a, b in pairs)
        median = statistics.median(all_of_them)
        return f"{all_of_them[0]:6.2f} {median:6.2f} {all_of_them[-1]:6.2f}"

    wall = statistics.median(a[0] for a, _ in pairs) * 1000
    print(f"{name:<52} {wall:8.1f} ms   wall {ratio(0)}   cpu {ratio(1)}", flush=True)


def copied_and_synced(file, folder):
    """What a careful program does to copy a file: beside, to the disk, into its place."""
    to, at = os.path.join(folder, ".copy"), os.path.join(folder, "copy")
    script = 'cp "$0" "$1" && sync "$1" && mv "$1" "$2" && sync "$3"'
    return ["sh", "-c", script, file, to, at, folder]


def peak_memory(command):
    """The most memory that a command has, in megabytes."""
    script = "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);" \
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    told = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True)
    return int(told.stdout) / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("effleurage")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    effleurage = os.path.abspath(given.effleurage)
    memory, disk = tempfile.mkdtemp(dir="/dev/shm"), tempfile.mkdtemp()
    wav = os.path.join(memory, "partner.wav")

    def render(*flags, folder=memory, ending="wav"):
        track = os.path.join(folder, f"track.{ending}")
        return [effleurage, "render", "partner", "-q", "-o", track, *flags]

    def copy(*flags):
        made = os.path.join(memory, "made.wav")
        subprocess.run([effleurage, "render", "partner", "-q", "-o", made, *flags], check=True)
        return ["cp", made, os.path.join(memory, "copy.wav")]

    subprocess.run([effleurage, "render", "partner", "-q", "-o", wav], check=True)
    disk_wav = shutil.copy(wav, disk)
    encoded = lambda ending: os.path.join(memory, f"other.{ending}")
    stereo = ["--rate", "48000", "--bits", "24", "--channels", "2"]
    rows = [
        ("render, in memory / cp", render(), copy),
        ("render, on a disk / cp and sync", render(folder=disk),
            lambda: copied_and_synced(disk_wav, disk)),
        ("first run, on a disk / cp and sync", render("--no-cache", folder=disk),
            lambda: copied_and_synced(disk_wav, disk)),
        ("render with rain / cp", render("--bed", "rain"), lambda: copy("--bed", "rain")),
        ("render, 48 kHz 24 bits stereo / cp", render(*stereo), lambda: copy(*stereo)),
        ("render, 192 kHz / cp", render("--rate", "192000"), lambda: copy("--rate", "192000")),
        ("FLAC / flac -8", render(ending="flac"),
            lambda: ["flac", "-s", "-f", "-8", wav, "-o", encoded("flac")]),
        ("MP3 / lame -V0", render(ending="mp3"), lambda: ["lame", "--quiet", "-V0", wav, encoded("mp3")]),
        ("Opus / opusenc", render(ending="opus"), lambda: ["opusenc", "--quiet", wav, encoded("opus")]),
        ("WAV, MP3, Opus and FLAC in one call / lame -V0", render("--also", "mp3,opus,flac"),
            lambda: ["lame", "--quiet", "-V0", wav, encoded("mp3")]),
        ("verify / cp", [effleurage, "verify", wav], copy),
        ("plan / sox --version", [effleurage, "plan", "partner"], lambda: ["sox", "--version"]),
        ("check / sox --version", [effleurage, "check", "partner"], lambda: ["sox", "--version"]),
        ("card as PNG / sox --version",
            [effleurage, "card", "partner", "-q", "-o", os.path.join(memory, "card.png")],
            lambda: ["sox", "--version"]),
        ("10 s from the middle of 10 h / sox --version",
            [effleurage, "render", "partner", "-q", "--total", "10h", "--from", "5:00:00",
             "--to", "5:00:10", "-o", os.path.join(memory, "part.wav")],
            lambda: ["sox", "--version"]),
    ]
    print(f"{'ours / the other':<52} {'ours':>8}        least, median, most of {given.runs} ratios")
    for name, ours, reference in rows:
        if given.only in name:
            beside(name, ours, reference(), given.runs)
    if given.only in "length":
        for total in ["10m", "1h", "10h"]:
            command = [effleurage, "render", "partner", "-q", "--total", total, "-o", "/dev/null"]
            seconds = [run(command)[1] for _ in range(3)]
            plan = [effleurage, "plan", "partner", "--total", total, "--format", "json"]
            told = json.loads(subprocess.run(plan, capture_output=True, text=True).stdout)
            print(f"length {total}: {statistics.median(seconds) / told['frames'] * 1e9:.2f} ns a frame, "
                  f"{peak_memory(command):.0f} MB")
    shutil.rmtree(memory)
    shutil.rmtree(disk)


if __name__ == "__main__":
    main()
