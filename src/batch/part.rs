//! A file that is being written: under a name of its own, locked, until it is whole.
//!
//! A run that is killed leaves such a file behind. Nobody holds its lock then, so the next
//! run, on whatever machine, knows that it is a leftover and takes it away.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::atomic_file::{self, SUFFIX};
use crate::error::{Error, Result};

const PREFIX: &str = ".effleurage-batch-";
/// A new file may be taken for a leftover in the instant before it is locked.
const TRIES: usize = 8;

/// A file that is not whole yet; it goes when it is dropped.
pub struct Part(NamedTempFile);

impl Part {
    /// A new one beside `target`, whose folder is made where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Unwritable`].
    pub fn beside(target: &Path) -> Result<Part> {
        let folder = target.parent().unwrap_or(Path::new("."));
        let told = |why| Error::Unwritable { path: target.to_owned(), why };
        fs::create_dir_all(folder).map_err(told)?;
        for _ in 0..TRIES {
            let file = atomic_file::named(PREFIX, folder).map_err(told)?;
            // Where a disk knows no locks, nobody takes the file away, either.
            let _ = file.as_file().lock();
            if file.path().exists() {
                return Ok(Part(file));
            }
        }
        Err(told(io::Error::other("another run takes away what is written")))
    }

    /// What is written to.
    pub fn file(&mut self) -> &mut File {
        self.0.as_file_mut()
    }

    /// The whole file takes its place at `target`.
    ///
    /// # Errors
    ///
    /// [`Error::Unwritable`].
    pub fn finish(self, target: &Path) -> Result<()> {
        let told = |why| Error::Unwritable { path: target.to_owned(), why };
        atomic_file::put(self.0, target, None).map_err(told)
    }
}

/// Takes away what killed runs have left in the folders of these files; says how many there
/// were.
pub fn take_leftovers<'a>(targets: impl Iterator<Item = &'a Path>) -> usize {
    let folders: BTreeSet<&Path> = targets.filter_map(Path::parent).collect();
    folders.into_iter().flat_map(parts).filter(|part| is_left(part)).count()
}

/// The files in `folder` that are no whole files.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_part = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(PREFIX) && name.ends_with(SUFFIX)
    };
    entries.map(|entry| entry.path()).filter(is_part).collect()
}

/// Takes a file away that nobody writes any more, and whose lock, therefore, can be had.
fn is_left(path: &Path) -> bool {
    let Ok(file) = File::options().write(true).open(path) else { return false };
    match file.try_lock() {
        Ok(()) => fs::remove_file(path).is_ok(),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn only_what_nobody_writes_any_more_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("sub/track.wav");
        let mut part = Part::beside(&target).unwrap();
        part.file().write_all(b"whole").unwrap();
        let left = target.with_file_name(".effleurage-batch-x.part");
        let foreign = target.with_file_name(".effleurage-x.part");
        fs::write(&left, "half").unwrap();
        fs::write(&foreign, "of a render").unwrap();
        assert_eq!(take_leftovers([target.as_path()].into_iter()), 1);
        assert!(!left.exists() && foreign.exists());
        part.finish(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        assert_eq!(parts(target.parent().unwrap()), Vec::<PathBuf>::new());
    }
}
