//! How long everything is that a plan must know, and the plan that comes of it.

use std::collections::BTreeMap;

use super::resolved_request::ResolvedRequest;
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

/// A note of voices that take turns in a session.
const SEVERAL_LANGUAGES: &str = "the voices speak several languages: {languages}";

impl Words {
    /// Plans what is `resolved`, without mistakes.
    pub fn timeline(
        &self,
        resolved: &ResolvedRequest,
        pack: &Pack,
        rate: SampleRate,
    ) -> Result<Timeline> {
        let refused = |mistakes: Vec<Diagnostic>| {
            let diagnostics = resolved.diagnostics.iter().cloned().chain(mistakes).collect();
            Error::Mistakes(Box::new(Report::new(resolved.sources.clone(), diagnostics)))
        };
        let routine = resolved.routine.as_ref().ok_or_else(|| refused(Vec::new()))?;
        let timeline = timeline::plan(routine, &self.speech(pack), rate);
        let mut timeline = timeline.map_err(|fault| match fault {
            PlanFault::Missing(prompts) => {
                Error::MissingPrompts { voice: pack.id.clone(), prompts, routine: None }
            }
            PlanFault::DoesNotFit(mistakes) => refused(mistakes),
            PlanFault::NoSuchTotal(no) => {
                Error::Mistakes(Box::new(Report::new(resolved.sources.clone(), vec![no])))
            }
        })?;
        timeline.notes.splice(0..0, resolved.notes.iter().cloned());
        let languages: Vec<&str> = pack.languages().into_iter().collect();
        if languages.len() > 1 {
            let words = [("languages", languages.join(", "))];
            timeline.notes.push(pack.vocabulary.filled(SEVERAL_LANGUAGES, &words));
        }
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
