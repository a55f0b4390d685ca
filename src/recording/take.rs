//! A long take of many lines: where each of them is.

use std::time::Duration;

use effleurage_take::{self as take, Unread};

pub use effleurage_take::Doubt;

use super::length::{pauses, usual_seconds};
use super::sayings::{Sayings, words};
use super::script::Line;
use crate::units::{FrameRange, Length, Position, SampleRate};
use crate::voice::Recording;

/// A line, found in a take.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The index of the line.
    pub line: usize,
    /// Where its voice is, from its softest consonant on.
    pub voice: FrameRange,
    /// How far the pauses around it go: to the next sound of any kind.
    pub free: FrameRange,
    /// How long the voice would last by the letters and the speaker's pace.
    pub expected: Duration,
    /// Why it may not be this line; none where it is sure.
    pub doubts: Vec<Doubt>,
}

/// What was made of a take.
#[derive(Debug, Default)]
pub struct Reading {
    /// The lines that were found, in the order of the script.
    pub found: Vec<Found>,
    /// The indices of those that were not.
    pub missing: Vec<usize>,
    /// Where something is heard that is none of them, or one of them before it was said again.
    pub others: Vec<FrameRange>,
    /// What else somebody may have said; a doubt counts them on behind the lines.
    pub slips: Vec<String>,
}

/// Finds `lines` in a `take`; `sayings` are the same words said by others, and `skipped` times of
/// what is none of the lines.
///
/// # Errors
///
/// Why nothing can be found, and what to do.
pub fn find(
    take: &Recording,
    lines: &[Line],
    sayings: &Sayings,
    skipped: &[Duration],
) -> Result<Reading, (&'static str, &'static str)> {
    let line = |line: &Line| take::Line {
        usual: usual_seconds(&line.text),
        pauses: pauses(&line.text),
        longer: longer(line, lines),
        spoken: sayings.of(line),
    };
    let wanted: Vec<take::Line> = lines.iter().map(line).collect();
    let slips = sayings.slips(lines);
    let others: Vec<take::Line> = slips.iter().map(line).collect();
    let skipped: Vec<usize> =
        skipped.iter().map(|time| take::RATE.length_of(*time).0 as usize).collect();
    let reading = take::find(&take::at_rate(take), &wanted, &others, &skipped).map_err(
        |unread| match unread {
            Unread::Silent => (
                "no voice stands out from the noise",
                "record it again, nearer to the microphone and in a quieter room",
            ),
            Unread::TooLong => (
                "it has too much in it to be held against the script",
                "cut it in two in a pause, and import one after the other with --lines",
            ),
        },
    )?;
    let range = |range: std::ops::Range<usize>| frames(range, take);
    let found = |found: take::Found| Found {
        line: found.line,
        voice: range(found.voice),
        free: range(found.free),
        expected: Duration::from_secs_f64(found.expected),
        doubts: found.doubts,
    };
    Ok(Reading {
        found: reading.found.into_iter().map(found).collect(),
        missing: reading.missing,
        others: reading.others.into_iter().map(range).collect(),
        slips: slips.into_iter().map(|slip| slip.text).collect(),
    })
}

/// The indices of those of `lines` that have all words of one in a row, and more.
fn longer(line: &Line, lines: &[Line]) -> Vec<usize> {
    let own = words(&line.text);
    let has_more = |other: &Line| {
        let other = words(&other.text);
        other.len() > own.len() && other.windows(own.len().max(1)).any(|some| some == own)
    };
    (0..lines.len()).filter(|n| has_more(&lines[*n])).collect()
}

/// A range at the rate at which a take is looked at, as frames of the take.
fn frames(range: std::ops::Range<usize>, take: &Recording) -> FrameRange {
    let frame = |sample: usize| {
        let frame = sample as u64 * u64::from(take.rate.hz()) / u64::from(take::RATE.hz());
        frame.min(take.samples.len() as u64)
    };
    let (start, end) = (frame(range.start), frame(range.end));
    FrameRange::new(Position(start), Length(end.saturating_sub(start)))
}

/// The start of a range in seconds.
pub fn seconds(range: FrameRange, rate: SampleRate) -> f64 {
    rate.duration_of(range.start.since(Position::START)).as_secs_f64()
}

/// Minutes and seconds, to a tenth: `1:23.4`.
pub fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// The first characters of `text`, so many of them.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_to_a_tenth() {
        assert_eq!(clock(0.04), "0:00.0");
        assert_eq!(clock(83.44), "1:23.4");
        assert_eq!(clock(3_599.96), "60:00.0");
    }

    #[test]
    fn ranges_are_told_in_frames_of_the_take() {
        let rate = SampleRate::new(48_000).unwrap();
        let take = Recording { rate, samples: vec![0.0; 48_000] };
        let range = frames(100..16_010, &take);
        assert_eq!((range.start.0, range.end_exclusive().0), (300, 48_000));
    }

    #[test]
    fn a_line_may_be_a_part_of_one_that_has_all_its_words() {
        let texts =
            ["The calf.", "Now the calf, slowly.", "The calves.", "the CALF", "Half of the"];
        let line = |text: &&str| Line {
            number: 1,
            id: "line".to_owned(),
            text: (*text).to_owned(),
            how: "",
            longest: None,
        };
        let lines: Vec<Line> = texts.iter().map(line).collect();
        let all: Vec<Vec<usize>> = lines.iter().map(|line| longer(line, &lines)).collect();
        assert_eq!(all, [vec![1], vec![], vec![], vec![1], vec![]]);
    }
}
