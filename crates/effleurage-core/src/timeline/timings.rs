//! What is stroked in a session, and for how long.

use std::time::Duration;

use crate::body::Region;
use crate::routine::words::Leg;
use crate::routine::{Extent, Routine, Technique, ZoneStep};
use crate::units::{Length, SampleRate};

/// What is stroked in every step of a routine, with lengths that need not be the author's.
#[derive(Clone, Debug)]
pub struct Timings<'a> {
    /// The routine, as it is written.
    pub routine: &'a Routine,
    /// For each of its steps, the legs for which something is left to stroke.
    pub steps: Vec<Vec<TimedTurn<'a>>>,
}

/// One leg's turn in a step.
#[derive(Clone, Debug)]
pub struct TimedTurn<'a> {
    /// Whose turn it is.
    pub leg: Leg,
    /// What is stroked, from the bottom up.
    pub zones: Vec<TimedZone<'a>>,
}

/// A zone, and how long it is stroked.
#[derive(Clone, Copy, Debug)]
pub struct TimedZone<'a> {
    /// What the author says of it.
    pub step: &'a ZoneStep,
    /// How it is stroked.
    pub technique: &'a Technique,
    /// How long.
    pub extent: Extent,
}

impl TimedZone<'_> {
    /// Where it is.
    pub fn zone(&self) -> Region {
        *self.step.zone
    }

    /// How long it is stroked.
    pub fn lasts(&self) -> Duration {
        self.extent.duration(*self.technique.rate)
    }

    /// In how many strokes.
    pub fn strokes(&self) -> u64 {
        self.extent.strokes(*self.technique.rate)
    }
}

impl<'a> Timings<'a> {
    /// The author's lengths. Zones of a technique that is not there, which
    /// [`check`](crate::routine::check) refuses, are left out.
    pub fn as_written(routine: &'a Routine) -> Timings<'a> {
        let zone = |step: &'a ZoneStep| {
            let technique = routine.technique(step)?;
            Some(TimedZone { step, technique, extent: step.extent.value })
        };
        let steps = routine.steps.iter().map(|step| {
            let turns = step.turns.iter().map(|turn| TimedTurn {
                leg: turn.leg.value,
                zones: turn.zones.iter().filter_map(zone).collect(),
            });
            turns.filter(|turn| !turn.zones.is_empty()).collect()
        });
        Timings { routine, steps: steps.collect() }
    }

    /// These, but for the zones that may be stretched: they get `lengths`, one for each zone
    /// in the order of [`zones`](Timings::zones).
    pub fn with(&self, lengths: impl IntoIterator<Item = Length>, rate: SampleRate) -> Timings<'a> {
        let mut timings = self.clone();
        let zones = timings.steps.iter_mut().flatten().flat_map(|turn| &mut turn.zones);
        for (zone, length) in zones.zip(lengths).filter(|(zone, _)| !zone.step.kept) {
            zone.extent = Extent::Time(rate.duration_of(length));
        }
        timings
    }

    /// Every zone, in the order of the track.
    pub fn zones(&self) -> impl Iterator<Item = &TimedZone<'a>> {
        self.steps.iter().flatten().flat_map(|turn| &turn.zones)
    }
}
