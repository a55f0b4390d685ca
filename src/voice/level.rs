//! Every clip to one loudness, its peaks below a ceiling.

use super::limit::limit;
use super::loudness::{loudness, true_peak};
use crate::units::{Decibels, Lufs, SampleRate};

/// How loud the voice is, as heard from two loudspeakers.
pub const TARGET: Lufs = Lufs(-16.0);
/// The voice's true peaks stay below this, so that ticks fit under the track's -1 dBTP.
pub const CEILING: Decibels = Decibels(-2.0);
/// More gain than this would only raise noise.
const MOST_GAIN: f64 = 46.0;
/// Near enough to the target.
const TOLERANCE: f64 = 0.05;
const MOST_ROUNDS: usize = 12;

/// `samples` with the gain that brings their loudness to [`TARGET`], peaks held
/// below [`CEILING`], and the loudness that came of it.
///
/// The limiter takes loudness away, so what counts is measured after it, and the
/// gain corrected until it fits. A sound of peaks alone (a click) cannot get there
/// and comes out quieter. `None` where there is no loudness to speak of.
pub fn level(samples: &[f32], rate: SampleRate) -> Option<(Vec<f32>, Lufs)> {
    let before = loudness(samples, rate)?;
    let peak = true_peak(samples, rate);
    let mut gain = Decibels((TARGET - before).0.min(MOST_GAIN));
    if (peak + gain).0 <= CEILING.0 {
        let loudness = Lufs(before.0 + gain.0);
        return Some((amplified(samples, gain), loudness));
    }
    let mut best = held(samples, rate, gain)?;
    for _ in 0..MOST_ROUNDS {
        let missing = TARGET - best.1;
        if missing.0.abs() <= TOLERANCE {
            break;
        }
        gain = Decibels((gain + missing).0.min(MOST_GAIN));
        let next = held(samples, rate, gain)?;
        if (TARGET - next.1).0.abs() >= missing.0.abs() {
            break; // more gain only presses against the ceiling
        }
        best = next;
    }
    Some(best)
}

fn held(samples: &[f32], rate: SampleRate, gain: Decibels) -> Option<(Vec<f32>, Lufs)> {
    let mut ceiling = CEILING;
    loop {
        let mut out = amplified(samples, gain);
        limit(&mut out, rate, ceiling);
        // The gain's own movement can raise a peak between samples by a hair.
        let over = true_peak(&out, rate).0 - CEILING.0;
        if over <= 0.0 || ceiling.0 < CEILING.0 - 1.0 {
            let loudness = loudness(&out, rate)?;
            return Some((out, loudness));
        }
        ceiling = Decibels(ceiling.0 - over.max(0.01));
    }
}

fn amplified(samples: &[f32], gain: Decibels) -> Vec<f32> {
    let factor = gain.as_amplitude() as f32;
    samples.iter().map(|sample| sample * factor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Glottal-like pulses: short, with peaks far above their loudness.
    fn pulses(amplitude: f64, decay: f64) -> Vec<f32> {
        let pulse = |n: usize| {
            let t = (n % 300) as f64;
            (amplitude * (-t / decay).exp() * (t * 0.15).sin()) as f32
        };
        (0..88_200).map(pulse).collect()
    }

    /// A hum with four short bursts a second, far above it.
    fn hum_with_bursts() -> Vec<f32> {
        let level = |n: usize| if n % 11_025 < 80 { 0.8 } else { 0.1 };
        (0..88_200).map(|n| level(n) * (n as f32 * 0.06).sin()).collect()
    }

    #[test]
    fn quiet_and_loud_clips_come_out_alike() {
        for amplitude in [0.01, 0.1, 0.9, 3.0] {
            let (out, Lufs(lufs)) = level(&pulses(amplitude, 60.0), SampleRate::CD).unwrap();
            let Lufs(measured) = loudness(&out, SampleRate::CD).unwrap();
            assert!(
                (lufs + 16.0).abs() < 0.1 && (measured + 16.0).abs() < 0.1,
                "{lufs} {measured}"
            );
            assert!(true_peak(&out, SampleRate::CD).0 <= CEILING.0 + 1e-6);
        }
    }

    #[test]
    fn peaky_clips_reach_the_loudness_through_the_limiter() {
        let samples = hum_with_bursts();
        let crest =
            true_peak(&samples, SampleRate::CD).0 - loudness(&samples, SampleRate::CD).unwrap().0;
        assert!(crest > 14.0 + 2.0, "this needs no limiter: {crest}");
        let (out, Lufs(lufs)) = level(&samples, SampleRate::CD).unwrap();
        assert!((lufs + 16.0).abs() < 0.1, "{lufs}");
        assert!(true_peak(&out, SampleRate::CD).0 <= CEILING.0 + 1e-6);
    }

    #[test]
    fn silence_cannot_be_levelled() {
        assert_eq!(level(&[0.0; 1_000], SampleRate::CD), None);
    }
}
