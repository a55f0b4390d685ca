//! Routine + changes → routine.
//!
//! People want the same massage with three minutes on the calf, one leg only, fewer
//! words, or in exactly fifteen minutes. Flags, and files that build on others, say it
//! in the same words ([`Changes`]); each module here makes one kind of change. A total
//! is only noted: it can be reached when it is known how long the words are.

mod gentle;
mod guidance;
mod legs;
mod pace;
mod prune;
mod talk;
mod warnings;
mod zones;

use crate::diagnostic::Diagnostic;
use crate::routine::asked::Asked;
use crate::routine::{Changes, Routine, Vocabulary};

/// A routine that was changed.
pub struct Customised {
    /// What it has become.
    pub routine: Routine,
    /// What was asked for, beside what was written.
    pub asked: Asked,
    /// What came of it that a reader might not expect.
    pub notes: Vec<String>,
    /// What cannot be done.
    pub mistakes: Vec<Diagnostic>,
}

/// Makes the `changes` in a `routine` without mistakes, spoken by a voice with
/// `vocabulary`. The result is worth using only where nothing is a mistake.
pub fn customise(routine: Routine, changes: &Changes, vocabulary: &Vocabulary) -> Customised {
    let asked = Asked::default();
    let mut work = Customised { routine, asked, notes: Vec::new(), mistakes: Vec::new() };
    zones::check(&mut work, changes);
    // Before zones are left out: what a step says of pressing is said of none of it.
    gentle::soften(&mut work, changes, vocabulary);
    legs::keep(&mut work, changes, vocabulary);
    zones::change(&mut work, changes, vocabulary);
    prune::idle_steps(&mut work, changes);
    gentle::say_why(&mut work, changes, vocabulary);
    pace::change(&mut work, changes);
    warnings::shorten(&mut work, changes, vocabulary);
    talk::change(&mut work, changes, vocabulary);
    guidance::change(&mut work, changes, vocabulary);
    guidance::sound(&mut work, changes, vocabulary);
    work.routine.total = changes.top(|layer| &layer.total).cloned();
    work.asked.total = work.routine.total.as_ref().map(|total| total.value);
    work.routine.guidance.pins_give_way |= !changes.is_empty();
    work
}
