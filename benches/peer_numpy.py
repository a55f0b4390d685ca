"""What a capable script makes of the same score: numpy, soundfile and soxr.

    python peer_numpy.py SCORE OUT.wav

It lays each clip, resampled once, and a plain tick on their frames, and writes 16
bits. It does not level, limit, duck, dither or keep the old file safe.
"""

import functools
import json
import sys

import numpy as np
import soundfile
import soxr


def tick(rate):
    time = np.arange(rate * 30 // 1000) / rate
    return (0.2 * np.sin(2 * np.pi * 800 * time) * np.exp(-100 * time)).astype("float32")


def render(score):
    track = np.zeros(score["frames"], "float32")

    @functools.cache
    def clip(path):
        samples, rate = soundfile.read(path, dtype="float32")
        return soxr.resample(samples, rate, score["rate"], "HQ")

    def lay(at, sound):
        place = track[at : at + len(sound)]
        place += sound[: len(place)]

    for at, path in score["voice"]:
        lay(at, clip(path))
    for at in score["tick"]:
        lay(at, tick(score["rate"]))
    return track


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        score = json.load(file)
    soundfile.write(sys.argv[2], render(score), score["rate"], "PCM_16")
