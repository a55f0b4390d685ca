//! The shape of a routine file, as serde reads it and the JSON Schema shows it.
//!
//! Every key is optional here and every leaf takes any [`Scalar`], so that one
//! wrong value never hides another; [`resolve`](super::resolve) judges them.
//! The doc comments of the fields are what an editor shows while one types.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::at::At;
use super::leaf::{
    DurationText, IdText, Leaf, MOST_STROKES, MOST_STROKES_PER_PASS, OneOf, PatternText, PerMinute,
    Scalar, Whole,
};
use super::words::{Audience, Legs, Motion, Pressure, Zone};

/// A routine for `effleurage`: the steps of a massage, from the first word to the last.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "effleurage routine", rename = "Routine")]
#[schemars(extend("required" = ["name", "title", "for", "step"]))]
pub struct RoutineFile {
    /// Short name, without spaces. The track is called after it.
    #[schemars(with = "IdText")]
    pub name: Leaf,
    /// What people read.
    #[schemars(with = "String")]
    pub title: Leaf,
    /// "self" for one person, "partner" for a giver and a receiver.
    #[serde(rename = "for")]
    #[schemars(with = "OneOf<Audience>")]
    pub audience: Leaf,
    /// The kinds of stroke, each by its name.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, TechniqueFile>>")]
    pub techniques: BTreeMap<At<String>, At<TechniqueFile>>,
    /// The steps, in the order in which they happen.
    #[serde(default, rename = "step")]
    #[schemars(with = "Vec<StepFile>", extend("minItems" = 1))]
    pub steps: Vec<At<StepFile>>,
    /// The end of the track: last words, a chime, half a second of quiet.
    pub closing: Option<At<ClosingFile>>,
}

/// A kind of stroke: how fast, how it sounds, how firm.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Technique")]
pub struct TechniqueFile {
    /// What people read; without it, the technique's name.
    #[schemars(with = "Option<String>")]
    pub title: Leaf,
    /// Whole patterns a minute, 1 to 240.
    #[schemars(with = "PerMinute")]
    pub strokes_per_minute: Leaf,
    /// What is heard in one stroke: X strong, x weak, . silent.
    #[schemars(with = "PatternText")]
    pub ticks: Leaf,
    /// "circle", or "press" for pressing (X) and letting go (x).
    #[schemars(with = "OneOf<Motion>")]
    pub motion: Leaf,
    /// How firmly it touches. "moderate" and "intermittent" press.
    #[schemars(with = "OneOf<Pressure>")]
    pub pressure: Leaf,
    /// How many strokes lead once up the zone, 1 to 60.
    #[schemars(with = "Whole<1, MOST_STROKES_PER_PASS>")]
    pub strokes_per_pass: Leaf,
}

/// A step: words first, then stroking, zone by zone, from the bottom up.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Step", extend("dependentRequired" = {"zones": ["legs"]}))]
pub struct StepFile {
    /// Short name, without spaces, different from every other step's.
    #[schemars(with = "IdText")]
    pub id: Leaf,
    /// What people read.
    #[schemars(with = "String")]
    pub title: Leaf,
    /// The prompts that are spoken first, by their names in the voice pack.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub say: Vec<At<Scalar>>,
    /// How long those words may take; without it, as long as they need.
    #[schemars(with = "Option<DurationText>")]
    pub lead_in: Leaf,
    /// "left", "right", "both" at once, or "each": one leg after the other.
    #[schemars(with = "Option<OneOf<Legs>>")]
    pub legs: Leaf,
    /// How long naming a leg, or changing to the other, may take.
    #[schemars(with = "Option<DurationText>")]
    pub changeover: Leaf,
    /// The zones in order, never down the leg.
    #[serde(default)]
    #[schemars(with = "Option<Vec<ZoneFile>>")]
    pub zones: Vec<At<ZoneFile>>,
    /// Quiet time after the step.
    #[schemars(with = "Option<DurationText>")]
    pub pause: Leaf,
}

/// One zone of a step: where, how, and how long (`lasts` or `strokes`).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Zone")]
#[schemars(extend("oneOf" = [{"required": ["lasts"]}, {"required": ["strokes"]}]))]
pub struct ZoneFile {
    /// "ankle", "calf", "knee" or "thigh".
    #[schemars(with = "OneOf<Zone>")]
    pub zone: Leaf,
    /// A technique, by its name in this file.
    #[schemars(with = "String")]
    pub technique: Leaf,
    /// How long the stroking goes on.
    #[schemars(with = "Option<DurationText>")]
    pub lasts: Leaf,
    /// How many strokes, instead of a length of time.
    #[schemars(with = "Option<Whole<1, MOST_STROKES>>")]
    pub strokes: Leaf,
    /// Prompts to say instead of the zone's name.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub say: Vec<At<Scalar>>,
    /// How long the words before the zone may take; without it, as long as they need.
    #[schemars(with = "Option<DurationText>")]
    pub lead_in: Leaf,
}

/// The end of the track.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Closing")]
pub struct ClosingFile {
    /// The last words.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub say: Vec<At<Scalar>>,
    /// How long the end takes, chime included; without it, as long as needed.
    #[schemars(with = "Option<DurationText>")]
    pub lasts: Leaf,
}
