//! Words are made ready one by one, those first that somebody waits for: so that the first
//! second sounds, and any other after a jump, while forty clips are still to be decoded.

use std::collections::BTreeMap;

use effleurage_core::mix::ClipSamples;
use effleurage_core::routine::PromptId;
use effleurage_core::timeline::Prompt;
use effleurage_core::units::{FrameRange, Length};
use effleurage_engine::session::Prepared;

/// Clips by prompt, as a session holds them.
pub type Clips = BTreeMap<PromptId, ClipSamples>;

/// Words whose clips are still to be made ready, by where they are, in order.
pub struct Unready(Vec<(FrameRange, PromptId)>);

impl Unready {
    /// The words of a session but those that are `known`; where the others are, it is quiet.
    pub fn of(session: &mut Prepared, mut known: Clips) -> Unready {
        let mut unready = Vec::new();
        let mut clips = Clips::new();
        for prompt in &session.timeline.speech {
            let fits = |clip: &ClipSamples| clip.length() == prompt.range.length;
            if clips.contains_key(&prompt.clip) {
                continue;
            }
            match known.remove(&prompt.clip).filter(fits) {
                Some(samples) => drop(clips.insert(prompt.clip.clone(), samples)),
                None => unready.push((prompt.range, prompt.clip.clone())),
            }
        }
        // Memory holds what was before, or the silence, but not both.
        drop(known);
        for prompt in &session.timeline.speech {
            let silence = || vec![0.0; frames(prompt)].into();
            clips.entry(prompt.clip.clone()).or_insert_with(silence);
        }
        session.sounds.clips = clips;
        Unready(unready)
    }

    /// The clips that sound in `range`, each once, in the order in which they do.
    pub fn within(&self, range: FrameRange) -> Vec<&str> {
        let mut clips: Vec<&str> = Vec::new();
        for (words, clip) in &self.0 {
            if words.intersection(range).is_some() && !clips.contains(&clip.as_str()) {
                clips.push(clip);
            }
        }
        clips
    }

    /// The samples of a clip are those; tells whether they are as many as was planned.
    pub fn fill(&mut self, session: &mut Prepared, clip: &str, samples: Vec<f32>) -> bool {
        let planned = session.sounds.clips.get_mut(clip);
        let Some(quiet) = planned.filter(|quiet| quiet.length() == Length(samples.len() as u64))
        else {
            return false;
        };
        *quiet = samples.into();
        self.0.retain(|(_, waiting)| waiting != clip);
        true
    }

    /// Whether a clip is still to be made ready.
    pub fn has(&self, clip: &str) -> bool {
        self.0.iter().any(|(_, waiting)| waiting == clip)
    }
}

fn frames(prompt: &Prompt) -> usize {
    usize::try_from(prompt.range.length.0).unwrap_or(usize::MAX)
}
