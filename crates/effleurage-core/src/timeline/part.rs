//! The pieces of a session in their order, before they have their frames.

use std::time::Duration;

use super::cues::Cue;
use crate::body::Region;
use crate::routine::phrases::Phrase;
use crate::routine::spanned::Spanned;
use crate::routine::words::Leg;
use crate::routine::{PromptId, Technique, ZoneStep};

/// One piece of the session; later a [`Section`](super::Section).
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// Unique, such as `ankles.left.ankle`.
    pub id: String,
    /// What people read.
    pub title: String,
    /// The title of the step that begins with it, if one does.
    pub begins: Option<String>,
    /// What happens.
    pub what: What<'a>,
    /// Prompts that were asked for by now and would not be true, with the section in which
    /// they would have been said.
    pub left_out: Vec<(String, PromptId)>,
}

impl Part<'_> {
    /// Whether something is stroked in it.
    pub fn is_zone(&self) -> bool {
        matches!(self.what, What::Zone(_))
    }
}

/// What happens in a [`Part`].
#[derive(Clone, Debug)]
pub enum What<'a> {
    /// The wake-up chime.
    Opening,
    /// Words, for as long as they need or exactly as long as the author pins them.
    LeadIn(LeadIn<'a>),
    /// Stroking.
    Zone(ZonePart<'a>),
    /// Quiet, after words that tell how long it lasts.
    Pause {
        /// The prompts, in order; left out where they do not fit.
        say: Vec<PromptId>,
        /// How long.
        lasts: Duration,
    },
    /// Last words and a chime.
    Closing {
        /// The prompts, in order.
        say: Vec<PromptId>,
        /// The author's length.
        pinned: Option<Pinned<'a>>,
    },
}

/// Words before the stroking, time to move the hands, ticks that count in.
#[derive(Clone, Debug, Default)]
pub struct LeadIn<'a> {
    /// The prompts, in order.
    pub say: Vec<PromptId>,
    /// The author's length.
    pub pinned: Option<Pinned<'a>>,
    /// The time that the hands need where no words give it to them.
    pub least: Duration,
    /// The ticks before the first stroke.
    pub count_in: Option<CountIn>,
}

/// Ticks before the first stroke of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountIn {
    /// How many; at least one.
    pub ticks: u64,
    /// From one to the next, and from the last to the first stroke.
    pub apart: Duration,
    /// The zone whose first stroke they lead to.
    pub zone: Region,
    /// The leg, or both.
    pub leg: Leg,
}

impl CountIn {
    /// From the first tick to the first stroke.
    pub fn lasts(&self) -> Duration {
        self.apart * self.ticks as u32
    }
}

/// A length that the author gave to words.
#[derive(Clone, Copy, Debug)]
pub struct Pinned<'a> {
    /// The key by which it was given.
    pub key: &'static str,
    /// The length, and where it is written.
    pub lasts: &'a Spanned<Duration>,
    /// Whether words that need more get it.
    pub gives_way: bool,
}

/// A zone of one leg.
#[derive(Clone, Debug)]
pub struct ZonePart<'a> {
    /// Which leg.
    pub leg: Leg,
    /// What the author says of it.
    pub step: &'a ZoneStep,
    /// How it is stroked.
    pub technique: &'a Technique,
    /// How long.
    pub duration: Duration,
    /// In how many strokes.
    pub strokes: u64,
    /// How its length is announced before it, if it is and the voice can say it.
    pub announced: Option<Phrase>,
    /// Whether its length is to be told before it.
    pub told: bool,
    /// What is said over its strokes, the most important first.
    pub cues: Vec<Cue>,
}
