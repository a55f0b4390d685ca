//! Tags as Apple's players have them: a list of boxes, each with a value ("QuickTime File
//! Format", "Metadata"); and chapters as others have them, too.

use super::boxes::{boxed, full, u16, u32};
use crate::{About, MAKER};
use effleurage_core::units::{Position, round_div};

/// What a value is: a UTF-8 text, a JPEG or a PNG picture, a whole number, or what its name
/// tells.
const TEXT: u32 = 1;
const JPEG: u32 = 13;
const PNG: u32 = 14;
const WHOLE: u32 = 21;
const IMPLIED: u32 = 0;
/// What `stik` says of an audiobook.
const AUDIOBOOK: u8 = 2;
/// The list of chapters counts them in a byte, and the letters of each.
const MOST_CHAPTERS: usize = 255;
/// Its times are in units of so many a second.
const TICKS: u128 = 10_000_000;

/// The box of all that is told of a file.
pub fn user_data(about: &About<'_>, is_book: bool) -> Vec<u8> {
    let kind = [&u32(0)[..], b"mdir", b"appl", &[0; 9]].concat();
    let kind = full(b"hdlr", 0, 0, &[&kind]);
    let list = boxed(b"ilst", &[&items(about, is_book)]);
    let meta = full(b"meta", 0, 0, &[&kind, &list]);
    boxed(b"udta", &[&meta, &chapters(about)])
}

fn items(about: &About<'_>, is_book: bool) -> Vec<u8> {
    let tags = about.tags;
    let maker = MAKER.to_owned();
    let texts = [
        (b"\xa9nam", Some(&tags.title)),
        (b"\xa9ART", tags.artist.as_ref()),
        (b"\xa9alb", tags.album.as_ref()),
        (b"\xa9day", tags.year.as_ref()),
        (b"\xa9gen", tags.genre.as_ref()),
        (b"\xa9cmt", tags.comment.as_ref()),
        (b"cprt", tags.copyright.as_ref()),
        (b"\xa9too", Some(&maker)),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text?)));
    let mut items: Vec<u8> =
        texts.flat_map(|(name, text)| item(name, TEXT, text.as_bytes())).collect();
    if let Some(track) = tags.track {
        let (number, of) = (u16(track.number), u16(track.of.unwrap_or(0)));
        items.extend(item(b"trkn", IMPLIED, &[&[0, 0], &number[..], &of, &[0, 0]].concat()));
    }
    if is_book {
        items.extend(item(b"stik", WHOLE, &[AUDIOBOOK]));
    }
    if let Some(cover) = about.cover {
        items.extend(item(b"covr", if cover.is_png() { PNG } else { JPEG }, cover.bytes()));
    }
    items.extend(named("LANGUAGE", &tags.language));
    items
}

fn item(name: &[u8; 4], kind: u32, value: &[u8]) -> Vec<u8> {
    boxed(name, &[&data(kind, value)])
}

fn data(kind: u32, value: &[u8]) -> Vec<u8> {
    let no_country = u32(0);
    boxed(b"data", &[&u32(kind), &no_country, value])
}

/// A value for which there is no name of four letters.
fn named(name: &str, value: &str) -> Vec<u8> {
    let whose = full(b"mean", 0, 0, &[b"com.apple.iTunes"]);
    let name = full(b"name", 0, 0, &[name.as_bytes()]);
    boxed(b"----", &[&whose, &name, &data(TEXT, value.as_bytes())])
}

/// Chapters as players have them that are not Apple's: where each starts, and its title.
fn chapters(about: &About<'_>) -> Vec<u8> {
    let timeline = about.timeline;
    let hz = u128::from(timeline.sample_rate.hz());
    let chapters = timeline.chapters_at_most(MOST_CHAPTERS);
    let mut list = Vec::new();
    for chapter in &chapters {
        let start = chapter.range.start.since(Position::START).0;
        let start = round_div(u128::from(start) * TICKS, hz) as u64;
        let end = chapter.title.floor_char_boundary(MOST_CHAPTERS);
        let title = &chapter.title.as_bytes()[..end];
        list.extend([&start.to_be_bytes()[..], &[title.len() as u8], title].concat());
    }
    full(b"chpl", 1, 0, &[&u32(0), &[chapters.len() as u8], &list])
}
