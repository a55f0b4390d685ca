"""Checks what `batch` makes with other programs, and what is left of it when it is killed.

    python batch.py --effleurage PROGRAM [--kills 50]

PROGRAM is the built `effleurage`. Needs the commands flac, ffmpeg, ffprobe. Every file is read
by ffmpeg without a word of complaint, has the frames, the loudness and the peak that the report
tells, and its tags; then runs are killed at random moments, and what is there is always whole.
Prints a table and exits with 1 if anything is not as it should be.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tables
import tools

# ffmpeg tells tenths, and filters peaks otherwise than the library that measures here.
LOUDNESS_LU, PEAK_DB = 0.11, 0.35
PRE_SKIP = 312
ROWS = 12


class Bench:
    """Keeps the verdicts."""

    def __init__(self, program):
        self.program = str(Path(program).resolve())
        self.checks, self.misses = 0, []

    def expect(self, holds, what):
        self.checks += 1
        if not holds:
            self.misses.append(what)

    def batch(self, table, folder, *flags):
        words = [self.program, "batch", str(table), "-o", str(folder), *flags]
        return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def catches(pid, number):
    """Whether a process has its own way with a signal, as Linux tells."""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return int(mask.split()[1], 16) >> (number - 1) & 1


def heard(path):
    """How many frames ffmpeg gives, and what it complains of."""
    quiet = ["-guess_layout_max", "0"] if path.suffix == ".wav" else []
    words = ["ffmpeg", "-nostdin", "-v", "warning", *quiet, "-i", str(path), "-f", "s16le", "-"]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True)
    return len(done.stdout) // 2, done.stderr.decode(errors="replace").strip()


def read_back(bench, scratch):
    """Files with their stamps are to other programs what they were without."""
    table = tables.write(scratch, 6, "wav, flac, mp3, opus", 44_100)
    folder = Path(scratch, "read")
    done = bench.batch(table, folder)
    bench.expect(done.returncode == 0, f"a small table: {done.stderr}")
    report = [json.loads(line) for line in (folder / "report.jsonl").read_text().splitlines()]
    bench.expect(len(report) == 24, f"{len(report)} files in the report")
    for entry in report:
        path, name = folder / entry["file"], entry["file"]
        frames, complaint = heard(path)
        bench.expect(complaint == "", f"{name}: ffmpeg says {complaint}")
        bench.expect(frames == entry["frames"], f"{name}: {frames} frames, {entry['frames']} told")
        told = tools.run("ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", path)
        told = json.loads(told)
        tags = {**told["format"].get("tags", {}), **told["streams"][0].get("tags", {})}
        title = {key.lower(): value for key, value in tags.items()}.get("title")
        bench.expect(title == ("The calf" if entry["voice"] == "en" else title), f"{name}: {title}")
        bench.expect(len(tools.chapters(path)) > 2 or name.endswith("wav"), f"{name}: chapters")
        if name.endswith("flac"):
            tools.run("flac", "--test", "--silent", path)
        if name.endswith("wav"):
            loudness, peak = tools.meter(path, speakers=False)
            off = abs(loudness - entry["loudness"]), abs(peak - entry["true_peak"])
            bench.expect(off[0] <= LOUDNESS_LU and off[1] <= PEAK_DB, f"{name}: off by {off}")
            tools.run(bench.program, "verify", path)


def killed(bench, scratch, kills):
    """No half file, nothing lost, and the same folder in the end."""
    table = tables.write(scratch, ROWS, "wav, mp3", 44_100)
    whole, folder = Path(scratch, "whole"), Path(scratch, "killed")
    since = time.monotonic()
    bench.expect(bench.batch(table, whole).returncode == 0, "the table is made at once")
    lasts = time.monotonic() - since
    wanted, kept, landed, left = tables.content(whole), {}, 0, 0
    chance = random.Random(1)
    words = [bench.program, "batch", str(table), "-o", str(folder), "--quiet"]
    for n in range(kills):
        if len(tables.tracks(kept)) == 2 * ROWS:
            # All is there: once more from a few of them.
            for name in chance.sample(sorted(tables.tracks(kept)), 2 * ROWS - 4):
                (folder / name).unlink()
                del kept[name]
        running = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        # Few come near the end, many among the first files and before them.
        time.sleep(lasts * chance.random() ** 2 * 0.7)
        # Before it has begun, Ctrl-C ends a program as any other.
        while not n % 5 and running.poll() is None and not catches(running.pid, signal.SIGINT):
            time.sleep(0.001)
        running.send_signal(signal.SIGKILL if n % 5 else signal.SIGINT)
        code = running.wait()
        landed += code != 0
        parts = list(folder.rglob(".*")) if folder.exists() else []
        left += bool(parts)
        bench.expect(n % 5 or not parts, f"Ctrl-C leaves {parts}")
        bench.expect(n % 5 or code in (0, 130), f"Ctrl-C ends with {code}")
        found = tables.tracks(tables.content(folder)) if folder.exists() else {}
        found = {name: digest for name, digest in found.items() if not Path(name).name.startswith(".")}
        half = [name for name, digest in found.items() if wanted[name] != digest]
        bench.expect(not half, f"kill {n}: {half} are not whole")
        lost = [name for name in kept if name not in found]
        bench.expect(not lost, f"kill {n}: {lost} are lost")
        kept = found
    bench.expect(landed > kills // 2, f"only {landed} of {kills} runs were stopped on their way")
    bench.expect(left > 0, "no kill left anything to be taken away")
    done = bench.batch(table, folder)
    bench.expect(done.returncode == 0, f"the last run: {done.stderr}")
    bench.expect(tables.content(folder) == wanted, "the folder is not what one run makes")
    print(f"{kills} runs stopped, {landed} on their way, {left} left parts; one takes {lasts:.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--effleurage", required=True)
    parser.add_argument("--kills", type=int, default=50)
    arguments = parser.parse_args()
    bench = Bench(arguments.effleurage)
    with tempfile.TemporaryDirectory() as scratch:
        read_back(bench, scratch)
        killed(bench, scratch, arguments.kills)
    for miss in bench.misses:
        print(f"MISS: {miss}")
    print(f"{bench.checks} checks, {len(bench.misses)} misses")
    sys.exit(1 if bench.misses else 0)


if __name__ == "__main__":
    main()
