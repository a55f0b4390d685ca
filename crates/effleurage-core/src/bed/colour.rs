//! Noise of a colour, without a seam.

use std::f64::consts::TAU;
use std::time::Duration;

use super::chance::{random, signed};
use crate::units::{Length, SampleRate};

/// What filters are given to forget that they began with nothing: at 30 Hz they forget
/// 190 times a second, each time all but 1/e.
const SETTLING: Duration = Duration::from_millis(500);

/// A noise in terms of the filters of one pole that make it out of white noise.
pub struct Colour {
    /// Its own white noise is told apart by this.
    pub seed: u64,
    /// Corners of low-passes, in hertz. Each takes 6 dB an octave above.
    pub low_passes_hz: &'static [f64],
    /// Corners of high-passes, in hertz. Each takes 6 dB an octave below.
    pub high_passes_hz: &'static [f64],
    /// The factor at the end, for white noise of one unit of power a hertz.
    pub gain: f64,
}

/// One loop of `length` frames of noise of this `colour`. The white noise begins again with every loop,
/// and the filters have run before, so the result is periodic, too.
pub fn filtered(rate: SampleRate, length: Length, colour: &Colour) -> Vec<f64> {
    let length = length.0;
    let settling = rate.length_of(SETTLING).0;
    let hz = f64::from(rate.hz());
    let pole = |corner: &f64| Pole { share: 1.0 - libm::exp(-TAU * corner / hz), state: 0.0 };
    let mut low: Vec<Pole> = colour.low_passes_hz.iter().map(pole).collect();
    let mut high: Vec<Pole> = colour.high_passes_hz.iter().map(pole).collect();
    // White noise from -1 to 1 has a power of 1/3, spread over half the rate.
    let gain = colour.gain * libm::sqrt(1.5 * hz);
    let mut filter = |n: u64| {
        let white = gain * signed(random(colour.seed, n % length));
        let lowered = low.iter_mut().fold(white, |sample, pole| pole.low(sample));
        high.iter_mut().fold(lowered, |sample, pole| sample - pole.low(sample))
    };
    (length - settling..length).for_each(|n| _ = filter(n));
    (0..length).map(filter).collect()
}

/// A low-pass of one pole.
struct Pole {
    /// The share of the way to the new sample that is gone in each frame.
    share: f64,
    state: f64,
}

impl Pole {
    fn low(&mut self, sample: f64) -> f64 {
        self.state += self.share * (sample - self.state);
        self.state
    }
}

#[cfg(test)]
mod tests {
    use super::super::brown::BROWN;
    use super::*;

    const LOW: SampleRate = SampleRate::new(8_000).unwrap();

    #[test]
    fn filters_have_forgotten_how_they_began() {
        // One more turn over the same white noise comes to the same numbers.
        let once = filtered(LOW, Length(217_464), &BROWN);
        let hz = f64::from(LOW.hz());
        let share = |corner| 1.0 - libm::exp(-TAU * corner / hz);
        let mut poles = [40.0, 30.0, 30.0].map(|hz| Pole { share: share(hz), state: 0.0 });
        let gain = BROWN.gain * libm::sqrt(1.5 * hz);
        let length = once.len() as u64;
        for n in 0..length + 100 {
            let white = gain * signed(random(BROWN.seed, n % length));
            let [low, first, second] = &mut poles;
            let lowered = low.low(white);
            let higher = lowered - first.low(lowered);
            let sample = higher - second.low(higher);
            if n >= length {
                assert!((sample - once[(n - length) as usize]).abs() < 1e-12, "frame {n}");
            }
        }
    }
}
