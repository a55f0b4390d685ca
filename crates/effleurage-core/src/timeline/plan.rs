//! Routine + lengths of the words + sample rate → [`Timeline`], in exact integers.
//!
//! Pure: no files, no audio, no clock. What does not fit is said before anything
//! is rendered.

use std::collections::BTreeSet;
use std::time::Duration;

use super::cues::{self, Cue, Dropped};
use super::fit::{CHIME_AT_END, Measure, Speech, misfits};
use super::notes;
use super::outline::{self, CountIn, LeadIn, Part, Pinned, What, ZonePart};
use super::schedule::Schedule;
use super::timings::Timings;
use super::truth::{Place, Scene};
use super::wording;
use super::{
    Bed, Chime, ChimeKind, Kit, Levels, Pace, Prompt, Section, SectionKind, Stroking, Timeline,
};
use crate::body::Body;
use crate::diagnostic::Diagnostic;
use crate::routine::duration::plain;
use crate::routine::words::{Motion, Pan, Pattern, Word};
use crate::routine::{BedSound, PromptId, Routine, SoundSettings, TickSound, Vocabulary};
use crate::units::{FrameRange, Length, Position, SampleRate, SlowDown, round_div};

/// A shorter pause has no chimes.
const PAUSE_WITH_CHIMES: Duration = Duration::from_secs(4);
/// Words in a pause leave at least this much of it quiet.
const QUIET_IN_PAUSE: Duration = Duration::from_secs(2);

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanFault {
    /// The voice lacks these prompts.
    Missing(Vec<PromptId>),
    /// Words do not fit where the author pinned them.
    DoesNotFit(Vec<Diagnostic>),
    /// The track cannot last as long as asked.
    NoSuchTotal(Diagnostic),
}

/// Plans `routine`, spoken as `speech` says, at `rate` frames a second.
pub fn plan(
    routine: &Routine,
    speech: &Speech<'_>,
    rate: SampleRate,
) -> Result<Timeline, PlanFault> {
    let measure = Measure { speech, rate };
    let Schedule { timings, parts, lengths } =
        Schedule::of(routine, &measure).map_err(PlanFault::NoSuchTotal)?;
    let mut missing: Vec<PromptId> = outline::prompts(&parts).into_iter().collect();
    missing.retain(|prompt| !speech.lengths.contains_key(prompt));
    if !missing.is_empty() {
        return Err(PlanFault::Missing(missing));
    }
    let mistakes = misfits(&parts, &measure);
    if !mistakes.is_empty() {
        return Err(PlanFault::DoesNotFit(mistakes));
    }
    let SoundSettings { voice_level: voice, tick_level: ticks, bed_level: bed, .. } = routine.sound;
    let timeline = Timeline {
        levels: Levels { voice, ticks, bed },
        ..Timeline::empty(&routine.name, speech.voice, rate)
    };
    let slow_down = routine.guidance.slow_down;
    let kit = kit(&routine.sound.ticks, speech.own_tick);
    let (body, pan) = (&routine.body, routine.sound.pan);
    let mut planner = Planner { body, measure, rate, kit, slow_down, pan, timeline };
    parts.iter().zip(lengths).for_each(|(part, length)| planner.part(part, length));
    let mut timeline = planner.timeline;
    timeline.title = title(&timings, speech, rate.duration_of(timeline.length()));
    let length = timeline.length();
    timeline.bed = match &*routine.sound.bed {
        BedSound::Off => None,
        BedSound::Noise(noise) => Some(Bed::of(noise.word(), length, rate)),
        BedSound::File(_) => Some(Bed::of("file", length, rate)),
    };
    Ok(timeline)
}

/// The title of a session that lasts so long.
fn title(timings: &Timings<'_>, speech: &Speech<'_>, lasts: Duration) -> String {
    let said = BTreeSet::new();
    let scene = Scene { timings, place: Place::Session, said: &said, whole: Some(lasts) };
    wording::title(&scene, &timings.routine.title, speech.vocabulary)
}

/// Where the sound of ticks comes from; `own` is the length of a person's clip.
fn kit(ticks: &TickSound, own: Length) -> Kit {
    match ticks {
        TickSound::BuiltIn(kit) => Kit::BuiltIn(*kit),
        TickSound::File(_) => Kit::Own { length: own },
    }
}

struct Planner<'a> {
    body: &'a Body,
    measure: Measure<'a>,
    rate: SampleRate,
    kit: Kit,
    slow_down: SlowDown,
    pan: Pan,
    timeline: Timeline,
}

impl Planner<'_> {
    fn part(&mut self, part: &Part<'_>, length: Length) {
        self.note_left_out(part);
        match &part.what {
            What::Opening => self.opening(part, length),
            What::LeadIn(words) => self.lead_in(part, words, length),
            What::Zone(zone) => self.zone(part, zone, length),
            What::Pause { say, .. } => self.pause(part, say, length),
            What::Closing { say, pinned } => self.closing(part, say, *pinned, length),
        }
    }

    fn opening(&mut self, part: &Part<'_>, length: Length) {
        let range = self.section(part, SectionKind::Opening, length);
        self.timeline.chimes.push(Chime { range, kind: ChimeKind::Opening });
    }

    fn lead_in(&mut self, part: &Part<'_>, words: &LeadIn<'_>, length: Length) {
        self.note_given_way(&part.id, words.pinned, length);
        let range = self.section(part, SectionKind::LeadIn, length);
        self.speak(range.start, &words.say);
        if let Some(count_in) = &words.count_in {
            self.count_in(range, count_in);
        }
    }

    /// A chime, words, quiet, and a chime that ends with the pause; in a short one the words
    /// or all of these are left out.
    fn pause(&mut self, part: &Part<'_>, say: &[PromptId], length: Length) {
        let range = self.section(part, SectionKind::Pause, length);
        let chime = self.rate.length_of(ChimeKind::PauseStart.lasts());
        if length < self.rate.length_of(PAUSE_WITH_CHIMES) {
            return;
        }
        let from = range.start + chime;
        let end = range.end_exclusive().before(chime).unwrap_or(range.start);
        let mut chime = |start, kind| {
            self.timeline.chimes.push(Chime { range: FrameRange::new(start, chime), kind });
        };
        chime(range.start, ChimeKind::PauseStart);
        chime(end, ChimeKind::PauseEnd);
        let words = self.measure.words(say) + self.rate.length_of(QUIET_IN_PAUSE);
        if from + words <= end {
            self.speak(from, say);
        }
    }

    /// Ticks at the end of a lead-in, up to the first stroke.
    fn count_in(&mut self, lead_in: FrameRange, count_in: &CountIn) {
        let length = self.rate.length_of(count_in.lasts());
        let start = lead_in.end_exclusive().before(length).unwrap_or(lead_in.start);
        self.timeline.paces.push(Pace {
            range: FrameRange::new(start, length),
            strokes: count_in.ticks,
            pattern: Pattern::parse("x").expect("x sounds"),
            motion: Motion::Circle,
            kit: self.kit,
            counts_in: true,
            zone: count_in.zone,
            side: self.pan.side(count_in.leg),
            strokes_per_pass: 1,
            slow_down: SlowDown::NONE,
            sample_rate: self.rate,
        });
    }

    fn closing(
        &mut self,
        part: &Part<'_>,
        say: &[PromptId],
        pinned: Option<Pinned<'_>>,
        length: Length,
    ) {
        self.note_given_way(&part.id, pinned, length);
        let range = self.section(part, SectionKind::Closing, length);
        self.speak(range.start, say);
        let before_end = self.measure.after_last_words();
        let chime_starts = range.end_exclusive().before(before_end).unwrap_or(range.start);
        let range = FrameRange::new(chime_starts, self.rate.length_of(CHIME_AT_END));
        self.timeline.chimes.push(Chime { range, kind: ChimeKind::Closing });
    }

    fn zone(&mut self, part: &Part<'_>, zone: &ZonePart<'_>, length: Length) {
        let asked = *zone.technique.rate;
        let stroking = Stroking {
            leg: zone.leg,
            zone: *zone.step.zone,
            region_title: wording::region_title(*zone.step.zone, self.body, self.vocabulary()),
            technique: zone.step.technique.value.clone(),
            technique_title: self.measure.speech.vocabulary.title(&zone.technique.title).to_owned(),
            pressure: zone.technique.pressure,
            strokes: zone.strokes,
            asked,
            slow_down: self.slow_down,
        };
        let strokes = stroking.strokes;
        self.note_bent_rate(&part.id, &stroking, length);
        self.note_announcement(&part.id, zone);
        let range = self.section(part, SectionKind::Zone(stroking), length);
        self.timeline.paces.push(Pace {
            range,
            strokes,
            pattern: zone.technique.ticks.value.clone(),
            motion: zone.technique.motion,
            kit: self.kit,
            counts_in: false,
            zone: *zone.step.zone,
            side: self.pan.side(zone.leg),
            strokes_per_pass: zone.technique.strokes_per_pass,
            slow_down: self.slow_down,
            sample_rate: self.rate,
        });
        self.cues(&part.id, range, zone.cues.clone());
    }

    fn cues(&mut self, id: &str, zone: FrameRange, due: Vec<Cue>) {
        let bell = self.rate.length_of(ChimeKind::Soon.lasts());
        let length = |cue: &Cue| cue.prompt().map_or(bell, |prompt| self.measure.prompt(prompt));
        let (placed, dropped) = cues::place(due, zone, self.rate, length);
        for (cue, range) in placed {
            match cue.prompt() {
                Some(prompt) => self.prompt(range, prompt.clone()),
                None => self.timeline.chimes.push(Chime { range, kind: ChimeKind::Soon }),
            }
        }
        for Dropped { cue, why } in dropped {
            // Nobody misses a reminder that was not said.
            let cues::What::Prompt(prompt) = &cue.what else { continue };
            let text = self.vocabulary().text(prompt).to_owned();
            self.note(id, why, &[("text", text)]);
        }
    }

    fn vocabulary(&self) -> &Vocabulary {
        self.measure.speech.vocabulary
    }

    /// Adds a note on a section, in the language of the voice; `english` is a title.
    fn note(&mut self, id: &str, english: &str, words: &[(&str, String)]) {
        let note = self.vocabulary().filled(english, words);
        self.timeline.notes.push(format!("{id}: {note}"));
    }

    fn note_left_out(&mut self, part: &Part<'_>) {
        for (section, prompt) in &part.left_out {
            let text = self.vocabulary().text(prompt).to_owned();
            self.note(section, notes::UNTRUE, &[("text", text)]);
        }
    }

    fn note_bent_rate(&mut self, id: &str, stroking: &Stroking, length: Length) {
        let bent = stroking.strokes_per_minute(length, self.rate);
        if (bent - stroking.asked.as_per_minute()).abs() < 0.005 {
            return;
        }
        let strokes = notes::strokes(self.vocabulary(), stroking.strokes);
        let words = [
            ("strokes", strokes),
            ("pace", self.vocabulary().number(&format!("{bent:.2}"))),
            ("asked", self.vocabulary().number(&stroking.asked.to_string())),
        ];
        self.note(id, notes::BENT, &words);
    }

    /// An author's length that was too short for other words than theirs.
    fn note_given_way(&mut self, id: &str, pinned: Option<Pinned<'_>>, length: Length) {
        let Some(pinned) = pinned.filter(|p| self.rate.length_of(p.lasts.value) < length) else {
            return;
        };
        let (asked, lasts) = (plain(pinned.lasts.value), plain(self.rate.duration_of(length)));
        let words = [("lasts", lasts), ("key", pinned.key.to_owned()), ("asked", asked)];
        self.note(id, notes::GAVE_WAY, &words);
    }

    fn note_announcement(&mut self, id: &str, zone: &ZonePart<'_>) {
        let nanos = zone.duration.as_nanos();
        // To the millisecond, for people.
        let lasts = plain(Duration::from_millis(round_div(nanos, 1_000_000) as u64));
        match &zone.announced {
            None if !zone.told => {}
            None => self.note(id, notes::UNSAYABLE, &[("lasts", lasts)]),
            Some(announced) if announced.says == zone.duration => {}
            Some(announced) => {
                let text = self.vocabulary().text(&announced.prompt).to_owned();
                self.note(id, notes::ANNOUNCED, &[("text", text), ("lasts", lasts)]);
            }
        }
    }

    /// Appends a section and returns its range.
    fn section(&mut self, part: &Part<'_>, kind: SectionKind, length: Length) -> FrameRange {
        let start = Position::START + self.timeline.length();
        let range = FrameRange::new(start, length);
        let Part { id, title, begins, .. } = part.clone();
        self.timeline.sections.push(Section { id, title, begins, kind, range });
        range
    }

    /// Says one prompt after the other, with a breath between.
    fn speak(&mut self, start: Position, say: &[PromptId]) {
        let mut at = start;
        for prompt in say {
            let range = FrameRange::new(at, self.measure.prompt(prompt));
            at = range.end_exclusive() + self.measure.breath();
            self.prompt(range, prompt.clone());
        }
    }

    fn prompt(&mut self, range: FrameRange, clip: PromptId) {
        let text = self.measure.speech.vocabulary.text(&clip).to_owned();
        self.timeline.speech.push(Prompt { range, clip, text });
    }
}
