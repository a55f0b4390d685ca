//! The sounds of a session besides the voice, and how loud all of them are.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::computed;
use super::own_sound::{self, OwnSound, Use};
use crate::diagnostic::{Diagnostic, Sources};
use crate::error::{ClipFault, Error, Result};
use crate::files::Files;
use crate::mix::{Ducking, Sounds, pan};
use crate::routine::spanned::Spanned;
use crate::routine::words::BedNoise;
use crate::routine::{BedSound, Routine, TickSound};
use crate::timeline::{ChimeKind, Tick, Timeline, events_in};
use crate::units::{Decibels, FrameRange, Length, Lufs, SampleRate};
use crate::voice::level::{self, LoudnessTarget};
use crate::voice::loudness::{loudness, true_peak};
use crate::voice::{Forgetful, Memory};
use crate::{bed, chime, tick};

/// How loud a bed is, as heard from two loudspeakers: below the ticks, which are below
/// the voice.
const BED: Lufs = Lufs(-38.0);
/// True peaks of a track stay below this.
const TRACK_CEILING: Decibels = Decibels(-1.05);
/// What sounds below a voice never takes more than this share of the track's height.
const MOST_BELOW_VOICE: f64 = 0.5;

/// The sounds that are neither spoken nor computed for each stroke.
#[derive(Default)]
pub struct OwnSounds {
    /// A person's own tick, as it is played.
    pub tick: Option<Vec<f32>>,
    bed: Bed,
    /// The files that these come from.
    pub files: Vec<PathBuf>,
    /// What is wrong with them and can be heard, where they are named.
    pub warnings: Vec<Diagnostic>,
}

/// What is repeated in the background.
#[derive(Clone, Default)]
pub struct Loop {
    /// The mean of left and right; empty where there is no bed.
    pub middle: Vec<f32>,
    /// How much more than that the left has; empty where that is nothing.
    pub side: Vec<f32>,
}

/// Where the loop of a bed comes from.
#[derive(Default)]
enum Bed {
    #[default]
    Off,
    Noise(BedNoise),
    Recording(Loop),
}

impl OwnSounds {
    /// Reads a person's own files that `routine` asks for; what is wrong with one is told
    /// where it is named.
    pub fn read(
        routine: &Routine,
        files: &dyn Files,
        sources: &Sources,
        rate: SampleRate,
    ) -> std::result::Result<OwnSounds, Vec<Diagnostic>> {
        let mut own = OwnSounds::default();
        let mut mistakes = Vec::new();
        let mut keep = |span: &Range<usize>, error: Error| {
            mistakes.push(Diagnostic::error(span.clone(), error.why()).help(error.help()));
        };
        let Spanned { value: ticks, span } = &routine.sound.ticks;
        if let TickSound::File(file) = ticks {
            let path = beside(file, span, sources);
            match recorded_tick(files, &path, rate) {
                Ok(OwnSound { samples, clipped, .. }) => {
                    own.warnings.extend(too_loud(span, clipped));
                    own.tick = Some(samples);
                }
                Err(error) => keep(span, error),
            }
            own.files.push(path);
        }
        let Spanned { value: bed, span } = &routine.sound.bed;
        match bed {
            BedSound::Off => {}
            BedSound::Noise(noise) => own.bed = Bed::Noise(*noise),
            BedSound::File(file) => {
                let path = beside(file, span, sources);
                match recorded_bed(files, &path, rate) {
                    Ok((looped, clipped)) => {
                        own.warnings.extend(too_loud(span, clipped));
                        own.bed = Bed::Recording(looped);
                    }
                    Err(error) => keep(span, error),
                }
                own.files.push(path);
            }
        }
        if mistakes.is_empty() { Ok(own) } else { Err(mistakes) }
    }

    /// The loop of the bed at its level. What is computed is looked up in `memory` first.
    pub fn bed(&self, timeline: &Timeline, memory: &dyn Memory) -> Loop {
        let rate = timeline.sample_rate;
        match &self.bed {
            Bed::Off => Loop::default(),
            Bed::Noise(noise) => {
                let length = bed::length(*noise, rate);
                let make = || bed::noise(*noise, rate);
                let middle = computed::sound(noise, length, rate, memory, make);
                let loud = || loudness(&middle, rate).map(|lufs| lufs.0);
                let before = computed::number(noise, rate, memory, loud).map(Lufs);
                levelled(Loop { middle, side: Vec::new() }, before, timeline)
            }
            Bed::Recording(looped) => {
                levelled(looped.clone(), loudness(&looped.middle, rate), timeline)
            }
        }
    }
}

impl Loop {
    /// The true peak of the louder side; of the middle, where both are the same. So a clip is
    /// the same in a track of one channel and of two.
    fn peak(&self, rate: SampleRate) -> Decibels {
        let side = |sign: f32| {
            let both = self.middle.iter().zip(&self.side);
            true_peak(&both.map(|(m, s)| m + sign * s).collect::<Vec<_>>(), rate)
        };
        match self.side.is_empty() {
            true => true_peak(&self.middle, rate),
            false => Decibels(side(1.0).0.max(side(-1.0).0)),
        }
    }
}

/// That a sound named at `span` was recorded too loud, in so many places.
fn too_loud(span: &Range<usize>, clipped: usize) -> Option<Diagnostic> {
    let what = match clipped {
        0 => return None,
        1 => "the recording is too loud in one place, where its waves are cut off".to_owned(),
        _ => format!("the recording is too loud in {clipped} places, where its waves are cut off"),
    };
    let way_out = "record it again with less gain, or further from the microphone";
    Some(Diagnostic::warning(span.clone(), what).help(way_out))
}

/// A person's own recording as a tick.
fn recorded_tick(files: &dyn Files, path: &Path, rate: SampleRate) -> Result<OwnSound> {
    let sound = own_sound::read(files, path, Use::Tick, rate)?;
    let silent = || Error::BadClip { path: path.to_owned(), fault: ClipFault::Silent };
    let samples = tick::own(&sound.samples, rate).ok_or_else(silent)?;
    Ok(OwnSound { samples, ..sound })
}

/// A person's own recording as a loop, and in how many places it is too loud.
fn recorded_bed(files: &dyn Files, path: &Path, rate: SampleRate) -> Result<(Loop, usize)> {
    let bad = |fault| Error::BadClip { path: path.to_owned(), fault };
    let OwnSound { samples, side, clipped } = own_sound::read(files, path, Use::Bed, rate)?;
    let looped = |samples: &[f32]| {
        let mut looped = bed::looped(samples, rate).ok_or_else(|| bad(ClipFault::BedTooShort))?;
        // However small an offset is: a soft bed is made louder, and gives way to the voice.
        let offset = looped.iter().copied().map(f64::from).sum::<f64>() / looped.len() as f64;
        looped.iter_mut().for_each(|sample| *sample = (f64::from(*sample) - offset) as f32);
        Ok(looped)
    };
    let middle = looped(&samples)?;
    let side = if side.is_empty() { side } else { looped(&side)? };
    match loudness(&middle, rate) {
        Some(_) => Ok((Loop { middle, side }, clipped)),
        None => Err(bad(ClipFault::Silent)),
    }
}

/// A path as it is written at `span`: from the folder of the file that says it.
fn beside(file: &Path, span: &Range<usize>, sources: &Sources) -> PathBuf {
    let folder = sources.locate(span.start).and_then(|(_, source)| source.folder());
    folder.map_or(file.to_owned(), |folder| folder.join(file))
}

fn levelled(mut bed: Loop, before: Option<Lufs>, timeline: &Timeline) -> Loop {
    if let Some(before) = before {
        let gain = ((BED - before) + timeline.levels.bed).as_amplitude() as f32;
        bed.middle.iter_mut().chain(&mut bed.side).for_each(|sample| *sample *= gain);
    }
    bed
}

/// The chimes.
pub fn chimes(timeline: &Timeline, memory: &dyn Memory) -> BTreeMap<(ChimeKind, Length), Vec<f32>> {
    let rate = timeline.sample_rate;
    let make = |(kind, length): &(ChimeKind, Length)| chime::samples(*kind, *length, rate);
    computed::bank(&chime::lengths(timeline), rate, memory, make)
}

/// The ticks at their level. Of a person's `own` sound, nothing is remembered.
pub fn ticks(
    timeline: &Timeline,
    own: Option<&[f32]>,
    memory: &dyn Memory,
) -> BTreeMap<Tick, Vec<f32>> {
    let rate = timeline.sample_rate;
    let memory = if own.is_some() { &Forgetful } else { memory };
    let make = |tick: &Tick| tick::samples(*tick, rate, own.unwrap_or_default());
    let mut ticks = computed::bank(&tick::lengths(timeline), rate, memory, make);
    if timeline.levels.ticks != Decibels(0.0) {
        let gain = timeline.levels.ticks.as_amplitude() as f32;
        ticks.values_mut().flatten().for_each(|sample| *sample *= gain);
    }
    ticks
}

/// Makes all of `sounds` but the words louder by `gain`, or softer.
pub fn amplify(sounds: &mut Sounds, gain: Decibels) {
    let Sounds { clips: _, ticks, chimes, bed, bed_side } = sounds;
    let events = ticks.values_mut().chain(chimes.values_mut());
    events.chain([bed, bed_side]).for_each(|samples| amplify_samples(samples, gain));
}

/// The same of one sound.
pub fn amplify_samples(samples: &mut [f32], gain: Decibels) {
    if gain != Decibels(0.0) {
        let factor = gain.as_amplitude() as f32;
        samples.iter_mut().for_each(|sample| *sample *= factor);
    }
}

/// How much louder everything can become: until ticks, chimes and bed fill the track by
/// themselves, or leave too little room for the voice above them.
pub fn most_gain(timeline: &Timeline, bed: &Loop) -> Decibels {
    let rate = timeline.sample_rate;
    let chimes = timeline.chimes.iter().map(|chime| chime::loudest(chime.kind).as_amplitude());
    let bed_peak = if bed.middle.is_empty() { 0.0 } else { bed.peak(rate).as_amplitude() };
    let alone = tick_peak(timeline, Decibels(0.0)) + bed_peak + chimes.fold(0.0, f64::max);
    let room = TRACK_CEILING.as_amplitude();
    let below: f64 = below_voice(timeline, bed).iter().sum();
    let most = (room / alone).min(room * MOST_BELOW_VOICE / below);
    Decibels::from_amplitude(most)
}

/// The highest peak of a tick with this gain, on either side.
fn tick_peak(timeline: &Timeline, gain: Decibels) -> f64 {
    let side = if timeline.has_sides() { pan::near() } else { 1.0 };
    side * (tick::LOUDEST + timeline.levels.ticks + gain).as_amplitude()
}

/// How high what sounds below the voice reaches: ticks and bed that give way, and chimes that do
/// not.
fn below_voice(timeline: &Timeline, bed: &Loop) -> [f64; 3] {
    let rate = timeline.sample_rate;
    let tick = tick_peak(timeline, Ducking::of_ticks(timeline.levels, rate).depth);
    let bed = match bed.middle.is_empty() {
        true => 0.0,
        false => (bed.peak(rate) + Ducking::of_bed(rate).depth).as_amplitude(),
    };
    let chimes = timeline.chimes.iter().filter(|chime| is_spoken_over(timeline, chime.range));
    let chimes = chimes.map(|chime| chime::loudest(chime.kind).as_amplitude());
    [tick, bed, chimes.fold(0.0, f64::max)]
}

/// What clips are brought to where everything is `louder` by so much: their peaks leave room for
/// the ticks, the bed and the chimes that sound with them.
pub fn aim(timeline: &Timeline, bed: &Loop, louder: Decibels) -> LoudnessTarget {
    let loudness = Lufs(level::TARGET.0 + timeline.levels.voice.0 + louder.0);
    let chimes = timeline.chimes.iter().any(|chime| is_spoken_over(timeline, chime.range));
    let usual = bed.middle.is_empty() && !chimes && !timeline.has_sides();
    if usual && louder == Decibels(0.0) {
        return LoudnessTarget { loudness, ..LoudnessTarget::USUAL };
    }
    let others = below_voice(timeline, bed).map(|peak| peak * louder.as_amplitude());
    let room = others.iter().fold(TRACK_CEILING.as_amplitude(), |room, peak| room - peak).max(0.1);
    LoudnessTarget {
        loudness,
        ceiling: Decibels(level::CEILING.0.min(Decibels::from_amplitude(room).0)),
    }
}

/// Whether anything is spoken in `range`.
fn is_spoken_over(timeline: &Timeline, range: FrameRange) -> bool {
    !events_in(&timeline.speech, range, |prompt| prompt.range).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::InMemory;
    use crate::routine::{Request, builtin};
    use crate::session::Session;
    use crate::timeline::{Chime, ChimeKind};

    #[test]
    fn a_chime_under_words_takes_its_room_from_their_peaks() {
        let rate = SampleRate::new(8_000).unwrap();
        let pack = crate::voice::built_in("en").unwrap().unwrap();
        let request = Request::new(builtin::source("self-short").unwrap(), &[]);
        let mut timeline = Session::plan(&request, &pack, rate).unwrap().timeline;
        assert_eq!(
            aim(&timeline, &Loop::default(), Decibels(0.0)),
            LoudnessTarget::USUAL,
            "no chime sounds with words"
        );
        let kind = ChimeKind::PauseStart;
        let range = FrameRange::new(timeline.speech[3].range.start, rate.length_of(kind.lasts()));
        timeline.chimes.push(Chime { range, kind });
        // -19 dBFS, and the loudest tick at -13 dBFS less 9 dB.
        let amplitude = |decibels: f64| 10_f64.powf(decibels / 20.0);
        let voice = amplitude(aim(&timeline, &Loop::default(), Decibels(0.0)).ceiling.0);
        let together = voice + amplitude(-19.0) + amplitude(-22.0);
        assert!((20.0 * together.log10() + 1.05).abs() < 1e-9, "{together}");
    }

    /// A WAV file of 16 bits, two channels and 8 kHz.
    fn wav(frames: impl Iterator<Item = i16>) -> Vec<u8> {
        let data: Vec<u8> = frames.flat_map(|code| [code.to_le_bytes(); 2].concat()).collect();
        let head = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x40\x1f\0\0\0\x7d\0\0\x04\0\x10\0";
        let size = (data.len() as u32).to_le_bytes();
        [head.as_slice(), b"data", &size, &data].concat()
    }

    #[test]
    fn an_offset_of_a_bed_never_reaches_the_track() {
        // As loud as a bed is made, and so soft that it is made a hundred times louder.
        for (tone, offset) in [(8_000.0, 9_000), (40.0, 20), (40.0, -400)] {
            let code = |n: u16| ((f64::from(n) * 0.7).sin() * tone) as i16 + offset;
            let bed = wav((0..10_000).map(code));
            let files = InMemory([("bed.wav".to_owned(), bed)].into());
            let rate = SampleRate::new(8_000).unwrap();
            let bed = recorded_bed(&files, "bed.wav".as_ref(), rate).unwrap().0.middle;
            let mean = bed.iter().copied().map(f64::from).sum::<f64>() / bed.len() as f64;
            assert!(mean.abs() < 1e-6, "{tone} {offset}: {mean}");
        }
    }
}
