//! Waves on a shore, heard from the dunes: noise that swells and ebbs, slowly.

use std::time::Duration;

use super::colour::{Colour, filtered};
use crate::fade::raised_cosine;
use crate::units::{Length, SampleRate};

/// One wave, from trough to trough.
struct Wave {
    seconds: f64,
    /// How high it is, beside the highest.
    height: f64,
}

const fn wave(seconds: f64, height: f64) -> Wave {
    Wave { seconds, height }
}

/// The waves of a loop. No two are alike, so that nobody counts or breathes along.
const WAVES: [Wave; 6] = [
    wave(8.6, 0.85),
    wave(7.2, 0.7),
    wave(10.9, 1.0),
    wave(9.3, 0.8),
    wave(7.5, 0.75),
    wave(10.866, 0.95),
];

/// All of them together.
pub const LASTS: Duration = Duration::from_millis(54_366);

/// The share of a wave in which it rises.
const RISE: f64 = 0.42;
/// The foam comes after the swell.
const FOAM_AFTER_SECONDS: f64 = 0.9;
/// What is left of the swell, and of the foam, in a trough.
const LEAST_SWELL: f64 = 0.6;
const LEAST_FOAM: f64 = 0.3;

/// The water itself: deep, without rumble.
pub const SWELL: Colour = Colour {
    seed: 4,
    low_passes_hz: &[350.0, 1_200.0],
    high_passes_hz: &[70.0, 70.0],
    gain: 0.004,
};

/// What runs up the sand: brighter, without hiss.
const FOAM: Colour =
    Colour { seed: 5, low_passes_hz: &[1_500.0, 3_500.0], high_passes_hz: &[450.0], gain: 0.0022 };

/// One loop of `length`, which is [`LASTS`].
pub fn waves(rate: SampleRate, length: Length) -> Vec<f64> {
    let swell = filtered(rate, length, &SWELL);
    let foam = filtered(rate, length, &FOAM);
    let loop_seconds = LASTS.as_secs_f64();
    let sample = |(n, (swell, foam)): (usize, (&f64, &f64))| {
        let at = n as f64 / f64::from(rate.hz());
        let later = if at < FOAM_AFTER_SECONDS { at + loop_seconds } else { at };
        let breaks = risen(later - FOAM_AFTER_SECONDS);
        let swells = LEAST_SWELL + (1.0 - LEAST_SWELL) * risen(at);
        let foams = LEAST_FOAM + (1.0 - LEAST_FOAM) * breaks * breaks;
        swell * swells + foam * foams
    };
    swell.iter().zip(&foam).enumerate().map(sample).collect()
}

/// How far the water has risen at `seconds` from the start of the loop: from 0 in a
/// trough to the height of the wave and back, in raised cosines.
fn risen(seconds: f64) -> f64 {
    let mut into = seconds;
    for wave in &WAVES {
        if into < wave.seconds {
            let x = into / wave.seconds;
            let shape = raised_cosine(x / RISE) * raised_cosine((1.0 - x) / (1.0 - RISE));
            return wave.height * shape;
        }
        into -= wave.seconds;
    }
    // The last frame may be rounded past the last trough.
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waves_fill_the_loop() {
        let together: f64 = WAVES.iter().map(|wave| wave.seconds).sum();
        assert!((together - LASTS.as_secs_f64()).abs() < 1e-9, "{together}");
        assert!(WAVES.iter().all(|wave| (7.0..13.0).contains(&wave.seconds)));
    }

    #[test]
    fn the_water_is_calm_between_waves_and_never_jumps() {
        // 8.6 s is the first trough; 42 % of 8.6 s is 3.612 s.
        for (seconds, height) in [(0.0, 0.0), (8.6, 0.0), (3.612, 0.85), (54.366, 0.0)] {
            assert!((risen(seconds) - height).abs() < 1e-9, "{seconds} s: {}", risen(seconds));
        }
        // The steepest rise is π/2 of the height in the time it takes: less than 0.6 a second.
        let steps =
            (0..54_366).map(|ms| risen(f64::from(ms + 1) / 1e3) - risen(f64::from(ms) / 1e3));
        assert!(steps.fold(0.0, |most: f64, step| most.max(step.abs())) < 0.6 / 1e3);
    }
}
