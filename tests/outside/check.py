"""Checks finished tracks with tools and rules that are not the program's own.

    python check.py --effleurage PROGRAM --sounds EXAMPLE

PROGRAM is the built `effleurage`, EXAMPLE the built example `sounds`. Needs
numpy, scipy and soundfile, and the commands ffmpeg, ffprobe and soxi.

Each track is rendered, read by other readers, and compared with its plan: every
prompt and tick must lie on its frame, and where nothing is planned there must be
nothing. Plans must hold what flags ask for, and a bed must be all that is left of a
track without its other sounds. Prints a table and exits with 1 if anything is not as
it should be.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import soundfile
from scipy.fft import irfft, next_fast_len, rfft

import changes
import mixing
import riff
import tools

ROUTINES = ("partner", "self", "self-short")
RATES = (44_100, 48_000, 22_050)
FORMAT_ROUTINE = "self-short"
LOWEST_RATE, HIGHEST_RATE = 8_000, 192_000

SEARCH_SECONDS = 0.050
# The chord of the pad is nearly the same after 20 ms; what is left of the track without
# it tells the rest.
PAD_SEARCH_SECONDS = 0.009
VOICE_LUFS, VOICE_TOLERANCE, CLIP_TOLERANCE = -16.0, 0.6, 0.1
# A word alone has few gating blocks, or none; said over and over without its margins, it
# has enough, though not those that the clip alone has.
WORD_TOLERANCE, WORD_SECONDS, MARGIN_SECONDS = 0.7, 4, 0.06
TICKS_BELOW_VOICE = 8.0
# A recording is faded where it is 40 dB below its peak.
OWN_TICK_PEAK_DB, FADED = -13.0, 0.01
BED_LUFS, LOOP_TOLERANCE = -38.0, 0.1
# By how much the seconds in which it is heard alone may be beside the whole loop.
BED_TOLERANCE, WAVES_TOLERANCE = 0.4, 1.5
# Between the softest and the loudest second of a loop: of noise and the pad there is
# little; waves swell, but calmly.
LARGEST_SWELL_DB, LEAST_WAVE_DB, LARGEST_WAVE_DB, GAIN_TOLERANCE_DB = 3.0, 3.5, 8.0, 0.05
# From one second to the next.
STEEPEST_WAVE_DB = 3.0
BED_EVERY_SECONDS = 5
HIGHEST_PEAK_DBTP = -1.0 + 0.05  # the meter's own error
LARGEST_STEP = 0.01

COLUMNS = ("prompts", "ticks", "ducked", "silent", "bed", "bed LUFS")
COLUMNS += ("voice", "ticks LUFS", "peak", "clips", "seconds")


@dataclass(frozen=True)
class Track:
    """What to render."""

    routine: str
    rate: int
    bits: int = 16
    channels: int = 1
    flags: tuple = ()

    def __str__(self):
        return f"{self.name()} {self.changes()}".rstrip()

    def name(self):
        return f"{self.routine} {self.rate}/{self.bits}/{self.channels}"

    def changes(self):
        """The flags; files without their folders."""
        return " ".join(word.rpartition("/")[2] for word in self.flags)

    def arguments(self):
        numbers = ("--rate", self.rate, "--bits", self.bits, "--channels", self.channels)
        return (self.routine, *numbers, *self.flags)

    def value(self, flag, usual=None):
        return changes.paired(self.flags).get(flag, [usual])[0]

    def level(self, what):
        """What a flag such as `--tick-level` adds, in decibels."""
        return float(self.value(f"--{what}-level", 0))

    def at_usual_levels(self):
        levels = ("--tick-level", "--voice-level", "--bed-level")
        return replace(self, flags=changes.without(self.flags, levels))

    def tolerance(self):
        """The most that dither and rounding may add to a sample."""
        steps = {16: 1.5 / 2**15, 24: 1.5 / 2**23, 32: 0.0}
        return steps[self.bits] + 2e-7  # and sums in single precision


@dataclass
class Ledger:
    """Counts checks and keeps what failed."""

    track: Track
    checks: int = 0
    misses: list = field(default_factory=list)
    row: dict = field(default_factory=dict)

    def expect(self, holds, what):
        self.checks += 1
        if not holds:
            self.misses.append(f"{self.track}: {what}")

    def expect_all(self, holds, tell):
        """One check for each of `holds`; `tell(n)` describes the n-th."""
        holds = np.asarray(holds, bool)
        self.checks += holds.size
        self.misses += [f"{self.track}: {tell(n)}" for n in np.flatnonzero(~holds)[:20]]


@dataclass(frozen=True)
class Sound:
    """One thing that sounds, where it was planned."""

    name: str
    at: int
    samples: np.ndarray

    @property
    def end(self):
        return self.at + len(self.samples)


@dataclass
class Score:
    """A plan, with its sounds."""

    plan: dict
    prompts: list
    ticks: list
    chimes: list
    loop: np.ndarray | None
    ducking: mixing.Ducking

    def sounds(self):
        return itertools.chain(self.prompts, self.ticks, self.chimes)

    def played(self, tick):
        """A tick as it gives way to the voice; it is no longer the same as others then."""
        if not self.ducking.near(tick.at, tick.end, self.prompts):
            return tick
        samples = tick.samples * self.ducking.gains(tick.at, tick.end, self.prompts)
        return Sound(f"{tick.name}, given way at {tick.at},", tick.at, samples.astype(np.float32))

    def steady(self, rate):
        return mixing.steady_seconds(self.plan["frames"], self.prompts, rate)

    def sections(self, kind):
        return [section for section in self.plan["sections"] if section["kind"] == kind]


# The score


def load_score(programs, track, folder):
    plan_words = ("plan", track.routine, "--rate", track.rate, "--format", "json", *track.flags)
    plan = json.loads(tools.run(programs.effleurage, *plan_words))
    tools.run(programs.sounds, track.routine, track.rate, folder, *track.flags)
    load = Loader(folder)
    voice = [event for event in plan["events"] if event["track"] == "voice"]
    prompts = [load(event["clip"] + ".wav", event["at"]) for event in voice]
    loop = load("bed.wav", 0).samples if (folder / "bed.wav").exists() else None
    ducking = mixing.Ducking.of_ticks(track.level("tick"), track.rate)
    ticks, chimes = load.index("ticks.jsonl"), load.index("chimes.jsonl")
    return Score(plan, prompts, ticks, chimes, loop, ducking)


class Loader:
    """Reads sounds, each file once."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.known = {}

    def __call__(self, name, at):
        if name not in self.known:
            self.known[name] = soundfile.read(self.folder / name, dtype="float32")[0]
        return Sound(name, at, self.known[name])

    def index(self, name):
        lines = map(json.loads, (self.folder / name).read_text().splitlines())
        return [self(line["file"], line["at"]) for line in lines]


def check_score(ledger, score):
    """The plan agrees with itself and with the sounds that were made for it."""
    plan = score.plan
    end = 0
    for section in plan["sections"]:
        ledger.expect(section["at"] == end, f"{section['id']} starts at {section['at']}, not {end}")
        end = section["at"] + section["frames"]
    ledger.expect(end == plan["frames"], f"sections end at {end}, the plan at {plan['frames']}")
    bed = ledger.track.value("--bed") not in (None, "off")
    beds = [(e["at"], e["frames"]) for e in plan["events"] if e["track"] == "bed"]
    ledger.expect(beds == [(0, plan["frames"])] * bed, f"the plan has the beds {beds}")
    planned = [(e["at"], e["frames"]) for e in plan["events"] if e["track"] != "bed"]
    made = sorted(score.sounds(), key=lambda sound: sound.at)
    made = [(sound.at, len(sound.samples)) for sound in made]
    ledger.expect(sorted(planned) == sorted(made), "planned events are not the sounds made")
    edges = [max(abs(s.samples[0]), abs(s.samples[-1])) for s in score.sounds()]
    sounds = list(score.sounds())
    ledger.expect_all(
        np.array(edges) <= LARGEST_STEP, lambda n: f"{sounds[n].name} jumps by {edges[n]:.4f}"
    )


def check_own_tick(ledger, score, own):
    """A recording is cut to its sound, brought to its peak, and nothing else."""
    recording, _ = soundfile.read(own, dtype="float64")
    peak_of = lambda samples: np.abs(samples).max()
    tick = max((tick.samples for tick in score.ticks), key=peak_of)
    peak = mixing.amplitude(OWN_TICK_PEAK_DB + ledger.track.level("tick"))
    ledger.expect(abs(peak_of(tick) / peak - 1) <= 1e-3, f"{own.name} peaks at {peak_of(tick):.4f}")
    start = np.abs(recording).argmax() - np.abs(tick).argmax()
    same = recording[start : start + len(tick)] * peak / peak_of(recording)
    fits = len(same) == len(tick) and peak_of(tick - same) <= FADED * peak
    ledger.expect(fits, f"the tick is not {own.name}, cut to its sound")


# The file


def render(programs, track, path, **options):
    tools.run(programs.effleurage, "render", *track.arguments(), "-q", "-o", path, **options)
    return Path(path).read_bytes()


def check_bytes(programs, ledger, folder):
    """Renders three times, once on one thread; returns the path of a track and its bytes."""
    track, path = ledger.track, folder / "track.wav"
    file = render(programs, track, path)
    one_thread = {**os.environ, "RAYON_NUM_THREADS": "1"}
    again = render(programs, track, folder / "again.wav", env=one_thread)
    ledger.expect(again == file, "a second render has other bytes")
    stream = tools.run(programs.effleurage, "render", *track.arguments(), "-q", "-o", "-")
    ledger.expect(stream == file, "standard output has other bytes than the file")
    (folder / "again.wav").unlink()
    return path, file


def check_shape(ledger, path, file, frames):
    track = ledger.track
    asked = tools.Shape(track.rate, track.channels, track.bits, frames)
    for reader in (tools.ffprobe, tools.soxi):
        told = reader(path)
        ledger.expect(told == asked, f"{reader.__name__} says {told}, planned is {asked}")
    try:
        wave = riff.walk(file)
    except riff.Malformed as fault:
        return ledger.expect(False, f"RIFF: {fault}")
    told = tools.Shape(wave.rate, wave.channels, wave.bits, wave.frames)
    ledger.expect(told == asked, f"the header says {told}, planned is {asked}")


def check_markers(ledger, path, file, plan):
    """Every section and prompt is marked, and shown by ffprobe as a chapter."""
    try:
        markers = riff.markers(file)
    except riff.Malformed as fault:
        return ledger.expect(False, f"markers: {fault}")
    prompts = [event for event in plan["events"] if event["track"] == "voice"]
    planned = [(s["at"], s["frames"], s["title"]) for s in plan["sections"]]
    planned += [(p["at"], p["frames"], p["text"]) for p in prompts]
    planned.sort(key=lambda marker: marker[0])
    # The first section of a step has the step's title before its own.
    close = [
        (m.at, m.frames) == (at, frames) and (m.label == label or m.label.endswith(f": {label}"))
        for m, (at, frames, label) in zip(markers, planned)
    ]
    ledger.expect(len(markers) == len(planned) and all(close), "markers are not as planned")
    told = [(chapter["start"], chapter["tags"]["title"]) for chapter in tools.chapters(path)]
    expected = [(marker.at, marker.label) for marker in markers]
    ledger.expect(told == expected, "ffprobe does not show the markers as chapters")


def check_verified(programs, ledger, path):
    """The program's own word on the file, which is not the only one here."""
    words = [programs.effleurage, "verify", path, "-q"]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    ledger.expect(done.returncode == 0, f"verify: {done.stdout}{done.stderr}")


def read_samples(ledger, path):
    """The first channel; all channels must be equal."""
    samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    for channel in range(1, samples.shape[1]):
        same = np.array_equal(samples[:, 0], samples[:, channel])
        ledger.expect(same, f"channel {channel} differs from channel 0")
    return np.ascontiguousarray(samples[:, 0])


# Places


def stack(samples, sounds, reach=0):
    """One row for each of `sounds`, which have one length: the track around it."""
    width = len(sounds[0].samples) + 2 * reach
    starts = np.array([sound.at - reach for sound in sounds])
    places = starts[:, None] + np.arange(width)
    inside = (places >= 0) & (places < len(samples))
    return np.where(inside, samples[places.clip(0, len(samples) - 1)], 0)


def offsets(samples, sounds, reach):
    """By how many frames each of `sounds`, all the same, lies beside its place."""
    rows, sample = stack(samples, sounds, reach), sounds[0].samples
    size = next_fast_len(rows.shape[1])
    spectrum = rfft(rows, size) * np.conj(rfft(sample, size))
    return irfft(spectrum, size)[:, : 2 * reach + 1].argmax(1) - reach


def grouped(sounds):
    """The same sounds together, few enough at once for little memory."""
    by_name = lambda sound: sound.name
    for _, group in itertools.groupby(sorted(sounds, key=by_name), by_name):
        group = list(group)
        for first in range(0, len(group), 64):
            yield group[first : first + 64]


def check_places(ledger, kind, samples, sounds, seconds=SEARCH_SECONDS):
    reach = int(seconds * ledger.track.rate)
    worst = 0
    for group in grouped(sounds):
        off = offsets(samples, group, reach)
        worst = max(worst, np.abs(off).max())
        ledger.expect_all(
            off == 0, lambda n: f"{kind} {group[n].name} at {group[n].at} is {off[n]} frames off"
        )
    ledger.row[kind] = f"{len(sounds)} ±{worst}"


def without(samples, sounds):
    """The track less `sounds`."""
    rest = samples.copy()
    for sound in sounds:
        rest[sound.at : sound.end] -= sound.samples
    return rest


def covered(length, sounds):
    mask = np.zeros(length, bool)
    for sound in sounds:
        mask[sound.at : sound.end] = True
    return mask


# Levels of ticks


def bounds(sound, score):
    """The least and the most that the voice leaves of a tick."""
    ducking, prompts = score.ducking, score.prompts
    ducked = mixing.amplitude(ducking.depth)
    if any(prompt.at <= sound.at and sound.end <= prompt.end for prompt in prompts):
        return ducked, ducked
    near = ducking.near(sound.at - 2, sound.end + 2, prompts)
    return (ducked, 1.0) if near else (1.0, 1.0)


def check_ticks(ledger, rest, score):
    """Every tick is there at its level, and where that is steady, nothing else."""
    tolerance, ducked = ledger.track.tolerance(), 0
    for group in grouped(score.ticks):
        rows, tick = stack(rest, group), group[0].samples
        gains = rows @ tick / (tick @ tick)
        low, high = np.array([bounds(sound, score) for sound in group]).T
        fits = (gains > low - 0.01) & (gains < high + 0.01)
        ledger.expect_all(fits, lambda n: f"tick at {group[n].at} has a gain of {gains[n]:.3f}")
        left = np.abs(rows - low[:, None] * tick).max(1)
        clean = (left <= tolerance) | (low < high)
        ledger.expect_all(clean, lambda n: f"tick at {group[n].at}: {left[n]:.2e} besides it")
        ducked += int((low < 1).sum())
    ledger.row["ducked"] = ducked


def check_silence(ledger, samples, score):
    """Digital silence where nothing is planned."""
    silent = ~covered(len(samples), score.sounds())
    sounding = np.flatnonzero(samples[silent])
    where = np.flatnonzero(silent)[sounding[0]] if sounding.size else 0
    ledger.expect(sounding.size == 0, f"{sounding.size} frames of silence sound, first {where}")
    ledger.row["silent"] = f"{100 * silent.mean():.1f} %"


def check_rest(ledger, rest):
    """Less all that is planned, nothing is left."""
    worst = int(np.abs(rest).argmax())
    within = abs(rest[worst]) <= ledger.track.tolerance()
    ledger.expect(within, f"{rest[worst]:.2e} at frame {worst} is not planned")


# Loudness


def measured(samples, rate, folder):
    path = Path(folder) / "part.wav"
    soundfile.write(path, samples, rate, "FLOAT")
    return tools.meter(path)


def spoken_in(samples, score):
    """Every stretch of the track in which a prompt of a lead-in sounds."""
    lead_ins = score.sections("lead-in")
    inside = lambda sound: any(0 <= sound.at - s["at"] < s["frames"] for s in lead_ins)
    return [samples[p.at : p.end] for p in score.prompts if inside(p)]


def tick_stretches(samples, score):
    """The first stretch of each technique in which only ticks sound."""
    found = {}
    for zone in score.sections("zone"):
        end = zone["at"] + zone["frames"]
        cues = [p.at for p in score.prompts if zone["at"] <= p.at < end]
        quiet_until = min(cues, default=end) - score.ducking.attack
        found.setdefault(zone["technique"], samples[zone["at"] : quiet_until])
    return found


def check_loudness(ledger, path, samples, score, folder):
    rate, row, level = ledger.track.rate, ledger.row, ledger.track.level
    voice, _ = measured(np.concatenate(spoken_in(samples, score)), rate, folder)
    fits = abs(voice - VOICE_LUFS - level("voice")) <= VOICE_TOLERANCE
    ledger.expect(fits, f"the voice has {voice} LUFS")
    stretches = tick_stretches(samples, score)
    ticks = {name: measured(part, rate, folder)[0] for name, part in stretches.items()}
    least = TICKS_BELOW_VOICE + level("voice") - level("tick")
    for name, lufs in ticks.items():
        below = voice - lufs
        ledger.expect(below >= least, f"{name} is only {below:.1f} LU below the voice")
    _, peak = tools.meter(path)
    ledger.expect(peak <= HIGHEST_PEAK_DBTP, f"the true peak is {peak} dBTP")
    row["voice"], row["ticks LUFS"], row["peak"] = voice, max(ticks.values()), peak


def check_clips(ledger, score, folder):
    """Each clip has the voice's loudness; a word is said over and over to be metered."""
    rate = ledger.track.rate
    clips = {p.name: p.samples for p in score.prompts}
    names = list(clips)
    words = np.array([len(clips[name]) <= rate for name in names])
    margin = int(MARGIN_SECONDS * rate)
    over_and_over = lambda clip: np.tile(clip[margin:-margin], -(-WORD_SECONDS * rate // len(clip)))
    levels = [
        measured(over_and_over(clips[name]) if word else clips[name], rate, folder)[0]
        for name, word in zip(names, words)
    ]
    tolerance = np.where(words, WORD_TOLERANCE, CLIP_TOLERANCE)
    target = VOICE_LUFS + ledger.track.level("voice")
    close = np.abs(np.array(levels) - target) <= tolerance + 1e-9
    ledger.expect_all(close, lambda n: f"{names[n]} has {levels[n]} LUFS")
    ledger.row["clips"] = f"{min(levels)}…{max(levels)}"


def check_levels(programs, ledger, score, folder):
    """Ticks and the bed are the usual ones, and as much louder as is asked for."""
    track, usual = ledger.track, ledger.track.at_usual_levels()
    if usual == track:
        return
    before = load_score(programs, usual, folder)
    louder = lambda level, a, b: np.allclose(a * mixing.amplitude(level), b, rtol=1e-5, atol=1e-8)
    ticks = zip(before.ticks, score.ticks, strict=True)
    ledger.expect_all(
        [louder(track.level("tick"), a.samples, b.samples) for a, b in ticks],
        lambda n: f"tick at {score.ticks[n].at} has another level than asked for",
    )
    if score.loop is not None:
        fits = louder(track.level("bed"), before.loop, score.loop)
        ledger.expect(fits, "the bed has another level than asked for")


# The bed


def decibels(powers):
    return 10 * np.log10(np.maximum(powers, 1e-20))


def check_loop(ledger, loop, folder):
    """The loop has its loudness, no seam, and is as loud in every second."""
    track, rate = ledger.track, ledger.track.rate
    lufs, _ = measured(loop, rate, folder)
    off = abs(lufs - BED_LUFS - track.level("bed"))
    ledger.expect(off <= LOOP_TOLERANCE + 1e-9, f"the loop of the bed has {lufs} LUFS")
    seam, steps = abs(loop[0] - loop[-1]), np.abs(np.diff(loop)).max()
    ledger.expect(seam <= steps, f"the loop of the bed jumps by {seam:.2e}")
    softest, loudest = extremes(loop, rate)
    swell = loudest - softest
    waves = track.value("--bed") == "waves"
    least, most = (LEAST_WAVE_DB, LARGEST_WAVE_DB) if waves else (0, LARGEST_SWELL_DB)
    ledger.expect(least <= swell <= most, f"the loop of the bed swells by {swell:.1f} dB")
    steepest = steepest_change(loop, rate)
    ledger.expect(steepest <= STEEPEST_WAVE_DB, f"the bed grows by {steepest:.1f} dB in a second")
    own = Path(track.value("--bed"))
    if own.is_file():
        check_own_loop(ledger, loop, own)


def extremes(loop, rate):
    """The least and the most power of a second of the loop, wherever it begins."""
    total = np.cumsum(np.square(np.resize(loop, len(loop) + rate), dtype=float))
    powers = decibels((total[rate:] - total[:-rate]) / rate)
    return powers.min(), powers.max()


def steepest_change(loop, rate):
    """The most by which a second is louder or softer than the one before it."""
    seconds = np.resize(loop, len(loop) + rate)[: len(loop) // rate * rate + rate]
    powers = decibels(np.square(seconds.reshape(-1, rate), dtype=float).mean(1))
    return np.abs(np.diff(powers)).max()


def check_own_loop(ledger, loop, own):
    """A recording of the track's rate is crossfaded into itself, around zero, and nothing else."""
    recording, rate = soundfile.read(own, dtype="float64")
    expected = mixing.looped(recording, rate)
    expected -= expected.mean()
    fits = rate == ledger.track.rate and len(loop) == len(expected)
    gain = loop @ expected / (expected @ expected) if fits else 0
    fits = fits and np.abs(loop - gain * expected).max() <= 1e-5
    ledger.expect(fits, f"the loop of the bed is not {own.name}, crossfaded")


def check_bed(ledger, rest, planned, score, folder):
    """What is left of the track without everything else is the bed as it is planned."""
    rate = ledger.track.rate
    check_loop(ledger, score.loop, folder)
    starts = range(0, len(rest) - rate, BED_EVERY_SECONDS * rate)
    pieces = [Sound(f"second {at // rate}", at, planned[at : at + rate]) for at in starts]
    seconds = PAD_SEARCH_SECONDS if ledger.track.value("--bed") == "pad" else SEARCH_SECONDS
    check_places(ledger, "bed", rest, pieces, seconds)
    check_bed_gains(ledger, rest, planned)
    steady = score.steady(rate)
    check_bed_is_even(ledger, rest, score.loop, steady)
    alone = np.concatenate([rest[at : at + rate] for at in steady])
    lufs, _ = measured(alone, rate, folder)
    off = abs(lufs - BED_LUFS - ledger.track.level("bed"))
    waves = ledger.track.value("--bed") == "waves"
    within = off <= (WAVES_TOLERANCE if waves else BED_TOLERANCE)
    ledger.expect(within, f"the bed has {lufs} LUFS")
    ledger.row["bed LUFS"] = lufs


def check_bed_gains(ledger, rest, planned):
    """Second by second, with its fades and where it gives way."""
    rate = ledger.track.rate
    starts = range(0, len(rest) - rate + 1, rate)
    along = lambda a, b: np.array([a[at : at + rate] @ b[at : at + rate] for at in starts], float)
    gains = 2 * decibels(np.maximum(along(rest, planned) / along(planned, planned), 0))
    ledger.expect_all(
        np.abs(gains) <= GAIN_TOLERANCE_DB,
        lambda n: f"the bed is {gains[n]:+.2f} dB beside its level in second {n}",
    )


def check_bed_is_even(ledger, rest, loop, steady):
    """Away from fades and the voice, no second is louder or softer than any of the loop."""
    rate = ledger.track.rate
    softest, loudest = extremes(loop, rate)
    seconds = (rest[at : at + rate] for at in steady)
    powers = decibels([np.square(second, dtype=float).mean() for second in seconds])
    even = (powers >= softest - GAIN_TOLERANCE_DB) & (powers <= loudest + GAIN_TOLERANCE_DB)
    ledger.expect(len(steady) > 0, "the bed is never heard alone")
    ledger.expect_all(even, lambda n: f"the bed has {powers[n]:.1f} dB at frame {steady[n]}")


# All of it


def check_track(programs, track):
    since = time.monotonic()
    ledger = Ledger(track)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        score = load_score(programs, track, folder / "sounds")
        check_score(ledger, score)
        changes.check(ledger, score.plan, written(programs, track))
        own = Path(track.value("--ticks", ""))
        if own.is_file():
            check_own_tick(ledger, score, own)
        path, file = check_bytes(programs, ledger, folder)
        check_shape(ledger, path, file, score.plan["frames"])
        check_markers(ledger, path, file, score.plan)
        check_verified(programs, ledger, path)
        del file
        samples = read_samples(ledger, path)
        samples = check_sound(ledger, samples, score, folder)
        check_loudness(ledger, path, samples, score, folder)
        check_levels(programs, ledger, score, folder / "usual")
        if track.bits == 16 and track.channels == 1:
            check_clips(ledger, score, folder)
    ledger.row["seconds"] = f"{time.monotonic() - since:.1f}"
    return ledger


def written(programs, track):
    return tomllib.loads(tools.run(programs.effleurage, "routines", "show", track.routine).decode())


def check_sound(ledger, samples, score, folder):
    """Returns the track without its bed."""
    others = [*score.prompts, *score.chimes]
    if score.loop is None:
        check_silence(ledger, samples, score)
    else:
        bed = mixing.bed(score.loop, len(samples), score.prompts, ledger.track.rate)
        alone = without(samples, itertools.chain(others, map(score.played, score.ticks)))
        check_bed(ledger, alone, bed, score, folder)
        del alone
        samples = samples - bed
        del bed
    check_places(ledger, "prompts", samples, score.prompts)
    rest = without(samples, others)
    played = [score.played(tick) for tick in score.ticks]
    check_places(ledger, "ticks", rest, played)
    check_ticks(ledger, rest, score)
    check_rest(ledger, without(rest, played))
    return samples


def check_odd_size(programs):
    """Samples of three bytes, an odd number of them: data needs a byte of padding."""
    with tempfile.TemporaryDirectory() as folder:
        # 361 seconds, of 8001 frames each.
        routine = tools.run(programs.effleurage, "routines", "show", "self-short").decode()
        longer = Path(folder) / "odd.toml"
        closing = '\nlasts = "{}"'
        assert routine.count(closing.format("10s")) == 1, "its closing does not last 10 seconds"
        longer.write_text(routine.replace(closing.format("10s"), closing.format("11s")))
        track = Track(str(longer), 8_001, 24)
        ledger = Ledger(track)
        path, file = check_bytes(programs, ledger, Path(folder))
        plan_words = ("plan", track.routine, "--rate", track.rate, "--format", "json")
        frames = json.loads(tools.run(programs.effleurage, *plan_words))["frames"]
        ledger.expect(frames % 2 == 1, f"{frames} frames are not odd")
        check_shape(ledger, path, file, frames)
    return ledger


def tracks(tick, bed):
    every = [Track(routine, rate) for routine in ROUTINES for rate in RATES]
    every += [Track(FORMAT_ROUTINE, rate) for rate in (LOWEST_RATE, HIGHEST_RATE)]
    shapes = itertools.product((16, 24, 32), (1, 2))
    every += [Track(FORMAT_ROUTINE, 44_100, *shape) for shape in shapes if shape != (16, 1)]
    return every + changed_tracks(tick, bed)


def changed_tracks(tick, bed):
    """Every flag at least once."""
    changed = lambda routine, words, **shape: Track(
        routine, **{"rate": 44_100, **shape}, flags=tuple(words.split())
    )
    own = ("--ticks", str(tick), "--bed", str(bed))
    return [
        changed("partner", "--gentle --talk brief --legs right"),
        changed("self", "--total 15m --count-in 3 --first right"),
        changed("self", "--talk ticks --ticks wood --tick-level -6 --halfway off", rate=48_000),
        changed("self-short", "--slow-down 20% --time-left 1m --zone calf=3m"),
        changed("partner", "--total 30m --pace 0.9x --i-know-the-warnings --ticks drop"),
        changed("self", "--zone thigh=off --zone knuckles.calf=40strokes --voice-level -4"),
        changed("self-short", "--bed rain", bits=32),
        changed("self-short", "--bed rain --closing-cue off --slow-down 7.5%", rate=22_050),
        changed("partner", "--bed brown --tick-level 6 --talk brief"),
        changed("self", "--bed waves --room warm --tick-level 6"),
        changed("self-short", "--bed pad --room warm --talk brief", rate=48_000),
        changed("self-short", "--bed waves", rate=LOWEST_RATE),
        changed("self-short", "--bed pad --bed-level 6", rate=HIGHEST_RATE),
        Track("self-short", 44_100, flags=(*own, "--bed-level", "3", "--count-in", "2")),
    ]


# A person's own sounds


def own_tick(path, rate=44_100):
    """A click: a tenth of a second of nothing, and a tone that dies away at once."""
    t = np.arange(rate // 10) / rate
    click = 0.6 * np.sin(2 * np.pi * 1_300 * t) * np.exp(-t / 0.008)
    soundfile.write(path, np.concatenate([np.zeros(rate // 10), click]), rate, "PCM_16")
    return path


def own_bed(path, rate=44_100):
    """Twenty seconds of a fan in the room next door."""
    noise = np.random.default_rng(20).standard_normal(20 * rate)
    soundfile.write(path, 0.1 * np.convolve(noise, np.hanning(24) / 12, "same"), rate, "PCM_24")
    return path


def print_table(ledgers):
    rows = [["track", *COLUMNS, "checks", "misses", "changes"]]
    for ledger in ledgers:
        cells = [ledger.row.get(column, "") for column in COLUMNS]
        track, told = ledger.track, (ledger.checks, len(ledger.misses))
        rows.append([track.name(), *cells, *told, track.changes()])
    widths = [max(len(str(row[n])) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--effleurage", required=True, type=Path)
    parser.add_argument("--sounds", required=True, type=Path)
    return parser.parse_args()


def check_all(programs, tracks):
    # Each track takes up to a gigabyte.
    with ProcessPoolExecutor(min(4, len(os.sched_getaffinity(0)))) as pool:
        jobs = [pool.submit(check_track, programs, track) for track in tracks]
        jobs.append(pool.submit(check_odd_size, programs))
        return [job.result() for job in jobs]


def main():
    programs = arguments()
    with tempfile.TemporaryDirectory() as folder:
        own = own_tick(Path(folder) / "tick.wav"), own_bed(Path(folder) / "bed.wav")
        ledgers = check_all(programs, tracks(*own))
    print_table(ledgers)
    misses = [miss for ledger in ledgers for miss in ledger.misses]
    for miss in misses:
        print("MISS", miss)
    print(f"{len(ledgers)} tracks, {sum(l.checks for l in ledgers)} checks, {len(misses)} misses")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
