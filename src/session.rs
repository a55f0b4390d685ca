//! The one place where the stages meet: routine, voice, plan, mix, file.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::diagnostic::{Report, Source};
use crate::error::{Error, Result};
use crate::mix::{Mixer, Sounds};
use crate::routine::{PromptId, Routine, Vocabulary};
use crate::timeline::{PlanFault, Speech, Timeline};
use crate::units::{Length, SampleRate};
use crate::voice::decode::Recording;
use crate::voice::{self, Pack};
use crate::{chime, routine, tick, timeline, wav};

/// A routine, planned to the frame, and the recordings that it needs.
pub struct Session {
    /// What sounds when.
    pub timeline: Timeline,
    /// What the author may not have meant.
    pub warnings: Report,
    recordings: BTreeMap<PromptId, (voice::ClipFile, Recording)>,
}

/// Reads the routine in `source`, as spoken by `pack`.
pub fn read(source: &Source, vocabulary: &Vocabulary) -> Result<(Routine, Report)> {
    let told = |mistakes| Report::new(source.clone(), mistakes);
    match routine::read(&source.text, vocabulary) {
        Ok((routine, warnings)) => Ok((routine, told(warnings))),
        Err(mistakes) => Err(Error::Mistakes(Box::new(told(mistakes)))),
    }
}

impl Session {
    /// Plans the routine in `source`, spoken by `pack`, at `rate`.
    pub fn plan(source: &Source, pack: &Pack, rate: SampleRate) -> Result<Session> {
        let (routine, warnings) = read(source, &pack.vocabulary)?;
        let parts = timeline::outline::outline(&routine, &pack.vocabulary);
        let recordings = recordings(pack, timeline::outline::prompts(&parts))?;
        let length = |(_, recording): &(_, Recording)| voice::length(recording, rate);
        let lengths: BTreeMap<PromptId, Length> =
            recordings.iter().map(|(id, recording)| (id.clone(), length(recording))).collect();
        let speech = Speech { voice: &pack.id, vocabulary: &pack.vocabulary, lengths: &lengths };
        let timeline = timeline::plan(&routine, &speech, rate).map_err(|fault| match fault {
            PlanFault::Missing(prompts) => {
                Error::MissingPrompts { voice: pack.id.clone(), prompts }
            }
            PlanFault::DoesNotFit(mistakes) => {
                Error::Mistakes(Box::new(Report::new(source.clone(), mistakes)))
            }
        })?;
        Ok(Session { timeline, warnings, recordings })
    }

    /// The files that the session's clips come from.
    pub fn clip_paths(&self) -> impl Iterator<Item = &Path> {
        self.recordings.values().map(|(file, _)| file.path.as_path())
    }

    /// Makes every sound of the session ready. `stop` is asked between clips.
    pub fn sounds(&self, stop: &(dyn Fn() -> Option<i32> + Sync)) -> Result<Sounds> {
        let rate = self.timeline.sample_rate;
        let clips = self.recordings.par_iter().map(|(id, (file, recording))| {
            if let Some(signal) = stop() {
                return Err(Error::Interrupted(signal));
            }
            let clip = voice::prepare(recording, rate);
            let clip = clip.map_err(|fault| Error::BadClip { path: file.path.clone(), fault })?;
            Ok((id.clone(), clip.samples))
        });
        let chime = |chime: &timeline::Chime| chime::samples(chime.kind, chime.range.length, rate);
        Ok(Sounds {
            clips: clips.collect::<Result<_>>()?,
            ticks: tick::bank(&self.timeline),
            chimes: self.timeline.chimes.iter().map(chime).collect(),
        })
    }

    /// Renders the session to the file at `path`.
    pub fn render_to_file(
        &self,
        sounds: &Sounds,
        path: &Path,
        format: &wav::Format,
        watch: &wav::Watch<'_>,
    ) -> Result<()> {
        let mixer = Mixer::new(&self.timeline, sounds);
        wav::write_to_file(
            path,
            format,
            &mut self.source(&mut |at, block| mixer.mix(at, block)),
            watch,
        )
    }

    /// Renders the session to a stream that cannot seek.
    pub fn render_to_stream(
        &self,
        sounds: &Sounds,
        name: &Path,
        out: impl std::io::Write,
        format: &wav::Format,
        watch: &wav::Watch<'_>,
    ) -> Result<()> {
        let mixer = Mixer::new(&self.timeline, sounds);
        let mut mix = |at, block: &mut [f32]| mixer.mix(at, block);
        wav::write_to_stream(name, out, format, &mut self.source(&mut mix), watch)
    }

    fn source<'a>(
        &self,
        mix: &'a mut dyn FnMut(crate::units::Position, &mut [f32]) -> bool,
    ) -> wav::Source<'a> {
        wav::Source { length: self.timeline.length(), mix, block: None }
    }
}

/// Decodes the clips of `prompts`, on all cores; names all that are missing at once.
fn recordings(
    pack: &Pack,
    prompts: impl IntoIterator<Item = PromptId>,
) -> Result<BTreeMap<PromptId, (voice::ClipFile, Recording)>> {
    let mut files = Vec::new();
    let mut missing = Vec::new();
    for prompt in prompts {
        match pack.clip(&prompt)? {
            Some(file) => files.push((prompt, file)),
            None => missing.push(prompt),
        }
    }
    if !missing.is_empty() {
        return Err(Error::MissingPrompts { voice: pack.id.clone(), prompts: missing });
    }
    let decoded = files.into_par_iter().map(|(prompt, file)| {
        let recording = voice::recording(&file)?;
        Ok((prompt, (file, recording)))
    });
    decoded.collect()
}
