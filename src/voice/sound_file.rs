//! A person's own sound files: for the ticks, for the background, and recordings.

use std::fs;
use std::path::Path;

use super::pack::read_file;
use super::{Recording, decode, resample};
use crate::error::{ClipFault, Error, Result};
use crate::units::SampleRate;

/// A file larger than this is not read, as of clips.
const LARGEST_BYTES: u64 = 128 << 20;
/// A background is a loop of at most this.
const LONGEST_BED_SECONDS: u64 = 5 * 60;
/// A tick is at most this.
const LONGEST_TICK_SECONDS: u64 = 2;

/// A long take is at most two hours, in a file of at most 1 GiB.
const LONGEST_TAKE_SECONDS: u64 = 2 * 60 * 60;
const LARGEST_TAKE_BYTES: u64 = 1 << 30;

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

/// What a sound file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The sound of ticks.
    Tick,
    /// The background.
    Bed,
}

/// The samples of the file at `path`, mono, at `rate`.
pub fn read(path: &Path, purpose: Use, rate: SampleRate) -> Result<Vec<f32>> {
    let bad = |fault| Error::BadClip { path: path.to_owned(), fault };
    let bytes = read_file(path, LARGEST_BYTES)?;
    if bytes.len() as u64 > LARGEST_BYTES {
        return Err(bad(ClipFault::TooLarge));
    }
    let (most, too_long) = match purpose {
        Use::Tick => (LONGEST_TICK_SECONDS, ClipFault::TickTooLong),
        Use::Bed => (LONGEST_BED_SECONDS, ClipFault::BedTooLong),
    };
    let recording = decode::decode_up_to(&bytes, most).map_err(|fault| match fault {
        ClipFault::TooLong => bad(too_long),
        other => bad(other),
    })?;
    Ok(resample::resample(&recording.samples, recording.rate, rate))
}
