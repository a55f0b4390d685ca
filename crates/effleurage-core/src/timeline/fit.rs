//! How much time words need, and whether the time that an author gives them is enough.

use std::collections::BTreeMap;
use std::time::Duration;

use super::ChimeKind;
use super::outline::{LeadIn, Part, Pinned, What};
use crate::diagnostic::Diagnostic;
use crate::routine::duration::plain;
use crate::routine::{PromptId, Vocabulary};
use crate::units::{Length, SampleRate};

/// The wake-up chime; the opening lasts as long.
const CHIME_AT_START: Duration = ChimeKind::Opening.lasts();
/// The closing chime.
pub const CHIME_AT_END: Duration = ChimeKind::Closing.lasts();
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
    /// How long a person's own tick is, where they have one.
    pub own_tick: Length,
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

    /// How long a part lasts.
    pub fn part(&self, part: &Part<'_>) -> Length {
        match &part.what {
            What::Opening => self.rate.length_of(CHIME_AT_START),
            What::LeadIn(words) => self.placed(words.pinned, self.busy(words), self.lead_in(words)),
            What::Zone(zone) => self.rate.length_of(zone.duration).max(Length(1)),
            What::Pause { lasts, .. } => self.rate.length_of(*lasts),
            What::Closing { say, pinned } => {
                let needed = self.closing(say);
                self.placed(*pinned, needed, self.rate.whole_seconds(needed))
            }
        }
    }

    /// The author's length, or the `usual` one where there is none, or where it gives
    /// way because more is `needed`.
    fn placed(&self, pinned: Option<Pinned<'_>>, needed: Length, usual: Length) -> Length {
        let length =
            pinned.map(|pinned| (self.rate.length_of(pinned.lasts.value), pinned.gives_way));
        match length {
            None => usual,
            Some((length, true)) if length < needed => usual,
            Some((length, _)) => length,
        }
    }

    /// The least that a lead-in takes: its words, and the ticks that count in.
    pub fn busy(&self, words: &LeadIn<'_>) -> Length {
        let count_in = words.count_in.map_or(Duration::ZERO, |count_in| count_in.lasts());
        self.words(&words.say) + self.rate.length_of(count_in)
    }

    /// A lead-in that nobody pinned: its words and a rest, or what the hands need, and
    /// the ticks that count in; in whole seconds.
    fn lead_in(&self, words: &LeadIn<'_>) -> Length {
        let rest = if words.say.is_empty() { Length::ZERO } else { self.rate.length_of(REST) };
        let spoken = self.words(&words.say);
        let room = self.rate.length_of(words.least).checked_sub(spoken + rest);
        let idle = room.unwrap_or(Length::ZERO);
        self.rate.whole_seconds(self.busy(words) + rest + idle)
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

/// The prompts of a place that its author pinned, and how long they may be all together: what is
/// left beside the breaths between them, the ticks that count in and the closing chime. None
/// where nothing is pinned.
pub fn room_for_words<'a>(part: &'a Part<'_>) -> Option<(&'a [PromptId], Duration)> {
    let (say, pinned, beside) = match &part.what {
        What::LeadIn(LeadIn { say, pinned: Some(pinned), count_in, .. }) => {
            let count_in = count_in.map_or(Duration::ZERO, |count_in| count_in.lasts());
            (say, pinned, count_in)
        }
        What::Closing { say, pinned: Some(pinned) } => {
            (say, pinned, BREATH + CHIME_AT_END + QUIET_AT_END)
        }
        _ => return None,
    };
    let breaths = BREATH * say.len().saturating_sub(1) as u32;
    Some((say, pinned.lasts.value.saturating_sub(breaths + beside)))
}

/// Every place that is too short for its words. The two legs of a step share a line
/// of the file: it is told once, with what the longer words need.
pub fn misfits(parts: &[Part<'_>], measure: &Measure<'_>) -> Vec<Diagnostic> {
    let mut tightest: BTreeMap<usize, (Length, &Part<'_>, &Pinned<'_>)> = BTreeMap::new();
    for part in parts {
        let (pinned, needed) = match &part.what {
            What::LeadIn(LeadIn { pinned: Some(pinned), .. }) if pinned.gives_way => continue,
            What::LeadIn(words @ LeadIn { pinned: Some(pinned), .. }) => {
                (pinned, measure.busy(words))
            }
            What::Closing { say, pinned: Some(pinned) } if !pinned.gives_way => {
                (pinned, measure.closing(say))
            }
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
    let Pinned { key, lasts, .. } = pinned;
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
