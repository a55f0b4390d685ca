//! What is said and done, in order, before anybody knows how long the words are.

use std::collections::BTreeSet;
use std::time::Duration;

use super::cues::{self, Cue};
pub use super::part::{CountIn, LeadIn, Part, Pinned, What, ZonePart};
use super::remind::Reminders;
use super::timings::{TimedTurn, TimedZone, Timings};
use super::truth::{Place, Scene};
use super::wording;
use crate::body::Region;
use crate::routine::asked::ZoneId;
use crate::routine::phrases::Phrases;
use crate::routine::prompt::{self, Saying, Variant};
use crate::routine::spanned::Spanned;
use crate::routine::words::{Leg, Talk, Word};
use crate::routine::{PromptId, Routine, Step, Technique, Vocabulary, ZoneStep};

/// The length of a shorter zone is not told: it would be over before that helps.
const ANNOUNCED_FROM: Duration = Duration::from_secs(15);
/// Count-in ticks are no slower than this.
const SLOWEST_COUNT_IN: Duration = Duration::from_secs(1);
/// Without words, the hands have so long to change to the other leg,
const TO_A_LEG: Duration = Duration::from_secs(3);
/// and so long to move to the next zone.
const TO_A_ZONE: Duration = Duration::from_secs(2);

/// Puts `routine` into the order in which it happens, in words that are true of it.
pub fn outline<'a>(routine: &'a Routine, vocabulary: &Vocabulary) -> Vec<Part<'a>> {
    outline_of(&Timings::as_written(routine), vocabulary)
}

/// The same for other lengths of its zones.
pub fn outline_of<'a>(timings: &Timings<'a>, vocabulary: &Vocabulary) -> Vec<Part<'a>> {
    let routine = timings.routine;
    let phrases = Phrases::of(vocabulary);
    let opening = part("opening", vocabulary.title("Opening chime"), What::Opening);
    let mut outliner = Outliner {
        routine,
        timings,
        vocabulary,
        phrases: &phrases,
        parts: vec![opening],
        said: BTreeSet::new(),
        reminders: Reminders::of(&routine.remind),
    };
    for number in 0..routine.steps.len() {
        outliner.step(number);
    }
    outliner.closing();
    outliner.parts
}

/// Every prompt that the session may say, cues included.
pub fn prompts(parts: &[Part<'_>]) -> BTreeSet<PromptId> {
    let said = |part: &Part<'_>| match &part.what {
        What::LeadIn(LeadIn { say, .. }) | What::Closing { say, .. } | What::Pause { say, .. } => {
            say.clone()
        }
        What::Zone(zone) => zone.cues.iter().filter_map(Cue::prompt).cloned().collect(),
        What::Opening => Vec::new(),
    };
    parts.iter().flat_map(said).collect()
}

fn pinned<'a>(
    routine: &Routine,
    key: &'static str,
    lasts: &'a Option<Spanned<Duration>>,
) -> Option<Pinned<'a>> {
    let gives_way = routine.guidance.pins_give_way;
    lasts.as_ref().map(|lasts| Pinned { key, lasts, gives_way })
}

/// Writes the parts of a routine, one after the other.
struct Outliner<'a, 'p> {
    routine: &'a Routine,
    timings: &'p Timings<'a>,
    vocabulary: &'p Vocabulary,
    phrases: &'p Phrases,
    parts: Vec<Part<'a>>,
    /// What was asked for and what was said by now.
    said: BTreeSet<PromptId>,
    reminders: Reminders,
}

impl<'a> Outliner<'a, '_> {
    fn step(&mut self, number: usize) {
        let routine = self.routine;
        let step = &routine.steps[number];
        let turns = &self.timings.steps[number];
        let first = self.parts.len();
        let say = self.words(Place::Step(number), &step.say, &format!("{}.lead-in", *step.id));
        // A step whose every word would be untrue, and in which nothing is stroked, is none.
        if say.is_empty() && !step.say.is_empty() && turns.is_empty() {
            return;
        }
        let title = self.title(number);
        let words =
            LeadIn { say, pinned: self.pinned("lead_in", &step.lead_in), ..LeadIn::default() };
        self.lead_in(step, None, title.clone(), words);
        for (nth, turn) in turns.iter().enumerate() {
            self.leg(step, turn.leg, nth, turns.len());
            self.zones(number, nth, turn, nth > 0 && is_like(turn, &turns[0]));
        }
        if let Some(lasts) = step.pause {
            self.pause(step, lasts);
        }
        if let Some(part) = self.parts.get_mut(first) {
            part.begins = Some(title);
        }
    }

    fn closing(&mut self) {
        let routine = self.routine;
        let say = self.words(Place::Session, &routine.closing.say, "closing");
        let pinned = self.pinned("lasts", &routine.closing.lasts);
        let title = self.vocabulary.title("Closing");
        let closing = part("closing", title, What::Closing { say, pinned });
        self.parts.push(Part { begins: Some(title.to_owned()), ..closing });
    }

    fn scene(&self, place: Place) -> Scene<'_> {
        Scene { timings: self.timings, place, said: &self.said, whole: None }
    }

    fn title(&self, number: usize) -> String {
        let step = &self.routine.steps[number];
        let title = wording::title(&self.scene(Place::Step(number)), &step.title, self.vocabulary);
        if step.softened {
            self.vocabulary.filled("{title} (gentle: light circles)", &[("title", title)])
        } else {
            title
        }
    }

    /// The prompts that are said where an author asks for `say`.
    fn words(&mut self, place: Place, say: &[Spanned<PromptId>], section: &str) -> Vec<PromptId> {
        let mut words = Vec::new();
        for asked in say {
            match wording::spoken(&self.scene(place), asked, self.vocabulary) {
                Some(said) => {
                    self.said.insert(prompt::base(asked).to_owned());
                    self.said.extend(said.iter().map(|id| prompt::base(id).to_owned()));
                    words.extend(said);
                }
                // The opening is always there.
                None => self.parts.iter_mut().rev().take(1).for_each(|part| {
                    part.left_out.push((section.to_owned(), asked.value.clone()));
                }),
            }
        }
        // Several prompts may have come to the same words.
        words.dedup();
        words
    }

    fn leg(&mut self, step: &'a Step, leg: Leg, nth: usize, of: usize) {
        let silent = self.talk() == Talk::Ticks;
        let own = has_own_region(step);
        let words = LeadIn {
            say: if silent { Vec::new() } else { vec![leg_prompt(leg, nth, of, own)] },
            pinned: self.pinned("changeover", &step.changeover),
            least: if silent && of > 1 { TO_A_LEG } else { Duration::ZERO },
            count_in: None,
        };
        let title = self.vocabulary.title(if own { side_title(leg) } else { leg_title(leg) });
        let title = title.to_owned();
        self.lead_in(step, Some(leg.word()), title, words);
    }

    /// The zones of a leg. Where the other leg had the `same`, fewer words do.
    fn zones(&mut self, number: usize, nth: usize, turn: &TimedTurn<'a>, same: bool) {
        let step = &self.routine.steps[number];
        let leg = turn.leg;
        let own = has_own_region(step);
        for (index, timed) in turn.zones.iter().enumerate() {
            let TimedZone { step: zone, technique, .. } = *timed;
            let (duration, strokes) = (timed.lasts(), timed.strokes());
            let told = self.talk() == Talk::Full && !same && duration >= ANNOUNCED_FROM;
            let announced = self.phrases.length(duration).filter(|_| told).cloned();
            let place = Place::Zone { step: number, turn: nth, zone: index };
            let id = ZoneId { step: step.id.value.clone(), leg, zone: timed.zone() }.to_string();
            let mut say = self.zone_words(place, zone, index, same, &format!("{id}.lead-in"));
            say.extend(announced.iter().map(|phrase| phrase.prompt.clone()));
            let words = LeadIn {
                say,
                pinned: self.pinned("lead_in", &zone.lead_in),
                least: if self.talk() == Talk::Ticks { TO_A_ZONE } else { Duration::ZERO },
                count_in: self.count_in(technique, *zone.zone, leg),
            };
            let zone_title = self.zone_title(leg, timed.zone(), own);
            let within = format!("{}.{}", leg.word(), timed.zone());
            self.lead_in(step, Some(&within), zone_title.clone(), words);
            let title = format!("{zone_title}, {}", self.vocabulary.title(&technique.title));
            let cues = self.cues(place, duration);
            let step = zone;
            let zone = ZonePart { leg, step, technique, duration, strokes, announced, told, cues };
            self.parts.push(part(&id, &title, What::Zone(zone)));
        }
    }

    /// By the side, where the step is of a region whose place nobody knows.
    fn zone_title(&self, leg: Leg, region: Region, by_side: bool) -> String {
        let english = match leg {
            _ if by_side => {
                let region = wording::region_title(region, &self.routine.body, self.vocabulary);
                let title = match leg {
                    Leg::Left => "{region}, left side",
                    Leg::Right => "{region}, right side",
                    Leg::Both => "{region}, both sides",
                };
                return self.vocabulary.filled(title, &[("region", region)]);
            }
            Leg::Left => format!("Left {region}"),
            Leg::Right => format!("Right {region}"),
            Leg::Both => format!("Both legs, {region}"),
        };
        self.vocabulary.title(&english).to_owned()
    }

    fn cues(&mut self, place: Place, duration: Duration) -> Vec<Cue> {
        let guidance = &self.routine.guidance;
        let mut cues = cues::due(duration, guidance, self.phrases);
        let scene = Scene { timings: self.timings, place, said: &self.said, whole: None };
        let is_true = |id: &PromptId| {
            self.vocabulary.contains(id)
                && self.vocabulary.claims(id).is_none_or(|found| scene.holds(&found.claims))
        };
        cues.extend(self.reminders.due(duration, guidance, is_true));
        cues
    }

    /// Quiet, after words that say so.
    fn pause(&mut self, step: &Step, lasts: Duration) {
        let length = self.phrases.length(lasts).map(|phrase| phrase.prompt.clone());
        let word = Some(Saying::Pause.id()).filter(|id| self.vocabulary.contains(id));
        let say = match self.talk() {
            Talk::Full => word.into_iter().chain(length).collect(),
            Talk::Brief => length.into_iter().collect(),
            Talk::Ticks => Vec::new(),
        };
        let title = self.vocabulary.title("Pause");
        let what = What::Pause { say, lasts };
        self.parts.push(part(&format!("{}.pause", *step.id), title, what));
    }

    fn talk(&self) -> Talk {
        self.routine.guidance.talk
    }

    fn pinned(
        &self,
        key: &'static str,
        lasts: &'a Option<Spanned<Duration>>,
    ) -> Option<Pinned<'a>> {
        pinned(self.routine, key, lasts)
    }

    /// What is said before a zone: the author's words or else its name; after the first,
    /// the way up to it. In the edition without words, only what its author left there,
    /// which are warnings.
    fn zone_words(
        &mut self,
        place: Place,
        zone: &ZoneStep,
        index: usize,
        same: bool,
        section: &str,
    ) -> Vec<PromptId> {
        match (self.talk(), zone.say.as_slice()) {
            (Talk::Full | Talk::Brief, []) if index == 0 => vec![Saying::Zone(*zone.zone).id()],
            (Talk::Full | Talk::Brief, []) => vec![Saying::UpTo(*zone.zone).id()],
            (_, say) if same => self.words(place, &self.in_brief(say), section),
            (_, say) => self.words(place, say, section),
        }
    }

    /// Short takes, where the voice has some.
    fn in_brief(&self, say: &[Spanned<PromptId>]) -> Vec<Spanned<PromptId>> {
        let brief = |prompt: &Spanned<PromptId>| {
            let brief = Variant::Brief.of(prompt);
            let known = self.vocabulary.contains(&brief);
            prompt.with(if known { brief } else { prompt.value.clone() })
        };
        say.iter().map(brief).collect()
    }

    /// A second apart, or a stroke where strokes are faster.
    fn count_in(&self, technique: &Technique, zone: Region, leg: Leg) -> Option<CountIn> {
        let ticks = self.routine.guidance.count_in;
        let apart = technique.rate.duration_of(1).min(SLOWEST_COUNT_IN);
        (ticks > 0).then_some(CountIn { ticks, apart, zone, leg })
    }

    /// Words that nobody wrote and no author pinned make no section, unless the hands
    /// need it.
    fn lead_in(&mut self, step: &Step, place: Option<&str>, title: String, words: LeadIn<'a>) {
        let idle = words.say.is_empty() && words.least.is_zero() && words.count_in.is_none();
        if idle && words.pinned.is_none() {
            return;
        }
        let step = &step.id.value;
        let id = match place {
            None => format!("{step}.lead-in"),
            Some(place) => format!("{step}.{place}.lead-in"),
        };
        self.parts.push(part(&id, &title, What::LeadIn(words)));
    }
}

/// Whether the same is done on both legs, however long their words may take.
fn is_like(turn: &TimedTurn<'_>, other: &TimedTurn<'_>) -> bool {
    let alike = |(a, b): (&TimedZone<'_>, &TimedZone<'_>)| {
        let same_way = a.zone() == b.zone() && a.step.technique == b.step.technique;
        same_way && a.lasts() == b.lasts() && a.step.say == b.step.say
    };
    turn.zones.len() == other.zones.len() && turn.zones.iter().zip(&other.zones).all(alike)
}

fn part<'a>(id: &str, title: &str, what: What<'a>) -> Part<'a> {
    Part { id: id.to_owned(), title: title.to_owned(), begins: None, what, left_out: Vec::new() }
}

/// Whether a region is stroked that the routine brought: nobody knows whether it is on a leg.
fn has_own_region(step: &Step) -> bool {
    step.zones().any(|zone| zone.zone.is_own())
}

/// Which leg is meant, or which side; the second of two is a change.
fn leg_prompt(leg: Leg, nth: usize, of: usize, side: bool) -> PromptId {
    let turn = match (nth, of) {
        (_, 1) => prompt::TurnOf::Only,
        (0, _) => prompt::TurnOf::First,
        _ => prompt::TurnOf::Second,
    };
    let side = if side { prompt::CalledAfter::Body } else { prompt::CalledAfter::Leg };
    Saying::Turn(leg, turn, side).id()
}

fn side_title(leg: Leg) -> &'static str {
    match leg {
        Leg::Left => "Left side",
        Leg::Right => "Right side",
        Leg::Both => "Both sides",
    }
}

fn leg_title(leg: Leg) -> &'static str {
    match leg {
        Leg::Left => "Left leg",
        Leg::Right => "Right leg",
        Leg::Both => "Both legs",
    }
}
