//! What is spoken inside a zone: halfway, how much is left, and that it ends soon.

use std::time::Duration;

use super::notes;
use crate::routine::phrases::Phrases;
use crate::routine::prompt::Saying;
use crate::routine::{ClosingCue, Guidance, PromptId};
use crate::units::{FrameRange, Length, Position, SampleRate};

/// A cue inside a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// What is heard.
    pub what: What,
    /// When it starts.
    pub when: When,
}

/// What is heard of a cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A prompt.
    Prompt(PromptId),
    /// A prompt that need not be said: it keeps away from others.
    Reminder(PromptId),
    /// A soft bell.
    Bell,
}

/// When a cue starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At the middle frame.
    Middle,
    /// So long before the end.
    Left(Duration),
    /// So long after the start.
    After(Duration),
}

/// The middle of a shorter zone is not told.
const HALFWAY_FROM: Duration = Duration::from_secs(60);
/// Between a reminder and another cue is at least as much quiet.
const APART: Duration = Duration::from_secs(5);

/// The cues of a zone that lasts `duration`. Where two would collide, the one that
/// stands first here is said: the end tells the hands to get ready, and what is left
/// tells more than the middle.
pub fn due(duration: Duration, guidance: &Guidance, phrases: &Phrases) -> Vec<Cue> {
    let told = |left| {
        let prompt = phrases.left(left).map(|phrase| phrase.prompt.clone());
        let what = What::Prompt(prompt.unwrap_or_else(|| missing(left)));
        Cue { what, when: When::Left(left) }
    };
    let closing = guidance.closing_cue;
    let closing = Some(closing).filter(|closing| closing.is_due(duration));
    let closing = closing.and_then(|closing| match closing {
        ClosingCue::Off => None,
        ClosingCue::Bell => Some(Cue { what: What::Bell, when: When::Left(ClosingCue::BELL) }),
        ClosingCue::Spoken(left) => Some(told(left)),
    });
    let every = guidance.time_left.as_ref().map(|every| every.value);
    let left = every.map_or(Vec::new(), |every| multiples(every, duration, phrases));
    let left = left.into_iter().map(told).filter(|cue| Some(cue) != closing.as_ref());
    let mut cues: Vec<Cue> = closing.iter().cloned().chain(left).collect();
    if guidance.halfway && duration >= HALFWAY_FROM {
        cues.push(Cue { what: What::Prompt(Saying::Halfway.id()), when: When::Middle });
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
    Saying::Left(left).id()
}

/// A cue that is left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Which cue.
    pub cue: Cue,
    /// Why: a note.
    pub why: &'static str,
}

impl Cue {
    /// The prompt that is said, if one is.
    pub fn prompt(&self) -> Option<&PromptId> {
        match &self.what {
            What::Prompt(id) | What::Reminder(id) => Some(id),
            What::Bell => None,
        }
    }

    /// Where in `zone` it starts. The middle frame of an even number of frames is
    /// the first of the second half.
    pub fn start(&self, zone: FrameRange, rate: SampleRate) -> Position {
        match self.when {
            When::Middle => zone.start + Length(zone.length.0 / 2),
            When::Left(left) => {
                zone.end_exclusive().before(rate.length_of(left)).unwrap_or(zone.start)
            }
            When::After(after) => zone.start + rate.length_of(after),
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
        let apart = match cue.what {
            What::Reminder(_) => rate.length_of(APART),
            What::Prompt(_) | What::Bell => Length::ZERO,
        };
        let wide = FrameRange::new(range.start, range.length + apart);
        let meets = |(_, other): &(_, FrameRange)| {
            let other = FrameRange::new(other.start, other.length + apart);
            other.intersection(wide).is_some()
        };
        if range.end_exclusive() > zone.end_exclusive() {
            dropped.push(Dropped { cue, why: notes::OUTLASTS });
        } else if placed.iter().any(meets) {
            dropped.push(Dropped { cue, why: notes::COLLIDES });
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
    use crate::routine::spanned::Spanned;

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
            When::Left(_) | When::After(_) => Length(2),
        });
        let name = |cue: &Cue| cue.prompt().cloned().unwrap_or_else(|| "bell".to_owned());
        let starts = placed.iter().map(|(cue, range)| (name(cue), range.start.0)).collect();
        (starts, dropped.iter().map(|dropped| name(&dropped.cue)).collect())
    }

    fn spoken() -> Guidance {
        let closing_cue = ClosingCue::Spoken(Duration::from_secs(10));
        Guidance { closing_cue, ..Guidance::default() }
    }

    fn usual(seconds: u64, long: u64) -> (Vec<(String, u64)>, Vec<String>) {
        placed(&spoken(), seconds, long)
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
            time_left: Some(Spanned::new(Duration::from_secs(seconds), 0..0)),
            ..spoken()
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
        let half_a_minute = closing(ClosingCue::Spoken(Duration::from_secs(30)));
        assert_eq!(placed(&half_a_minute, 120, 2).0, at(&[("left-30s", 190)]));
        assert_eq!(placed(&half_a_minute, 119, 2).0, vec![]);
        assert_eq!(placed(&closing(ClosingCue::Off), 120, 2).0, vec![]);
    }

    #[test]
    fn a_bell_sounds_five_seconds_before_the_end_of_all_but_short_zones() {
        let bell = |seconds| placed(&Guidance::default(), seconds, 2).0;
        assert_eq!(bell(60), at(&[("halfway", 130), ("bell", 155)]));
        assert_eq!(bell(20), at(&[("bell", 115)]));
        assert_eq!(bell(19), vec![]);
    }

    #[test]
    fn a_reminder_keeps_away_from_other_cues() {
        let zone = FrameRange::new(Position(0), Length(120));
        let cue = |what, when| Cue { what, when };
        let halfway = cue(What::Prompt("halfway".to_owned()), When::Middle);
        let soft =
            |at| cue(What::Reminder("soft".to_owned()), When::After(Duration::from_secs(at)));
        // Halfway takes the frames from 60 to 62; five seconds on both sides are kept free.
        for (at, is_said) in
            [(52, true), (53, true), (54, false), (60, false), (66, false), (67, true)]
        {
            let cues = vec![halfway.clone(), soft(at)];
            let (placed, _) = place(cues, zone, SampleRate::new(1).unwrap(), |_| Length(2));
            assert_eq!(placed.len() == 2, is_said, "{at}");
        }
    }
}
