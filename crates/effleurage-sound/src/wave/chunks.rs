//! The chunks of a WAV file, as far as they lead to the sound.

use crate::fault::ClipFault;

/// A `data` chunk that claims this much or more, and more than there is, was written to a
/// pipe, by a program that did not know how much would follow.
const UNKNOWN_SIZE: u64 = 0x7fff_0000;
/// Where the first chunk begins.
const FIRST: usize = 12;

/// What matters of a file.
#[derive(Debug, PartialEq)]
pub struct Data<'a> {
    /// What is in its `fmt ` chunk.
    pub format: &'a [u8],
    /// Its sound.
    pub data: &'a [u8],
    /// Whether more sound was promised.
    pub is_cut: bool,
    /// What comes behind the sound.
    pub rest: &'a [u8],
}

/// The head of a chunk.
struct Chunk {
    /// Where it begins to be filled.
    start: usize,
    /// With what, as it says itself.
    size: u64,
}

/// Finds format and sound in the file in `bytes`.
pub fn find(bytes: &[u8]) -> Result<Data<'_>, ClipFault> {
    // Whether the size of the file, at least, is right.
    let promised = size_at(bytes, 4).unwrap_or(0) + 8;
    let is_whole = promised == bytes.len() as u64;
    let is_cut = promised > bytes.len() as u64 && promised < UNKNOWN_SIZE;
    let nothing = if is_cut { ClipFault::Truncated } else { ClipFault::Empty };
    let format = walk(bytes, b"fmt ").or_else(|| search(bytes, b"fmt ", FIRST));
    let format = format.ok_or_else(|| nothing.clone())?;
    let format = filled(bytes, &format);
    let data = walk(bytes, b"data").or_else(|| search(bytes, b"data", FIRST));
    let Chunk { start, size } = data.ok_or(nothing)?;
    let size = if size == u64::from(u32::MAX) { large_size(bytes).unwrap_or(size) } else { size };
    let there = &bytes[start..];
    let fits = size <= there.len() as u64;
    let nothing_follows = || fits && !is_chunk(&there[size as usize..]);
    let is_open = if fits {
        size == 0 && (!is_whole || nothing_follows())
    } else {
        size >= UNKNOWN_SIZE || is_whole
    };
    let end = if fits && !is_open { size as usize } else { there.len() };
    let (data, rest) = there.split_at(end);
    Ok(Data { format, data, is_cut: !fits && !is_open, rest })
}

/// The first chunk of this `name`, from one to the next.
fn walk(bytes: &[u8], name: &[u8; 4]) -> Option<Chunk> {
    let mut at = FIRST;
    loop {
        let size = size_at(bytes, at + 4)?;
        let start = at + 8;
        if bytes.get(at..at + 4)? == name {
            return Some(Chunk { start, size });
        }
        let end = start.checked_add(usize::try_from(size).ok()?)?;
        // A chunk of an odd size is followed by a byte of nothing; if it was not forgotten.
        let padded = end + end % 2;
        at = if is_chunk(bytes.get(padded..)?) { padded } else { end };
        if !is_chunk(bytes.get(at..)?) {
            return None;
        }
    }
}

/// The first chunk of this `name` wherever it is, that fits the file: where the size of
/// one before it is wrong, there is no way from one to the next.
fn search(bytes: &[u8], name: &[u8; 4], from: usize) -> Option<Chunk> {
    let places = (from..bytes.len()).filter(|at| bytes[*at..].starts_with(name));
    let chunks = places.filter_map(|at| {
        let start = at + 8;
        let size = size_at(bytes, at + 4)?;
        let fits = size <= bytes.len().saturating_sub(start) as u64 || size >= UNKNOWN_SIZE;
        fits.then_some(Chunk { start, size })
    });
    chunks.into_iter().next()
}

fn filled<'a>(bytes: &'a [u8], chunk: &Chunk) -> &'a [u8] {
    let there = bytes.get(chunk.start..).unwrap_or_default();
    &there[..usize::try_from(chunk.size).map_or(there.len(), |size| size.min(there.len()))]
}

/// The size of the sound in a file that is, or may become, larger than 4 GiB.
fn large_size(bytes: &[u8]) -> Option<u64> {
    let body = filled(bytes, &walk(bytes, b"ds64")?);
    Some(u64::from_le_bytes(*body.get(8..)?.first_chunk()?))
}

/// Whether `rest` begins with what can be the name of a chunk, and with its size.
fn is_chunk(rest: &[u8]) -> bool {
    rest.len() >= 8 && rest[..4].iter().all(|byte| (b' '..=b'~').contains(byte))
}

fn size_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &[u8] = &[1, 2, 3, 4, 5, 6, 7, 8];

    fn chunk(name: &[u8], size: u32, body: &[u8]) -> Vec<u8> {
        [name, &size.to_le_bytes(), body].concat()
    }

    fn file(name: &[u8], size: Option<u32>, chunks: &[Vec<u8>]) -> Vec<u8> {
        let chunks = chunks.concat();
        let size = size.unwrap_or(chunks.len() as u32 + 4);
        [name, &size.to_le_bytes(), b"WAVE", &chunks].concat()
    }

    /// The sound found in a file of this size, whose chunks come after a format.
    fn found(size: Option<u32>, chunks: &[Vec<u8>]) -> Option<Vec<u8>> {
        let format = chunk(b"fmt ", 4, b"form");
        let bytes = file(b"RIFF", size, &[vec![format], chunks.to_vec()].concat());
        let found = find(&bytes).ok()?;
        assert_eq!((found.format, found.is_cut), (b"form".as_slice(), false));
        Some(found.data.to_vec())
    }

    #[test]
    fn sizes_that_nobody_knew_are_those_of_the_file() {
        let sound = Some(SOUND.to_vec());
        let data = |size: u32| [chunk(b"data", size, SOUND)];
        for (file, size) in [
            (None, 8),
            (None, u32::MAX),
            (None, 4_000),
            (None, 0),
            (Some(u32::MAX), u32::MAX),
            (Some(0), 0),
            (Some(0), 8),
            (Some(0x7fff_0024), 0x7fff_0000),
            (Some(36), 0),
            (Some(1_000), 8),
        ] {
            assert_eq!(found(file, &data(size)), sound, "{file:?} {size:x}");
        }
        let bytes = file(b"RIFF", Some(1_000), &[chunk(b"fmt ", 4, b"form"), data(900).concat()]);
        assert!(find(&bytes).unwrap().is_cut);
    }

    #[test]
    fn chunks_that_are_wrong_are_passed_over() {
        let data = chunk(b"data", 8, SOUND);
        let sound = Some(SOUND.to_vec());
        for before in [
            chunk(b"LIST", 16, b"INFOIART\xff\0\0\0abcd"),
            chunk(b"LIST", 0x7000_0000, b"INFOIART\x04\0\0\0abcd"),
            chunk(b"LIST", 3, b"INFOIART\x04\0\0\0abcd"),
            chunk(b"odd ", 3, b"abc\0"),
            chunk(b"odd ", 3, b"abc"),
            chunk(b"none", 0, b""),
        ] {
            assert_eq!(found(None, &[before.clone(), data.clone()]), sound, "{before:?}");
        }
        let after = chunk(b"LIST", 4_000, b"INFO");
        assert_eq!(found(None, &[data, after]), sound);
    }

    #[test]
    fn an_empty_chunk_before_others_is_empty() {
        let list = chunk(b"LIST", 4, b"INFO");
        assert_eq!(found(None, &[chunk(b"data", 0, b""), list]), Some(Vec::new()));
        assert_eq!(found(None, &[chunk(b"data", 0, b"")]), Some(Vec::new()));
        assert_eq!(found(None, &[]), None);
    }

    #[test]
    fn large_files_have_their_size_elsewhere() {
        let sizes = [[0; 8], 8_u64.to_le_bytes(), [0; 8]].concat();
        let chunks = [
            chunk(b"ds64", 24, &sizes),
            chunk(b"fmt ", 4, b"form"),
            chunk(b"data", u32::MAX, SOUND),
            chunk(b"LIST", 4, b"INFO"),
        ];
        let bytes = file(b"RF64", Some(u32::MAX), &chunks);
        let found = find(&bytes).unwrap();
        assert_eq!((found.data, found.rest), (SOUND, &bytes[bytes.len() - 12..]));
    }
}
