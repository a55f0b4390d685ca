//! Frames → a smaller file: FLAC, MP3 or Opus.
//!
//! A copy has the title of its track and, as chapters, its steps and zones. It is
//! written while it is mixed, so that memory does not grow with its length, and it is the
//! same bytes for the same inputs.

mod flac;
mod format;
mod id3_tags;
mod mp3;
mod opus;
mod vorbis_comments;

pub use format::{Encoder, Format, Out};

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use crate::atomic_file;
use crate::error::Result;
use crate::timeline::Timeline;
use crate::wav::{Frames, Stopped, Watch};

/// Every kind of copy, in the order in which they are told.
pub const ENCODERS: [&dyn Encoder; 3] = [&flac::Flac, &mp3::Mp3, &opus::Opus];

/// The encoder whose files end in `ending`.
pub fn named(ending: &str) -> Option<&'static dyn Encoder> {
    ENCODERS.into_iter().find(|encoder| encoder.name() == ending)
}

const BUFFER_BYTES: usize = 1 << 18;
/// Who made a file, in its tags.
const MAKER: &str = concat!("effleurage ", env!("CARGO_PKG_VERSION"));

/// Writes `frames` of `timeline` to `path`.
///
/// Most kinds go back to their start when they are done. A device or a pipe at `path`,
/// which cannot, gets the whole file at the end.
///
/// # Errors
///
/// [`Unwritable`](crate::error::Error::Unwritable), `Interrupted`, and `Ours` for a sample
/// beyond full scale.
pub fn write_to_file(
    path: &Path,
    format: &Format,
    timeline: &Timeline,
    frames: &mut Frames<'_>,
    watch: &Watch<'_>,
) -> Result<()> {
    let mut fill = |file: &mut File| {
        let mut out = BufWriter::with_capacity(BUFFER_BYTES, file);
        format.encoder().write(&mut out, format, timeline, frames, watch)?;
        Ok(out.flush()?)
    };
    atomic_file::write(path, |file| {
        let told = |stopped: Stopped| stopped.at(path);
        if file.metadata().is_ok_and(|target| target.is_file()) {
            return fill(file).map_err(told);
        }
        let mut whole = tempfile::tempfile().map_err(|why| told(why.into()))?;
        fill(&mut whole).and_then(|()| Ok(send(&mut whole, file)?)).map_err(told)
    })
}

fn send(from: &mut File, to: &mut File) -> io::Result<()> {
    from.seek(SeekFrom::Start(0))?;
    io::copy(from, to).map(drop)
}
