//! Clips that were made ready for one session and serve the next: somebody who moves a
//! slider needs one or two others, and not forty again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use effleurage_engine::voice::{Key, Memory};

/// What is kept once a session needs it no more: half a session.
const MOST_BYTES: usize = 16 << 20;

/// By key, each with whether the last session used it.
type Clips = BTreeMap<String, (Vec<u8>, bool)>;

/// The clips that are kept.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Clips>>);

impl Kept {
    /// A new session begins: what it does not use goes, where there is much.
    pub fn begin(&self) {
        self.clips().values_mut().for_each(|(_, used)| *used = false);
    }

    /// The session has all that it needs.
    pub fn end(&self) {
        let mut clips = self.clips();
        let unused = clips.values().filter(|(_, used)| !used);
        if unused.map(|(clip, _)| clip.len()).sum::<usize>() > MOST_BYTES {
            clips.retain(|_, (_, used)| *used);
        }
    }

    fn clips(&self) -> MutexGuard<'_, Clips> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory for Kept {
    fn is_on(&self) -> bool {
        true
    }

    fn get(&self, key: &Key) -> Option<Vec<u8>> {
        let mut clips = self.clips();
        let (clip, used) = clips.get_mut(&key.name())?;
        *used = true;
        Some(clip.clone())
    }

    fn put(&self, key: &Key, content: &[u8]) {
        self.clips().insert(key.name(), (content.to_vec(), true));
    }
}
