//! The target is the old file or the whole new one, and nothing between.
//!
//! A file is written into a temporary one beside its target, synced, and renamed over
//! it. Whatever stops the work on the way takes the temporary file along.

use std::fs::{self, File, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// What the names of files end in that are not whole.
pub const SUFFIX: &str = ".part";

/// Lets `fill` write the file at `path`. A device or a pipe there is written to as it is.
///
/// # Errors
///
/// What `fill` returns, and [`Error::Unwritable`].
pub fn write(path: &Path, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let told = |why| Error::Unwritable { path: path.to_owned(), why };
    let old = fs::metadata(path).ok();
    if old.as_ref().is_some_and(|old| old.is_dir()) {
        return Err(told(io::ErrorKind::IsADirectory.into()));
    }
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        let mut device = File::options().write(true).open(path).map_err(told)?;
        return fill(&mut device);
    }
    if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
        return Err(told(io::ErrorKind::PermissionDenied.into()));
    }
    let target = followed(path);
    let mut temporary = beside(&target).map_err(told)?;
    fill(temporary.as_file_mut())?;
    put(temporary, &target, old.map(|old| old.permissions())).map_err(told)
}

/// Writes `bytes` as the file at `path`.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    let told = |why| Error::Unwritable { path: path.to_owned(), why };
    write(path, |file| io::Write::write_all(file, bytes).map_err(told))
}

/// Makes the folder at `path`, which must not be there yet.
///
/// # Errors
///
/// [`Error::Refused`] where something is, or [`Error::Unwritable`].
pub fn new_folder(path: &Path) -> Result<()> {
    match fs::create_dir(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Error::Refused {
            path: path.to_owned(),
            why: "there is something of that name already".to_owned(),
            help: "choose another folder with -o".to_owned(),
        }),
        Err(why) => Err(Error::Unwritable { path: path.to_owned(), why }),
    }
}

/// Whether both paths lead to the same file, which may not be there yet.
pub fn same_file(one: &Path, other: &Path) -> bool {
    matches!((whole(one), whole(other)), (Some(one), Some(other)) if one == other)
}

/// The path of what `path` leads to, without links and the like, where its folder is there.
fn whole(path: &Path) -> Option<PathBuf> {
    let target = followed(path);
    let folder = folder(&target).canonicalize().ok()?;
    Some(target.canonicalize().unwrap_or(folder.join(target.file_name()?)))
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

/// A new hidden file in the folder of `target`, so that a rename stays on one disk.
/// Its name is short, for the longest names of targets leave no room for more.
fn beside(target: &Path) -> io::Result<NamedTempFile> {
    in_folder(folder(target))
}

/// A new hidden file in `folder`, with the permissions of a new file.
pub fn in_folder(folder: impl AsRef<Path>) -> io::Result<NamedTempFile> {
    named(".effleurage-", folder)
}

/// The same, of a name that begins in a way of its own.
pub fn named(prefix: &str, folder: impl AsRef<Path>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn folder(target: &Path) -> PathBuf {
    match target.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Puts a whole file in its place, and waits until the disk has it.
pub fn put(file: NamedTempFile, target: &Path, permissions: Option<Permissions>) -> io::Result<()> {
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
