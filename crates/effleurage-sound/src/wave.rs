//! WAV: the format and the samples, whatever else stands in the file, and however wrong.
//!
//! Chunks that are no sound are passed over unread. Sizes are believed as far as they fit
//! the file: programs that write to a pipe, or that were killed, leave placeholders.

mod chunks;
mod format;

use self::chunks::{Data, find};
use self::format::{Format, Kind};
use crate::fault::ClipFault;
use crate::gathered::{Gathered, checked_channels, checked_rate};

/// So many frames are added at once.
const BLOCK: usize = 4_096;

/// The names of the containers: RIFF, and two for files beyond 4 GiB (EBU Tech 3306, ITU-R
/// BS.2088).
const NAMES: [&[u8]; 3] = [b"RIFF", b"RF64", b"BW64"];

/// What is in a WAV file.
pub enum Wave<'a> {
    /// Samples as they are.
    Samples(Samples<'a>),
    /// MPEG frames, as some recorders wrap them.
    Mpeg(&'a [u8]),
}

/// The samples of a file.
pub struct Samples<'a> {
    format: Format,
    data: &'a [u8],
    /// Whether more was promised than there is.
    is_cut: bool,
}

/// Whether `bytes` begin like a WAV file.
pub fn is_wave(bytes: &[u8]) -> bool {
    NAMES.iter().any(|name| bytes.starts_with(name)) && bytes.get(8..12) == Some(b"WAVE")
}

/// Finds the sound of the file in `bytes`.
pub fn open(bytes: &[u8]) -> Result<Wave<'_>, ClipFault> {
    let Data { format, data, is_cut, rest } = find(bytes)?;
    let format = Format::read(format)?;
    if another(rest) || another(data) {
        return Err(ClipFault::several());
    }
    match format.kind {
        Kind::Mpeg => Ok(Wave::Mpeg(data)),
        _ => Ok(Wave::Samples(Samples { format, data, is_cut })),
    }
}

/// Whether a second file begins somewhere in `bytes`.
fn another(bytes: &[u8]) -> bool {
    bytes.windows(16).any(|window| window.starts_with(b"RIFF") && window.ends_with(b"WAVEfmt "))
}

impl Samples<'_> {
    /// Adds the sound to `gathered`.
    pub fn decode(&self, gathered: &mut Gathered) -> Result<(), ClipFault> {
        let Format { channels, hz, kind } = self.format;
        checked_rate(hz)?;
        let channels = checked_channels(channels)?;
        let width = kind.width();
        let mut interleaved = Vec::with_capacity(BLOCK * channels);
        for block in self.data.chunks(BLOCK * channels * width) {
            interleaved.clear();
            interleaved.extend(block.chunks_exact(width).map(|code| kind.sample(code)));
            let whole = interleaved.len() / channels * channels;
            gathered.add(hz, channels, &interleaved[..whole])?;
        }
        if self.is_cut { Err(ClipFault::Truncated) } else { Ok(()) }
    }
}
