//! Captions.

use std::io::{self, Write};

use super::{nearest, one_line};
use crate::timeline::Timeline;

/// Writes what is spoken as captions (WebVTT, W3C Candidate Recommendation 2019,
/// section 4), each for as long as its words sound, to the nearest millisecond. The
/// titles of sections stand between them in remarks, which no player shows.
pub fn captions(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "WEBVTT\n\nNOTE {}", remark(&timeline.title))?;
    let mut speech = timeline.speech.iter().peekable();
    let mut free_from = 0;
    for section in &timeline.sections {
        writeln!(out, "\nNOTE {}", remark(&section.title))?;
        let end = section.range.end_exclusive();
        while let Some(prompt) = speech.next_if(|prompt| prompt.range.start < end) {
            let millis = |position| nearest(timeline, position, 1000);
            // A caption of no length at all would be an error.
            let start = millis(prompt.range.start).max(free_from);
            free_from = millis(prompt.range.end_exclusive()).max(start + 1);
            let words = escaped(&prompt.text);
            writeln!(out, "\n{} --> {}\n{words}", clock(start), clock(free_from))?;
        }
    }
    Ok(())
}

/// `hh:mm:ss.mmm`; the hours have as many digits as they need, two at least.
fn clock(millis: u64) -> String {
    let (seconds, millis) = (millis / 1000, millis % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{millis:03}")
}

/// A caption's text; so escaped, it holds no arrow.
fn escaped(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A remark must hold no arrow, and has no escapes.
fn remark(text: &str) -> String {
    one_line(text).replace("-->", "→")
}
