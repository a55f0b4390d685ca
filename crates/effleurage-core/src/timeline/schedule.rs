//! The parts of a session, each with its frames.

use super::fit::Measure;
use super::outline::{What, outline_of};
use super::part::Part;
use super::timings::Timings;
use super::total;
use crate::diagnostic::Diagnostic;
use crate::routine::Routine;
use crate::units::Length;

/// The parts of a session in their order, and how long each lasts.
pub struct Schedule<'a> {
    /// What is stroked in it, for as long as it comes out.
    pub timings: Timings<'a>,
    /// What is said and done.
    pub parts: Vec<Part<'a>>,
    /// How long, one for each part.
    pub lengths: Vec<Length>,
}

impl<'a> Schedule<'a> {
    /// What lasts as long as its author and its words ask for, or, where the routine has a
    /// total, exactly that; or why that cannot be.
    pub fn of(routine: &'a Routine, measure: &Measure<'_>) -> Result<Schedule<'a>, Diagnostic> {
        match &routine.total {
            None => Ok(Schedule::free(Timings::as_written(routine), measure)),
            Some(total) => total::filled(routine, total, measure),
        }
    }

    /// Parts that last as long as they need.
    pub fn free(timings: Timings<'a>, measure: &Measure<'_>) -> Schedule<'a> {
        let parts = outline_of(&timings, measure.speech.vocabulary);
        let lengths = parts.iter().map(|part| measure.part(part)).collect();
        Schedule { timings, parts, lengths }
    }

    /// The whole of it.
    pub fn length(&self) -> Length {
        self.lengths.iter().copied().sum()
    }

    /// The lengths of the parts that are no zones.
    pub fn words(&self) -> Vec<Length> {
        let parts = self.parts.iter().zip(&self.lengths);
        parts.filter(|(part, _)| !part.is_zone()).map(|(_, length)| *length).collect()
    }

    /// Gives lead-ins the lengths `words`, one for each part that is no zone, where that is
    /// more than they need.
    pub fn with_words(mut self, words: &[Length]) -> Schedule<'a> {
        let parts = self.parts.iter().zip(&mut self.lengths);
        for ((part, length), given) in parts.filter(|(part, _)| !part.is_zone()).zip(words) {
            if matches!(part.what, What::LeadIn(_)) {
                *length = (*length).max(*given);
            }
        }
        self
    }

    /// Gives the closing whatever is left of `whole`; `None` where that is too short.
    pub fn closing_at(mut self, whole: Length) -> Option<Schedule<'a>> {
        let rest = whole.checked_sub(self.length())?;
        if let Some(closing) = self.lengths.last_mut() {
            *closing = *closing + rest;
        }
        Some(self)
    }
}
