//! The cue sheet as a table: one row a section, the background, a prompt, a chime or a tick.

use std::io::{self, Write};

use crate::routine::words::Word;
use crate::timeline::{SectionKind, Timeline};
use crate::units::{FrameRange, clock};

const HEAD: [&str; 12] = [
    "row",
    "time",
    "at",
    "frames",
    "id",
    "text",
    "kind",
    "leg",
    "zone",
    "technique",
    "strokes",
    "strokes_per_minute",
];

/// Writes `timeline` as comma-separated values (RFC 4180): first its sections,
/// then the background, what is spoken, chimes and ticks. Positions and lengths are in frames.
pub fn csv(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    rows(timeline, out).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

fn rows(timeline: &Timeline, out: &mut dyn Write) -> csv::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEAD)?;
    for section in &timeline.sections {
        let kind = section.kind.name();
        let mut row = row(timeline, "section", section.range, &section.id, &section.title, kind);
        if let SectionKind::Zone(stroking) = &section.kind {
            let rate = stroking.strokes_per_minute(section.range.length, timeline.sample_rate);
            row[7] = stroking.leg.word().to_owned();
            row[8] = stroking.zone.name().to_owned();
            row[9].clone_from(&stroking.technique);
            row[10] = stroking.strokes.to_string();
            row[11] = format!("{rate:.4}");
        }
        table.write_record(&row)?;
    }
    if let Some(bed) = &timeline.bed {
        table.write_record(row(timeline, "bed", bed.range, "", &bed.sound, ""))?;
    }
    for prompt in &timeline.speech {
        table.write_record(row(timeline, "voice", prompt.range, &prompt.clip, &prompt.text, ""))?;
    }
    for chime in &timeline.chimes {
        table.write_record(row(timeline, "chime", chime.range, "", chime.kind.name(), ""))?;
    }
    for event in timeline.ticks() {
        let kind = if event.tick.accent { "accent" } else { "" };
        let stroke = event.stroke.to_string();
        let sound = event.tick.sound.name();
        table.write_record(row(timeline, "tick", event.range(), &stroke, sound, kind))?;
    }
    Ok(table.flush()?)
}

fn row(
    timeline: &Timeline,
    name: &str,
    range: FrameRange,
    id: &str,
    text: &str,
    kind: &str,
) -> [String; 12] {
    let at = timeline.sample_rate.duration_of(range.start.since(Default::default()));
    let mut row: [String; 12] = Default::default();
    row[0] = name.to_owned();
    row[1] = clock(at);
    row[2] = range.start.0.to_string();
    row[3] = range.length.0.to_string();
    row[4] = id.to_owned();
    row[5] = harmless(text);
    row[6] = kind.to_owned();
    row
}

/// A cell that a spreadsheet takes for a text, whatever it begins with: it would run what
/// looks like a formula (OWASP, "CSV Injection").
fn harmless(text: &str) -> String {
    let runs = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if runs || text.starts_with(['\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}
