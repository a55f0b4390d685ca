//! A person's own sound for the ticks or the background: one file, made ready at the rate
//! of a track.

use std::path::Path;

use super::pack::read_file;
use super::{decode, resample};
use crate::error::{ClipFault, Error, Result};
use crate::units::SampleRate;

/// A file larger than this is not read, as of clips.
const LARGEST_BYTES: u64 = 128 << 20;
/// A background is a loop of at most this.
const LONGEST_BED_SECONDS: u64 = 5 * 60;
/// A tick is at most this.
const LONGEST_TICK_SECONDS: u64 = 2;

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
