//! What is said and done, in order, before anybody knows how long the words are.

use std::collections::BTreeSet;
use std::time::Duration;

use super::cues::{self, Cue};
use crate::routine::at::At;
use crate::routine::phrases::{Phrase, Phrases};
use crate::routine::words::{Leg, Talk, Word, Zone};
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
    LeadIn(LeadIn<'a>),
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

/// Words before the stroking, time to move the hands, ticks that count in.
#[derive(Clone, Debug, Default)]
pub struct LeadIn<'a> {
    /// The prompts, in order.
    pub say: Vec<PromptId>,
    /// The author's length.
    pub pinned: Option<Pinned<'a>>,
    /// The time that the hands need where no words give it to them.
    pub least: Duration,
    /// The ticks before the first stroke.
    pub count_in: Option<CountIn>,
}

/// Ticks before the first stroke of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountIn {
    /// How many; at least one.
    pub ticks: u64,
    /// From one to the next, and from the last to the first stroke.
    pub apart: Duration,
    /// The zone whose first stroke they lead to.
    pub zone: Zone,
}

impl CountIn {
    /// From the first tick to the first stroke.
    pub fn lasts(&self) -> Duration {
        self.apart * self.ticks as u32
    }
}

/// A length that the author gave to words.
#[derive(Clone, Copy, Debug)]
pub struct Pinned<'a> {
    /// The key by which it was given.
    pub key: &'static str,
    /// The length, and where it is written.
    pub lasts: &'a At<Duration>,
    /// Whether words that need more get it.
    pub gives_way: bool,
}

/// Count-in ticks are no slower than this.
const SLOWEST_COUNT_IN: Duration = Duration::from_secs(1);
/// Without words, the hands have so long to change to the other leg,
const TO_A_LEG: Duration = Duration::from_secs(3);
/// and so long to move to the next zone.
const TO_A_ZONE: Duration = Duration::from_secs(2);

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
    /// How its length is announced before it, if it is and the voice can say it.
    pub announced: Option<Phrase>,
    /// What is said over its strokes, the most important first.
    pub cues: Vec<Cue>,
}

/// Puts `routine` into the order in which it happens.
pub fn outline<'a>(routine: &'a Routine, vocabulary: &Vocabulary) -> Vec<Part<'a>> {
    let phrases = Phrases::of(vocabulary);
    let title = |english| vocabulary.title(english);
    let mut parts = vec![part("opening", title("Opening chime"), What::Opening)];
    for step in &routine.steps {
        let first = parts.len();
        Outliner { routine, vocabulary, phrases: &phrases, step, parts: &mut parts }.step();
        if let Some(part) = parts.get_mut(first) {
            part.begins = Some(title(&step.title).to_owned());
        }
    }
    let say = ids(&routine.closing.say);
    let pinned = pinned(routine, "lasts", &routine.closing.lasts);
    let closing = part("closing", title("Closing"), What::Closing { say, pinned });
    parts.push(Part { begins: Some(title("Closing").to_owned()), ..closing });
    parts
}

/// Every prompt that the session may say, cues included.
pub fn prompts(parts: &[Part<'_>]) -> BTreeSet<PromptId> {
    let said = |part: &Part<'_>| match &part.what {
        What::LeadIn(LeadIn { say, .. }) | What::Closing { say, .. } => say.clone(),
        What::Zone(zone) => zone.cues.iter().map(|cue| cue.prompt.clone()).collect(),
        What::Opening | What::Pause(_) => Vec::new(),
    };
    parts.iter().flat_map(said).collect()
}

fn pinned<'a>(
    routine: &Routine,
    key: &'static str,
    lasts: &'a Option<At<Duration>>,
) -> Option<Pinned<'a>> {
    let gives_way = routine.guidance.pins_give_way;
    lasts.as_ref().map(|lasts| Pinned { key, lasts, gives_way })
}

/// Writes one step's parts.
struct Outliner<'a, 'p> {
    routine: &'a Routine,
    vocabulary: &'p Vocabulary,
    phrases: &'p Phrases,
    step: &'a Step,
    parts: &'p mut Vec<Part<'a>>,
}

impl<'a> Outliner<'a, '_> {
    fn step(&mut self) {
        let step = self.step;
        let pinned = self.pinned("lead_in", &step.lead_in);
        let words = LeadIn { say: ids(&step.say), pinned, ..LeadIn::default() };
        self.lead_in(None, self.vocabulary.title(&step.title).to_owned(), words);
        let turns = step.turns.iter().filter(|turn| !turn.zones.is_empty()).collect::<Vec<_>>();
        for (nth, turn) in turns.iter().enumerate() {
            self.leg(turn.leg.value, nth, turns.len());
            self.zones(turn);
        }
        if let Some(pause) = step.pause {
            let title = self.vocabulary.title("Pause");
            self.parts.push(part(&format!("{}.pause", *step.id), title, What::Pause(pause)));
        }
    }

    fn leg(&mut self, leg: Leg, nth: usize, of: usize) {
        let silent = self.talk() == Talk::Ticks;
        let words = LeadIn {
            say: if silent { Vec::new() } else { vec![leg_prompt(leg, nth, of)] },
            pinned: self.pinned("changeover", &self.step.changeover),
            least: if silent && of > 1 { TO_A_LEG } else { Duration::ZERO },
            count_in: None,
        };
        let title = self.vocabulary.title(leg_title(leg)).to_owned();
        self.lead_in(Some(leg.word()), title, words);
    }

    fn zones(&mut self, turn: &'a Turn) {
        let leg = turn.leg.value;
        for (index, zone) in turn.zones.iter().enumerate() {
            // A technique that is not there was refused by `check`.
            let Some(technique) = self.routine.technique(zone) else { continue };
            let duration = zone.extent.duration(*technique.rate);
            let full = self.talk() == Talk::Full;
            let announced = self.phrases.length(duration).filter(|_| full).cloned();
            let place = format!("{}.{}", leg.word(), zone.zone.word());
            let words = LeadIn {
                say: self.zone_words(zone, index, announced.as_ref()),
                pinned: self.pinned("lead_in", &zone.lead_in),
                least: if self.talk() == Talk::Ticks { TO_A_ZONE } else { Duration::ZERO },
                count_in: self.count_in(technique, *zone.zone),
            };
            let zone_title = self.vocabulary.title(&zone_title(leg, zone)).to_owned();
            self.lead_in(Some(&place), zone_title.clone(), words);
            let id = format!("{}.{place}", *self.step.id);
            let title = format!("{zone_title}, {}", self.vocabulary.title(&technique.title));
            let cues = cues::due(duration, &self.routine.guidance, self.phrases);
            let zone = ZonePart { leg, step: zone, technique, duration, announced, cues };
            self.parts.push(part(&id, &title, What::Zone(zone)));
        }
    }

    fn talk(&self) -> Talk {
        self.routine.guidance.talk
    }

    fn pinned(&self, key: &'static str, lasts: &'a Option<At<Duration>>) -> Option<Pinned<'a>> {
        pinned(self.routine, key, lasts)
    }

    /// What is said before a zone: in the edition without words, only what its author
    /// left there, which are warnings.
    fn zone_words(
        &self,
        zone: &ZoneStep,
        index: usize,
        announced: Option<&Phrase>,
    ) -> Vec<PromptId> {
        let mut say = match self.talk() {
            Talk::Ticks => ids(&zone.say),
            Talk::Full | Talk::Brief => zone_prompts(zone, index),
        };
        say.extend(announced.map(|phrase| phrase.prompt.clone()));
        say
    }

    /// A second apart, or a stroke where strokes are faster.
    fn count_in(&self, technique: &Technique, zone: Zone) -> Option<CountIn> {
        let ticks = self.routine.guidance.count_in;
        let apart = technique.rate.duration_of(1).min(SLOWEST_COUNT_IN);
        (ticks > 0).then_some(CountIn { ticks, apart, zone })
    }

    /// Words that nobody wrote and no author pinned make no section, unless the hands
    /// need it.
    fn lead_in(&mut self, place: Option<&str>, title: String, words: LeadIn<'a>) {
        let idle = words.say.is_empty() && words.least.is_zero() && words.count_in.is_none();
        if idle && words.pinned.is_none() {
            return;
        }
        let step = &self.step.id.value;
        let id = match place {
            None => format!("{step}.lead-in"),
            Some(place) => format!("{step}.{place}.lead-in"),
        };
        self.parts.push(part(&id, &title, What::LeadIn(words)));
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

fn leg_title(leg: Leg) -> &'static str {
    match leg {
        Leg::Left => "Left leg",
        Leg::Right => "Right leg",
        Leg::Both => "Both legs",
    }
}

fn zone_title(leg: Leg, zone: &ZoneStep) -> String {
    match leg {
        Leg::Left => format!("Left {}", *zone.zone),
        Leg::Right => format!("Right {}", *zone.zone),
        Leg::Both => format!("Both legs, {}", *zone.zone),
    }
}
