//! An ID3v2.4 tag ("ID3 tag version 2.4.0 - Main Structure" and "- Native Frames", 2000), with
//! chapters ("ID3v2 Chapter Frame Addendum", 2005).

use super::SOFTWARE;
use crate::cover::Cover;
use crate::tags::{Tags, iso_639_2};
use crate::timeline::Timeline;
use crate::units::{Position, round_div};

/// A table of contents counts its entries in a byte.
pub const MOST_CHAPTERS: usize = 255;
/// Texts are UTF-8.
const UTF_8: u8 = 3;
/// There are times of chapters, and so no offsets.
const NO_OFFSET: [u8; 4] = [0xff; 4];
/// A table of contents that is the only one, and in order.
const TOP_LEVEL_AND_ORDERED: u8 = 0b11;
/// What a picture shows: the front cover.
const FRONT_COVER: u8 = 3;

/// The tag of a track, without chapters.
pub fn tag(tags: &Tags) -> Vec<u8> {
    whole(&texts(tags))
}

/// The tag of a track, with its chapters, which start and end at the nearest millisecond, and
/// with its cover.
pub fn tag_with_chapters(timeline: &Timeline, tags: &Tags, cover: Option<&Cover>) -> Vec<u8> {
    let cover = cover.map(picture).unwrap_or_default();
    whole(&[texts(tags), chapters(timeline), cover].concat())
}

fn whole(frames: &[u8]) -> Vec<u8> {
    let (version, flags) = ([4, 0], [0]);
    [b"ID3", &version[..], &flags, &synchsafe(frames.len()), frames].concat()
}

fn texts(tags: &Tags) -> Vec<u8> {
    let number = tags.track.map(|number| number.text());
    let texts = [
        (b"TIT2", Some(&tags.title)),
        (b"TPE1", tags.artist.as_ref()),
        (b"TALB", tags.album.as_ref()),
        (b"TRCK", number.as_ref()),
        (b"TDRC", tags.year.as_ref()),
        (b"TCON", tags.genre.as_ref()),
        (b"TLAN", Some(&iso_639_2(&tags.language))),
        (b"TCOP", tags.copyright.as_ref()),
        (b"TSSE", Some(&SOFTWARE.to_owned())),
    ];
    let told = texts.into_iter().filter_map(|(id, told)| Some(text(id, told?)));
    let mut frames: Vec<u8> = told.flatten().collect();
    if let Some(comment) = &tags.comment {
        let language = iso_639_2(&tags.language);
        let no_description = [0];
        let content = [&[UTF_8], language.as_bytes(), &no_description, &plain(comment)].concat();
        frames.extend(frame(b"COMM", &content));
    }
    frames
}

fn chapters(timeline: &Timeline) -> Vec<u8> {
    let chapters = timeline.chapters_at_most(MOST_CHAPTERS);
    let id = |n: usize| format!("chapter-{n:03}\0").into_bytes();
    let ids: Vec<u8> = (0..chapters.len()).flat_map(id).collect();
    let head = [TOP_LEVEL_AND_ORDERED, chapters.len() as u8];
    let mut frames = frame(b"CTOC", &[b"contents\0", &head[..], &ids].concat());
    for (n, chapter) in chapters.iter().enumerate() {
        let start = millis(timeline, chapter.range.start).to_be_bytes();
        let end = millis(timeline, chapter.range.end_exclusive()).to_be_bytes();
        let title = text(b"TIT2", &chapter.title);
        let content = [&id(n)[..], &start, &end, &NO_OFFSET, &NO_OFFSET, &title].concat();
        frames.extend(frame(b"CHAP", &content));
    }
    frames
}

fn picture(cover: &Cover) -> Vec<u8> {
    let (kind, no_description) = ([FRONT_COVER], [0]);
    let mime = [cover.mime().as_bytes(), &[0]].concat();
    frame(b"APIC", &[&[UTF_8], &mime[..], &kind, &no_description, cover.bytes()].concat())
}

fn text(id: &[u8; 4], text: &str) -> Vec<u8> {
    frame(id, &[&[UTF_8], &plain(text)[..]].concat())
}

/// A zero would end the text.
fn plain(text: &str) -> Vec<u8> {
    text.replace('\0', " ").into_bytes()
}

fn frame(id: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let flags = [0, 0];
    [&id[..], &synchsafe(content.len()), &flags, content].concat()
}

/// A number of 28 bits, seven in a byte. No content of ours comes near to that: a cover has a
/// few megabytes at most.
fn synchsafe(length: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| (length >> shift & 0x7f) as u8)
}

fn millis(timeline: &Timeline, position: Position) -> u32 {
    let hz = u128::from(timeline.sample_rate.hz());
    round_div(u128::from(position.0) * 1000, hz).try_into().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::Number;

    /// Laid out by hand from the standard: a size has seven bits a byte, a text begins with
    /// its encoding, a comment with that and its language.
    #[test]
    fn a_tag_is_laid_out_as_the_standard_says() {
        let tags = Tags {
            title: "Piés".to_owned(),
            language: "es-MX".to_owned(),
            track: Some(Number { number: 3, of: Some(12) }),
            comment: Some("c".repeat(128)),
            ..Tags::default()
        };
        let software = SOFTWARE.len() as u8 + 1;
        let expected = [
            &b"TIT2\0\0\0\x06\0\0\x03Pi\xc3\xa9s"[..],
            b"TRCK\0\0\0\x05\0\0\x033/12",
            b"TLAN\0\0\0\x04\0\0\x03spa",
            b"TSSE\0\0\0",
            &[software, 0, 0, 3],
            SOFTWARE.as_bytes(),
            b"COMM\0\0\x01\x05\0\0\x03spa\0",
            &[b'c'; 128],
        ]
        .concat();
        let size = [0, 0, (expected.len() >> 7) as u8, (expected.len() & 0x7f) as u8];
        assert_eq!(tag(&tags), [b"ID3\x04\0\0", &size[..], &expected].concat());
    }
}
