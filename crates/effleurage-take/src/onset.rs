//! Where a line begins, by how another voice begins it.
//!
//! A soft consonant may be softer than the noise of a room. Another voice, recorded in silence,
//! tells what is to be expected there: the beginning of its clip, as it would sound in this noise,
//! is laid along the take, somewhat faster or slower from moment to moment, with nothing but noise
//! before it. That tells how probable each moment is to be the first; the line begins in the middle
//! of them, since where the noise hides the beginning, the best of many that are as good is chance.

use std::ops::Range;

use crate::edges::{AUDIBLE, FEWEST, NOISE, SHORT, levels};
use crate::spectrum::{BANDS, Powers, RATE_HZ};

/// A line begins so far before where it was found, or after, at most.
const BEFORE: usize = RATE_HZ * 3 / 10;
const AFTER: usize = RATE_HZ * 16 / 100;
/// So much of the clip is looked at, and so many moments before it can be heard.
const CLIP: usize = 88;
const LEAD: usize = 2;
/// The level of one band differs from speaker to speaker by so much, as a natural logarithm.
const SPEAKERS: f32 = 1.4;
/// No band tells more than about so much.
const MOST: f32 = 16.0;
/// Moments overlap, and bands do: together they tell only so much of their sum.
const TELLS: f32 = 0.27;
/// What it costs to stay at a moment of the clip or to leave one out, and to leave one out at its
/// beginning, of which no more may be missing.
const STEP_COST: f32 = 0.4;
const SKIP_COST: f32 = 0.65;
const MOST_SKIPPED: usize = 24;
/// The noise of a pause is never more even than this.
const LEAST_SPREAD: f32 = 0.05;

/// Where the voice found at `voice` begins, as a sample of `samples`, if it says the words of
/// `clips`, each of which its number makes as loud; nothing else is heard in `free`. None where
/// the pause is too short to tell, and where there is no clip.
pub fn onset(
    samples: &[f32],
    voice: &Range<usize>,
    free: &Range<usize>,
    clips: &[(&[f32], f32)],
) -> Option<usize> {
    let start = free.start.max(voice.start.saturating_sub(NOISE.1));
    let end = (voice.start + AFTER).min(samples.len());
    let take = levels(&samples[start..end]);
    let at = |sample: usize| (sample.saturating_sub(start) / SHORT.step).min(take.len());
    let pause = take.get(LEAD..at(voice.start.saturating_sub(NOISE.0)))?;
    if pause.len() < FEWEST {
        return None;
    }
    let first = at(voice.start.saturating_sub(BEFORE)).max(LEAD);
    let noise = Expected::noise(pause);
    let place = |(clip, gain): &(&[f32], f32)| {
        let (clip, heard) = beginning(clip, *gain);
        let clip: Vec<Expected> = clip.iter().map(|powers| noise.with(powers)).collect();
        best(&fits(&take[first..], &noise, &clip), heard)
    };
    // Whoever begins it most like this speaker tells.
    let places = clips.iter().filter(|(clip, _)| !clip.is_empty()).filter_map(place);
    let (_, moment) = places.max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(start + (first + moment) * SHORT.step)
}

/// How much better each moment of a `take` fits each of a `clip` than it fits the noise.
fn fits(take: &[Powers], noise: &Expected, clip: &[Expected]) -> Vec<Vec<f32>> {
    let row = |levels: &Powers| {
        let as_noise = noise.fit(levels);
        clip.iter().map(|expected| TELLS * (expected.fit(levels) - as_noise)).collect()
    };
    take.iter().map(row).collect()
}

/// The powers of the beginning of a clip, and at which of its moments it can be heard.
fn beginning(clip: &[f32], gain: f32) -> (Vec<Powers>, usize) {
    let heard = audible(clip) / SHORT.step;
    let first = heard.saturating_sub(LEAD);
    let end = ((first + CLIP + LEAD) * SHORT.step).min(clip.len());
    let all = levels(&clip[..end]);
    let power = |level: f32| libm::expf(level) * gain * gain;
    let powers = all.iter().skip(first).take(CLIP).map(|levels| levels.map(power));
    (powers.collect(), heard - first)
}

/// Where a clip begins to be heard in silence.
fn audible(clip: &[f32]) -> usize {
    let (step, window) = (RATE_HZ / 1000, RATE_HZ / 200);
    let power = |at: usize| clip[at..at + window].iter().map(|x| x * x).sum::<f32>();
    let places = (0..clip.len() - window).step_by(step);
    let loudest = places.clone().map(power).fold(0.0, f32::max);
    places.clone().find(|at| power(*at) >= AUDIBLE * loudest).unwrap_or(0) + window / 2
}

/// How well a clip fits at its best, and the moment at which it can be heard: rows are moments of
/// the take, columns those of the clip.
fn best(fits: &[Vec<f32>], heard: usize) -> Option<(f32, usize)> {
    let mut rest: Vec<f32> = Vec::new();
    let mut by_first = vec![f32::NEG_INFINITY; fits.len() + heard];
    for (moment, row) in fits.iter().enumerate().rev() {
        let last = row.len() - 1;
        let onward = |j: usize| {
            let to = |j: usize, cost: f32| rest.get(j).map_or(f32::NEG_INFINITY, |fit| fit - cost);
            let stay = if j == last { 0.0 } else { STEP_COST };
            to(j, stay).max(to(j + 1, 0.0)).max(to(j + 2, STEP_COST))
        };
        let is_end = rest.is_empty();
        rest = (0..row.len()).map(|j| row[j] + if is_end { 0.0 } else { onward(j) }).collect();
        for (j, fit) in rest.iter().enumerate().take(heard + MOST_SKIPPED + 1) {
            let first = &mut by_first[moment + heard.saturating_sub(j)];
            *first = first.max(fit - SKIP_COST * j.saturating_sub(heard) as f32);
        }
    }
    let most = by_first.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    Some((most, middle(&by_first, most)?))
}

/// The moment before which the voice has begun as probably as not, where each has a fit as a
/// logarithm, and none more than `most`.
fn middle(fits: &[f32], most: f32) -> Option<usize> {
    let shares: Vec<f32> = fits.iter().map(|fit| libm::expf(fit - most)).collect();
    let half = shares.iter().sum::<f32>() / 2.0;
    let mut sum = 0.0;
    shares.iter().position(|share| {
        sum += share;
        sum >= half
    })
}

/// What levels are expected at a moment, as natural logarithms.
struct Expected {
    mean: Powers,
    /// Of each band, 1 / the square of its spread.
    surety: Powers,
    /// How little levels that fit quite say, since many would.
    loose: f32,
    /// The mean power, where this is noise.
    power: Powers,
}

impl Expected {
    fn new(mean: Powers, variance: Powers, power: Powers) -> Expected {
        let loose = variance.iter().map(|variance| 0.5 * libm::logf(*variance)).sum();
        Expected { mean, surety: variance.map(|variance| 1.0 / variance), loose, power }
    }

    /// The noise of a pause.
    fn noise(pause: &[Powers]) -> Expected {
        let count = pause.len() as f32;
        let each = |of: &dyn Fn(f32, usize) -> f32| -> Powers {
            std::array::from_fn(|band| {
                pause.iter().map(|all| of(all[band], band)).sum::<f32>() / count
            })
        };
        let mean = each(&|level, _| level);
        let variance = each(&|level, band| (level - mean[band]) * (level - mean[band]));
        let power = each(&|level, _| libm::expf(level));
        Expected::new(mean, variance.map(|variance| variance.max(LEAST_SPREAD)), power)
    }

    /// A voice of such powers in this noise.
    fn with(&self, voice: &Powers) -> Expected {
        let louder: Powers = std::array::from_fn(|band| voice[band] / (self.power[band] + 1e-12));
        let mean = std::array::from_fn(|band| self.mean[band] + libm::log1pf(louder[band]));
        let variance = std::array::from_fn(|band| {
            let speaker = SPEAKERS * louder[band] / (1.0 + louder[band]);
            1.0 / self.surety[band] + speaker * speaker
        });
        Expected::new(mean, variance, self.power)
    }

    /// How well levels fit, as a natural logarithm.
    fn fit(&self, levels: &Powers) -> f32 {
        let missed: f32 = (0..BANDS)
            .map(|band| {
                let apart = levels[band] - self.mean[band];
                let missed = apart * apart * self.surety[band];
                missed / (1.0 + missed / MOST)
            })
            .sum();
        -0.5 * missed - self.loose
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_moments_that_are_as_good_the_middle_one_is_the_first() {
        let hidden = [-9.0, 3.0, 3.0, 3.001, 3.0, 3.0, -9.0];
        assert_eq!(middle(&hidden, 3.001), Some(3));
        // The best is the last of them by a hair.
        assert_eq!(middle(&[f32::NEG_INFINITY, 1.0, 1.0, 1.001], 1.001), Some(2));
        assert_eq!(middle(&[0.0, 20.0, 0.0, 0.0, 0.0], 20.0), Some(1));
        assert_eq!(middle(&[], f32::NEG_INFINITY), None);
    }
}
