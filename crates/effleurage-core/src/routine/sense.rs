//! What can be done, but hardly anybody means: odd paces and heavy loads.

use std::collections::BTreeMap;
use std::time::Duration;

use super::duration::plain;
use super::model::{Routine, Technique};
use super::words::Leg;
use crate::body::Region;
use crate::diagnostic::Diagnostic;

/// Hands that press or knead faster than this a minute hurry.
const FASTEST_PRESSING: f64 = 60.0;
/// So do those that circle faster,
const FASTEST: f64 = 90.0;
/// and what is slower than this is no stroke any more.
const SLOWEST: f64 = 4.0;
/// More pressing of one region of one leg in one session makes it sore.
const MOST_PRESSING: Duration = Duration::from_secs(15 * 60);

/// What is odd in the `routine` that will be played.
pub fn advise(routine: &Routine) -> Vec<Diagnostic> {
    let used = |name: &str| {
        let mut zones = routine.steps.iter().flat_map(|step| step.zones());
        zones.any(|zone| *zone.technique == name)
    };
    let techniques = routine.techniques.iter().filter(|(name, _)| used(name));
    let mut advice: Vec<Diagnostic> =
        techniques.filter_map(|(name, technique)| odd_pace(name, technique)).collect();
    advice.extend(heavy_loads(routine));
    advice
}

fn odd_pace(name: &str, technique: &Technique) -> Option<Diagnostic> {
    let rate = technique.rate.as_per_minute();
    let fastest = if technique.presses() { FASTEST_PRESSING } else { FASTEST };
    let why = match rate {
        slow if slow < SLOWEST => format!("one stroke takes {:.0} seconds", 60.0 / slow),
        fast if fast > fastest => {
            format!("that is {:.1} a second, too fast to be calm", fast / 60.0)
        }
        _ => return None,
    };
    let strokes = if rate == 1.0 { "stroke" } else { "strokes" };
    let message = format!("{} {strokes} of `{name}` a minute: {why}", *technique.rate);
    let help = format!(
        "slow hands circle 15 to 30 times a minute; nothing is said of {SLOWEST} to {fastest}"
    );
    Some(Diagnostic::warning(technique.rate.span.clone(), message).help(help))
}

fn heavy_loads(routine: &Routine) -> Vec<Diagnostic> {
    let mut loads: BTreeMap<(Leg, Region), (Duration, std::ops::Range<usize>)> = BTreeMap::new();
    for turn in routine.steps.iter().flat_map(|step| &step.turns) {
        for zone in &turn.zones {
            let Some(technique) = routine.technique(zone).filter(|kind| kind.presses()) else {
                continue;
            };
            let span = zone.extent.span.clone();
            let load = loads.entry((*turn.leg, *zone.zone)).or_insert((Duration::ZERO, span));
            load.0 += zone.extent.duration(*technique.rate);
        }
    }
    let heavy = loads.into_iter().filter(|(_, (lasts, _))| *lasts > MOST_PRESSING);
    let advice = |((leg, zone), (lasts, span)): ((Leg, Region), (Duration, _))| {
        let leg = if leg == Leg::Both { "each".to_owned() } else { leg.to_string() };
        let message =
            format!("the {leg} {zone} is pressed and kneaded for {} in all", plain(lasts));
        let help = "that can make it sore; give it a quarter of an hour at most, or light circles";
        Diagnostic::warning(span, message).help(help)
    };
    heavy.map(advice).collect()
}
