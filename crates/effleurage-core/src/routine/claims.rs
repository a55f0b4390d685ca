//! What words take for granted of the session in which they are said or printed.
//!
//! Whether it holds is for the plan to judge.

use std::fmt;
use std::time::Duration;

use super::cursor::table;
use super::parse::parse;
use super::vocabulary::PromptId;
use super::words::{Leg, Motion, Pressure, Word, words};
use crate::diagnostic::Diagnostic;

table! {
schemaless
/// What a prompt or a title takes for granted, each claim on its own; without any, it is
/// taken at its word.
#[derive(Clone, PartialEq, Eq)]
pub struct Claims {
    /// Each of these regions is stroked.
    pub regions: Vec<String>,
    /// The lowest region that is stroked.
    pub from: Option<String>,
    /// The highest one.
    pub to: Option<String>,
    /// This one gets more than half of the time.
    pub mostly: Option<String>,
    /// Several regions are stroked on each leg.
    pub many: bool,
    /// What is massaged are legs, and no region that a routine brought.
    pub of_leg: bool,
    /// The regions, or all where none are named, are stroked with this technique.
    pub technique: Option<String>,
    /// They are stroked with such a motion,
    pub motion: Option<Motion>,
    /// and with one of these pressures.
    pub pressure: Vec<Pressure>,
    /// This leg is massaged.
    pub leg: Option<Leg>,
    /// How many legs are massaged.
    pub legs: Option<HowManyLegs>,
    /// It is the turn of this leg of two.
    pub turn: Option<Nth>,
    /// One of these was said before.
    pub after: Vec<PromptId>,
    /// In what the stroking is like that before it.
    pub again: Option<Again>,
    /// There is stroking in a later step.
    pub follows: bool,
    /// What there is to hear of the ticks.
    pub ticks: Option<Heard>,
    /// A bell tells that a zone ends soon.
    pub bell: bool,
    /// All stroking of the session takes at least so long.
    pub stroked: Option<Duration>,
    /// The whole track lasts just so long; for the titles of routines.
    pub lasts: Option<Duration>,
    /// What is said where a claim does not hold, the best first.
    pub otherwise as "else": Vec<String>,
}
}

/// How many legs are massaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowManyLegs {
    /// One alone.
    One,
    /// The left and the right, whether at once or not.
    Both,
    /// Both at once.
    Together,
}
words!(HowManyLegs, "number of legs", "one" => One, "both" => Both, "together" => Together);

/// The place of a leg among those of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nth {
    /// It begins.
    First,
    /// It comes after another.
    Second,
}
words!(Nth, "turn", "first" => First, "second" => Second);

/// In what one step is like the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It goes through the same regions of the same legs.
    Way,
    /// It uses the same technique.
    Technique,
}
words!(Again, "likeness", "way" => Way, "technique" => Technique);

/// What there is to hear of ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// There are some.
    Any,
    /// They rise from stroke to stroke.
    Rising,
    /// Strong ones press and light ones let go.
    Press,
}
words!(Heard, "kind of ticks", "any" => Any, "rising" => Rising, "press" => Press);

impl Claims {
    /// Reads claims, as they stand under the name of a prompt in a manifest.
    ///
    /// # Errors
    ///
    /// Every mistake, at its place in `text`.
    pub fn parse(text: &str) -> Result<Claims, Vec<Diagnostic>> {
        match parse(text, 0) {
            (Some(claims), mistakes) if mistakes.is_empty() => Ok(claims),
            (_, mistakes) => Err(mistakes),
        }
    }

    /// The regions that are named.
    pub fn named(&self) -> impl Iterator<Item = &String> {
        self.regions.iter().chain(&self.from).chain(&self.to).chain(&self.mostly)
    }

    /// The same, with the words that a pattern left open.
    pub(super) fn filled(&self, words: &[(String, String)]) -> Claims {
        let fill = |text: &String| fill(text, words);
        let mut claims = self.clone();
        claims.regions = claims.regions.iter().map(fill).collect();
        for name in [&mut claims.from, &mut claims.to, &mut claims.mostly] {
            *name = name.as_ref().map(fill);
        }
        claims
    }
}

/// `text` with every `{name}` replaced by what is told for it.
pub fn fill<N: AsRef<str>, V: fmt::Display>(text: &str, words: &[(N, V)]) -> String {
    words.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{}}}", name.as_ref()), &value.to_string())
    })
}
