//! Timeline + sounds → frames, any range of them.
//!
//! Random access: every frame is computed from its position alone, so ranges can
//! be mixed in any order, in blocks of any size, side by side, and come out the
//! same. Memory does not grow with the session.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::timeline::{Pace, Prompt, PromptId, Tick, TickEvent, Timeline, events_in};
use crate::units::{Decibels, FrameRange, Length, Position, SampleRate};

/// The audio of everything that a timeline can ask for: one sample a frame.
#[derive(Clone, Debug, Default)]
pub struct Sounds {
    /// The clips, by prompt.
    pub clips: BTreeMap<PromptId, Vec<f32>>,
    /// The ticks.
    pub ticks: BTreeMap<Tick, Vec<f32>>,
    /// The chimes, in the order of the timeline's.
    pub chimes: Vec<Vec<f32>>,
}

/// How ticks give way to the voice: by how much, and how fast. Planned from where
/// prompts stand, not from their level, so that ticks fall before the first word.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ducking {
    /// The change of level while a prompt sounds.
    depth: Decibels,
    /// The ramp before a prompt.
    attack: Length,
    /// The ramp after it.
    release: Length,
}

/// Mixes a timeline.
pub struct Mixer<'a> {
    timeline: &'a Timeline,
    sounds: &'a Sounds,
    ducking: Ducking,
}

impl Ducking {
    const DEPTH: Decibels = Decibels(-9.0);
    const ATTACK: Duration = Duration::from_millis(80);
    const RELEASE: Duration = Duration::from_millis(250);

    fn at(rate: SampleRate) -> Ducking {
        Ducking {
            depth: Self::DEPTH,
            attack: rate.length_of(Self::ATTACK),
            release: rate.length_of(Self::RELEASE),
        }
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
        let mut chimes = timeline.chimes.iter().enumerate();
        let complete = prompts
            .all(|prompt| fits(sounds.clips.get(&prompt.clip), prompt.range.length))
            && paces.all(|pace| {
                pace.first_pass().all(|e| fits(sounds.ticks.get(&e.tick), e.tick.length))
            })
            && chimes.all(|(n, chime)| fits(sounds.chimes.get(n), chime.range.length));
        complete.then(|| Mixer { timeline, sounds, ducking: Ducking::at(timeline.sample_rate) })
    }

    /// Mixes the frames from `start` on into `block`, which holds one sample a
    /// frame. Returns whether anything is planned to sound in them; where nothing
    /// is, every sample is zero.
    pub fn mix(&self, start: Position, block: &mut [f32]) -> bool {
        block.fill(0.0);
        let range = FrameRange::new(start, Length(block.len() as u64));
        let chimes = self.chimes(range, block);
        let ticks = self.ticks(range, block);
        let speech = self.speech(range, block);
        chimes || ticks || speech
    }

    fn chimes(&self, range: FrameRange, block: &mut [f32]) -> bool {
        let chimes = self.timeline.chimes.iter().zip(&self.sounds.chimes);
        let mut heard = false;
        for (chime, samples) in chimes {
            heard |= add(block, range, chime.range, samples);
        }
        heard
    }

    fn speech(&self, range: FrameRange, block: &mut [f32]) -> bool {
        let prompts = events_in(&self.timeline.speech, range, |prompt| prompt.range);
        for prompt in prompts {
            if let Some(samples) = self.sounds.clips.get(&prompt.clip) {
                add(block, range, prompt.range, samples);
            }
        }
        !prompts.is_empty()
    }

    fn ticks(&self, range: FrameRange, block: &mut [f32]) -> bool {
        let paces = events_in(&self.timeline.paces, range, |pace| pace.range);
        let mut heard = false;
        for event in paces.iter().flat_map(|pace: &Pace| pace.ticks_in(range)) {
            if let Some(samples) = self.sounds.ticks.get(&event.tick) {
                heard |= self.tick(range, block, &event, samples);
            }
        }
        heard
    }

    fn tick(
        &self,
        range: FrameRange,
        block: &mut [f32],
        event: &TickEvent,
        samples: &[f32],
    ) -> bool {
        let Some(overlap) = event.range().intersection(range) else { return false };
        let voices = self.voices_near(overlap);
        if voices.is_empty() {
            return add(block, range, event.range(), samples);
        }
        let into = overlap.start.since(range.start).0 as usize;
        let from = overlap.start.since(event.at).0 as usize;
        for n in 0..overlap.length.0 {
            let gain = self.ducking.gain_at(overlap.start + Length(n), voices);
            block[into + n as usize] += samples[from + n as usize] * gain;
        }
        true
    }

    /// The prompts whose ramps reach into `range`.
    fn voices_near(&self, range: FrameRange) -> &[Prompt] {
        let Ducking { attack, release, .. } = self.ducking;
        let start = range.start.before(release).unwrap_or(Position::START);
        let end = range.end_exclusive() + attack;
        let wide = FrameRange::new(start, end.since(start));
        events_in(&self.timeline.speech, wide, |prompt| prompt.range)
    }
}

impl Ducking {
    /// The factor of a tick's sample at `position`, with these prompts near.
    fn gain_at(&self, position: Position, voices: &[Prompt]) -> f32 {
        let depth = self.depth.as_amplitude() as f32;
        let down = voices.iter().map(|prompt| self.ramp(position, prompt.range));
        1.0 - (1.0 - depth) * down.fold(0.0, f32::max)
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
