//! The target is the old file or the whole new one, and nothing between.
//!
//! A track is written into a temporary file beside its target, synced, and renamed
//! over it. Whatever stops the work on the way takes the temporary file along.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::format::Format;
use super::header::{Forward, header, mark_as_mono};
use super::writer::{Source, Stopped, Watch, write};
use crate::error::{Error, Result};

const BUFFER_BYTES: usize = 1 << 18;

/// Writes a track to `path`. A device or a pipe there is written to as it is.
pub fn write_to_file(
    path: &Path,
    format: &Format,
    source: &mut Source<'_>,
    watch: &Watch<'_>,
) -> Result<()> {
    format.check_size(source.length)?;
    let told = |stopped| error(path, stopped);
    // Through a link, so that the file it names is replaced and not the link.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(&target).ok();
    if old.as_ref().is_some_and(|old| old.is_dir()) {
        return Err(told(io::Error::from(io::ErrorKind::IsADirectory).into()));
    }
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        let device = File::options().write(true).open(&target).map_err(|e| told(e.into()))?;
        return write_to_stream(path, device, format, source, watch);
    }
    let mut temporary = beside(&target).map_err(|e| told(e.into()))?;
    write(BufWriter::with_capacity(BUFFER_BYTES, temporary.as_file_mut()), format, source, watch)
        .map_err(told)?;
    finish(temporary, &target, format, old.map(|old| old.permissions())).map_err(|e| told(e.into()))
}

/// Writes a track to a stream that cannot seek; `name` is for messages.
pub fn write_to_stream(
    name: &Path,
    out: impl Write,
    format: &Format,
    source: &mut Source<'_>,
    watch: &Watch<'_>,
) -> Result<()> {
    format.check_size(source.length)?;
    let header = header(format, source.length).map_err(|e| error(name, e.into()))?;
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    let written = Forward::new(&mut out, &header)
        .map_err(Stopped::Io)
        .and_then(|forward| write(forward, format, source, watch))
        .and_then(|()| out.flush().map_err(Stopped::Io));
    written.map_err(|stopped| error(name, stopped))
}

/// Whether both paths lead to the same existing file.
pub fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn error(path: &Path, stopped: Stopped) -> Error {
    match stopped {
        Stopped::Io(why) => Error::Unwritable { path: path.to_owned(), why },
        Stopped::Other(error) => error,
    }
}

/// A new hidden file in the folder of `target`, so that a rename stays on one disk.
fn beside(target: &Path) -> io::Result<NamedTempFile> {
    let name = target.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(name);
    prefix.push(".");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder(target))
}

fn folder(target: &Path) -> PathBuf {
    match target.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn finish(
    mut temporary: NamedTempFile,
    target: &Path,
    format: &Format,
    permissions: Option<Permissions>,
) -> io::Result<()> {
    let file = temporary.as_file_mut();
    let length = file.seek(SeekFrom::End(0))?;
    // 44 or 68 bytes: what is not samples is the header.
    let head = header(format, crate::units::Length::ZERO)?.len();
    debug_assert!(length >= head as u64);
    mark_as_mono(file, format, head)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()?;
    temporary.persist(target).map_err(|error| error.error)?;
    // The rename itself is safe only once the folder is on the disk; not every
    // system lets one ask for that.
    if let Ok(folder) = File::open(folder(target)) {
        let _ = folder.sync_all();
    }
    Ok(())
}
