//! What sounds when, to the frame.
//!
//! [`outline`](mod@outline) puts a routine into the order in which it happens;
//! [`plan()`] gives every part its frames, once the lengths of the words are known.
//! The result, a [`Timeline`], is the middle of the program: the mix, the cue sheets
//! and whatever else leaves by another door read it and nothing else.

mod chapters;
pub mod cue_sheet;
mod cues;
pub mod document;
mod fit;
mod notes;
pub mod outline;
mod pace;
mod part;
mod plan;
mod remind;
mod schedule;
mod share;
mod timings;
mod total;
mod truth;
mod wording;

use std::collections::BTreeMap;
use std::time::Duration;

pub use chapters::Chapter;
pub use cues::Cue;
pub use fit::{Measure, Speech, misfits, room_for_words};
pub use pace::{Kit, Pace, Pitch, Sound, Tick, TickEvent};
pub use plan::{PlanFault, plan};
pub use wording::{own_prompts, possible};

use crate::body::Region;
use crate::fade::raised_cosine;
pub use crate::routine::PromptId;
pub use crate::routine::words::Side;
use crate::routine::words::{Leg, Pressure};
use crate::units::{Decibels, FrameRange, Length, Position, SampleRate, SlowDown, StrokeRate};

/// A planned session.
///
/// Its sections adjoin without gaps and add up to its length. The events of each
/// track (voice, ticks, chimes) come in order and never overlap.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// The routine's short name.
    pub routine: String,
    /// The routine's title.
    pub title: String,
    /// The voice that speaks.
    pub voice: String,
    /// Frames a second.
    pub sample_rate: SampleRate,
    /// The session from first to last frame, in pieces.
    pub sections: Vec<Section>,
    /// What is spoken.
    pub speech: Vec<Prompt>,
    /// How the strokes are paced, one [`Pace`] a zone.
    pub paces: Vec<Pace>,
    /// The chimes that open and close the track and its pauses, and the bells in its zones.
    pub chimes: Vec<Chime>,
    /// What sounds in the background, if anything does.
    pub bed: Option<Bed>,
    /// How loud the tracks are, beside what is usual.
    pub levels: Levels,
    /// What came out other than a reader might expect, and why.
    pub notes: Vec<String>,
}

/// A piece of the session.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Unique, such as `ankles.left.ankle`.
    pub id: String,
    /// What people read.
    pub title: String,
    /// The title of the step that begins with it, if one does.
    pub begins: Option<String>,
    /// What happens in it.
    pub kind: SectionKind,
    /// Where it stands.
    pub range: FrameRange,
}

/// What happens in a section.
#[derive(Clone, Debug, PartialEq)]
pub enum SectionKind {
    /// The wake-up chime.
    Opening,
    /// Words before the stroking.
    LeadIn,
    /// Stroking.
    Zone(Stroking),
    /// Quiet.
    Pause,
    /// Last words, a chime, a moment of quiet.
    Closing,
}

impl SectionKind {
    /// The kind's name in a cue sheet.
    pub fn name(&self) -> &'static str {
        match self {
            SectionKind::Opening => "opening",
            SectionKind::LeadIn => "lead-in",
            SectionKind::Zone(_) => "zone",
            SectionKind::Pause => "pause",
            SectionKind::Closing => "closing",
        }
    }
}

/// How a zone is stroked.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroking {
    /// Which leg.
    pub leg: Leg,
    /// Which part of it.
    pub zone: Region,
    /// What people call it.
    pub region_title: String,
    /// The technique's name in the routine.
    pub technique: String,
    /// The technique's title.
    pub technique_title: String,
    /// How firmly.
    pub pressure: Pressure,
    /// Whole strokes.
    pub strokes: u64,
    /// The rate that the author asked for.
    pub asked: StrokeRate,
    /// By how much strokes are slower at the end.
    pub slow_down: SlowDown,
}

impl Stroking {
    /// Strokes a minute as they come out in a zone of `length`: the duration
    /// wins and the rate bends.
    pub fn strokes_per_minute(&self, length: Length, rate: SampleRate) -> f64 {
        self.strokes as f64 * 60.0 * f64::from(rate.hz()) / length.0 as f64
    }
}

/// A prompt, spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// From the clip's first frame to its last.
    pub range: FrameRange,
    /// Which clip.
    pub clip: PromptId,
    /// Its words.
    pub text: String,
}

/// A background from the first frame of the track to the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bed {
    /// What it is: the name of a built-in one, or `file`.
    pub sound: String,
    /// Where it sounds.
    pub range: FrameRange,
    /// The frames in which it comes up.
    pub fade_in: Length,
    /// The frames in which it goes away.
    pub fade_out: Length,
}

impl Bed {
    const FADE_IN: Duration = Duration::from_secs(4);
    const FADE_OUT: Duration = Duration::from_secs(6);

    /// The bed of a track of `length`; a short one gives it less time to come and go.
    pub fn of(sound: &str, length: Length, rate: SampleRate) -> Bed {
        let at_most = |fade| rate.length_of(fade).min(Length(length.0 / 2));
        let (fade_in, fade_out) = (at_most(Self::FADE_IN), at_most(Self::FADE_OUT));
        let sound = sound.to_owned();
        Bed { sound, range: FrameRange::new(Position::START, length), fade_in, fade_out }
    }

    /// Whether it neither comes up nor goes away in `range`.
    pub fn is_steady(&self, range: FrameRange) -> bool {
        let from = self.range.start + self.fade_in;
        let to = self.range.end_exclusive().before(self.fade_out).unwrap_or(from);
        from <= range.start && range.end_exclusive() <= to
    }

    /// The factor of its frame at `position`: up to 1 and down again, in raised cosines;
    /// half a frame in, so that neither end is lost.
    pub fn fade(&self, position: Position) -> f32 {
        let share = |frames: Length, of: Length| match of {
            Length::ZERO => 1.0,
            of => raised_cosine((frames.0 as f64 + 0.5) / of.0 as f64),
        };
        let since = position.since(self.range.start);
        let left = self.range.end_exclusive().since(position + Length(1));
        (share(since, self.fade_in) * share(left, self.fade_out)) as f32
    }
}

/// How loud the tracks are, beside what is usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// The voice.
    pub voice: Decibels,
    /// The ticks.
    pub ticks: Decibels,
    /// The background.
    pub bed: Decibels,
}

impl Levels {
    /// As usual.
    pub const USUAL: Levels =
        Levels { voice: Decibels(0.0), ticks: Decibels(0.0), bed: Decibels(0.0) };
}

/// A chime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chime {
    /// Where it sounds.
    pub range: FrameRange,
    /// Which one.
    pub kind: ChimeKind,
}

impl Chime {
    /// What is heard: chimes of one kind and length are one sound.
    pub fn sound(&self) -> (ChimeKind, Length) {
        (self.kind, self.range.length)
    }
}

/// The chimes that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChimeKind {
    /// Rises out of silence, so that a sleeping loudspeaker is awake for the first word.
    Opening,
    /// Says that it is over.
    Closing,
    /// Two tones that fall: now it is quiet.
    PauseStart,
    /// The same two, rising: it goes on.
    PauseEnd,
    /// Says that a zone is about to end.
    Soon,
}

impl ChimeKind {
    /// The kind's name in a cue sheet.
    pub fn name(self) -> &'static str {
        match self {
            ChimeKind::Opening => "opening",
            ChimeKind::Closing => "closing",
            ChimeKind::PauseStart => "pause-start",
            ChimeKind::PauseEnd => "pause-end",
            ChimeKind::Soon => "bell",
        }
    }

    /// How long it sounds.
    pub const fn lasts(self) -> Duration {
        Duration::from_millis(match self {
            ChimeKind::Opening => 1_000,
            ChimeKind::Closing => 2_500,
            ChimeKind::PauseStart | ChimeKind::PauseEnd => 1_200,
            ChimeKind::Soon => 1_500,
        })
    }
}

impl Timeline {
    /// A session in which nothing happens yet.
    pub fn empty(routine: &str, voice: &str, sample_rate: SampleRate) -> Timeline {
        Timeline {
            routine: routine.to_owned(),
            title: String::new(),
            voice: voice.to_owned(),
            sample_rate,
            sections: Vec::new(),
            speech: Vec::new(),
            paces: Vec::new(),
            chimes: Vec::new(),
            bed: None,
            levels: Levels::USUAL,
            notes: Vec::new(),
        }
    }

    /// The regions that are stroked, from the bottom up, with what people call them.
    pub fn regions(&self) -> BTreeMap<Region, &str> {
        let stroked = self.sections.iter().filter_map(|section| match &section.kind {
            SectionKind::Zone(stroking) => Some((stroking.zone, stroking.region_title.as_str())),
            _ => None,
        });
        stroked.collect()
    }

    /// The length of the whole track.
    pub fn length(&self) -> Length {
        self.sections
            .last()
            .map_or(Length::ZERO, |s| s.range.end_exclusive().since(Position::START))
    }

    /// All of its frames.
    pub fn range(&self) -> FrameRange {
        FrameRange::new(Position::START, self.length())
    }

    /// Whether anything in it comes from one side, where there are two.
    pub fn has_sides(&self) -> bool {
        self.paces.iter().any(|pace| pace.side.is_some())
    }

    /// Every tick, in order.
    pub fn ticks(&self) -> impl Iterator<Item = TickEvent> {
        self.paces.iter().flat_map(Pace::ticks)
    }
}

/// The events of an ordered track that have a frame in `range`.
pub fn events_in<T>(events: &[T], range: FrameRange, of: impl Fn(&T) -> FrameRange) -> &[T] {
    let first = events.partition_point(|event| of(event).end_exclusive() <= range.start);
    let after = events.partition_point(|event| of(event).start < range.end_exclusive());
    &events[first..after.max(first)]
}
