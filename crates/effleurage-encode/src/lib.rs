//! Frames → a smaller file: FLAC, MP3, Opus or Apple Lossless.
//!
//! A copy has the tags of its track, its cover and, as chapters, its steps and zones. It is
//! written while it is mixed, so that memory does not grow with its length, and it is the
//! same bytes for the same inputs.

mod about;
mod alac;
mod flac;
mod format;
mod m4a;
mod mp3;
mod opus;
mod picture;
mod vorbis_comments;

pub use about::About;
pub use format::{Encoder, Format, Instead, Out, Refusal};

/// Every kind of copy, in the order in which they are told.
pub const ENCODERS: [&dyn Encoder; 5] = [&flac::Flac, &mp3::Mp3, &opus::Opus, &m4a::M4a, &m4a::M4b];

/// The encoder whose files end in `ending`.
pub fn named(ending: &str) -> Option<&'static dyn Encoder> {
    ENCODERS.into_iter().find(|encoder| encoder.name() == ending)
}

/// Who made a file, in its tags.
const MAKER: &str = concat!("effleurage ", env!("CARGO_PKG_VERSION"));
