//! The target is the old file or the whole new one, and nothing between.
//!
//! A track is written into a temporary file beside its target, synced, and renamed
//! over it. Whatever stops the work on the way takes the temporary file along.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::format::Format;
use super::header::{Forward, header};
use super::writer::{Frames, Watch, write};
use crate::error::{Error, Result};
use crate::units::Length;

const BUFFER_BYTES: usize = 1 << 18;

/// Writes a track to `path`. A device or a pipe there is written to as it is.
pub fn write_to_file(
    path: &Path,
    format: &Format,
    frames: &mut Frames<'_>,
    watch: &Watch<'_>,
) -> Result<()> {
    format.check_size(frames.length)?;
    let told = |why| Error::Unwritable { path: path.to_owned(), why };
    let old = fs::metadata(path).ok();
    if old.as_ref().is_some_and(|old| old.is_dir()) {
        return Err(told(io::ErrorKind::IsADirectory.into()));
    }
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        let device = File::options().write(true).open(path).map_err(told)?;
        return write_to_stream(path, device, format, frames, watch);
    }
    if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
        return Err(told(io::ErrorKind::PermissionDenied.into()));
    }
    let target = followed(path);
    let mut temporary = beside(&target).map_err(told)?;
    write_to_stream(path, temporary.as_file_mut(), format, frames, watch)?;
    put(temporary, &target, old.map(|old| old.permissions())).map_err(told)
}

/// Writes a track to a stream that cannot seek; `name` is for messages.
pub fn write_to_stream(
    name: &Path,
    out: impl Write,
    format: &Format,
    frames: &mut Frames<'_>,
    watch: &Watch<'_>,
) -> Result<()> {
    format.check_size(frames.length)?;
    let told = |why| Error::Unwritable { path: name.to_owned(), why };
    let header = header(format, frames.length).map_err(told)?;
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    let forward = Forward::new(&mut out, &header).map_err(told)?;
    write(forward, format, frames, watch).map_err(|stopped| stopped.at(name))?;
    out.write_all(padding(format, frames.length)).and_then(|()| out.flush()).map_err(told)
}

fn padding(format: &Format, length: Length) -> &'static [u8] {
    &[0][..format.padding_bytes(length) as usize]
}

/// Where `path` leads, through links, even to a file that is not there yet; so that
/// the file is replaced and not the link.
fn followed(path: &Path) -> PathBuf {
    const MOST_LINKS: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = folder(&target).join(next),
            Err(_) => break,
        }
    }
    target
}

/// Whether both paths lead to the same existing file.
pub fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// A new hidden file in the folder of `target`, so that a rename stays on one disk.
/// Its name is short, for the longest names of targets leave no room for more.
fn beside(target: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".effleurage-").suffix(".part");
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

/// Puts a whole file in its place.
fn put(file: NamedTempFile, target: &Path, permissions: Option<Permissions>) -> io::Result<()> {
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    // The rename itself is safe only once the folder is on the disk; not every
    // system lets one ask for that.
    if let Ok(folder) = File::open(folder(target)) {
        let _ = folder.sync_all();
    }
    Ok(())
}
