//! A person's own sounds: for the ticks, and for the background.

use std::path::Path;

use crate::error::{ClipFault, Error, Result};
use crate::files::{Files, Unread};
use crate::units::SampleRate;
use crate::voice::{LARGEST_CLIP_BYTES, clipping, decode, resample, trim};

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

/// A sound, and what is wrong with it.
pub struct OwnSound {
    /// Its samples, mono and without an offset.
    pub samples: Vec<f32>,
    /// Of a background of two channels: how much more the left has than their mean. Empty
    /// where that is nothing.
    pub side: Vec<f32>,
    /// In how many places it was too loud for what recorded it.
    pub clipped: usize,
}

/// The sound in the file at `path` among `files`, at `rate`.
pub fn read(files: &dyn Files, path: &Path, purpose: Use, rate: SampleRate) -> Result<OwnSound> {
    let bad = |fault| Error::BadClip { path: path.to_owned(), fault };
    let unread = |unread| Error::unread(path, unread);
    let bytes = files.read(path, LARGEST_CLIP_BYTES).map_err(unread)?;
    let bytes = bytes.ok_or_else(|| unread(Unread::missing()))?;
    if bytes.len() as u64 > LARGEST_CLIP_BYTES {
        return Err(bad(ClipFault::TooLarge));
    }
    let (most, too_long) = match purpose {
        Use::Tick => (LONGEST_TICK_SECONDS, ClipFault::TickTooLong),
        Use::Bed => (LONGEST_BED_SECONDS, ClipFault::BedTooLong),
    };
    let decoded = match purpose {
        Use::Tick => decode::decode_up_to(&bytes, most).map(|recording| (recording, None)),
        Use::Bed => decode::decode_sides_up_to(&bytes, most),
    };
    let (recording, side) = decoded.map_err(|fault| match fault {
        ClipFault::TooLong => bad(too_long),
        other => bad(other),
    })?;
    let played = |samples: &[f32]| {
        let samples = trim::without_offset(samples, recording.rate);
        resample::resample(&samples, recording.rate, rate)
    };
    Ok(OwnSound {
        samples: played(&recording.samples),
        side: side.map_or(Vec::new(), |side| played(&side)),
        clipped: clipping::clipped(&recording.samples, recording.rate),
    })
}
