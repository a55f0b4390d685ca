//! Routine + lengths of the words + sample rate → [`Timeline`], in exact integers.
//!
//! Pure: no files, no audio, no clock. What does not fit is said before anything
//! is rendered.

use std::time::Duration;

use super::cues::{self, Cue, Dropped};
use super::fit::{CHIME_AT_END, Measure, Speech, misfits};
use super::outline::{self, CountIn, LeadIn, Part, Pinned, What, ZonePart};
use super::{
    Bed, Chime, ChimeKind, Kit, Levels, Pace, Prompt, Section, SectionKind, Stroking, Timeline,
};
use crate::diagnostic::Diagnostic;
use crate::routine::duration::plain;
use crate::routine::words::{Motion, Pattern, Talk};
use crate::routine::{BedSound, PromptId, Routine, SoundSettings, TickSound};
use crate::units::{FrameRange, Length, Position, SampleRate, SlowDown, round_div};

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanFault {
    /// The voice lacks these prompts.
    Missing(Vec<PromptId>),
    /// Words do not fit where the author pinned them.
    DoesNotFit(Vec<Diagnostic>),
}

/// Plans `routine`, whose outline `parts` is.
pub fn plan(
    routine: &Routine,
    parts: &[Part<'_>],
    speech: &Speech<'_>,
    rate: SampleRate,
) -> Result<Timeline, PlanFault> {
    let measure = Measure { speech, rate };
    let mut missing: Vec<PromptId> = outline::prompts(parts).into_iter().collect();
    missing.retain(|prompt| !speech.lengths.contains_key(prompt));
    if !missing.is_empty() {
        return Err(PlanFault::Missing(missing));
    }
    let mistakes = misfits(parts, &measure);
    if !mistakes.is_empty() {
        return Err(PlanFault::DoesNotFit(mistakes));
    }
    let SoundSettings { voice_level: voice, tick_level: ticks, bed_level: bed, .. } = routine.sound;
    let timeline = Timeline {
        routine: routine.name.clone(),
        title: speech.vocabulary.title(&routine.title).to_owned(),
        voice: speech.voice.to_owned(),
        sample_rate: rate,
        sections: Vec::new(),
        speech: Vec::new(),
        paces: Vec::new(),
        chimes: Vec::new(),
        bed: None,
        levels: Levels { voice, ticks, bed },
        notes: Vec::new(),
    };
    let slow_down = routine.guidance.slow_down;
    let announces = routine.guidance.talk == Talk::Full;
    let kit = kit(&routine.sound.ticks, speech.own_tick);
    let mut planner = Planner { measure, rate, kit, slow_down, announces, timeline };
    parts.iter().for_each(|part| planner.part(part));
    let mut timeline = planner.timeline;
    if *routine.sound.bed != BedSound::Off {
        timeline.bed = Some(Bed::of(timeline.length(), rate));
    }
    Ok(timeline)
}

/// Where the sound of ticks comes from; `own` is the length of a person's clip.
fn kit(ticks: &TickSound, own: Length) -> Kit {
    match ticks {
        TickSound::BuiltIn(kit) => Kit::BuiltIn(*kit),
        TickSound::File(_) => Kit::Own { length: own },
    }
}

struct Planner<'a> {
    measure: Measure<'a>,
    rate: SampleRate,
    kit: Kit,
    slow_down: SlowDown,
    /// Whether the length of a zone is told before it.
    announces: bool,
    timeline: Timeline,
}

impl Planner<'_> {
    fn part(&mut self, part: &Part<'_>) {
        let length = self.measure.part(part);
        match &part.what {
            What::Opening => self.opening(part, length),
            What::LeadIn(words) => self.lead_in(part, words, length),
            What::Zone(zone) => self.zone(part, zone, length),
            What::Pause(_) => drop(self.section(part, SectionKind::Pause, length)),
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
            technique: zone.step.technique.value.clone(),
            technique_title: self.measure.speech.vocabulary.title(&zone.technique.title).to_owned(),
            pressure: zone.technique.pressure,
            strokes: zone.step.extent.strokes(asked),
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
            strokes_per_pass: zone.technique.strokes_per_pass,
            slow_down: self.slow_down,
            sample_rate: self.rate,
        });
        self.cues(&part.id, range, zone.cues.clone());
    }

    fn cues(&mut self, id: &str, zone: FrameRange, due: Vec<Cue>) {
        let length = |cue: &Cue| self.measure.prompt(&cue.prompt);
        let (placed, dropped) = cues::place(due, zone, self.rate, length);
        for (cue, range) in placed {
            self.prompt(range, cue.prompt);
        }
        for Dropped { cue, why } in dropped {
            let text = self.measure.speech.vocabulary.text(&cue.prompt).to_owned();
            self.timeline.notes.push(format!("{id}: “{text}” is left out, {why}"));
        }
    }

    fn note_bent_rate(&mut self, id: &str, stroking: &Stroking, length: Length) {
        let bent = stroking.strokes_per_minute(length, self.rate);
        if (bent - stroking.asked.as_per_minute()).abs() < 0.005 {
            return;
        }
        let (strokes, asked) = (stroking.strokes, stroking.asked);
        let strokes = if strokes == 1 { "1 stroke".into() } else { format!("{strokes} strokes") };
        self.timeline.notes.push(format!("{id}: {strokes}, {bent:.2} a minute instead of {asked}"));
    }

    /// An author's length that was too short for other words than theirs.
    fn note_given_way(&mut self, id: &str, pinned: Option<Pinned<'_>>, length: Length) {
        let Some(pinned) = pinned.filter(|p| self.rate.length_of(p.lasts.value) < length) else {
            return;
        };
        let (asked, lasts) = (plain(pinned.lasts.value), plain(self.rate.duration_of(length)));
        let key = pinned.key;
        self.timeline
            .notes
            .push(format!("{id}: lasts {lasts} instead of {key} = {asked}, for its words"));
    }

    fn note_announcement(&mut self, id: &str, zone: &ZonePart<'_>) {
        let nanos = zone.duration.as_nanos();
        // To the millisecond, for people.
        let lasts = plain(Duration::from_millis(round_div(nanos, 1_000_000) as u64));
        let note = match &zone.announced {
            None if !self.announces => return,
            None => format!("{id}: lasts {lasts}, which the voice cannot say; it is not announced"),
            Some(announced) if announced.says == zone.duration => return,
            Some(announced) => {
                let text = self.measure.speech.vocabulary.text(&announced.prompt);
                format!("{id}: announced as “{text}”, lasts {lasts}")
            }
        };
        self.timeline.notes.push(note);
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
