//! Brown noise, like a distant waterfall.

use super::colour::{Colour, filtered};
use crate::units::{Length, SampleRate};

/// -6 dB an octave above 40 Hz; below 30 Hz, where it would only shake, -12 dB.
pub const BROWN: Colour =
    Colour { seed: 1, low_passes_hz: &[40.0], high_passes_hz: &[30.0, 30.0], gain: 0.02 };

/// One loop of `length`.
pub fn brown(rate: SampleRate, length: Length) -> Vec<f64> {
    filtered(rate, length, &BROWN)
}
