"""Compares what recordings decode to with what ffmpeg makes of them.

    python recordings.py --recordings EXAMPLE FOLDER...

EXAMPLE is the built example `recordings`, and in the folders are sound files of any kinds: the
test files of a format, or what phones made. Needs numpy and the commands ffmpeg and ffprobe.
Prints a line for each file, and exits with 1 if one was taken and is not what ffmpeg makes of
it: to the bit where nothing was lost, to a step of 16 bits elsewhere. (Opus, which is decoded in
whole numbers here, may be 16 steps apart.)
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy

# What is decoded as it was recorded; and how much decoders of others may differ.
LOSSLESS = ("flac", "alac", "pcm_")
STEP = 1 / 32_768
STEPS_OF_OPUS = 16
# What an encoder adds at one end, ffmpeg may leave there.
MOST_ADDED = 2_048


def output(*command):
    return subprocess.run(command, capture_output=True, check=False).stdout


def by_ffmpeg(path):
    """(codec, rate, channels, samples) of a file, with a row for each channel."""
    told = output("ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries",
                  "stream=codec_name,sample_rate,channels", "-of", "csv=p=0", path)
    fields = told.decode().split("\n")[0].strip(",").split(",")
    if len(fields) != 3 or not int(fields[2]):
        return "", 0, 0, None
    codec, rate, channels = fields[0], int(fields[1]), int(fields[2])
    # Its own decoder of Opus is another than everybody's.
    decoder = ("-c:a", "libopus") if codec == "opus" else ()
    raw = output("ffmpeg", "-v", "error", *decoder, "-i", path, "-map", "a:0", "-f", "f32le", "-")
    samples = numpy.frombuffer(raw, dtype="<f4")
    whole = len(samples) // channels * channels
    return codec, rate, channels, samples[:whole].reshape(-1, channels).T


def mixed(channels):
    """One channel, as it is summed in 32 bits."""
    total = channels[0].astype("f4")
    for channel in channels[1:]:
        total = total + channel
    return total * numpy.float32(1 / len(channels))


def verdict(ours, codec, channels):
    """(whether it is good, what to say)."""
    candidates = [mixed(channels), *channels] if len(channels) else [numpy.zeros(0, "f4")]
    reference = min(candidates, key=lambda one: difference(ours, one))
    apart = difference(ours, reference)
    added = len(reference) - len(ours)
    is_lossless = codec.startswith(LOSSLESS)
    says = f"{len(ours)} frames" + (f" of {len(reference)}" if added else "")
    says += f", {apart / STEP:.3f} steps apart" if apart else ", to the bit"
    most = 0 if is_lossless else STEP * (STEPS_OF_OPUS if codec == "opus" else 1)
    return apart <= most and 0 <= added <= (0 if is_lossless else MOST_ADDED), says


def difference(one, other):
    """The largest, where both begin together or end together."""
    length = min(len(one), len(other))
    if not length:
        return 0.0
    pairs = ((one[:length], other[:length]), (one[-length:], other[-length:]))
    return min(float(numpy.abs(a - b).max()) for a, b in pairs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--recordings", required=True)
    parser.add_argument("folders", nargs="+", type=Path)
    given = parser.parse_args()
    paths = sorted(path for folder in given.folders for path in folder.rglob("*") if path.is_file())
    tally = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        example = Path(given.recordings).resolve()
        lines = output(example, scratch, *paths).decode().splitlines()
        for n, (path, line) in enumerate(zip(paths, lines, strict=True)):
            codec, rate, channels, samples = by_ffmpeg(path)
            decoded = Path(scratch, str(n))
            if not decoded.exists():
                kind, says = "refused", line
            elif samples is None:
                kind, says = "taken, and ffmpeg has nothing", line
            else:
                good, says = verdict(numpy.fromfile(decoded, "<f4"), codec, samples)
                is_rate = line.split()[0] == str(rate)
                says += "" if is_rate else f", at {line.split()[0]} Hz instead of {rate}"
                kind = "the same" if good and is_rate else "DIFFERENT"
            decoded.unlink(missing_ok=True)
            tally[kind] += 1
            print(f"{path.name} ({codec}, {channels} channels): {kind}: {says}", flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in sorted(tally.items())))
    sys.exit(int(tally["DIFFERENT"] > 0))


if __name__ == "__main__":
    main()
