//! What people change in a routine without rewriting it: flags and the keys of a file
//! that builds on another speak of the same things in the same words.

use std::time::Duration;

use super::at::At;
use super::model::{BedSound, Extent, TickSound};
use super::words::{Leg, Side, Talk};
use crate::units::{Decibels, Factor, SlowDown, StrokeRate};

/// All changes, by where they were asked for: flags before the file that was named,
/// and that before the files it builds on. What stands first wins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes(pub Vec<Layer>);

/// The changes that were asked for in one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// Lengths of zones.
    pub zones: Vec<ZoneChange>,
    /// Strokes a minute.
    pub pace: Vec<PaceChange>,
    /// How long the whole track lasts.
    pub total: Option<At<Duration>>,
    /// By how much strokes slow toward the end of a zone.
    pub slow_down: Option<At<SlowDown>>,
    /// Which legs.
    pub legs: Option<At<Leg>>,
    /// Which leg comes first.
    pub first: Option<At<Side>>,
    /// How much is said.
    pub talk: Option<At<Talk>>,
    /// Whether light circles take the place of pressing and kneading.
    pub gentle: Option<At<bool>>,
    /// Whether the warnings are said in one sentence.
    pub i_know_the_warnings: Option<At<bool>>,
    /// How many ticks count in.
    pub count_in: Option<At<u64>>,
    /// Whether the middle of a zone is told.
    pub halfway: Option<At<bool>>,
    /// How long before its end the end of a zone is told, if at all.
    pub closing_cue: Option<At<Option<Duration>>>,
    /// Every how often the time that is left is told, if at all.
    pub time_left: Option<At<Option<Duration>>>,
    /// Louder or softer ticks.
    pub tick_level: Option<At<Decibels>>,
    /// A louder or softer voice.
    pub voice_level: Option<At<Decibels>>,
    /// A louder or softer background.
    pub bed_level: Option<At<Decibels>>,
    /// What ticks sound like.
    pub ticks: Option<At<TickSound>>,
    /// The background.
    pub bed: Option<At<BedSound>>,
}

/// How long some zones last.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneChange {
    /// Which zones: a zone, or a step, a leg, or both, and then a zone.
    pub path: Vec<At<String>>,
    /// What becomes of them.
    pub wanted: At<Wanted>,
}

/// What becomes of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It is left out.
    Off,
    /// It lasts just this long.
    Lasts(Extent),
}

/// How fast some strokes are.
#[derive(Clone, Debug, PartialEq)]
pub struct PaceChange {
    /// Of which technique; of all where none is named.
    pub technique: Option<At<String>>,
    /// How fast.
    pub wanted: At<WantedPace>,
}

/// How fast strokes shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedPace {
    /// So many a minute.
    Rate(StrokeRate),
    /// So many times as fast as the author has them.
    Times(Factor),
}

impl Changes {
    /// What is asked for one thing, where the highest layer speaks of it.
    pub fn top<T>(&self, of: impl Fn(&Layer) -> &Option<At<T>>) -> Option<&At<T>> {
        self.0.iter().find_map(|layer| of(layer).as_ref())
    }

    /// Whether nobody asked for anything.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|layer| *layer == Layer::default())
    }
}
