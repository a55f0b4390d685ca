//! A whole track, into a file or a stream that cannot seek.
//!
//! What is in a WAV file is told in `effleurage_engine`.

use std::io::{BufWriter, Write};
use std::path::Path;

pub use effleurage_engine::wav::*;

use crate::atomic_file;
use crate::error::{Error, Result};
use crate::units::Length;

const BUFFER_BYTES: usize = 1 << 18;

/// Writes a track to `path`, with these other `chunks`. A device or
/// a pipe there is written to as it is.
pub fn write_to_file(
    path: &Path,
    format: &Format,
    frames: &Frames<'_>,
    chunks: Chunks<'_>,
    watch: &Watch<'_>,
) -> Result<()> {
    format.check_size_with(frames.range.length, chunks.bytes())?;
    atomic_file::write(path, |file| write_to_stream(path, file, format, frames, chunks, watch))
}

/// Writes the same to a stream that cannot seek; `name` is for messages.
pub fn write_to_stream(
    name: &Path,
    out: impl Write,
    format: &Format,
    frames: &Frames<'_>,
    chunks: Chunks<'_>,
    watch: &Watch<'_>,
) -> Result<()> {
    format.check_size_with(frames.range.length, chunks.bytes())?;
    let told = |why| Error::Unwritable { path: name.to_owned(), why };
    let header = header::header(format, frames.range.length, chunks).map_err(told)?;
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    out.write_all(&header).map_err(told)?;
    write(&mut out, format, frames, watch).map_err(|stopped| stopped.at(name))?;
    out.write_all(padding(format, frames.range.length))
        .and_then(|()| out.write_all(chunks.behind))
        .and_then(|()| out.flush())
        .map_err(told)
}

fn padding(format: &Format, length: Length) -> &'static [u8] {
    &[0][..format.padding_bytes(length) as usize]
}
