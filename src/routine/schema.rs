//! The JSON Schema of routine files, so that editors complete and check them.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::file::RoutineFile;
use super::words::{Pattern, Word};

/// The schema (JSON Schema, draft 2020-12), printed for reading.
pub fn schema() -> String {
    let settings = SchemaSettings::draft2020_12().with_transform(WithoutNull);
    let schema = settings.into_generator().into_root_schema_for::<RoutineFile>();
    // A schema is plain JSON: strings, numbers, lists and maps with string keys.
    serde_json::to_string_pretty(&schema).unwrap_or_default()
}

/// Takes `null` out of what optional keys may hold: TOML has no such value.
#[derive(Clone)]
struct WithoutNull;

impl Transform for WithoutNull {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".into(), only);
            }
        }
        if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
            choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
            if let [Value::Object(only)] = choices.as_slice() {
                let only = only.clone();
                schema.remove("anyOf");
                only.into_iter().for_each(|(key, value)| drop(schema.insert(key, value)));
            }
        }
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
