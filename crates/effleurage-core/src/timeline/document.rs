//! The plan as programs read it (`effleurage-plan/2`): what `effleurage plan --format json`
//! prints, what a track carries, what a track is held against.

use std::cell::Cell;
use std::io::{self, Write};

use serde::{Deserialize, Serialize, Serializer};

use super::cue_sheet::Outcome;
use super::{Chime, Prompt, SectionKind, TickEvent, Timeline};
use crate::routine::words::Word;

/// The format that is written.
const FORMAT: &str = "effleurage-plan/2";
/// The format of tracks of an earlier version: it tells of no bed.
const FORMAT_1: &str = "effleurage-plan/1";

/// A plan; positions and lengths are in frames. `E` holds the [`Event`]s in the order of the
/// track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan<E = Vec<Event>> {
    /// `effleurage-plan/2`, or 1 in an old track.
    pub format: String,
    /// The routine's short name.
    pub routine: String,
    /// The routine's title.
    pub title: String,
    /// The voice that speaks.
    pub voice: String,
    /// Frames a second.
    pub sample_rate: u32,
    /// The length of the whole track.
    pub frames: u64,
    /// The track from first to last frame, in pieces.
    pub sections: Vec<Section>,
    /// What is spoken, every chime and every tick, and the background.
    pub events: E,
    /// What came out other than a reader might expect.
    pub notes: Vec<String>,
    /// What was asked for, and what came of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Outcome>,
}

/// A piece of the track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Unique, such as `ankles.left.ankle`.
    pub id: String,
    /// What people read.
    pub title: String,
    /// `opening`, `lead-in`, `zone`, `pause` or `closing`.
    pub kind: String,
    /// Its first frame.
    pub at: u64,
    /// Its length.
    pub frames: u64,
    /// Of a zone: which leg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leg: Option<String>,
    /// Of a zone: which region of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Of a zone: the technique's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technique: Option<String>,
    /// Of a zone: whole strokes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strokes: Option<u64>,
    /// Of a zone: how fast they come out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strokes_per_minute: Option<f64>,
}

/// A prompt, a chime, a tick or the background.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// `voice`, `chime`, `tick` or `bed`.
    pub track: String,
    /// Its first frame.
    pub at: u64,
    /// Its length.
    pub frames: u64,
    /// Of a prompt: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip: Option<String>,
    /// Of a prompt: its words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Of a tick: the stroke to which it belongs, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stroke: Option<u64>,
    /// Of a tick or a chime: what it means; of the background: what it is, `file` where it
    /// is somebody's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound: Option<String>,
    /// Of a tick: whether it is strong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<bool>,
}

impl Plan {
    /// As the format of `other` tells it, which may be an older one.
    pub fn as_told_by(mut self, other: &Plan) -> Plan {
        if other.format == FORMAT_1 {
            self.format = FORMAT_1.to_owned();
            self.events.retain(|event| event.track != "bed");
        }
        self
    }
}

/// The plan of `timeline`, to be written: its events are computed while they are, so that
/// memory does not grow with the session. It can be written once.
pub fn document(timeline: &Timeline, outcomes: &[Outcome]) -> Plan<impl Serialize> {
    Plan {
        format: FORMAT.to_owned(),
        routine: timeline.routine.clone(),
        title: timeline.title.clone(),
        voice: timeline.voice.clone(),
        sample_rate: timeline.sample_rate.hz(),
        frames: timeline.length().0,
        sections: sections(timeline),
        events: Once(Cell::new(Some(events(timeline)))),
        notes: timeline.notes.clone(),
        changes: outcomes.to_vec(),
    }
}

/// Writes the plan of `timeline` as JSON.
pub fn json(timeline: &Timeline, outcomes: &[Outcome], out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(timeline, outcomes))?;
    writeln!(out)
}

/// A list that is made while it is written.
struct Once<I>(Cell<Option<I>>);

impl<I: Iterator<Item = Event>> Serialize for Once<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}

fn sections(timeline: &Timeline) -> Vec<Section> {
    let section = |section: &super::Section| {
        let stroking = match &section.kind {
            SectionKind::Zone(stroking) => Some(stroking),
            _ => None,
        };
        let length = section.range.length;
        Section {
            id: section.id.clone(),
            title: section.title.clone(),
            kind: section.kind.name().to_owned(),
            at: section.range.start.0,
            frames: length.0,
            leg: stroking.map(|stroking| stroking.leg.word().to_owned()),
            zone: stroking.map(|stroking| stroking.zone.name().to_owned()),
            technique: stroking.map(|stroking| stroking.technique.clone()),
            strokes: stroking.map(|stroking| stroking.strokes),
            strokes_per_minute: stroking
                .map(|stroking| stroking.strokes_per_minute(length, timeline.sample_rate)),
        }
    };
    timeline.sections.iter().map(section).collect()
}

/// The events of all tracks; at the same frame, the background comes first, then the voice,
/// and a tick last.
fn events(timeline: &Timeline) -> impl Iterator<Item = Event> {
    let bed = timeline.bed.iter().map(|bed| Event {
        track: "bed".to_owned(),
        at: bed.range.start.0,
        frames: bed.range.length.0,
        sound: Some(bed.sound.clone()),
        ..Event::default()
    });
    let few =
        bed.chain(timeline.speech.iter().map(spoken)).chain(timeline.chimes.iter().map(chimed));
    // There are few of these, so that all of them can be put in order.
    let mut few: Vec<Event> = few.collect();
    few.sort_by_key(|event| event.at);
    let mut few = few.into_iter().peekable();
    let mut ticks = timeline.ticks().peekable();
    std::iter::from_fn(move || {
        let tick_at = ticks.peek().map_or(u64::MAX, |tick| tick.at.0);
        few.next_if(|event| event.at <= tick_at).or_else(|| ticks.next().map(ticked))
    })
}

fn spoken(prompt: &Prompt) -> Event {
    Event {
        track: "voice".to_owned(),
        at: prompt.range.start.0,
        frames: prompt.range.length.0,
        clip: Some(prompt.clip.clone()),
        text: Some(prompt.text.clone()),
        ..Event::default()
    }
}

fn chimed(chime: &Chime) -> Event {
    Event {
        track: "chime".to_owned(),
        at: chime.range.start.0,
        frames: chime.range.length.0,
        sound: Some(chime.kind.name().to_owned()),
        ..Event::default()
    }
}

fn ticked(tick: TickEvent) -> Event {
    Event {
        track: "tick".to_owned(),
        at: tick.at.0,
        frames: tick.tick.length.0,
        stroke: Some(tick.stroke),
        sound: Some(tick.tick.sound.name().to_owned()),
        accent: Some(tick.tick.accent),
        ..Event::default()
    }
}
