//! A routine: the author's words as types, each with its place in the file.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::spanned::Spanned;
use super::vocabulary::PromptId;
use super::words::{Audience, BedNoise, Leg, Motion, Pan, Pattern, Pressure, Room, Talk, TickKit};
use crate::body::{Body, Region};
use crate::units::{Decibels, SlowDown, StrokeRate};

/// The written plan of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Routine {
    /// Short name; the track is called after it.
    pub name: String,
    /// What people read.
    pub title: String,
    /// Whom it is for.
    pub audience: Audience,
    /// The regions that it may speak of.
    pub body: Body,
    /// The kinds of stroke, by name.
    pub techniques: BTreeMap<String, Technique>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The end of the track.
    pub closing: Closing,
    /// What is said now and then in long zones.
    pub remind: Vec<Spanned<PromptId>>,
    /// How much is said, and when.
    pub guidance: Guidance,
    /// How it sounds.
    pub sound: SoundSettings,
    /// How long the whole track lasts, where somebody asked for that.
    pub total: Option<Spanned<Duration>>,
}

/// What guides the hands besides the author's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guidance {
    /// How much is said.
    pub talk: Talk,
    /// Whether the middle of a zone is told.
    pub halfway: bool,
    /// What tells that a zone ends soon.
    pub closing_cue: ClosingCue,
    /// Every how often the time that is left is told.
    pub time_left: Option<Spanned<Duration>>,
    /// Every how often a reminder is said.
    pub remind_every: Option<Duration>,
    /// How many ticks count in before the first stroke of a zone.
    pub count_in: u64,
    /// By how much strokes slow toward the end of a zone.
    pub slow_down: SlowDown,
    /// Whether words that are longer than their author's place for them get what they
    /// need: other words are said now than those that the author measured.
    pub pins_give_way: bool,
}

impl Default for Guidance {
    fn default() -> Guidance {
        Guidance {
            talk: Talk::Full,
            halfway: true,
            closing_cue: ClosingCue::Bell,
            time_left: None,
            remind_every: Some(Duration::from_secs(45)),
            count_in: 0,
            slow_down: SlowDown::NONE,
            pins_give_way: false,
        }
    }
}

/// What tells that a zone ends soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosingCue {
    /// Nothing.
    Off,
    /// A soft bell, [`ClosingCue::BELL`] before the end. Said so often, words would nag.
    Bell,
    /// Words that tell how long is left, just as long before the end.
    Spoken(Duration),
}

impl ClosingCue {
    /// How long before the end a bell sounds: time for a last stroke or two.
    pub const BELL: Duration = Duration::from_secs(5);
    /// The end of a zone is told where the zone is so many times as long as what is left.
    const FROM: u32 = 4;

    /// How long before the end of a zone it comes.
    pub fn before(self) -> Option<Duration> {
        match self {
            ClosingCue::Off => None,
            ClosingCue::Bell => Some(ClosingCue::BELL),
            ClosingCue::Spoken(left) => Some(left),
        }
    }

    /// Whether it comes in a zone that `lasts` so long.
    pub fn is_due(self, lasts: Duration) -> bool {
        self.before().is_some_and(|left| lasts >= left * ClosingCue::FROM)
    }
}

/// How a session sounds.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundSettings {
    /// The sound of the ticks.
    pub ticks: Spanned<TickSound>,
    /// Louder or softer ticks.
    pub tick_level: Decibels,
    /// A louder or softer voice.
    pub voice_level: Decibels,
    /// The background.
    pub bed: Spanned<BedSound>,
    /// A louder or softer background.
    pub bed_level: Decibels,
    /// The room in which the voice speaks.
    pub room: Room,
    /// From which side ticks come.
    pub pan: Pan,
}

impl Default for SoundSettings {
    fn default() -> SoundSettings {
        SoundSettings {
            ticks: Spanned::new(TickSound::BuiltIn(TickKit::Soft), 0..0),
            tick_level: Decibels(0.0),
            voice_level: Decibels(0.0),
            bed: Spanned::new(BedSound::Off, 0..0),
            bed_level: Decibels(0.0),
            room: Room::Off,
            pan: Pan::Off,
        }
    }
}

/// What ticks sound like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TickSound {
    /// A sound that is computed.
    BuiltIn(TickKit),
    /// A person's own clip, as the path is written.
    File(PathBuf),
}

/// What sounds in the background.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BedSound {
    /// Nothing.
    Off,
    /// A noise that is computed.
    Noise(BedNoise),
    /// A person's own recording, as the path is written.
    File(PathBuf),
}

/// A kind of stroke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technique {
    /// What people read.
    pub title: String,
    /// How many strokes a minute.
    pub rate: Spanned<StrokeRate>,
    /// What is heard in one stroke.
    pub ticks: Spanned<Pattern>,
    /// What the hands do.
    pub motion: Motion,
    /// How firmly.
    pub pressure: Pressure,
    /// How many strokes lead once up the zone; at least one.
    pub strokes_per_pass: u64,
}

/// Words, then stroking, zone by zone, then quiet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Short name, different from every other step's.
    pub id: Spanned<String>,
    /// What people read.
    pub title: String,
    /// What is said first.
    pub say: Vec<Spanned<PromptId>>,
    /// How long saying it may take, where the author pins it.
    pub lead_in: Option<Spanned<Duration>>,
    /// How long naming a leg may take, where the author pins it.
    pub changeover: Option<Spanned<Duration>>,
    /// The turns of the legs, in the order in which they come.
    pub turns: Vec<Turn>,
    /// Whether its author lets something be stroked in it.
    pub was_stroked: bool,
    /// Whether light circles took the place of pressing in it.
    pub softened: bool,
    /// Quiet time after the step.
    pub pause: Option<Duration>,
}

/// One leg's turn in a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Whose turn it is.
    pub leg: Spanned<Leg>,
    /// The zones, from the bottom up.
    pub zones: Vec<ZoneStep>,
}

/// Stroking one zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneStep {
    /// Where.
    pub zone: Spanned<Region>,
    /// How: the name of a technique.
    pub technique: Spanned<String>,
    /// How long.
    pub extent: Spanned<Extent>,
    /// How far a total may stretch or shrink it.
    pub bounds: Bounds,
    /// Whether a person asked for just this length, so that a total leaves it alone.
    pub kept: bool,
    /// What is said instead of the zone's name.
    pub say: Vec<Spanned<PromptId>>,
    /// How long the words before it may take, where the author pins it.
    pub lead_in: Option<Spanned<Duration>>,
}

/// How far a zone may be stretched or shrunk to reach a total, where the author says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// No shorter than this.
    pub min: Option<Spanned<Duration>>,
    /// No longer than this.
    pub max: Option<Spanned<Duration>>,
}

/// How long a zone is stroked, as the author says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// For a length of time.
    Time(Duration),
    /// For a number of strokes.
    Strokes(u64),
}

impl Technique {
    /// Whether it presses, so that the warnings must have been said before.
    pub fn presses(&self) -> bool {
        self.motion == Motion::Press || self.pressure.presses()
    }
}

impl Extent {
    /// The length of time that it takes at `rate`.
    pub fn duration(self, rate: StrokeRate) -> Duration {
        match self {
            Extent::Time(duration) => duration,
            Extent::Strokes(strokes) => rate.duration_of(strokes),
        }
    }

    /// The whole strokes that it holds at `rate`.
    pub fn strokes(self, rate: StrokeRate) -> u64 {
        match self {
            Extent::Time(duration) => rate.strokes_in(duration),
            Extent::Strokes(strokes) => strokes,
        }
    }
}

/// The end of the track: last words, a chime, a moment of quiet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closing {
    /// The last words.
    pub say: Vec<Spanned<PromptId>>,
    /// How long the end takes, where the author pins it.
    pub lasts: Option<Spanned<Duration>>,
}

impl Routine {
    /// The technique of a zone, or `None` where its name is wrong (which
    /// [`check`](super::check) reports).
    pub fn technique(&self, zone: &ZoneStep) -> Option<&Technique> {
        self.techniques.get(&zone.technique.value)
    }

    /// Every prompt that the author asks for, where it is asked for.
    pub fn said(&self) -> impl Iterator<Item = &Spanned<PromptId>> {
        self.steps.iter().flat_map(Step::prompts).chain(&self.closing.say).chain(&self.remind)
    }
}

impl Step {
    /// Every prompt of this step, in the order in which they are said.
    pub fn prompts(&self) -> impl Iterator<Item = &Spanned<PromptId>> {
        self.say.iter().chain(self.zones().flat_map(|zone| &zone.say))
    }

    /// The zones of all turns, in the order in which they come.
    pub fn zones(&self) -> impl Iterator<Item = &ZoneStep> {
        self.turns.iter().flat_map(|turn| &turn.zones)
    }

    /// Whether anything is stroked in it.
    pub fn is_stroked(&self) -> bool {
        self.zones().next().is_some()
    }
}
