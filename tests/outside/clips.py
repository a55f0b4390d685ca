"""Measures every clip of every voice, as it is made ready for a track.

    python clips.py --clips EXAMPLE

EXAMPLE is the built example `clips`. Needs soundfile, and the command ffmpeg,
which measures loudness (EBU R 128) and true peak. Prints a line for each voice and rate,
and exits with 1 if a clip is too loud, too soft, too high, or has a step at an edge.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import soundfile

import tools

VOICES = sorted(path.parent for path in Path("voice-clips").glob("*/manifest.toml"))
# The two rates that tracks have; one will do for the voices that are not built in.
BUILT_IN, RATES, RATE = ("en", "es"), (44_100, 48_000), (44_100,)
TARGET_LUFS, TOLERANCE_LU = -16.0, 0.5
HIGHEST_PEAK_DBTP = -1.0
LARGEST_STEP = 0.01
# One gating block of the meter: no shorter sound has a loudness.
SHORTEST_SECONDS = 0.4


def faults(path):
    """(loudness, true peak, what is wrong) of one clip."""
    samples, rate = soundfile.read(path, dtype="float64")
    loudness, peak = tools.meter(path)
    wrong = []
    if len(samples) < SHORTEST_SECONDS * rate:
        wrong.append("too short to be measured")
    if not abs(loudness - TARGET_LUFS) <= TOLERANCE_LU:
        wrong.append(f"{loudness} LUFS")
    if not peak <= HIGHEST_PEAK_DBTP:
        wrong.append(f"a true peak of {peak} dBTP")
    if max(abs(samples[0]), abs(samples[-1])) > LARGEST_STEP:
        wrong.append(f"steps of {samples[0]:.4f} and {samples[-1]:.4f} at its edges")
    return loudness, peak, wrong


def check(example, voice, rate):
    with tempfile.TemporaryDirectory() as name:
        tools.run(example, voice, rate, name)
        paths = sorted(Path(name).glob("*.wav"))
        with ThreadPoolExecutor() as pool:
            found = list(pool.map(faults, paths))
    loudness, peaks = [f[0] for f in found], [f[1] for f in found]
    levels = f"{min(loudness)} to {max(loudness)} LUFS, peaks up to {max(peaks)} dBTP"
    print(f"{voice} at {rate}: {len(paths)} clips, {levels}", flush=True)
    bad = [(path.stem, f[2]) for path, f in zip(paths, found) if f[2]]
    for prompt, wrong in bad:
        print(f"  {prompt}: {', '.join(wrong)}")
    return len(paths) > 250 and not bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", required=True)
    example = Path(parser.parse_args().clips).resolve()
    good = []
    for voice in VOICES:
        rates = RATES if voice.name in BUILT_IN else RATE
        good += [check(example, voice, rate) for rate in rates]
    sys.exit(int(len(good) < 8 or not all(good)))


if __name__ == "__main__":
    main()
