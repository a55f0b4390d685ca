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

/// A clip begins with silence, as long as the margin of every clip in a render. The noise of the
/// room goes with the words alone: a render finds their start by the end of the silence.
const SILENCE_SECONDS: f64 = 0.06;
/// So long the filter against rumble hears what is before a line.
const SETTLE_SECONDS: f64 = 0.1;
/// Against clicks where the noise of the room begins and ends.
const FADE_IN_SECONDS: f64 = 0.004;
/// The last consonant of a line may be softer than the noise: what follows fades slowly.
const FADE_OUT_SECONDS: f64 = 0.15;

/// The recording of one line, without rumble, trimmed to an even margin with faded ends,
/// and at one loudness; at its own rate, as 16-bit samples.
pub fn clean(recording: &Recording) -> Result<Vec<i16>, ClipFault> {
    let samples = without_rumble(recording);
    levelled(&trim::trim(&Recording { rate: recording.rate, samples })?)
}

/// The same of a line in a `take`, of which is known where its `voice` is, and how far nothing
/// else is heard around it, in frames.
pub fn clean_line(
    take: &Recording,
    voice: &Range<usize>,
    free: &Range<usize>,
) -> Result<Vec<i16>, ClipFault> {
    let frames = |seconds: f64| (seconds * f64::from(take.rate.hz())) as usize;
    let start = voice.start.saturating_sub(frames(FADE_IN_SECONDS)).max(free.start);
    let end = (voice.end + frames(FADE_OUT_SECONDS)).min(free.end).min(take.samples.len());
    // The filter is let to settle on what is before.
    let settled = start.saturating_sub(frames(SETTLE_SECONDS));
    let piece = Recording { rate: take.rate, samples: take.samples[settled..end].to_vec() };
    let mut samples = without_rumble(&piece);
    samples.drain(..start - settled);
    fade_in(&mut samples, voice.start - start);
    fade_out(&mut samples, end - voice.end.min(end));
    let silence = vec![0.0; frames(SILENCE_SECONDS)];
    let samples = [silence.as_slice(), &samples, &silence].concat();
    levelled(&Recording { rate: take.rate, samples })
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
        let clip = clean_line(&rumbling_tone(0.5), &(8_000..40_000), &(0..48_000)).unwrap();
        // Silence, a fade of 64 frames, two seconds, a fade of 2400, silence.
        let expected = 960 + 64 + 32_000 + 2_400 + 960;
        assert!(clip.len().abs_diff(expected) < 160, "{} frames", clip.len());
        assert!(clip[..960].iter().chain(&clip[clip.len() - 960..]).all(|x| *x == 0));
        // Nothing but what is free.
        let clip = clean_line(&rumbling_tone(0.5), &(8_000..40_000), &(8_000..40_000)).unwrap();
        assert_eq!(clip.len(), 960 + 32_000 + 960);
    }

    #[test]
    fn nothing_to_hear_is_no_clip() {
        assert_eq!(clean(&rumbling_tone(0.0)), Err(ClipFault::Silent));
    }
}
