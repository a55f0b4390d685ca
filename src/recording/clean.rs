//! A piece of a recording → a clip as it lies in a voice.

use std::ops::Range;

use super::highpass::HighPass;
use crate::error::ClipFault;
use crate::fade::{fade_in, fade_out};
use crate::units::{Decibels, Lufs};
use crate::voice::level::{LoudnessTarget, level};
use crate::voice::{Recording, trim};

/// How loud a clip is stored: EBU R 128, with room for every peak. A render brings it to
/// the loudness of its track.
const STORED: LoudnessTarget = LoudnessTarget { loudness: Lufs(-23.0), ceiling: Decibels(-1.0) };
/// Rounding to 16 bits may move a peak by half a step; this holds it below the ceiling.
const ROUNDING: Decibels = Decibels(-0.01);

/// Around the voice in a piece, so much is kept: its softest beginnings and ends are within.
const BEFORE_SECONDS: f64 = 0.15;
const AFTER_SECONDS: f64 = 0.2;
/// Against clicks where the noise of the room begins and ends.
const FADE_IN_SECONDS: f64 = 0.02;
const FADE_OUT_SECONDS: f64 = 0.06;

/// The recording of one line, without rumble, trimmed to an even margin with faded ends,
/// and at one loudness; at its own rate, as 16-bit samples.
pub fn clean(recording: &Recording) -> Result<Vec<i16>, ClipFault> {
    let samples = without_rumble(recording);
    levelled(&trim::trim(&Recording { rate: recording.rate, samples })?)
}

/// The same of a piece of a take, of which is known where the `voice` is, in frames: noise
/// that a trim would take for a part of the voice is cut off.
pub fn clean_piece(piece: &Recording, voice: Range<usize>) -> Result<Vec<i16>, ClipFault> {
    let frames = |seconds: f64| (seconds * f64::from(piece.rate.hz())) as usize;
    let mut samples = without_rumble(piece);
    samples.truncate(voice.end.saturating_add(frames(AFTER_SECONDS)));
    let start = voice.start.saturating_sub(frames(BEFORE_SECONDS)).min(samples.len());
    samples.drain(..start);
    fade_in(&mut samples, frames(FADE_IN_SECONDS));
    fade_out(&mut samples, frames(FADE_OUT_SECONDS));
    levelled(&Recording { rate: piece.rate, samples })
}

fn without_rumble(recording: &Recording) -> Vec<f32> {
    let mut filter = HighPass::new(recording.rate);
    recording.samples.iter().map(|sample| filter.next(*sample)).collect()
}

fn levelled(recording: &Recording) -> Result<Vec<i16>, ClipFault> {
    let aim = LoudnessTarget { ceiling: STORED.ceiling + ROUNDING, ..STORED };
    let levelled = level(&recording.samples, recording.rate, aim);
    let (samples, _) = levelled.ok_or(ClipFault::Silent)?;
    Ok(samples.into_iter().map(sixteen_bits).collect())
}

/// The nearest step. The noise of any room hides the rounding; there is no need of dither.
fn sixteen_bits(sample: f32) -> i16 {
    // The cast saturates.
    (sample * 32_768.0).round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleRate;
    use crate::voice::loudness::{loudness, true_peak};

    /// Half a second of silence, a tone of two seconds, silence; with a rumble over all.
    fn rumbling_tone(amplitude: f32) -> Recording {
        let rate = SampleRate::new(16_000).unwrap();
        let wave = |hz: f32, n: usize| (std::f32::consts::TAU * hz * n as f32 / 16_000.0).sin();
        let tone = |n: usize| if (8_000..40_000).contains(&n) { amplitude } else { 0.0 };
        let samples =
            (0..48_000).map(|n| tone(n) * wave(500.0, n) + 0.01 * wave(20.0, n)).collect();
        Recording { rate, samples }
    }

    #[test]
    fn clips_are_stored_at_one_loudness_and_without_rumble() {
        for amplitude in [0.2, 0.9] {
            let recording = rumbling_tone(amplitude);
            let clip = clean(&recording).unwrap();
            let samples: Vec<f32> = clip.iter().map(|x| f32::from(*x) / 32_768.0).collect();
            let Lufs(lufs) = loudness(&samples, recording.rate).unwrap();
            assert!((lufs + 23.0).abs() < 0.1, "{lufs}");
            assert!(true_peak(&samples, recording.rate).0 < -1.0);
            // Two seconds, and 60 ms at each end.
            assert!(clip.len().abs_diff(33_920) < 500, "{} frames", clip.len());
            assert_eq!((clip[0], clip[clip.len() - 1]), (0, 0));
        }
    }

    #[test]
    fn a_piece_is_cut_to_its_voice() {
        let clip = clean_piece(&rumbling_tone(0.5), 8_000..40_000).unwrap();
        assert_eq!(clip.len(), 2_400 + 32_000 + 3_200);
        assert_eq!((clip[0], clip[clip.len() - 1]), (0, 0));
        // Nothing but what there is.
        let whole = clean_piece(&rumbling_tone(0.5), 0..1_000_000).unwrap();
        assert_eq!(whole.len(), 48_000);
    }

    #[test]
    fn nothing_to_hear_is_no_clip() {
        assert_eq!(clean(&rumbling_tone(0.0)), Err(ClipFault::Silent));
    }
}
