//! The cue sheet for programs: `effleurage-plan/1`.

use std::io::{self, Write};

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::outcome::Outcome;
use crate::routine::words::Word;
use crate::timeline::{Prompt, Section, SectionKind, TickEvent, Timeline};

/// Writes `timeline` as JSON, positions and lengths in frames, events in the
/// order of the track. Events are written as they are computed, so that memory
/// does not grow with the session.
pub fn json(timeline: &Timeline, outcomes: &[Outcome], out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document { timeline, outcomes })?;
    writeln!(out)
}

/// The same as a part of another document.
pub fn document<'a>(timeline: &'a Timeline, outcomes: &'a [Outcome]) -> impl Serialize + 'a {
    Document { timeline, outcomes }
}

/// A timeline, and what came of changes where there were any.
struct Document<'a> {
    timeline: &'a Timeline,
    outcomes: &'a [Outcome],
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let timeline = self.timeline;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", "effleurage-plan/1")?;
        map.serialize_entry("routine", &timeline.routine)?;
        map.serialize_entry("title", &timeline.title)?;
        map.serialize_entry("voice", &timeline.voice)?;
        map.serialize_entry("sample_rate", &timeline.sample_rate.hz())?;
        map.serialize_entry("frames", &timeline.length().0)?;
        map.serialize_entry("sections", &Sections(timeline))?;
        map.serialize_entry("events", &Events(timeline))?;
        map.serialize_entry("notes", &timeline.notes)?;
        if !self.outcomes.is_empty() {
            map.serialize_entry("changes", self.outcomes)?;
        }
        map.end()
    }
}

struct Sections<'a>(&'a Timeline);

impl Serialize for Sections<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.sections.iter().map(|section| InTimeline(self.0, section)))
    }
}

struct InTimeline<'a>(&'a Timeline, &'a Section);

impl Serialize for InTimeline<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let InTimeline(timeline, section) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &section.id)?;
        map.serialize_entry("title", &section.title)?;
        map.serialize_entry("kind", section.kind.name())?;
        map.serialize_entry("at", &section.range.start.0)?;
        map.serialize_entry("frames", &section.range.length.0)?;
        if let SectionKind::Zone(stroking) = &section.kind {
            let per_minute =
                stroking.strokes_per_minute(section.range.length, timeline.sample_rate);
            map.serialize_entry("leg", stroking.leg.word())?;
            map.serialize_entry("zone", stroking.zone.word())?;
            map.serialize_entry("technique", &stroking.technique)?;
            map.serialize_entry("strokes", &stroking.strokes)?;
            map.serialize_entry("strokes_per_minute", &per_minute)?;
        }
        map.end()
    }
}

struct Events<'a>(&'a Timeline);

impl Serialize for Events<'_> {
    /// Merges the tracks; at the same frame, the voice comes first.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut speech = self.0.speech.iter().peekable();
        for tick in self.0.ticks() {
            while let Some(prompt) = speech.next_if(|prompt| prompt.range.start <= tick.at) {
                list.serialize_element(&Spoken(prompt))?;
            }
            list.serialize_element(&Ticked(tick))?;
        }
        for prompt in speech {
            list.serialize_element(&Spoken(prompt))?;
        }
        list.end()
    }
}

struct Spoken<'a>(&'a Prompt);

impl Serialize for Spoken<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("track", "voice")?;
        map.serialize_entry("at", &self.0.range.start.0)?;
        map.serialize_entry("frames", &self.0.range.length.0)?;
        map.serialize_entry("clip", &self.0.clip)?;
        map.serialize_entry("text", &self.0.text)?;
        map.end()
    }
}

struct Ticked(TickEvent);

impl Serialize for Ticked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("track", "tick")?;
        map.serialize_entry("at", &self.0.at.0)?;
        map.serialize_entry("frames", &self.0.tick.length.0)?;
        map.serialize_entry("stroke", &self.0.stroke)?;
        map.serialize_entry("sound", self.0.tick.sound.name())?;
        map.serialize_entry("accent", &self.0.tick.accent)?;
        map.end()
    }
}
