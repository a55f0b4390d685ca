//! Recordings of a person, of one line or of many.

use std::fs;
use std::path::Path;

use super::files::read_file;
use super::{Recording, decode, may_hold_sound};
use crate::error::{ClipFault, Error, Result};

/// A file larger than this is not read, as of clips.
const LARGEST_BYTES: u64 = 128 << 20;
/// A long take is at most two hours, in a file of at most 1 GiB.
const LONGEST_TAKE_SECONDS: u64 = 2 * 60 * 60;
const LARGEST_TAKE_BYTES: u64 = 1 << 30;

/// Whether the file at `path` holds a sound, by its name or else by its content; even if of
/// a kind that cannot be read.
pub fn is_one(path: &Path) -> bool {
    by_name(path).unwrap_or_else(|| {
        let start = read_file(path, decode::ENOUGH_TO_TELL as u64);
        start.is_ok_and(|bytes| decode::is_sound(&bytes))
    })
}

/// Whether the file at `path` is a text, by its name.
pub fn is_text(path: &Path) -> bool {
    by_name(path) == Some(false)
}

fn by_name(path: &Path) -> Option<bool> {
    may_hold_sound(&path.file_name().unwrap_or_default().to_string_lossy())
}

/// The recording of one line in the file at `path`: a minute, and 128 MiB, at most.
pub fn line(path: &Path) -> Result<Recording> {
    let bytes = read_up_to(path, LARGEST_BYTES, ClipFault::TooLarge)?;
    decode::decode(&bytes).map_err(|fault| Error::BadClip { path: path.to_owned(), fault })
}

/// The recording of many lines in the file at `path`: two hours at 48 kHz, and 1 GiB, at
/// most. All of it is held in memory: 4 bytes a frame, 1.4 GB for the longest.
pub fn take(path: &Path) -> Result<Recording> {
    let bytes = read_up_to(path, LARGEST_TAKE_BYTES, ClipFault::TakeTooLarge)?;
    decode::decode_up_to(&bytes, LONGEST_TAKE_SECONDS).map_err(|fault| {
        let fault = if fault == ClipFault::TooLong { ClipFault::TakeTooLong } else { fault };
        Error::BadClip { path: path.to_owned(), fault }
    })
}

/// What is in the file at `path`; one with more bytes than `most` has this `fault`, and is
/// not read.
fn read_up_to(path: &Path, most: u64, fault: ClipFault) -> Result<Vec<u8>> {
    let told = |fault| Error::BadClip { path: path.to_owned(), fault };
    if fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > most) {
        return Err(told(fault));
    }
    let bytes = read_file(path, most)?.into_owned();
    if bytes.len() as u64 > most { Err(told(fault)) } else { Ok(bytes) }
}
