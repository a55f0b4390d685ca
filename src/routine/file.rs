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
    BedText, CountOrOff, DecibelText, DurationOrOff, DurationText, IdText, Leaf, MOST_STROKES,
    MOST_STROKES_PER_PASS, OnOff, OneOf, PaceTable, PatternText, PerMinute, PercentText, Scalar,
    SoundText, Whole, ZonesTable,
};
use super::resolve_changes::Written;
use super::tree::{self, Branch};
use super::words::{Audience, Leg, Legs, Motion, Pressure, Side, Talk, Zone};

/// A routine for `effleurage`: the steps of a massage, from the first word to the last.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "effleurage routine", rename = "Routine")]
#[schemars(extend("required" = ["name"]))]
#[schemars(extend("anyOf" = [{"required": ["extends"]}, {"required": ["title", "for", "step"]}]))]
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
    /// The routine that this one builds on: a built-in one, or a file beside this one.
    #[schemars(with = "Option<String>")]
    pub extends: Leaf,
    /// Steps of that routine to leave out, by their ids.
    #[serde(default)]
    #[schemars(with = "Option<Vec<IdText>>")]
    pub remove: Vec<At<Scalar>>,
    /// How long zones last: calf = "3m", left.thigh = "30s", knuckles.calf = "40strokes",
    /// knee = "off".
    #[schemars(with = "Option<ZonesTable>")]
    pub zones: Option<At<Branch>>,
    /// How long the whole track lasts. Zones stretch or shrink in proportion.
    #[schemars(with = "Option<DurationText>")]
    pub total: Leaf,
    /// Strokes a minute, by technique; all = "0.9x" for every one.
    #[schemars(with = "Option<PaceTable>")]
    pub pace: Option<At<Branch>>,
    /// By how much strokes slow toward the end of each zone, such as "10%".
    #[schemars(with = "Option<PercentText>")]
    pub slow_down: Leaf,
    /// Which legs to massage: "left", "right" or "both".
    #[schemars(with = "Option<OneOf<Leg>>")]
    pub legs: Leaf,
    /// Which leg comes first where both do.
    #[schemars(with = "Option<OneOf<Side>>")]
    pub first: Leaf,
    /// How much is said: "full", "brief", or "ticks" for nothing but warnings.
    #[schemars(with = "Option<OneOf<Talk>>")]
    pub talk: Leaf,
    /// For varicose or spider veins: light circles instead of pressing and kneading.
    #[schemars(with = "Option<OnOff>")]
    pub gentle: Leaf,
    /// Say the warnings in one sentence.
    #[schemars(with = "Option<OnOff>")]
    pub i_know_the_warnings: Leaf,
    /// How many ticks count in before the first stroke of a zone.
    #[schemars(with = "Option<CountOrOff>")]
    pub count_in: Leaf,
    /// Whether the middle of a zone is told.
    #[schemars(with = "Option<OnOff>")]
    pub halfway: Leaf,
    /// How long before the end of a zone that end is told.
    #[schemars(with = "Option<DurationOrOff>")]
    pub closing_cue: Leaf,
    /// Every how often the time that is left is told in long zones.
    #[schemars(with = "Option<DurationOrOff>")]
    pub time_left: Leaf,
    /// Louder or softer ticks, in decibels.
    #[schemars(with = "Option<DecibelText>")]
    pub tick_level: Leaf,
    /// A louder or softer voice, in decibels.
    #[schemars(with = "Option<DecibelText>")]
    pub voice_level: Leaf,
    /// A louder or softer background, in decibels.
    #[schemars(with = "Option<DecibelText>")]
    pub bed_level: Leaf,
    /// What ticks sound like: "soft", "wood", "drop", or a sound file beside this one.
    #[schemars(with = "Option<SoundText>")]
    pub ticks: Leaf,
    /// The background: "rain", "brown", a sound file beside this one, or "off".
    #[schemars(with = "Option<BedText>")]
    pub bed: Leaf,
}

impl RoutineFile {
    /// The changes that the file asks for.
    pub fn changes(&self) -> Written {
        let leaves = [
            ("total", &self.total),
            ("slow_down", &self.slow_down),
            ("legs", &self.legs),
            ("first", &self.first),
            ("talk", &self.talk),
            ("gentle", &self.gentle),
            ("i_know_the_warnings", &self.i_know_the_warnings),
            ("count_in", &self.count_in),
            ("halfway", &self.halfway),
            ("closing_cue", &self.closing_cue),
            ("time_left", &self.time_left),
            ("tick_level", &self.tick_level),
            ("voice_level", &self.voice_level),
            ("bed_level", &self.bed_level),
            ("ticks", &self.ticks),
            ("bed", &self.bed),
        ];
        let leaves = leaves.into_iter().filter_map(|(key, leaf)| Some((key, leaf.clone()?)));
        let below =
            |branch: &Option<At<Branch>>| branch.as_ref().map_or(vec![], |b| tree::entries(b));
        Written { zones: below(&self.zones), pace: below(&self.pace), leaves: leaves.collect() }
    }
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
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
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
    /// In a routine that extends another: the step of that one which comes before.
    #[schemars(with = "Option<IdText>")]
    pub after: Leaf,
    /// In a routine that extends another: the step of that one which comes next.
    #[schemars(with = "Option<IdText>")]
    pub before: Leaf,
}

/// One zone of a step: where, how, and how long (`lasts` or `strokes`).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
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
    /// A total does not make it shorter than this.
    #[schemars(with = "Option<DurationText>")]
    pub min: Leaf,
    /// A total does not make it longer than this.
    #[schemars(with = "Option<DurationText>")]
    pub max: Leaf,
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
