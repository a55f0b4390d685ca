//! One sound of a mix by itself.

use super::{Mixer, add, pan};
use crate::timeline::{Chime, Prompt, TickEvent, Timeline};
use crate::units::FrameRange;

/// Something that sounds in a mix, besides the bed.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// Words.
    Prompt(&'a Prompt),
    /// A tick.
    Tick(TickEvent),
    /// A chime.
    Chime(&'a Chime),
}

impl Event<'_> {
    /// From its first frame to its last.
    pub fn range(&self) -> FrameRange {
        match self {
            Event::Prompt(prompt) => prompt.range,
            Event::Tick(tick) => tick.range(),
            Event::Chime(chime) => chime.range,
        }
    }
}

impl Mixer<'_> {
    /// Everything that sounds, besides the bed, in order; at the same frame, words first.
    pub fn events(&self) -> Vec<Event<'_>> {
        let chimes = self.timeline.chimes.iter().map(Event::Chime);
        let prompts = self.timeline.speech.iter().map(Event::Prompt);
        let mut events: Vec<Event<'_>> =
            prompts.chain(self.timeline.ticks().map(Event::Tick)).chain(chimes).collect();
        events.sort_by_key(|event| event.range().start);
        events
    }

    /// What `event` adds to the frames of its range, as loud as it is in the mix.
    pub fn alone(&self, event: &Event<'_>) -> Vec<f32> {
        let range = event.range();
        let mut block = vec![0.0; range.length.0 as usize];
        match event {
            Event::Prompt(prompt) => {
                let clip = self.sounds.clips.get(&prompt.clip);
                clip.map(|clip| add(&mut block, range, range, &clip.get()))
            }
            Event::Tick(tick) => {
                Some(self.tick(range, &mut block, tick, pan::in_middle(tick.side)))
            }
            Event::Chime(chime) => Some(self.chime(range, &mut block, chime)),
        };
        block
    }

    /// The timeline that it mixes.
    pub fn timeline(&self) -> &Timeline {
        self.timeline
    }
}
