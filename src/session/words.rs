//! How long everything is that a plan must know, and the plan that comes of it.

use std::collections::BTreeMap;

use super::wish::Wish;
use crate::diagnostic::{Diagnostic, Report};
use crate::error::{Error, Result};
use crate::routine::{PromptId, Routine};
use crate::timeline::{self, Measure, PlanFault, Speech, Timeline};
use crate::units::{Length, SampleRate};
use crate::voice::Pack;

/// The lengths of a session's words, and of a person's own tick.
pub struct Words {
    /// Of every prompt that may be said.
    pub lengths: BTreeMap<PromptId, Length>,
    /// Zero where the ticks are built in.
    pub own_tick: Length,
}

impl Words {
    /// Plans a `wish` without mistakes.
    pub fn timeline(&self, wish: &Wish, pack: &Pack, rate: SampleRate) -> Result<Timeline> {
        let refused = |mistakes: Vec<Diagnostic>| {
            let diagnostics = wish.diagnostics.iter().cloned().chain(mistakes).collect();
            Error::Mistakes(Box::new(Report::new(wish.sources.clone(), diagnostics)))
        };
        let routine = wish.routine.clone().ok_or_else(|| refused(Vec::new()))?;
        let speech = self.speech(pack);
        let measure = Measure { speech: &speech, rate };
        let routine = timeline::fit(routine, &measure)
            .map_err(|no| Error::Mistakes(Box::new(Report::new(wish.sources.clone(), vec![no]))))?;
        let parts = timeline::outline::outline(&routine, &pack.vocabulary);
        let timeline = timeline::plan(&routine, &parts, &speech, rate);
        let mut timeline = timeline.map_err(|fault| match fault {
            PlanFault::Missing(prompts) => {
                Error::MissingPrompts { voice: pack.id.clone(), prompts }
            }
            PlanFault::DoesNotFit(mistakes) => refused(mistakes),
        })?;
        timeline.notes.splice(0..0, wish.notes.iter().cloned());
        Ok(timeline)
    }

    /// Where words do not fit, even if the routine has other mistakes.
    pub fn misfits(&self, routine: &Routine, pack: &Pack, rate: SampleRate) -> Vec<Diagnostic> {
        let parts = timeline::outline::outline(routine, &pack.vocabulary);
        timeline::misfits(&parts, &Measure { speech: &self.speech(pack), rate })
    }

    fn speech<'a>(&'a self, pack: &'a Pack) -> Speech<'a> {
        Speech {
            voice: &pack.id,
            vocabulary: &pack.vocabulary,
            lengths: &self.lengths,
            own_tick: self.own_tick,
        }
    }
}
