//! Text → the shape of a TOML file, with every mistake of shape at once.

use std::collections::BTreeSet;

use toml::de::DeTable;

use super::cursor::{Cursor, Table};
use crate::diagnostic::{self, Diagnostic};

/// Reads the shape of `text` as far as it goes, with all that is wrong with it; no shape
/// where there is none (it is not TOML). Every span counts from `start` on.
pub fn parse<T: Table>(text: &str, start: usize) -> (Option<T>, Vec<Diagnostic>) {
    let (tree, syntax) = DeTable::parse_recoverable(text);
    if !syntax.is_empty() {
        let mut mistakes = syntax_mistakes(text, &syntax);
        for Diagnostic { span, .. } in &mut mistakes {
            *span = span.start + start..span.end + start;
        }
        return (None, mistakes);
    }
    let mut cursor = Cursor::new(text, start);
    let file = cursor.table(tree.get_ref());
    (Some(file), cursor.mistakes)
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
