//! Title and chapters as MP3 has them: ID3v2.3, and "ID3v2 Chapter Frame Addendum" (2005).

use std::io;

use id3::frame::{Chapter, TableOfContents};
use id3::{Encoder, Tag, TagLike, Version};

use crate::MAKER;
use effleurage_core::timeline::Timeline;
use effleurage_core::units::{Position, round_div};

/// A table of contents counts its entries in a byte.
pub const MOST_CHAPTERS: usize = 255;
/// There are times, and so no offsets.
const NO_OFFSET: u32 = u32::MAX;

/// The tag, which stands before the first frame. Chapters start and end at the nearest
/// millisecond.
pub fn tag(timeline: &Timeline) -> io::Result<Vec<u8>> {
    let mut tag = Tag::new();
    tag.set_title(text(&timeline.title));
    tag.set_text("TSSE", MAKER);
    let chapters = timeline.chapters_at_most(MOST_CHAPTERS);
    let id = |n: usize| format!("chapter-{n:03}");
    tag.add_frame(TableOfContents {
        element_id: "contents".to_owned(),
        top_level: true,
        ordered: true,
        elements: (0..chapters.len()).map(id).collect(),
        frames: Vec::new(),
    });
    for (n, chapter) in chapters.iter().enumerate() {
        let mut frame = Chapter {
            element_id: id(n),
            start_time: millis(timeline, chapter.range.start),
            end_time: millis(timeline, chapter.range.end_exclusive()),
            start_offset: NO_OFFSET,
            end_offset: NO_OFFSET,
            frames: Vec::new(),
        };
        frame.set_title(text(&chapter.title));
        tag.add_frame(frame);
    }
    let mut bytes = Vec::new();
    let encoder = Encoder::new().version(Version::Id3v23);
    encoder.encode(&tag, &mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

/// A zero would end the text.
fn text(title: &str) -> String {
    title.replace('\0', " ")
}

fn millis(timeline: &Timeline, position: Position) -> u32 {
    let hz = u128::from(timeline.sample_rate.hz());
    round_div(u128::from(position.0) * 1000, hz).try_into().unwrap_or(u32::MAX)
}
