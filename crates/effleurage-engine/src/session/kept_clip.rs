//! Clips that are ready and kept, read again when they sound.

use std::sync::Arc;

use super::Speaking;
use crate::mix::Kept;
use crate::units::Length;
use crate::voice::ClipSource;

/// A clip that the memory of its source has.
pub struct KeptClip {
    /// Where it comes from.
    pub source: Arc<ClipSource>,
    /// How it is made ready.
    pub speaking: Speaking,
}

impl Kept for KeptClip {
    fn length(&self) -> Length {
        self.source.length(self.speaking.rate)
    }

    /// What is remembered no more is made again, as it was before.
    fn fetch(&self) -> Arc<Vec<f32>> {
        let lost = |_| vec![f32::NAN; self.length().0 as usize];
        let clip = self.speaking.clip(&self.source);
        Arc::new(clip.map_or_else(lost, |clip| clip.samples))
    }
}
