//! What a recording is like, before anything is done to it.

use std::time::Duration;

use crate::units::{Decibels, Length, Lufs, SampleRate};
use crate::voice::loudness::{loudness, true_peak};
use crate::voice::{Recording, clipping::clipped, trim};

/// What was measured of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// From its first sample to its last.
    pub lasts: Duration,
    /// Frames a second.
    pub rate: SampleRate,
    /// How loud it is, as heard from two loudspeakers; none where nothing can be heard.
    pub loudness: Option<Lufs>,
    /// The true peak.
    pub peak: Decibels,
    /// The level of its quietest moments, relative to full scale.
    pub floor: Decibels,
    /// How many stretches lie at the limit of the recording, where a wave would go on.
    pub clipped: usize,
    /// Whether it begins in the middle of a sound.
    pub cut_at_start: bool,
    /// Whether it ends in the middle of a sound.
    pub cut_at_end: bool,
}

/// The floor is that of the quietest windows, as a share of all.
const QUIETEST_SHARE: f64 = 0.03;
/// Levels are looked at in windows this long.
const WINDOW: Duration = Duration::from_millis(20);
/// An edge is cut where it is no softer than this below the loudness.
const CUT: Decibels = Decibels(-12.0);

/// Measures `recording`.
pub fn measure(recording: &Recording) -> Measured {
    let Recording { samples, rate } = recording;
    // An offset is neither noise nor speech at the ends; and it is taken off in a render.
    let levels = window_levels(&trim::without_offset(samples, *rate), *rate);
    let loudness = loudness(samples, *rate);
    let cut = |window: Option<&Decibels>| match (window, loudness) {
        (Some(level), Some(Lufs(loudness))) => level.0 > loudness + CUT.0,
        _ => false,
    };
    Measured {
        lasts: rate.duration_of(Length(samples.len() as u64)),
        rate: *rate,
        loudness,
        peak: true_peak(samples, *rate),
        floor: floor(&levels),
        clipped: clipped(samples, *rate),
        cut_at_start: cut(levels.first()),
        cut_at_end: cut(levels.last()),
    }
}

/// The root mean square of every whole window.
fn window_levels(samples: &[f32], rate: SampleRate) -> Vec<Decibels> {
    let window = rate.length_of(WINDOW).0.max(1) as usize;
    let level = |window: &[f32]| {
        let power: f64 = window.iter().map(|sample| f64::from(*sample).powi(2)).sum();
        Decibels::from_amplitude((power / window.len() as f64).sqrt().max(1e-6))
    };
    samples.chunks_exact(window).map(level).collect()
}

fn floor(levels: &[Decibels]) -> Decibels {
    let mut levels: Vec<f64> = levels.iter().map(|level| level.0).collect();
    levels.sort_by(f64::total_cmp);
    let index = (levels.len() as f64 * QUIETEST_SHARE) as usize;
    Decibels(levels.get(index).copied().unwrap_or(-120.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate::new(8_000).unwrap();

    fn tone(amplitude: f32, frames: usize) -> Vec<f32> {
        (0..frames).map(|n| amplitude * (n as f32 * 0.7).sin()).collect()
    }

    fn measured(parts: &[Vec<f32>]) -> Measured {
        measure(&Recording { rate: RATE, samples: parts.concat() })
    }

    #[test]
    fn length_and_floor_are_those_of_the_recording() {
        // A second of tone between silences with noise 60 dB below full scale.
        let noise: Vec<f32> = (0..4_000).map(|n| if n % 2 == 0 { 1e-3 } else { -1e-3 }).collect();
        let found = measured(&[noise.clone(), tone(0.3, 8_000), noise]);
        assert_eq!(found.lasts, Duration::from_secs(2));
        assert!((found.floor.0 + 60.0).abs() < 0.1, "{}", found.floor.0);
        assert!(!found.cut_at_start && !found.cut_at_end && found.clipped == 0);
    }

    #[test]
    fn a_sound_that_begins_or_ends_with_its_file_is_cut_off() {
        let silence = vec![0.0; 4_000];
        let begins = measured(&[tone(0.3, 8_000), silence.clone()]);
        assert!(begins.cut_at_start && !begins.cut_at_end);
        let ends = measured(&[silence, tone(0.3, 8_000)]);
        assert!(!ends.cut_at_start && ends.cut_at_end);
    }

    #[test]
    fn an_offset_is_neither_noise_nor_speech() {
        let noise: Vec<f32> = (0..4_000).map(|n| if n % 2 == 0 { 1e-3 } else { -1e-3 }).collect();
        let still = [noise.clone(), tone(0.3, 8_000), noise].concat();
        let moved = still.iter().map(|sample| sample + 0.02).collect();
        let (still, moved) = (measured(&[still]), measured(&[moved]));
        assert!((still.floor.0 - moved.floor.0).abs() < 0.5, "{} dB", moved.floor.0);
        assert!(!moved.cut_at_start && !moved.cut_at_end);
    }

    #[test]
    fn tops_that_are_cut_flat_are_counted() {
        let hard: Vec<f32> = tone(4.0, 8_000).into_iter().map(|x| x.clamp(-1.0, 1.0)).collect();
        // 0.7 radians a frame: a top above a quarter of 4 is 3 or 4 frames wide.
        assert!(measured(&[hard]).clipped > 100);
        assert_eq!(measured(&[tone(1.0, 8_000)]).clipped, 0);
    }
}
