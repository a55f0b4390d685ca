//! The voices of a table, each opened once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::bank::Bank;
use crate::error::Error;
use crate::voice::{self, Memory, Pack};

/// A voice, or why there is none and what to do.
type Opened = Result<Arc<Pack>, (String, String)>;

/// Every voice that was asked for by now.
pub struct Voices {
    bank: Bank,
    opened: Mutex<BTreeMap<String, Arc<OnceLock<Opened>>>>,
}

impl Voices {
    /// None yet; their clips are looked up in memory, of which they take so many bytes at most,
    /// and `behind` it.
    pub fn remembering(behind: impl Memory + 'static, most_bytes: usize) -> Voices {
        Voices { bank: Bank::before(behind, most_bytes), opened: Mutex::default() }
    }

    /// The voice that is asked for in the words of `--voice`.
    ///
    /// # Errors
    ///
    /// Why there is none, and what to do.
    pub fn named(&self, name: &str) -> Opened {
        let mut all = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = all.entry(name.to_owned()).or_default().clone();
        drop(all);
        let open = || {
            let told = |error: Error| (error.to_string(), error.help());
            let pack = voice::open(Path::new(name)).map_err(told)?;
            Ok(Arc::new(pack.remembering(self.bank.clone())))
        };
        opened.get_or_init(open).clone()
    }

    /// Every file of every voice that was opened.
    pub fn files(&self) -> Vec<PathBuf> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let packs = opened.values().filter_map(|voice| voice.get()?.as_ref().ok());
        packs.flat_map(|pack| pack.files()).collect()
    }
}
