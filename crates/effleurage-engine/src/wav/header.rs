//! The header, as hound writes it and with what hound gets wrong put right.

use std::io::{self, Cursor};

use super::Chunks;

use super::format::{Channels, Format};
use crate::units::Length;

/// Where the fmt chunk of a WAVE_FORMAT_EXTENSIBLE header has its channel mask.
const MASK: std::ops::Range<usize> = 40..44;
/// KSAUDIO_SPEAKER_MONO: the front centre. hound says "front left" (1), which some
/// players take at its word.
const MONO_MASK: u32 = 0x4;
/// The length of a header that has a mask.
const EXTENSIBLE_BYTES: usize = 68;

/// Where the first chunk begins.
const FIRST_CHUNK: usize = 12;

/// All that stands before the sound in a file with `length` frames and these other `chunks`,
/// finished before the first sample.
///
/// Floats get no `fact` chunk, which the standard asks of them and no reader misses.
pub fn header(format: &Format, length: Length, chunks: Chunks<'_>) -> io::Result<Vec<u8>> {
    let mut cursor = Cursor::new(Vec::new());
    let writer =
        hound::WavWriter::new(&mut cursor, format.spec()).map_err(super::writer::io_error)?;
    writer.finalize().map_err(super::writer::io_error)?;
    let mut header = cursor.into_inner();
    let head = header.len();
    let data = format.data_bytes(length);
    let size = |bytes: u64| u32::try_from(bytes).map(u32::to_le_bytes).map_err(io::Error::other);
    header[4..8].copy_from_slice(&size(
        head as u64 - 8 + data + format.padding_bytes(length) + chunks.bytes() as u64,
    )?);
    header[head - 4..].copy_from_slice(&size(data)?);
    if format.channels == Channels::Mono && head == EXTENSIBLE_BYTES {
        header[MASK].copy_from_slice(&MONO_MASK.to_le_bytes());
    }
    header.splice(FIRST_CHUNK..FIRST_CHUNK, chunks.before.iter().copied());
    Ok(header)
}
