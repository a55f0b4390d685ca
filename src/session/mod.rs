//! The one place where the stages meet: routine, voice, plan, mix, file.

mod copies;
mod outcomes;
mod sounds;
mod wish;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Report, Source};
use crate::error::{Error, Result};
use crate::mix::{Mixer, Sounds};
use crate::routine::asked::Asked;
use crate::routine::phrases::Phrases;
use crate::routine::{PromptId, Request, Routine};
use crate::timeline::Timeline;
use crate::units::{Decibels, Length, Position, SampleRate};
use crate::voice::{Pack, Take};
use crate::{chime, imprint, routine, timeline, verify, wav};
use sounds::OwnSounds;
use wish::Wish;
use words::Words;

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
    words: Words,
    takes: Takes,
    own: OwnSounds,
}

/// What an ear notices between one prompt and the next.
const NOTICEABLE: Decibels = Decibels(1.0);

/// Clips by prompt.
type Takes = BTreeMap<PromptId, Take>;

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
        let takes = match takes(pack, prompts(routine, pack, broken)) {
            Ok(takes) => takes,
            Err(_) if broken => return Err(refused(diagnostics)),
            Err(error) => return Err(error),
        };
        let own = match broken {
            true => OwnSounds::default(),
            false => OwnSounds::read(routine, &wish.sources, rate).map_err(refused)?,
        };
        let own_tick = own.tick.as_ref().map_or(Length::ZERO, |tick| Length(tick.len() as u64));
        let words = Words { lengths: lengths(&takes, rate), own_tick };
        if broken {
            diagnostics.extend(words.misfits(routine, pack, rate));
            return Err(refused(diagnostics));
        }
        let timeline = words.timeline(&wish, pack, rate)?;
        let files = wish.sources.files().chain(own.files.iter().cloned()).collect();
        let warnings = Report::new(wish.sources, diagnostics);
        Ok(Session { timeline, asked: wish.asked, warnings, files, words, takes, own })
    }

    /// The chunks that stand behind the sound in a file of this session: markers, and all
    /// that is needed to make it again.
    ///
    /// What they tell of changes is what the routine tells once its changes stand in one
    /// file, so that a track of that file has the same bytes.
    pub fn chunks(&self, request: &Request<'_>, pack: &Pack) -> Result<Vec<u8>> {
        let whole = routine::whole(request, &self.asked);
        let source = Source::file(request.source.name.clone(), whole.clone());
        let request = Request { source, flags: Vec::new(), ..request.clone() };
        let wish = Wish::read(&request, pack)?;
        let ours = || Error::Ours {
            what: "the plan is another once all changes stand in one file".to_owned(),
        };
        if wish.diagnostics.iter().any(Diagnostic::is_error) {
            return Err(ours());
        }
        let timeline = self.words.timeline(&wish, pack, self.timeline.sample_rate)?;
        let notes = self.timeline.notes.clone();
        if (Timeline { notes, ..timeline.clone() }) != self.timeline {
            return Err(ours());
        }
        imprint::chunks(&timeline, &outcomes::of(&wish.asked, &timeline, &request, pack), &whole)
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
        let mut takes = self.takes;
        takes.retain(|id, _| said.contains(id.as_str()));
        let clips = takes.into_par_iter().map(|(id, take)| {
            if let Some(signal) = stop() {
                return Err(Error::Interrupted(signal));
            }
            let clip = take.prepare(rate, aim)?;
            let missing = aim.loudness - clip.loudness;
            if missing > NOTICEABLE {
                quiet(take.path(), missing);
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
    /// Renders the session to the file at `path`, with `chunks` behind the sound.
    pub fn render_to_file(
        &self,
        path: &Path,
        format: &wav::Format,
        chunks: &[u8],
        watch: &wav::Watch<'_>,
    ) -> Result<()> {
        let mixer = self.mixer()?;
        let mut mix = |at: Position, block: &mut [f32]| mixer.mix(at, block);
        wav::write_to_file(path, format, &mut self.frames(&mut mix), chunks, watch)
    }

    /// Renders the session to a stream that cannot seek; `name` is for messages.
    pub fn render_to_stream(
        &self,
        name: &Path,
        out: impl std::io::Write,
        format: &wav::Format,
        chunks: &[u8],
        watch: &wav::Watch<'_>,
    ) -> Result<()> {
        let mixer = self.mixer()?;
        let mut mix = |at: Position, block: &mut [f32]| mixer.mix(at, block);
        wav::write_to_stream(name, out, format, &mut self.frames(&mut mix), chunks, watch)
    }

    /// Holds the file at `path` against this session, with these `chunks` behind its
    /// sound, or none if it `may_be_plain`.
    pub fn verify(
        &self,
        path: &Path,
        chunks: &[u8],
        may_be_plain: bool,
        stop: &dyn Fn() -> Option<i32>,
    ) -> Result<verify::Report> {
        let mixer = &self.mixer()?;
        verify::verify(path, &verify::Expected { mixer, chunks, may_be_plain }, stop)
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

fn lengths(takes: &Takes, rate: SampleRate) -> BTreeMap<PromptId, Length> {
    takes.iter().map(|(id, take)| (id.clone(), take.length(rate))).collect()
}

/// The clips of `prompts`, on all cores; names all that are missing or bad at once.
fn takes(pack: &Pack, prompts: BTreeSet<PromptId>) -> Result<Takes> {
    let found = prompts.into_par_iter().map(|prompt| {
        let take = pack.take(&prompt)?;
        Ok((prompt, take))
    });
    let mut takes = Takes::new();
    let mut missing = Vec::new();
    for (prompt, take) in all(found.collect())? {
        match take {
            Some(take) => drop(takes.insert(prompt, take)),
            None => missing.push(prompt),
        }
    }
    match missing.is_empty() {
        true => Ok(takes),
        false => Err(Error::MissingPrompts { voice: pack.id.clone(), prompts: missing }),
    }
}
