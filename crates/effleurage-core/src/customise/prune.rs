//! Steps of which no stroke is left.

use super::Customised;
use crate::diagnostic::Diagnostic;
use crate::routine::changes::Wanted;
use crate::routine::check::WARNINGS;
use crate::routine::{Changes, Step};

/// Takes out the steps whose every zone was left out: their words are about stroking
/// that does not happen. Warnings are said all the same.
pub fn idle_steps(work: &mut Customised, changes: &Changes) {
    work.routine.steps.retain_mut(|step| {
        step.turns.retain(|turn| !turn.zones.is_empty());
        let idle = step.was_stroked && step.turns.is_empty();
        if idle {
            only_warnings(step);
        }
        step.softened &= !idle;
        !idle || !step.say.is_empty()
    });
    let mut stroked = work.routine.steps.iter().filter(|step| step.was_stroked);
    if stroked.any(|step| !step.turns.is_empty()) {
        return;
    }
    let off = changes.0.iter().flat_map(|layer| &layer.zones).map(|change| &change.wanted);
    let off = off.filter(|wanted| wanted.value == Wanted::Off).map(|wanted| &wanted.span);
    let legs = changes.top(|layer| &layer.legs).map(|legs| &legs.span);
    if let Some(span) = off.chain(legs).next() {
        let message = "no zone is left to massage";
        let help = "leave fewer zones or legs out";
        work.mistakes.push(Diagnostic::error(span.clone(), message).help(help));
    }
}

fn only_warnings(step: &mut Step) {
    "Warnings".clone_into(&mut step.title);
    step.say.retain(|prompt| WARNINGS.contains(&prompt.as_str()));
    step.lead_in = None;
    step.pause = None;
}
