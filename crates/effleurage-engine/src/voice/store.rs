//! Where the files of a voice come from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{ClipFault, Error, Result};

/// A minute of the largest recordings that anybody makes.
pub const LARGEST_CLIP_BYTES: u64 = 128 << 20;
/// What every voice has.
pub const MANIFEST: &str = "manifest.toml";

/// Files by name, as they are part of a program.
pub type Files = &'static [(&'static str, &'static [u8])];

/// A clip as it lies in its pack.
pub struct ClipFile {
    /// Its path, for messages.
    pub path: PathBuf,
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
}

/// The files of one voice, by name: of a folder, a package, a program, a page.
pub trait Store: Send + Sync {
    /// The names of all files.
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_>;

    /// Where the file of this name lies, for messages.
    fn path(&self, name: &str) -> PathBuf;

    /// The file's first bytes, one more than `limit` at most; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] where it is there but cannot be read.
    fn read(&self, name: &str, limit: u64) -> Result<Option<Cow<'static, [u8]>>>;

    /// The folder in which the files lie, if they lie in one.
    fn folder(&self) -> Option<&Path> {
        None
    }

    /// Whether nobody can change the files, so that what is written down of them holds.
    fn is_fixed(&self) -> bool {
        false
    }
}

/// The clip in the file of this name.
pub fn clip(store: &dyn Store, name: &str) -> Result<Option<ClipFile>> {
    let path = store.path(name);
    let bytes = store.read(name, LARGEST_CLIP_BYTES)?;
    if bytes.as_ref().is_some_and(|bytes| bytes.len() as u64 > LARGEST_CLIP_BYTES) {
        return Err(Error::BadClip { path, fault: ClipFault::TooLarge });
    }
    Ok(bytes.map(|bytes| ClipFile { path, bytes }))
}

/// Files that are part of the program.
pub struct Embedded {
    /// Where they came from.
    pub folder: PathBuf,
    /// What is in them.
    pub files: Files,
}

impl Store for Embedded {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.files.iter().map(|(name, _)| *name))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn read(&self, name: &str, _: u64) -> Result<Option<Cow<'static, [u8]>>> {
        let file = self.files.iter().find(|(known, _)| *known == name);
        Ok(file.map(|(_, bytes)| Cow::Borrowed(*bytes)))
    }

    fn is_fixed(&self) -> bool {
        true
    }
}

/// Files that somebody has read already, as a page has.
#[derive(Clone, Debug, Default)]
pub struct InMemory(pub BTreeMap<String, Vec<u8>>);

impl Store for InMemory {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.0.keys().map(String::as_str))
    }

    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(name)
    }

    fn read(&self, name: &str, limit: u64) -> Result<Option<Cow<'static, [u8]>>> {
        let first = |bytes: &Vec<u8>| {
            let count = bytes.len().min(usize::try_from(limit + 1).unwrap_or(usize::MAX));
            Cow::Owned(bytes[..count].to_vec())
        };
        Ok(self.0.get(name).map(first))
    }
}
