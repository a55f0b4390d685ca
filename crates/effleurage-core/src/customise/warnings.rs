//! The warnings in one sentence, for those who know them.

use super::Customised;
use crate::diagnostic::Diagnostic;
use crate::routine::check::{WARNINGS, WARNINGS_SHORT};
use crate::routine::spanned::Spanned;
use crate::routine::{Changes, PromptId, Routine, Vocabulary};

/// Says all warnings in one sentence, where the first of them stood, if that is asked for.
pub fn shorten(work: &mut Customised, changes: &Changes, vocabulary: &Vocabulary) {
    let asked = changes.top(|layer| &layer.i_know_the_warnings);
    let Some(asked) = asked.filter(|known| known.value) else { return };
    if !vocabulary.contains(WARNINGS_SHORT) {
        let message = format!("the voice has no prompt called `{WARNINGS_SHORT}`");
        let help = "record it, use another voice, or hear the warnings in full";
        work.mistakes.push(Diagnostic::error(asked.span.clone(), message).help(help));
        return;
    }
    if shorten_in(&mut work.routine) {
        work.asked.set("warnings", "in full", "in one sentence");
    }
}

/// Whether there was a warning.
fn shorten_in(routine: &mut Routine) -> bool {
    let mut said = false;
    for step in &mut routine.steps {
        // A place was measured for words that are not said now.
        let other_words = shorten_words(&mut step.say, &mut said);
        step.lead_in.take_if(|_| other_words);
        for zone in step.turns.iter_mut().flat_map(|turn| &mut turn.zones) {
            let other_words = shorten_words(&mut zone.say, &mut said);
            zone.lead_in.take_if(|_| other_words);
        }
    }
    said
}

/// Whether a warning was among the words.
fn shorten_words(say: &mut Vec<Spanned<PromptId>>, said: &mut bool) -> bool {
    let mut found = false;
    say.retain_mut(|prompt| {
        let warning = WARNINGS.contains(&prompt.as_str());
        let first = warning && !*said;
        *said |= warning;
        found |= warning;
        if first {
            WARNINGS_SHORT.clone_into(&mut prompt.value);
        }
        first || !warning
    });
    found
}
