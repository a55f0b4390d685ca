//! The plan of a track (`effleurage-plan/1`), read back.

use serde::{Deserialize, Serialize};

use crate::timeline::cue_sheet::Outcome;

/// What `effleurage plan --format json` prints. Positions and lengths are in frames.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Always `effleurage-plan/1`.
    pub format: String,
    /// The routine's short name.
    pub routine: String,
    /// The routine's title.
    pub title: String,
    /// The voice that speaks.
    pub voice: String,
    /// Frames a second.
    pub sample_rate: u32,
    /// The length of the whole track.
    pub frames: u64,
    /// The track from first to last frame, in pieces.
    pub sections: Vec<Section>,
    /// What is spoken, and every tick.
    pub events: Vec<Event>,
    /// What came out other than a reader might expect.
    pub notes: Vec<String>,
    /// What was asked for, and what came of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Outcome>,
}

/// A piece of the track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Unique, such as `ankles.left.ankle`.
    pub id: String,
    /// What people read.
    pub title: String,
    /// `opening`, `lead-in`, `zone`, `pause` or `closing`.
    pub kind: String,
    /// Its first frame.
    pub at: u64,
    /// Its length.
    pub frames: u64,
    /// Of a zone: which leg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leg: Option<String>,
    /// Of a zone: which part of the leg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Of a zone: the technique's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technique: Option<String>,
    /// Of a zone: whole strokes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strokes: Option<u64>,
    /// Of a zone: how fast they come out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strokes_per_minute: Option<f64>,
}

/// A prompt or a tick.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// `voice` or `tick`.
    pub track: String,
    /// Its first frame.
    pub at: u64,
    /// Its length.
    pub frames: u64,
    /// Of a prompt: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip: Option<String>,
    /// Of a prompt: its words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Of a tick: the stroke to which it belongs, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stroke: Option<u64>,
    /// Of a tick: what it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound: Option<String>,
    /// Of a tick: whether it is strong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<bool>,
}
