"""Treats the program badly: signals, full disks, long routines, odd arguments.

    python robust.py --effleurage PROGRAM [--kills N]

PROGRAM is the built `effleurage`. Needs Linux and GNU time, and root for the small
disk. Prints a table and exits with 1 if anything is not as it should be.
"""

import argparse
import contextlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SEED = 20_240_229
KILL_ROUTINE = ("render", "self-short", "-q", "--rate", "48000")
SPARE_MEMORY = 16 << 20
OLD = b"an old track\n" * 1000


@dataclass
class Run:
    """A finished process."""

    code: int
    out: bytes
    told: str
    seconds: float


class Bench:
    """Runs the program and keeps the verdicts."""

    def __init__(self, program):
        self.program = str(Path(program).resolve())
        self.rows = []

    def expect(self, holds, group, what, detail=""):
        self.rows.append(("ok" if holds else "MISS", group, what, str(detail).strip()))

    def note(self, group, what):
        self.rows.append(("--", group, what, ""))

    def start(self, *words, **options):
        return self.start_command([self.program, *words], **options)

    def start_command(self, command, **options):
        words = [str(word) for word in command]
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, **options)

    def run(self, *words, stdout=None, **options):
        """Runs to the end; `stdout` is a file, or nothing to get the bytes."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            since = time.monotonic()
            process = self.start(*words, stdout=stdout or out, stderr=err, **options)
            code = process.wait()
            seconds = time.monotonic() - since
            out.seek(0)
            err.seek(0)
            return Run(code, out.read(), err.read().decode(errors="replace"), seconds)

    def peak_bytes(self, *words):
        """The most memory that a run takes, and how long it lasts.

        The system counts what a process was before it became the program, so a
        small one must start it, not Python.
        """
        since = time.monotonic()
        with tempfile.NamedTemporaryFile("r") as told:
            command = ["time", "-f", "%M", "-o", told.name, self.program, *words]
            code = self.start_command(command, stdout=subprocess.DEVNULL).wait()
            if code != 0:
                raise RuntimeError(f"{command}: exit {code}")
            return int(told.read()) << 10, time.monotonic() - since

    def print(self):
        widths = [max(len(row[n]) for row in self.rows) for n in range(3)]
        for row in self.rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)), row[3][:140])
        misses = sum(row[0] == "MISS" for row in self.rows)
        print(f"{sum(row[0] != '--' for row in self.rows)} checks, {misses} misses")
        return misses


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


def names(path):
    return sorted(entry.name for entry in path.iterdir())


def is_polite(run):
    """Whether a failure is told in a few words and is no crash."""
    return 0 < len(last_error(run)) < 2000 and "panick" not in run.told and run.code > 0


def last_error(run):
    """What is said after the warnings."""
    return run.told[run.told.rfind("error:") :].replace("\n", "; ").strip("; ")


# Stopped half-way


def check_kills(bench, count):
    """The target is the old file or the whole new one, whenever the end comes."""
    with folder() as home:
        new, duration = reference(bench, home)
        moments = random.Random(SEED)
        tally = {"old": 0, "new": 0}
        for n in range(count):
            number = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)[n % 3]
            # Some after the end, so that there are new files among the old ones.
            delay = moments.uniform(0, 1.4 * duration)
            tally[check_kill(bench, home, new, number, delay)] += 1
    bench.expect(min(tally.values()) > 0, "kill", f"{count} moments around {duration:.2f} s", tally)


def check_ignored(bench):
    """A signal that was ignored from the start, as `nohup` does, stays ignored."""
    with folder() as home:
        ignore = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
        process = bench.start(
            *KILL_ROUTINE, "-o", home / "track.wav", stderr=subprocess.DEVNULL, preexec_fn=ignore
        )
        time.sleep(0.1)
        process.send_signal(signal.SIGHUP)
        code = process.wait()
        bench.expect(code == 0 and names(home) == ["track.wav"], "kill", "nohup holds", f"exit {code}")


def reference(bench, home):
    """The bytes that a render gives, and how long it takes now."""
    times = []
    for _ in range(3):
        times.append(bench.run(*KILL_ROUTINE, "-o", home / "new.wav").seconds)
    return (home / "new.wav").read_bytes(), max(times)


def check_kill(bench, home, new, number, delay):
    place = home / "kill"
    place.mkdir()
    target = place / "track.wav"
    target.write_bytes(OLD)
    process = bench.start(*KILL_ROUTINE, "-o", target, stderr=subprocess.DEVNULL)
    time.sleep(delay)
    process.send_signal(number)
    code = process.wait()
    found = {OLD: "old", new: "new"}.get(target.read_bytes(), "neither")
    faults = kill_faults(number, code, found, names(place))
    if faults:
        told = f"{signal.Signals(number).name} after {delay:.3f} s, exit {code}"
        bench.expect(False, "kill", told, ", ".join(faults))
    for entry in place.iterdir():
        entry.unlink()
    place.rmdir()
    return "new" if found == "new" else "old"


def kill_faults(number, code, found, left):
    """A shell calls the end by signal n 128 + n, as the program does."""
    faults = [] if found != "neither" else ["the target is neither old nor new"]
    if number == signal.SIGKILL:
        return faults
    if code not in (0, 128 + number, -number):
        faults.append("another exit code")
    if code == 0 and found != "new":
        faults.append("success without a new file")
    if left != ["track.wav"]:
        faults.append(f"left behind: {left}")
    return faults


# Disk full


def check_full_disk(bench):
    with folder() as home:
        check_small_disk(bench, home)
        check_full(bench, tempfile.mkdtemp(dir=home), "limit of 2 MB a file", **limited())
    run = bench.run("render", "self-short", "-o", "/dev/full")
    bench.expect(run.code == 3 and "/dev/full" in run.told, "full", "/dev/full", last_error(run))
    with open("/dev/full", "wb") as full:
        run = bench.run("plan", "partner", stdout=full)
    bench.expect(run.code == 3 and is_polite(run), "full", "plan to a full disk", last_error(run))


def check_small_disk(bench, home):
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(home)]
    mounted = subprocess.run(mount, capture_output=True, text=True)
    if mounted.returncode != 0:
        told = f"no small disk to be had, only the limit below: {mounted.stderr.strip()}"
        if os.environ.get("CI"):
            return bench.expect(False, "full", told)
        return bench.note("full", told)
    try:
        check_full(bench, home, "disk of 2 MB")
    finally:
        subprocess.run(["umount", str(home)], check=True)


def limited():
    """Options of a process that may write no file beyond 2 MB, and is told so."""
    return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20))}


def check_full(bench, home, what, **options):
    target = Path(home) / "track.wav"
    target.write_bytes(OLD)
    run = bench.run("render", "self-short", "-o", target, **options)
    told = run.code == 3 and str(target) in run.told and is_polite(run)
    bench.expect(told, "full", f"{what}: exit 3, names the file", f"{run.code} {last_error(run)}")
    bench.expect(target.read_bytes() == OLD, "full", f"{what}: the old file is unchanged")
    bench.expect(names(Path(home)) == ["track.wav"], "full", f"{what}: nothing is left behind")


# Memory


ROUTINE = """
name = "long"
title = "Long"
for = "self"

[techniques.stroke]
title = "strokes"
strokes_per_minute = {per_minute}
ticks = "{ticks}"
motion = "circle"
pressure = "light"
strokes_per_pass = 5

[[step]]
id = "stroke"
title = "Strokes"
legs = "left"
zones = [{{ zone = "calf", technique = "stroke", lasts = "{lasts}" }}]

[closing]
say = ["goodbye"]
"""


def write_routine(path, lasts, per_minute=24, ticks="X"):
    path.write_text(ROUTINE.format(lasts=lasts, per_minute=per_minute, ticks=ticks))
    return path


def check_memory(bench):
    """What ten hours take above a minute is not worth mentioning."""
    with folder() as home:
        for per_minute, ticks in ((24, "X"), (240, "Xx")):
            short = write_routine(home / "short.toml", "1m", per_minute, ticks)
            long = write_routine(home / "long.toml", "10h", per_minute, ticks)
            for work in memory_work(home):
                compare_memory(bench, short, long, work, f"{per_minute} {ticks}")


def memory_work(home):
    """Subcommand and options; the routine comes between."""
    yield "plan", ("--format", "json", "-q")
    for rate in (8_000, 44_100):
        yield "render", ("--rate", rate, "-q", "-o", home / "track.wav")


def check_memory_of_copies(bench):
    """Nor is what an hour of a copy takes; ten would last too long."""
    with folder() as home:
        short = write_routine(home / "short.toml", "1m")
        long = write_routine(home / "long.toml", "1h")
        for kind in ("flac", "mp3", "opus"):
            (small, _), (large, seconds) = (
                bench.peak_bytes("render", file, "-q", "-o", home / f"track.{kind}")
                for file in (short, long)
            )
            told = f"1 min {small / 1e6:.1f} MB, 1 h {large / 1e6:.1f} MB, {seconds:.1f} s"
            bench.expect(abs(large - small) <= SPARE_MEMORY, "memory", kind, told)


def compare_memory(bench, short, long, work, pace):
    subcommand, options = work
    (small, _), (large, seconds) = (
        bench.peak_bytes(subcommand, file, *options) for file in (short, long)
    )
    what = " ".join([pace, subcommand, *(str(word) for word in options[:2])])
    told = f"1 min {small / 1e6:.1f} MB, 10 h {large / 1e6:.1f} MB, {seconds:.1f} s"
    bench.expect(abs(large - small) <= SPARE_MEMORY, "memory", what, told)


# Too large


def check_too_large(bench):
    with folder() as home:
        routine = write_routine(home / "long.toml", "10h")
        target = home / "track.wav"
        words = ("--rate", 48_000, "--bits", 32, "--channels", 2)
        for out in (target, "-"):
            run = bench.run("render", routine, *words, "-o", out)
            right = run.code == 2 and is_polite(run) and not run.out
            told = f"exit {run.code}, {last_error(run)}"
            bench.expect(right, "4 GiB", f"refused before rendering to {Path(out).name}", told)
        bench.expect(names(home) == ["long.toml"], "4 GiB", "nothing is left behind")


# Odd outputs


def check_outputs(bench):
    with folder() as home:
        routine = write_routine(home / "mine.toml", "1m")
        refused = {
            "a folder that is not there": home / "no" / "track.wav",
            "a folder": home,
            "a folder, with a slash": f"{home}/",
            "the routine itself": routine,
            "a folder that is a file": routine / "track.wav",
        }
        before = routine.read_bytes()
        for what, target in refused.items():
            run = bench.run("render", routine, "-o", target)
            told = f"exit {run.code}: {last_error(run)}"
            bench.expect(run.code == 3 and is_polite(run), "output", what, told)
        bench.expect(routine.read_bytes() == before, "output", "the routine is unchanged")
        bench.expect(names(home) == ["mine.toml"], "output", "nothing is left behind")
        check_devices(bench, routine)
        check_links(bench, home, routine)
    check_unwritable(bench)


def check_devices(bench, routine):
    run = bench.run("render", routine, "-q", "-o", "/dev/null")
    null = Path("/dev/null").is_char_device()
    bench.expect(run.code == 0 and null, "output", "/dev/null", last_error(run))


def check_links(bench, home, routine):
    """A link stays a link; the file it names is replaced and keeps its mode."""
    real, link = home / "real.wav", home / "link.wav"
    real.write_bytes(OLD)
    real.chmod(0o640)
    link.symlink_to("real.wav")
    run = bench.run("render", routine, "-q", "-o", link)
    kept = link.is_symlink() and real.stat().st_mode & 0o777 == 0o640
    replaced = real.read_bytes()[:4] == b"RIFF"
    bench.expect(run.code == 0 and kept and replaced, "output", "through a link", last_error(run))


def check_unwritable(bench):
    """Root may write anywhere, except where even root may not."""
    run = bench.run("render", "self-short", "-o", "/proc/track.wav")
    told = run.code == 3 and is_polite(run) and "/proc/track.wav" in run.told
    bench.expect(told, "output", "a folder that takes no files", last_error(run))


def check_closed_pipe(bench):
    for words in (("plan", "partner"), ("plan", "partner", "--format", "json"), ("--help",)):
        check_reader_gone(bench, words)
    run = leave_early(bench, ("render", "partner", "-o", "-"))
    quiet = b"panick" not in run[1] and run[0] in (0, 3)
    bench.expect(quiet, "pipe", "render to a reader who leaves", f"exit {run[0]}: {run[1]}")


def check_reader_gone(bench, words):
    code, told = leave_early(bench, words)
    silent = told == b"" and code in (0, -signal.SIGPIPE)
    bench.expect(silent, "pipe", f"{' '.join(words)} to a reader who leaves", f"{code} {told}")


def leave_early(bench, words):
    """Reads one byte and closes; (exit code, what was said)."""
    process = bench.start(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(1)
    process.stdout.close()
    told = process.stderr.read()
    return process.wait(), told


# Odd arguments


def check_arguments(bench):
    refused = [
        ("--rate", "7999"),
        ("--rate", "192001"),
        ("--rate", "abc"),
        ("--rate=-1",),
        ("--rate", "44100.5"),
        ("--rate", "99999999999999999999"),
        ("--rate", ""),
        ("--bits", "8"),
        ("--bits", "0"),
        ("--channels", "3"),
        ("--output", ""),
        ("--nonsense",),
    ]
    with folder() as home:
        for words in refused:
            run = bench.run("render", "self-short", "-o", home / "track.wav", *words)
            right = run.code == 2 and is_polite(run) and words[0].split("=")[0] in run.told
            bench.expect(right, "arguments", " ".join(words), f"exit {run.code}")
        bench.expect(names(home) == [], "arguments", "nothing is left behind")
    for rate in (8_000, 192_000):
        run = bench.run("plan", "self-short", "--rate", rate)
        bench.expect(run.code == 0, "arguments", f"--rate {rate}", last_error(run))


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--effleurage", required=True, type=Path)
    parser.add_argument("--kills", default=100, type=int)
    return parser.parse_args()


def main():
    chosen = arguments()
    bench = Bench(chosen.effleurage)
    check_arguments(bench)
    check_outputs(bench)
    check_closed_pipe(bench)
    check_too_large(bench)
    check_full_disk(bench)
    check_memory(bench)
    check_memory_of_copies(bench)
    check_kills(bench, chosen.kills)
    check_ignored(bench)
    check_ignored(bench)
    return 1 if bench.print() else 0


if __name__ == "__main__":
    sys.exit(main())
