//! Silence at the ends of a recording → the same short margin for every clip.

use std::f32::consts::PI;

use super::decode::Recording;
use crate::error::ClipFault;
use crate::units::{Decibels, SampleRate};

/// Of silence, before and after the sound.
const MARGIN_SECONDS: f64 = 0.06;
/// Loudness is looked at in windows this long.
const WINDOW_SECONDS: f64 = 0.01;
/// A window this far below the loudest is silence.
const SILENCE_BELOW_LOUDEST: Decibels = Decibels(-45.0);
/// A recording whose loudest window is below this cannot be heard.
const INAUDIBLE: Decibels = Decibels(-60.0);
/// Against clicks where recorded margins begin and end.
const FADE_IN_SECONDS: f64 = 0.010;
const FADE_OUT_SECONDS: f64 = 0.030;

/// Cuts `recording` to its sound, with a margin of exactly 60 ms at each end:
/// recorded silence, faded, as far as there is any, and digital silence beyond.
pub fn trim(recording: &Recording) -> Result<Recording, ClipFault> {
    let rate = recording.rate;
    let samples = &recording.samples;
    let (start, end) = sound(samples, rate)?;
    let margin = frames(MARGIN_SECONDS, rate);
    let (from, to) = (start.saturating_sub(margin), (end + margin).min(samples.len()));
    let mut kept = samples[from..to].to_vec();
    fade_in(&mut kept, frames(FADE_IN_SECONDS, rate).min(start - from));
    fade_out(&mut kept, frames(FADE_OUT_SECONDS, rate).min(to - end));
    let mut trimmed = vec![0.0; margin - (start - from)];
    trimmed.append(&mut kept);
    trimmed.resize(trimmed.len() + margin - (to - end), 0.0);
    Ok(Recording { rate, samples: trimmed })
}

/// The first and one past the last frame that are not silence.
fn sound(samples: &[f32], rate: SampleRate) -> Result<(usize, usize), ClipFault> {
    let window = frames(WINDOW_SECONDS, rate);
    let power = |chunk: &[f32]| {
        chunk.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / chunk.len() as f64
    };
    let powers: Vec<f64> = samples.chunks(window).map(power).collect();
    let loudest = powers.iter().copied().fold(0.0, f64::max);
    if loudest < INAUDIBLE.as_amplitude().powi(2) {
        return Err(ClipFault::Silent);
    }
    let threshold = loudest * SILENCE_BELOW_LOUDEST.as_amplitude().powi(2);
    let heard = |power: &f64| *power >= threshold;
    // The loudest window is heard, so there is a first and a last.
    let first = powers.iter().position(heard).unwrap_or(0);
    let last = powers.iter().rposition(heard).unwrap_or(0);
    Ok((first * window, ((last + 1) * window).min(samples.len())))
}

fn frames(seconds: f64, rate: SampleRate) -> usize {
    ((seconds * f64::from(rate.hz())) as usize).max(1)
}

/// Raises the first `length` frames out of silence.
fn fade_in(samples: &mut [f32], length: usize) {
    for (n, sample) in samples.iter_mut().take(length).enumerate() {
        *sample *= raised_cosine(n, length);
    }
}

/// Lets the last `length` frames fall into silence.
fn fade_out(samples: &mut [f32], length: usize) {
    for (n, sample) in samples.iter_mut().rev().take(length).enumerate() {
        *sample *= raised_cosine(n, length);
    }
}

fn raised_cosine(n: usize, length: usize) -> f32 {
    0.5 - 0.5 * libm::cosf(PI * n as f32 / length as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Silence, a steady tone, silence; at 1 kHz a frame is a millisecond.
    fn trimmed(before: usize, sound: usize, after: usize) -> Vec<f32> {
        let tone = (0..sound).map(|n| if n % 2 == 0 { 0.5 } else { -0.5 });
        let samples = [vec![0.0; before], tone.collect(), vec![0.0; after]].concat();
        let rate = SampleRate::new(1_000).unwrap();
        trim(&Recording { rate, samples }).unwrap().samples
    }

    #[test]
    fn every_clip_gets_the_same_margin() {
        for (before, after) in [(0, 0), (10, 500), (60, 60), (2_000, 30)] {
            let clip = trimmed(before, 200, after);
            assert_eq!(clip.len(), 60 + 200 + 60, "{before} before, {after} after");
            assert_eq!(clip[59], 0.0);
            assert_eq!(clip[60].abs(), 0.5);
            assert_eq!(clip[259].abs(), 0.5);
            assert_eq!(clip[260], 0.0);
        }
    }

    #[test]
    fn recorded_noise_in_the_margin_is_faded() {
        let noise = vec![0.001; 100];
        let samples = [noise.clone(), vec![0.5; 100], noise].concat();
        let rate = SampleRate::new(1_000).unwrap();
        let clip = trim(&Recording { rate, samples }).unwrap().samples;
        assert_eq!((clip[0], clip[10]), (0.0, 0.001));
        assert_eq!(clip[clip.len() - 1], 0.0);
    }

    #[test]
    fn silence_is_an_error() {
        let rate = SampleRate::new(1_000).unwrap();
        let quiet = |level| trim(&Recording { rate, samples: vec![level; 500] });
        assert_eq!(quiet(0.0), Err(ClipFault::Silent));
        assert_eq!(quiet(0.000_9), Err(ClipFault::Silent)); // -60.9 dBFS
        assert!(quiet(0.001_1).is_ok());
    }
}
