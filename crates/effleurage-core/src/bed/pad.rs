//! A soft chord that stands still: tones that come and go one by one, so slowly that
//! nobody hears one begin.

use std::f64::consts::TAU;
use std::time::Duration;

use super::chance::random;
use crate::units::Length;

/// Two loops of the noises.
pub const LASTS: Duration = Duration::from_millis(54_366);

/// A tone of the chord.
struct Tone {
    /// Its frequency, as a multiple of [`UNIT_HZ`].
    multiple: f64,
    amplitude: f64,
    /// How often it grows and shrinks in a loop: two rhythms, one over the other.
    drifts: [u64; 2],
}

const fn tone(multiple: f64, amplitude: f64, drifts: [u64; 2]) -> Tone {
    Tone { multiple, amplitude, drifts }
}

/// An eighth of the chimes' lowest tone of 396 Hz: the chord is pure with them, and no
/// two of its tones are close enough to beat.
const UNIT_HZ: f64 = 49.5;

/// Root and fifth, twice an octave higher, and a ninth that is hardly there: 99 to
/// 792 Hz. Above 198 Hz each is softer by about as much as it is higher.
const TONES: [Tone; 8] = [
    tone(2.0, 0.34, [3, 5]),
    tone(3.0, 0.30, [4, 7]),
    tone(4.0, 0.50, [5, 3]),
    tone(6.0, 0.34, [7, 4]),
    tone(8.0, 0.24, [3, 7]),
    tone(9.0, 0.07, [5, 4]),
    tone(12.0, 0.14, [4, 3]),
    tone(16.0, 0.06, [7, 5]),
];

/// How strong the two drifts of a tone are beside it: it never goes quite away.
const DRIFT: [f64; 2] = [0.2, 0.15];
const SEED: u64 = 6;
/// The sum of all amplitudes is 1.99, and 2.69 with their drifts.
const GAIN: f64 = 0.3;
/// Frames that are turned on one from the other; then the angle is computed anew.
const TURNED: usize = 1_024;

/// A sine that has a whole number of periods in the loop.
#[derive(Clone, Copy)]
struct Sine {
    cycles: u64,
    amplitude: f64,
    /// Where it starts, as a share of a period.
    phase: f64,
}

/// One loop of `length`, which is [`LASTS`].
pub fn pad(length: Length) -> Vec<f64> {
    let mut samples = vec![0.0; length.0 as usize];
    sines().for_each(|sine| add(&mut samples, sine));
    samples
}

/// Every tone with what makes it drift: a sine a few periods beside it grows and shrinks
/// with it as often in a loop.
fn sines() -> impl Iterator<Item = Sine> {
    TONES.iter().zip(0..).flat_map(|(tone, index)| {
        let cycles = (tone.multiple * UNIT_HZ * LASTS.as_secs_f64()).round() as u64;
        let [above, below] = tone.drifts;
        let [strong, weak] = DRIFT.map(|drift| drift * tone.amplitude);
        let places = [(cycles, tone.amplitude), (cycles + above, strong), (cycles - below, weak)];
        places.into_iter().zip(0..).map(move |((cycles, amplitude), n)| Sine {
            cycles,
            amplitude: GAIN * amplitude,
            phase: random(SEED, index * 3 + n),
        })
    })
}

/// Adds `sine`, whose loop `samples` is.
fn add(samples: &mut [f64], sine: Sine) {
    let length = samples.len() as u64;
    let (turn_y, turn_x) = libm::sincos(TAU * sine.cycles as f64 / length as f64);
    for (block, samples) in samples.chunks_mut(TURNED).enumerate() {
        // Whole periods are taken away in whole numbers, so that no rounding adds up.
        let periods = sine.cycles * (block * TURNED) as u64 % length;
        let angle = TAU * (sine.phase + periods as f64 / length as f64);
        let (mut y, mut x) = libm::sincos(angle);
        (y, x) = (sine.amplitude * y, sine.amplitude * x);
        for sample in samples {
            *sample += y;
            (y, x) = (y * turn_x + x * turn_y, x * turn_x - y * turn_y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_is_its_formula_and_comes_back_to_its_start() {
        let sine = Sine { cycles: 1_234, amplitude: 0.2, phase: 0.3 };
        let mut samples = vec![0.0; 10_000];
        add(&mut samples, sine);
        for (n, sample) in samples.iter().enumerate() {
            let expected = 0.2 * (TAU * (0.3 + 0.1234 * n as f64)).sin();
            assert!((sample - expected).abs() < 1e-10, "frame {n}");
        }
    }

    #[test]
    fn every_tone_is_in_tune_with_the_chimes() {
        // The chord of 99 Hz in just intonation; a cent is 0.058 % of a frequency.
        let chord = [99.0, 148.5, 198.0, 297.0, 396.0, 445.5, 594.0, 792.0];
        let hz = sines().step_by(3).map(|sine| sine.cycles as f64 / 54.366);
        for (hz, expected) in hz.zip(chord) {
            assert!((1_200.0 * (hz / expected).log2()).abs() < 0.2, "{hz} for {expected}");
        }
    }

    #[test]
    fn a_tone_drifts_too_slowly_to_beat() {
        // Every sine within a second's hearing of a tone is less than 0.25 Hz beside it.
        let cycles: Vec<u64> = sines().map(|sine| sine.cycles).collect();
        for tone in cycles.chunks(3) {
            let beside = tone[1..].iter().map(|other| other.abs_diff(tone[0]) as f64 / 54.366);
            assert!(beside.fold(0.0, f64::max) < 0.25);
        }
        let tones: Vec<u64> = cycles.iter().step_by(3).copied().collect();
        assert!(tones.windows(2).all(|pair| (pair[1] - pair[0]) as f64 / 54.366 > 49.0));
    }
}
