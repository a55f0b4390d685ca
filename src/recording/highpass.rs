//! A high-pass against rumble: traffic, footsteps, a hand on the phone, an offset.

use std::f64::consts::{PI, SQRT_2};

use crate::units::SampleRate;

/// Voices have nothing below this; the lowest men's fundamentals are at about 85 Hz.
pub const CUTOFF_HZ: f64 = 80.0;

/// A Butterworth high-pass of second order, as a stream: one sample in, one out.
///
/// The coefficients are those of R. Bristow-Johnson, "Cookbook formulae for audio EQ
/// biquad filter coefficients", HPF, with Q = 1/√2; the form is transposed direct II:
///
/// ```text
/// y = b0·x + s1
/// s1 = b1·x − a1·y + s2
/// s2 = b2·x − a2·y
/// ```
pub struct HighPass {
    /// `b0` is `b2`, and `b1` is `-2·b0`.
    b0: f64,
    a1: f64,
    a2: f64,
    /// `None` until the first sample, which the filter takes to have gone on for ever: an
    /// offset makes no click at the start.
    state: Option<(f64, f64)>,
}

impl HighPass {
    /// A filter with its -3 dB at [`CUTOFF_HZ`], for a recording at `rate`.
    pub fn new(rate: SampleRate) -> HighPass {
        let angle = 2.0 * PI * CUTOFF_HZ / f64::from(rate.hz());
        let (sine, cosine) = libm::sincos(angle);
        let alpha = sine / SQRT_2;
        let a0 = 1.0 + alpha;
        let b0 = (1.0 + cosine) / 2.0 / a0;
        HighPass { b0, a1: -2.0 * cosine / a0, a2: (1.0 - alpha) / a0, state: None }
    }

    /// The filtered `sample`.
    pub fn next(&mut self, sample: f32) -> f32 {
        let x = f64::from(sample);
        let (s1, s2) = self.state.unwrap_or((-self.b0 * x, self.b0 * x));
        let y = self.b0 * x + s1;
        self.state = Some((-2.0 * self.b0 * x - self.a1 * y + s2, self.b0 * x - self.a2 * y));
        y as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The amplitude of a tone of `hz` after the filter, once it has settled.
    fn passed(hz: f64) -> f64 {
        let rate = SampleRate::new(48_000).unwrap();
        let mut filter = HighPass::new(rate);
        let tone = (0..96_000).map(|n| libm::sin(2.0 * PI * hz * f64::from(n) / 48_000.0) as f32);
        let passed: Vec<f32> = tone.map(|x| filter.next(x)).collect();
        f64::from(passed[48_000..].iter().fold(0.0_f32, |most, x| most.max(x.abs())))
    }

    #[test]
    fn it_has_the_slope_of_butterworth() {
        // |H|² = 1 / (1 + (80/f)⁴).
        for (hz, amplitude) in
            [(20.0, 0.0624), (40.0, 0.2425), (80.0, 1.0 / SQRT_2), (160.0, 0.9701)]
        {
            assert!((passed(hz) - amplitude).abs() < 0.002, "{hz} Hz: {}", passed(hz));
        }
        assert!((passed(1_000.0) - 1.0).abs() < 0.001);
    }

    #[test]
    fn an_offset_makes_no_click() {
        let mut filter = HighPass::new(SampleRate::CD);
        assert!((0..1_000).all(|_| filter.next(0.25).abs() < 1e-6));
    }
}
