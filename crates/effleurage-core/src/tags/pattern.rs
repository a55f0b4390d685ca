//! Patterns: texts with fields between braces.

use super::Facts;

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// As it is.
    Text(&'a str),
    /// What stands between braces.
    Field(&'a str),
}

/// The parts of `text`; nothing where a brace is not closed.
pub fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (field, behind) = after.split_once('}')?;
        parts.extend([Part::Text(before), Part::Field(field)]);
        rest = behind;
    }
    parts.push(Part::Text(rest));
    Some(parts)
}

/// `text` with its fields filled; those that are none stay as they are.
pub fn filled(text: &str, facts: &Facts) -> String {
    let part = |part: &Part<'_>| match *part {
        Part::Text(text) => text.to_owned(),
        Part::Field(field) => field_of(field, facts).unwrap_or_else(|| format!("{{{field}}}")),
    };
    parts(text).map_or_else(|| text.to_owned(), |parts| parts.iter().map(part).collect())
}

fn field_of(field: &str, facts: &Facts) -> Option<String> {
    let seconds = facts.seconds;
    Some(match field {
        "title" => facts.title.clone(),
        "routine" => facts.routine.clone(),
        "voice" => facts.voice.clone(),
        "language" => facts.language.clone(),
        "minutes" => ((seconds + 30) / 60).to_string(),
        "length" => length(seconds),
        _ => return None,
    })
}

/// `0:08`, `12:30`, `1:02:05`.
fn length(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::FIELDS;
    use super::*;

    #[test]
    fn every_field_that_is_told_can_be_filled() {
        for (field, _) in FIELDS {
            assert!(field_of(field, &Facts::default()).is_some(), "{field}");
        }
        assert_eq!(filled("a {b} {", &Facts::default()), "a {b} {");
        assert_eq!(filled("{x} {length}", &Facts::default()), "{x} 0:00");
    }
}
