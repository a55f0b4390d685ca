//! Frames → a WAV file.
//!
//! hound writes the header and reads files; here stands what it leaves open: dither, the
//! channel mask of mono files, the limit of 4 GiB, and any bytes of a file before it is
//! written.

mod bytes;
mod chunks;
mod format;
pub mod header;
mod pieces;
mod reader;
mod writer;

pub use bytes::Track;
pub use chunks::Chunks;
pub use format::{Bits, Channels, Format, RATES_HZ};
pub use pieces::in_order;
pub use reader::Reader;
pub use writer::{Block, Frames, Mixed, Stopped, Watch, each_block, write};
