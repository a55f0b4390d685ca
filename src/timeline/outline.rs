//! What is said and done, in order, before anybody knows how long the words are.

use std::collections::BTreeSet;
use std::time::Duration;

use super::announce::{Announcement, announcement};
use super::cues::{self, Cue};
use crate::routine::at::At;
use crate::routine::words::{Leg, Word};
use crate::routine::{PromptId, Routine, Step, Technique, Turn, Vocabulary, ZoneStep};

/// One piece of the session; later a [`Section`](super::Section).
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// Unique, such as `ankles.left.ankle`.
    pub id: String,
    /// What people read.
    pub title: String,
    /// The title of the step that begins with it, if one does.
    pub begins: Option<String>,
    /// What happens.
    pub what: What<'a>,
}

/// What happens in a [`Part`].
#[derive(Clone, Debug)]
pub enum What<'a> {
    /// The wake-up chime.
    Opening,
    /// Words, for as long as they need or exactly as long as the author pins them.
    LeadIn {
        /// The prompts, in order.
        say: Vec<PromptId>,
        /// The author's length.
        pinned: Option<Pinned<'a>>,
    },
    /// Stroking.
    Zone(ZonePart<'a>),
    /// Quiet.
    Pause(Duration),
    /// Last words and a chime.
    Closing {
        /// The prompts, in order.
        say: Vec<PromptId>,
        /// The author's length.
        pinned: Option<Pinned<'a>>,
    },
}

/// A length that the author gave to words.
#[derive(Clone, Copy, Debug)]
pub struct Pinned<'a> {
    /// The key by which it was given.
    pub key: &'static str,
    /// The length, and where it is written.
    pub lasts: &'a At<Duration>,
}

fn pinned<'a>(key: &'static str, lasts: &'a Option<At<Duration>>) -> Option<Pinned<'a>> {
    lasts.as_ref().map(|lasts| Pinned { key, lasts })
}

/// A zone of one leg.
#[derive(Clone, Debug)]
pub struct ZonePart<'a> {
    /// Which leg.
    pub leg: Leg,
    /// What the author says of it.
    pub step: &'a ZoneStep,
    /// How it is stroked.
    pub technique: &'a Technique,
    /// How long.
    pub duration: Duration,
    /// How its length is announced before it, if the voice can say it.
    pub announced: Option<Announcement>,
}

/// Puts `routine` into the order in which it happens.
pub fn outline<'a>(routine: &'a Routine, vocabulary: &Vocabulary) -> Vec<Part<'a>> {
    let mut parts = vec![part("opening", "Opening chime", What::Opening)];
    for step in &routine.steps {
        let first = parts.len();
        Outliner { routine, vocabulary, step, parts: &mut parts }.step();
        if let Some(part) = parts.get_mut(first) {
            part.begins = Some(step.title.clone());
        }
    }
    let say = ids(&routine.closing.say);
    let pinned = pinned("lasts", &routine.closing.lasts);
    let closing = part("closing", "Closing", What::Closing { say, pinned });
    parts.push(Part { begins: Some("Closing".to_owned()), ..closing });
    parts
}

/// Every prompt that the session may say, cues included.
pub fn prompts(parts: &[Part<'_>]) -> BTreeSet<PromptId> {
    let said = |part: &Part<'_>| match &part.what {
        What::LeadIn { say, .. } | What::Closing { say, .. } => say.clone(),
        What::Zone(zone) => cues::due(zone.duration).map(Cue::prompt).collect(),
        What::Opening | What::Pause(_) => Vec::new(),
    };
    parts.iter().flat_map(said).collect()
}

/// Writes one step's parts.
struct Outliner<'a, 'p> {
    routine: &'a Routine,
    vocabulary: &'p Vocabulary,
    step: &'a Step,
    parts: &'p mut Vec<Part<'a>>,
}

impl<'a> Outliner<'a, '_> {
    fn step(&mut self) {
        let step = self.step;
        let title = step.title.clone();
        self.lead_in(None, title, ids(&step.say), pinned("lead_in", &step.lead_in));
        let turns = step.turns.iter().filter(|turn| !turn.zones.is_empty()).collect::<Vec<_>>();
        for (nth, turn) in turns.iter().enumerate() {
            let leg = turn.leg.value;
            let say = vec![leg_prompt(leg, nth, turns.len())];
            let changeover = pinned("changeover", &step.changeover);
            self.lead_in(Some(leg.word()), leg_title(leg), say, changeover);
            self.zones(turn);
        }
        if let Some(pause) = step.pause {
            self.parts.push(part(&format!("{}.pause", *step.id), "Pause", What::Pause(pause)));
        }
    }

    fn zones(&mut self, turn: &'a Turn) {
        let leg = turn.leg.value;
        for (index, zone) in turn.zones.iter().enumerate() {
            // A technique that is not there was refused by `check`.
            let Some(technique) = self.routine.technique(zone) else { continue };
            let duration = zone.extent.duration(*technique.rate);
            let announced = announcement(duration, self.vocabulary);
            let mut say = zone_prompts(zone, index);
            say.extend(announced.iter().map(|announced| announced.prompt.clone()));
            let place = format!("{}.{}", leg.word(), zone.zone.word());
            self.lead_in(
                Some(&place),
                zone_title(leg, zone),
                say,
                pinned("lead_in", &zone.lead_in),
            );
            let id = format!("{}.{place}", *self.step.id);
            let title = format!("{}, {}", zone_title(leg, zone), technique.title);
            let zone = ZonePart { leg, step: zone, technique, duration, announced };
            self.parts.push(part(&id, &title, What::Zone(zone)));
        }
    }

    /// Words that nobody wrote and no author pinned make no section.
    fn lead_in(
        &mut self,
        place: Option<&str>,
        title: String,
        say: Vec<PromptId>,
        pinned: Option<Pinned<'a>>,
    ) {
        if say.is_empty() && pinned.is_none() {
            return;
        }
        let step = &self.step.id.value;
        let id = match place {
            None => format!("{step}.lead-in"),
            Some(place) => format!("{step}.{place}.lead-in"),
        };
        self.parts.push(part(&id, &title, What::LeadIn { say, pinned }));
    }
}

fn part<'a>(id: &str, title: &str, what: What<'a>) -> Part<'a> {
    Part { id: id.to_owned(), title: title.to_owned(), begins: None, what }
}

fn ids(say: &[At<PromptId>]) -> Vec<PromptId> {
    say.iter().map(|prompt| prompt.value.clone()).collect()
}

/// Which leg is meant; the second of two is a change.
fn leg_prompt(leg: Leg, nth: usize, of: usize) -> PromptId {
    match (leg, nth, of) {
        (Leg::Both, _, _) => "both-legs".to_owned(),
        (leg, _, 1) => format!("{leg}-leg"),
        (leg, 0, _) => format!("begin-{leg}"),
        (leg, _, _) => format!("change-{leg}"),
    }
}

/// The author's words for a zone or else its name; after the first, the way up to it.
fn zone_prompts(zone: &ZoneStep, index: usize) -> Vec<PromptId> {
    match (zone.say.as_slice(), index) {
        ([], 0) => vec![format!("zone-{}", *zone.zone)],
        ([], _) => vec![format!("up-to-{}", *zone.zone)],
        (say, _) => ids(say),
    }
}

fn leg_title(leg: Leg) -> String {
    match leg {
        Leg::Left => "Left leg".to_owned(),
        Leg::Right => "Right leg".to_owned(),
        Leg::Both => "Both legs".to_owned(),
    }
}

fn zone_title(leg: Leg, zone: &ZoneStep) -> String {
    match leg {
        Leg::Left => format!("Left {}", *zone.zone),
        Leg::Right => format!("Right {}", *zone.zone),
        Leg::Both => format!("Both legs, {}", *zone.zone),
    }
}
