//! How much time words need, and whether the time that an author gives them is enough.

use std::collections::BTreeMap;
use std::time::Duration;

use super::outline::{Part, Pinned, What};
use crate::diagnostic::Diagnostic;
use crate::routine::duration::plain;
use crate::routine::{PromptId, Vocabulary};
use crate::units::{Length, SampleRate};

/// The closing chime.
pub const CHIME_AT_END: Duration = Duration::from_millis(2500);
/// Quiet after the closing chime, the last of the track.
const QUIET_AT_END: Duration = Duration::from_millis(500);
/// Between two prompts.
const BREATH: Duration = Duration::from_millis(400);
/// At least this long after the last word of a lead-in that is not pinned.
const REST: Duration = Duration::from_millis(400);

/// What a plan must know of the voice.
#[derive(Clone, Copy)]
pub struct Speech<'a> {
    /// The name of the voice.
    pub voice: &'a str,
    /// What it can say.
    pub vocabulary: &'a Vocabulary,
    /// How long its clips are, at the sample rate of the plan.
    pub lengths: &'a BTreeMap<PromptId, Length>,
}

/// Measures words in frames.
#[derive(Clone, Copy)]
pub struct Measure<'a> {
    /// The voice that says them.
    pub speech: &'a Speech<'a>,
    /// Frames a second.
    pub rate: SampleRate,
}

impl Measure<'_> {
    /// One prompt; no time where the voice does not have it.
    pub fn prompt(&self, prompt: &str) -> Length {
        self.speech.lengths.get(prompt).copied().unwrap_or(Length::ZERO)
    }

    /// The pause between two prompts.
    pub fn breath(&self) -> Length {
        self.rate.length_of(BREATH)
    }

    /// Prompts one after the other, with a breath between.
    pub fn words(&self, say: &[PromptId]) -> Length {
        let words: Length = say.iter().map(|prompt| self.prompt(prompt)).sum();
        let breaths = say.len().saturating_sub(1) as u64;
        words + Length(self.breath().0 * breaths)
    }

    /// A lead-in that nobody pinned: its words and a rest, in whole seconds.
    pub fn lead_in(&self, say: &[PromptId]) -> Length {
        self.rate.whole_seconds(self.words(say) + self.rate.length_of(REST))
    }

    /// The least that the end of a track takes.
    pub fn closing(&self, say: &[PromptId]) -> Length {
        let breath = if say.is_empty() { Length::ZERO } else { self.breath() };
        self.words(say) + breath + self.after_last_words()
    }

    /// The closing chime and the quiet behind it.
    pub fn after_last_words(&self) -> Length {
        self.rate.length_of(CHIME_AT_END) + self.rate.length_of(QUIET_AT_END)
    }
}

/// Every place that is too short for its words. The two legs of a step share a line
/// of the file: it is told once, with what the longer words need.
pub fn misfits(parts: &[Part<'_>], measure: &Measure<'_>) -> Vec<Diagnostic> {
    let mut tightest: BTreeMap<usize, (Length, &Part<'_>, &Pinned<'_>)> = BTreeMap::new();
    for part in parts {
        let (pinned, needed) = match &part.what {
            What::LeadIn { say, pinned: Some(pinned) } => (pinned, measure.words(say)),
            What::Closing { say, pinned: Some(pinned) } => (pinned, measure.closing(say)),
            _ => continue,
        };
        let place = tightest.entry(pinned.lasts.span.start).or_insert((needed, part, pinned));
        if needed > place.0 {
            *place = (needed, part, pinned);
        }
    }
    let mistake = |(needed, part, pinned): &(Length, &Part<'_>, &Pinned<'_>)| {
        misfit(pinned, *needed, &part.title, measure.rate)
    };
    tightest.values().filter_map(mistake).collect()
}

fn misfit(
    pinned: &Pinned<'_>,
    needed: Length,
    title: &str,
    rate: SampleRate,
) -> Option<Diagnostic> {
    let Pinned { key, lasts } = pinned;
    let over =
        needed.checked_sub(rate.length_of(lasts.value)).filter(|over| *over > Length::ZERO)?;
    let seconds = |length| rate.duration_of(length).as_secs_f64();
    let message = format!(
        "the words of “{title}” last {:.1} s, {:.1} s longer than their place",
        seconds(needed),
        seconds(over)
    );
    let enough = plain(rate.duration_of(rate.whole_seconds(needed)));
    let help = format!(
        "give them {key} = \"{enough}\", or take {key} out, so that they get what they need"
    );
    Some(Diagnostic::error(lasts.span.clone(), message).help(help))
}
