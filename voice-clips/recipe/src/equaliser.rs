//! Filters of the second order, after Robert Bristow-Johnson's
//! "Audio EQ Cookbook": the same ones as in SoX.

use biquad::{Biquad, Coefficients, DirectForm1, Q_BUTTERWORTH_F64, Type};

use crate::SAMPLE_RATE_HZ;

#[derive(Clone, Copy, Debug)]
pub enum Band {
    /// Takes away what lies below the voice.
    HighPass { hz: f64 },
    /// A bell around one frequency.
    Peak { hz: f64, q: f64, db: f64 },
    /// Lifts everything above; `slope` 1 is the steepest without a bump.
    HighShelf { hz: f64, slope: f64, db: f64 },
}

/// Sends the samples through all bands, one after another.
pub fn equalise(samples: &mut [f64], bands: &[Band]) {
    for band in bands {
        let mut filter = DirectForm1::<f64>::new(band.coefficients());
        for sample in samples.iter_mut() {
            *sample = filter.run(*sample);
        }
    }
}

impl Band {
    fn coefficients(self) -> Coefficients<f64> {
        let (kind, hz, q) = match self {
            Self::HighPass { hz } => (Type::HighPass, hz, Q_BUTTERWORTH_F64),
            Self::Peak { hz, q, db } => (Type::PeakingEQ(db), hz, q),
            Self::HighShelf { hz, slope, db } => (Type::HighShelf(db), hz, shelf_q(slope, db)),
        };
        let nyquist_hz = f64::from(SAMPLE_RATE_HZ) / 2.0;
        Coefficients::from_normalized_params(kind, hz / nyquist_hz, q)
            .expect("every band lies below 8 kHz and has a positive Q")
    }
}

/// The cookbook's conversion of a shelf's slope into a Q.
fn shelf_q(slope: f64, db: f64) -> f64 {
    let a = libm::pow(10.0, db / 40.0);
    1.0 / libm::sqrt((a + 1.0 / a) * (1.0 / slope - 1.0) + 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gain in dB of one band at one frequency, measured with a sine.
    fn gain_db(band: Band, hz: f64) -> f64 {
        let step = std::f64::consts::TAU * hz / f64::from(SAMPLE_RATE_HZ);
        let mut sine: Vec<f64> = (0..32_000).map(|n| libm::sin(step * f64::from(n))).collect();
        let before = power(&sine);
        equalise(&mut sine, &[band]);
        10.0 * libm::log10(power(&sine) / before)
    }

    /// Mean square of the second half, after the filter has settled.
    fn power(samples: &[f64]) -> f64 {
        let settled = &samples[samples.len() / 2..];
        settled.iter().map(|sample| sample * sample).sum::<f64>() / settled.len() as f64
    }

    #[test]
    fn bands_have_the_gain_they_are_named_for() {
        let peak = Band::Peak { hz: 2_000.0, q: 1.0, db: 6.0 };
        let shelf = Band::HighShelf { hz: 2_000.0, slope: 0.7, db: 8.0 };
        let high_pass = Band::HighPass { hz: 60.0 };
        let table = [
            (peak, 2_000.0, 6.0),
            (peak, 20.0, 0.0),
            (shelf, 2_000.0, 4.0), // half of it at the corner
            (shelf, 7_990.0, 8.0),
            (high_pass, 60.0, -3.01),
            (high_pass, 4_000.0, 0.0),
        ];
        for (band, hz, expected_db) in table {
            let found_db = gain_db(band, hz);
            assert!((found_db - expected_db).abs() < 0.01, "{band:?} at {hz} Hz: {found_db} dB");
        }
    }
}
