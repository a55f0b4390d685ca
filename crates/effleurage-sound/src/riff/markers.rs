//! Chunks that tell editors and players what is where, and what the whole is.

use super::{push, push_list, text};
use effleurage_core::units::FrameRange;

/// A stretch of a track with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Where it is. A WAVE file has fewer than 2³² frames, so both numbers fit.
    pub range: FrameRange,
    /// What people read.
    pub label: String,
}

/// The chunks `cue ` (a point at the start of each marker) and `LIST adtl` (its name, and
/// how long it lasts). Points count from 1, in the order of `markers`.
///
/// Layout: "Multimedia Programming Interface and Data Specifications 1.0", chapter 3,
/// "Cue-Points Chunk" and "Associated Data Chunk". In a file with one `data` chunk, a
/// point's place in the order of play is its frame, and so is its offset in the chunk.
pub fn markers(markers: &[Marker]) -> Vec<u8> {
    let mut points = (markers.len() as u32).to_le_bytes().to_vec();
    let (mut labels, mut regions) = (Vec::new(), Vec::new());
    for (marker, name) in markers.iter().zip(1_u32..) {
        let frame = (marker.range.start.0 as u32).to_le_bytes();
        let name = name.to_le_bytes();
        let (chunk_start, block_start) = ([0; 4], [0; 4]);
        points.extend([name, frame, *b"data", chunk_start, block_start, frame].concat());
        push(&mut labels, *b"labl", &[&name[..], &text(&marker.label)].concat());
        let frames = (marker.range.length.0 as u32).to_le_bytes();
        // A region of no certain country, language, dialect and code page.
        push(&mut regions, *b"ltxt", &[name, frames, *b"rgn ", [0; 4], [0; 4]].concat());
    }
    let mut out = Vec::new();
    push(&mut out, *b"cue ", &points);
    // All names first: some readers stop at what they do not know.
    labels.extend(regions);
    push_list(&mut out, *b"adtl", &labels);
    out
}

/// The chunk `LIST INFO`: each text under its name, such as `INAM` for a title.
///
/// Layout: as above, chapter 2, "INFO List Chunk".
pub fn info(entries: &[(super::Id, &str)]) -> Vec<u8> {
    let mut texts = Vec::new();
    for (id, entry) in entries {
        push(&mut texts, *id, &text(entry));
    }
    let mut out = Vec::new();
    push_list(&mut out, *b"INFO", &texts);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use effleurage_core::units::{Length, Position};

    #[test]
    fn a_marker_is_laid_out_as_the_standard_says() {
        let range = FrameRange::new(Position(0x0102), Length(0x0304));
        let bytes = markers(&[Marker { range, label: "Ankle".to_owned() }]);
        let expected = [
            &b"cue \x1c\0\0\0"[..],
            b"\x01\0\0\0",
            b"\x01\0\0\0\x02\x01\0\0data\0\0\0\0\0\0\0\0\x02\x01\0\0",
            b"LIST\x32\0\0\0adtl",
            b"labl\x0a\0\0\0\x01\0\0\0Ankle\0",
            b"ltxt\x14\0\0\0\x01\0\0\0\x04\x03\0\0rgn \0\0\0\0\0\0\0\0",
        ];
        assert_eq!(bytes, expected.concat());
    }

    #[test]
    fn a_text_of_odd_length_is_padded_and_ends_at_its_zero() {
        assert_eq!(info(&[(*b"INAM", "ab")]), b"LIST\x10\0\0\0INFOINAM\x03\0\0\0ab\0\0");
        assert_eq!(info(&[(*b"INAM", "a\0")]), b"LIST\x0e\0\0\0INFOINAM\x02\0\0\0a\0");
    }
}
