//! Text → the shape of a routine file, with every mistake of shape at once.
//!
//! serde stops at its first error. To find the rest, the entry at fault is taken
//! out of the tree, or gets the key that was meant, and reading starts again until
//! what is left has the right shape.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

use super::file::RoutineFile;
use super::suggest;
use super::words::{Leg, Word};
use crate::body::Region;
use crate::diagnostic::{self, Diagnostic};

/// Reads the shape of `text` as far as it goes, with all that is wrong with it; no shape
/// where there is none (it is not TOML). Every span counts from `start` on.
pub fn parse(text: &str, start: usize) -> (Option<RoutineFile>, Vec<Diagnostic>) {
    let (file, mut mistakes) = shape(text, start);
    for mistake in &mut mistakes {
        mistake.span = shifted(mistake.span.clone(), start);
    }
    (file, mistakes)
}

fn shape(text: &str, start: usize) -> (Option<RoutineFile>, Vec<Diagnostic>) {
    let (mut tree, syntax) = DeTable::parse_recoverable(text);
    if !syntax.is_empty() {
        return (None, syntax_mistakes(text, &syntax));
    }
    let mut mistakes = Vec::new();
    loop {
        let error = match RoutineFile::deserialize(Deserializer::from(tree.clone())) {
            Ok(file) if start == 0 => return (Some(file), mistakes),
            Ok(_) => {
                let moved = Spanned::new(tree.span(), moved_table(tree.into_inner(), start));
                let file = RoutineFile::deserialize(Deserializer::from(moved));
                return (file.ok(), mistakes);
            }
            Err(error) => error,
        };
        let span = error.span().unwrap_or(0..0);
        let (mistake, meant) = shape_mistake(text, error.message(), span.clone());
        mistakes.push(mistake);
        let mended = mend(tree.get_mut(), &span, meant.as_deref());
        if !mended || mistakes.len() >= diagnostic::MOST {
            return (None, mistakes);
        }
    }
}

fn shifted(span: Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

/// `table` with every span moved by `by` bytes.
fn moved_table(table: DeTable<'_>, by: usize) -> DeTable<'_> {
    let moved = |(key, value): (Spanned<_>, Spanned<_>)| {
        (Spanned::new(shifted(key.span(), by), key.into_inner()), moved_value(value, by))
    };
    table.into_iter().map(moved).collect()
}

fn moved_value(value: Spanned<DeValue<'_>>, by: usize) -> Spanned<DeValue<'_>> {
    let span = shifted(value.span(), by);
    let moved = match value.into_inner() {
        DeValue::Table(table) => DeValue::Table(moved_table(table, by)),
        DeValue::Array(list) => {
            DeValue::Array(list.into_iter().map(|item| moved_value(item, by)).collect())
        }
        leaf => leaf,
    };
    Spanned::new(span, moved)
}

/// The first mistake of each line: those behind it are mostly its echoes. And behind
/// a list that was not closed, all are.
fn syntax_mistakes(text: &str, errors: &[toml::de::Error]) -> Vec<Diagnostic> {
    let line = |error: &&toml::de::Error| {
        let before = text.get(..error.span().map_or(text.len(), |span| span.start));
        before.unwrap_or(text).matches('\n').count()
    };
    let in_list = |error: &toml::de::Error| error.message().contains("array elements");
    let unclosed = errors.iter().position(in_list).map_or(errors.len(), |first| first + 1);
    let mut seen = BTreeSet::new();
    let first = errors[..unclosed].iter().filter(|error| seen.insert(line(error)));
    first.take(diagnostic::MOST).map(|error| syntax_mistake(text, error)).collect()
}

fn syntax_mistake(text: &str, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(text.len()..text.len());
    let lines: Vec<&str> = error.message().lines().collect();
    let message = format!("this is not TOML: {}", lines.join("; "));
    let at = text.floor_char_boundary(span.start.min(text.len()));
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    Diagnostic::error(span, message).help(syntax_help(error.message(), line.trim()))
}

/// What to do about a mistake of syntax, from what the TOML reader says and what stands
/// in the line; the slips that people make when they write such a file.
fn syntax_help(message: &str, line: &str) -> &'static str {
    let says = |words: &str| message.contains(words);
    let (_, value) = line.split_once('=').unwrap_or(("", line));
    let decimal_comma = value.trim().split_once(',').is_some_and(|(before, after)| {
        [before, after]
            .iter()
            .all(|part| part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty())
    });
    match () {
        () if says("duplicate key") && line.starts_with("[[step]]") => {
            "write every step with two brackets: [[step]], and never [step]"
        }
        () if says("duplicate key") => "keep one of the two",
        () if line.contains(['„', '“', '”', '«', '»', '‘', '’']) => {
            "write texts between straight double quotes: \""
        }
        () if line.contains('\u{a0}') => {
            "an invisible character (a no-break space) stands here; type a space over it"
        }
        () if decimal_comma => "write numbers with a point: 20.5",
        () if line.ends_with(';') => "take the semicolon out",
        () if line.starts_with("//") || line.starts_with("--") => "a remark starts with #",
        () if says("key with no value") && line.contains(':') => "write = and not : after a key",
        () if says("array elements") => {
            "put a comma between the entries of a list, and a ] behind the last"
        }
        () if says("quote") || says("quoted") || says("string") => {
            "write texts and lengths of time between double quotes: \"1m30s\""
        }
        () => {
            "every line is `key = value`, a [heading], or a remark after #; \
             texts stand between double quotes"
        }
    }
}

/// Puts serde's words ("unknown field `x`, expected one of `a`, `b`" and
/// "invalid type: string "x", expected a sequence") into ours. Of an unknown key,
/// also tells the key that was probably meant.
fn shape_mistake(text: &str, message: &str, span: Range<usize>) -> (Diagnostic, Option<String>) {
    let written = text.get(span.clone()).unwrap_or_default();
    if message.starts_with("unknown field") {
        let known = message.rsplit_once(", expected").map_or("", |(_, known)| known);
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        let belongs = |word: &str| Region::of_leg(word).is_some() || Leg::from_word(word).is_some();
        let help = match known.contains(&"zones") && belongs(written) {
            true => format!("write [zones] above it: {written} says how long a zone lasts"),
            false => suggest::advice(written, known.iter().copied()),
        };
        let meant = suggest::nearest(written, known.iter().copied()).map(str::to_owned);
        let message = format!("unknown key `{written}`");
        return (Diagnostic::error(span, message).help(help), meant);
    }
    let shown = written.lines().next().unwrap_or_default();
    let misplaced = |expected| format!("`{shown}` stands where {expected} is expected");
    let (message, help) = match message.rsplit_once("expected ").map_or("", |(_, what)| what) {
        "a sequence" if shown.starts_with("[step") => {
            (misplaced("a list"), "write [[step]], with two brackets: there may be many steps")
        }
        "a sequence" => {
            (misplaced("a list"), r#"write a list between brackets, like ["one", "two"]"#)
        }
        what if what.starts_with("struct") || what.starts_with("a map") => {
            (misplaced("a table"), "write keys and values, under a [heading] or between braces")
        }
        _ if message.contains("datetime") => {
            (misplaced("a table"), "write keys and values, under a [heading] or between braces")
        }
        _ => (format!("`{shown}` cannot be read: {message}"), "write another value"),
    };
    (Diagnostic::error(span, message).help(help), None)
}

/// Finds the entry whose key or value stands exactly at `span` and gives it the key
/// that was `meant`, so that its value is judged as well and nobody is told that
/// the key is missing; or takes it out.
fn mend(table: &mut DeTable<'_>, span: &Range<usize>, meant: Option<&str>) -> bool {
    let at_fault = table.iter().find(|(key, value)| key.span() == *span || value.span() == *span);
    let Some(key) = at_fault.map(|(key, _)| key.clone()) else {
        return table.iter_mut().any(|(_, value)| mend_below(value, span, meant));
    };
    let value = table.remove(&key);
    let free = |meant: &&str| !table.keys().any(|key| key.get_ref() == meant);
    if let (Some(value), Some(meant)) = (value, meant.filter(free)) {
        table.insert(Spanned::new(key.span(), meant.to_owned().into()), value);
    }
    true
}

fn mend_below(value: &mut Spanned<DeValue<'_>>, span: &Range<usize>, meant: Option<&str>) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => mend(table, span, meant),
        DeValue::Array(list) => {
            let Some(index) = list.iter().position(|item| item.span() == *span) else {
                return list.as_mut().iter_mut().any(|item| mend_below(item, span, meant));
            };
            let rest = std::mem::replace(list, DeArray::new()).into_iter().enumerate();
            *list = rest.filter(|(i, _)| *i != index).map(|(_, item)| item).collect();
            true
        }
        _ => false,
    }
}
