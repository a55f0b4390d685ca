//! What people change in a routine without rewriting it: flags and the keys of a file
//! that builds on another speak of the same things in the same words.

use std::time::Duration;

use super::model::{BedSound, ClosingCue, Extent, TickSound};
use super::settings::settings;
use super::spanned::Spanned;
use super::words::{Leg, Pan, Room, Side, Talk};
use crate::units::{Decibels, Factor, SlowDown, StrokeRate};

/// All changes, by where they were asked for: flags before the file that was named,
/// and that before the files it builds on. What stands first wins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes(pub Vec<Layer>);

macro_rules! layer {
    ($($(#[$doc:meta])* $key:ident: $type:ty, $schema:ty, $read:ident($($with:expr),*);
        $value:literal, $negative:literal, $help:literal;)+) => {
        /// The changes that were asked for in one place.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Layer {
            /// Lengths of zones.
            pub zones: Vec<ZoneChange>,
            /// Strokes a minute.
            pub pace: Vec<PaceChange>,
            $($(#[$doc])* pub $key: Option<Spanned<$type>>,)+
        }
    };
}
settings!(layer);

/// How long some zones last.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneChange {
    /// Which zones: a step, a leg, or both, and then a zone; without a zone, all of them
    /// together.
    pub path: Vec<Spanned<String>>,
    /// What becomes of them.
    pub wanted: Spanned<Wanted>,
}

/// What becomes of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It is left out.
    Off,
    /// It lasts just this long.
    Lasts(Extent),
    /// It lasts so much longer, in nanoseconds; or shorter, where that is negative.
    By(i64),
    /// It lasts so many times as long.
    Times(Factor),
}

/// How fast some strokes are.
#[derive(Clone, Debug, PartialEq)]
pub struct PaceChange {
    /// Of which technique; of all where none is named.
    pub technique: Option<Spanned<String>>,
    /// How fast.
    pub wanted: Spanned<WantedPace>,
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
    pub fn top<T>(&self, of: impl Fn(&Layer) -> &Option<Spanned<T>>) -> Option<&Spanned<T>> {
        self.0.iter().find_map(|layer| of(layer).as_ref())
    }

    /// Whether nobody asked for anything.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|layer| *layer == Layer::default())
    }
}
