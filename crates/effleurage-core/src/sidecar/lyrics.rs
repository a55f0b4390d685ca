//! Lyrics that follow the track.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{nearest, one_line};
use crate::timeline::{Section, SectionKind, Timeline};
use crate::units::Position;

/// Writes LRC lyrics, as music players show them: a line for the start of every step,
/// zone and pause, and one for every prompt, at the nearest hundredth of a second.
/// Minutes count beyond 99. Words that lead into a zone stand for themselves. What comes
/// at the same time shares a line, for players show but one.
pub fn lyrics(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    let length = nearest(timeline, Position::START + timeline.length(), 1);
    writeln!(out, "[ti:{}]", plain(&timeline.title))?;
    writeln!(out, "[length:{:02}:{:02}]", length / 60, length % 60)?;
    for (hundredths, text) in lines(timeline) {
        let (seconds, hundredths) = (hundredths / 100, hundredths % 100);
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        writeln!(out, "[{minutes:02}:{seconds:02}.{hundredths:02}]{text}")?;
    }
    Ok(())
}

/// The lines in order, no two at the same hundredth of a second.
fn lines(timeline: &Timeline) -> BTreeMap<u64, String> {
    let titles = timeline.sections.iter().filter_map(|s| Some((s.range.start, title(s)?)));
    let words = timeline.speech.iter().map(|p| (p.range.start, p.text.as_str()));
    let mut lines: BTreeMap<u64, String> = BTreeMap::new();
    for (start, text) in titles.chain(words) {
        let line = lines.entry(nearest(timeline, start, 100)).or_default();
        if !line.is_empty() {
            line.push_str(": ");
        }
        line.push_str(&plain(text));
    }
    lines
}

fn title(section: &Section) -> Option<&str> {
    match section.kind {
        SectionKind::LeadIn => section.begins.as_deref(),
        _ => Some(&section.title),
    }
}

/// A bracket would begin a time or a tag, and the format has no escapes.
fn plain(text: &str) -> String {
    one_line(text).replace('[', "(").replace(']', ")")
}
