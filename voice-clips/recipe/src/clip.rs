//! One prompt, from its text to the bytes of its file.

use anyhow::{Context, Result, ensure};

use crate::equaliser::equalise;
use crate::speech::Speaker;
use crate::trim::{milliseconds, trim};
use crate::voice::Voice;
use crate::{flac, loudness, pronounce};

/// The pause between two sentences.
const GAP: usize = milliseconds(450);

/// Makes clips with one voice.
pub struct Studio {
    voice: &'static Voice,
    speaker: Speaker,
}

impl Studio {
    pub fn for_language(language: &str) -> Result<Self> {
        let voice = Voice::of_language(language)?;
        let speaker = Speaker::new(voice)?;
        Ok(Self { voice, speaker })
    }

    /// The whole FLAC file for one prompt.
    pub fn make(&self, id: &str, text: &str) -> Result<Vec<u8>> {
        self.record(id, text).with_context(|| format!("prompt `{id}`"))
    }

    fn record(&self, id: &str, text: &str) -> Result<Vec<u8>> {
        let sentences: Result<Vec<_>> = sentences(text).map(|said| self.say(said)).collect();
        let mut samples = sentences?.join(&[0.0; GAP][..]);
        loudness::level(&mut samples)?;
        flac::encode(id, &samples)
    }

    fn say(&self, sentence: &str) -> Result<Vec<f64>> {
        let said = pronounce::respell(sentence, self.voice.respellings);
        let mut samples = self.speaker.say(&said)?;
        equalise(&mut samples, self.voice.bands);
        let speech = trim(&samples);
        ensure!(!speech.is_empty(), "the engine is silent at: {said}");
        Ok(speech)
    }
}

/// Sentences are spoken apart: the engine's own pause between them is short,
/// and how it says the first would change the second.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let ends = ['.', '!', '?'];
    let pieces = text.split_inclusive(ends).map(str::trim);
    pieces.filter(|piece| piece.contains(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_their_mark() {
        let found: Vec<_> = sentences("Wait... Ready? Go, then!").collect();
        assert_eq!(found, ["Wait.", "Ready?", "Go, then!"]);
    }
}
