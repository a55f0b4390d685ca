//! One sample rate → another, with the resampler's delay removed.

use audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

use crate::units::SampleRate;

/// The least number of frames to work on at once.
const CHUNK: usize = 4096;

/// How many frames `length` frames at rate `from` become at rate `to`.
pub fn resampled_length(length: usize, from: SampleRate, to: SampleRate) -> usize {
    let (from, to) = (u64::from(from.hz()), u64::from(to.hz()));
    (length as u64 * to).div_ceil(from) as usize
}

/// `samples` at rate `to` instead of `from`. Frame 0 stays where it is.
///
/// The chunk is chosen so that both of rubato's transforms have an even size:
/// with an odd one the output stands half a frame off.
pub fn resample(samples: &[f32], from: SampleRate, to: SampleRate) -> Vec<f32> {
    if from == to || samples.is_empty() {
        return samples.to_vec();
    }
    let (hz_in, hz_out) = (from.hz() as usize, to.hz() as usize);
    let even = 2 * hz_in / gcd(hz_in, hz_out);
    let chunk = CHUNK.next_multiple_of(even);
    let length = resampled_length(samples.len(), from, to);
    let resampled = Fft::<f32>::new(hz_in, hz_out, chunk, 1, FixedSync::Both)
        .map_err(|error| error.to_string())
        .and_then(|mut resampler| {
            let input =
                InterleavedSlice::new(samples, 1, samples.len()).map_err(|e| e.to_string())?;
            let output = resampler.process_all(&input, samples.len(), None);
            output.map(|output| output.take_data()).map_err(|e| e.to_string())
        });
    // One channel, a whole buffer and positive rates: rubato has nothing to refuse.
    let mut resampled = resampled.expect("rubato takes every rate and length");
    debug_assert!(resampled.len().abs_diff(length) <= 1, "{} of {length}", resampled.len());
    resampled.resize(length, 0.0);
    resampled
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: [u32; 7] = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000];

    fn rate(hz: u32) -> SampleRate {
        SampleRate::new(hz).unwrap()
    }

    /// A click, band-limited to 3 kHz so that every rate can hold it, at `seconds`.
    fn click(hz: u32, seconds: f64, length: usize) -> Vec<f32> {
        let at = |n: usize| {
            let t = n as f64 / f64::from(hz) - seconds;
            (-(t * 3_000.0).powi(2)).exp() as f32
        };
        (0..length).map(at).collect()
    }

    #[test]
    fn nothing_moves() {
        for from in RATES {
            for to in RATES {
                let length = from as usize / 2;
                let resampled = resample(&click(from, 0.25, length), rate(from), rate(to));
                let expected = click(to, 0.25, resampled.len());
                let worst = resampled.iter().zip(&expected).map(|(a, b)| (a - b).abs());
                let worst = worst.fold(0.0, f32::max);
                assert!(worst < 2e-4, "{from} to {to}: {worst}");
            }
        }
    }

    #[test]
    fn lengths_are_exact() {
        for from in RATES {
            for to in RATES {
                for length in [1, 2, 999, 4_410, 44_100] {
                    let expected =
                        (length as f64 * f64::from(to) / f64::from(from)).ceil() as usize;
                    let resampled = resample(&vec![0.0; length], rate(from), rate(to));
                    assert_eq!(resampled.len(), expected, "{length} frames, {from} to {to}");
                }
            }
        }
    }
}
