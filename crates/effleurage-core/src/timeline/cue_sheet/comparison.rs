//! Two sessions side by side, section by section.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::clock::{short, short_clock};
use super::columns::Columns;
use super::outcome::{cell, shown as in_words, time_of};
use crate::routine::Vocabulary;
use crate::timeline::{Section, SectionKind, Timeline};
use crate::units::{Length, SampleRate};

/// A section of either session, or of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The section's id, or what is summed up.
    pub id: String,
    /// Its frames in the first session.
    pub first: Option<u64>,
    /// Its frames in the second.
    pub second: Option<u64>,
    /// Its length and strokes, for people.
    #[serde(skip)]
    shown: [String; 2],
}

/// Every section of the two, in the order in which they come: those of the first, and
/// those that only the second has behind the one that precedes them there.
pub fn rows(first: &Timeline, second: &Timeline) -> Vec<Row> {
    let others: BTreeMap<&str, &Section> =
        second.sections.iter().map(|section| (section.id.as_str(), section)).collect();
    let own: BTreeMap<&str, usize> =
        first.sections.iter().enumerate().map(|(n, section)| (section.id.as_str(), n)).collect();
    let mut behind: BTreeMap<Option<usize>, Vec<&Section>> = BTreeMap::new();
    let mut last = None;
    for section in &second.sections {
        match own.get(section.id.as_str()) {
            Some(n) => last = Some(*n),
            None => behind.entry(last).or_default().push(section),
        }
    }
    let mut rows = Vec::new();
    let only_second = |rows: &mut Vec<Row>, after: Option<usize>| {
        let sections = behind.get(&after).into_iter().flatten();
        rows.extend(sections.map(|section| row(None, Some((second, section)))));
    };
    only_second(&mut rows, None);
    for (n, section) in first.sections.iter().enumerate() {
        let other = others.get(section.id.as_str()).map(|other| (second, *other));
        rows.push(row(Some((first, section)), other));
        only_second(&mut rows, Some(n));
    }
    rows
}

fn row(first: Option<(&Timeline, &Section)>, second: Option<(&Timeline, &Section)>) -> Row {
    let id = first.or(second).map(|(_, section)| section.id.clone());
    let frames = |side: Option<(&Timeline, &Section)>| side.map(|(_, s)| s.range.length.0);
    let shown = |side: Option<(&Timeline, &Section)>| {
        side.map_or("–".to_owned(), |(timeline, section)| cell(timeline, section))
    };
    Row {
        id: id.unwrap_or_default(),
        first: frames(first),
        second: frames(second),
        shown: [shown(first), shown(second)],
    }
}

/// The sums of stroking, words and quiet, and the whole.
fn sums(first: &Timeline, second: &Timeline) -> Vec<Row> {
    let sum = |name: &str, wanted: fn(&SectionKind) -> bool| {
        let [a, b] = [first, second].map(|timeline| time_of(timeline, wanted));
        let shown = |length: Length| short(first.sample_rate.duration_of(length));
        Row {
            id: name.to_owned(),
            first: Some(a.0),
            second: Some(b.0),
            shown: [shown(a), shown(b)],
        }
    };
    vec![
        sum("all stroking", |kind| matches!(kind, SectionKind::Zone(_))),
        sum("all words", |kind| matches!(kind, SectionKind::LeadIn)),
        sum("all quiet", |kind| matches!(kind, SectionKind::Pause)),
        sum("the whole track", |_| true),
    ]
}

/// The comparison for people, in 80 columns; the names head the two columns.
pub fn text(
    first: (&str, &Timeline),
    second: (&str, &Timeline),
    vocabulary: &Vocabulary,
) -> String {
    let rate = first.1.sample_rate;
    let sections = shown(rows(first.1, second.1), vocabulary);
    let sums = shown(sums(first.1, second.1), vocabulary);
    let print = |rows: &[Row], head: [&str; 2]| {
        let differences: Vec<String> = rows.iter().map(|row| difference(row, rate)).collect();
        let cells = rows.iter().zip(&differences);
        Columns::new(["", head[0], head[1], vocabulary.title("difference")])
            .print(cells.map(|(row, d)| [row.id.as_str(), &row.shown[0], &row.shown[1], d]))
    };
    let whole = [first.1, second.1].map(|t| short_clock(rate.duration_of(t.length())));
    format!(
        "{}: {}\n{}: {}\n\n{}\n{}",
        first.0,
        whole[0],
        second.0,
        whole[1],
        print(&sections, [first.0, second.0]),
        print(&sums, [first.0, second.0]),
    )
}

/// The rows in the language of a voice.
fn shown(rows: Vec<Row>, vocabulary: &Vocabulary) -> Vec<Row> {
    let told = |row: Row| Row {
        id: vocabulary.title(&row.id).to_owned(),
        shown: row.shown.map(|cell| in_words(&cell, vocabulary)),
        ..row
    };
    rows.into_iter().map(told).collect()
}

/// How much longer the first is: `+0:30`, `-0:05`, or nothing.
fn difference(row: &Row, rate: SampleRate) -> String {
    let (a, b) = (Length(row.first.unwrap_or(0)), Length(row.second.unwrap_or(0)));
    let shown = |sign: char, length: Length| format!("{sign}{}", short(rate.duration_of(length)));
    match a.cmp(&b) {
        std::cmp::Ordering::Equal => String::new(),
        std::cmp::Ordering::Greater => shown('+', Length(a.0 - b.0)),
        std::cmp::Ordering::Less => shown('-', Length(b.0 - a.0)),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'a str,
    sample_rate: u32,
    first: &'a str,
    second: &'a str,
    sections: Vec<Row>,
}

/// The comparison for programs, `effleurage-comparison/1`; lengths in frames.
pub fn json(
    first: (&str, &Timeline),
    second: (&str, &Timeline),
    out: &mut dyn Write,
) -> io::Result<()> {
    let document = Document {
        format: "effleurage-comparison/1",
        sample_rate: first.1.sample_rate.hz(),
        first: first.0,
        second: second.0,
        sections: rows(first.1, second.1),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The comparison as comma-separated values (RFC 4180); lengths in frames.
pub fn csv(first: &Timeline, second: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    for row in rows(first, second) {
        table.serialize(row).map_err(io::Error::other)?;
    }
    table.flush()
}
