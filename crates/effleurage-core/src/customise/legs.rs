//! Which legs, and which of them comes first.

use super::Customised;
use crate::routine::words::{Leg, Side};
use crate::routine::{Changes, Step, Turn, Vocabulary};

/// Leaves out the legs that are not wanted, and lets the wanted one begin.
pub fn keep(work: &mut Customised, changes: &Changes, vocabulary: &Vocabulary) {
    if let Some(wanted) = changes.top(|layer| &layer.legs).filter(|leg| leg.value != Leg::Both) {
        work.asked.set("legs", "both", wanted.value);
        work.routine.steps.iter_mut().for_each(|step| keep_only(step, wanted.value));
    }
    if let Some(first) = changes.top(|layer| &layer.first) {
        let steps = work.routine.steps.iter_mut();
        let swapped = steps.filter(|step| begins_otherwise(step, first.value));
        if swapped.map(|step| step.turns.reverse()).count() > 0 {
            let other = if first.value == Side::Left { Side::Right } else { Side::Left };
            work.asked.set("first leg", other, first.value);
        } else if !work.routine.steps.iter().any(|step| step.turns.len() > 1) {
            let note = "first leg: only one is massaged, so it changes nothing";
            work.notes.push(vocabulary.title(note).to_owned());
        }
    }
}

/// What is for both legs at once is as good for one of them.
fn keep_only(step: &mut Step, wanted: Leg) {
    let keeps = |turn: &Turn| turn.leg.value == wanted || turn.leg.value == Leg::Both;
    step.turns.retain(keeps);
    for turn in &mut step.turns {
        turn.leg.value = wanted;
    }
}

fn begins_otherwise(step: &Step, first: Side) -> bool {
    matches!(step.turns.as_slice(), [one, _] if *one.leg != first.leg())
}
