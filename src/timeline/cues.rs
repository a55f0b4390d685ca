//! What is spoken inside a zone: halfway, and ten seconds before the end.

use std::time::Duration;

use crate::routine::PromptId;
use crate::units::{FrameRange, Length, Position, SampleRate};

/// A cue inside a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// At the middle frame of a zone of a minute or more.
    Halfway,
    /// Ten seconds before the end of a zone of forty seconds or more.
    TenSecondsLeft,
}

const HALFWAY_FROM: Duration = Duration::from_secs(60);
const CLOSING_FROM: Duration = Duration::from_secs(40);
const CLOSING_BEFORE_END: Duration = Duration::from_secs(10);

/// The cues of a zone that lasts `duration`, in order.
pub fn due(duration: Duration) -> impl Iterator<Item = Cue> {
    let halfway = (duration >= HALFWAY_FROM).then_some(Cue::Halfway);
    let closing = (duration >= CLOSING_FROM).then_some(Cue::TenSecondsLeft);
    halfway.into_iter().chain(closing)
}

/// A cue that is left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Which cue.
    pub cue: Cue,
    /// Why, to be read after "left out, ".
    pub why: &'static str,
}

impl Cue {
    /// The prompt that says it.
    pub fn prompt(self) -> PromptId {
        match self {
            Cue::Halfway => "halfway".to_owned(),
            Cue::TenSecondsLeft => "ten-seconds-left".to_owned(),
        }
    }

    /// Where in `zone` it starts. The middle frame of an even number of frames is
    /// the first of the second half.
    pub fn start(self, zone: FrameRange, rate: SampleRate) -> Position {
        match self {
            Cue::Halfway => zone.start + Length(zone.length.0 / 2),
            Cue::TenSecondsLeft => zone
                .end_exclusive()
                .before(rate.length_of(CLOSING_BEFORE_END))
                .unwrap_or(zone.start),
        }
    }
}

/// Places the cues of a zone. Where the halfway cue would run into the closing
/// cue, the closing cue stays: it tells the hands to get ready.
pub fn place(
    zone: FrameRange,
    duration: Duration,
    rate: SampleRate,
    length_of: impl Fn(Cue) -> Length,
) -> (Vec<(Cue, FrameRange)>, Vec<Dropped>) {
    let mut placed: Vec<(Cue, FrameRange)> = Vec::new();
    let mut dropped = Vec::new();
    let mut room_ends = zone.end_exclusive();
    let mut latest_first: Vec<Cue> = due(duration).collect();
    latest_first.reverse();
    for cue in latest_first {
        let range = FrameRange::new(cue.start(zone, rate), length_of(cue));
        if range.end_exclusive() <= room_ends {
            room_ends = range.start;
            placed.insert(0, (cue, range));
        } else if placed.is_empty() {
            dropped.push(Dropped { cue, why: "it would outlast the zone" });
        } else {
            dropped.push(Dropped { cue, why: "it would run into the next cue" });
        }
    }
    (placed, dropped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Cue::{Halfway, TenSecondsLeft};

    /// At 1 Hz a frame is a second: a zone of `seconds` from frame 100 on.
    fn cues(seconds: u64, halfway: u64, closing: u64) -> (Vec<(Cue, u64)>, Vec<Cue>) {
        let zone = FrameRange::new(Position(100), Length(seconds));
        let rate = SampleRate::new(1).unwrap();
        let length = |cue| Length(if cue == Halfway { halfway } else { closing });
        let (placed, dropped) = place(zone, Duration::from_secs(seconds), rate, length);
        let starts = placed.into_iter().map(|(cue, range)| (cue, range.start.0)).collect();
        (starts, dropped.into_iter().map(|dropped| dropped.cue).collect())
    }

    #[test]
    fn cues_stand_at_the_middle_frame_and_ten_seconds_before_the_end() {
        assert_eq!(cues(60, 2, 2), (vec![(Halfway, 130), (TenSecondsLeft, 150)], vec![]));
        assert_eq!(cues(61, 2, 2), (vec![(Halfway, 130), (TenSecondsLeft, 151)], vec![]));
    }

    #[test]
    fn short_zones_have_fewer_cues() {
        assert_eq!(cues(59, 2, 2), (vec![(TenSecondsLeft, 149)], vec![]));
        assert_eq!(cues(40, 2, 2), (vec![(TenSecondsLeft, 130)], vec![]));
        assert_eq!(cues(39, 2, 2), (vec![], vec![]));
    }

    #[test]
    fn a_cue_that_collides_or_does_not_fit_is_dropped() {
        assert_eq!(cues(60, 20, 2), (vec![(Halfway, 130), (TenSecondsLeft, 150)], vec![]));
        assert_eq!(cues(60, 21, 2), (vec![(TenSecondsLeft, 150)], vec![Halfway]));
        assert_eq!(cues(60, 2, 11), (vec![(Halfway, 130)], vec![TenSecondsLeft]));
        assert_eq!(cues(60, 31, 11), (vec![], vec![TenSecondsLeft, Halfway]));
    }
}
