//! AAC in frames of LOAS (ISO/IEC 14496-3, 1.7), as radio and television send it: each begins
//! with a mark and says how long it is, and some of them what the sound is like.

use rusty_aac::Error;
use rusty_aac::latm::LatmDecoder;

use super::aac;
use crate::fault::ClipFault;
use crate::gathered::Gathered;
use crate::tags;

/// A mark of eleven bits and a size of thirteen.
const HEADER: usize = 3;

/// So many frames follow each other by chance in no file.
const ENOUGH: usize = 4;
/// No frame is longer.
const LONGEST: usize = HEADER + 0x1fff;

/// Whether `bytes` begin with such frames, two of which follow each other.
pub fn is_loas(bytes: &[u8]) -> bool {
    begins_with(bytes, 2)
}

/// Where the first frame is in a stream that was caught in the middle of one.
pub fn first_frame(bytes: &[u8]) -> Option<usize> {
    (0..bytes.len().min(LONGEST)).find(|at| begins_with(&bytes[*at..], ENOUGH))
}

/// Whether `bytes` begin with so many frames.
fn begins_with(bytes: &[u8], count: usize) -> bool {
    let mut rest = bytes;
    (0..count).all(|_| match frame_size(rest) {
        Some(size) => {
            rest = rest.get(size..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// How many bytes the frame takes that `bytes` begin with, if they do.
fn frame_size(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0x56, second, third, ..] if second & 0xe0 == 0xe0 => {
            Some(HEADER + (usize::from(second & 0x1f) << 8 | usize::from(*third)))
        }
        _ => None,
    }
}

/// Adds the sound of the frames in `bytes`, which begin with one, to `gathered`.
pub fn decode(bytes: &[u8], gathered: &mut Gathered) -> Result<(), ClipFault> {
    let mut decoder = LatmDecoder::new();
    let mut rest = bytes;
    while let Some(size) = frame_size(rest) {
        let frame = rest.get(..size).ok_or(ClipFault::Truncated)?;
        rest = &rest[size..];
        match decoder.decode(frame, None) {
            // What the sound is like has not been said yet: the stream was caught in the middle.
            Err(Error::InvalidData(_)) if gathered.rate.is_none() => {}
            decoded => aac::add(gathered, decoded.map(|(audio, _)| audio))?,
        }
    }
    let rest = &rest[tags::length(rest)..];
    match rest.iter().all(|byte| *byte == 0) {
        true => Ok(()),
        // The first byte of a frame, or two.
        false if rest.len() < HEADER => Err(ClipFault::Truncated),
        false => Err(ClipFault::Malformed("some of its sound is missing".to_owned())),
    }
}
