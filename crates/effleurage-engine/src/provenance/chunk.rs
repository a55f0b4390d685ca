//! Provenance as the content of a chunk.
//!
//! Four characters tell what follows: `json`, or `zlib` for JSON that is compressed
//! (RFC 1950).

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;

use super::{FORMAT, Provenance};
use crate::riff;

/// The chunk's name. Chunks that readers do not know they pass over.
pub const ID: riff::Id = *b"effl";
/// So much it may have: the longest routine file, each of its letters escaped.
pub const LEAST_ROOM_BYTES: u64 = 8 << 20;
/// What is larger than this is compressed.
const LARGE_BYTES: usize = 4096;

/// `provenance` as the content of its chunk. Large ones are written through the compressor
/// as they are made, so that memory does not grow with the plan.
pub fn packed(provenance: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut packer = Packer { small: Vec::new(), large: None };
    serde_json::to_writer(&mut packer, provenance)?;
    match packer.large {
        None => Ok([b"json", packer.small.as_slice()].concat()),
        Some(compressed) => compressed.finish(),
    }
}

/// The provenance in the content of a chunk, unless that is damaged, or has more than `most`
/// bytes as JSON.
pub fn unpacked(content: &[u8], most: u64) -> Option<Provenance> {
    let (how, content) = content.split_first_chunk()?;
    let provenance: Provenance = match how {
        b"json" => serde_json::from_slice(content).ok()?,
        b"zlib" => {
            let json = ZlibDecoder::new(content).take(most);
            serde_json::from_reader(io::BufReader::new(json)).ok()?
        }
        _ => return None,
    };
    (provenance.format == FORMAT).then_some(provenance)
}

/// Keeps what is small, and compresses what turns out to be large.
struct Packer {
    small: Vec<u8>,
    large: Option<ZlibEncoder<Vec<u8>>>,
}

impl Write for Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.large.is_none() && self.small.len() + bytes.len() > LARGE_BYTES {
            let mut encoder = ZlibEncoder::new(b"zlib".to_vec(), Compression::default());
            encoder.write_all(&self.small)?;
            self.large = Some(encoder);
        }
        match &mut self.large {
            Some(encoder) => encoder.write_all(bytes)?,
            None => self.small.extend(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn provenance(words: usize) -> serde_json::Value {
        let plan = json!({
            "format": "effleurage-plan/1", "routine": "r", "title": "t", "voice": "en",
            "sample_rate": 8000, "frames": 1, "sections": [], "events": [], "notes": [],
        });
        let routine = "up ".repeat(words);
        json!({"format": FORMAT, "software": "x", "voice": "en", "routine": routine, "plan": plan})
    }

    fn opened(content: &[u8]) -> Option<Provenance> {
        unpacked(content, LEAST_ROOM_BYTES)
    }

    #[test]
    fn small_and_large_ones_come_back() {
        for (words, how) in [(1, b"json"), (5_000, b"zlib")] {
            let content = packed(&provenance(words)).unwrap();
            assert_eq!(&content[..4], how);
            assert_eq!(opened(&content).unwrap().routine, "up ".repeat(words));
        }
        assert!(packed(&provenance(5_000)).unwrap().len() < 1_000);
    }

    #[test]
    fn what_is_not_ours_is_none() {
        let good = packed(&provenance(1)).unwrap();
        for bad in [&b""[..], b"jso", b"json", b"zlib", b"zlib\x78\x9c", b"xxxx{}", b"json{}"] {
            assert_eq!(opened(bad), None);
        }
        let other = String::from_utf8(good).unwrap().replace("-track/1", "-track/2");
        assert_eq!(opened(other.as_bytes()), None);
    }

    #[test]
    fn what_would_unpack_to_more_than_its_track_is_not_unpacked() {
        let content = packed(&provenance(400_000)).unwrap();
        assert!(content.len() < 10_000 && unpacked(&content, 1 << 20).is_none());
        assert!(unpacked(&content, 2 << 20).is_some());
    }
}
