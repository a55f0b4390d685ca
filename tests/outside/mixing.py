"""The arithmetic of the mix, once more: how sounds give way to the voice."""

from dataclasses import dataclass

import numpy as np

TICKS_GIVE_WAY_DB = -9.0
TICK_RAMPS_MS = (80, 250)


def amplitude(decibels):
    return 10 ** (decibels / 20)


def frames(millis, rate):
    """Half up."""
    return (2 * millis * rate + 1000) // 2000


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
