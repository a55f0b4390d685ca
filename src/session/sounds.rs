//! The sounds of a session besides the voice, and how loud all of them are.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Sources};
use crate::error::{ClipFault, Error, Result};
use crate::mix::Ducking;
use crate::routine::at::At;
use crate::routine::words::BedNoise;
use crate::routine::{BedSound, Routine, TickSound};
use crate::timeline::{Tick, Timeline};
use crate::units::{Decibels, Lufs, SampleRate};
use crate::voice::level::{self, Aim};
use crate::voice::loudness::{loudness, true_peak};
use crate::voice::sound_file::{self, Use};
use crate::{bed, tick};

/// How loud a bed is, as heard from two loudspeakers: below the ticks, which are below
/// the voice.
const BED: Lufs = Lufs(-38.0);
/// True peaks of a track stay below this.
const TRACK_CEILING: Decibels = Decibels(-1.05);

/// The sounds that are neither spoken nor computed for each stroke.
#[derive(Default)]
pub struct OwnSounds {
    /// A person's own tick, as it is played.
    pub tick: Option<Vec<f32>>,
    bed: Bed,
    /// The files that these come from.
    pub files: Vec<PathBuf>,
}

/// Where the loop of a bed comes from.
#[derive(Default)]
enum Bed {
    #[default]
    Off,
    Noise(BedNoise),
    Recording(Vec<f32>),
}

impl OwnSounds {
    /// Reads a person's own files that `routine` asks for; what is wrong with one is told
    /// where it is named.
    pub fn read(
        routine: &Routine,
        sources: &Sources,
        rate: SampleRate,
    ) -> std::result::Result<OwnSounds, Vec<Diagnostic>> {
        let mut own = OwnSounds::default();
        let mut mistakes = Vec::new();
        let mut keep = |span: &Range<usize>, error: Error| {
            mistakes.push(Diagnostic::error(span.clone(), error.why()).help(error.help()));
        };
        let At { value: ticks, span } = &routine.sound.ticks;
        if let TickSound::File(file) = ticks {
            let path = beside(file, span, sources);
            recorded_tick(&path, rate)
                .map(|tick| own.tick = Some(tick))
                .unwrap_or_else(|e| keep(span, e));
            own.files.push(path);
        }
        let At { value: bed, span } = &routine.sound.bed;
        match bed {
            BedSound::Off => {}
            BedSound::Noise(noise) => own.bed = Bed::Noise(*noise),
            BedSound::File(file) => {
                let path = beside(file, span, sources);
                let bed = recorded_bed(&path, rate).map(Bed::Recording);
                bed.map(|bed| own.bed = bed).unwrap_or_else(|error| keep(span, error));
                own.files.push(path);
            }
        }
        if mistakes.is_empty() { Ok(own) } else { Err(mistakes) }
    }

    /// The loop of the bed at its level; empty where there is none.
    pub fn bed(&self, timeline: &Timeline) -> Vec<f32> {
        match &self.bed {
            Bed::Off => Vec::new(),
            Bed::Noise(noise) => levelled(bed::noise(*noise, timeline.sample_rate), timeline),
            Bed::Recording(samples) => levelled(samples.clone(), timeline),
        }
    }
}

/// A person's own recording as a tick.
fn recorded_tick(path: &Path, rate: SampleRate) -> Result<Vec<f32>> {
    let samples = sound_file::read(path, Use::Tick, rate)?;
    let silent = || Error::BadClip { path: path.to_owned(), fault: ClipFault::Silent };
    tick::own(&samples, rate).ok_or_else(silent)
}

/// A person's own recording as a loop.
fn recorded_bed(path: &Path, rate: SampleRate) -> Result<Vec<f32>> {
    let bad = |fault| Error::BadClip { path: path.to_owned(), fault };
    let samples = sound_file::read(path, Use::Bed, rate)?;
    let looped = bed::looped(&samples, rate).ok_or_else(|| bad(ClipFault::BedTooShort))?;
    match loudness(&looped, rate) {
        Some(_) => Ok(looped),
        None => Err(bad(ClipFault::Silent)),
    }
}

/// A path as it is written at `span`: from the folder of the file that says it.
fn beside(file: &Path, span: &Range<usize>, sources: &Sources) -> PathBuf {
    let folder = sources.locate(span.start).and_then(|(_, source)| source.folder());
    folder.map_or(file.to_owned(), |folder| folder.join(file))
}

fn levelled(mut bed: Vec<f32>, timeline: &Timeline) -> Vec<f32> {
    if let Some(before) = loudness(&bed, timeline.sample_rate) {
        let gain = ((BED - before) + timeline.levels.bed).as_amplitude() as f32;
        bed.iter_mut().for_each(|sample| *sample *= gain);
    }
    bed
}

/// The ticks at their level.
pub fn ticks(timeline: &Timeline, own: Option<&[f32]>) -> BTreeMap<Tick, Vec<f32>> {
    let mut ticks = tick::bank(timeline, own);
    if timeline.levels.ticks != Decibels(0.0) {
        let gain = timeline.levels.ticks.as_amplitude() as f32;
        ticks.values_mut().flatten().for_each(|sample| *sample *= gain);
    }
    ticks
}

/// What clips are brought to: their peaks leave room for the ticks and the bed below them.
pub fn aim(timeline: &Timeline, bed: &[f32]) -> Aim {
    let loudness = Lufs(level::TARGET.0 + timeline.levels.voice.0);
    if bed.is_empty() {
        return Aim { loudness, ..Aim::USUAL };
    }
    let rate = timeline.sample_rate;
    let under_voice = |peak: Decibels, ducking: Ducking| (peak + ducking.depth).as_amplitude();
    let tick = under_voice(
        tick::LOUDEST + timeline.levels.ticks,
        Ducking::of_ticks(timeline.levels, rate),
    );
    let bed = under_voice(true_peak(bed, rate), Ducking::of_bed(rate));
    let room = (TRACK_CEILING.as_amplitude() - tick - bed).max(0.1);
    Aim { loudness, ceiling: Decibels(level::CEILING.0.min(Decibels::from_amplitude(room).0)) }
}
