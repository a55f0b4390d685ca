//! Brings a clip to the pack's loudness.

use anyhow::{Result, ensure};
use ebur128::{EbuR128, Mode};

use crate::SAMPLE_RATE_HZ;
use crate::trim::milliseconds;

const TARGET_LUFS: f64 = -23.0;
const HIGHEST_PEAK_DBFS: f64 = -1.5;
/// ITU-R BS.1770 measures blocks of 400 ms, so a shorter clip has no loudness.
const SHORTEST_MEASURED: usize = milliseconds(400);

/// Changes the gain so that the clip has the pack's loudness, or as much of it
/// as its highest peak allows.
pub fn level(samples: &mut [f64]) -> Result<()> {
    let loudness_lufs = integrated_loudness_lufs(samples)?;
    ensure!(loudness_lufs.is_finite(), "the clip is silent");
    let gain_db = (TARGET_LUFS - loudness_lufs).min(HIGHEST_PEAK_DBFS - peak_dbfs(samples));
    let gain = libm::pow(10.0, gain_db / 20.0);
    samples.iter_mut().for_each(|sample| *sample *= gain);
    Ok(())
}

/// Rounded to hundredths: the meter computes with the platform's own
/// logarithm, and its last bit must not reach the samples.
fn integrated_loudness_lufs(samples: &[f64]) -> Result<f64> {
    let mut padded = samples.to_vec();
    padded.resize(samples.len().max(SHORTEST_MEASURED), 0.0);
    let mut meter = EbuR128::new(1, SAMPLE_RATE_HZ, Mode::I)?;
    meter.add_frames_f64(&padded)?;
    Ok((meter.loudness_global()? * 100.0).round() / 100.0)
}

fn peak_dbfs(samples: &[f64]) -> f64 {
    let peak = samples.iter().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
    20.0 * libm::log10(peak)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(seconds: f64) -> Vec<f64> {
        let step = std::f64::consts::TAU * 1_000.0 / f64::from(SAMPLE_RATE_HZ);
        let length = (seconds * f64::from(SAMPLE_RATE_HZ)) as u32;
        (0..length).map(|n| 0.01 * libm::sin(step * f64::from(n))).collect()
    }

    /// In mono a sine of 1 kHz has a loudness 3 dB below its peak level.
    #[test]
    fn a_sine_ends_up_at_the_target() {
        let mut samples = sine(2.0);
        level(&mut samples).unwrap();
        let found = peak_dbfs(&samples);
        assert!((found + 20.0).abs() < 0.1, "{found} dBFS");
    }

    #[test]
    fn a_short_clip_has_a_loudness() {
        assert!(level(&mut sine(0.2)).is_ok());
    }

    #[test]
    fn a_peaky_clip_stays_below_the_highest_peak() {
        let mut samples = sine(2.0);
        samples[16_000] = 1.0;
        level(&mut samples).unwrap();
        assert!(peak_dbfs(&samples) < HIGHEST_PEAK_DBFS + 1e-9);
    }

    #[test]
    fn silence_is_an_error() {
        assert!(level(&mut vec![0.0; 16_000]).is_err());
    }
}
