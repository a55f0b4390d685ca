//! Frames → a WAV file.
//!
//! hound writes the format; here stands what it leaves open: dither, the channel
//! mask of mono files, the limit of 4 GiB, and a target that is only ever the old
//! file or the whole new one.

mod format;
mod header;
mod quantise;
mod target;
mod writer;

pub use format::{Bits, Channels, Format, RATES_HZ};
pub use target::{same_file, write_to_file, write_to_stream};
pub use writer::{Frames, Watch};
