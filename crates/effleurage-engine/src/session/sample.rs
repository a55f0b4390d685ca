//! A short track in which several voices say the same, so that one is chosen by ear.

use super::Prepared;
use crate::error::{Error, Result};
use crate::mix::Sounds;
use crate::routine::words::Room;
use crate::tags::Tags;
use crate::timeline::{Prompt, Section, SectionKind, Timeline};
use crate::units::{FrameRange, Length, Position, SampleRate};
use crate::voice::Pack;
use crate::voice::level::LoudnessTarget;

/// What each voice says: who it is, an instruction, the shortest of words, a farewell.
const LINES: [&str; 4] = ["my-name", "self-circles", "zone-calf", "goodbye"];
/// Between two lines, and between two voices, in milliseconds.
const BREATH_MS: u64 = 500;
const BETWEEN_VOICES_MS: u64 = 1_500;

/// Every voice in turn says its name and the same three lines, as far as it knows them; a
/// section of the result is called after each.
///
/// # Errors
///
/// [`Error::BadClip`] where a clip cannot be used, and [`Error::MissingPrompts`] where no
/// voice knows any of the lines.
pub fn sample(packs: &[Pack], rate: SampleRate) -> Result<Prepared> {
    let title = "Voices".to_owned();
    let timeline = Timeline { title, ..Timeline::empty("voices", "", rate) };
    let mut track = Track { timeline, sounds: Sounds::default() };
    for pack in packs {
        track.add(pack)?;
    }
    if track.timeline.speech.is_empty() {
        Err(Error::MissingPrompts {
            voice: packs.iter().map(|pack| pack.id.as_str()).collect::<Vec<_>>().join(","),
            prompts: LINES.map(str::to_owned).to_vec(),
            routine: None,
        })
    } else {
        let title = track.timeline.title.clone();
        // Several (ISO 639-2).
        let tags = Tags { title, language: "mul".to_owned(), ..Tags::default() };
        Ok(Prepared { timeline: track.timeline, tags, sounds: track.sounds })
    }
}

struct Track {
    timeline: Timeline,
    sounds: Sounds,
}

impl Track {
    fn add(&mut self, pack: &Pack) -> Result<()> {
        let rate = self.timeline.sample_rate;
        let millis = |millis| rate.length_of(std::time::Duration::from_millis(millis));
        let start = Position::START + self.timeline.length();
        let mut at = start + millis(BETWEEN_VOICES_MS);
        let first = self.timeline.speech.len();
        for line in LINES {
            let Some(source) = pack.clip_source(line)? else { continue };
            let samples = source.prepare(rate, Room::Off, LoudnessTarget::USUAL)?.samples;
            let range = FrameRange::new(at, Length(samples.len() as u64));
            at = range.end_exclusive() + millis(BREATH_MS);
            let clip = format!("{}.{line}", pack.id);
            let text = pack.vocabulary.text(line).to_owned();
            self.sounds.clips.insert(clip.clone(), samples.into());
            self.timeline.speech.push(Prompt { range, clip, text });
        }
        if self.timeline.speech.len() > first {
            self.timeline.sections.push(Section {
                id: pack.id.clone(),
                title: format!("{}: {}", pack.id, pack.manifest.name),
                begins: None,
                kind: SectionKind::LeadIn,
                range: FrameRange::new(start, at.since(start)),
            });
        }
        Ok(())
    }
}
