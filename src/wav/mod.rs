//! Frames → a WAV file.
//!
//! hound writes the format; here stands what it leaves open: dither, the channel
//! mask of mono files, the limit of 4 GiB, and a header that is right before the first
//! sample is known, so that a pipe gets the same bytes as a file.

mod format;
mod header;
mod quantise;
mod reader;
mod track;
mod writer;

pub use format::{Bits, Channels, Format, RATES_HZ};
pub use reader::Reader;
pub use track::{write_to_file, write_to_stream};
pub use writer::{Block, Frames, Stopped, Watch, each_block};
