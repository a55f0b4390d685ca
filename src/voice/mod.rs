//! A voice pack, and its clips made ready to be mixed.
//!
//! A clip's way: [`decode`](mod@decode) to mono samples, [`trim`](mod@trim) to an
//! even margin, [`resample`](mod@resample) to the track's rate, [`level`](mod@level)
//! to one loudness. Its length is known after the second step, which is all that
//! a plan needs. A [`Take`] goes that way only as far as its [`Cache`] does not remember.

mod cache;
mod container;
pub mod decode;
mod gapless;
pub mod level;
mod limit;
pub mod loudness;
mod manifest;
mod matroska;
mod mp4;
mod opus;
mod pack;
mod recording;
pub mod resample;
pub mod sound_file;
mod take;
pub mod trim;

pub use cache::Cache;
pub use manifest::Manifest;
pub use pack::{ClipFile, Pack, is_sound};
pub use recording::Recording;
pub use take::Take;

use crate::error::{ClipFault, Error, Result};
use level::Aim;

use crate::units::{Length, Lufs, SampleRate};

/// A clip made ready at the rate of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    /// One sample a frame, full scale at 1.
    pub samples: Vec<f32>,
    /// How loud it came out.
    pub loudness: Lufs,
}

/// Decodes and trims `file`.
pub fn recording(file: &ClipFile) -> Result<Recording> {
    decode::decode(&file.bytes)
        .and_then(|recording| trim::trim(&recording))
        .map_err(|fault| Error::BadClip { path: file.path.clone(), fault })
}

/// How long `recording` is at `rate`.
pub fn length(recording: &Recording, rate: SampleRate) -> Length {
    Length(resample::resampled_length(recording.samples.len(), recording.rate, rate) as u64)
}

/// Makes `recording` ready at `rate`; it has the [`length`] that was foretold.
pub fn prepare(
    recording: &Recording,
    rate: SampleRate,
    aim: Aim,
) -> std::result::Result<Clip, ClipFault> {
    let resampled = resample::resample(&recording.samples, recording.rate, rate);
    let (samples, loudness) = level::level(&resampled, rate, aim).ok_or(ClipFault::Silent)?;
    Ok(Clip { samples, loudness })
}
