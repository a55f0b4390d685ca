//! The shape of a routine file, as it is read and as the JSON Schema shows it.
//!
//! Every key is optional here and every leaf takes any [`Scalar`], so that one
//! wrong value never hides another; [`resolve`](super::resolve) judges them.
//! The doc comments of the fields are what an editor shows while one types.

use std::collections::BTreeMap;

use super::cursor::table;
use super::leaf::{
    BedText, ClosingCueText, CountOrOff, DecibelText, DurationOrOff, DurationText, IdText, Leaf,
    LeafOf, MOST_STROKES, MOST_STROKES_PER_PASS, OnOff, OneOf, PaceTable, PatternText, PerMinute,
    PercentText, RegionText, Scalar, SoundText, Whole, ZonesTable,
};
use super::resolve_changes::Written;
use super::settings::settings;
use super::spanned::Spanned;
use super::tags::TagsFile;
use super::tree::{self, Branch};
use super::words::{Audience, Leg, Legs, Motion, Pan, Pressure, Room, Side, Talk};
use crate::body::Region;

macro_rules! routine_file {
    ($($(#[$doc:meta])* $key:ident: $type:ty, $schema:ty, $read:ident($($with:expr),*);
        $value:literal, $negative:literal, $help:literal;)+) => {
        table! {
        #[derive(Clone)]
        /// A routine for `effleurage`: the steps of a massage, from the first word to the last.
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
            #[schemars(with = "OneOf<Audience>")]
            pub audience as "for": Leaf,
            /// Regions besides those of the leg, for an arm or a back, in the order of the way up.
            #[schemars(with = "Option<BTreeMap<String, RegionFile>>", extend("maxProperties" = Region::MOST_OWN), default)]
            pub regions: Regions,
            /// The kinds of stroke, each by its name.
            #[schemars(with = "Option<BTreeMap<String, TechniqueFile>>", default)]
            pub techniques: BTreeMap<Spanned<String>, Spanned<TechniqueFile>>,
            /// The steps, in the order in which they happen.
            #[schemars(with = "Vec<StepFile>", extend("minItems" = 1), default)]
            pub steps as "step": Vec<Spanned<StepFile>>,
            /// The end of the track: last words, a chime, half a second of quiet.
            pub closing: Option<Spanned<ClosingFile>>,
            /// What is said now and then in long zones, in turn.
            #[schemars(with = "Option<Vec<String>>", default)]
            pub remind: Vec<Spanned<Scalar>>,
            /// The routine that this one builds on: a built-in one, or a file beside this one.
            #[schemars(with = "Option<String>")]
            pub extends: Leaf,
            /// Steps of that routine to leave out, by their ids.
            #[schemars(with = "Option<Vec<IdText>>", default)]
            pub remove: Vec<Spanned<Scalar>>,
            /// How long zones last: calf = "3m", left.thigh = "30s", knuckles.calf = "40strokes",
            /// knee = "off".
            #[schemars(with = "Option<ZonesTable>")]
            pub zones: Option<Spanned<Branch>>,
            /// Strokes a minute, by technique; all = "0.9x" for every one.
            #[schemars(with = "Option<PaceTable>")]
            pub pace: Option<Spanned<Branch>>,
            /// What a track of it is called, as players show it: artist = "Leg Clinic".
            pub tags: Option<Spanned<TagsFile>>,
            $($(#[$doc])* #[schemars(default)] pub $key: LeafOf<$schema>,)+
        }
        }

        impl RoutineFile {
            /// The changes that the file asks for.
            pub fn changes(&self) -> Written {
                let leaves = [$((stringify!($key), &self.$key.leaf)),+];
                let leaves =
                    leaves.into_iter().filter_map(|(key, leaf)| Some((key, leaf.clone()?)));
                let below = |branch: &Option<Spanned<Branch>>| {
                    branch.as_ref().map_or(vec![], |b| tree::entries(b))
                };
                Written {
                    zones: below(&self.zones),
                    pace: below(&self.pace),
                    tags: self.tags.as_ref().map(|tags| tags.written()).unwrap_or_default(),
                    leaves: leaves.collect(),
                }
            }
        }
    };
}
settings!(routine_file);

table! {
    /// A region besides those of the leg.
    #[derive(Clone)]
    #[schemars(rename = "Region")]
    pub struct RegionFile {
        /// What people read; without it, the region's name.
        #[schemars(with = "Option<String>")]
        pub title: Leaf,
    }
}

/// Regions in the order in which a file lists them.
pub type Regions = Vec<(Spanned<String>, Spanned<RegionFile>)>;

table! {
    #[derive(Clone)]
    /// A kind of stroke: how fast, how it sounds, how firm.
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
}

table! {
    /// A step: words first, then stroking, zone by zone, from the bottom up.
    #[derive(Clone)]
    #[schemars(rename = "Step", extend("dependentRequired" = {"zones": ["legs"]}))]
    pub struct StepFile {
        /// Short name, without spaces, different from every other step's.
        #[schemars(with = "IdText")]
        pub id: Leaf,
        /// What people read.
        #[schemars(with = "String")]
        pub title: Leaf,
        /// The prompts that are spoken first, by their names in the voice pack.
        #[schemars(with = "Option<Vec<String>>", default)]
        pub say: Vec<Spanned<Scalar>>,
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
        #[schemars(with = "Option<Vec<ZoneFile>>", default)]
        pub zones: Vec<Spanned<ZoneFile>>,
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
}

table! {
    /// One zone of a step: where, how, and how long (`lasts` or `strokes`).
    #[derive(Clone)]
    #[schemars(rename = "Zone")]
    #[schemars(extend("oneOf" = [{"required": ["lasts"]}, {"required": ["strokes"]}]))]
    pub struct ZoneFile {
        /// "sole", "foot", "ankle", "calf", "knee", "thigh" or "hip", or a region of this file.
        #[schemars(with = "RegionText")]
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
        #[schemars(with = "Option<Vec<String>>", default)]
        pub say: Vec<Spanned<Scalar>>,
        /// How long the words before the zone may take; without it, as long as they need.
        #[schemars(with = "Option<DurationText>")]
        pub lead_in: Leaf,
    }
}

table! {
    #[derive(Clone)]
    /// The end of the track.
    #[schemars(rename = "Closing")]
    pub struct ClosingFile {
        /// The last words.
        #[schemars(with = "Option<Vec<String>>", default)]
        pub say: Vec<Spanned<Scalar>>,
        /// How long the end takes, chime included; without it, as long as needed.
        #[schemars(with = "Option<DurationText>")]
        pub lasts: Leaf,
    }
}
