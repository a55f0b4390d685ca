//! The chimes that open and close a track, computed.

use std::f64::consts::TAU;

use crate::fade::raised_cosine;
use crate::timeline::ChimeKind;
use crate::units::{Decibels, Length, SampleRate};

/// A fifth and an octave over the lowest tone: calm, and no melody.
const TONES_HZ: [f64; 3] = [396.0, 594.0, 792.0];
const AMPLITUDES: [f64; 3] = [0.5, 0.3, 0.2];
const LEVEL: Decibels = Decibels(-17.0);

/// The samples of a chime of `length`.
pub fn samples(kind: ChimeKind, length: Length, rate: SampleRate) -> Vec<f32> {
    let frames_per_second = f64::from(rate.hz());
    let seconds = length.0 as f64 / frames_per_second;
    let level = LEVEL.as_amplitude();
    let sample = |n: u64| {
        let t = (n as f64 + 0.5) / frames_per_second;
        let tones =
            TONES_HZ.iter().zip(AMPLITUDES).filter(|(hz, _)| **hz < frames_per_second / 2.0);
        let tone: f64 = tones.map(|(hz, amplitude)| amplitude * libm::sin(TAU * hz * t)).sum();
        (level * tone * envelope(kind, t, seconds)) as f32
    };
    (0..length.0).map(sample).collect()
}

/// The opening chime swells and ebbs; the closing one is struck softly and rings.
fn envelope(kind: ChimeKind, t: f64, seconds: f64) -> f64 {
    let x = t / seconds;
    match kind {
        ChimeKind::Opening => raised_cosine(x / 0.6) * raised_cosine((1.0 - x) / 0.4),
        ChimeKind::Closing => {
            raised_cosine(t / 0.03) * libm::exp(-t / 0.7) * raised_cosine((1.0 - x) / 0.5)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opening_rises_out_of_silence_and_falls_back() {
        let chime = samples(ChimeKind::Opening, Length(44_100), SampleRate::CD);
        let peak = |range: std::ops::Range<usize>| {
            chime[range].iter().fold(0.0_f32, |peak, x| peak.max(x.abs()))
        };
        assert_eq!(chime.len(), 44_100);
        assert!(peak(0..441) < 1e-4 && peak(43_659..44_100) < 1e-3);
        assert!(
            peak(0..10_000) < peak(10_000..20_000) && peak(10_000..20_000) < peak(20_000..30_000)
        );
    }

    #[test]
    fn the_closing_rings_out() {
        let chime = samples(ChimeKind::Closing, Length(110_250), SampleRate::CD);
        assert!(chime[0].abs() < 1e-4 && chime[110_249].abs() < 1e-6);
    }
}
