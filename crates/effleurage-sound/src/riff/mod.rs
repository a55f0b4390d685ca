//! Chunks of a RIFF file: "Multimedia Programming Interface and Data Specifications 1.0"
//! (IBM and Microsoft, 1991), chapters 2 and 3.
//!
//! A chunk is a name of four characters, the length of its content as 32 bits with the
//! little end first, the content, and a zero where that length is odd. A file is one
//! chunk called `RIFF` whose content is the kind of file and then more chunks.

mod markers;
mod reader;

pub use markers::{Marker, info, markers};
pub use reader::{Chunk, Fault, walk};

/// The name of a chunk.
pub type Id = [u8; 4];

/// Adds the chunk called `id` with this content to `out`.
///
/// # Panics
///
/// With a content of 4 GiB or more, which nobody hands over in memory.
pub fn push(out: &mut Vec<u8>, id: Id, content: &[u8]) {
    let length = u32::try_from(content.len()).expect("a chunk has less than 4 GiB");
    out.extend(id);
    out.extend(length.to_le_bytes());
    out.extend(content);
    if content.len() % 2 == 1 {
        out.push(0);
    }
}

/// A file of nothing but these chunks, to be walked through like any other.
pub fn file_of(chunks: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    push(&mut file, *b"RIFF", &[b"WAVE", chunks].concat());
    file
}

/// A list chunk of this kind, whose content is `chunks`.
fn push_list(out: &mut Vec<u8>, kind: Id, chunks: &[u8]) {
    push(out, *b"LIST", &[&kind, chunks].concat());
}

/// A text as such chunks hold it (ZSTR): up to its zero, and no zero inside.
fn text(text: &str) -> Vec<u8> {
    text.bytes().filter(|byte| *byte != 0).chain([0]).collect()
}
