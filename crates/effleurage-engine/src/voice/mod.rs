//! A voice pack, and its clips on their way into a track.
//!
//! A [`ClipSource`] goes that way only as far as its [`Memory`] does not remember.

mod built_in;
mod clip_source;
mod lengths;
mod memory;
mod pack;
mod store;

pub use built_in::{built_in, names as built_in_names};
pub use clip_source::ClipSource;
pub use effleurage_core::manifest::Manifest;
pub use effleurage_sound::{
    Clip, Recording, clipping, decode, length, level, loudness, meter, prepare, resample, room,
    trim,
};
pub use memory::{Forgetful, Key, Memory, recalled, sample_bytes, samples};
pub use pack::{Pack, WHAT_A_VOICE_IS, may_hold_sound};
pub use store::{ClipFile, LARGEST_CLIP_BYTES, MANIFEST, Store};

use crate::error::{Error, Result};

/// Decodes and trims `file`.
pub fn recording(file: &ClipFile) -> Result<Recording> {
    decode::decode(&file.bytes)
        .and_then(|recording| trim::trim(&recording))
        .map_err(|fault| Error::BadClip { path: file.path.clone(), fault })
}
