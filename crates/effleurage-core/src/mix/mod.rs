//! Timeline + sounds → frames, any range of them.
//!
//! Random access: every frame is computed from its position alone, so ranges can
//! be mixed in any order, in blocks of any size, side by side, and come out the
//! same. Memory does not grow with the session.

mod alone;
mod clip_samples;
pub mod pan;
mod recent;

use std::collections::BTreeMap;
use std::time::Duration;

pub use alone::Event;
pub use clip_samples::{ClipSamples, Kept, Samples};

use recent::Recent;

use crate::timeline::{
    Chime, ChimeKind, Levels, Prompt, PromptId, Side, Tick, TickEvent, Timeline, events_in,
};
use crate::units::{Decibels, FrameRange, Length, Position, SampleRate};

/// The audio of everything that a timeline can ask for: one sample a frame. What is computed is
/// at hand; so are words, or they are fetched.
#[derive(Clone, Debug, Default)]
pub struct Sounds {
    /// The clips, by prompt.
    pub clips: BTreeMap<PromptId, ClipSamples>,
    /// The ticks.
    pub ticks: BTreeMap<Tick, Vec<f32>>,
    /// The chimes, each kind at each length.
    pub chimes: BTreeMap<(ChimeKind, Length), Vec<f32>>,
    /// The background: what is repeated, without a seam; empty where there is none.
    pub bed: Vec<f32>,
    /// How much more of it the left has than the middle, and less the right: as long as the
    /// bed, or empty where it is the same on both sides.
    pub bed_side: Vec<f32>,
}

/// How ticks and the bed give way to the voice: by how much, and how fast. Planned from
/// where prompts stand, not from their level, so that they fall before the first word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ducking {
    /// The change of level while a prompt sounds.
    pub depth: Decibels,
    /// The ramp before a prompt.
    pub attack: Length,
    /// The ramp after it.
    pub release: Length,
    /// The factor while a prompt sounds.
    floor: f32,
}

/// So many frames of a bed are looked at together.
const STRETCH: Length = Length(512);

/// Where the frames of a track come from: a [`Mixer`], or anything that can fill a block.
pub trait Source: Sync {
    /// Fills `block` with the frames from `start` on, one sample a frame: the mean of left and
    /// right. Returns whether any may be other than zero.
    fn mix(&self, start: Position, block: &mut [f32]) -> bool;

    /// Whether left and right are not the same everywhere.
    fn is_wide(&self) -> bool {
        false
    }

    /// Fills `block` with how much more the left has than [`mix`](Source::mix) tells, and less
    /// the right, from `start` on. Returns whether any may be other than zero.
    fn side(&self, _start: Position, block: &mut [f32]) -> bool {
        block.fill(0.0);
        false
    }
}

impl<F: Fn(Position, &mut [f32]) -> bool + Sync> Source for F {
    fn mix(&self, start: Position, block: &mut [f32]) -> bool {
        self(start, block)
    }
}

/// Mixes a timeline.
pub struct Mixer<'a> {
    timeline: &'a Timeline,
    sounds: &'a Sounds,
    ducking: Ducking,
    bed_ducking: Ducking,
    recent: Recent,
}

impl Ducking {
    const DEPTH: Decibels = Decibels(-9.0);
    const BED_DEPTH: Decibels = Decibels(-6.0);

    /// How ticks give way. Those that somebody wants louder give way by as much more, so
    /// that they cover no word and the peaks of both stay where they are.
    pub fn of_ticks(levels: Levels, rate: SampleRate) -> Ducking {
        let depth = Self::DEPTH + -Decibels(levels.ticks.0.max(0.0));
        Self::new(depth, 80, 250, rate)
    }

    /// How the bed gives way: slowly, so that nobody hears it move.
    pub fn of_bed(rate: SampleRate) -> Ducking {
        Self::new(Self::BED_DEPTH, 400, 1_200, rate)
    }

    fn new(depth: Decibels, attack_ms: u64, release_ms: u64, rate: SampleRate) -> Ducking {
        let ramp = |millis| rate.length_of(Duration::from_millis(millis));
        let floor = depth.as_amplitude() as f32;
        Ducking { depth, attack: ramp(attack_ms), release: ramp(release_ms), floor }
    }
}

impl<'a> Mixer<'a> {
    /// A mixer of `timeline`; `None` where one of the sounds that it asks for is not
    /// in `sounds`, or not as long as planned.
    pub fn new(timeline: &'a Timeline, sounds: &'a Sounds) -> Option<Mixer<'a>> {
        let fits = |samples: Option<&Vec<f32>>, length: Length| {
            samples.is_some_and(|samples| samples.len() as u64 == length.0)
        };
        let mut prompts = timeline.speech.iter();
        let mut paces = timeline.paces.iter();
        let mut chimes = timeline.chimes.iter();
        let says = |prompt: &Prompt| {
            let clip = sounds.clips.get(&prompt.clip);
            clip.is_some_and(|clip| clip.length() == prompt.range.length)
        };
        let complete = prompts.all(says)
            && paces.all(|pace| {
                pace.first_pass().all(|e| fits(sounds.ticks.get(&e.tick), e.tick.length))
            })
            && chimes.all(|chime| fits(sounds.chimes.get(&chime.sound()), chime.range.length))
            && timeline.bed.is_some() != sounds.bed.is_empty()
            && [0, sounds.bed.len()].contains(&sounds.bed_side.len());
        let rate = timeline.sample_rate;
        let ducking = Ducking::of_ticks(timeline.levels, rate);
        let bed_ducking = Ducking::of_bed(rate);
        let recent = Recent::at(1);
        complete.then_some(Mixer { timeline, sounds, ducking, bed_ducking, recent })
    }

    /// The same mixer, for so many places of the track at a time.
    pub fn at_places(self, places: usize) -> Mixer<'a> {
        Mixer { recent: Recent::at(places), ..self }
    }

    /// Mixes the frames from `start` on into `block`, which holds one sample a
    /// frame. Returns whether anything is planned to sound in them; where nothing
    /// is, every sample is zero.
    pub fn mix(&self, start: Position, block: &mut [f32]) -> bool {
        block.fill(0.0);
        let range = FrameRange::new(start, Length(block.len() as u64));
        let chimes = self.chimes(range, block);
        let ticks = self.ticks(range, block, pan::in_middle);
        let speech = self.speech(range, block);
        let bed = self.bed(range, block, &self.sounds.bed);
        chimes || ticks || speech || bed
    }

    /// Each frame of the bed from its position: where in the loop it lies, how far it has
    /// faded, and how near a prompt is. Nearly always neither changes, and many frames are
    /// added at once.
    fn bed(&self, range: FrameRange, block: &mut [f32], looped: &[f32]) -> bool {
        let Some(bed) = &self.timeline.bed else { return false };
        let Some(overlap) = range.intersection(bed.range) else { return false };
        let mut start = overlap.start;
        while start < overlap.end_exclusive() {
            let from = (start.0 % looped.len() as u64) as usize;
            let looped = &looped[from..];
            let left = overlap.end_exclusive().since(start);
            let piece = FrameRange::new(start, left.min(STRETCH).min(Length(looped.len() as u64)));
            start = piece.end_exclusive();
            let into = piece.start.since(range.start).0 as usize;
            let sums = &mut block[into..into + piece.length.0 as usize];
            let voices = self.voices_near(piece, self.bed_ducking);
            let gain = |at: Position| bed.fade(at) * self.bed_ducking.gain_at(at, voices);
            if bed.is_steady(piece) && self.bed_ducking.is_steady(piece, voices) {
                let gain = self.bed_ducking.gain_at(piece.start, voices);
                sums.iter_mut().zip(looped).for_each(|(sum, sample)| *sum += sample * gain);
            } else {
                for ((sum, sample), at) in sums.iter_mut().zip(looped).zip(piece.start.0..) {
                    *sum += sample * gain(Position(at));
                }
            }
        }
        true
    }

    fn chimes(&self, range: FrameRange, block: &mut [f32]) -> bool {
        let mut heard = false;
        for chime in &self.timeline.chimes {
            heard |= self.chime(range, block, chime);
        }
        heard
    }

    /// A chime does not give way: what is planned beside the voice is soft enough.
    fn chime(&self, range: FrameRange, block: &mut [f32], chime: &Chime) -> bool {
        let samples = self.sounds.chimes.get(&chime.sound());
        samples.is_some_and(|samples| add(block, range, chime.range, samples))
    }

    fn speech(&self, range: FrameRange, block: &mut [f32]) -> bool {
        let prompts = events_in(&self.timeline.speech, range, |prompt| prompt.range);
        for prompt in prompts {
            match self.sounds.clips.get(&prompt.clip) {
                Some(ClipSamples::Here(samples)) => {
                    add(block, range, prompt.range, samples);
                }
                Some(ClipSamples::Kept(kept)) => {
                    let samples = self.recent.samples(&prompt.clip, &**kept);
                    add(block, range, prompt.range, &samples);
                }
                None => {}
            }
        }
        !prompts.is_empty()
    }

    /// Ticks with the factor that those of a side have; those that have none are left out.
    fn ticks(&self, range: FrameRange, block: &mut [f32], factor: fn(Option<Side>) -> f32) -> bool {
        let paces = events_in(&self.timeline.paces, range, |pace| pace.range);
        let mut heard = false;
        for pace in paces {
            let factor = factor(pace.side);
            let ticks = pace.ticks_in(range).filter(|_| factor != 0.0);
            for event in ticks {
                heard |= self.tick(range, block, &event, factor);
            }
        }
        heard
    }

    fn tick(&self, range: FrameRange, block: &mut [f32], event: &TickEvent, factor: f32) -> bool {
        let Some(samples) = self.sounds.ticks.get(&event.tick) else { return false };
        let Some(overlap) = event.range().intersection(range) else { return false };
        let voices = self.voices_near(overlap, self.ducking);
        if voices.is_empty() && factor == 1.0 {
            return add(block, range, event.range(), samples);
        }
        let into = overlap.start.since(range.start).0 as usize;
        let from = overlap.start.since(event.at).0 as usize;
        for n in 0..overlap.length.0 {
            let gain = factor * self.ducking.gain_at(overlap.start + Length(n), voices);
            block[into + n as usize] += samples[from + n as usize] * gain;
        }
        true
    }

    /// The prompts whose ramps reach into `range`.
    fn voices_near(&self, range: FrameRange, ducking: Ducking) -> &[Prompt] {
        let Ducking { attack, release, .. } = ducking;
        let start = range.start.before(release).unwrap_or(Position::START);
        let end = range.end_exclusive() + attack;
        let wide = FrameRange::new(start, end.since(start));
        events_in(&self.timeline.speech, wide, |prompt| prompt.range)
    }
}

impl Source for Mixer<'_> {
    fn mix(&self, start: Position, block: &mut [f32]) -> bool {
        self.mix(start, block)
    }

    fn is_wide(&self) -> bool {
        !self.sounds.bed_side.is_empty() || self.timeline.has_sides()
    }

    fn side(&self, start: Position, block: &mut [f32]) -> bool {
        block.fill(0.0);
        let range = FrameRange::new(start, Length(block.len() as u64));
        let ticks = self.ticks(range, block, pan::in_side);
        let bed = &self.sounds.bed_side;
        ticks | (!bed.is_empty() && self.bed(range, block, bed))
    }
}

impl Ducking {
    /// Whether the factor is the same all through `range`, with these prompts near: where
    /// there are none, or one sounds from its first frame to its last.
    fn is_steady(&self, range: FrameRange, voices: &[Prompt]) -> bool {
        voices.is_empty() || voices.iter().any(|prompt| prompt.range.contains_range(range))
    }

    /// The factor of a tick's sample at `position`, with these prompts near.
    fn gain_at(&self, position: Position, voices: &[Prompt]) -> f32 {
        let down = voices.iter().map(|prompt| self.ramp(position, prompt.range));
        1.0 - (1.0 - self.floor) * down.fold(0.0, f32::max)
    }

    /// 0 far from a prompt, 1 while it sounds, smooth between.
    fn ramp(&self, position: Position, prompt: FrameRange) -> f32 {
        let before = prompt.start.since(position);
        let after = Length((position + Length(1)).since(prompt.end_exclusive()).0);
        let near = |distance: Length, ramp: Length| {
            let x = 1.0 - (distance.0 as f32 / (ramp.0 + 1) as f32).min(1.0);
            x * x * (3.0 - 2.0 * x)
        };
        near(before, self.attack).min(near(after, self.release))
    }
}

/// Adds to `block`, which holds the frames of `range`, what `samples` at `place`
/// have in common with it. Returns whether that is anything.
fn add(block: &mut [f32], range: FrameRange, place: FrameRange, samples: &[f32]) -> bool {
    let Some(overlap) = place.intersection(range) else { return false };
    let into = overlap.start.since(range.start).0 as usize;
    let from = overlap.start.since(place.start).0 as usize;
    let length = overlap.length.0 as usize;
    let sources = samples.get(from..).unwrap_or_default();
    for (sum, sample) in block[into..into + length].iter_mut().zip(sources) {
        *sum += sample;
    }
    true
}
