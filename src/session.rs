//! The one place where the stages meet: routine, voice, plan, mix, file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Report, Source};
use crate::error::{Error, Result};
use crate::mix::{Mixer, Sounds};
use crate::routine::{PromptId, Reading};
use crate::timeline::{Measure, PlanFault, Speech, Timeline};
use crate::units::{Decibels, Length, Position, SampleRate};
use crate::voice::{self, Pack, Recording, level};
use crate::{chime, routine, tick, timeline, wav};

/// A routine, planned to the frame, and the recordings that it needs.
pub struct Session {
    /// What sounds when.
    pub timeline: Timeline,
    /// What the author may not have meant.
    pub warnings: Report,
    recordings: Recordings,
}

/// What an ear notices between one prompt and the next.
const NOTICEABLE: Decibels = Decibels(1.0);

/// Recordings by prompt, each with the file it comes from.
type Recordings = BTreeMap<PromptId, (PathBuf, Recording)>;

impl Session {
    /// Plans the routine in `source`, spoken by `pack`, at `rate`.
    pub fn plan(source: &Source, pack: &Pack, rate: SampleRate) -> Result<Session> {
        let Reading { routine, mut diagnostics } = routine::read(&source.text, &pack.vocabulary);
        let report = |diagnostics| Report::new(source.clone(), diagnostics);
        let refused = |diagnostics| Error::Mistakes(Box::new(report(diagnostics)));
        let broken = diagnostics.iter().any(Diagnostic::is_error);
        let Some(routine) = routine else { return Err(refused(diagnostics)) };

        let parts = timeline::outline::outline(&routine, &pack.vocabulary);
        let mut prompts = timeline::outline::prompts(&parts);
        prompts.retain(|prompt| !broken || pack.vocabulary.contains(prompt));
        let recordings = match recordings(pack, prompts) {
            Ok(recordings) => recordings,
            Err(_) if broken => return Err(refused(diagnostics)),
            Err(error) => return Err(error),
        };
        let lengths = lengths(&recordings, rate);
        let speech = Speech { voice: &pack.id, vocabulary: &pack.vocabulary, lengths: &lengths };
        diagnostics.extend(timeline::misfits(&parts, &Measure { speech: &speech, rate }));
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(refused(diagnostics));
        }
        let timeline =
            timeline::plan(&routine, &parts, &speech, rate).map_err(|fault| match fault {
                PlanFault::Missing(prompts) => {
                    Error::MissingPrompts { voice: pack.id.clone(), prompts }
                }
                PlanFault::DoesNotFit(mistakes) => refused(mistakes),
            })?;
        Ok(Session { timeline, warnings: report(diagnostics), recordings })
    }

    /// The files that the session's clips come from.
    pub fn clip_paths(&self) -> impl Iterator<Item = &Path> {
        self.recordings.values().map(|(path, _)| path.as_path())
    }

    /// Makes every sound of the session ready. `stop` is asked between clips; `quiet`
    /// is told of those that come out quieter than they should, and by how much.
    pub fn sounds(
        &self,
        stop: &(dyn Fn() -> Option<i32> + Sync),
        quiet: &(dyn Fn(&Path, Decibels) + Sync),
    ) -> Result<Sounds> {
        let rate = self.timeline.sample_rate;
        let clips = self.recordings.par_iter().map(|(id, (path, recording))| {
            if let Some(signal) = stop() {
                return Err(Error::Interrupted(signal));
            }
            let clip = voice::prepare(recording, rate);
            let clip = clip.map_err(|fault| Error::BadClip { path: path.clone(), fault })?;
            let missing = level::TARGET - clip.loudness;
            if missing > NOTICEABLE {
                quiet(path, missing);
            }
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
        let mixer = self.mixer(sounds)?;
        let mut mix = |at: Position, block: &mut [f32]| mixer.mix(at, block);
        wav::write_to_file(path, format, &mut self.frames(&mut mix), watch)
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
        let mixer = self.mixer(sounds)?;
        let mut mix = |at: Position, block: &mut [f32]| mixer.mix(at, block);
        wav::write_to_stream(name, out, format, &mut self.frames(&mut mix), watch)
    }

    fn mixer<'a>(&'a self, sounds: &'a Sounds) -> Result<Mixer<'a>> {
        let lost = || Error::Ours { what: "a planned sound is missing".to_owned() };
        Mixer::new(&self.timeline, sounds).ok_or_else(lost)
    }

    fn frames<'a>(&self, mix: &'a mut dyn FnMut(Position, &mut [f32]) -> bool) -> wav::Frames<'a> {
        wav::Frames { length: self.timeline.length(), mix, block: None }
    }
}

fn lengths(recordings: &Recordings, rate: SampleRate) -> BTreeMap<PromptId, Length> {
    let length = |(_, recording): &(_, Recording)| voice::length(recording, rate);
    recordings.iter().map(|(id, recording)| (id.clone(), length(recording))).collect()
}

/// Decodes the clips of `prompts`, on all cores; names all that are missing at once.
fn recordings(pack: &Pack, prompts: BTreeSet<PromptId>) -> Result<Recordings> {
    let decoded = prompts.into_par_iter().map(|prompt| {
        let file = pack.clip(&prompt)?;
        let recording = file.map(|file| Ok((voice::recording(&file)?, file.path)));
        Ok((prompt, recording.transpose()?))
    });
    let decoded: Vec<(PromptId, Option<(Recording, PathBuf)>)> = decoded.collect::<Result<_>>()?;
    let mut recordings = Recordings::new();
    let mut missing = Vec::new();
    for (prompt, clip) in decoded {
        match clip {
            Some((recording, path)) => drop(recordings.insert(prompt, (path, recording))),
            None => missing.push(prompt),
        }
    }
    match missing.is_empty() {
        true => Ok(recordings),
        false => Err(Error::MissingPrompts { voice: pack.id.clone(), prompts: missing }),
    }
}
