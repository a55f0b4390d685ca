//! Tags and chapters as FLAC and Opus have them: comments (Xiph, "Ogg Vorbis I format
//! specification: comment field and header specification").

use std::time::Duration;

use crate::{About, MAKER};
use effleurage_core::units::{Position, clock};

/// Chapters are numbered with three digits.
pub const MOST_CHAPTERS: usize = 1000;

/// Names and values, in order. Chapters are those of the "Chapter Extension" of Xiph's
/// wiki, from 000 on, which start at the nearest millisecond.
pub fn comments(about: &About<'_>) -> Vec<(String, String)> {
    let tags = about.tags;
    let number = tags.track.map(|track| track.number.to_string());
    let of = tags.track.and_then(|track| track.of).map(|of| of.to_string());
    let texts = [
        ("TITLE", Some(&tags.title)),
        ("ARTIST", tags.artist.as_ref()),
        ("ALBUM", tags.album.as_ref()),
        ("TRACKNUMBER", number.as_ref()),
        ("TRACKTOTAL", of.as_ref()),
        ("DATE", tags.year.as_ref()),
        ("GENRE", tags.genre.as_ref()),
        ("DESCRIPTION", tags.comment.as_ref()),
        ("LANGUAGE", Some(&tags.language)),
        ("COPYRIGHT", tags.copyright.as_ref()),
        ("ENCODER", Some(&MAKER.to_owned())),
    ];
    let told = texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.clone())));
    let mut comments: Vec<(String, String)> = told.collect();
    let timeline = about.timeline;
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
