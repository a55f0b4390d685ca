//! What is spoken inside a zone: halfway, how much is left, and that it ends soon.

use std::time::Duration;

use crate::routine::Guidance;
use crate::routine::PromptId;
use crate::routine::phrases::Phrases;
use crate::units::{FrameRange, Length, Position, SampleRate};

/// A cue inside a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// The prompt that says it.
    pub prompt: PromptId,
    /// When it starts.
    pub when: When,
}

/// When a cue starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At the middle frame.
    Middle,
    /// So long before the end.
    Left(Duration),
}

/// The middle of a shorter zone is not told.
const HALFWAY_FROM: Duration = Duration::from_secs(60);
/// The end of a zone is told where the zone is so many times as long as what is left.
const CLOSING_FROM: u32 = 4;
/// The voice that tells the middle of a zone says this.
pub const HALFWAY: &str = "halfway";

/// The cues of a zone that lasts `duration`. Where two would collide, the one that
/// stands first here is said: the end tells the hands to get ready, and what is left
/// tells more than the middle.
pub fn due(duration: Duration, guidance: &Guidance, phrases: &Phrases) -> Vec<Cue> {
    let closing = guidance.closing_cue.filter(|left| duration >= *left * CLOSING_FROM);
    let every = guidance.time_left.as_ref().map(|every| every.value);
    let spoken = every.map_or(Vec::new(), |every| multiples(every, duration, phrases));
    let left = closing.into_iter().chain(spoken.into_iter().filter(|left| Some(*left) != closing));
    let cue = |left| {
        let prompt = phrases.left(left).map(|phrase| phrase.prompt.clone());
        Cue { prompt: prompt.unwrap_or_else(|| missing(left)), when: When::Left(left) }
    };
    let mut cues: Vec<Cue> = left.map(cue).collect();
    if guidance.halfway && duration >= HALFWAY_FROM {
        cues.push(Cue { prompt: HALFWAY.to_owned(), when: When::Middle });
    }
    cues
}

/// The multiples of a cadence that a voice can say, and not sooner than half a cadence
/// after the start of a zone that lasts `duration`; the last of the zone first.
fn multiples(every: Duration, duration: Duration, phrases: &Phrases) -> Vec<Duration> {
    let whole = |left: &Duration| left.as_nanos().is_multiple_of(every.as_nanos());
    phrases.all_left().filter(whole).filter(|left| *left + every / 2 <= duration).collect()
}

/// The prompt that a voice lacks to say that so much is left.
fn missing(left: Duration) -> PromptId {
    match left.as_secs() {
        10 => "ten-seconds-left".to_owned(),
        _ => format!("left-{}", crate::routine::duration::plain(left)),
    }
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
    /// Where in `zone` it starts. The middle frame of an even number of frames is
    /// the first of the second half.
    pub fn start(&self, zone: FrameRange, rate: SampleRate) -> Position {
        match self.when {
            When::Middle => zone.start + Length(zone.length.0 / 2),
            When::Left(left) => {
                zone.end_exclusive().before(rate.length_of(left)).unwrap_or(zone.start)
            }
        }
    }
}

/// Places `cues`, each unless it would run into one that stands before it in the list.
/// The placed ones come back in the order of the track.
pub fn place(
    cues: Vec<Cue>,
    zone: FrameRange,
    rate: SampleRate,
    length_of: impl Fn(&Cue) -> Length,
) -> (Vec<(Cue, FrameRange)>, Vec<Dropped>) {
    let mut placed: Vec<(Cue, FrameRange)> = Vec::new();
    let mut dropped = Vec::new();
    for cue in cues {
        let range = FrameRange::new(cue.start(zone, rate), length_of(&cue));
        let meets = |(_, other): &(_, FrameRange)| other.intersection(range).is_some();
        if range.end_exclusive() > zone.end_exclusive() {
            dropped.push(Dropped { cue, why: "it would outlast the zone" });
        } else if placed.iter().any(meets) {
            dropped.push(Dropped { cue, why: "it would run into another cue" });
        } else {
            placed.push((cue, range));
        }
    }
    placed.sort_by_key(|(_, range)| range.start);
    (placed, dropped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routine::at::At;

    fn phrases() -> Phrases {
        let ids = ["ten-seconds-left", "left-30s", "left-1m", "left-2m"];
        Phrases::of(&ids.into_iter().map(|id| (id, "")).collect())
    }

    /// At 1 Hz a frame is a second: a zone of `seconds` from frame 100 on.
    fn placed(guidance: &Guidance, seconds: u64, long: u64) -> (Vec<(String, u64)>, Vec<String>) {
        let zone = FrameRange::new(Position(100), Length(seconds));
        let rate = SampleRate::new(1).unwrap();
        let due = due(Duration::from_secs(seconds), guidance, &phrases());
        let (placed, dropped) = place(due, zone, rate, |cue| match cue.when {
            When::Middle => Length(long),
            When::Left(_) => Length(2),
        });
        let starts = placed.into_iter().map(|(cue, range)| (cue.prompt, range.start.0)).collect();
        (starts, dropped.into_iter().map(|dropped| dropped.cue.prompt).collect())
    }

    fn usual(seconds: u64, long: u64) -> (Vec<(String, u64)>, Vec<String>) {
        placed(&Guidance::default(), seconds, long)
    }

    fn at(cues: &[(&str, u64)]) -> Vec<(String, u64)> {
        cues.iter().map(|(prompt, at)| ((*prompt).to_owned(), *at)).collect()
    }

    #[test]
    fn cues_stand_at_the_middle_frame_and_ten_seconds_before_the_end() {
        let both = at(&[("halfway", 130), ("ten-seconds-left", 150)]);
        assert_eq!(usual(60, 2), (both, vec![]));
        let both = at(&[("halfway", 130), ("ten-seconds-left", 151)]);
        assert_eq!(usual(61, 2), (both, vec![]));
    }

    #[test]
    fn short_zones_have_fewer_cues() {
        assert_eq!(usual(59, 2), (at(&[("ten-seconds-left", 149)]), vec![]));
        assert_eq!(usual(40, 2), (at(&[("ten-seconds-left", 130)]), vec![]));
        assert_eq!(usual(39, 2), (vec![], vec![]));
    }

    #[test]
    fn a_cue_that_collides_or_does_not_fit_is_dropped() {
        let both = at(&[("halfway", 130), ("ten-seconds-left", 150)]);
        assert_eq!(usual(60, 20), (both, vec![]));
        let closing = at(&[("ten-seconds-left", 150)]);
        assert_eq!(usual(60, 21), (closing.clone(), vec!["halfway".to_owned()]));
        assert_eq!(usual(60, 31), (closing, vec!["halfway".to_owned()]));
    }

    #[test]
    fn the_time_left_is_told_at_its_cadence() {
        let every = |seconds| Guidance {
            time_left: Some(At::new(Duration::from_secs(seconds), 0..0)),
            ..Guidance::default()
        };
        // Two minutes left is not told at the very start; the middle gives way.
        let (cues, dropped) = placed(&every(60), 120, 2);
        assert_eq!(cues, at(&[("left-1m", 160), ("ten-seconds-left", 210)]));
        assert_eq!(dropped, ["halfway"]);
        // Half a cadence in is early enough.
        let (cues, _) = placed(&every(60), 150, 2);
        assert_eq!(cues[0], ("left-2m".to_owned(), 130));
        assert_eq!(placed(&every(60), 149, 2).0[0], ("halfway".to_owned(), 174));
        // Only what the voice can say: not a minute and a half.
        let (cues, _) = placed(&every(30), 150, 2);
        let names: Vec<&str> = cues.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["left-2m", "halfway", "left-1m", "left-30s", "ten-seconds-left"]);
    }

    #[test]
    fn the_closing_cue_may_come_sooner_or_not_at_all() {
        let closing = |left| Guidance { closing_cue: left, halfway: false, ..Guidance::default() };
        let half_a_minute = closing(Some(Duration::from_secs(30)));
        assert_eq!(placed(&half_a_minute, 120, 2).0, at(&[("left-30s", 190)]));
        assert_eq!(placed(&half_a_minute, 119, 2).0, vec![]);
        assert_eq!(placed(&closing(None), 120, 2).0, vec![]);
    }
}
