//! Where somebody speaks in a long recording, and where there is only the room.

use std::ops::Range;

use super::highpass::HighPass;
use crate::units::SampleRate;
use crate::voice::Recording;

/// A stretch of windows of [`WINDOW_SECONDS`], half-open.
pub type Windows = Range<usize>;

/// Levels are looked at in windows this long.
pub const WINDOW_SECONDS: f64 = 0.01;
/// Digital silence counts as this, in dBFS.
const QUIETEST: f32 = -90.0;
/// The noise of the room is the level below which are so many of the windows …
const FLOOR_SHARE: f64 = 0.05;
/// … within so many windows of the place, a change of which is noticed: ten seconds.
const FLOOR_REACH: usize = 1_000;
/// The floor is looked for once for so many windows.
const FLOOR_STEP: usize = 200;
/// Where people speak without a pause, there is no floor to be seen; it is no further
/// above that of the whole take than this, in decibels.
const FLOOR_RISE: f32 = 12.0;
/// The level above which are the loudest windows: that of a voice.
const VOICE_SHARE: f64 = 0.9;
/// A voice nearer to the noise than this, in decibels, cannot be told from it.
const LEAST_RANGE: f32 = 8.0;
/// Speech begins this far up from the noise to the voice, and at least so many decibels …
const BEGINS: (f32, f32) = (0.4, 6.0);
/// … and goes on until it falls below this.
const GOES_ON: (f32, f32) = (0.2, 3.5);
/// A shorter gap, in windows, is part of a word.
const LONGEST_STOP: usize = 20;
/// A sound shorter than this, in windows, is a click or a smack of the lips.
const SHORTEST_WORD: usize = 12;

/// The stretches of `recording` in which somebody speaks, in order. Between two of them
/// are 200 ms at least. None where no voice stands out from the noise.
pub fn stretches(recording: &Recording) -> Vec<Windows> {
    heard(&smooth(&levels(recording)))
}

/// How many frames a window has; the last of a recording may be shorter.
pub fn window(rate: SampleRate) -> usize {
    ((WINDOW_SECONDS * f64::from(rate.hz())) as usize).max(1)
}

/// The level of each window, as power (full scale at 1), without rumble.
fn levels(recording: &Recording) -> Vec<f32> {
    let mut filter = HighPass::new(recording.rate);
    let mut power = |window: &[f32]| {
        let sum: f64 = window.iter().map(|x| f64::from(filter.next(*x)).powi(2)).sum();
        (sum / window.len() as f64) as f32
    };
    recording.samples.chunks(window(recording.rate)).map(&mut power).collect()
}

/// The mean of each window and its two neighbours, in decibels.
fn smooth(powers: &[f32]) -> Vec<f32> {
    let mean = |n: usize| {
        let near = &powers[n.saturating_sub(1)..(n + 2).min(powers.len())];
        near.iter().sum::<f32>() / near.len() as f32
    };
    (0..powers.len()).map(|n| (10.0 * libm::log10f(mean(n))).max(QUIETEST)).collect()
}

/// The stretches of `levels`, in decibels, that are speech: they go on while the level is
/// above the lower threshold, and contain one above the upper.
fn heard(levels: &[f32]) -> Vec<Windows> {
    let floors = floors(levels);
    let voice = share(levels, VOICE_SHARE);
    let above = |n: usize, (part, least): (f32, f32)| {
        let floor = floors[n / FLOOR_STEP];
        voice - floor >= LEAST_RANGE && levels[n] >= floor + least.max(part * (voice - floor))
    };
    let mut stretches: Vec<Windows> = Vec::new();
    for n in (0..levels.len()).filter(|n| above(*n, GOES_ON)) {
        match stretches.last_mut() {
            Some(last) if last.end == n => last.end = n + 1,
            _ => stretches.push(n..n + 1),
        }
    }
    stretches.retain(|stretch| stretch.clone().any(|n| above(n, BEGINS)));
    let mut words = joined(stretches, LONGEST_STOP);
    words.retain(|word| word.len() >= SHORTEST_WORD);
    words
}

/// The noise of the room, in decibels, once for every [`FLOOR_STEP`] windows.
fn floors(levels: &[f32]) -> Vec<f32> {
    let highest = share(levels, FLOOR_SHARE) + FLOOR_RISE;
    let floor = |start: usize| {
        let end = (start + FLOOR_STEP + FLOOR_REACH).min(levels.len());
        share(&levels[start.saturating_sub(FLOOR_REACH)..end], FLOOR_SHARE).min(highest)
    };
    (0..levels.len()).step_by(FLOOR_STEP).map(floor).collect()
}

/// The level below which is this share of `levels`.
fn share(levels: &[f32], share: f64) -> f32 {
    let mut sorted = levels.to_vec();
    let place = (share * sorted.len() as f64) as usize;
    match place < sorted.len() {
        true => *sorted.select_nth_unstable_by(place, f32::total_cmp).1,
        false => QUIETEST,
    }
}

/// `stretches` with those joined between which are fewer than `gap` windows.
pub fn joined(stretches: Vec<Windows>, gap: usize) -> Vec<Windows> {
    let mut joined: Vec<Windows> = Vec::new();
    for stretch in stretches {
        match joined.last_mut() {
            Some(last) if stretch.start - last.end < gap => last.end = stretch.end,
            _ => joined.push(stretch),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Levels in decibels, each for so many windows.
    fn levels(parts: &[(f32, usize)]) -> Vec<f32> {
        parts.iter().flat_map(|(level, windows)| vec![*level; *windows]).collect()
    }

    /// The first window of each stretch, and the first after it.
    fn bounds(levels: &[f32]) -> Vec<(usize, usize)> {
        heard(levels).into_iter().map(|stretch| (stretch.start, stretch.end)).collect()
    }

    #[test]
    fn speech_stands_out_from_the_noise() {
        let take = levels(&[(-60.0, 100), (-20.0, 200), (-60.0, 100), (-32.0, 100), (-60.0, 50)]);
        assert_eq!(bounds(&take), [(100, 300), (400, 500)]);
    }

    #[test]
    fn soft_ends_belong_to_their_words_and_stand_alone_as_nothing() {
        // From noise to voice are 40 dB: speech begins at -44 and goes on to -52.
        let take = levels(&[(-60.0, 100), (-46.0, 9), (-20.0, 50), (-46.0, 9), (-60.0, 100)]);
        assert_eq!(bounds(&take), [(100, 168)]);
        let take = levels(&[(-60.0, 100), (-20.0, 50), (-60.0, 100), (-46.0, 30), (-60.0, 9)]);
        assert_eq!(bounds(&take), [(100, 150)]);
    }

    #[test]
    fn clicks_are_no_words_and_stops_no_pauses() {
        let take = levels(&[(-60.0, 100), (-20.0, 11), (-60.0, 100), (-20.0, 50), (-60.0, 19)]);
        let take = [take, levels(&[(-20.0, 50), (-60.0, 100)])].concat();
        assert_eq!(bounds(&take), [(211, 330)]);
    }

    #[test]
    fn noise_that_grows_is_still_noise() {
        let line = |noise: f32| levels(&[(noise, 100), (-20.0, 300), (noise, 100)]);
        let take: Vec<f32> =
            (0..20).flat_map(|n| line(if n < 10 { -60.0 } else { -53.0 })).collect();
        assert_eq!(heard(&take).len(), 20);
    }

    #[test]
    fn where_nothing_stands_out_nobody_speaks() {
        assert_eq!(heard(&levels(&[(-30.0, 500)])), []);
        assert_eq!(heard(&levels(&[(-90.0, 500)])), []);
        assert_eq!(heard(&[]), []);
    }
}
