//! Whether what words take for granted holds in the session that is planned.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::timings::{TimedTurn, TimedZone, Timings};
use crate::body::Region;
use crate::routine::claims::{Again, Claims, Heard, HowManyLegs, Nth};
use crate::routine::words::{Leg, Motion, Slot};
use crate::routine::{ClosingCue, PromptId, TickSound};

/// A place in a session, for which something is said.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// What is stroked in the session.
    pub timings: &'a Timings<'a>,
    /// Of what the words speak.
    pub place: Place,
    /// What was said before.
    pub said: &'a BTreeSet<PromptId>,
    /// How long the whole track lasts, where that is known.
    pub whole: Option<Duration>,
}

/// Of what words speak.
#[derive(Clone, Copy)]
pub enum Place {
    /// Of all of the session.
    Session,
    /// Of the step with this number, or of the whole session where nothing is stroked in it.
    Step(usize),
    /// Of one zone in the turn with this number of a step.
    Zone {
        /// Which step.
        step: usize,
        /// Which turn of it.
        turn: usize,
        /// Which zone of that.
        zone: usize,
    },
}

/// What is spoken of on one leg.
struct Stroked<'a> {
    leg: Leg,
    zones: &'a [TimedZone<'a>],
}

impl<'a> Scene<'a> {
    /// Whether all of `claims` hold.
    pub fn holds(&self, claims: &Claims) -> bool {
        self.regions_hold(claims)
            && self.strokes_hold(claims)
            && self.legs_hold(claims)
            && self.order_holds(claims)
            && claims.ticks.is_none_or(|heard| self.hears(heard))
            && (!claims.bell || self.has_bell())
            && (!claims.of_leg || !self.timings.zones().any(|zone| zone.zone().is_own()))
            && claims.stroked.is_none_or(|least| self.all_stroking() >= least)
            && claims.lasts.is_none_or(|lasts| self.whole == Some(lasts))
    }

    /// The words for the places that an alternative leaves open.
    pub fn fillings(&self) -> Vec<(&'static str, Region)> {
        let alike = |of: &dyn Fn(&Stroked<'_>) -> Option<Region>| self.alike(of);
        let (from, to) = (alike(&lowest), alike(&highest));
        let region = from.filter(|from| Some(*from) == to);
        let mostly = alike(&|stroked| self.most(stroked));
        let named = [("from", from), ("to", to), ("mostly", mostly), ("region", region)];
        named.into_iter().filter_map(|(name, zone)| Some((name, zone?))).collect()
    }

    /// The regions that are stroked, from the bottom up, where they are the same on all legs.
    pub fn regions(&self) -> BTreeSet<Region> {
        let of = |stroked: &Stroked<'_>| stroked.zones.iter().map(TimedZone::zone).collect();
        let each: BTreeSet<BTreeSet<Region>> = self.stroked().iter().map(of).collect();
        match each.len() {
            1 => each.into_iter().flatten().collect(),
            _ => BTreeSet::new(),
        }
    }

    fn regions_hold(&self, claims: &Claims) -> bool {
        let is = |wanted: &Option<String>, zone: Option<Region>| {
            wanted.as_ref().is_none_or(|name| zone.is_some_and(|zone| zone.name() == *name))
        };
        let has = |stroked: &Stroked<'_>, name: &String| {
            stroked.zones.iter().any(|zone| zone.zone().name() == *name)
        };
        let unclaimed = claims.named().next().is_none() && !claims.many;
        unclaimed
            || self.everywhere(|stroked| {
                claims.regions.iter().all(|name| has(stroked, name))
                    && is(&claims.from, lowest(stroked))
                    && is(&claims.to, highest(stroked))
                    && is(&claims.mostly, self.most(stroked))
                    && (!claims.many || stroked.zones.len() > 1)
            })
    }

    /// How the regions that are named are stroked, or all of them.
    fn strokes_hold(&self, claims: &Claims) -> bool {
        let technique = claims.technique.as_ref();
        // A routine that has no technique of this name calls it otherwise.
        let technique =
            technique.filter(|name| self.timings.routine.techniques.contains_key(*name));
        if technique.is_none() && claims.motion.is_none() && claims.pressure.is_empty() {
            return true;
        }
        let spoken_of = |zone: &TimedZone<'_>| {
            let named = |name: &String| zone.zone().name() == *name;
            claims.regions.is_empty() || claims.regions.iter().any(named)
        };
        let such = |zone: &TimedZone<'_>| {
            let kind = zone.technique;
            technique.is_none_or(|name| **name == *zone.step.technique)
                && claims.motion.is_none_or(|motion| motion == kind.motion)
                && (claims.pressure.is_empty() || claims.pressure.contains(&kind.pressure))
        };
        let stroked = self.stroked();
        let mut zones = stroked.iter().flat_map(|stroked| stroked.zones);
        match self.step() {
            Some(_) => zones.all(|zone| !spoken_of(zone) || such(zone)),
            None => zones.any(|zone| spoken_of(zone) && such(zone)),
        }
    }

    fn legs_hold(&self, claims: &Claims) -> bool {
        let stroked = self.stroked();
        let massaged = |leg| stroked.iter().any(|turn| turn.leg == leg || turn.leg == Leg::Both);
        let both = massaged(Leg::Left) && massaged(Leg::Right);
        let legs = claims.legs.is_none_or(|legs| match legs {
            HowManyLegs::One => !both && !stroked.is_empty(),
            HowManyLegs::Both => both,
            HowManyLegs::Together => stroked.iter().any(|turn| turn.leg == Leg::Both),
        });
        legs && claims.leg.is_none_or(massaged)
            && claims.turn.is_none_or(|nth| self.turns(nth, claims.leg))
    }

    /// Whether it is the turn of the `nth` leg of two, and that is `leg` if one is named.
    fn turns(&self, nth: Nth, leg: Option<Leg>) -> bool {
        let Some(step) = self.step() else { return false };
        let here = match self.place {
            Place::Zone { turn, .. } => Some(turn),
            _ => None,
        };
        let legs: Vec<Leg> = step.iter().map(|turn| turn.leg).collect();
        let at = if nth == Nth::First { 0 } else { 1 };
        legs.len() > 1
            && here.is_none_or(|turn| turn == at)
            && leg.is_none_or(|leg| legs[at] == leg)
    }

    fn order_holds(&self, claims: &Claims) -> bool {
        let steps = &self.timings.steps;
        let after = claims.after.is_empty() || claims.after.iter().any(|id| self.said.contains(id));
        let here = match self.place {
            Place::Session => steps.len(),
            Place::Step(step) | Place::Zone { step, .. } => step,
        };
        let later = steps.get(here + 1..).unwrap_or_default();
        let follows =
            !claims.follows || later.iter().any(|step| !step.is_empty()) || self.step().is_some();
        after && follows && claims.again.is_none_or(|again| self.is_again(here, again))
    }

    /// Whether the step `here` is like the one before it in which something is stroked.
    fn is_again(&self, here: usize, again: Again) -> bool {
        let steps = &self.timings.steps;
        let before = steps[..here.min(steps.len())].iter().rev().find(|step| !step.is_empty());
        let (Some(step), Some(before)) = (self.step(), before) else { return false };
        let way = |step: &[TimedTurn<'_>]| -> Vec<(Leg, Vec<Region>)> {
            let zones = |turn: &TimedTurn<'_>| turn.zones.iter().map(TimedZone::zone).collect();
            step.iter().map(|turn| (turn.leg, zones(turn))).collect()
        };
        let techniques = |step: &[TimedTurn<'_>]| -> BTreeSet<String> {
            let zones = step.iter().flat_map(|turn| &turn.zones);
            zones.map(|zone| zone.step.technique.value.clone()).collect()
        };
        match again {
            Again::Way => way(step) == way(before),
            Again::Technique => techniques(step) == techniques(before),
        }
    }

    fn hears(&self, heard: Heard) -> bool {
        let computed = matches!(*self.timings.routine.sound.ticks, TickSound::BuiltIn(_));
        let stroked = self.stroked();
        let zones = stroked.iter().flat_map(|turn| turn.zones);
        zones.map(|zone| zone.technique).any(|technique| match heard {
            Heard::Any => true,
            Heard::Rising => computed && technique.strokes_per_pass > 1,
            Heard::Press => {
                let has = |slot| technique.ticks.slots().contains(&slot);
                technique.motion == Motion::Press && has(Slot::Strong) && has(Slot::Weak)
            }
        })
    }

    fn has_bell(&self) -> bool {
        let cue = self.timings.routine.guidance.closing_cue;
        let mut zones = self.timings.zones();
        cue == ClosingCue::Bell && zones.any(|zone| cue.is_due(zone.lasts()))
    }

    fn all_stroking(&self) -> Duration {
        self.timings.zones().map(TimedZone::lasts).sum()
    }

    /// The region that gets more than half of the time.
    fn most(&self, stroked: &Stroked<'_>) -> Option<Region> {
        let mut times: BTreeMap<Region, Duration> = BTreeMap::new();
        for zone in stroked.zones {
            *times.entry(zone.zone()).or_default() += zone.lasts();
        }
        let all: Duration = times.values().sum();
        times.into_iter().find(|(_, time)| *time * 2 > all).map(|(zone, _)| zone)
    }

    /// What all legs that are spoken of have alike.
    fn alike(&self, of: &dyn Fn(&Stroked<'_>) -> Option<Region>) -> Option<Region> {
        self.step()?;
        let zones: BTreeSet<Option<Region>> = self.stroked().iter().map(of).collect();
        zones.iter().copied().next().flatten().filter(|_| zones.len() == 1)
    }

    /// Whether `holds` of every leg that is spoken of; of a session, of any in any step.
    fn everywhere(&self, holds: impl Fn(&Stroked<'_>) -> bool) -> bool {
        let stroked = self.stroked();
        match self.step() {
            Some(_) => stroked.iter().all(holds),
            None => stroked.iter().any(holds),
        }
    }

    /// The step that is spoken of, if anything is stroked in it.
    fn step(&self) -> Option<&'a [TimedTurn<'a>]> {
        match self.place {
            Place::Session => None,
            Place::Step(step) | Place::Zone { step, .. } => {
                self.timings.steps.get(step).map(Vec::as_slice).filter(|step| !step.is_empty())
            }
        }
    }

    fn stroked(&self) -> Vec<Stroked<'a>> {
        let of = |turn: &'a TimedTurn<'a>| Stroked { leg: turn.leg, zones: &turn.zones };
        match (self.place, self.step()) {
            (Place::Zone { turn, zone, .. }, Some(step)) => {
                let TimedTurn { leg, zones } = &step[turn];
                vec![Stroked { leg: *leg, zones: std::slice::from_ref(&zones[zone]) }]
            }
            (_, Some(step)) => step.iter().map(of).collect(),
            (_, None) => self.timings.steps.iter().flatten().map(of).collect(),
        }
    }
}

fn lowest(stroked: &Stroked<'_>) -> Option<Region> {
    stroked.zones.iter().map(TimedZone::zone).min()
}

fn highest(stroked: &Stroked<'_>) -> Option<Region> {
    stroked.zones.iter().map(TimedZone::zone).max()
}
