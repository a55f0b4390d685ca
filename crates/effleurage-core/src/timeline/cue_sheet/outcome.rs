//! What came of changes: as written, as asked, as it comes out.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::clock::{short, short_clock};
use super::columns::Columns;
use crate::routine::Vocabulary;
use crate::routine::asked::{Asked, Setting};
use crate::routine::duration::plain;
use crate::timeline::{Section, SectionKind, Timeline, notes};
use crate::units::Length;

/// One thing that is other than it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What it is: a section's id, or a setting.
    pub what: String,
    /// As its author wrote it.
    pub written: String,
    /// As it was asked for; empty where it follows from something else.
    pub asked: String,
    /// As it comes out.
    pub comes_out: String,
}

/// What came of what was `asked`: of the session as `written`, and as it `comes_out`.
pub fn outcomes(asked: &Asked, written: &Timeline, comes_out: &Timeline) -> Vec<Outcome> {
    let mut all = vec![Outcome {
        what: "the whole track".to_owned(),
        written: length(written),
        asked: asked.total.map(plain).unwrap_or_default(),
        comes_out: length(comes_out),
    }];
    all.extend(asked.settings.iter().map(|setting| of_setting(setting, comes_out)));
    let (before, after) = (zones(written), zones(comes_out));
    let asked_zones: BTreeMap<String, String> =
        asked.zones.iter().map(|(id, wanted)| (id.to_string(), wanted.to_string())).collect();
    let ids = written.sections.iter().chain(&comes_out.sections).map(|section| section.id.as_str());
    let mut seen = BTreeSet::new();
    for id in ids.filter(|id| seen.insert(*id)) {
        let cell = |zones: &BTreeMap<&str, String>| zones.get(id).cloned();
        let (written, comes_out) = (cell(&before), cell(&after));
        if written != comes_out {
            let none = || "–".to_owned();
            all.push(Outcome {
                what: id.to_owned(),
                written: written.unwrap_or_else(none),
                asked: asked_zones.get(id).cloned().unwrap_or_default(),
                comes_out: comes_out.unwrap_or_else(none),
            });
        }
    }
    all
}

/// The outcomes as a table of 80 columns, in the words of `vocabulary`.
pub fn table(outcomes: &[Outcome], vocabulary: &Vocabulary) -> String {
    let heads = ["what was changed", "as written", "as asked", "as it comes out"];
    let told = |row: &Outcome| {
        // Names of sounds are no numbers, and what was asked is shown as it can be asked again.
        let cell = if ["ticks", "bed"].contains(&row.what.as_str()) { in_words } else { shown };
        let (written, comes_out) =
            (cell(&row.written, vocabulary), cell(&row.comes_out, vocabulary));
        let asked = in_words(&row.asked, vocabulary);
        [what(&row.what, vocabulary), written, asked, comes_out]
    };
    let rows: Vec<[String; 4]> = outcomes.iter().map(told).collect();
    Columns::new(heads.map(|head| vocabulary.title(head)))
        .print(rows.iter().map(|row| [&row[0], &row[1], &row[2], &row[3]].map(String::as_str)))
}

/// A setting, or a section's id.
fn what(english: &str, vocabulary: &Vocabulary) -> String {
    match english.strip_prefix(PACE_OF) {
        Some(technique) => {
            vocabulary.labelled(vocabulary.title("pace"), vocabulary.title(technique))
        }
        None => vocabulary.title(english).to_owned(),
    }
}

/// What begins the name of a technique's pace.
const PACE_OF: &str = "pace of ";

/// A value in the language of a voice: a word, or numbers with words.
pub fn shown(english: &str, vocabulary: &Vocabulary) -> String {
    vocabulary.number(&in_words(english, vocabulary))
}

fn in_words(english: &str, vocabulary: &Vocabulary) -> String {
    let strokes = english.strip_suffix(" strokes").or(english.strip_suffix(" stroke"));
    let counted =
        strokes.map(|before| before.rsplit_once(", ").map_or(("", before), |(a, b)| (a, b)));
    if let Some((lasts, Ok(count))) = counted.map(|(lasts, count)| (lasts, count.parse())) {
        let strokes = notes::strokes(vocabulary, count);
        return if lasts.is_empty() { strokes } else { format!("{lasts}, {strokes}") };
    }
    match english.strip_suffix("/min").and_then(|rates| rates.split_once(" to ")) {
        Some((slowest, fastest)) => vocabulary
            .filled("{slowest} to {fastest}/min", &[("slowest", slowest), ("fastest", fastest)]),
        None => vocabulary.title(english).to_owned(),
    }
}

fn length(timeline: &Timeline) -> String {
    short_clock(timeline.sample_rate.duration_of(timeline.length()))
}

/// A pace comes out as it fits the zones.
fn of_setting(setting: &Setting, comes_out: &Timeline) -> Outcome {
    let Setting { what, written, asked, comes_out: is_now, pace } = setting;
    let rates = pace.as_ref().map(|(technique, _)| rates(comes_out, technique));
    Outcome {
        what: what.clone(),
        written: written.clone(),
        asked: asked.clone(),
        comes_out: rates.unwrap_or_else(|| is_now.clone()),
    }
}

/// The slowest and the fastest pace of a technique, in strokes a minute.
fn rates(timeline: &Timeline, technique: &str) -> String {
    let rates = timeline.sections.iter().filter_map(|section| match &section.kind {
        SectionKind::Zone(stroking) if stroking.technique == technique => {
            Some(stroking.strokes_per_minute(section.range.length, timeline.sample_rate))
        }
        _ => None,
    });
    let shown = |rate: f64| {
        let rate = format!("{rate:.2}");
        rate.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let (slowest, fastest) = rates.fold((f64::MAX, 0.0_f64), |(a, b), r| (a.min(r), b.max(r)));
    match (shown(slowest), shown(fastest)) {
        _ if fastest == 0.0 => "not used".to_owned(),
        (slowest, fastest) if slowest == fastest => format!("{slowest}/min"),
        (slowest, fastest) => format!("{slowest} to {fastest}/min"),
    }
}

fn zones(timeline: &Timeline) -> BTreeMap<&str, String> {
    let zones =
        timeline.sections.iter().filter_map(|s| Some((s.id.as_str(), zone_cell(timeline, s)?)));
    zones.collect()
}

fn zone_cell(timeline: &Timeline, section: &Section) -> Option<String> {
    match &section.kind {
        SectionKind::Zone(_) => Some(cell(timeline, section)),
        _ => None,
    }
}

/// A section's length; of a zone, its strokes as well.
pub fn cell(timeline: &Timeline, section: &Section) -> String {
    let lasts = short(timeline.sample_rate.duration_of(section.range.length));
    match &section.kind {
        SectionKind::Zone(stroking) if stroking.strokes == 1 => format!("{lasts}, 1 stroke"),
        SectionKind::Zone(stroking) => format!("{lasts}, {} strokes", stroking.strokes),
        _ => lasts,
    }
}

/// The frames of all sections of one kind.
pub fn time_of(timeline: &Timeline, wanted: impl Fn(&SectionKind) -> bool) -> Length {
    let sections = timeline.sections.iter().filter(|section| wanted(&section.kind));
    sections.map(|section| section.range.length).sum()
}
