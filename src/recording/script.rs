//! What there is to record: the lines that routines need, in the order in which they are
//! said.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::routine::PromptId;
use crate::routine::check::{WARNINGS, WARNINGS_SHORT};
use crate::routine::prompt::{Saying, Variant};
use crate::routine::vocabulary::Vocabulary;
use crate::timeline::Cue;
use crate::timeline::outline::{LeadIn, Part, What};
use crate::timeline::room_for_words;
use crate::voice::Manifest;

/// A line to be read out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place in the script, from 1.
    pub number: usize,
    /// The prompt that it becomes.
    pub id: PromptId,
    /// The words.
    pub text: String,
    /// How to say them.
    pub how: &'static str,
    /// How long its clip may last, with its margins, where an author pinned its place.
    pub longest: Option<Duration>,
}

/// The ids to record, each once, in the order in which they come up.
#[derive(Clone, Debug, Default)]
pub struct Script {
    ids: Vec<PromptId>,
    longest: BTreeMap<PromptId, Duration>,
}

impl Script {
    /// Adds what is said in the outline `parts`; `lasts` tells how long another voice takes
    /// for a prompt, to work out what is left for each where several share a place.
    pub fn add(&mut self, parts: &[Part<'_>], lasts: impl Fn(&str) -> Duration) {
        for part in parts {
            match &part.what {
                What::LeadIn(LeadIn { say, .. }) | What::Closing { say, .. } => {
                    say.iter().for_each(|id| self.add_id(id));
                    if let Some((say, room)) = room_for_words(part) {
                        self.bound(say, room, &lasts);
                    }
                }
                What::Zone(zone) => {
                    zone.cues.iter().filter_map(Cue::prompt).for_each(|id| self.add_id(id));
                }
                What::Pause { say, .. } => say.iter().for_each(|id| self.add_id(id)),
                What::Opening => {}
            }
        }
    }

    /// Adds one prompt.
    pub fn add_id(&mut self, id: &str) {
        if !self.ids.iter().any(|known| known == id) {
            self.ids.push(id.to_owned());
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Keeps only the prompts of which this is true.
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.ids.retain(|id| wanted(id));
    }

    /// The lines, numbered, with the words of `vocabulary`.
    pub fn lines(&self, vocabulary: &Vocabulary) -> Vec<Line> {
        let line = |(index, id): (usize, &PromptId)| Line {
            number: index + 1,
            id: id.clone(),
            text: vocabulary.text(id).to_owned(),
            how: how(id),
            longest: self.longest.get(id).copied(),
        };
        self.ids.iter().enumerate().map(line).collect()
    }

    /// Shares the `room` of a place out among its prompts, by how long another voice takes: the
    /// shares add up to it, so that whoever keeps each keeps them all.
    fn bound(&mut self, say: &[PromptId], room: Duration, lasts: &impl Fn(&str) -> Duration) {
        let all: f64 = say.iter().map(|id| lasts(id).as_secs_f64()).sum();
        for id in say {
            let share = match all > 0.0 {
                true => lasts(id).as_secs_f64() / all,
                false => 1.0 / say.len() as f64,
            };
            let own = room.mul_f64(share);
            let known = self.longest.entry(id.clone()).or_insert(own);
            *known = own.min(*known);
        }
    }
}

/// The script of a voice: what its manifest says, in the order of the file.
pub fn of(manifest: &Manifest) -> Vec<Line> {
    let line = |(index, (id, text)): (usize, (&str, &str))| Line {
        number: index + 1,
        id: id.to_owned(),
        text: text.to_owned(),
        how: how(id),
        longest: None,
    };
    manifest.script().into_iter().enumerate().map(line).collect()
}

/// How a line is best said.
fn how(id: &str) -> &'static str {
    let warning = WARNINGS.contains(&id) || id == WARNINGS_SHORT;
    let cue = id == Saying::Halfway.id() || Saying::left(id).is_some() || id.starts_with("remind-");
    let brief = Saying::length(id).is_some() || Variant::Brief.base(id).is_some();
    let place = ["zone-", "up-to-", "begin-", "change-"].iter().any(|p| id.starts_with(p));
    let side = id.ends_with("-leg") || id.ends_with("-side");
    if warning {
        "clearly and without haste: it must be understood"
    } else if cue {
        "short and soft: it is said over the ticks"
    } else if brief || place || side {
        "short and calm"
    } else {
        "slowly and warmly, as to somebody who is about to rest"
    }
}
