//! A plan as a page shows it: the picture, the table, and what a follower sees.

use std::collections::BTreeMap;

use effleurage_core::routine::Vocabulary;
use effleurage_core::routine::words::Word;
use effleurage_core::timeline::cue_sheet::{self, Outcome, clock};
use effleurage_core::timeline::{Pace, SectionKind, Stroking, Timeline};
use effleurage_core::units::Length;
use serde::Serialize;

use crate::refusal::Mistake;

/// A plan; positions and lengths are in frames.
#[derive(Serialize)]
pub struct View {
    routine: String,
    title: String,
    voice: String,
    language: String,
    rate: u32,
    frames: u64,
    sections: Vec<Section>,
    words: Vec<Words>,
    paces: Vec<Beats>,
    /// The places to jump to.
    chapters: Vec<(u64, String)>,
    notes: Vec<String>,
    changes: Vec<Outcome>,
    /// What the author may not have meant.
    pub warnings: Vec<Mistake>,
    drawing: String,
    /// What else may be asked for.
    pub shape: Shape,
}

/// What a routine has, as it is written.
#[derive(Serialize)]
pub struct Shape {
    zones: Vec<Zone>,
    techniques: Vec<Technique>,
}

/// A region that is stroked, in the order of the way up.
#[derive(Serialize)]
struct Zone {
    name: String,
    title: String,
    /// How long it lasts, each length once.
    lasts: Vec<String>,
}

/// A technique and how fast it is.
#[derive(Serialize)]
struct Technique {
    name: String,
    title: String,
    per_minute: f64,
}

#[derive(Serialize)]
struct Section {
    id: String,
    title: String,
    begins: Option<String>,
    kind: &'static str,
    at: u64,
    frames: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    stroking: Option<Strokes>,
}

#[derive(Serialize)]
struct Strokes {
    leg: &'static str,
    zone: String,
    zone_title: String,
    technique: String,
    pressure: &'static str,
    strokes: u64,
    per_minute: f64,
}

#[derive(Serialize)]
struct Words {
    at: u64,
    frames: u64,
    text: String,
}

/// The ticks of a zone.
#[derive(Serialize)]
struct Beats {
    at: u64,
    frames: u64,
    strokes_per_pass: u64,
    counts_in: bool,
    /// Where each tick is, its stroke, and whether it is strong.
    ticks: Vec<(u64, u64, bool)>,
}

impl View {
    /// `timeline` so many pixels wide, and what came of changes to the one that was `written`.
    pub fn of(
        timeline: &Timeline,
        written: &Timeline,
        outcomes: Vec<Outcome>,
        (vocabulary, language): (&Vocabulary, &str),
        width: u32,
    ) -> View {
        let words = timeline.speech.iter().map(|said| Words {
            at: said.range.start.0,
            frames: said.range.length.0,
            text: said.text.clone(),
        });
        let chapters = timeline.chapters().into_iter().map(|c| (c.range.start.0, c.title));
        View {
            routine: timeline.routine.clone(),
            title: timeline.title.clone(),
            voice: timeline.voice.clone(),
            language: language.to_owned(),
            rate: timeline.sample_rate.hz(),
            frames: timeline.length().0,
            sections: sections(timeline),
            words: words.collect(),
            paces: timeline.paces.iter().map(beats).collect(),
            chapters: chapters.collect(),
            notes: timeline.notes.clone(),
            changes: told(outcomes, [timeline, written], vocabulary),
            warnings: Vec::new(),
            drawing: cue_sheet::svg(timeline, vocabulary, width),
            shape: Shape::of(written, vocabulary),
        }
    }
}

impl Shape {
    /// What `timeline` has.
    pub fn of(timeline: &Timeline, vocabulary: &Vocabulary) -> Shape {
        let mut lengths: BTreeMap<_, Vec<Length>> = BTreeMap::new();
        let mut techniques: Vec<Technique> = Vec::new();
        for (section, stroking) in timeline
            .sections
            .iter()
            .filter_map(|section| stroking(&section.kind).map(|stroking| (section, stroking)))
        {
            lengths.entry(stroking.zone).or_default().push(section.range.length);
            if techniques.iter().all(|known| known.name != stroking.technique) {
                techniques.push(Technique {
                    name: stroking.technique.clone(),
                    title: stroking.technique_title.clone(),
                    per_minute: stroking.asked.as_per_minute(),
                });
            }
        }
        let titles = timeline.regions();
        let zones = lengths.into_iter().map(|(region, mut lengths)| {
            lengths.sort_unstable();
            lengths.dedup();
            let lasts = |length| clock::short(timeline.sample_rate.duration_of(length));
            let title = match region.is_own() {
                true => titles.get(&region).copied().unwrap_or_default(),
                false => vocabulary.title(region.name()),
            };
            Zone {
                name: region.name().to_owned(),
                title: title.to_owned(),
                lasts: lengths.into_iter().map(lasts).collect(),
            }
        });
        Shape { zones: zones.collect(), techniques }
    }
}

fn sections(timeline: &Timeline) -> Vec<Section> {
    let section = |section: &effleurage_core::timeline::Section| Section {
        id: section.id.clone(),
        title: section.title.clone(),
        begins: section.begins.clone(),
        kind: section.kind.name(),
        at: section.range.start.0,
        frames: section.range.length.0,
        stroking: stroking(&section.kind).map(|stroking| Strokes {
            leg: stroking.leg.word(),
            zone: stroking.zone.name().to_owned(),
            zone_title: stroking.region_title.clone(),
            technique: stroking.technique_title.clone(),
            pressure: stroking.pressure.word(),
            strokes: stroking.strokes,
            per_minute: stroking.strokes_per_minute(section.range.length, timeline.sample_rate),
        }),
    };
    timeline.sections.iter().map(section).collect()
}

fn stroking(kind: &SectionKind) -> Option<&Stroking> {
    match kind {
        SectionKind::Zone(stroking) => Some(stroking),
        _ => None,
    }
}

fn beats(pace: &Pace) -> Beats {
    Beats {
        at: pace.range.start.0,
        frames: pace.range.length.0,
        strokes_per_pass: pace.strokes_per_pass,
        counts_in: pace.counts_in,
        ticks: pace.ticks().map(|tick| (tick.at.0, tick.stroke, tick.tick.accent)).collect(),
    }
}

/// What was changed, by the titles of sections and in the words of the voice.
fn told(outcomes: Vec<Outcome>, plans: [&Timeline; 2], vocabulary: &Vocabulary) -> Vec<Outcome> {
    let title = |what: &str| {
        let mut sections = plans.into_iter().flat_map(|plan| &plan.sections);
        let section = sections.find(|section| section.id == what);
        section.map_or(vocabulary.title(what), |section| &section.title).to_owned()
    };
    let shown = |cell: String| cue_sheet::shown(&cell, vocabulary);
    let outcomes = outcomes.into_iter().map(|outcome| Outcome {
        what: title(&outcome.what),
        written: shown(outcome.written),
        asked: shown(outcome.asked),
        comes_out: shown(outcome.comes_out),
    });
    outcomes.collect()
}
