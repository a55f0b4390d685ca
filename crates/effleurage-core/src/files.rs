//! Where files come from: routines, own sounds, the clips of a voice. Whoever runs the core
//! has them, in a folder, in the program or in memory, and is asked by name.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

/// What is in a file.
pub type Bytes = Cow<'static, [u8]>;

/// Files by name.
pub trait Files: Send + Sync {
    /// The first bytes of the file called `name`, one more than `limit` at least if it has so
    /// many, so that a larger one is seen to be larger; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where it is there but cannot be read.
    fn read(&self, name: &Path, limit: u64) -> Result<Option<Bytes>, Unread>;
}

/// Why a file is not read, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Why.
    pub why: String,
    /// What to do.
    pub help: String,
}

impl Unread {
    /// No file is called so.
    pub fn missing() -> Unread {
        Unread {
            why: "no such file or directory".to_owned(),
            help: "check its name and the folder you are in".to_owned(),
        }
    }
}

/// No files at all.
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &Path, _: u64) -> Result<Option<Bytes>, Unread> {
        let why = "no files can be read here".to_owned();
        Err(Unread { why, help: "name one that is built in".to_owned() })
    }
}

/// Files that are part of a program.
#[derive(Clone, Copy)]
pub struct Embedded(pub &'static [(&'static str, &'static [u8])]);

impl Files for Embedded {
    fn read(&self, name: &Path, _: u64) -> Result<Option<Bytes>, Unread> {
        let file = self.0.iter().find(|(known, _)| Path::new(known) == name);
        Ok(file.map(|(_, bytes)| Cow::Borrowed(*bytes)))
    }
}

/// Files that somebody has read already, as a page has.
#[derive(Clone, Debug, Default)]
pub struct InMemory(pub BTreeMap<String, Vec<u8>>);

impl Files for InMemory {
    fn read(&self, name: &Path, limit: u64) -> Result<Option<Bytes>, Unread> {
        let file = name.to_str().and_then(|name| self.0.get(name));
        Ok(file.map(|bytes| first(bytes, limit)))
    }
}

/// A copy of the first of some `bytes`, one more than `limit` at most.
pub fn first(bytes: &[u8], limit: u64) -> Bytes {
    let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    Cow::Owned(bytes[..bytes.len().min(most)].to_vec())
}
