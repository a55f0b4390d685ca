//! How much is said. Zones and strokes stay as they are.

use std::collections::BTreeSet;

use super::{Customised, gentle};
use crate::routine::at::At;
use crate::routine::check::{WARNINGS, WARNINGS_SHORT};
use crate::routine::words::Talk;
use crate::routine::{Changes, PromptId, Vocabulary};

/// What is said in place of `x` by those who asked for few words.
const TAKE: &str = "-brief";
/// What brief words make of gentle ones.
const GENTLE_IN_BRIEF: &str = "gentle-circles-brief";

/// Takes words out, or puts shorter ones in their place, if that is asked for.
pub fn change(work: &mut Customised, changes: &Changes, vocabulary: &Vocabulary) {
    let Some(talk) = changes.top(|layer| &layer.talk).map(|talk| talk.value) else { return };
    work.asked.set("talk", work.routine.guidance.talk, talk);
    work.routine.guidance.talk = talk;
    let mut unsaid = BTreeSet::new();
    for step in &mut work.routine.steps {
        let mut edit = |say: &mut Vec<_>| shorten(say, talk, vocabulary, &mut unsaid);
        // A place was measured for words that are not said now.
        let other_words = edit(&mut step.say);
        step.lead_in.take_if(|_| other_words);
        for zone in step.turns.iter_mut().flat_map(|turn| &mut turn.zones) {
            edit(&mut zone.say);
            zone.lead_in.take_if(|_| talk != Talk::Full);
        }
    }
    let closing = &mut work.routine.closing;
    let other_words = shorten(&mut closing.say, talk, vocabulary, &mut unsaid);
    closing.lasts.take_if(|_| other_words);
    if talk == Talk::Brief && !unsaid.is_empty() {
        let unsaid = unsaid.into_iter().collect::<Vec<_>>().join(", ");
        work.notes.push(format!("brief: nothing is said for {unsaid}"));
    }
}

/// Whether other words are said now.
fn shorten(
    say: &mut Vec<At<PromptId>>,
    talk: Talk,
    vocabulary: &Vocabulary,
    unsaid: &mut BTreeSet<PromptId>,
) -> bool {
    let before = say.clone();
    say.retain_mut(|prompt| {
        let warning = WARNINGS.contains(&prompt.as_str())
            || [WARNINGS_SHORT, gentle::WHY].contains(&prompt.as_str());
        match talk {
            Talk::Full => return true,
            _ if warning => return true,
            Talk::Ticks => return false,
            Talk::Brief => {}
        }
        match brief_take(prompt, vocabulary) {
            Some(take) => prompt.value = take,
            None => {
                unsaid.insert(prompt.value.clone());
                return false;
            }
        }
        true
    });
    // Several gentle words become the same two.
    say.dedup();
    *say != before
}

fn brief_take(prompt: &str, vocabulary: &Vocabulary) -> Option<PromptId> {
    let gentle = prompt.ends_with(gentle::TAKE).then(|| GENTLE_IN_BRIEF.to_owned());
    let takes = [Some(format!("{prompt}{TAKE}")), gentle];
    takes.into_iter().flatten().find(|take| vocabulary.contains(take))
}
