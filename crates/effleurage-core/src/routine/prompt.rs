//! What prompts are called: the one place that knows what an id says.

use std::fmt;
use std::time::Duration;

use super::duration::{self, plain};
use super::vocabulary::PromptId;
use super::words::Leg;
use crate::body::Region;

/// A prompt that a plan asks for by what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Where the first zone of a turn is.
    Zone(Region),
    /// That the hands go up to a region.
    UpTo(Region),
    /// Which leg it is, or which side of the body.
    Turn(Leg, Turn, Side),
    /// How long something lasts.
    Length(Duration),
    /// How much of a zone is left.
    Left(Duration),
    /// That half of a zone is over.
    Halfway,
    /// That a pause begins.
    Pause,
}

/// When it is the turn of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is the only one, or both are massaged at once.
    Only,
    /// It is the first of two.
    First,
    /// It is the second of two.
    Second,
}

/// What a turn is called after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The leg.
    Leg,
    /// The side of the body, where nobody knows whether a region is on a leg.
    Body,
}

/// What is left when the end of a zone was told in the first voices, by a name of its own.
const TEN_SECONDS: Duration = Duration::from_secs(10);
const TEN_SECONDS_LEFT: &str = "ten-seconds-left";

impl Prompt {
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

impl fmt::Display for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Prompt::Zone(region) => write!(f, "zone-{region}"),
            Prompt::UpTo(region) => write!(f, "up-to-{region}"),
            Prompt::Turn(leg, turn, side) => write_turn(f, leg, turn, side),
            Prompt::Length(length) => write!(f, "length-{}", plain(length)),
            Prompt::Left(TEN_SECONDS) => f.write_str(TEN_SECONDS_LEFT),
            Prompt::Left(left) => write!(f, "left-{}", plain(left)),
            Prompt::Halfway => f.write_str("halfway"),
            Prompt::Pause => f.write_str("pause"),
        }
    }
}

fn write_turn(f: &mut fmt::Formatter<'_>, leg: Leg, turn: Turn, side: Side) -> fmt::Result {
    match (leg, turn, side) {
        (Leg::Both, _, Side::Leg) => f.write_str("both-legs"),
        (Leg::Both, _, Side::Body) => f.write_str("both-sides"),
        (leg, Turn::Only, Side::Leg) => write!(f, "{leg}-leg"),
        (leg, Turn::Only, Side::Body) => write!(f, "{leg}-side"),
        (leg, Turn::First, Side::Leg) => write!(f, "begin-{leg}"),
        (leg, Turn::First, Side::Body) => write!(f, "begin-{leg}-side"),
        (leg, Turn::Second, Side::Leg) => write!(f, "change-{leg}"),
        (leg, Turn::Second, Side::Body) => write!(f, "change-{leg}-side"),
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
    fn ids_are_those_of_the_voices() {
        let seconds = Duration::from_secs;
        let turn = |leg, turn, side| Prompt::Turn(leg, turn, side);
        for (prompt, id) in [
            (Prompt::Zone(Region::CALF), "zone-calf"),
            (Prompt::UpTo(Region::HIP), "up-to-hip"),
            (turn(Leg::Both, Turn::Only, Side::Leg), "both-legs"),
            (turn(Leg::Both, Turn::Only, Side::Body), "both-sides"),
            (turn(Leg::Left, Turn::Only, Side::Leg), "left-leg"),
            (turn(Leg::Right, Turn::Only, Side::Body), "right-side"),
            (turn(Leg::Left, Turn::First, Side::Leg), "begin-left"),
            (turn(Leg::Right, Turn::First, Side::Body), "begin-right-side"),
            (turn(Leg::Right, Turn::Second, Side::Leg), "change-right"),
            (turn(Leg::Left, Turn::Second, Side::Body), "change-left-side"),
            (Prompt::Length(seconds(90)), "length-1m30s"),
            (Prompt::Left(seconds(10)), "ten-seconds-left"),
            (Prompt::Left(seconds(120)), "left-2m"),
            (Prompt::Halfway, "halfway"),
            (Prompt::Pause, "pause"),
        ] {
            assert_eq!(prompt.id(), id);
            let length = if let Prompt::Length(length) = prompt { Some(length) } else { None };
            let left = if let Prompt::Left(left) = prompt { Some(left) } else { None };
            assert_eq!((Prompt::length(id), Prompt::left(id)), (length, left), "{id}");
        }
    }

    #[test]
    fn a_variant_has_a_base() {
        assert_eq!(Variant::Brief.of("do-press"), "do-press-brief");
        assert_eq!(base("do-press-gentle-brief"), "do-press");
        assert_eq!(base("gentle-why"), "gentle-why");
    }
}
