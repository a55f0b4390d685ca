//! Steps of which no stroke is left.

use crate::routine::check::WARNINGS;
use crate::routine::{Routine, Step};

/// Takes out the steps whose every zone was left out: their words are about stroking
/// that does not happen. Warnings are said all the same.
pub fn idle_steps(routine: &mut Routine) {
    routine.steps.retain_mut(|step| {
        step.turns.retain(|turn| !turn.zones.is_empty());
        let idle = step.was_stroked && step.turns.is_empty();
        if idle {
            only_warnings(step);
        }
        !idle || !step.say.is_empty()
    });
}

fn only_warnings(step: &mut Step) {
    "Warnings".clone_into(&mut step.title);
    step.say.retain(|prompt| WARNINGS.contains(&prompt.as_str()));
    step.lead_in = None;
    step.pause = None;
}
