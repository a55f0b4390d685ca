//! What prompts are called: the one place that knows what an id says.

use std::fmt;
use std::time::Duration;

use super::duration::{self, plain};
use super::vocabulary::PromptId;
use super::words::Leg;
use crate::body::Region;

/// What a plan asks a voice to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// Where the first zone of a turn is.
    Zone(Region),
    /// That the hands go up to a region.
    UpTo(Region),
    /// Which leg it is, or which side of the body.
    Turn(Leg, TurnOf, CalledAfter),
    /// How much of a zone is left.
    Left(Duration),
    /// That half of a zone is over.
    Halfway,
    /// That a pause begins.
    Pause,
}

/// When it is the turn of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnOf {
    /// It is the only one, or both are massaged at once.
    Only,
    /// It is the first of two.
    First,
    /// It is the second of two.
    Second,
}

/// What a turn is called after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalledAfter {
    /// The leg.
    Leg,
    /// The side of the body, where nobody knows whether a region is on a leg.
    Body,
}

/// What is left when the end of a zone was told in the first voices, by a name of its own.
const TEN_SECONDS: Duration = Duration::from_secs(10);
const TEN_SECONDS_LEFT: &str = "ten-seconds-left";

impl Saying {
    /// Its id.
    pub fn id(self) -> PromptId {
        self.to_string()
    }

    /// The length that a prompt says something lasts, if that is what it says.
    pub fn length(id: &str) -> Option<Duration> {
        duration::parse(id.strip_prefix("length-")?).ok()
    }

    /// The time that a prompt says is left, if that is what it says.
    pub fn left(id: &str) -> Option<Duration> {
        if id == TEN_SECONDS_LEFT {
            return Some(TEN_SECONDS);
        }
        duration::parse(id.strip_prefix("left-")?).ok()
    }

    /// The region that a prompt names, if that is what it does.
    pub fn zone(id: &str) -> Option<&str> {
        id.strip_prefix("zone-")
    }
}

impl fmt::Display for Saying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Saying::Zone(region) => write!(f, "zone-{region}"),
            Saying::UpTo(region) => write!(f, "up-to-{region}"),
            Saying::Turn(leg, turn, called) => write_turn(f, leg, turn, called),
            Saying::Left(TEN_SECONDS) => f.write_str(TEN_SECONDS_LEFT),
            Saying::Left(left) => write!(f, "left-{}", plain(left)),
            Saying::Halfway => f.write_str("halfway"),
            Saying::Pause => f.write_str("pause"),
        }
    }
}

fn write_turn(
    f: &mut fmt::Formatter<'_>,
    leg: Leg,
    turn: TurnOf,
    called: CalledAfter,
) -> fmt::Result {
    match (leg, turn, called) {
        (Leg::Both, _, CalledAfter::Leg) => f.write_str("both-legs"),
        (Leg::Both, _, CalledAfter::Body) => f.write_str("both-sides"),
        (leg, TurnOf::Only, CalledAfter::Leg) => write!(f, "{leg}-leg"),
        (leg, TurnOf::Only, CalledAfter::Body) => write!(f, "{leg}-side"),
        (leg, TurnOf::First, CalledAfter::Leg) => write!(f, "begin-{leg}"),
        (leg, TurnOf::First, CalledAfter::Body) => write!(f, "begin-{leg}-side"),
        (leg, TurnOf::Second, CalledAfter::Leg) => write!(f, "change-{leg}"),
        (leg, TurnOf::Second, CalledAfter::Body) => write!(f, "change-{leg}-side"),
    }
}

/// Another way to say the same, or nearly the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// In few words.
    Brief,
    /// Without pressing.
    Gentle,
}

impl Variant {
    fn ending(self) -> &'static str {
        match self {
            Variant::Brief => "-brief",
            Variant::Gentle => "-gentle",
        }
    }

    /// The id of this variant of a prompt.
    pub fn of(self, id: &str) -> PromptId {
        format!("{id}{}", self.ending())
    }

    /// The prompt of which `id` is this variant, if it is.
    pub fn base(self, id: &str) -> Option<&str> {
        id.strip_suffix(self.ending())
    }
}

/// The prompt of the author, whatever variants of it were put in its place.
pub fn base(id: &str) -> &str {
    let id = Variant::Brief.base(id).unwrap_or(id);
    Variant::Gentle.base(id).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ids of recorded voices: to change one is to lose its clips.
    #[test]
    fn ids_are_those_that_voices_are_recorded_under() {
        let seconds = Duration::from_secs;
        let turn = |leg, turn, side| Saying::Turn(leg, turn, side);
        for (prompt, id) in [
            (Saying::Zone(Region::CALF), "zone-calf"),
            (Saying::UpTo(Region::HIP), "up-to-hip"),
            (turn(Leg::Both, TurnOf::Only, CalledAfter::Leg), "both-legs"),
            (turn(Leg::Both, TurnOf::Only, CalledAfter::Body), "both-sides"),
            (turn(Leg::Left, TurnOf::Only, CalledAfter::Leg), "left-leg"),
            (turn(Leg::Right, TurnOf::Only, CalledAfter::Body), "right-side"),
            (turn(Leg::Left, TurnOf::First, CalledAfter::Leg), "begin-left"),
            (turn(Leg::Right, TurnOf::First, CalledAfter::Body), "begin-right-side"),
            (turn(Leg::Right, TurnOf::Second, CalledAfter::Leg), "change-right"),
            (turn(Leg::Left, TurnOf::Second, CalledAfter::Body), "change-left-side"),
            (Saying::Left(seconds(10)), "ten-seconds-left"),
            (Saying::Left(seconds(120)), "left-2m"),
            (Saying::Halfway, "halfway"),
            (Saying::Pause, "pause"),
        ] {
            assert_eq!(prompt.id(), id);
            let left = if let Saying::Left(left) = prompt { Some(left) } else { None };
            assert_eq!((Saying::length(id), Saying::left(id)), (None, left), "{id}");
        }
        assert_eq!(Saying::length("length-1m30s"), Some(seconds(90)));
        assert_eq!(Saying::zone("zone-forearm"), Some("forearm"));
    }

    #[test]
    fn a_variant_has_a_base() {
        assert_eq!(Variant::Brief.of("do-press"), "do-press-brief");
        assert_eq!(base("do-press-gentle-brief"), "do-press");
        assert_eq!(base("gentle-why"), "gentle-why");
    }
}
