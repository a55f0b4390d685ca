//! Copies as files: FLAC, MP3, Opus.
//!
//! How each is encoded is told in `effleurage_encode`.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::Path;

pub use effleurage_encode::*;

use crate::atomic_file;
use crate::error::Result;
use crate::wav::{Frames, Stopped, Watch};

/// Writes `frames`, and what they are, to `path`.
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
    about: &About<'_>,
    frames: &Frames<'_>,
    watch: &Watch<'_>,
) -> Result<()> {
    let fill = |file: &mut File| format.write(file, about, frames, watch);
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
