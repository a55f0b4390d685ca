//! Sessions as files: rendered, copied, verified.
//!
//! How a request becomes a session is told in `effleurage_engine`.

use std::io::Write;
use std::path::Path;

pub use effleurage_engine::session::*;

use crate::cancel::CancelToken;
use crate::error::Result;
use crate::units::{FrameRange, Position};
use crate::{encode, verify, wav};

/// Renders a range of a session to the file at `path`, with `chunks` behind the sound.
///
/// # Errors
///
/// Where it cannot be written, or a sound is missing.
pub fn render_to_file(
    session: &Prepared,
    range: FrameRange,
    path: &Path,
    format: &wav::Format,
    chunks: &[u8],
    watch: &wav::Watch<'_>,
) -> Result<()> {
    mixed(session, range, |frames| wav::write_to_file(path, format, frames, chunks, watch))
}

/// Renders a range of a session to a stream that cannot seek; `name` is for messages.
///
/// # Errors
///
/// As of [`render_to_file`].
pub fn render_to_stream(
    session: &Prepared,
    range: FrameRange,
    name: &Path,
    out: impl Write,
    format: &wav::Format,
    chunks: &[u8],
    watch: &wav::Watch<'_>,
) -> Result<()> {
    mixed(session, range, |frames| wav::write_to_stream(name, out, format, frames, chunks, watch))
}

/// Renders a session to the file at `path`, which is a `format`.
///
/// # Errors
///
/// As of [`render_to_file`].
pub fn copy_to_file(
    session: &Prepared,
    path: &Path,
    format: &encode::Format,
    watch: &wav::Watch<'_>,
) -> Result<()> {
    let timeline = &session.timeline;
    mixed(session, timeline.range(), |frames| {
        encode::write_to_file(path, format, timeline, frames, watch)
    })
}

/// Holds the file at `path` against a session, with these `chunks` behind its sound, or none
/// if it `may_be_plain`.
///
/// # Errors
///
/// Where the file cannot be read.
pub fn verify(
    session: &Prepared,
    path: &Path,
    chunks: &[u8],
    may_be_plain: bool,
    cancel: &CancelToken,
) -> Result<verify::Report> {
    let mixer = &session.mixer()?;
    verify::verify(path, &verify::Expected { mixer, chunks, may_be_plain }, cancel)
}

/// Gives the frames of a range of a session to `write`.
///
/// # Errors
///
/// What `write` returns, and where a sound is missing.
pub fn mixed<T>(
    session: &Prepared,
    range: FrameRange,
    write: impl FnOnce(&wav::Frames<'_>) -> Result<T>,
) -> Result<T> {
    let mixer = session.mixer()?;
    let mix = |at: Position, block: &mut [f32]| mixer.mix(at, block);
    let side = |at: Position, block: &mut [f32]| mixer.side(at, block);
    let side: Option<&wav::Mix<'_>> = if mixer.is_wide() { Some(&side) } else { None };
    write(&wav::Frames { range, mix: &mix, side, block: None })
}
