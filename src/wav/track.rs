//! A whole track, into a file or a stream that cannot seek.

use std::io::{BufWriter, Write};
use std::path::Path;

use super::format::Format;
use super::header::{Forward, header};
use super::writer::{Frames, Watch, write};
use crate::error::{Error, Result};
use crate::target;
use crate::units::Length;

const BUFFER_BYTES: usize = 1 << 18;

/// Writes a track to `path`, with `chunks` of an even length behind its sound. A device or
/// a pipe there is written to as it is.
pub fn write_to_file(
    path: &Path,
    format: &Format,
    frames: &mut Frames<'_>,
    chunks: &[u8],
    watch: &Watch<'_>,
) -> Result<()> {
    format.check_size_with(frames.length, chunks.len())?;
    target::write(path, |file| write_to_stream(path, file, format, frames, chunks, watch))
}

/// Writes the same to a stream that cannot seek; `name` is for messages.
pub fn write_to_stream(
    name: &Path,
    out: impl Write,
    format: &Format,
    frames: &mut Frames<'_>,
    chunks: &[u8],
    watch: &Watch<'_>,
) -> Result<()> {
    format.check_size_with(frames.length, chunks.len())?;
    let told = |why| Error::Unwritable { path: name.to_owned(), why };
    let header = header(format, frames.length, chunks.len()).map_err(told)?;
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    let forward = Forward::new(&mut out, &header).map_err(told)?;
    write(forward, format, frames, watch).map_err(|stopped| stopped.at(name))?;
    out.write_all(padding(format, frames.length))
        .and_then(|()| out.write_all(chunks))
        .and_then(|()| out.flush())
        .map_err(told)
}

fn padding(format: &Format, length: Length) -> &'static [u8] {
    &[0][..format.padding_bytes(length) as usize]
}
