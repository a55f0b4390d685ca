//! How long zones last, and which are left out.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use super::Customised;
use crate::body::{Body, Region};
use crate::diagnostic::Diagnostic;
use crate::routine::asked::{AskedZone, ZoneId};
use crate::routine::changes::{Wanted, ZoneChange};
use crate::routine::duration::plain;
use crate::routine::spanned::Spanned;
use crate::routine::words::{Leg, Word};
use crate::routine::{Changes, Extent, Routine, Step, Vocabulary, suggest};
use crate::units::StrokeRate;

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
pub fn change(work: &mut Customised, changes: &Changes, vocabulary: &Vocabulary) {
    let mut places = places(&work.routine);
    // From the bottom up: what is longer is so beside what the file asks, not its base.
    for layer in changes.0.iter().rev() {
        work.mistakes.extend(in_layer(&mut places, &layer.zones, &work.routine.body));
    }
    let mut places = places.into_iter();
    for turn in work.routine.steps.iter_mut().flat_map(|step| &mut step.turns) {
        turn.zones.retain_mut(|zone| {
            let Some(place) = places.next() else { return true };
            let Some(asked) = place.asked else { return true };
            let wanted = if place.off { AskedZone::Off } else { AskedZone::Lasts(place.extent) };
            work.asked.zones.insert(place.id, wanted);
            zone.extent = Spanned::new(place.extent, asked);
            zone.kept = true;
            !place.off
        });
    }
    note_idle(work, changes, vocabulary);
}

/// A zone on its way to the length that is asked for it.
struct Place {
    id: ZoneId,
    rate: StrokeRate,
    extent: Extent,
    off: bool,
    /// Where its length was asked for.
    asked: Option<Range<usize>>,
}

impl Place {
    fn lasts(&self) -> Duration {
        self.extent.duration(self.rate)
    }

    fn set(&mut self, extent: Extent, asked: &Range<usize>) {
        (self.extent, self.off, self.asked) = (extent, false, Some(asked.clone()));
    }
}

/// Every zone, in the order of the routine.
fn places(routine: &Routine) -> Vec<Place> {
    let mut places = Vec::new();
    for step in &routine.steps {
        for turn in &step.turns {
            places.extend(turn.zones.iter().map(|zone| Place {
                id: ZoneId { step: step.id.value.clone(), leg: *turn.leg, zone: *zone.zone },
                // A technique that is not there was refused before.
                rate: routine.technique(zone).map_or(StrokeRate::USUAL, |kind| *kind.rate),
                extent: zone.extent.value,
                off: false,
                asked: None,
            }));
        }
    }
    places
}

/// Makes the changes of one layer. Each zone heeds the one that fits it most closely.
fn in_layer(places: &mut [Place], zones: &[ZoneChange], body: &Body) -> Vec<Diagnostic> {
    let closest = |place: &Place| {
        let fits = zones.iter().enumerate();
        let fits = fits.filter_map(|(n, change)| Some((fit(change, &place.id, body)?, n)));
        fits.max().map(|(_, n)| n)
    };
    let heeded: Vec<Option<usize>> = places.iter().map(closest).collect();
    // Those of single zones first: what they take is not shared with the others.
    let (groups, single): (Vec<usize>, Vec<usize>) =
        (0..zones.len()).partition(|n| is_group(&zones[*n], body));
    let mut mistakes = Vec::new();
    for n in single.into_iter().chain(groups) {
        let change = &zones[n];
        let heeds = |at: &usize| heeded[*at] == Some(n);
        let own: Vec<usize> = (0..places.len()).filter(heeds).collect();
        let outcome = if is_group(change, body) {
            let told = places.iter().zip(&heeded).filter(|(place, by)| {
                let other = by.is_some_and(|by| by != n && !is_group(&zones[by], body));
                other && !place.off && fit(change, &place.id, body).is_some()
            });
            let told = told.map(|(place, _)| place.lasts()).sum();
            share(places, &own, change, told)
        } else {
            own.iter().try_for_each(|at| alone(&mut places[*at], change))
        };
        mistakes.extend(outcome.err());
    }
    mistakes
}

/// Gives one zone what is asked for it.
fn alone(place: &mut Place, change: &ZoneChange) -> Result<(), Diagnostic> {
    let Spanned { value: wanted, span } = &change.wanted;
    match wanted {
        Wanted::Off => (place.off, place.asked) = (true, Some(span.clone())),
        Wanted::Lasts(extent) => place.set(*extent, span),
        // What was left out stays so, whatever more or less of it would be.
        Wanted::By(_) | Wanted::Times(_) if place.off => {}
        Wanted::By(nanos) => {
            let lasts = changed(place.lasts(), *nanos).ok_or_else(|| nothing_left(place, span))?;
            place.set(Extent::Time(lasts), span);
        }
        Wanted::Times(factor) => place.set(Extent::Time(factor.of(place.lasts())), span),
    }
    Ok(())
}

/// Gives the zones at `own` of one step or leg together what is asked for all of it, of
/// which others have `told` already; each in proportion.
fn share(
    places: &mut [Place],
    own: &[usize],
    change: &ZoneChange,
    told: Duration,
) -> Result<(), Diagnostic> {
    let Spanned { value: wanted, span } = &change.wanted;
    let on: Vec<usize> = own.iter().copied().filter(|at| !places[*at].off).collect();
    let now: Duration = on.iter().map(|at| places[*at].lasts()).sum();
    let lasts = match wanted {
        Wanted::Off | Wanted::Times(_) => {
            return own.iter().try_for_each(|at| alone(&mut places[*at], change));
        }
        Wanted::Lasts(Extent::Strokes(_)) => return Err(uncounted(&places[own[0]], span)),
        Wanted::Lasts(Extent::Time(all)) => all.checked_sub(told),
        Wanted::By(nanos) => changed(now, *nanos),
    };
    let members = if on.is_empty() { own } else { &on[..] };
    let weights: u128 = members.iter().map(|at| places[*at].lasts().as_nanos()).sum();
    let lasts = lasts.filter(|lasts| !lasts.is_zero() || members.is_empty());
    let lasts = lasts.ok_or_else(|| too_little(change, now + told, told))?;
    for at in members {
        let share = lasts.as_nanos() * places[*at].lasts().as_nanos() / weights.max(1);
        // A share of a day has fewer nanoseconds than a u64 holds.
        places[*at].set(Extent::Time(Duration::from_nanos(share as u64)), span);
    }
    Ok(())
}

fn changed(lasts: Duration, nanos: i64) -> Option<Duration> {
    let by = Duration::from_nanos(nanos.unsigned_abs());
    let lasts = if nanos < 0 { lasts.checked_sub(by) } else { lasts.checked_add(by) };
    lasts.filter(|lasts| !lasts.is_zero())
}

fn nothing_left(place: &Place, span: &Range<usize>) -> Diagnostic {
    let message = format!("{} lasts {}: nothing is left of it", place.id, plain(place.lasts()));
    Diagnostic::error(span.clone(), message).help("take less away, or leave it out with off")
}

fn uncounted(place: &Place, span: &Range<usize>) -> Diagnostic {
    let message = "strokes are counted zone by zone";
    let help = format!(
        "name a zone, like {}.{}=40strokes, or give a length of time",
        place.id.step, place.id.zone
    );
    Diagnostic::error(span.clone(), message).help(help)
}

fn too_little(change: &ZoneChange, now: Duration, told: Duration) -> Diagnostic {
    let message = format!("nothing is left for the zones of {}", written(change));
    let help = format!("they last {} now, of which {} are told by zone", plain(now), plain(told));
    let help = if told.is_zero() { format!("they last {} now", plain(now)) } else { help };
    Diagnostic::error(change.wanted.span.clone(), message).help(help)
}

fn written(change: &ZoneChange) -> String {
    let path: Vec<&str> = change.path.iter().map(|name| name.as_str()).collect();
    path.join(".")
}

/// Notes the changes of zones that are not massaged any more.
fn note_idle(work: &mut Customised, changes: &Changes, vocabulary: &Vocabulary) {
    for change in changes.0.iter().take(OWN_LAYERS).flat_map(|layer| &layer.zones) {
        if change.wanted.value != Wanted::Off && !speaks_of_any(&work.routine, change) {
            let note = "zone {zone}: it is not massaged, so this changes nothing";
            work.notes.push(vocabulary.filled(note, &[("zone", written(change))]));
        }
    }
}

/// Whether `change` speaks of all zones of a step, of a leg, or of a leg in a step.
fn is_group(change: &ZoneChange, body: &Body) -> bool {
    let last = change.path.last();
    last.is_some_and(|name| body.region(name).is_none())
}

/// How closely `change` speaks of this zone: of its leg (0), its step (1) or both (2) as a
/// whole; of the zone alone (3), with its leg (4), with its step (5), with both (6); `None`
/// where it speaks of another.
fn fit(change: &ZoneChange, at: &ZoneId, body: &Body) -> Option<u8> {
    let ZoneId { step, leg, zone } = at;
    let path: Vec<&str> = change.path.iter().map(|name| name.as_str()).collect();
    let (of_zone, before) = match path.split_last()? {
        (last, before) if *last == zone.name() => (true, before),
        (last, _) if body.region(last).is_some() => return None,
        _ => (false, &path[..]),
    };
    match (of_zone, before) {
        (true, []) => Some(3),
        (true, [one]) if *one == leg.word() => Some(4),
        (true, [one]) if *one == step => Some(5),
        (true, [first, second]) if *first == step && *second == leg.word() => Some(6),
        (false, [one]) if *one == leg.word() => Some(0),
        (false, [one]) if *one == step => Some(1),
        (false, [first, second]) if *first == step && *second == leg.word() => Some(2),
        _ => None,
    }
}

fn speaks_of_any(routine: &Routine, change: &ZoneChange) -> bool {
    places(routine).iter().any(|place| fit(change, &place.id, &routine.body).is_some())
}

/// What is wrong with a change that speaks of no zone of the routine.
fn stranger(routine: &Routine, change: &ZoneChange) -> Option<Diagnostic> {
    if speaks_of_any(routine, change) {
        return None;
    }
    let (zone, before) = change.path.split_last()?;
    let steps: Vec<&str> = stroked(routine).map(|step| step.id.as_str()).collect();
    let leg = Leg::from_word(zone).is_some();
    if leg || before.is_empty() && steps.contains(&zone.as_str()) {
        let message = format!("nothing is massaged on `{}` alone", written(change));
        return Some(Diagnostic::error(zone.span.clone(), message).help("leave the leg out"));
    }
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
            None => unknown_zone(zone, &zones, &steps),
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

/// A zone that there is not; it may be a slip in the name of a step, too.
fn unknown_zone(name: &Spanned<String>, zones: &[&str], steps: &[&str]) -> Diagnostic {
    let near = suggest::nearest(name, zones.iter().chain(steps).copied());
    match near.filter(|near| steps.contains(near)) {
        Some(_) => unknown_name("zone or step", name, &[zones, steps].concat()),
        None => unknown_name("zone", name, zones),
    }
}

/// "no zone is called `clalf` (ankle, calf, thigh)", and the one that was meant.
pub fn unknown_name(what: &str, name: &Spanned<String>, known: &[&str]) -> Diagnostic {
    let message = format!("no {what} is called `{}` ({})", **name, known.join(", "));
    let help = match suggest::nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "choose one of these".to_owned(),
    };
    Diagnostic::error(name.span.clone(), message).help(help)
}

fn stroked(routine: &Routine) -> impl Iterator<Item = &Step> {
    routine.steps.iter().filter(|step| step.is_stroked())
}

/// The names of the zones of some steps, from the bottom up.
fn words<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<&'a str> {
    let zones = steps.flat_map(Step::zones);
    let zones: BTreeMap<Region, &str> =
        zones.map(|zone| (zone.zone.value, zone.zone.name())).collect();
    zones.into_values().collect()
}
