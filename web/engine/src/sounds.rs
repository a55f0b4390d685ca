//! Sound files of the person's own, for ticks and the background.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use effleurage_core::files::{Bytes, Files, Unread, first};

/// What the names of such files begin with where a page gives them.
pub const FOLDER: &str = "sound/";

/// Files by the name that a flag or a routine calls them.
#[derive(Clone, Default)]
pub struct OwnSounds(Arc<BTreeMap<String, Vec<u8>>>);

impl OwnSounds {
    /// Keeps a file.
    pub fn put(&mut self, name: &str, file: Vec<u8>) {
        Arc::make_mut(&mut self.0).insert(name.to_owned(), file);
    }
}

impl Files for OwnSounds {
    fn read(&self, path: &Path, limit: u64) -> Result<Option<Bytes>, Unread> {
        let file = self.0.get(path.to_string_lossy().as_ref()).ok_or_else(|| Unread {
            why: "this file is not here".to_owned(),
            help: "choose it on this page, or name a sound that is built in".to_owned(),
        })?;
        Ok(Some(first(file, limit)))
    }
}
