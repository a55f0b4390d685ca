//! Where the files of a voice come from.

use std::path::{Path, PathBuf};

use crate::error::{ClipFault, Error, Result};
use crate::files::{Bytes, Embedded, Files, Unread};

/// A minute of the largest recordings that anybody makes.
pub const LARGEST_CLIP_BYTES: u64 = 128 << 20;
/// What every voice has.
pub const MANIFEST: &str = "manifest.toml";

/// A clip as it lies in its pack.
pub struct ClipFile {
    /// Its path, for messages.
    pub path: PathBuf,
    /// What is in it.
    pub bytes: Bytes,
}

/// The files of one voice, by name: of a folder, a package, a program, a page.
pub trait Store: Files {
    /// The names of all files.
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_>;

    /// Where the file of this name lies, for messages.
    fn path(&self, name: &str) -> PathBuf;

    /// The folder in which the files lie, if they lie in one.
    fn folder(&self) -> Option<&Path> {
        None
    }

    /// Whether nobody can change the files, so that what is written down of them holds.
    fn is_fixed(&self) -> bool {
        false
    }
}

/// What is in the file of this name; see [`Files::read`].
///
/// # Errors
///
/// [`Error::Unreadable`] where it is there but cannot be read.
pub fn read(store: &dyn Store, name: &str, limit: u64) -> Result<Option<Bytes>> {
    store.read(name.as_ref(), limit).map_err(|unread| Error::unread(store.path(name), unread))
}

/// The clip in the file of this name.
pub fn clip(store: &dyn Store, name: &str) -> Result<Option<ClipFile>> {
    let path = store.path(name);
    let bytes = read(store, name, LARGEST_CLIP_BYTES)?;
    if bytes.as_ref().is_some_and(|bytes| bytes.len() as u64 > LARGEST_CLIP_BYTES) {
        return Err(Error::BadClip { path, fault: ClipFault::TooLarge });
    }
    Ok(bytes.map(|bytes| ClipFile { path, bytes }))
}

/// The files of a voice that is part of the program.
pub struct BuiltIn {
    /// Where they came from.
    pub folder: PathBuf,
    /// What is in them.
    pub files: Embedded,
}

impl Files for BuiltIn {
    fn read(&self, name: &Path, limit: u64) -> std::result::Result<Option<Bytes>, Unread> {
        self.files.read(name, limit)
    }
}

impl Store for BuiltIn {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.files.0.iter().map(|(name, _)| *name))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn is_fixed(&self) -> bool {
        true
    }
}
