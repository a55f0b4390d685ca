"""A catalogue by one command, beside a loop of single renders.

    python benches/catalogue.py PROGRAM [--loop OTHER] [--tracks N]

Sixty tracks, each as MP3, Opus and FLAC: five routines, three lengths, two languages, with and
without a background. The loop is that of another version of the program, if one is named. Both
begin without anything prepared. Prints wall and processor seconds, how busy the processors were,
the most memory, and what a second run takes.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUTINES = ("partner", "self", "self-short", "slow.toml", "brief.toml")
FILES = {
    "slow.toml": 'name = "slow"\nextends = "self"\n[pace]\ncircles = 16\n',
    "brief.toml": 'name = "brief"\nextends = "partner"\ntalk = "brief"\n',
}
TOTALS, VOICES, BEDS = ("14m", "16m", "18m"), ("en", "es"), ("off", "rain")
FORMATS = ("mp3", "opus", "flac")


def measured(commands, home):
    """Wall and processor seconds of all, one after the other, and the most memory of one."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(home / "cache")}
    before, since = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    wall = time.perf_counter() - since
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


def told(name, wall, cpu):
    busy = 100 * cpu / wall / os.cpu_count()
    print(f"{name:<24} {wall:7.1f} s, processor {cpu:7.1f} s, {busy:3.0f} % busy", flush=True)


def tracks(count):
    """Routine, total, voice, bed."""
    every = [(r, t, v, b) for r in ROUTINES for t in TOTALS for v in VOICES for b in BEDS]
    return every[:: max(1, len(every) // count)][:count]


def loop(program, home, wanted):
    for n, (routine, total, voice, bed) in enumerate(wanted):
        flags = ["--total", total, "--voice", voice, "--bed", bed, "-q"]
        if routine == "self-short":
            flags[1] = {"14m": "6m", "16m": "7m", "18m": "8m"}[total]
        copies = ",".join(FORMATS[1:])
        yield [program, "render", routine, *flags, "-o", f"{n}.{FORMATS[0]}", "--also", copies]


def table(home, wanted):
    rows = ["routine,total,voice,bed,formats,name"]
    for n, (routine, total, voice, bed) in enumerate(wanted):
        if routine == "self-short":
            total = {"14m": "6m", "16m": "7m", "18m": "8m"}[total]
        rows.append(f'{routine},{total},{voice},{bed},"{", ".join(FORMATS)}",b{n}.{{ext}}')
    (home / "tracks.csv").write_text("\n".join(rows) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("effleurage", type=Path)
    parser.add_argument("--loop", type=Path)
    parser.add_argument("--tracks", type=int, default=60)
    given = parser.parse_args()
    program, other = given.effleurage.resolve(), (given.loop or given.effleurage).resolve()
    wanted = tracks(given.tracks)
    with tempfile.TemporaryDirectory() as home:
        home = Path(home)
        for name, text in FILES.items():
            (home / name).write_text(text)
        table(home, wanted)
        batch = [program, "batch", "tracks.csv", "-o", "made", "-q"]
        first = measured([batch], home)
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        told(f"{len(wanted)} tracks, one command", *first)
        print(f"{'':<24} {most:7.0f} MB at most")
        told("once more, nothing to do", *measured([batch], home))
        (home / "cache").rename(home / "first")
        second = measured(list(loop(other, home, wanted)), home)
        told("a loop", *second)
        wall, cpu = (one / two for one, two in zip(first, second))
        print(f"{'the command / the loop':<24} {wall:7.2f}  , processor {cpu:7.2f}")


if __name__ == "__main__":
    main()
