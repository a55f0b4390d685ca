//! A leaf of a routine file: read as any scalar, and what the schema says it must be.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::cursor::{Cursor, Read, Value};
use super::spanned::Spanned;
use super::words::{Pattern, Word};
use crate::body::Region;

/// The most strokes to a pass.
pub const MOST_STROKES_PER_PASS: u32 = 60;
/// The most strokes of a zone: the fastest there are, for a day.
pub const MOST_STROKES: u32 = 240 * 60 * 24 * 60;

/// A leaf that may be missing.
pub type Leaf = Option<Spanned<Scalar>>;

/// What a leaf says, where it is a text.
pub fn text(leaf: &Leaf) -> Option<&str> {
    match &leaf.as_ref()?.value {
        Scalar::Text(text) => Some(text),
        _ => None,
    }
}

/// A single value of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// "…"
    Text(String),
    /// 20 or 22.5
    Number(f64),
    /// true or false
    Truth(bool),
    /// A date, a list or a table: nothing that a leaf takes.
    Other(&'static str),
}

impl Scalar {
    /// What a person typed behind a flag: a number where it reads as one.
    pub fn typed(text: &str) -> Scalar {
        let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
        let number = Some(text).filter(|text| text.chars().all(plain)).map(str::parse);
        match number {
            Some(Ok(number)) => Scalar::Number(number),
            _ => Scalar::Text(text.to_owned()),
        }
    }
}

/// A leaf that may be missing and that has the schema of `S`.
pub struct LeafOf<S> {
    /// What is written.
    pub leaf: Leaf,
    schema: PhantomData<fn() -> S>,
}

impl<S> Default for LeafOf<S> {
    fn default() -> Self {
        LeafOf { leaf: None, schema: PhantomData }
    }
}

impl<S> Clone for LeafOf<S> {
    fn clone(&self) -> Self {
        LeafOf { leaf: self.leaf.clone(), schema: PhantomData }
    }
}

impl<S> fmt::Debug for LeafOf<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.leaf.fmt(f)
    }
}

impl<S> Read for LeafOf<S> {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Self> {
        Some(LeafOf { leaf: Leaf::read(value, cursor)?, schema: PhantomData })
    }
}

impl<S: JsonSchema> JsonSchema for LeafOf<S> {
    fn inline_schema() -> bool {
        Option::<S>::inline_schema()
    }
    fn schema_name() -> Cow<'static, str> {
        Option::<S>::schema_name()
    }
    fn schema_id() -> Cow<'static, str> {
        Option::<S>::schema_id()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<S>::json_schema(generator)
    }
}

/// Declares a type that exists for its schema only.
macro_rules! leaf_schema {
    ($(#[$doc:meta])* $type:ident, $schema:expr) => {
        $(#[$doc])*
        pub struct $type;
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

leaf_schema!(
    /// A short name.
    IdText,
    json_schema!({"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$", "maxLength": 64})
);
leaf_schema!(
    /// A region of the leg, or one that this file brings.
    RegionText,
    json_schema!({
        "type": "string",
        "maxLength": Region::LONGEST_NAME,
        "examples": Region::BUILT_IN.map(|region| region.name().to_owned()),
    })
);
leaf_schema!(
    /// A length of time.
    DurationText,
    json_schema!({
        "type": "string",
        "pattern": "^([0-9]+:)?[0-9]+:[0-5][0-9](\\.[0-9]+)?$|^ *[0-9][0-9.]* *[a-zµ]+",
        "examples": ["90s", "2m", "2m30s", "2:30"],
    })
);
leaf_schema!(
    /// The ticks of a stroke.
    PatternText,
    json_schema!({
        "type": "string",
        "pattern": "^[Xx.]*[Xx][Xx.]*$",
        "maxLength": Pattern::MAX_SLOTS,
        "examples": ["X", "Xx", "XxXx.."],
    })
);
leaf_schema!(
    /// What `[zones]` holds: a length, a number of strokes, or "off", by zone, by leg and
    /// zone, or by step and zone.
    ZonesTable,
    json_schema!({
        "type": "object",
        "additionalProperties": {"type": ["string", "object"]},
        "examples": [{"calf": "3m", "knuckles": {"calf": "40strokes"}}],
    })
);
leaf_schema!(
    /// What `[pace]` holds: strokes a minute by technique, and `all` as a factor.
    PaceTable,
    json_schema!({
        "type": "object",
        "additionalProperties": {"type": ["string", "number"]},
        "examples": [{"circles": 18, "all": "0.9x"}],
    })
);
leaf_schema!(
    /// A share, such as "10%", or "off".
    PercentText,
    json_schema!({"type": "string", "pattern": "^([0-9.]+ ?%|off)$", "examples": ["10%"]})
);
leaf_schema!(
    /// A change of level, in decibels.
    DecibelText,
    json_schema!({"type": ["number", "string"], "examples": [-3, "-3 dB"]})
);
leaf_schema!(
    /// "on" or "off", or true or false.
    OnOff,
    json_schema!({"enum": ["on", "off", true, false]})
);
leaf_schema!(
    /// A length of time, or "off".
    DurationOrOff,
    json_schema!({"type": "string", "examples": ["10s", "1m", "off"]})
);
leaf_schema!(
    /// "bell", a length of time, or "off".
    ClosingCueText,
    json_schema!({"type": "string", "examples": ["bell", "10s", "off"]})
);
leaf_schema!(
    /// A number of ticks, or "off".
    CountOrOff,
    json_schema!({"type": ["integer", "string"], "minimum": 0, "maximum": 8})
);
leaf_schema!(
    /// One of the sounds that are built in, or a sound file beside this file.
    SoundText,
    json_schema!({"type": "string", "examples": ["soft", "wood", "drop", "my-tick.wav"]})
);
leaf_schema!(
    /// A background: "rain", "brown", "waves", "pad", a sound file beside this file, or "off".
    BedText,
    json_schema!({
        "type": "string",
        "examples": ["rain", "brown", "waves", "pad", "sea.flac", "off"],
    })
);
leaf_schema!(
    /// The place of a track.
    TrackText,
    json_schema!({
        "type": ["integer", "string"],
        "minimum": 1,
        "pattern": "^ *[0-9]{1,4} *(/ *[0-9]{1,4} *)?$",
        "examples": [3, "3/12"],
    })
);
leaf_schema!(
    /// A year.
    YearText,
    json_schema!({
        "type": ["integer", "string"],
        "minimum": 1900,
        "maximum": 2999,
        "pattern": "^[12][0-9]{3}$",
        "examples": [2026],
    })
);
leaf_schema!(
    /// A language, as BCP 47 writes it.
    LanguageText,
    json_schema!({
        "type": "string",
        "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        "examples": ["es", "pt-BR"],
    })
);
leaf_schema!(
    /// Strokes a minute.
    PerMinute,
    json_schema!({"type": "number", "minimum": 1, "maximum": 240})
);

/// A whole number from `MIN` to `MAX`.
pub struct Whole<const MIN: u32, const MAX: u32>;

impl<const MIN: u32, const MAX: u32> JsonSchema for Whole<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Whole".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

/// One word of a set.
pub struct OneOf<W>(PhantomData<W>);

impl<W: Word> JsonSchema for OneOf<W> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        W::KIND.into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = W::ALL.iter().map(|(word, _)| *word).collect();
        json_schema!({"enum": words})
    }
}
