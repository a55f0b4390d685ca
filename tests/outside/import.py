"""Makes a voice from one long take, as a phone would record it.

    python import.py --effleurage PROGRAM

PROGRAM is the built `effleurage`. Needs numpy and scipy, and the commands espeak-ng and
ffmpeg. A synthetic person reads the lines of `self` with uneven levels and pauses,
in a room with noise and rumble; the take is AAC in an M4A. Exits with 1 if it does not
become a voice that says each line in its place.
"""

import argparse
import json
import re
import shlex
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import correlate, resample_poly

import tools

RATE = 48_000
# What a prompt begins with, before its first sound; and how well that sound is found.
MARGIN_SECONDS, FARTHEST_SECONDS = 0.06, 0.02
# Of so many lines it may be unsure, since a machine says them, and thirty sounds much like forty
# there. Of people's voices it is fewer: crates/effleurage-take/tests/takes.rs.
MOST_ASKED = 0.25
SEED = 20_240_229
NOISE_DBFS, RUMBLE_HZ = -50, 30
HEAD = """format = "effleurage-voice/1"
name = "Mine"
language = "en"
speaker = "espeak-ng"
licence = "CC0-1.0"

[prompts]
"""


def spoken(text, folder):
    """`text` as espeak-ng says it, without the silence around, at RATE."""
    path = folder / "line.wav"
    tools.run("espeak-ng", "-v", "en", "-s", "140", "-w", path, text)
    rate, samples = wavfile.read(path)
    samples = resample_poly(samples / 32768, RATE, rate)
    loud = np.flatnonzero(np.abs(samples) > 0.003)
    return samples[loud[0] : loud[-1] + 1]


def take(lines, chance):
    """The lines one after the other, as an uneven speaker says them in a noisy room; and where
    each begins, in seconds."""
    parts, starts = [np.zeros(RATE)], []
    for line in lines:
        starts.append(sum(map(len, parts)) / RATE)
        gain = 10 ** (chance.uniform(-6, 6) / 20)
        pause = np.zeros(int(chance.uniform(0.9, 2.0) * RATE))
        parts += [0.4 * gain * line, pause]
    samples = np.concatenate(parts)
    noise = 10 ** (NOISE_DBFS / 20) * chance.standard_normal(len(samples))
    rumble = 0.02 * np.sin(2 * np.pi * RUMBLE_HZ * np.arange(len(samples)) / RATE)
    return np.clip(samples + noise + rumble, -1, 1), starts


def alike(one, other):
    """The greatest normalised correlation of two sounds."""
    scale = np.linalg.norm(one) * np.linalg.norm(other)
    return np.max(correlate(one, other, method="fft")) / scale


def manifest(program, folder):
    """A voice without clips that has every prompt of the built-in one that `self` says;
    their texts, by id."""
    source = Path(__file__).parents[2] / "voice-clips" / "en" / "manifest.toml"
    texts = tomllib.loads(source.read_text())["prompts"]
    plan = tools.run(program, "plan", "self", "--format", "csv").decode()
    texts = {id: text for id, text in texts.items() if f",{id}," in plan}
    lines = "".join(f'{id} = "{text}"\n' for id, text in texts.items())
    folder.mkdir()
    (folder / "manifest.toml").write_text(HEAD + lines)
    return texts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--effleurage", required=True)
    program = Path(parser.parse_args().effleurage).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = manifest(program, folder / "mine")
        lines = {id: spoken(text, folder) for id, text in texts.items()}
        samples, starts = take(lines.values(), np.random.default_rng(SEED))
        wavfile.write(folder / "take.wav", RATE, (samples * 32767).astype(np.int16))
        phone = folder / "New Recording 7.m4a"
        tools.run("ffmpeg", "-v", "error", "-i", folder / "take.wav", "-b:a", "96k", phone)
        options = {"cwd": folder, "stdin": subprocess.DEVNULL}
        words = ("voice", "import", phone.name, "--into", "mine", "--yes")
        table = tools.run(program, *words, **options).decode()
        asked = listen(program, table, lines, dict(zip(lines, starts)), options)
        worst = min((alike(line, clip(folder, id)), id) for id, line in lines.items())
        track = ("self", "--voice", "mine", "--rate", RATE)
        # Every prompt at its frame, by the program's own word …
        tools.run(program, "render", *track, "--verify", "-q", "-o", "self.wav", **options)
        plan = json.loads(tools.run(program, "plan", *track, "--format", "json", **options))
        # … and by ours.
        lags = {id: lag(folder, plan, id) for id in lines}
    margin = MARGIN_SECONDS * RATE
    farthest = max((abs(lag - margin), id) for id, lag in lags.items())
    print(f"{len(lines)} lines, {asked} of them not sure; the least alike is {worst[1]}, {worst[0]:.3f}")
    print(f"the farthest from its frame is {farthest[1]}, by {farthest[0]:.0f} frames")
    sys.exit(int(len(lines) < 20 or asked > MOST_ASKED * len(lines) or worst[0] < 0.8 or farthest[0] > FARTHEST_SECONDS * RATE))


def listen(program, table, lines, starts, options):
    """Listens to the lines that are not sure, and does what the table says: imports those that
    are there, and records the others alone. How many there are."""
    unsure = re.findall(r"^  \d+ (\S+), at (\d+):([\d.]+): .*\n.*: effleurage (.*)$", table, re.M)
    for id, minutes, seconds, command in unsure:
        if abs(60 * int(minutes) + float(seconds) - starts[id]) < 0.3:
            tools.run(program, *shlex.split(command), **options)
        else:
            quiet = np.zeros(RATE)
            alone = np.concatenate([quiet, 0.4 * lines[id], quiet])
            wavfile.write(options["cwd"] / f"{id}.wav", RATE, (alone * 32767).astype(np.int16))
            tools.run(program, "voice", "import", f"{id}.wav", "--into", "mine", **options)
    return len(unsure)


def lag(folder, plan, id):
    """How far from its planned place the first sound of `id` is in the track, in frames."""
    _, samples = wavfile.read(folder / "self.wav")
    event = next(event for event in plan["events"] if event.get("clip") == id)
    said = samples[event["at"] : event["at"] + event["frames"]] / 32768
    own = clip(folder, id)
    product = correlate(said, own, method="fft")
    return int(np.argmax(product)) - (len(own) - 1) + int(np.flatnonzero(own)[0])


def clip(folder, id):
    rate, samples = wavfile.read(folder / "mine" / f"{id}.wav")
    assert rate == RATE, rate
    return samples / 32768


if __name__ == "__main__":
    main()
