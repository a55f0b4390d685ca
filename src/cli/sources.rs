//! What a new file must not take the place of.

use std::io;
use std::path::{Path, PathBuf};

use super::input;
use crate::atomic_file::same_file;
use crate::error::{Error, Result};
use crate::voice::Pack;

/// Refuses to write the `made` thing over what it is made from: its routine, `files`, or
/// any file of its voice.
pub fn protect(
    target: &Path,
    made: &str,
    routine: &Path,
    files: &[PathBuf],
    pack: &Pack,
) -> Result<()> {
    let routine = Some(routine.to_owned()).filter(|path| input::is_file(path));
    let mut sources = routine.into_iter().chain(pack.files()).chain(files.iter().cloned());
    if sources.any(|path| same_file(&path, target)) {
        let why = io::Error::other(format!("the {made} is made from this file"));
        Err(Error::Unwritable { path: target.to_owned(), why })
    } else {
        Ok(())
    }
}
