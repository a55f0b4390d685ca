//! Walks through the chunks of a file that may be damaged, foreign, or no such file.

use std::io::{self, Read, Seek, SeekFrom};

use super::Id;

/// Where a chunk is. Its content is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its name.
    pub id: Id,
    /// The first byte of its content, from the start of the file.
    pub at: u64,
    /// The bytes of its content, as far as the file holds them.
    pub length: u64,
}

/// What is wrong with the structure of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not begin as a WAVE file does.
    NotWave,
    /// It is so many bytes shorter than its header says.
    Truncated(u64),
    /// So many bytes stand behind what its header speaks of.
    Trailing(u64),
    /// A chunk reaches beyond the end of the file.
    ChunkTooLong(Chunk),
    /// Bytes at this place are no chunk.
    NoChunk(u64),
    /// There are more chunks than anybody writes.
    TooMany,
}

/// Chunks of one file at most: what has more is no track.
const MOST_CHUNKS: usize = 10_000;
/// Name and length of a chunk.
const HEAD: u64 = 8;

/// The chunks of the WAVE file in `file`, and what is wrong with its structure.
///
/// Reads eight bytes of each chunk and skips the rest, so neither time nor memory
/// depends on what a damaged length says.
///
/// # Errors
///
/// Where the file cannot be read.
pub fn walk(file: &mut (impl Read + Seek)) -> io::Result<(Vec<Chunk>, Vec<Fault>)> {
    let length = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    let mut head = [0; 12];
    if length < 12 || file.read_exact(&mut head).is_err() {
        return Ok((Vec::new(), vec![Fault::NotWave]));
    }
    if &head[..4] != b"RIFF" || &head[8..] != b"WAVE" {
        return Ok((Vec::new(), vec![Fault::NotWave]));
    }
    let told = HEAD + u64::from(u32_at(&head, 4));
    let mut faults = match told {
        told if told > length => vec![Fault::Truncated(told - length)],
        told if told < length => vec![Fault::Trailing(length - told)],
        _ => Vec::new(),
    };
    let end = told.min(length);
    let mut chunks = Vec::new();
    let mut at = 12;
    while at < end {
        if end - at < HEAD {
            faults.push(Fault::NoChunk(at));
            break;
        }
        if chunks.len() == MOST_CHUNKS {
            faults.push(Fault::TooMany);
            break;
        }
        let mut head = [0; HEAD as usize];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut head)?;
        let id: Id = [head[0], head[1], head[2], head[3]];
        if !id.iter().all(|byte| (0x20..0x7f).contains(byte)) {
            faults.push(Fault::NoChunk(at));
            break;
        }
        let asked = u64::from(u32_at(&head, 4));
        let content = at + HEAD;
        let chunk = Chunk { id, at: content, length: asked.min(end - content) };
        chunks.push(chunk);
        if chunk.length < asked {
            faults.push(Fault::ChunkTooLong(Chunk { length: asked, ..chunk }));
            break;
        }
        at = content + asked + asked % 2;
    }
    Ok((chunks, faults))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

impl Chunk {
    /// The chunk's content, if it has no more than `most` bytes.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read.
    pub fn read(&self, file: &mut (impl Read + Seek), most: u64) -> io::Result<Option<Vec<u8>>> {
        if self.length > most {
            return Ok(None);
        }
        file.seek(SeekFrom::Start(self.at))?;
        let mut content = Vec::new();
        file.take(self.length).read_to_end(&mut content)?;
        Ok(Some(content))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::riff::push;

    /// A WAVE file of these chunks.
    fn wave(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut content = b"WAVE".to_vec();
        chunks.iter().for_each(|(id, bytes)| push(&mut content, **id, bytes));
        let mut file = Vec::new();
        push(&mut file, *b"RIFF", &content);
        file
    }

    fn walked(bytes: &[u8]) -> (Vec<Chunk>, Vec<Fault>) {
        walk(&mut Cursor::new(bytes)).unwrap()
    }

    fn chunk(id: &Id, at: u64, length: u64) -> Chunk {
        Chunk { id: *id, at, length }
    }

    #[test]
    fn chunks_are_found_behind_their_padding() {
        let file = wave(&[(b"fmt ", b"abc"), (b"data", b""), (b"mine", b"wxyz")]);
        let expected = [chunk(b"fmt ", 20, 3), chunk(b"data", 32, 0), chunk(b"mine", 40, 4)];
        assert_eq!(walked(&file), (expected.to_vec(), vec![]));
        let mut file = Cursor::new(file);
        assert_eq!(expected[2].read(&mut file, 4).unwrap().as_deref(), Some(&b"wxyz"[..]));
        assert_eq!(expected[2].read(&mut file, 3).unwrap(), None);
    }

    #[test]
    fn every_damage_of_the_structure_has_its_name() {
        let file = wave(&[(b"fmt ", b"abcd"), (b"data", b"1234")]);
        let faults = |bytes: &[u8]| walked(bytes).1;
        assert_eq!(faults(b"RIFF"), [Fault::NotWave]);
        assert_eq!(faults(&[&b"RIFX"[..], &file[4..]].concat()), [Fault::NotWave]);
        assert_eq!(faults(&[&file[..], b"more"].concat()), [Fault::Trailing(4)]);
        let too_long = Fault::ChunkTooLong(chunk(b"data", 32, 4));
        assert_eq!(faults(&file[..34]), [Fault::Truncated(2), too_long]);
        let mut long = file.clone();
        long[31] = 0xff;
        let too_long = Fault::ChunkTooLong(chunk(b"data", 32, 0xff00_0004));
        assert_eq!(faults(&long), [too_long]);
        let mut nameless = file.clone();
        nameless[24] = 0;
        assert_eq!(faults(&nameless), [Fault::NoChunk(24)]);
    }
}
