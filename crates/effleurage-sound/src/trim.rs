//! Silence at the ends of a recording → the same short margin for every clip.

use std::borrow::Cow;

use super::recording::Recording;
use crate::fault::ClipFault;
use effleurage_core::fade::{fade_in, fade_out};
use effleurage_core::units::{Decibels, SampleRate};

/// Of silence, before and after the sound.
pub(super) const MARGIN_SECONDS: f64 = 0.06;
/// Loudness is looked at in windows this long.
const WINDOW_SECONDS: f64 = 0.01;
/// A window this far below the loudest is silence. The softest consonants at the
/// ends of words are 35 to 43 dB below.
const SILENCE_BELOW_LOUDEST: Decibels = Decibels(-45.0);
/// A room is heard as a steady noise for this many windows at least: longer than
/// any consonant lasts.
const NOISE_WINDOWS: usize = 20;
/// A steady noise differs by no more than this from window to window.
const NOISE_SPREAD: Decibels = Decibels(10.0);
/// What is this far above the noise of the room is sound.
const SOUND_ABOVE_NOISE: Decibels = Decibels(6.0);
/// A noise nearer to the loudest window than this is no noise, but the sound.
const NOISE_BELOW_LOUDEST: Decibels = Decibels(-36.0);
/// A recording whose loudest window is below this cannot be heard.
const INAUDIBLE: Decibels = Decibels(-60.0);
/// A cheap sound card's idea of zero is not zero: an offset above this is taken off.
const OFFSET: Decibels = Decibels(-60.0);
/// Of less than this, a mean is no offset.
const OFFSET_SECONDS: f64 = 0.1;
/// Against clicks where recorded margins begin and end.
const FADE_IN_SECONDS: f64 = 0.010;
const FADE_OUT_SECONDS: f64 = 0.030;
/// Of a sound that begins or ends with its file, so much is given to the fade.
const EDGE_SECONDS: f64 = 0.002;

/// Cuts `recording` to its sound, with a margin of exactly 60 ms at each end:
/// recorded silence, faded, as far as there is any, and digital silence beyond.
pub fn trim(recording: &Recording) -> Result<Recording, ClipFault> {
    let rate = recording.rate;
    let samples = without_offset(&recording.samples, rate);
    let (start, end) = sound(&samples, rate)?;
    let margin = frames(MARGIN_SECONDS, rate);
    let (from, to) = (start.saturating_sub(margin), (end + margin).min(samples.len()));
    let fade = |seconds, recorded: usize| {
        frames(seconds, rate).min(recorded.max(frames(EDGE_SECONDS, rate)))
    };
    let mut trimmed = vec![0.0; margin + (end - start) + margin];
    let place = margin - (start - from);
    let kept = &mut trimmed[place..place + (to - from)];
    kept.copy_from_slice(&samples[from..to]);
    fade_in(kept, fade(FADE_IN_SECONDS, start - from));
    fade_out(kept, fade(FADE_OUT_SECONDS, to - end));
    Ok(Recording { rate, samples: trimmed })
}

/// The samples around zero: with an offset, silence would not be silent, and every
/// cut in it a click. Digital silence, which no sound card made, has none.
pub fn without_offset(samples: &[f32], rate: SampleRate) -> Cow<'_, [f32]> {
    let offset = offset(samples, rate);
    if offset.abs() <= OFFSET.as_amplitude() {
        return Cow::Borrowed(samples);
    }
    let shifted = |sample: &f32| match *sample {
        0.0 => 0.0,
        sample => (f64::from(sample) - offset) as f32,
    };
    Cow::Owned(samples.iter().map(shifted).collect())
}

fn offset(samples: &[f32], rate: SampleRate) -> f64 {
    let mean = |samples: &[f32]| {
        let recorded = samples.iter().copied().filter(|sample| *sample != 0.0).map(f64::from);
        let (count, sum) = recorded.fold((0_usize, 0.0), |(n, sum), x| (n + 1, sum + x));
        (count, sum / count.max(1) as f64)
    };
    let (count, of_all) = mean(samples);
    if count >= frames(OFFSET_SECONDS, rate) {
        return of_all;
    }
    // Of little, a mean says nothing: a short sound may lie on one side. But where there is
    // an offset, a sound begins and ends with it.
    let edge = frames(EDGE_SECONDS, rate).min(samples.len());
    let (first, last) = (mean(&samples[..edge]).1, mean(&samples[samples.len() - edge..]).1);
    if (first - last).abs() < first.abs() / 4.0 { (first + last) / 2.0 } else { 0.0 }
}

/// The first and one past the last frame that are not silence.
fn sound(samples: &[f32], rate: SampleRate) -> Result<(usize, usize), ClipFault> {
    let window = frames(WINDOW_SECONDS, rate);
    let power = |chunk: &[f32]| {
        chunk.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / chunk.len() as f64
    };
    let powers: Vec<f64> = samples.chunks(window).map(power).collect();
    let loudest = powers.iter().copied().fold(0.0, f64::max);
    if loudest < as_power(INAUDIBLE) {
        return Err(ClipFault::Silent);
    }
    let threshold = threshold(&powers, loudest);
    let heard = |power: &f64| *power >= threshold;
    // The loudest window is heard, so there is a first and a last.
    let first = powers.iter().position(heard).unwrap_or(0);
    let last = powers.iter().rposition(heard).unwrap_or(0);
    Ok((first * window, ((last + 1) * window).min(samples.len())))
}

/// The power below which a window is silence: far below the loudest, or a little
/// above the noise of the room where that can be told.
fn threshold(powers: &[f64], loudest: f64) -> f64 {
    let silence = loudest * as_power(SILENCE_BELOW_LOUDEST);
    // Where a clip lies in digital silence, its ends were found before, with more to tell them
    // by; and noise in its pauses is none around it.
    if powers.first() == Some(&0.0) && powers.last() == Some(&0.0) {
        return silence;
    }
    let noise = powers.windows(NOISE_WINDOWS).map(|stretch| {
        let least = stretch.iter().copied().fold(f64::INFINITY, f64::min);
        let most = stretch.iter().copied().fold(0.0, f64::max);
        (most, least)
    });
    match noise.min_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((most, least))
            if most <= least * as_power(NOISE_SPREAD)
                && most <= loudest * as_power(NOISE_BELOW_LOUDEST) =>
        {
            silence.max(most * as_power(SOUND_ABOVE_NOISE))
        }
        _ => silence,
    }
}

fn as_power(level: Decibels) -> f64 {
    level.as_amplitude().powi(2)
}

fn frames(seconds: f64, rate: SampleRate) -> usize {
    ((seconds * f64::from(rate.hz())) as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Silence, a steady tone, silence; at 1 kHz a frame is a millisecond.
    fn trimmed(before: usize, sound: usize, after: usize) -> Vec<f32> {
        let tone = (0..sound).map(|n| if n % 2 == 0 { 0.5 } else { -0.5 });
        let samples = [vec![0.0; before], tone.collect(), vec![0.0; after]].concat();
        let rate = SampleRate::new(1_000).unwrap();
        trim(&Recording { rate, samples }).unwrap().samples
    }

    #[test]
    fn every_clip_gets_the_same_margin() {
        for (before, after) in [(0, 0), (10, 500), (60, 60), (2_000, 30)] {
            let clip = trimmed(before, 200, after);
            assert_eq!(clip.len(), 60 + 200 + 60, "{before} before, {after} after");
            assert_eq!(clip[59], 0.0);
            // But for the two frames that are faded where nothing was recorded before.
            assert_eq!(clip[62].abs(), 0.5);
            assert_eq!(clip[257].abs(), 0.5);
            assert_eq!(clip[260], 0.0);
        }
    }

    #[test]
    fn recorded_noise_in_the_margin_is_faded() {
        let noise = [0.001, -0.001].repeat(50);
        let samples = [noise.clone(), [0.5, -0.5].repeat(50), noise].concat();
        let rate = SampleRate::new(1_000).unwrap();
        let clip = trim(&Recording { rate, samples }).unwrap().samples;
        assert_eq!((clip[0], clip[10]), (0.0, 0.001));
        assert_eq!(clip[clip.len() - 1], 0.0);
    }

    #[test]
    fn an_offset_does_not_make_silence_audible() {
        let rate = SampleRate::new(1_000).unwrap();
        for offset in [0.0, 0.003, 0.03] {
            let tone = [0.3 + offset, -0.3 + offset].repeat(500);
            let samples = [vec![0.0; 1_000], tone, vec![0.0; 1_000]].concat();
            let clip = trim(&Recording { rate, samples }).unwrap().samples;
            assert_eq!(clip.len(), 60 + 1_000 + 60, "offset {offset}");
        }
    }

    #[test]
    fn a_sound_cut_off_by_its_file_is_faded() {
        let rate = SampleRate::new(8_000).unwrap();
        let clip = trim(&Recording { rate, samples: [0.5, -0.5].repeat(2_000) }).unwrap();
        let (margin, edge) = (480, 16);
        let sound = &clip.samples[margin..clip.samples.len() - margin];
        assert_eq!(sound.len(), 4_000);
        assert!(sound[0].abs() < 0.01 && sound[1].abs() < 0.1);
        assert!(sound[edge..4_000 - edge].iter().all(|sample| sample.abs() == 0.5));
        assert!(sound[3_999].abs() < 0.01);
    }

    /// A tone with steady noise around it, each at its level.
    fn tone_in_noise(tone: f32, noise: f32) -> Vec<f32> {
        let mut state = 1_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let level = |n| if (8_000..12_000).contains(&n) { tone } else { 0.0 };
        (0..20_000).map(|n| level(n) * (n as f32 * 0.7).sin() + noise * random()).collect()
    }

    #[test]
    fn the_noise_of_a_room_is_no_sound() {
        let rate = SampleRate::new(8_000).unwrap();
        for noise in [0.0, 0.000_1, 0.001, 0.005, 0.009] {
            let samples = tone_in_noise(0.5, noise);
            let clip = trim(&Recording { rate, samples }).unwrap();
            assert_eq!(clip.samples.len(), 480 + 4_000 + 480, "noise {noise}");
        }
        // Nothing but noise is taken for what it is: the recording.
        let samples = tone_in_noise(0.0, 0.1);
        assert_eq!(trim(&Recording { rate, samples }).unwrap().samples.len(), 20_960);
    }

    #[test]
    fn an_offset_is_taken_off() {
        let rate = SampleRate::new(8_000).unwrap();
        let even = tone_in_noise(0.5, 0.0);
        let samples = even.iter().map(|sample| sample + 0.25).collect();
        let clip = trim(&Recording { rate, samples }).unwrap();
        let expected = trim(&Recording { rate, samples: even }).unwrap();
        assert_eq!(clip.samples.len(), expected.samples.len());
        let mut apart = clip.samples.iter().zip(&expected.samples).map(|(a, b)| (a - b).abs());
        assert!(apart.all(|apart| apart < 1e-3));
        // An offset is all that there is.
        let samples = vec![0.5; 8_000];
        assert_eq!(trim(&Recording { rate, samples }), Err(ClipFault::Silent));
    }

    #[test]
    fn an_offset_of_a_short_sound_is_at_both_its_ends() {
        let rate = SampleRate::new(8_000).unwrap();
        let pulse: Vec<f32> = (0..400_u16).map(|n| 0.5 * (-f32::from(n) / 40.0).exp()).collect();
        assert_eq!(without_offset(&pulse, rate), pulse, "one side is no offset");
        let ring = |n: u16| {
            let swing = (f32::from(n) * 0.9).sin();
            swing * if (20..380).contains(&n) { 0.3 } else { 0.0 }
        };
        let moved: Vec<f32> = (0..400).map(|n| ring(n) + 0.2).collect();
        let back = without_offset(&moved, rate);
        assert!(back.iter().zip(0..).all(|(sample, n)| (sample - ring(n)).abs() < 1e-3));
        assert!(without_offset(&[], rate).is_empty());
    }

    #[test]
    fn silence_is_an_error() {
        let rate = SampleRate::new(1_000).unwrap();
        let quiet = |level: f32| trim(&Recording { rate, samples: [level, -level].repeat(250) });
        assert_eq!(quiet(0.0), Err(ClipFault::Silent));
        assert_eq!(quiet(0.000_9), Err(ClipFault::Silent)); // -60.9 dBFS
        assert!(quiet(0.001_1).is_ok());
    }
}
