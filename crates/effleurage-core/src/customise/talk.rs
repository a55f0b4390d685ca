//! How much is said. Zones and strokes stay as they are.

use std::collections::BTreeSet;

use super::{Customised, gentle};
use crate::body::Region;
use crate::routine::catalogue;
use crate::routine::check::{WARNINGS, WARNINGS_SHORT};
use crate::routine::prompt::{Saying, Variant};
use crate::routine::spanned::Spanned;
use crate::routine::words::Talk;
use crate::routine::{Changes, PromptId, Vocabulary};

/// What brief words make of gentle ones.
const GENTLE_IN_BRIEF: &str = "gentle-circles-brief";

/// Takes words out, or puts shorter ones in their place, if that is asked for.
pub fn change(work: &mut Customised, changes: &Changes, vocabulary: &Vocabulary) {
    let Some(talk) = changes.top(|layer| &layer.talk).map(|talk| talk.value) else { return };
    work.asked.set("talk", work.routine.guidance.talk, talk);
    work.routine.guidance.talk = talk;
    let mut editor = Editor { talk, vocabulary, unsaid: BTreeSet::new(), in_full: BTreeSet::new() };
    for step in &mut work.routine.steps {
        let stroked = step.is_stroked();
        // A place was measured for words that are not said now.
        let other_words = editor.shorten(&mut step.say, stroked, None);
        step.lead_in.take_if(|_| other_words);
        for zone in step.turns.iter_mut().flat_map(|turn| &mut turn.zones) {
            editor.shorten(&mut zone.say, true, Some(*zone.zone));
            zone.lead_in.take_if(|_| talk != Talk::Full);
        }
    }
    let closing = &mut work.routine.closing;
    let other_words = editor.shorten(&mut closing.say, false, None);
    closing.lasts.take_if(|_| other_words);
    work.notes.extend(editor.notes());
}

/// Shortens what is said.
struct Editor<'a> {
    talk: Talk,
    vocabulary: &'a Vocabulary,
    /// What is not said any more.
    unsaid: BTreeSet<PromptId>,
    /// What has no short take and is said all the same.
    in_full: BTreeSet<PromptId>,
}

impl Editor<'_> {
    /// Whether other words are said now. Words that `instruct` are not all left out, and
    /// those of an author's own never: nobody but they know what these are for. What is said
    /// of a zone names it still.
    fn shorten(
        &mut self,
        say: &mut Vec<Spanned<PromptId>>,
        instruct: bool,
        zone: Option<Region>,
    ) -> bool {
        if self.talk == Talk::Full {
            return false;
        }
        let before = say.clone();
        let takes: Vec<Option<Spanned<PromptId>>> =
            before.iter().map(|prompt| self.take(prompt)).collect();
        let told = |take: &Option<Spanned<PromptId>>| {
            take.as_ref().is_some_and(|prompt| !is_warning(prompt))
        };
        let silent = instruct && self.talk == Talk::Brief && !takes.iter().any(told);
        let mut words = Vec::new();
        for (prompt, take) in before.iter().zip(takes) {
            match take {
                Some(take) if *take == GENTLE_IN_BRIEF => {
                    let named = zone.map(|zone| take.with(Saying::Zone(zone).id()));
                    words.push(named.unwrap_or(take));
                }
                Some(take) => words.push(take),
                None if silent => {
                    self.in_full.insert(prompt.value.clone());
                    words.push(prompt.clone());
                }
                None => drop(self.unsaid.insert(prompt.value.clone())),
            }
        }
        // Several gentle words become the same two.
        words.dedup();
        *say = words;
        *say != before
    }

    /// What is said in place of `prompt`, if anything is.
    fn take(&mut self, prompt: &Spanned<PromptId>) -> Option<Spanned<PromptId>> {
        if is_warning(prompt) {
            return Some(prompt.clone());
        }
        if self.talk == Talk::Ticks {
            return None;
        }
        let take = brief_take(prompt, self.vocabulary);
        if take.is_none() && !catalogue::is_ours(prompt) {
            self.in_full.insert(prompt.value.clone());
            return Some(prompt.clone());
        }
        take.map(|take| prompt.with(take))
    }

    fn notes(self) -> Vec<String> {
        let told = |english: &str, prompts: BTreeSet<PromptId>| {
            let prompts: Vec<String> = prompts.into_iter().collect();
            let note = self.vocabulary.filled(english, &[("prompts", prompts.join(", "))]);
            (!prompts.is_empty() && self.talk == Talk::Brief).then_some(note)
        };
        [(UNSAID, self.unsaid), (IN_FULL, self.in_full)]
            .into_iter()
            .filter_map(|(english, prompts)| told(english, prompts))
            .collect()
    }
}

const UNSAID: &str = "brief: nothing is said for {prompts}";
const IN_FULL: &str = "brief: the voice has no short take of {prompts}, so it is said in full";

fn is_warning(prompt: &str) -> bool {
    WARNINGS.contains(&prompt) || [WARNINGS_SHORT, gentle::WHY].contains(&prompt)
}

fn brief_take(prompt: &str, vocabulary: &Vocabulary) -> Option<PromptId> {
    let gentle = Variant::Gentle.base(prompt).map(|_| GENTLE_IN_BRIEF.to_owned());
    let takes = [Some(Variant::Brief.of(prompt)), gentle];
    takes.into_iter().flatten().find(|take| vocabulary.contains(take))
}
