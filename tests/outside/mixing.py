"""The arithmetic of the mix, once more: how sounds give way to the voice, how a bed comes
and goes."""

from dataclasses import dataclass

import numpy as np

TICKS_GIVE_WAY_DB, BED_GIVES_WAY_DB = -9.0, -6.0
TICK_RAMPS_MS, BED_RAMPS_MS = (80, 250), (400, 1200)
FADE_IN_SECONDS, FADE_OUT_SECONDS = 4, 6
CROSSFADE_SECONDS = 2
BLOCK = 1 << 19


def amplitude(decibels):
    return 10 ** (decibels / 20)


def frames(millis, rate):
    """Half up."""
    return (2 * millis * rate + 1000) // 2000


def raised_cosine(x):
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(x, 0, 1))


@dataclass(frozen=True)
class Ducking:
    """By how much a sound gives way while a prompt sounds, and how fast."""

    depth: float
    attack: int
    release: int

    @classmethod
    def of_ticks(cls, level, rate):
        """Louder ticks give way by as much more."""
        ramps = (frames(millis, rate) for millis in TICK_RAMPS_MS)
        return cls(TICKS_GIVE_WAY_DB - max(level, 0), *ramps)

    @classmethod
    def of_bed(cls, rate):
        return cls(BED_GIVES_WAY_DB, *(frames(millis, rate) for millis in BED_RAMPS_MS))

    def near(self, start, end, prompts):
        """The prompts whose ramps reach between `start` and `end`."""
        reach = lambda p: p.at - self.attack < end and start < p.end + self.release
        return [prompt for prompt in prompts if reach(prompt)]

    def gains(self, start, end, prompts):
        """The factor of each frame from `start` to `end`."""
        near = self.near(start, end, prompts)
        if not near:
            return np.float64(1)
        at = np.arange(start, end)
        down = np.max([self.ramp(at, prompt) for prompt in near], axis=0)
        return 1 - (1 - amplitude(self.depth)) * down

    def ramp(self, at, prompt):
        """0 far from a prompt, 1 while it sounds, and 3x² - 2x³ between."""
        before = (prompt.at - at) / (self.attack + 1)
        after = (at + 1 - prompt.end) / (self.release + 1)
        x = 1 - np.clip(np.maximum(before, after), 0, 1)
        return x * x * (3 - 2 * x)


def bed(loop, length, prompts, rate):
    """The bed of a track: the loop over and over, with its fades, giving way to `prompts`."""
    sound = np.resize(loop, length)
    fade_in, fade_out = (
        min(seconds * rate, length // 2) for seconds in (FADE_IN_SECONDS, FADE_OUT_SECONDS)
    )
    sound[:fade_in] *= raised_cosine((np.arange(fade_in) + 0.5) / fade_in)
    sound[-fade_out:] *= raised_cosine((np.arange(fade_out) + 0.5) / fade_out)[::-1]
    ducking = Ducking.of_bed(rate)
    for start in range(0, length, BLOCK):
        end = min(start + BLOCK, length)
        sound[start:end] *= ducking.gains(start, end, prompts)
    return sound


def steady_seconds(length, prompts, rate):
    """The first frames of the whole seconds in which a bed neither fades nor gives way."""
    starts = range(FADE_IN_SECONDS * rate, length - (FADE_OUT_SECONDS + 1) * rate + 1, rate)
    ducking = Ducking.of_bed(rate)
    return [start for start in starts if not ducking.near(start, start + rate, prompts)]


def looped(recording, rate):
    """A recording whose end is crossfaded into its start, at equal power."""
    width = min(CROSSFADE_SECONDS * rate, len(recording) // 4)
    loop, end = recording[:-width].copy(), recording[-width:]
    angle = np.pi / 2 * (np.arange(width) + 0.5) / width
    loop[:width] = loop[:width] * np.sin(angle) + end * np.cos(angle)
    return loop
