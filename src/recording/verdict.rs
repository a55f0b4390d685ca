//! Whether a recording is good, and what to do where it is not.

use std::time::Duration;

use super::measure::Measured;
use crate::routine::duration::plain;
use crate::units::Lufs;

/// A recording softer than this has more room in it than voice.
const QUIETEST: Lufs = Lufs(-38.0);
/// A voice stands so many decibels above the noise of its room, at least.
const LEAST_ABOVE_NOISE: f64 = 25.0;
/// Below this rate, consonants are lost.
const LEAST_RATE_HZ: u32 = 16_000;
/// Faster than this is not calm.
const MOST_WORDS_A_MINUTE: f64 = 300.0;
/// Of fewer words, a pace says nothing.
const FEW_WORDS: usize = 8;

/// What levelling hides of a recording: a clip made of it does not show it any more.
pub fn hidden_faults(measured: &Measured) -> Vec<String> {
    let mut faults = Vec::new();
    if measured.clipped > 0 {
        faults.push(too_loud(measured.clipped));
    }
    if measured.loudness.is_none_or(|loudness| loudness < QUIETEST) {
        faults.push(TOO_QUIET.to_owned());
    }
    faults
}

const TOO_QUIET: &str = "too quiet; record it again, nearer to the microphone";

fn too_loud(places: usize) -> String {
    format!("too loud in {places} places; record it again, further from the microphone")
}

/// Clips that last longer or shorter than their words would at the pace of their voice by this
/// factor, and by so many seconds, are hardly these words.
const STRANGE: f64 = 1.9;
const STRANGE_SECONDS: f64 = 0.7;
/// Of fewer clips, a pace says nothing.
const FEW_CLIPS: usize = 5;

/// By what factor a voice is slower than usual, whose clips last so long, each with how long its
/// words usually last. None where there are too few to tell.
pub fn pace(clips: &[(Duration, f64)]) -> Option<f64> {
    let paces = clips.iter().map(|(lasts, usual)| lasts.as_secs_f64() / usual.max(0.1));
    let mut paces: Vec<f64> = paces.filter(|pace| *pace > 0.0).collect();
    paces.sort_by(f64::total_cmp);
    (paces.len() >= FEW_CLIPS).then(|| paces[paces.len() / 2])
}

/// What is strange about the length of a clip, whose words would last `usual` seconds.
pub fn strange_length(spoken: Duration, usual: f64, pace: f64) -> Option<String> {
    let (lasts, expected) = (spoken.as_secs_f64(), usual * pace);
    let factor = lasts / expected.max(0.01);
    let is_strange =
        !(1.0 / STRANGE..STRANGE).contains(&factor) && (lasts - expected).abs() > STRANGE_SECONDS;
    is_strange.then(|| {
        format!(
            "lasts {lasts:.1} s, its words would take {expected:.1} s; listen whether it says them"
        )
    })
}

/// Everything that is wrong with a recording of `text`, each with its way out. Without the
/// silence around it, it lasts `spoken`; its place, where an author pinned one, `longest`.
pub fn faults(
    measured: &Measured,
    text: &str,
    spoken: Duration,
    longest: Option<Duration>,
) -> Vec<String> {
    let mut faults = Vec::new();
    let mut find = |wrong: bool, fault: String| faults.extend(wrong.then_some(fault));
    let clipped = measured.clipped;
    find(clipped > 0, too_loud(clipped));
    let loudness = measured.loudness.map_or(f64::NEG_INFINITY, |lufs| lufs.0);
    find(loudness < QUIETEST.0, TOO_QUIET.to_owned());
    let above = loudness - measured.floor.0;
    let noisy = loudness >= QUIETEST.0 && above < LEAST_ABOVE_NOISE;
    find(noisy, format!("only {above:.0} dB above the noise; record it again in a quieter room"));
    find(measured.cut_at_start, "begins in the middle; wait a second before you speak".to_owned());
    find(measured.cut_at_end, "ends in the middle; wait a second before you stop".to_owned());
    let hz = measured.rate.hz();
    find(hz < LEAST_RATE_HZ, format!("recorded at {hz} Hz; record it at 16000 or more"));
    let pace = words_a_minute(text, spoken);
    let fast = pace.is_some_and(|pace| pace > MOST_WORDS_A_MINUTE);
    find(fast, format!("{:.0} words a minute; say it more slowly", pace.unwrap_or_default()));
    if let Some(longest) = longest.filter(|longest| *longest < spoken) {
        let (is, may) = (plain(rounded(spoken)), plain(rounded(longest)));
        find(true, format!("lasts {is}, its place only {may}; say it in less, or use --total"));
    }
    faults
}

fn rounded(duration: Duration) -> Duration {
    Duration::from_millis(duration.as_millis() as u64 / 100 * 100)
}

/// How fast `text` is said, where it has enough words to tell.
pub fn words_a_minute(text: &str, spoken: Duration) -> Option<f64> {
    let words = text.split_whitespace().count();
    let minutes = spoken.as_secs_f64() / 60.0;
    (words >= FEW_WORDS && minutes > 0.0).then(|| words as f64 / minutes)
}
