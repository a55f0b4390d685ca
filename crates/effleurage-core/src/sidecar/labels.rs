//! Labels for Audacity.

use std::io::{self, Write};

use super::{one_line, time};
use crate::timeline::Timeline;
use crate::units::FrameRange;

/// Writes a label for every section and every prompt, in the order in which they start,
/// the section first: its start and end in seconds and its text, with tabs between
/// (Audacity manual, "Importing and Exporting Labels"). What is spoken stands in
/// quotation marks.
///
/// Nine decimals, so that the frame nearest to a time is the one that is meant, at
/// every rate.
pub fn labels(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    let sections = timeline.sections.iter().map(|s| (s.range, one_line(&s.title)));
    let spoken = timeline.speech.iter().map(|p| (p.range, format!("“{}”", one_line(&p.text))));
    let mut labels: Vec<(FrameRange, String)> = sections.chain(spoken).collect();
    labels.sort_by_key(|(range, _)| range.start);
    for (range, text) in labels {
        let start = seconds(timeline, range.start);
        let end = seconds(timeline, range.end_exclusive());
        writeln!(out, "{start}\t{end}\t{text}")?;
    }
    Ok(())
}

fn seconds(timeline: &Timeline, position: crate::units::Position) -> String {
    let time = time(timeline, position);
    format!("{}.{:09}", time.as_secs(), time.subsec_nanos())
}
