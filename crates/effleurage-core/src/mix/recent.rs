//! The clips that sounded last, so that each is fetched once while it sounds.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::Kept;
use crate::timeline::PromptId;

/// A few clips, the last first.
pub struct Recent {
    clips: Mutex<VecDeque<(PromptId, Arc<Vec<f32>>)>>,
    most: usize,
}

impl Recent {
    /// None yet; so many `places` of a track are mixed at a time, and where one comes next,
    /// another was before.
    pub fn at(places: usize) -> Recent {
        Recent { clips: Mutex::default(), most: places + 1 }
    }

    /// The samples of the clip of a prompt, which is `kept`.
    pub fn samples(&self, id: &PromptId, kept: &dyn Kept) -> Arc<Vec<f32>> {
        let clips = || self.clips.lock().unwrap_or_else(PoisonError::into_inner);
        let known = clips().iter().find(|(known, _)| known == id).map(|(_, clip)| clip.clone());
        known.unwrap_or_else(|| {
            // Others may mix meanwhile; at worst, two fetch the same.
            let fetched = kept.fetch();
            let mut clips = clips();
            clips.push_front((id.clone(), fetched.clone()));
            clips.truncate(self.most);
            fetched
        })
    }
}
