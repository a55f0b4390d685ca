//! Clips that were made ready for one session and serve the next: somebody who moves a
//! slider needs one or two others, and not forty again. They move from session to session,
//! so that memory holds each of them once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use effleurage_core::routine::PromptId;
use effleurage_engine::voice::{Key, Memory};

/// Clips by prompt, as a session holds them.
pub type Clips = BTreeMap<PromptId, Vec<f32>>;

/// The clips of the session before, and what is known of those of this one.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By the names of their keys: the loudness, as it is written, and the samples.
    before: BTreeMap<String, (Loudness, Vec<f32>)>,
    /// Whether any of them served this session.
    served: bool,
    /// What was made ready for this session, by what its samples look like.
    made: BTreeMap<u64, (String, Loudness)>,
    /// The same by prompt, once the session has them.
    now: BTreeMap<PromptId, (String, Loudness)>,
}

/// The first bytes of what is remembered of a clip; its samples follow.
type Loudness = [u8; 8];

impl Kept {
    /// Another session begins, and these are the clips of the one before.
    pub fn begin(&self, clips: Clips) {
        let mut state = self.state();
        let now = std::mem::take(&mut state.now);
        for (prompt, samples) in clips {
            if let Some((key, loudness)) = now.get(&prompt) {
                state.before.insert(key.clone(), (*loudness, samples));
            }
        }
        state.made.clear();
        state.served = false;
    }

    /// The session has these clips. Where it is `whole`, no others are kept; nor where not one
    /// of them served its beginning, as in another room.
    pub fn end(&self, clips: &Clips, whole: bool) {
        let mut state = self.state();
        for (prompt, samples) in clips {
            let look = look(samples.iter().map(|sample| sample.to_bits()));
            if let Some(made) = state.made.get(&look).cloned() {
                state.now.insert(prompt.clone(), made);
            }
        }
        if whole || !state.served {
            state.before.clear();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory for Kept {
    fn is_on(&self) -> bool {
        true
    }

    fn get(&self, key: &Key) -> Option<Vec<u8>> {
        let mut state = self.state();
        let name = key.name();
        let (loudness, samples) = state.before.remove(&name)?;
        state.served = true;
        let look = look(samples.iter().map(|sample| sample.to_bits()));
        state.made.insert(look, (name, loudness));
        let samples = samples.iter().flat_map(|sample| sample.to_le_bytes());
        Some(loudness.into_iter().chain(samples).collect())
    }

    fn put(&self, key: &Key, content: &[u8]) {
        // What is remembered of a length only is no clip.
        let Some((loudness, samples)) = content.split_first_chunk() else { return };
        let (samples, _) = samples.as_chunks();
        let look = look(samples.iter().map(|sample| u32::from_le_bytes(*sample)));
        self.state().made.insert(look, (key.name(), *loudness));
    }
}

/// Tells clips apart (FNV-1a, four bytes at a time).
fn look(samples: impl Iterator<Item = u32>) -> u64 {
    samples.fold(0xcbf2_9ce4_8422_2325, |hash, sample| {
        (hash ^ u64::from(sample)).wrapping_mul(0x0100_0000_01b3)
    })
}
