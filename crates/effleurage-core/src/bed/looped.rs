//! A person's recording as a loop.

use std::f64::consts::FRAC_PI_2;
use std::time::Duration;

use crate::units::SampleRate;

/// The longest crossfade of a recording into itself.
const CROSSFADE: Duration = Duration::from_secs(2);

/// A person's `recording` (mono, at `rate`) as a loop: its end is crossfaded into its
/// start, in 2 s or a quarter of it, whichever is shorter, and it is shorter by as much.
/// The crossfade is of equal power, so the sum of two peaks can be √2 of one. `None`
/// for a recording shorter than a second.
pub fn looped(recording: &[f32], rate: SampleRate) -> Option<Vec<f32>> {
    if recording.len() < rate.hz() as usize {
        return None;
    }
    let crossfade = (recording.len() / 4).min(rate.length_of(CROSSFADE).0 as usize);
    let (kept, end) = recording.split_at(recording.len() - crossfade);
    let mut samples = kept.to_vec();
    for (n, (start, end)) in samples.iter_mut().zip(end).enumerate() {
        let x = (n as f64 + 0.5) / crossfade as f64;
        let (rising, falling) = libm::sincos(FRAC_PI_2 * x);
        *start = (f64::from(*start) * rising + f64::from(*end) * falling) as f32;
    }
    Some(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_crossfaded_into_itself() {
        // At 4 Hz two seconds are 8 frames, and a quarter of them is 2. The crossfade
        // stands at 22.5° and 67.5°, whose sines are 0.382683 and 0.923880.
        let recording = [0.5, 0.5, 0.1, 0.2, 0.3, 0.4, 0.25, 0.25];
        let looped = looped(&recording, SampleRate::new(4).unwrap()).unwrap();
        let expected = [0.422_311_6, 0.557_610_7, 0.1, 0.2, 0.3, 0.4];
        assert_eq!(looped.len(), expected.len());
        for (sample, expected) in looped.iter().zip(expected) {
            assert!((sample - expected).abs() < 1e-6, "{sample} for {expected}");
        }
    }

    #[test]
    fn a_crossfade_has_two_seconds_at_most_and_a_recording_one_at_least() {
        let rate = SampleRate::new(4).unwrap();
        let length = |frames| looped(&vec![0.5; frames], rate).map(|looped| looped.len());
        // 40 frames less 8, not less 10; 4 less 1; 3 are no second.
        assert_eq!([length(40), length(4), length(3), length(0)], [Some(32), Some(3), None, None]);
    }
}
