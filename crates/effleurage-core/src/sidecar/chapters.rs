//! Chapters for ffmpeg.

use std::io::{self, Write};

use super::one_line;
use crate::timeline::Timeline;

/// Writes the title and the chapters as ffmpeg reads them ("FFmpeg Formats
/// Documentation", section "Metadata"), in frames, to the frame; `END` is the first
/// frame after a chapter.
pub fn chapters(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    let hz = timeline.sample_rate.hz();
    writeln!(out, ";FFMETADATA1\ntitle={}", escaped(&timeline.title))?;
    for chapter in timeline.chapters() {
        let (start, end) = (chapter.range.start.0, chapter.range.end_exclusive().0);
        writeln!(out, "\n[CHAPTER]\nTIMEBASE=1/{hz}\nSTART={start}\nEND={end}")?;
        writeln!(out, "title={}", escaped(&chapter.title))?;
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in one_line(text).chars() {
        if matches!(character, '=' | ';' | '#' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
