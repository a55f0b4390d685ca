//! Soft rain: a noise from afar, and drops that are near.

use std::f64::consts::TAU;

use super::chance::random;
use super::colour::{Colour, filtered};
use crate::units::{Length, SampleRate};

/// Rain from afar: most of it around 700 Hz, and without the hiss of its upper octaves.
const RAIN: Colour =
    Colour { seed: 2, low_passes_hz: &[1_200.0, 4_500.0], high_passes_hz: &[250.0], gain: 0.0015 };

/// Drops a second, on average and in every second alike.
const DROPS_PER_SECOND: f64 = 320.0;
const RAIN_SEED: u64 = 3;

/// A drop: a sine that swells and dies away, a·sin(2πft)·e^(-t/d)·(1 - e^(-t/r)).
#[derive(Clone, Copy)]
struct Drop {
    /// When it falls, in seconds from the start of the loop.
    at_seconds: f64,
    /// f: 600 to 3600 Hz, mostly in the middle.
    hz: f64,
    /// a, before the swelling.
    amplitude: f64,
    /// d: a higher drop is a smaller one, and over sooner.
    decay_seconds: f64,
}

impl Drop {
    /// r: it takes as long as this to swell, so that it begins without a click.
    const RISE_SECONDS: f64 = 0.001;
    /// It is over when it is 80 dB down, after this many times its decay.
    const DECAYS: f64 = 9.2;
    const LOWEST_HZ: f64 = 600.0;
    /// From the lowest drop to the highest.
    const OCTAVES: f64 = 2.58;
    const LOUDEST: f64 = 0.22;

    /// Drop `index` of `of` in a loop of `seconds`. Each has a stretch of its own to
    /// fall in, so that it never pours and never stops. Most are soft.
    fn new(index: u64, of: u64, seconds: f64) -> Drop {
        let chance = |what: u64| random(RAIN_SEED, index * 4 + what);
        let height = (chance(1) + chance(2)) / 2.0;
        let hz = Self::LOWEST_HZ * libm::exp2(Self::OCTAVES * height);
        let softness = chance(3);
        Drop {
            at_seconds: (index as f64 + chance(0)) * seconds / of as f64,
            hz,
            amplitude: Self::LOUDEST * (0.1 + 0.9 * softness * softness * softness),
            decay_seconds: 4.0 / hz,
        }
    }
}

/// One loop of `length`.
pub fn rain(rate: SampleRate, length: Length) -> Vec<f64> {
    with_drops(filtered(rate, length, &RAIN), rate)
}

/// The loop with drops in it; one that falls at its end rings on at its start.
fn with_drops(mut samples: Vec<f64>, rate: SampleRate) -> Vec<f64> {
    let rate_hz = f64::from(rate.hz());
    let seconds = samples.len() as f64 / rate_hz;
    let drops = (seconds * DROPS_PER_SECOND) as u64;
    for index in 0..drops {
        add_drop(&mut samples, Drop::new(index, drops, seconds), rate_hz);
    }
    samples
}

/// Adds `drop`, which falls between two frames, from the frame after it on. The sine
/// and the two decays are turned on frame by frame, which takes no sines at all.
fn add_drop(samples: &mut [f64], drop: Drop, rate_hz: f64) {
    let first = (drop.at_seconds * rate_hz).ceil();
    let late = first / rate_hz - drop.at_seconds;
    let decay = |seconds: f64, time: f64| libm::exp(-seconds / time);
    let (sine, cosine) = libm::sincos(TAU * drop.hz * late);
    let level = drop.amplitude * decay(late, drop.decay_seconds);
    let (mut y, mut x) = (level * sine, level * cosine);
    let (sine, cosine) = libm::sincos(TAU * drop.hz / rate_hz);
    let shrink = decay(1.0 / rate_hz, drop.decay_seconds);
    let (turn_y, turn_x) = (shrink * sine, shrink * cosine);
    let mut missing = decay(late, Drop::RISE_SECONDS);
    let rise = decay(1.0 / rate_hz, Drop::RISE_SECONDS);
    let frames = (Drop::DECAYS * drop.decay_seconds * rate_hz) as usize;
    let (before, after) = samples.split_at_mut(first as usize % samples.len());
    for sample in after.iter_mut().chain(before).take(frames) {
        *sample += y * (1.0 - missing);
        (y, x) = (y * turn_x + x * turn_y, x * turn_x - y * turn_y);
        missing *= rise;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_at_the_end_rings_on_at_the_start() {
        let drop = |at_seconds| {
            let drop = Drop { at_seconds, hz: 900.0, amplitude: 0.1, decay_seconds: 0.005 };
            let mut samples = vec![0.0; 1_000];
            add_drop(&mut samples, drop, 1_000.0 * 8.0);
            samples
        };
        // At 8 kHz a buffer of 1,000 frames is 0.125 s: 10 frames before its end, and 310.
        let (mut late, early) = (drop(0.123_75), drop(0.086_25));
        late.rotate_left(300);
        assert!(late.iter().zip(&early).all(|(a, b)| (a - b).abs() < 1e-12));
        assert!(early[691..700].iter().all(|sample| *sample != 0.0));
    }

    #[test]
    fn a_drop_is_its_formula() {
        let drop = Drop { at_seconds: 0.01003, hz: 1_234.0, amplitude: 0.2, decay_seconds: 0.004 };
        let mut samples = vec![0.0; 8_000];
        add_drop(&mut samples, drop, 8_000.0);
        for (n, sample) in samples.iter().enumerate().take(370).skip(81) {
            let t = n as f64 / 8_000.0 - 0.01003;
            let swell = 1.0 - (-t / 0.001).exp();
            let expected = 0.2 * (TAU * 1_234.0 * t).sin() * (-t / 0.004).exp() * swell;
            assert!((sample - expected).abs() < 1e-9, "frame {n}");
        }
        assert!(samples[..81].iter().chain(&samples[380..]).all(|sample| *sample == 0.0));
    }
}
