//! For somebody with varicose or spider veins: light circles, and nothing presses.

use std::collections::BTreeSet;

use super::Customised;
use crate::routine::check::WARNINGS;
use crate::routine::prompt::Variant;
use crate::routine::spanned::Spanned;
use crate::routine::words::{Motion, Pattern, Pressure};
use crate::routine::{Changes, Extent, PromptId, Routine, Step, Technique, Vocabulary};
use crate::units::StrokeRate;

/// Says why, once.
pub const WHY: &str = "gentle-why";
/// What is said where a voice has no words for the step in light circles.
const CIRCLES: &str = "gentle-circles";
/// The technique of routines that have no light circles of their own.
const LIGHT_CIRCLES: &str = "light-circles";

/// Puts light circles of the same length where the routine presses or kneads, if that is
/// asked for.
pub fn soften(work: &mut Customised, changes: &Changes, vocabulary: &Vocabulary) {
    if !is_asked(changes) {
        return;
    }
    let light = light_circles(&mut work.routine);
    let title = work.routine.techniques[&light].title.clone();
    let mut softened = BTreeSet::new();
    let Routine { steps, techniques, .. } = &mut work.routine;
    for step in steps {
        let mut here = false;
        for zone in step.turns.iter_mut().flat_map(|turn| &mut turn.zones) {
            let Some(technique) = techniques.get(&zone.technique.value).filter(|t| t.presses())
            else {
                continue;
            };
            here = true;
            softened.insert(technique.title.clone());
            zone.extent.value = Extent::Time(zone.extent.duration(*technique.rate));
            zone.technique.value.clone_from(&light);
            zone.say = gentle_takes(&zone.say, vocabulary);
        }
        match here {
            true => speak_gently(step, vocabulary),
            // What has a gentle take tells to press, whatever its step does.
            false => swap_takes(step, vocabulary),
        }
    }
    for technique in softened {
        work.asked.set("technique", technique, &title);
    }
}

fn is_asked(changes: &Changes) -> bool {
    changes.top(|layer| &layer.gentle).is_some_and(|gentle| gentle.value)
}

/// The name of the routine's own light circles, or of some that are added to it.
fn light_circles(routine: &mut Routine) -> String {
    let own = |technique: &Technique| technique.motion == Motion::Circle && !technique.presses();
    if let Some((name, _)) = routine.techniques.iter().find(|(_, technique)| own(technique)) {
        return name.clone();
    }
    let free = |name: &String| !routine.techniques.contains_key(name);
    let mut names = (1..).map(|n| match n {
        1 => LIGHT_CIRCLES.to_owned(),
        n => format!("{LIGHT_CIRCLES}-{n}"),
    });
    let name = names.find(free).unwrap_or_default();
    routine.techniques.insert(name.clone(), added_circles());
    name
}

fn added_circles() -> Technique {
    Technique {
        title: "light circles".to_owned(),
        rate: Spanned::new(StrokeRate::per_minute(20.0).expect("20 is within 1 to 240"), 0..0),
        ticks: Spanned::new(Pattern::parse("X").expect("X sounds"), 0..0),
        motion: Motion::Circle,
        pressure: Pressure::Light,
        strokes_per_pass: 5,
    }
}

/// Puts gentle takes where there are some.
fn swap_takes(step: &mut Step, vocabulary: &Vocabulary) {
    let zones = step.turns.iter_mut().flat_map(|turn| &mut turn.zones);
    for prompt in step.say.iter_mut().chain(zones.flat_map(|zone| &mut zone.say)) {
        let gentle = Variant::Gentle.of(prompt);
        if vocabulary.contains(&gentle) {
            prompt.value = gentle;
        }
    }
}

/// Nothing that tells to press is said; where no words are left, circles are told.
fn speak_gently(step: &mut Step, vocabulary: &Vocabulary) {
    let told = step.say.iter().any(|prompt| !is_warning(prompt));
    let mut say = gentle_takes(&step.say, vocabulary);
    let left = say.iter().any(|prompt| !is_warning(prompt));
    if told && !left && vocabulary.contains(CIRCLES) {
        say.push(Spanned::new(CIRCLES.to_owned(), step.id.span.clone()));
    }
    step.say = say;
    step.softened = true;
}

/// Says why circles take the place of pressing, in the first step where they do.
pub fn say_why(work: &mut Customised, changes: &Changes, vocabulary: &Vocabulary) {
    if !is_asked(changes) {
        return;
    }
    let Some(first) = work.routine.steps.iter_mut().find(|step| step.softened) else {
        let note = "gentle: nothing presses here, so it is as it was";
        work.notes.push(vocabulary.title(note).to_owned());
        return;
    };
    if vocabulary.contains(WHY) {
        first.say.insert(0, Spanned::new(WHY.to_owned(), first.id.span.clone()));
    } else {
        let note = "gentle: the voice has no `{prompt}`, so it is not said why";
        work.notes.push(vocabulary.filled(note, &[("prompt", WHY)]));
    }
}

/// The gentle takes of prompts, warnings as they are; others would tell to press.
fn gentle_takes(say: &[Spanned<PromptId>], vocabulary: &Vocabulary) -> Vec<Spanned<PromptId>> {
    let take = |prompt: &Spanned<PromptId>| {
        let gentle = prompt.with(Variant::Gentle.of(prompt));
        if is_warning(prompt) {
            Some(prompt.clone())
        } else {
            Some(gentle).filter(|gentle| vocabulary.contains(gentle))
        }
    };
    say.iter().filter_map(take).collect()
}

fn is_warning(prompt: &Spanned<PromptId>) -> bool {
    WARNINGS.contains(&prompt.as_str())
}
