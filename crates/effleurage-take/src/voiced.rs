//! Whether a sound has a pitch, as every voice has: coughs, breath and doors have none.

use std::f64::consts::PI;

use crate::fft::Fft;
use crate::spectrum::RATE_HZ;

/// A moment is looked at in a window this long, once for so many samples.
const WINDOW: usize = 512;
const STEP: usize = 160;
/// Voices have a pitch between these …
const PITCH_HZ: (usize, usize) = (75, 400);
/// … that is heard in this band, in which doors and hum have little.
const BAND_HZ: (usize, usize) = (350, 2_500);
/// By an autocorrelation above this, in so many moments at least.
const PITCHED: f32 = 0.5;
const FEWEST: usize = 3;

/// What tells whether sounds are voiced.
pub struct Voicing {
    fft: Fft,
    window: Vec<f32>,
    /// Of each lag that is looked at, the cosines of the lines of the band.
    cosines: Vec<Vec<f32>>,
}

impl Voicing {
    /// For samples at [`crate::spectrum::RATE`].
    pub fn new() -> Voicing {
        let hann =
            |n: usize| (0.5 - 0.5 * libm::cos(2.0 * PI * (n as f64 + 0.5) / WINDOW as f64)) as f32;
        let lags = RATE_HZ / PITCH_HZ.1..=RATE_HZ / PITCH_HZ.0;
        let cosine = |lag: usize, line: usize| {
            libm::cos(2.0 * PI * (lag * line % WINDOW) as f64 / WINDOW as f64) as f32
        };
        let cosines = lags.map(|lag| lines().map(|line| cosine(lag, line)).collect()).collect();
        Voicing { fft: Fft::new(WINDOW), window: (0..WINDOW).map(hann).collect(), cosines }
    }

    /// Whether any part of a sound is a voice.
    pub fn is_voiced(&self, sound: &[f32]) -> bool {
        let moments = sound.windows(WINDOW).step_by(STEP);
        moments.filter(|moment| self.pitched(moment) >= PITCHED).take(FEWEST).count() >= FEWEST
    }

    /// How alike a moment is to itself, a period later.
    fn pitched(&self, moment: &[f32]) -> f32 {
        let mut pair: Vec<(f32, f32)> =
            moment.iter().zip(&self.window).map(|(x, weight)| (x * weight, 0.0)).collect();
        let powers = self.fft.powers(&mut pair);
        let band: Vec<f32> = lines().map(|line| powers[line].0).collect();
        let all: f32 = band.iter().sum();
        let at = |cosines: &Vec<f32>| band.iter().zip(cosines).map(|(a, b)| a * b).sum::<f32>();
        self.cosines.iter().map(at).fold(0.0, f32::max) / all.max(1e-12)
    }
}

fn lines() -> std::ops::Range<usize> {
    BAND_HZ.0 * WINDOW / RATE_HZ..BAND_HZ.1 * WINDOW / RATE_HZ
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pitch_is_heard_and_noise_has_none() {
        let pulses: Vec<f32> = (0..4_000).map(|n| if n % 130 < 3 { 0.5 } else { 0.0 }).collect();
        let mut state = 1_u32;
        let mut chance = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let noise: Vec<f32> = (0..4_000).map(|_| chance()).collect();
        let thump: Vec<f32> =
            (0..4_000).map(|n| 0.5 * (n as f32 * 0.05).sin() + 0.02 * chance()).collect();
        let voicing = Voicing::new();
        assert!(voicing.is_voiced(&pulses));
        assert!(!voicing.is_voiced(&noise));
        assert!(!voicing.is_voiced(&thump));
        assert!(!voicing.is_voiced(&pulses[..100]));
    }
}
