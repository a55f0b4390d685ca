//! The shape of every fade: a raised cosine, which has no corner to be heard.

use std::f64::consts::PI;

/// From 0 at `x` = 0 to 1 at `x` = 1, and 1 beyond. Computed by `libm`, so that it is
/// the same number on every machine.
pub fn raised_cosine(x: f64) -> f64 {
    if x >= 1.0 { 1.0 } else { 0.5 - 0.5 * libm::cos(PI * x) }
}

/// Raises the first `length` frames out of silence.
pub fn fade_in(samples: &mut [f32], length: usize) {
    for (n, sample) in samples.iter_mut().take(length).enumerate() {
        *sample *= raised_cosine(n as f64 / length as f64) as f32;
    }
}

/// Lets the last `length` frames fall into silence.
pub fn fade_out(samples: &mut [f32], length: usize) {
    for (n, sample) in samples.iter_mut().rev().take(length).enumerate() {
        *sample *= raised_cosine(n as f64 / length as f64) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rises_evenly_from_nothing_to_all() {
        for (x, y) in
            [(0.0, 0.0), (1.0 / 3.0, 0.25), (0.5, 0.5), (2.0 / 3.0, 0.75), (1.0, 1.0), (9.0, 1.0)]
        {
            assert!((raised_cosine(x) - y).abs() < 1e-12, "{x}");
        }
    }
}
