//! A cue sheet as for CDs.

use std::io::{self, Write};

use super::one_line;
use crate::timeline::{Chapter, Timeline};
use crate::units::Position;

/// A CD has so many frames a second (IEC 60908) and so many tracks at most.
const FRAMES_A_SECOND: u64 = 75;
const MOST_TRACKS: usize = 99;

/// Writes a cue sheet ("CDRWIN User's Guide", appendix A) for the track whose file is
/// called `file`: a track for each chapter.
///
/// Times are rounded down to 1/75 s, so that no word is cut at its start; chapters that
/// fall on the same one are one track. Where there are more than 99, only steps are
/// tracks, and of those the first 99; a remark says so. Minutes count beyond 99, which
/// players take and CDs do not.
pub fn cue(timeline: &Timeline, file: &str, out: &mut dyn Write) -> io::Result<()> {
    let (all, chapters) = (timeline.chapters().len(), timeline.chapters_at_most(MOST_TRACKS));
    writeln!(out, "TITLE \"{}\"", quoted(&timeline.title))?;
    if chapters.len() < all {
        let some = chapters.len();
        writeln!(
            out,
            "REM COMMENT \"{some} of {all} chapters: there are {MOST_TRACKS} tracks at most\""
        )?;
    }
    writeln!(out, "FILE \"{}\" {}", one_line(file), kind(file))?;
    for (n, (index, title)) in tracks(timeline, &chapters).iter().enumerate() {
        let (seconds, frames) = (index / FRAMES_A_SECOND, index % FRAMES_A_SECOND);
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        writeln!(out, "  TRACK {:02} AUDIO\n    TITLE \"{}\"", n + 1, quoted(title))?;
        writeln!(out, "    INDEX 01 {minutes:02}:{seconds:02}:{frames:02}")?;
    }
    Ok(())
}

/// The index and the title of each track.
fn tracks(timeline: &Timeline, chapters: &[Chapter]) -> Vec<(u64, String)> {
    let mut tracks: Vec<(u64, String)> = Vec::new();
    for chapter in chapters {
        let index = index(timeline, chapter.range.start);
        if tracks.last().is_none_or(|(last, _)| *last < index) {
            tracks.push((index, chapter.title.clone()));
        }
    }
    tracks
}

fn index(timeline: &Timeline, position: Position) -> u64 {
    let frames = u128::from(position.0) * u128::from(FRAMES_A_SECOND);
    (frames / u128::from(timeline.sample_rate.hz())) as u64
}

/// What players expect there: `WAVE` for every kind that has no name of its own.
fn kind(file: &str) -> &'static str {
    if file.to_lowercase().ends_with(".mp3") { "MP3" } else { "WAVE" }
}

/// Text between quotation marks, for which there are no escapes.
fn quoted(text: &str) -> String {
    one_line(text).replace('"', "'")
}
