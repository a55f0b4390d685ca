//! Sessions as files: rendered, copied, verified.
//!
//! How a request becomes a session is told in `effleurage_engine`.

use std::io::Write;
use std::path::Path;

pub use effleurage_engine::session::*;

use crate::cancel::CancelToken;
use crate::cover::Cover;
use crate::error::Result;
use crate::units::FrameRange;
use crate::{encode, verify, wav};

/// Renders a range of a session to the file at `path`, with these other `chunks`.
///
/// # Errors
///
/// Where it cannot be written, or a sound is missing.
pub fn render_to_file(
    session: &Prepared,
    range: FrameRange,
    path: &Path,
    format: &wav::Format,
    chunks: wav::Chunks<'_>,
    watch: &wav::Watch<'_>,
) -> Result<()> {
    let mixer = session.mixer()?;
    wav::write_to_file(path, format, &wav::Frames::of(range, &mixer), chunks, watch)
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
    chunks: wav::Chunks<'_>,
    watch: &wav::Watch<'_>,
) -> Result<()> {
    let mixer = session.mixer()?;
    wav::write_to_stream(name, out, format, &wav::Frames::of(range, &mixer), chunks, watch)
}

/// Renders a session to the file at `path`, which is a `format` and has this `cover`.
///
/// # Errors
///
/// As of [`render_to_file`].
pub fn copy_to_file(
    session: &Prepared,
    path: &Path,
    format: &encode::Format,
    cover: Option<&Cover>,
    watch: &wav::Watch<'_>,
) -> Result<()> {
    let mixer = session.mixer()?;
    let frames = wav::Frames::of(session.timeline.range(), &mixer);
    encode::write_to_file(path, format, &about(session, cover), &frames, watch)
}

/// What a copy of a session says of itself.
pub fn about<'a>(session: &'a Prepared, cover: Option<&'a Cover>) -> encode::About<'a> {
    encode::About { timeline: &session.timeline, tags: &session.tags, cover }
}

/// Holds the file at `path` against a session, with these `chunks` behind its sound, or none
/// if it `may_be_plain`; or a copy, which has none, of a session that is planned at its rate.
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
