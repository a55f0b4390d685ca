//! Sound files of the person's own, for ticks and the background.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use effleurage_core::routine::Unread;

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

    /// The file's first bytes, one more than `most`.
    pub fn read(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
        let name = path.to_string_lossy();
        let file = self.0.get(name.as_ref()).ok_or_else(|| Unread {
            why: "this file is not here".to_owned(),
            help: "choose it on this page, or name a sound that is built in".to_owned(),
        })?;
        let most = usize::try_from(most).unwrap_or(usize::MAX).saturating_add(1);
        Ok(file[..file.len().min(most)].to_vec())
    }
}
