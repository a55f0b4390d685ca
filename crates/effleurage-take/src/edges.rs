//! Where a voice begins and ends, to a few milliseconds, in whatever noise there is.
//!
//! Soft consonants are no louder than the noise of a room, but they sound otherwise: in some
//! bands they stand out. How far each short moment is from the noise around, over all bands, is
//! summed up, outward from where the voice is clear; where the sum is greatest, the voice
//! ends (the cumulative sum of Page, "Continuous inspection schemes", Biometrika 41, 1954).

use std::ops::Range;

use crate::spectrum::{BANDS, Look, Powers, RATE_HZ, Spectrum};

/// From one moment to the next, and how long each is; the pitch of a voice is heard before its
/// words.
pub const SHORT: Look =
    Look { step: RATE_HZ / 400, window: RATE_HZ / 100, lowest_hz: 90.0, warp: 1.0 };
/// The noise is that of the pauses around, not nearer to the voice than the first and not
/// farther than the second; and of so many moments at least.
pub const NOISE: (usize, usize) = (RATE_HZ / 10, RATE_HZ);
pub const FEWEST: usize = 12;
/// In silence, a voice is heard from so far below its loudest moment on, as power: where a
/// render takes a clip to begin.
pub const AUDIBLE: f32 = 3.16e-5;
/// A voice reaches so far beyond where it was found, at most; and within it is clear.
const REACH: usize = RATE_HZ / 4;
const CLEAR: usize = RATE_HZ * 8 / 100;
/// A moment is no noise that is so many spreads from it; and none counts more than the second.
const APART: f32 = 1.2;
const MOST_APART: f32 = 6.0;
/// Nor does a band count more than this.
const MOST_LOUDER: f32 = 6.0;
/// The first moment that is surely voice begins so much before the sound that it is known by.
const LEAD: usize = RATE_HZ / 400;
/// Digital silence has no level.
const SILENCE: f32 = 1e-9;

/// The samples of the voice that was found in `voice`, with nothing else in `free`.
pub fn edges(samples: &[f32], voice: &Range<usize>, free: &Range<usize>) -> Range<usize> {
    let start = free.start.max(voice.start.saturating_sub(NOISE.1));
    let end = free.end.min(voice.end + NOISE.1).min(samples.len()).max(start);
    let levels = levels(&samples[start..end]);
    let at = |sample: usize| (sample.saturating_sub(start) / SHORT.step).min(levels.len());
    let Some(noise) =
        Noise::around(&levels, at(voice.start.saturating_sub(NOISE.0)), at(voice.end + NOISE.0))
    else {
        return voice.clone();
    };
    let apart: Vec<f32> = levels.iter().map(|levels| noise.apart(levels)).collect();
    let clear = CLEAR.min(voice.len() / 2);
    let heard = Audible::new(samples, voice, start);
    let first = at(voice.start.saturating_sub(REACH).max(free.start));
    let last = at((voice.end + REACH).min(free.end));
    let before = (first..at(voice.start + clear)).rev().map(|n| (n, apart[n] - heard.softer(n)));
    let after = (at(voice.end - clear)..last).map(|n| (n, apart[n]));
    let sample = |moment: usize| start + moment * SHORT.step;
    let begins = farthest(before).map_or(voice.start, |n| sample(n) + LEAD);
    let ends = farthest(after).map_or(voice.end, |n| sample(n + 1));
    begins..ends.max(begins)
}

/// The moment up to which those of `outward` are most surely no noise; with how far each is from
/// it.
fn farthest(outward: impl Iterator<Item = (usize, f32)>) -> Option<usize> {
    let (mut sum, mut most, mut found) = (0.0, 0.0, None);
    for (n, apart) in outward {
        sum += apart.min(MOST_APART) - APART;
        if sum > most {
            (most, found) = (sum, Some(n));
        }
    }
    found
}

/// What is heard beside a voice, where the room is silent enough for more.
struct Audible<'a> {
    samples: &'a [f32],
    least: f32,
}

impl Audible<'_> {
    fn new<'a>(samples: &'a [f32], voice: &Range<usize>, start: usize) -> Audible<'a> {
        let powers = samples[voice.clone()].chunks(SHORT.window).map(mean_square);
        let least = powers.fold(0.0, f32::max) * AUDIBLE;
        let room = mean_square(&samples[start..voice.start.saturating_sub(NOISE.0).max(start)]);
        Audible {
            samples: &samples[start..],
            least: if least > 2.0 * room { least + room } else { 0.0 },
        }
    }

    /// Something, where a moment is too soft to be heard.
    fn softer(&self, moment: usize) -> f32 {
        let middle = moment * SHORT.step + SHORT.step / 2;
        let own = middle.saturating_sub(SHORT.window / 4)
            ..(middle + SHORT.window / 4).min(self.samples.len());
        if mean_square(&self.samples[own]) < self.least { MOST_APART } else { 0.0 }
    }
}

fn mean_square(samples: &[f32]) -> f32 {
    samples.iter().map(|x| x * x).sum::<f32>() / samples.len().max(1) as f32
}

/// The levels of short moments, as natural logarithms.
pub fn levels(samples: &[f32]) -> Vec<Powers> {
    let powers = Spectrum::new(SHORT).powers(samples);
    powers.iter().map(|powers| powers.map(|power| libm::logf(power + SILENCE))).collect()
}

/// How the noise of a room sounds.
struct Noise {
    /// The mean level of each band.
    bands: Powers,
    /// How much louder it is than its mean, over all bands, on average; and the spread of that.
    usual: f32,
    spread: f32,
}

impl Noise {
    /// That before `before` and from `after` on; none where it is too short to tell.
    fn around(levels: &[Powers], before: usize, after: usize) -> Option<Noise> {
        let pauses: Vec<&Powers> = levels[..before].iter().chain(&levels[after..]).collect();
        if pauses.len() < FEWEST {
            return None;
        }
        let count = pauses.len() as f32;
        let mean = |band: usize| pauses.iter().map(|levels| levels[band]).sum::<f32>() / count;
        let mut noise = Noise { bands: std::array::from_fn(mean), usual: 0.0, spread: 1.0 };
        noise.usual = pauses.iter().map(|levels| noise.apart(levels)).sum::<f32>() / count;
        let squares: f32 =
            pauses.iter().map(|levels| noise.apart(levels) * noise.apart(levels)).sum();
        noise.spread = libm::sqrtf(squares / count).max(0.05);
        Some(noise)
    }

    /// How many spreads a moment is louder than the noise, over all bands.
    fn apart(&self, levels: &Powers) -> f32 {
        let louder = |apart: f32| (libm::expf(apart.min(9.0)) - 1.0 - apart).min(MOST_LOUDER);
        let apart = levels.iter().zip(&self.bands).map(|(level, noise)| level - noise);
        let sum: f32 = apart.filter(|apart| *apart > 0.0).map(louder).sum();
        (sum / BANDS as f32 - self.usual) / self.spread
    }
}
