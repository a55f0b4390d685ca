//! Cuts the silence off both ends of a sentence.

use crate::SAMPLE_RATE_HZ;

/// Level is judged over 10 ms at a time.
const WINDOW: usize = milliseconds(10);
/// Speech is what comes within 38 dB of the loudest 10 ms.
const THRESHOLD_DB: f64 = -38.0;
/// What is kept around it. A first "f" or "th" is fainter than the threshold
/// for up to 54 ms, a last "n" or "l" for up to 131 ms.
const HEAD: usize = milliseconds(60);
const TAIL: usize = milliseconds(140);
/// Short enough not to be heard, long enough not to click.
const FADE_IN: usize = milliseconds(5);
const FADE_OUT: usize = milliseconds(30);

/// A length in frames.
pub const fn milliseconds(ms: usize) -> usize {
    ms * SAMPLE_RATE_HZ as usize / 1_000
}

/// The speech alone, between soft edges. Silence comes back empty.
pub fn trim(samples: &[f64]) -> Vec<f64> {
    // A sentence may begin at once, yet every clip shall have the same head.
    let before = [0.0; HEAD + WINDOW];
    let after = [0.0; TAIL + WINDOW];
    let padded = [&before, samples, &after].concat();
    let Some((first, last)) = speech_range(&padded) else {
        return Vec::new();
    };
    let mut speech = padded[first - HEAD..last + TAIL].to_vec();
    fade(&mut speech);
    speech
}

/// Centres of the first and the last window that hold speech.
fn speech_range(samples: &[f64]) -> Option<(usize, usize)> {
    let powers: Vec<f64> = samples.windows(WINDOW).map(power).collect();
    let loudest = powers.iter().copied().fold(0.0, f64::max);
    let threshold = loudest * libm::pow(10.0, THRESHOLD_DB / 10.0);
    let first = powers.iter().position(|&power| power > threshold)?;
    let last = powers.iter().rposition(|&power| power > threshold)?;
    Some((first + WINDOW / 2, last + WINDOW / 2))
}

fn power(window: &[f64]) -> f64 {
    window.iter().map(|sample| sample * sample).sum()
}

fn fade(samples: &mut [f64]) {
    let rise = samples.iter_mut().take(FADE_IN);
    ramp(rise, FADE_IN);
    let fall = samples.iter_mut().rev().take(FADE_OUT);
    ramp(fall, FADE_OUT);
}

/// A straight line up from silence.
fn ramp<'a>(samples: impl Iterator<Item = &'a mut f64>, length: usize) {
    for (n, sample) in samples.enumerate() {
        *sample *= n as f64 / length as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speech_after(silence: usize) -> Vec<f64> {
        let mut samples = vec![0.0; 16_000];
        samples[silence..10_000].fill(0.5);
        samples
    }

    #[test]
    fn keeps_head_and_tail_around_the_speech() {
        let length = trim(&speech_after(6_000)).len();
        let expected = HEAD + 4_000 + TAIL;
        assert!(length.abs_diff(expected) <= WINDOW, "{length} instead of {expected}");
    }

    #[test]
    fn speech_that_begins_at_once_has_the_same_head() {
        let onset = |clip: Vec<f64>| clip.iter().position(|&sample| sample > 0.1).unwrap();
        let late = onset(trim(&speech_after(6_000)));
        let at_once = onset(trim(&speech_after(0)));
        assert!(late.abs_diff(at_once) <= WINDOW, "{late} and {at_once}");
    }

    #[test]
    fn edges_are_silent() {
        let speech = trim(&speech_after(6_000));
        assert_eq!((speech[0], speech[speech.len() - 1]), (0.0, 0.0));
    }

    #[test]
    fn silence_is_empty() {
        assert!(trim(&[0.0; 8_000]).is_empty());
    }
}
