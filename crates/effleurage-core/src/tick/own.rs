//! A person's own recording as a tick.

use std::time::Duration;

use super::{FADE_SHARE, LOUDEST};
use crate::fade::{fade_in, fade_out};
use crate::timeline::{Sound, Tick};
use crate::units::{Decibels, SampleRate};

/// A recording that never gets above this is silent.
const SILENT: Decibels = Decibels(-60.0);
/// The sound begins and ends where the recording is this far below its peak.
const EDGE_BELOW_PEAK: Decibels = Decibels(-40.0);
/// What is kept before the sound, as far as it was recorded, to fade in.
const LEAD: Duration = Duration::from_millis(2);
/// What is kept after the sound, as far as it was recorded, to fade out.
const TAIL: Duration = Duration::from_millis(50);
/// A weak tick, or a release, is so much softer than a strong one.
const WEAK: Decibels = Decibels(-4.0);

/// The clip that a person's `recording` (mono, at `rate`) becomes: cut to its sound,
/// faded at both ends, its peak at [`LOUDEST`]. `None` where the recording is silent.
pub fn own(recording: &[f32], rate: SampleRate) -> Option<Vec<f32>> {
    let peak = peak(recording);
    if f64::from(peak) <= SILENT.as_amplitude() {
        return None;
    }
    let edge = peak * EDGE_BELOW_PEAK.as_amplitude() as f32;
    let sounds = |sample: &f32| sample.abs() > edge;
    let onset = recording.iter().position(sounds)?;
    let last = recording.iter().rposition(sounds)?;
    let frames = |duration| rate.length_of(duration).0 as usize;
    let (lead, tail) = (frames(LEAD), frames(TAIL));
    let end_exclusive = (last + 1 + tail).min(recording.len());
    let mut clip = recording[onset.saturating_sub(lead)..end_exclusive].to_vec();
    let half = clip.len() / 2;
    fade_in(&mut clip, lead.min(half));
    fade_out(&mut clip, tail.min(half));
    normalise_peak(&mut clip);
    Some(clip)
}

/// `clip` as `tick` sounds: softer where it is weak, faded where it is cut short.
pub(super) fn played(clip: &[f32], tick: Tick) -> Vec<f32> {
    let length = clip.len().min(tick.length.0 as usize);
    let weak = !tick.accent || tick.sound == Sound::Release;
    let gain = if weak { WEAK.as_amplitude() as f32 } else { 1.0 };
    let mut samples: Vec<f32> = clip[..length].iter().map(|sample| sample * gain).collect();
    if length < clip.len() {
        fade_out(&mut samples, (length as f64 * FADE_SHARE) as usize);
    }
    samples
}

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, sample| sample.abs().max(peak))
}

/// Brings the peak of `clip` to [`LOUDEST`].
fn normalise_peak(clip: &mut [f32]) {
    let peak = peak(clip);
    let loudest = LOUDEST.as_amplitude() as f32;
    for sample in clip {
        *sample = *sample / peak * loudest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::{Kit, Pitch};
    use crate::units::Length;

    /// At 1 kHz a frame is a millisecond: 2 frames before the sound, 50 after.
    const RATE: SampleRate = SampleRate::new(1_000).unwrap();

    fn loudest() -> f32 {
        LOUDEST.as_amplitude() as f32
    }

    fn played_as(clip: &[f32], sound: Sound, accent: bool, length: u64) -> Vec<f32> {
        let kit = Kit::Own { length: Length(clip.len() as u64) };
        let tick = Tick { kit, sound, accent, pitch: Pitch { cents: 0 }, length: Length(length) };
        played(clip, tick)
    }

    #[test]
    fn a_clip_is_cut_to_its_sound() {
        // 30 frames of hiss at -46 dB of the peak, 100 of sound, 200 of hiss.
        let hiss = |frames| vec![0.0025_f32; frames];
        let recording = [hiss(30), vec![0.5; 100], hiss(200)].concat();
        let clip = own(&recording, RATE).unwrap();
        assert_eq!(clip.len(), 2 + 100 + 50);
        // A raised cosine over 2 frames is sin²(0°) and sin²(45°).
        let hiss = loudest() / 200.0;
        assert_eq!(clip[0], 0.0);
        assert!((clip[1] - 0.5 * hiss).abs() < 1e-8, "{}", clip[1]);
        assert!(clip[2..102].iter().all(|sample| *sample == loudest()));
        assert!(clip[102..].is_sorted_by(|a, b| a >= b) && clip[151] < 1e-6);
    }

    #[test]
    fn a_sound_that_fills_its_recording_is_faded_all_the_same() {
        let clip = own(&[0.5; 400], RATE).unwrap();
        assert_eq!(clip.len(), 400);
        assert_eq!(clip[0], 0.0);
        assert!(clip[399] / loudest() < 0.001 && clip[349] == loudest());
    }

    #[test]
    fn a_silent_recording_is_no_tick() {
        assert_eq!(own(&[], RATE), None);
        assert_eq!(own(&[0.0; 100], RATE), None);
        assert_eq!(own(&[0.000_9; 100], RATE), None);
        assert!(own(&[0.001_1; 100], RATE).is_some());
    }

    #[test]
    fn the_loudest_frame_is_as_loud_as_the_loudest_tick() {
        for level in [0.01, 0.7, 1.0, 3.0] {
            let wave = |n: usize| level * (n as f32 * 0.37).sin();
            let clip = own(&(0..300).map(wave).collect::<Vec<_>>(), RATE).unwrap();
            assert_eq!(peak(&clip), loudest(), "{level}");
        }
    }

    #[test]
    fn weak_ticks_and_releases_are_four_decibels_softer() {
        // 10^(-4/20) = 0.630957.
        let first = |sound, accent| played_as(&[0.1, 0.05], sound, accent, 2)[0];
        assert_eq!(first(Sound::Circle, true), 0.1);
        assert_eq!(first(Sound::Press, true), 0.1);
        for (sound, accent) in
            [(Sound::Circle, false), (Sound::Release, false), (Sound::Release, true)]
        {
            assert!((first(sound, accent) - 0.063_096).abs() < 1e-6, "{sound:?} {accent}");
        }
    }

    #[test]
    fn a_clip_that_is_cut_short_ends_softly() {
        let clip = [0.1; 200];
        assert_eq!(played_as(&clip, Sound::Circle, true, 200), clip);
        // Its last three tenths fade: 30 of 100 frames.
        let cut = played_as(&clip, Sound::Circle, true, 100);
        assert_eq!(cut.len(), 100);
        assert!(cut[..70].iter().all(|sample| *sample == 0.1));
        assert!(cut[70..].is_sorted_by(|a, b| a >= b) && cut[99] < 1e-4);
    }
}
