"""Checks the loudness of whole tracks with another meter.

    python loudness.py --effleurage PROGRAM

PROGRAM is the built `effleurage`; needs ffmpeg. Sessions of all kinds are brought to what
podcasts, streams and broadcasters ask for, and measured as files by ffmpeg's ebur128 (EBU R 128):
loudness within 0.1 LU of what was asked for, true peak at most -1 dBTP, and `verify` finds them
as planned. Prints a table and exits with 1 if anything is not as it should be.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import tools

STEREO = ("--channels", "2")
# Routine, loudness, ending, flags.
TRACKS = (
    ("partner", -16, "wav", STEREO),
    ("partner", -19, "wav", ()),
    ("partner", -16, "wav", ()),
    ("self", -14, "wav", STEREO),
    ("self", -23, "wav", STEREO),
    ("self", -24, "wav", ("--bits", "24")),
    ("self-short", -16, "wav", (*STEREO, "--voice", "es")),
    ("self-short", -16, "wav", (*STEREO, "--voice", "fr", "--talk", "brief")),
    ("self-short", -16, "wav", (*STEREO, "--bed", "rain")),
    ("self-short", -18, "wav", ("--bed", "waves", "--bed-level", "6")),
    ("self-short", -14, "wav", (*STEREO, "--room", "warm", "--rate", "48000")),
    ("self-short", -16, "wav", ("--pan", "legs")),
    ("self-short", -16, "wav", ("--pan", "legs", "--bed", "pad", "--tick-level", "4")),
    ("self-short", -30, "wav", ("--talk", "ticks")),
    ("self-short", -23, "wav", ("--talk", "ticks", "--ticks", "wood", *STEREO)),
    ("self-short", -40, "wav", ()),
    ("self-short", -20, "wav", ("--rate", "8000", "--voice-level", "-4")),
    ("self-short", -16, "wav", (*STEREO, "--total", "20m", "--time-left", "1m")),
    ("self-short", -16, "flac", STEREO),
    ("self-short", -16, "wav", (*STEREO, "--rate", "96000", "--bits", "32")),
)
NEAR_LU = 0.1
HIGHEST_PEAK_DBTP = -1.0
# ffmpeg tells tenths.
ROUNDED = 0.05


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--effleurage", required=True)
    program = str(Path(parser.parse_args().effleurage).resolve())
    misses = []
    with tempfile.TemporaryDirectory() as scratch:
        for routine, asked, ending, flags in TRACKS:
            path = Path(scratch, f"track.{ending}")
            words = [program, "render", routine, "--loudness", str(asked), "-o", str(path), *flags]
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            row = " ".join([routine, *flags])
            if done.returncode != 0:
                misses.append(f"{row}: {done.stderr}")
                continue
            loudness, peak = tools.meter(path, speakers=False)
            print(f"{asked:5} {loudness:6.1f} LUFS {peak:6.1f} dBTP  {ending:5}{row}")
            if abs(loudness - asked) > NEAR_LU + ROUNDED:
                misses.append(f"{row}: {loudness} LUFS instead of {asked}")
            if peak > HIGHEST_PEAK_DBTP:
                misses.append(f"{row}: a peak of {peak} dBTP")
            if ending == "wav":
                verified = subprocess.run([program, "verify", str(path)], capture_output=True)
                if verified.returncode != 0:
                    misses.append(f"{row}: {verified.stdout.decode()}")
            path.unlink()
    print(f"{len(TRACKS)} tracks, {len(misses)} misses")
    print("\n".join(misses))
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
