//! Title and chapters as FLAC and Opus have them: comments (Xiph, "Ogg Vorbis I format
//! specification: comment field and header specification").

use std::time::Duration;

use crate::MAKER;
use effleurage_core::timeline::Timeline;
use effleurage_core::units::{Position, clock};

/// Chapters are numbered with three digits.
pub const MOST_CHAPTERS: usize = 1000;

/// Names and values, in order. Chapters are those of the "Chapter Extension" of Xiph's
/// wiki, from 000 on, which start at the nearest millisecond.
pub fn comments(timeline: &Timeline) -> Vec<(String, String)> {
    let mut comments = vec![
        ("TITLE".to_owned(), timeline.title.clone()),
        ("ENCODER".to_owned(), MAKER.to_owned()),
    ];
    for (n, chapter) in timeline.chapters_at_most(MOST_CHAPTERS).into_iter().enumerate() {
        let start = chapter.range.start.since(Position::START);
        let start = padded(timeline.sample_rate.duration_of(start));
        comments.push((format!("CHAPTER{n:03}"), start));
        comments.push((format!("CHAPTER{n:03}NAME"), chapter.title));
    }
    comments
}

/// `hh:mm:ss.mmm`.
fn padded(time: Duration) -> String {
    format!("{:0>12}", clock(time))
}
