//! Reminders: what is said now and then in long zones.

use std::time::Duration;

use super::cues::{Cue, What, When};
use crate::routine::spanned::Spanned;
use crate::routine::{Guidance, PromptId};

/// A reminder is not said so near to the end of a zone.
const LAST: Duration = Duration::from_secs(15);

/// The reminders of a session, of which each gets its turn.
pub struct Reminders {
    prompts: Vec<PromptId>,
    next: usize,
}

impl Reminders {
    /// Those that an author lists.
    pub fn of(prompts: &[Spanned<PromptId>]) -> Reminders {
        let prompts = prompts.iter().map(|prompt| prompt.value.clone()).collect();
        Reminders { prompts, next: 0 }
    }

    /// The reminders of a zone that lasts `duration`: one at every multiple of the cadence,
    /// the next in turn of those that are true there. Zones shorter than twice the cadence
    /// have none.
    pub fn due(
        &mut self,
        duration: Duration,
        guidance: &Guidance,
        is_true: impl Fn(&PromptId) -> bool,
    ) -> Vec<Cue> {
        let Some(every) = guidance.remind_every.filter(|every| duration >= *every * 2) else {
            return Vec::new();
        };
        let last = duration.saturating_sub(LAST);
        let times = (1..).map(|n| every * n).take_while(|at| *at <= last);
        let cue =
            |at| Some(Cue { what: What::Reminder(self.pick(&is_true)?), when: When::After(at) });
        times.map_while(cue).collect()
    }

    fn pick(&mut self, is_true: &impl Fn(&PromptId) -> bool) -> Option<PromptId> {
        let count = self.prompts.len();
        let turns = (0..count).map(|n| (self.next + n) % count);
        let found = turns.into_iter().find(|n| is_true(&self.prompts[*n]))?;
        self.next = found + 1;
        Some(self.prompts[found].clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(reminders: &mut Reminders, seconds: u64) -> Vec<(PromptId, u64)> {
        let cues = reminders.due(Duration::from_secs(seconds), &Guidance::default(), |_| true);
        let shown = |cue: Cue| match cue.when {
            When::After(at) => (cue.prompt().unwrap().clone(), at.as_secs()),
            other => panic!("{other:?}"),
        };
        cues.into_iter().map(shown).collect()
    }

    fn two() -> Reminders {
        Reminders::of(&["soft", "even"].map(|id| Spanned::new(id.to_owned(), 0..0)))
    }

    #[test]
    fn each_gets_its_turn_and_short_zones_have_none() {
        let mut reminders = two();
        assert_eq!(due(&mut reminders, 89), []);
        let expected = [("soft", 45), ("even", 90)].map(|(id, at)| (id.to_owned(), at));
        assert_eq!(due(&mut reminders, 105), expected);
        assert_eq!(due(&mut reminders, 104), [("soft".to_owned(), 45)]);
        assert_eq!(due(&mut reminders, 90), [("even".to_owned(), 45)]);
        assert_eq!(due(&mut Reminders::of(&[]), 600), []);
    }

    #[test]
    fn what_is_not_true_loses_its_turn() {
        let cues = two().due(Duration::from_secs(200), &Guidance::default(), |id| id == "even");
        assert!(cues.len() == 4 && cues.iter().all(|cue| cue.prompt().unwrap() == "even"));
    }
}
