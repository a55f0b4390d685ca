//! The files of a voice that a page has given by now.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use effleurage_core::files::{Bytes, Files, Unread, first};
use effleurage_engine::voice::Store;

/// Each line is the name of a prompt and how long its clip is; so a plan needs no clip.
const LENGTHS: &str = "lengths.txt";
/// What the names of those clips end in.
const ENDING: &str = ".opus";

/// Files by name; nothing for a clip that `lengths.txt` tells of and that is still to come.
#[derive(Clone, Debug, Default)]
pub struct Shelf(Arc<BTreeMap<String, Option<Vec<u8>>>>);

impl Shelf {
    /// Keeps a file.
    pub fn put(&mut self, name: String, file: Vec<u8>) {
        let files = Arc::make_mut(&mut self.0);
        if name == LENGTHS {
            let text = String::from_utf8_lossy(&file);
            let ids = text.lines().filter_map(|line| line.split_once(' '));
            for (id, _) in ids {
                files.entry(format!("{id}{ENDING}")).or_insert(None);
            }
        }
        files.insert(name, Some(file));
    }
}

impl Files for Shelf {
    fn read(&self, name: &Path, limit: u64) -> Result<Option<Bytes>, Unread> {
        let file = name.to_str().and_then(|name| self.0.get(name));
        Ok(file
            .map(|file| file.as_deref().map_or(Cow::Borrowed(&[][..]), |file| first(file, limit))))
    }
}

impl Store for Shelf {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.0.keys().map(String::as_str))
    }

    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(name)
    }

    /// The clips are those of the project, and so are their lengths.
    fn is_fixed(&self) -> bool {
        self.0.contains_key(LENGTHS)
    }
}
