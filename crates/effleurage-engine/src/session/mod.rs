//! The one place where the stages meet: routine, voice, plan, sounds.

mod computed;
mod kept_clip;
mod outcomes;
mod own_sound;
mod resolved_request;
pub mod sample;
mod sounds;
mod whole;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::cancel::CancelToken;
use crate::diagnostic::{Diagnostic, Report, Source};
use crate::error::{self, Error, Result};
use crate::mix::{ClipSamples, Mixer, Sounds};
use crate::provenance::Reached;
use crate::routine::asked::Asked;
use crate::routine::name::is_name;
use crate::routine::phrases::Phrases;
use crate::routine::prompt::{Saying, Variant};
use crate::routine::words::Room;
use crate::routine::{PromptId, Request, Routine};
use crate::tags::{Facts, Tags};
use crate::timeline::{Prompt, Timeline};
use crate::units::{Decibels, Length, Lufs, SampleRate, round_div};
use crate::voice::level::LoudnessTarget;
use crate::voice::{Clip, ClipSource, Memory, Pack};
use crate::{provenance, routine, timeline};
use kept_clip::KeptClip;
use resolved_request::ResolvedRequest;
use sounds::{Loop, OwnSounds};
pub use whole::{LOUDNESS_LUFS, Whole, parse_loudness};
use words::Words;

/// A routine, planned to the frame, and the recordings that it needs.
pub struct Session {
    /// What sounds when.
    pub timeline: Timeline,
    /// What was asked for, beside what was written.
    pub asked: Asked,
    /// What its tracks are called.
    pub tags: Tags,
    /// What the author may not have meant.
    pub warnings: Report,
    /// The files that it is made from, besides those of the voice.
    pub files: Vec<PathBuf>,
    written: Option<Box<ResolvedRequest>>,
    words: Words,
    sources: ClipSources,
    own: OwnSounds,
    room: Room,
    memory: Arc<dyn Memory>,
    /// Everything is this much louder than it usually is.
    gain: Decibels,
    /// The loudness that it was brought to, if it was.
    reached: Option<Reached>,
}

/// What an ear notices between one prompt and the next.
const NOTICEABLE: Decibels = Decibels(1.0);

/// Clips by prompt.
type ClipSources = BTreeMap<PromptId, Arc<ClipSource>>;

impl Session {
    /// What is requested, as a routine without mistakes; its words need not fit.
    pub fn read(request: &Request<'_>, pack: &Pack) -> Result<Routine> {
        let resolved = ResolvedRequest::read(request, pack)?;
        let broken = resolved.diagnostics.iter().any(Diagnostic::is_error);
        match resolved.routine.filter(|_| !broken) {
            Some(routine) => Ok(routine),
            None => {
                Err(Error::Mistakes(Box::new(Report::new(resolved.sources, resolved.diagnostics))))
            }
        }
    }

    /// The prompts that a routine asks for and neither `pack` nor the first built-in voice knows:
    /// lines of its author's own, if all else is right.
    ///
    /// # Errors
    ///
    /// Where a voice cannot be read.
    pub fn own_lines(request: &Request<'_>, pack: &Pack) -> Result<Vec<PromptId>> {
        let known = pack.known()?;
        let resolved = ResolvedRequest::read(request, pack)?;
        let said = resolved.routine.iter().flat_map(Routine::said);
        let own = said.filter(|id| !known.contains(id) && is_name(id));
        let mut all: Vec<PromptId> = Vec::new();
        for id in own {
            if !all.contains(id) {
                all.push(id.value.clone());
            }
        }
        Ok(all)
    }

    /// Every prompt that a routine asks for, spoken by `pack`.
    pub fn prompts(request: &Request<'_>, pack: &Pack) -> Result<BTreeSet<PromptId>> {
        let routine = Session::read(request, pack)?;
        Ok(timeline::outline::prompts(&timeline::outline::outline(&routine, &pack.vocabulary)))
    }

    /// Plans what is requested, spoken by `pack`, at `rate`.
    pub fn plan(request: &Request<'_>, pack: &Pack, rate: SampleRate) -> Result<Session> {
        Session::of(ResolvedRequest::read(request, pack)?, request, pack, rate)
            .map_err(|error| error.of_routine(resolved_request::routine_name(&request.source)))
    }

    fn of(
        resolved: ResolvedRequest,
        request: &Request<'_>,
        pack: &Pack,
        rate: SampleRate,
    ) -> Result<Session> {
        let refused = |diagnostics| {
            Error::Mistakes(Box::new(Report::new(resolved.sources.clone(), diagnostics)))
        };
        let mut diagnostics = resolved.diagnostics.clone();
        let broken = diagnostics.iter().any(Diagnostic::is_error);
        let Some(routine) = &resolved.routine else { return Err(refused(diagnostics)) };
        let sources = match sources(pack, prompts(routine, pack, broken)) {
            Ok(sources) => sources,
            Err(_) if broken => return Err(refused(diagnostics)),
            Err(error) => return Err(error),
        };
        let mut own = if broken {
            OwnSounds::default()
        } else {
            OwnSounds::read(routine, request.files, &resolved.sources, rate).map_err(refused)?
        };
        diagnostics.append(&mut own.warnings);
        let own_tick = own.tick.as_ref().map_or(Length::ZERO, |tick| Length(tick.len() as u64));
        let words = Words { lengths: lengths(&sources, rate), own_tick };
        if broken {
            diagnostics.extend(words.misfits(routine, pack, rate));
            return Err(refused(diagnostics));
        }
        let room = routine.sound.room;
        let timeline = words.timeline(&resolved, pack, rate)?;
        let tags = tags(&resolved, &timeline, pack);
        let written = resolved.as_written().map(Box::new);
        let files = resolved.sources.files().chain(own.files.iter().cloned()).collect();
        let warnings = Report::new(resolved.sources, diagnostics);
        let asked = resolved.asked;
        let memory = pack.memory();
        Ok(Session {
            timeline,
            asked,
            tags,
            warnings,
            files,
            written,
            words,
            sources,
            own,
            room,
            memory,
            gain: Decibels(0.0),
            reached: None,
        })
    }

    /// The chunks that stand behind the sound in a file of this session: markers, and all
    /// that is needed to make it again.
    ///
    /// What they tell of changes is what the routine tells once its changes stand in one
    /// file, so that a track of that file has the same bytes.
    pub fn chunks(&self, request: &Request<'_>, pack: &Pack) -> Result<Vec<u8>> {
        let whole = routine::flatten(request, &self.asked);
        let source = Source::file(request.source.name.clone(), whole.clone());
        let request = Request { source, flags: Vec::new(), ..request.clone() };
        let resolved = ResolvedRequest::read(&request, pack)?;
        let ours = || Error::Ours {
            what: "the plan is another once all changes stand in one file".to_owned(),
        };
        if resolved.diagnostics.iter().any(Diagnostic::is_error) {
            return Err(ours());
        }
        let timeline = self.words.timeline(&resolved, pack, self.timeline.sample_rate)?;
        let notes = self.timeline.notes.clone();
        if (Timeline { notes, ..timeline.clone() }) != self.timeline {
            return Err(ours());
        }
        provenance::chunks(
            &timeline,
            &tags(&resolved, &timeline, pack),
            &outcomes::of(&resolved.asked, &timeline, resolved.as_written(), &request, pack),
            &whole,
            self.reached.as_ref(),
        )
    }

    /// Makes every sound of the session ready. `cancel` is asked between clips; `quiet`
    /// is told of those that come out quieter than they should, and by how much.
    pub fn prepare(
        mut self,
        cancel: &CancelToken,
        quiet: &(dyn Fn(&Path, Decibels) + Sync),
    ) -> Result<Prepared> {
        self.sources = self.said();
        let sources = std::mem::take(&mut self.sources);
        let (mut prepared, speaking) = self.without_words();
        prepared.sounds.clips = speaking.clips(sources, cancel, quiet)?;
        Ok(prepared)
    }

    /// Whether every clip can be made ready; `quiet` is told as in [`prepare`](Session::prepare).
    ///
    /// # Errors
    ///
    /// [`Error::BadClip`] of each that cannot.
    pub fn check_clips(
        &self,
        cancel: &CancelToken,
        quiet: &(dyn Fn(&Path, Decibels) + Sync),
    ) -> Result<()> {
        let speaking = self.speaking(&self.own.bed(&self.timeline, &*self.memory));
        let looked = self.said().into_par_iter().map(|(_, source)| {
            cancel.check()?;
            speaking.tell_quiet(&source, speaking.loudness(&source)?, quiet);
            Ok(())
        });
        error::all(looked.collect()).map(drop)
    }

    /// The clips that are said.
    fn said(&self) -> ClipSources {
        let said = self.timeline.speech.iter();
        let source = |prompt: &Prompt| self.sources.get_key_value(&prompt.clip);
        said.filter_map(source).map(|(id, source)| (id.clone(), source.clone())).collect()
    }

    /// Makes every sound ready but the words, which [`Speaking`] makes one by one: for whoever
    /// cannot wait until all of them are.
    pub fn without_words(self) -> (Prepared, Speaking) {
        let (sounds, speaking) = self.sounds();
        (Prepared { timeline: self.timeline, tags: self.tags, sounds }, speaking)
    }

    /// Every sound but the words, at the session's gain, and how words are made.
    fn sounds(&self) -> (Sounds, Speaking) {
        let timeline = &self.timeline;
        let bed = self.own.bed(timeline, &*self.memory);
        let speaking = self.speaking(&bed);
        let mut sounds = Sounds {
            clips: BTreeMap::new(),
            ticks: sounds::ticks(timeline, self.own.tick.as_deref(), &*self.memory),
            chimes: sounds::chimes(timeline, &*self.memory),
            bed: bed.middle,
            bed_side: bed.side,
        };
        sounds::amplify(&mut sounds, self.gain);
        (sounds, speaking)
    }

    /// How words are made beside this `bed`.
    fn speaking(&self, bed: &Loop) -> Speaking {
        let (louder, softer) = (Decibels(self.gain.0.max(0.0)), Decibels(self.gain.0.min(0.0)));
        let aim = sounds::aim(&self.timeline, bed, louder);
        Speaking { rate: self.timeline.sample_rate, room: self.room, aim, louder, softer }
    }
}

/// How the clips of one session are made ready; two that are equal make equal clips.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speaking {
    rate: SampleRate,
    room: Room,
    aim: LoudnessTarget,
    /// By how much the aim is above the usual one: clips are levelled anew, their peaks held.
    louder: Decibels,
    /// What levelled clips are made softer by: nothing of them changes but that.
    softer: Decibels,
}

impl Speaking {
    /// One clip, made ready.
    ///
    /// # Errors
    ///
    /// [`Error::BadClip`] where it cannot be decoded, or is silent.
    pub fn clip(&self, source: &ClipSource) -> Result<Clip> {
        let mut clip = source.prepare(self.rate, self.room, self.aim)?;
        sounds::amplify_samples(&mut clip.samples, self.softer);
        Ok(clip)
    }

    /// All of `sources`, made ready, and those at hand that nobody keeps. `cancel` is asked between them; `quiet` is told of those
    /// that come out quieter than they usually are, and by how much.
    fn clips(
        &self,
        sources: ClipSources,
        cancel: &CancelToken,
        quiet: &(dyn Fn(&Path, Decibels) + Sync),
    ) -> Result<BTreeMap<PromptId, ClipSamples>> {
        let clips = sources.into_par_iter().map(|(id, source)| {
            cancel.check()?;
            let ready = source.ready(self.rate, self.room, self.aim)?;
            self.tell_quiet(&source, ready.loudness, quiet);
            let samples = match ready.samples {
                Some(mut samples) => {
                    sounds::amplify_samples(&mut samples, self.softer);
                    ClipSamples::Here(samples)
                }
                None => ClipSamples::Kept(Arc::new(KeptClip { source, speaking: *self })),
            };
            Ok((id, samples))
        });
        Ok(error::all(clips.collect())?.into_iter().collect())
    }

    /// How loud a clip comes out before it is made softer.
    fn loudness(&self, source: &ClipSource) -> Result<Lufs> {
        source.loudness(self.rate, self.room, self.aim)
    }

    /// Tells `quiet` of a clip that comes out with this loudness, if that is less than usual.
    fn tell_quiet(
        &self,
        source: &ClipSource,
        loudness: Lufs,
        quiet: &(dyn Fn(&Path, Decibels) + Sync),
    ) {
        let missing = self.aim.loudness - loudness + -self.louder;
        if missing > NOTICEABLE {
            quiet(source.path(), missing);
        }
    }
}

/// A session whose every sound is ready: all that is left is to mix and write it.
pub struct Prepared {
    /// What sounds when.
    pub timeline: Timeline,
    /// What its tracks are called.
    pub tags: Tags,
    /// What it sounds like.
    pub sounds: Sounds,
}

impl Prepared {
    /// Mixes any range of the session.
    ///
    /// # Errors
    ///
    /// [`Error::Ours`] where a planned sound is missing.
    pub fn mixer(&self) -> Result<Mixer<'_>> {
        mixer(&self.timeline, &self.sounds)
    }
}

/// Mixes on all cores.
fn mixer<'a>(timeline: &'a Timeline, sounds: &'a Sounds) -> Result<Mixer<'a>> {
    let lost = || Error::Ours { what: "a planned sound is missing".to_owned() };
    let mixer = Mixer::new(timeline, sounds).ok_or_else(lost)?;
    Ok(mixer.at_places(rayon::current_num_threads()))
}

/// What tracks are called, as it was asked for.
fn tags(resolved: &ResolvedRequest, timeline: &Timeline, pack: &Pack) -> Tags {
    let lasts = timeline.sample_rate.duration_of(timeline.length());
    let facts = Facts {
        title: timeline.title.clone(),
        routine: timeline.routine.clone(),
        voice: timeline.voice.clone(),
        language: pack.manifest.language.clone(),
        seconds: round_div(lasts.as_millis(), 1000) as u64,
    };
    Tags::of(&resolved.tags, &facts)
}

/// Every prompt that `routine` may say. Where a total is asked for, any length may be
/// announced in the end, and what is said may be true or not; of a `broken` routine, only what the voice knows.
fn prompts(routine: &Routine, pack: &Pack, broken: bool) -> BTreeSet<PromptId> {
    let parts = timeline::outline::outline(routine, &pack.vocabulary);
    let mut prompts = timeline::outline::prompts(&parts);
    prompts.retain(|prompt| !broken || pack.has_clip(prompt));
    if routine.total.is_some() {
        let phrases = Phrases::of(&pack.vocabulary);
        let phrases = phrases.all().map(str::to_owned).chain([Saying::Halfway.id()]);
        // Other lengths may make other words true.
        let asked =
            routine.said().flat_map(|id| timeline::possible(id, &routine.body, &pack.vocabulary));
        let brief = routine.said().map(|id| Variant::Brief.of(id));
        prompts.extend(phrases.chain(asked).chain(brief).filter(|id| pack.has_clip(id)));
    }
    prompts
}

fn lengths(sources: &ClipSources, rate: SampleRate) -> BTreeMap<PromptId, Length> {
    sources.iter().map(|(id, source)| (id.clone(), source.length(rate))).collect()
}

/// The clips of `prompts`, on all cores; names all that are missing or bad at once.
fn sources(pack: &Pack, prompts: BTreeSet<PromptId>) -> Result<ClipSources> {
    let found = prompts.into_par_iter().map(|prompt| {
        let source = pack.clip_source(&prompt)?;
        Ok((prompt, source))
    });
    let mut sources = ClipSources::new();
    let mut missing = Vec::new();
    for (prompt, source) in error::all(found.collect())? {
        match source {
            Some(source) => drop(sources.insert(prompt, source)),
            None => missing.push(prompt),
        }
    }
    if missing.is_empty() {
        Ok(sources)
    } else {
        Err(Error::MissingPrompts { voice: pack.id.clone(), prompts: missing, routine: None })
    }
}
