//! A cursor over the tree of a TOML file: one walk, which takes what it knows and notes
//! everything else where it stands.
//!
//! What is at fault is left out, or read under the key that was probably meant, so that
//! every mistake is told at once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use toml::de::{DeArray, DeTable, DeValue};

use super::duration::{self, Fault};
use super::leaf::Scalar;
use super::spanned::Spanned;
use super::suggest;
use super::words::{Leg, Word};
use crate::body::Region;
use crate::diagnostic::{self, Diagnostic};
use crate::text;

/// A value of the tree, with its place.
pub type Value<'a> = toml::Spanned<DeValue<'a>>;

/// What can be read from a value.
pub trait Read: Sized {
    /// What `value` says; nothing, and a mistake, where it is something else.
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Self>;
}

/// What stands under a heading, or between braces, with keys that are known.
pub trait Table: Default {
    /// The keys that it may have.
    const KEYS: &'static [&'static str];

    /// Reads what stands under one of them.
    fn take(&mut self, key: &'static str, value: &Value<'_>, cursor: &mut Cursor<'_>);
}

/// Declares a [`Table`]: each field stands under its own name, or under another that is told.
/// Editors are told of it by its schema, unless it is `schemaless`.
macro_rules! table {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[$of_field:meta])* pub $field:ident $(as $key:literal)?: $type:ty,)*
        }
    ) => {
        #[derive(Debug, Default, schemars::JsonSchema)]
        $(#[$about])*
        #[schemars(deny_unknown_fields)]
        pub struct $name {
            $($(#[$of_field])* $(#[schemars(rename = $key)])? pub $field: $type,)*
        }

        $crate::routine::cursor::table!(@read $name { $($field $($key)?,)* });
    };
    (
        schemaless
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[$of_field:meta])* pub $field:ident $(as $key:literal)?: $type:ty,)*
        }
    ) => {
        #[derive(Debug, Default)]
        $(#[$about])*
        pub struct $name {
            $($(#[$of_field])* pub $field: $type,)*
        }

        $crate::routine::cursor::table!(@read $name { $($field $($key)?,)* });
    };
    (@read $name:ident { $($field:ident $($key:literal)?,)* }) => {
        impl $crate::routine::cursor::Table for $name {
            const KEYS: &'static [&'static str] = &[
                $($crate::routine::cursor::key!($field $($key)?)),*
            ];

            fn take(
                &mut self,
                key: &'static str,
                value: &$crate::routine::cursor::Value<'_>,
                cursor: &mut $crate::routine::cursor::Cursor<'_>,
            ) {
                match key {
                    $($crate::routine::cursor::key!($field $($key)?) => {
                        let read = $crate::routine::cursor::Read::read(value, cursor);
                        self.$field = read.unwrap_or_default();
                    })*
                    _ => {}
                }
            }
        }
    };
}
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}
pub(crate) use {key, table};

/// The place of the walk, and what was wrong on the way.
pub struct Cursor<'a> {
    /// The text of the file.
    text: &'a str,
    /// What every place counts from.
    start: usize,
    /// All that was wrong.
    pub mistakes: Vec<Diagnostic>,
}

impl<'a> Cursor<'a> {
    /// A walk through `text`, whose places count from `start` on.
    pub fn new(text: &'a str, start: usize) -> Cursor<'a> {
        Cursor { text, start, mistakes: Vec::new() }
    }

    /// What stands under the keys of `table`.
    pub fn table<T: Table>(&mut self, table: &DeTable<'_>) -> T {
        let mut read = T::default();
        for (key, value) in in_order(table) {
            if let Some(key) = self.key::<T>(key, table) {
                read.take(key, value, self);
            }
        }
        read
    }

    /// The key that `written` is. Where it is none, the one that was meant, unless that is
    /// written as well.
    fn key<T: Table>(
        &mut self,
        written: &toml::Spanned<std::borrow::Cow<'_, str>>,
        table: &DeTable<'_>,
    ) -> Option<&'static str> {
        let named = |name: &str| T::KEYS.iter().find(|key| **key == name).copied();
        if let Some(key) = named(written.get_ref()) {
            return Some(key);
        }
        // So many are told at most, and to find what was meant takes time.
        if self.mistakes.len() >= diagnostic::MOST {
            return None;
        }
        let as_written = self.text.get(written.span()).unwrap_or_default();
        let known = T::KEYS.iter().copied();
        let help = if T::KEYS.contains(&"zones") && is_zone(as_written) {
            format!("write [zones] above it: {as_written} says how long a zone lasts")
        } else {
            suggest::advice(as_written, known.clone())
        };
        self.refuse(written.span(), format!("unknown key `{as_written}`"), help);
        let meant = suggest::nearest(as_written, known).and_then(named)?;
        let is_free = !table.keys().any(|key| key.get_ref() == meant);
        is_free.then_some(meant)
    }

    /// Each entry of a table whose names are the author's.
    fn entries<T: Read>(&mut self, table: &DeTable<'_>) -> Vec<(Spanned<String>, T)> {
        let mut entries = Vec::new();
        for (name, value) in in_order(table) {
            let shown = self.shown(name.span(), name.get_ref());
            if let Some(value) = T::read(value, self) {
                entries.push((self.at(name.span(), shown), value));
            }
        }
        entries
    }

    /// The entries of a list, without those that cannot be read.
    fn items<T: Read>(&mut self, list: &DeArray<'_>) -> Vec<T> {
        list.iter().filter_map(|item| T::read(item, self)).collect()
    }

    /// A text as it may be shown; what is hidden in it is a mistake.
    fn shown(&mut self, span: Range<usize>, text: &str) -> String {
        if let Some(hidden) = text::first_hidden(text) {
            self.refuse(span, hidden_message(hidden), "take it out");
        }
        text::lines(text).into_owned()
    }

    /// `value` at the place where it was written.
    pub fn at<T>(&self, span: Range<usize>, value: T) -> Spanned<T> {
        Spanned::new(value, span.start + self.start..span.end + self.start)
    }

    fn refuse(&mut self, span: Range<usize>, message: String, help: impl Into<String>) {
        let span = self.at(span, ()).span;
        self.mistakes.push(Diagnostic::error(span, message).help(help));
    }

    /// Notes that `value` is not what is `expected`, such as a list.
    pub fn misplaced(&mut self, value: &Value<'_>, expected: &str, help: &str) {
        let written = self.text.get(value.span()).unwrap_or_default();
        let first = written.lines().next().unwrap_or_default();
        let message = format!("`{first}` stands where {expected} is expected");
        self.refuse(value.span(), message, help);
    }

    fn list<'v, 't>(&mut self, value: &'v Value<'t>) -> Option<&'v DeArray<'t>> {
        if let DeValue::Array(list) = value.get_ref() {
            return Some(list);
        }
        let written = self.text.get(value.span()).unwrap_or_default();
        let help = if written.starts_with("[step") {
            "write [[step]], with two brackets: there may be many steps"
        } else {
            r#"write a list between brackets, like ["one", "two"]"#
        };
        self.misplaced(value, "a list", help);
        None
    }

    fn keys<'v, 't>(&mut self, value: &'v Value<'t>) -> Option<&'v DeTable<'t>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        let help = "write keys and values, under a [heading] or between braces";
        self.misplaced(value, "a table", help);
        None
    }
}

/// What is wrong with a text in which this is hidden.
pub fn hidden_message(hidden: char) -> String {
    format!("a character that nobody sees stands here (U+{:04X})", u32::from(hidden))
}

/// The entries of a table as the file has them, since a table sorts them by name.
fn in_order<'v, 't>(
    table: &'v DeTable<'t>,
) -> Vec<(&'v toml::Spanned<std::borrow::Cow<'t, str>>, &'v Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn is_zone(word: &str) -> bool {
    Region::of_leg(word).is_some() || Leg::from_word(word).is_some()
}

impl<T: Table> Read for T {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<T> {
        let table = cursor.keys(value)?;
        Some(cursor.table(table))
    }
}

impl<T: Read> Read for Spanned<T> {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Self> {
        let read = T::read(value, cursor)?;
        Some(cursor.at(value.span(), read))
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Self> {
        T::read(value, cursor).map(Some)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Self> {
        let list = cursor.list(value)?;
        Some(cursor.items(list))
    }
}

impl<T: Read> Read for BTreeMap<Spanned<String>, T> {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Self> {
        let table = cursor.keys(value)?;
        Some(cursor.entries(table).into_iter().collect())
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Self> {
        let table = cursor.keys(value)?;
        Some(cursor.entries(table).into_iter().map(|(name, value)| (name.value, value)).collect())
    }
}

/// A table in the order in which its author wrote it.
impl<T: Read> Read for Vec<(Spanned<String>, T)> {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Self> {
        let table = cursor.keys(value)?;
        Some(cursor.entries(table))
    }
}

impl Read for String {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<String> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(cursor.shown(value.span(), text));
        }
        cursor.misplaced(value, "a text", "write a text between double quotes");
        None
    }
}

impl Read for bool {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<bool> {
        if let DeValue::Boolean(truth) = value.get_ref() {
            return Some(*truth);
        }
        cursor.misplaced(value, "true or false", "write true, or leave the line out");
        None
    }
}

impl Read for Duration {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Duration> {
        let text = String::read(value, cursor)?;
        let refuse =
            |fault: Fault| cursor.refuse(value.span(), fault.message(&text), fault.help(&text));
        duration::parse(&text).map_err(refuse).ok()
    }
}

/// What is for other programs, whatever it is.
#[derive(Clone, Debug, Default)]
pub struct Ignored;

impl Read for Ignored {
    fn read(_: &Value<'_>, _: &mut Cursor<'_>) -> Option<Ignored> {
        Some(Ignored)
    }
}

/// The word that `value` is, or a mistake that tells which ones there are.
pub fn word<W: Word>(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<W> {
    let text = String::read(value, cursor)?;
    let word = W::from_word(&text);
    if word.is_none() {
        let help = suggest::advice(&text, W::ALL.iter().map(|(word, _)| *word));
        cursor.refuse(value.span(), format!("no {} is called `{text}`", W::KIND), help);
    }
    word
}

/// Reading one never fails, so that the validator can say what was expected at its place.
impl Read for Scalar {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Scalar> {
        Some(match value.get_ref() {
            DeValue::String(text) => Scalar::Text(cursor.shown(value.span(), text)),
            // What is beyond every range is refused as such where it stands.
            DeValue::Integer(number) => {
                let whole = i128::from_str_radix(number.as_str(), number.radix());
                Scalar::Number(whole.map_or(f64::INFINITY, |whole| whole as f64))
            }
            DeValue::Float(number) => Scalar::Number(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(truth) => Scalar::Truth(*truth),
            DeValue::Array(_) => Scalar::Other("a list"),
            DeValue::Table(_) | DeValue::Datetime(_) => Scalar::Other("a table or a date"),
        })
    }
}
