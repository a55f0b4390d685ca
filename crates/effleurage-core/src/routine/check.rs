//! The laws that a routine must keep, each in a function of its own.
//!
//! [`check`] finds what makes the routine unusable, [`advise`] what its author may
//! not have meant.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::duration::{LONGEST, plain};
use super::model::{Routine, Step, Technique, Turn, ZoneStep};
use super::suggest;
use super::vocabulary::Vocabulary;
use super::words::Leg;
use crate::body::{Body, Region};
use crate::diagnostic::{Diagnostic, MOST};

/// Said before anything presses, and never left out.
pub const WARNINGS_BEFORE_PRESSING: [&str; 3] =
    [CONTRAINDICATIONS, "never-painful", "varicose-veins"];
/// What is said for safety, in every edition.
pub const WARNINGS: [&str; 5] =
    ["contraindications", "relaxation", "doctor", "never-painful", "varicose-veins"];
/// All of them in one sentence, for those who know them.
pub const WARNINGS_SHORT: &str = "warnings-short";
/// Said before the first stroke.
pub const CONTRAINDICATIONS: &str = "contraindications";
/// Ticks that come closer than this are one noise to the ear.
const CLOSEST_TICKS: Duration = Duration::from_millis(40);

/// Every breach of a law in `routine`, spoken by a voice with `vocabulary`.
pub fn check(routine: &Routine, vocabulary: &Vocabulary) -> Vec<Diagnostic> {
    let laws = [
        prompts_are_known(routine, vocabulary),
        techniques_are_known(routine),
        steps_have_names_of_their_own(routine),
        zones_go_up(routine),
        zones_hold_a_stroke(routine),
        strokes_fit_in_a_day(routine),
        ticks_can_be_told_apart(routine),
    ];
    laws.concat()
}

/// What a track must say for safety, of the `routine` that will be played: nothing presses
/// before the warnings, and who must not have the massage is told before it begins.
pub fn safety(routine: &Routine) -> Vec<Diagnostic> {
    let mut found = warnings_come_before_pressing(routine);
    if found.is_empty() {
        found.extend(contraindications_are_said(routine));
    }
    found
}

/// What the author of a `routine` without mistakes may not have meant.
pub fn advise(routine: &Routine) -> Vec<Diagnostic> {
    let mut advice = zones_are_needed(routine);
    advice.extend(steps_do_something(routine));
    advice.extend(legs_get_the_same_time(routine));
    advice
}

/// A routine has at least one step.
pub fn has_a_step(routine: &Routine) -> Option<Diagnostic> {
    let mistake = Diagnostic::error(0..0, "this routine has no step");
    routine.steps.is_empty().then(|| mistake.help("add one under the heading [[step]]"))
}

fn prompts_are_known(routine: &Routine, vocabulary: &Vocabulary) -> Vec<Diagnostic> {
    let unknown = routine.said().filter(|prompt| !vocabulary.contains(prompt));
    let mistake = |prompt: &super::spanned::Spanned<String>| {
        let message = format!("the voice has no prompt called `{}`", **prompt);
        let help = match suggest::nearest(prompt, vocabulary.ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "for a line of your own, `effleurage voice kit ROUTINE` makes a voice to write \
                     its words in; `effleurage routines show partner` names many others"
                    .to_owned()
            }
        };
        Diagnostic::error(prompt.span.clone(), message).help(help)
    };
    unknown.take(MOST).map(mistake).collect()
}

fn techniques_are_known(routine: &Routine) -> Vec<Diagnostic> {
    let unknown = zones(routine).filter(|(_, zone)| routine.technique(zone).is_none());
    let mistake = |(_, zone): (&Step, &ZoneStep)| {
        let message = format!("no technique is called `{}`", *zone.technique);
        let known = routine.techniques.keys().map(String::as_str);
        let advice = suggest::advice(&zone.technique, known);
        Diagnostic::error(zone.technique.span.clone(), message).help(advice)
    };
    unknown.take(MOST).map(mistake).collect()
}

fn steps_have_names_of_their_own(routine: &Routine) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let named = routine.steps.iter().filter(|step| !step.id.is_empty());
    let again = named.filter(|step| !seen.insert(step.id.as_str()));
    let mistake = |step: &Step| {
        let message = format!("two steps have the id `{}`", *step.id);
        Diagnostic::error(step.id.span.clone(), message).help("give each step an id of its own")
    };
    again.map(mistake).collect()
}

fn zones_go_up(routine: &Routine) -> Vec<Diagnostic> {
    let pairs = turns(routine).flat_map(|(_, turn)| turn.zones.windows(2));
    pairs.filter_map(|pair| zone_after(&pair[0], &pair[1], &routine.body)).collect()
}

fn zone_after(below: &ZoneStep, zone: &ZoneStep, body: &Body) -> Option<Diagnostic> {
    let span = zone.zone.span.clone();
    if *zone.zone == *below.zone {
        let message = format!("the {} comes twice in this step", *zone.zone);
        return Some(
            Diagnostic::error(span, message).help("put the second into a step of its own"),
        );
    }
    (*zone.zone < *below.zone).then(|| {
        let own = zone.zone.is_own() || below.zone.is_own();
        let named = body.regions().iter().filter(|region| own == region.is_own());
        let way = named.map(Region::name).collect::<Vec<_>>().join(", ");
        let message = format!("the {} comes after the {}", *zone.zone, *below.zone);
        Diagnostic::error(span, message)
            .label(if own { "this goes down" } else { "this goes down the leg" })
            .help(format!("the way is always up: {way}; begin again in a new step"))
    })
}

/// Only the first: the way out is the same for all that follow.
fn warnings_come_before_pressing(routine: &Routine) -> Vec<Diagnostic> {
    let mut said = BTreeSet::new();
    for step in &routine.steps {
        said.extend(step.say.iter().map(|prompt| prompt.as_str()));
        for zone in step.zones() {
            said.extend(zone.say.iter().map(|prompt| prompt.as_str()));
            let missing = |id: &&str| !said.contains(id) && !said.contains(WARNINGS_SHORT);
            let unsaid: Vec<&str> = WARNINGS_BEFORE_PRESSING.into_iter().filter(missing).collect();
            if !unsaid.is_empty() && presses(routine, zone) {
                return vec![presses_too_early(zone, &unsaid)];
            }
        }
    }
    Vec::new()
}

fn presses(routine: &Routine, zone: &ZoneStep) -> bool {
    routine.technique(zone).is_some_and(Technique::presses)
}

fn presses_too_early(zone: &ZoneStep, unsaid: &[&str]) -> Diagnostic {
    let message = format!("`{}` presses before the warnings were said", *zone.technique);
    Diagnostic::error(zone.technique.span.clone(), message)
        .label("presses")
        .help(format!("say {} in a step before it", suggest::list(unsaid)))
}

fn zones_hold_a_stroke(routine: &Routine) -> Vec<Diagnostic> {
    let mistake = |(_, zone): (&Step, &ZoneStep)| {
        let rate = *routine.technique(zone)?.rate;
        let stroke = rate.duration_of(1);
        (zone.extent.duration(rate) < stroke).then(|| {
            let message = format!(
                "this zone is shorter than one stroke of `{}`, which lasts {}",
                *zone.technique,
                plain(stroke)
            );
            let help = "give it more time, or its technique more strokes a minute";
            Diagnostic::error(zone.extent.span.clone(), message).help(help)
        })
    };
    zones(routine).filter_map(mistake).collect()
}

fn strokes_fit_in_a_day(routine: &Routine) -> Vec<Diagnostic> {
    let mistake = |(_, zone): (&Step, &ZoneStep)| {
        let rate = *routine.technique(zone)?.rate;
        let duration = zone.extent.duration(rate);
        (duration > LONGEST).then(|| {
            let message = format!("these strokes last {}, longer than a day", plain(duration));
            let help = format!("at {rate} a minute, a day holds {}", rate.strokes_in(LONGEST));
            Diagnostic::error(zone.extent.span.clone(), message).help(help)
        })
    };
    zones(routine).filter_map(mistake).collect()
}

fn ticks_can_be_told_apart(routine: &Routine) -> Vec<Diagnostic> {
    let too_close = routine.techniques.values().filter_map(|technique| {
        let slots = technique.ticks.slots().len() as u32;
        let apart = technique.rate.duration_of(1) / slots;
        (apart < CLOSEST_TICKS).then(|| {
            let message = format!("these ticks come {} ms apart", apart.as_millis());
            let help = "use a shorter pattern, or fewer strokes a minute";
            Diagnostic::error(technique.ticks.span.clone(), message)
                .label(format!("{slots} slots, {} times a minute", *technique.rate))
                .help(help)
        })
    });
    too_close.collect()
}

fn contraindications_are_said(routine: &Routine) -> Option<Diagnostic> {
    let (first, _) = zones(routine).next()?;
    let before = routine.steps.iter().take_while(|step| !std::ptr::eq(*step, first));
    let mut said = before.chain([first]).flat_map(|step| &step.say);
    if said.any(|prompt| [CONTRAINDICATIONS, WARNINGS_SHORT].contains(&prompt.as_str())) {
        return None;
    }
    let message = "the massage begins before it was said who must not have it";
    let help = format!("say `{CONTRAINDICATIONS}` in a step before this one");
    Some(Diagnostic::warning(first.id.span.clone(), message).help(help))
}

fn legs_get_the_same_time(routine: &Routine) -> Option<Diagnostic> {
    let mut time = BTreeMap::from([(Leg::Left, Duration::ZERO), (Leg::Right, Duration::ZERO)]);
    let mut last = None;
    for (step, turn) in turns(routine) {
        let mut lasts = Duration::ZERO;
        for zone in &turn.zones {
            lasts += zone.extent.duration(*routine.technique(zone)?.rate);
        }
        let alone = step.turns.len() == 1 && *turn.leg != Leg::Both;
        last = Some(&turn.leg).filter(|_| alone).or(last);
        for (leg, total) in &mut time {
            let gets = [*leg, Leg::Both].contains(&turn.leg);
            *total += if gets { lasts } else { Duration::ZERO };
        }
    }
    let (left, right) = (time[&Leg::Left], time[&Leg::Right]);
    if left == right {
        return None;
    }
    let message = format!("the left leg gets {} and the right leg {}", plain(left), plain(right));
    let help = "if that is not meant, give both the same, or use legs = \"each\"";
    Some(Diagnostic::warning(last?.span.clone(), message).help(help))
}

fn zones_are_needed(routine: &Routine) -> Vec<Diagnostic> {
    let idle = routine.steps.iter().filter(|step| !step.is_stroked());
    let keys = idle.flat_map(|step| {
        let legs = step.turns.first().map(|turn| ("legs", turn.leg.span.clone()));
        let changeover = step.changeover.as_ref().map(|time| ("changeover", time.span.clone()));
        legs.into_iter().chain(changeover)
    });
    let mistake = |(key, span)| {
        let message = format!("`{key}` does nothing in a step without zones");
        Diagnostic::warning(span, message).help("add zones = [ … ], or take the line out")
    };
    keys.map(mistake).collect()
}

fn steps_do_something(routine: &Routine) -> Vec<Diagnostic> {
    let idle = routine.steps.iter().filter(|step| {
        let speaks = !step.say.is_empty() || step.lead_in.is_some();
        !step.is_stroked() && !speaks && step.pause.is_none()
    });
    let mistake = |step: &Step| {
        let message = "nothing happens in this step";
        let help = "add say = [ … ], zones = [ … ] or pause = \"…\"";
        Diagnostic::warning(step.id.span.clone(), message).help(help)
    };
    idle.map(mistake).collect()
}

fn turns(routine: &Routine) -> impl Iterator<Item = (&Step, &Turn)> {
    routine.steps.iter().flat_map(|step| step.turns.iter().map(move |turn| (step, turn)))
}

fn zones(routine: &Routine) -> impl Iterator<Item = (&Step, &ZoneStep)> {
    routine.steps.iter().flat_map(|step| step.zones().map(move |zone| (step, zone)))
}
