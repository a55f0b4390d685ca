//! The one place where the stages meet: routine, voice, plan, mix, file.

mod copies;
mod outcomes;
mod sounds;
mod wish;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Report};
use crate::error::{Error, Result};
use crate::mix::{Mixer, Sounds};
use crate::routine::asked::Asked;
use crate::routine::phrases::Phrases;
use crate::routine::{PromptId, Request, Routine};
use crate::timeline::{Measure, PlanFault, Speech, Timeline};
use crate::units::{Decibels, Length, Position, SampleRate};
use crate::voice::{self, Pack, Recording};
use crate::{chime, timeline, wav};
use sounds::OwnSounds;
use wish::Wish;

/// A routine, planned to the frame, and the recordings that it needs.
pub struct Session {
    /// What sounds when.
    pub timeline: Timeline,
    /// What was asked for, beside what was written.
    pub asked: Asked,
    /// What the author may not have meant.
    pub warnings: Report,
    /// The files that it is made from, besides those of the voice.
    pub files: Vec<PathBuf>,
    recordings: Recordings,
    own: OwnSounds,
}

/// What an ear notices between one prompt and the next.
const NOTICEABLE: Decibels = Decibels(1.0);

/// Recordings by prompt, each with the file it comes from.
type Recordings = BTreeMap<PromptId, (PathBuf, Recording)>;

impl Session {
    /// What is requested, as a routine without mistakes; its words need not fit.
    pub fn read(request: &Request<'_>, pack: &Pack) -> Result<Routine> {
        let wish = Wish::read(request, pack)?;
        let broken = wish.diagnostics.iter().any(Diagnostic::is_error);
        match wish.routine.filter(|_| !broken) {
            Some(routine) => Ok(routine),
            None => Err(Error::Mistakes(Box::new(Report::new(wish.sources, wish.diagnostics)))),
        }
    }

    /// Every prompt that a routine asks for, spoken by the first built-in voice, which
    /// knows them all.
    pub fn prompts(request: &Request<'_>) -> Result<BTreeSet<PromptId>> {
        let pack = Pack::open("en".as_ref())?;
        let routine = Session::read(request, &pack)?;
        Ok(timeline::outline::prompts(&timeline::outline::outline(&routine, &pack.vocabulary)))
    }

    /// Plans what is requested, spoken by `pack`, at `rate`.
    pub fn plan(request: &Request<'_>, pack: &Pack, rate: SampleRate) -> Result<Session> {
        let wish = Wish::read(request, pack)?;
        let refused =
            |diagnostics| Error::Mistakes(Box::new(Report::new(wish.sources.clone(), diagnostics)));
        let mut diagnostics = wish.diagnostics.clone();
        let broken = diagnostics.iter().any(Diagnostic::is_error);
        let Some(routine) = &wish.routine else { return Err(refused(diagnostics)) };
        let recordings = match recordings(pack, prompts(routine, pack, broken)) {
            Ok(recordings) => recordings,
            Err(_) if broken => return Err(refused(diagnostics)),
            Err(error) => return Err(error),
        };
        let lengths = lengths(&recordings, rate);
        let own = match broken {
            true => OwnSounds::default(),
            false => OwnSounds::read(routine, &wish.sources, rate).map_err(refused)?,
        };
        let speech = Speech {
            voice: &pack.id,
            vocabulary: &pack.vocabulary,
            lengths: &lengths,
            own_tick: own.tick.as_ref().map_or(Length::ZERO, |tick| Length(tick.len() as u64)),
        };
        let measure = Measure { speech: &speech, rate };
        if broken {
            let parts = timeline::outline::outline(routine, &pack.vocabulary);
            diagnostics.extend(timeline::misfits(&parts, &measure));
            return Err(refused(diagnostics));
        }
        let routine = timeline::fit(routine.clone(), &measure).map_err(|no| refused(vec![no]))?;
        let parts = timeline::outline::outline(&routine, &pack.vocabulary);
        let mut timeline = match timeline::plan(&routine, &parts, &speech, rate) {
            Ok(timeline) => timeline,
            Err(PlanFault::Missing(prompts)) => {
                return Err(Error::MissingPrompts { voice: pack.id.clone(), prompts });
            }
            Err(PlanFault::DoesNotFit(mistakes)) => {
                diagnostics.extend(mistakes);
                return Err(refused(diagnostics));
            }
        };
        timeline.notes.splice(0..0, wish.notes);
        let files = wish.sources.files().chain(own.files.iter().cloned()).collect();
        let warnings = Report::new(wish.sources, diagnostics);
        Ok(Session { timeline, asked: wish.asked, warnings, files, recordings, own })
    }

    /// Makes every sound of the session ready. `stop` is asked between clips; `quiet`
    /// is told of those that come out quieter than they should, and by how much.
    pub fn prepare(
        self,
        stop: &(dyn Fn() -> Option<i32> + Sync),
        quiet: &(dyn Fn(&Path, Decibels) + Sync),
    ) -> Result<Prepared> {
        let timeline = self.timeline;
        let rate = timeline.sample_rate;
        let bed = self.own.bed(&timeline);
        let aim = sounds::aim(&timeline, &bed);
        let said: BTreeSet<&str> =
            timeline.speech.iter().map(|prompt| prompt.clip.as_str()).collect();
        let mut recordings = self.recordings;
        recordings.retain(|id, _| said.contains(id.as_str()));
        let clips = recordings.into_par_iter().map(|(id, (path, recording))| {
            if let Some(signal) = stop() {
                return Err(Error::Interrupted(signal));
            }
            let clip = voice::prepare(&recording, rate, aim);
            let clip = clip.map_err(|fault| Error::BadClip { path: path.clone(), fault })?;
            let missing = aim.loudness - clip.loudness;
            if missing > NOTICEABLE {
                quiet(&path, missing);
            }
            Ok((id, clip.samples))
        });
        let chime = |chime: &timeline::Chime| chime::samples(chime.kind, chime.range.length, rate);
        let sounds = Sounds {
            clips: all(clips.collect())?.into_iter().collect(),
            ticks: sounds::ticks(&timeline, self.own.tick.as_deref()),
            chimes: timeline.chimes.iter().map(chime).collect(),
            bed,
        };
        Ok(Prepared { timeline, sounds })
    }
}

/// A session whose every sound is ready: all that is left is to mix and write it.
pub struct Prepared {
    /// What sounds when.
    pub timeline: Timeline,
    /// What it sounds like.
    pub sounds: Sounds,
}

impl Prepared {
    /// Renders the session to the file at `path`.
    pub fn render_to_file(
        &self,
        path: &Path,
        format: &wav::Format,
        watch: &wav::Watch<'_>,
    ) -> Result<()> {
        let mixer = self.mixer()?;
        let mut mix = |at: Position, block: &mut [f32]| mixer.mix(at, block);
        wav::write_to_file(path, format, &mut self.frames(&mut mix), watch)
    }

    /// Renders the session to a stream that cannot seek; `name` is for messages.
    pub fn render_to_stream(
        &self,
        name: &Path,
        out: impl std::io::Write,
        format: &wav::Format,
        watch: &wav::Watch<'_>,
    ) -> Result<()> {
        let mixer = self.mixer()?;
        let mut mix = |at: Position, block: &mut [f32]| mixer.mix(at, block);
        wav::write_to_stream(name, out, format, &mut self.frames(&mut mix), watch)
    }

    fn mixer(&self) -> Result<Mixer<'_>> {
        let lost = || Error::Ours { what: "a planned sound is missing".to_owned() };
        Mixer::new(&self.timeline, &self.sounds).ok_or_else(lost)
    }

    fn frames<'a>(&self, mix: &'a mut dyn FnMut(Position, &mut [f32]) -> bool) -> wav::Frames<'a> {
        wav::Frames { length: self.timeline.length(), mix, block: None }
    }
}

/// All results, or every error; but a person who stopped it wants no others.
fn all<T>(results: Vec<Result<T>>) -> Result<Vec<T>> {
    let mut good = Vec::with_capacity(results.len());
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(Error::Interrupted(signal)) => return Err(Error::Interrupted(signal)),
            Err(error) => errors.push(error),
        }
    }
    match errors.len() {
        0 => Ok(good),
        1 => Err(errors.remove(0)),
        _ => Err(Error::Several(errors)),
    }
}

/// Every prompt that `routine` may say. Where a total is asked for, any length may be
/// announced in the end; of a `broken` routine, only what the voice knows.
fn prompts(routine: &Routine, pack: &Pack, broken: bool) -> BTreeSet<PromptId> {
    let parts = timeline::outline::outline(routine, &pack.vocabulary);
    let mut prompts = timeline::outline::prompts(&parts);
    prompts.retain(|prompt| !broken || pack.has_clip(prompt));
    if routine.total.is_some() {
        let phrases = Phrases::of(&pack.vocabulary);
        let possible = phrases.all().chain([timeline::HALFWAY]).filter(|id| pack.has_clip(id));
        prompts.extend(possible.map(str::to_owned));
    }
    prompts
}

fn lengths(recordings: &Recordings, rate: SampleRate) -> BTreeMap<PromptId, Length> {
    let length = |(_, recording): &(_, Recording)| voice::length(recording, rate);
    recordings.iter().map(|(id, recording)| (id.clone(), length(recording))).collect()
}

/// Decodes the clips of `prompts`, on all cores; names all that are missing or bad at
/// once.
fn recordings(pack: &Pack, prompts: BTreeSet<PromptId>) -> Result<Recordings> {
    let decoded = prompts.into_par_iter().map(|prompt| {
        let file = pack.clip(&prompt)?;
        let recording = file.map(|file| Ok((file.path.clone(), voice::recording(&file)?)));
        Ok((prompt, recording.transpose()?))
    });
    let mut recordings = Recordings::new();
    let mut missing = Vec::new();
    for (prompt, clip) in all(decoded.collect())? {
        match clip {
            Some(clip) => drop(recordings.insert(prompt, clip)),
            None => missing.push(prompt),
        }
    }
    match missing.is_empty() {
        true => Ok(recordings),
        false => Err(Error::MissingPrompts { voice: pack.id.clone(), prompts: missing }),
    }
}
