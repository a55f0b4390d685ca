//! How long zones last, and which are left out.

use std::collections::BTreeSet;

use super::Customised;
use crate::diagnostic::Diagnostic;
use crate::routine::at::At;
use crate::routine::changes::{Wanted, ZoneChange};
use crate::routine::duration::plain;
use crate::routine::words::{Leg, Word, Zone};
use crate::routine::{Changes, Extent, Routine, Step, suggest};

/// So many layers were asked for by the person at hand: the flags and the file that they
/// named. What a file asks that this one extends may have lost its zone by now.
const OWN_LAYERS: usize = 2;

/// Reports changes of zones that are not there.
pub fn check(work: &mut Customised, changes: &Changes) {
    for change in changes.0.iter().take(OWN_LAYERS).flat_map(|layer| &layer.zones) {
        work.mistakes.extend(stranger(&work.routine, change));
    }
}

/// Gives every zone the length that is asked for it, or leaves it out.
pub fn change(work: &mut Customised, changes: &Changes) {
    for step in &mut work.routine.steps {
        let id = step.id.value.clone();
        for turn in &mut step.turns {
            let leg = turn.leg.value;
            turn.zones.retain_mut(|zone| {
                let Some(wanted) = wanted(changes, &id, leg, *zone.zone) else { return true };
                let section = format!("{id}.{leg}.{}", *zone.zone);
                work.asked.zones.insert(section, shown(wanted.value));
                let Wanted::Lasts(extent) = wanted.value else { return false };
                zone.extent = wanted.with(extent);
                zone.kept = true;
                true
            });
        }
    }
    note_idle(work, changes);
}

/// Notes the changes of zones that are not massaged any more.
fn note_idle(work: &mut Customised, changes: &Changes) {
    for change in changes.0.iter().take(OWN_LAYERS).flat_map(|layer| &layer.zones) {
        let path: Vec<&str> = change.path.iter().map(|name| name.as_str()).collect();
        let path = path.join(".");
        if change.wanted.value != Wanted::Off && !speaks_of_any(&work.routine, change) {
            work.notes.push(format!("zone {path}: it is not massaged, so this changes nothing"));
        }
    }
}

fn shown(wanted: Wanted) -> String {
    match wanted {
        Wanted::Off => "off".to_owned(),
        Wanted::Lasts(Extent::Time(duration)) => plain(duration),
        Wanted::Lasts(Extent::Strokes(1)) => "1 stroke".to_owned(),
        Wanted::Lasts(Extent::Strokes(strokes)) => format!("{strokes} strokes"),
    }
}

/// What is asked of a zone: by the highest layer that speaks of it, and there by the
/// words that fit it most closely.
fn wanted<'a>(changes: &'a Changes, step: &str, leg: Leg, zone: Zone) -> Option<&'a At<Wanted>> {
    let closest = |zones: &'a [ZoneChange]| {
        let fitting =
            zones.iter().filter_map(|change| Some((fit(change, step, leg, zone)?, change)));
        fitting.max_by_key(|(fit, _)| *fit).map(|(_, change)| &change.wanted)
    };
    changes.0.iter().find_map(|layer| closest(&layer.zones))
}

/// How closely `change` speaks of this zone: of the zone alone (0), with its leg (1),
/// with its step (2), with both (3); `None` where it speaks of another.
fn fit(change: &ZoneChange, step: &str, leg: Leg, zone: Zone) -> Option<u8> {
    let path: Vec<&str> = change.path.iter().map(|name| name.as_str()).collect();
    let (last, before) = path.split_last()?;
    match before {
        _ if *last != zone.word() => None,
        [] => Some(0),
        [one] if *one == leg.word() => Some(1),
        [one] if *one == step => Some(2),
        [first, second] if *first == step && *second == leg.word() => Some(3),
        _ => None,
    }
}

fn speaks_of_any(routine: &Routine, change: &ZoneChange) -> bool {
    let turns = routine.steps.iter().flat_map(|step| step.turns.iter().map(move |t| (step, t)));
    let mut zones = turns.flat_map(|(step, turn)| turn.zones.iter().map(move |z| (step, turn, z)));
    zones.any(|(step, turn, zone)| fit(change, &step.id, *turn.leg, *zone.zone).is_some())
}

/// What is wrong with a change that speaks of no zone of the routine.
fn stranger(routine: &Routine, change: &ZoneChange) -> Option<Diagnostic> {
    if speaks_of_any(routine, change) {
        return None;
    }
    let (zone, before) = change.path.split_last()?;
    let steps: Vec<&str> = stroked(routine).map(|step| step.id.as_str()).collect();
    let unknown = before.iter().enumerate().find(|(n, name)| {
        let leg = Leg::from_word(name).is_some() && *n == before.len() - 1;
        !leg && !steps.contains(&name.as_str())
    });
    if let Some((_, name)) = unknown {
        return Some(unknown_name("step", name, &steps));
    }
    let inside = before.first().filter(|name| steps.contains(&name.as_str()));
    let zones = words(stroked(routine).filter(|step| inside.is_none_or(|id| id.value == *step.id)));
    if !zones.contains(&zone.as_str()) {
        return Some(match inside {
            None => unknown_name("zone", zone, &zones),
            Some(step) => {
                let message = format!("the step `{}` has no `{}`", **step, **zone);
                Diagnostic::error(zone.span.clone(), message)
                    .help(format!("it has {}", suggest::list(&zones)))
            }
        });
    }
    let message = format!("no `{}` is massaged on that leg alone", **zone);
    Some(Diagnostic::error(zone.span.clone(), message).help("leave the leg out"))
}

/// "no zone is called `clalf` (ankle, calf, thigh)", and the one that was meant.
pub fn unknown_name(what: &str, name: &At<String>, known: &[&str]) -> Diagnostic {
    let message = format!("no {what} is called `{}` ({})", **name, known.join(", "));
    let help = match suggest::nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "choose one of these".to_owned(),
    };
    Diagnostic::error(name.span.clone(), message).help(help)
}

fn stroked(routine: &Routine) -> impl Iterator<Item = &Step> {
    routine.steps.iter().filter(|step| step.zones().next().is_some())
}

/// The names of the zones of some steps, from the bottom up.
fn words<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<&'static str> {
    let zones: BTreeSet<Zone> = steps.flat_map(Step::zones).map(|zone| *zone.zone).collect();
    zones.into_iter().map(Zone::word).collect()
}
