//! A look-ahead limiter: peaks beyond a ceiling are held, and nothing else changes.
//!
//! The whole clip is at hand, so the gain can fall before a peak and rise after
//! it: for each frame the gain that its true peak allows, the least of them within
//! the look-ahead, and a smoothing no longer than the look-ahead, which therefore
//! never exceeds what any peak allows.

use std::cell::OnceCell;
use std::collections::VecDeque;

use super::peaks::largest;
use super::resample::Between;
use effleurage_core::units::{Decibels, SampleRate};

/// How far ahead and behind a peak the gain gives way.
const LOOK_AHEAD_SECONDS: f64 = 0.005;
/// Peaks between samples are looked for at four times the rate (BS.1770-5, Annex 2), as
/// far as that is not beyond this one.
const PEAK_RATE_HZ: u32 = 192_000;
/// More than the standard asks for; what little it misses is measured afterwards.
const PEAK_CROSSINGS: usize = 16;
/// Frames whose peaks are looked for together.
const BLOCK: usize = 64;

/// A clip whose peaks can be held, at whatever gain.
pub struct Limiter<'a> {
    samples: &'a [f32],
    blocks: Vec<Block>,
    between: Between,
    reach: usize,
}

/// Some frames of a clip.
struct Block {
    /// No peak at and around them is above this.
    bound: f32,
    /// How large the clip is at and around each of them, between the samples as well; looked
    /// for where that is needed, which takes long.
    peaks: OnceCell<Vec<f32>>,
}

impl<'a> Limiter<'a> {
    /// A limiter of `samples`.
    pub fn new(samples: &'a [f32], rate: SampleRate) -> Limiter<'a> {
        let reach = (LOOK_AHEAD_SECONDS * f64::from(rate.hz())) as usize / 2 * 2;
        let between = Between::new(rate, oversampling(rate), PEAK_CROSSINGS);
        let near = between.reach() + 1;
        let block = |start: usize| {
            let near = start.saturating_sub(near)..(start + BLOCK + near).min(samples.len());
            let loudest = largest(&samples[near]);
            Block { bound: loudest * between.most_rise(), peaks: OnceCell::new() }
        };
        let blocks = (0..samples.len()).step_by(BLOCK).map(block).collect();
        Limiter { samples, blocks, between, reach }
    }

    /// The clip with this gain, its peaks held below `ceiling`.
    pub fn amplified(&self, gain: Decibels, ceiling: Decibels) -> Vec<f32> {
        let (factor, ceiling) = (gain.as_amplitude() as f32, ceiling.as_amplitude() as f32);
        let mut allowed = vec![1.0; self.samples.len()];
        for (n, block) in self.blocks.iter().enumerate() {
            if block.bound * factor > ceiling {
                let peaks = block.peaks.get_or_init(|| self.peaks(n * BLOCK));
                let allow = |peak: &f32| ceiling / (peak * factor).max(ceiling);
                allowed[n * BLOCK..].iter_mut().zip(peaks).for_each(|(a, peak)| *a = allow(peak));
            }
        }
        if allowed.iter().all(|allowed| *allowed == 1.0) {
            return self.samples.iter().map(|sample| sample * factor).collect();
        }
        let least = least_within(&allowed, self.reach);
        let gain = mean_within(&mean_within(&least, self.reach / 2), self.reach / 2);
        self.samples.iter().zip(gain).map(|(sample, gain)| sample * factor * gain).collect()
    }

    /// The largest value at and around each frame of the block from `start` on, between the
    /// samples as well.
    fn peaks(&self, start: usize) -> Vec<f32> {
        let end = (start + BLOCK).min(self.samples.len());
        let mut before = match start {
            0 => 0.0,
            _ => self.between.largest(self.samples, start - 1).1,
        };
        let around = |n: usize| {
            let (at, after) = self.between.largest(self.samples, n);
            let peak = before.max(at).max(after).max(self.samples[n].abs());
            before = after;
            peak
        };
        (start..end).map(around).collect()
    }
}

fn oversampling(rate: SampleRate) -> usize {
    PEAK_RATE_HZ.div_ceil(rate.hz()).clamp(1, 4) as usize
}

/// The least value within `reach` frames on either side of each.
fn least_within(values: &[f32], reach: usize) -> Vec<f32> {
    let mut candidates: VecDeque<usize> = VecDeque::new();
    let mut least = Vec::with_capacity(values.len());
    for ahead in 0..values.len() + reach {
        if ahead < values.len() {
            while candidates.back().is_some_and(|last| values[*last] >= values[ahead]) {
                candidates.pop_back();
            }
            candidates.push_back(ahead);
        }
        let Some(at) = ahead.checked_sub(reach) else { continue };
        while candidates.front().is_some_and(|first| first + reach < at) {
            candidates.pop_front();
        }
        least.extend(candidates.front().map(|first| values[*first]));
    }
    least
}

/// The mean within `reach` frames on either side of each; beyond the ends the
/// values go on as they are at the ends.
fn mean_within(values: &[f32], reach: usize) -> Vec<f32> {
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return Vec::new() };
    let mut long = vec![*first; reach];
    long.extend(values);
    long.resize(values.len() + 2 * reach + 1, *last);
    let width = 2 * reach + 1;
    let mut sum: f64 = long[..width].iter().copied().map(f64::from).sum();
    let edges = long[width..].iter().zip(&long);
    let mean = |(enters, leaves): (&f32, &f32)| {
        let mean = (sum / width as f64) as f32;
        sum += f64::from(*enters) - f64::from(*leaves);
        mean
    };
    edges.map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loudness::true_peak;

    fn tone_with_burst() -> Vec<f32> {
        let step = std::f32::consts::TAU * 300.0 / 44_100.0;
        let level = |n: usize| if (20_000..21_000).contains(&n) { 2.0 } else { 0.3 };
        (0..44_100).map(|n| level(n) * (step * n as f32).sin()).collect()
    }

    fn limit(samples: &mut Vec<f32>, rate: SampleRate, ceiling: Decibels) {
        *samples = Limiter::new(samples, rate).amplified(Decibels(0.0), ceiling);
    }

    #[test]
    fn no_peak_is_above_the_ceiling() {
        let mut samples = tone_with_burst();
        limit(&mut samples, SampleRate::CD, Decibels(-2.0));
        let Decibels(peak) = true_peak(&samples, SampleRate::CD);
        assert!((-2.2..=-1.9).contains(&peak), "{peak}");
    }

    #[test]
    fn away_from_a_peak_nothing_changes() {
        let (before, mut after) = (tone_with_burst(), tone_with_burst());
        limit(&mut after, SampleRate::CD, Decibels(-2.0));
        let untouched = |range: std::ops::Range<usize>| {
            before[range.clone()].iter().zip(&after[range]).all(|(a, b)| (a - b).abs() < 1e-6)
        };
        assert!(untouched(0..19_500) && untouched(21_500..44_100));
    }

    #[test]
    fn what_is_below_the_ceiling_passes_bit_for_bit() {
        let before: Vec<f32> = tone_with_burst().iter().map(|x| x * 0.2).collect();
        let mut after = before.clone();
        limit(&mut after, SampleRate::CD, Decibels(-2.0));
        assert_eq!(after, before);
    }

    #[test]
    fn sliding_windows_do_what_they_say() {
        assert_eq!(
            least_within(&[5.0, 4.0, 3.0, 4.0, 5.0, 6.0], 1),
            [4.0, 3.0, 3.0, 3.0, 4.0, 5.0]
        );
        assert_eq!(mean_within(&[0.0, 3.0, 0.0, 0.0], 1), [1.0, 1.0, 1.0, 0.0]);
        assert_eq!(least_within(&[], 3), Vec::<f32>::new());
    }
}
