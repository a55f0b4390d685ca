//! What files and tracks are called: a pattern, filled with what its row says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::table::columns::{self, SOUNDS};
use super::table::{Mistake, Row};
use crate::routine::suggest;
use crate::tags::{self, Part};

/// The pattern where a row has none.
pub const PATTERN: &str = "{routine}-{total}-{voice}-{bed}.{ext}";
/// The voice that speaks where none is asked for.
pub const VOICE: &str = "en";

/// Fields that are no columns: what a file ends in, and the number of its row.
const ALSO: [&str; 2] = ["ext", "row"];
/// What some system does not let stand in a name.
const FORBIDDEN: [char; 8] = ['\\', ':', '*', '?', '"', '<', '>', '|'];
/// What goes where a field is empty, with the field.
const SEPARATORS: [char; 5] = ['-', '_', ' ', '.', ','];
/// More bytes no system lets a name have; a temporary file needs some of them.
const LONGEST_BYTES: usize = 200;

/// A pattern, taken apart.
struct Pattern<'a>(Vec<Part<'a>>);

/// The names of a row's files, each of which ends in one of `endings`; `number` is that of
/// its row. A name may have folders, with `/` between.
///
/// # Errors
///
/// What is wrong with the row's pattern, or with a name that comes of it.
pub fn names(row: &Row, number: usize, endings: &[&str]) -> Result<Vec<String>, Mistake> {
    let written = row.text("name").unwrap_or(PATTERN);
    let refused = |(message, help): (String, String)| row.mistake("name", message, help);
    let pattern = Pattern::parse(written).map_err(refused)?;
    let name = |ending: &&str| {
        let value = |field: &str| match field {
            "ext" => (*ending).to_owned(),
            "row" => number.to_string(),
            _ => in_name(&value(row, field)),
        };
        let name = ended(pattern.filled(value), ending);
        match fault(&name) {
            None => Ok(name),
            Some((why, help)) => Err(refused((format!("`{name}` {why}"), help.to_owned()))),
        }
    };
    endings.iter().map(name).collect()
}

/// The pattern of a tag, filled with what its row says; what the session knows by itself stays
/// between its braces, and what nobody knows, too.
pub fn tag(row: &Row, number: usize, written: &str) -> String {
    let Some(parts) = tags::parts(written) else { return written.to_owned() };
    let value = |field: &str| match field {
        "row" => number.to_string(),
        _ if fields().any(|known| known == field) && !is_of_session(field) => value(row, field),
        _ => format!("{{{field}}}"),
    };
    Pattern(parts).filled(value)
}

fn is_of_session(field: &str) -> bool {
    tags::FIELDS.iter().any(|(known, _)| *known == field)
}

/// A name with its ending, which a pattern may tell or not.
fn ended(name: String, ending: &str) -> String {
    let written = Path::new(&name).extension().is_some_and(|e| e.eq_ignore_ascii_case(ending));
    if written { name } else { format!("{name}.{ending}") }
}

/// What rows call their files alike, even if only in another case: a later row is at fault.
#[derive(Default)]
pub struct Taken(BTreeMap<String, usize>);

impl Taken {
    /// Takes `name` for the row with the index `n` among `rows`.
    pub fn take(&mut self, name: &str, n: usize, rows: &[Row]) -> Option<Mistake> {
        let other = *self.0.entry(name.to_lowercase()).or_insert(n);
        if other == n {
            return None;
        }
        let line = rows[other].place.line;
        let message = format!("`{name}` is made by the row of line {line}, too");
        let help = match differing(&rows[n], &rows[other]) {
            differing if differing.is_empty() => {
                "the two rows say the same: take one out".to_owned()
            }
            differing => format!("they differ in {differing}: put that into the `name`"),
        };
        Some(rows[n].mistake("name", message, help))
    }
}

/// The columns that may be fields of a pattern.
fn fields() -> impl Iterator<Item = &'static str> {
    columns::ALL.into_iter().filter(|column| !["name", "formats"].contains(column))
}

/// The columns in which two rows differ, as fields of a pattern.
fn differing(one: &Row, other: &Row) -> String {
    let differing: Vec<String> = fields()
        .filter(|column| one.text(column) != other.text(column))
        .map(|column| format!("{{{column}}}"))
        .collect();
    differing.join(", ")
}

impl<'a> Pattern<'a> {
    fn parse(text: &'a str) -> Result<Pattern<'a>, (String, String)> {
        let Some(parts) = tags::parts(text) else {
            let help = format!("write fields between braces, like {PATTERN}");
            return Err((format!("`{text}` has a brace that is not closed"), help));
        };
        for part in &parts {
            if let Part::Field(field) = part {
                known(field)?;
            }
        }
        Ok(Pattern(parts))
    }

    /// The text; a field of which the `value` is empty goes, with what parts it from those
    /// before it.
    fn filled(&self, value: impl Fn(&str) -> String) -> String {
        let mut name = String::new();
        // Where a field at the start says nothing, what parts it from the next goes.
        let mut nothing_yet = false;
        for part in &self.0 {
            match part {
                Part::Text(text) if nothing_yet => name += text.trim_start_matches(SEPARATORS),
                Part::Text(text) => name += text,
                Part::Field(field) => match value(field) {
                    value if value.is_empty() => {
                        nothing_yet = name.is_empty() || name.ends_with('/');
                        while name.ends_with(SEPARATORS) {
                            name.pop();
                        }
                        continue;
                    }
                    value => name += &value,
                },
            }
            nothing_yet &= name.is_empty() || name.ends_with('/');
        }
        name
    }
}

/// A field that there is.
fn known(field: &str) -> Result<(), (String, String)> {
    if fields().chain(ALSO).any(|known| known == field) {
        return Ok(());
    }
    let help = match suggest::nearest(field, fields().chain(ALSO)) {
        Some(near) => format!("did you mean `{{{near}}}`?"),
        None => "fields are the columns of the table, and {ext} and {row}".to_owned(),
    };
    Err((format!("no field of a name is called `{{{field}}}`"), help))
}

/// What a row says; of a path, its last part.
fn value(row: &Row, field: &str) -> String {
    let written = match field {
        "voice" => row.text(field).unwrap_or(VOICE),
        _ => row.text(field).unwrap_or_default(),
    };
    let is_path = ["routine", "voice"].contains(&field) || SOUNDS.contains(&field);
    let last = |path: &str| {
        let stem = Path::new(path.trim()).file_stem().map(|stem| stem.to_string_lossy());
        stem.unwrap_or_default().into_owned()
    };
    if is_path {
        written.split(',').map(last).collect::<Vec<_>>().join("-")
    } else {
        written.to_owned()
    }
}

/// A text as a part of a name.
fn in_name(shown: &str) -> String {
    let plain = |c: char| if FORBIDDEN.contains(&c) || "/={}".contains(c) { '-' } else { c };
    shown.chars().map(plain).collect::<String>().trim_start_matches('.').trim().to_owned()
}

/// Why no file can have a name everywhere, and what to do.
fn fault(name: &str) -> Option<(&'static str, &'static str)> {
    if name.starts_with('/') || name.split('/').any(|part| part == "..") {
        return Some(("leaves the folder", "write a name, or folders and a name, without .."));
    }
    let device = |part: &str| {
        let stem = part.split('.').next().unwrap_or_default().to_lowercase();
        ["con", "prn", "aux", "nul"].contains(&stem.as_str())
            || stem
                .strip_prefix("com")
                .or(stem.strip_prefix("lpt"))
                .is_some_and(|n| n.len() == 1 && n.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let check = |part: &str| match part {
        "" => Some(("has a folder without a name", "write folders like evening/name.wav")),
        _ if part.starts_with('.') => {
            Some(("begins with a point, which hides it", "take the point out"))
        }
        _ if part.contains(FORBIDDEN) || part.chars().any(char::is_control) => {
            Some(("has a character that not every system allows", r#"leave \ : * ? " < > | out"#))
        }
        _ if part.ends_with(['.', ' ']) => {
            Some(("ends in a point or a space", "take that out of the pattern"))
        }
        _ if part.len() > LONGEST_BYTES => {
            Some(("is too long", "give it a shorter `name`, 200 bytes at most"))
        }
        _ if device(part) => Some(("is the name of a device on Windows", "call it otherwise")),
        _ => None,
    };
    name.split('/').find_map(check)
}

/// Whether any name is a folder of another, which no disk can have.
pub fn both_file_and_folder<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let folder = |name: &'a str| name.match_indices('/').map(move |(at, _)| &name[..at]);
    let folders: BTreeSet<String> = names.clone().flat_map(folder).map(str::to_lowercase).collect();
    let mut names = names;
    names.find(|name| folders.contains(&name.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::super::table::{Cell, Place};
    use super::*;

    fn row(cells: &[(&'static str, &str)]) -> Row {
        let cell = |text: &str| Cell { text: text.to_owned(), place: Place::START };
        let cells = cells.iter().map(|(column, text)| (*column, cell(text))).collect();
        Row { place: Place::START, cells }
    }

    fn named(cells: &[(&'static str, &str)], endings: &[&str]) -> Vec<String> {
        names(&row(cells), 7, endings).unwrap_or_else(|m| vec![m.message])
    }

    #[test]
    fn a_field_that_says_nothing_goes_with_its_hyphen() {
        let self_ = ("routine", "self");
        assert_eq!(named(&[self_], &["wav"]), ["self-en.wav"]);
        let all =
            [("routine", "mine/evening.toml"), ("total", "15m"), ("voice", "es"), ("bed", "off")];
        assert_eq!(
            named(&all, &["wav", "mp3"]),
            ["evening-15m-es-off.wav", "evening-15m-es-off.mp3"]
        );
        let bed = [self_, ("bed", "sounds/sea.flac"), ("voice", "voices/mine.zip,en")];
        assert_eq!(named(&bed, &["opus"]), ["self-mine-en-sea.opus"]);
        let pattern =
            |name| named(&[self_, ("total", "2:30"), ("name", name)], &["wav"])[0].clone();
        assert_eq!(pattern("{bed}-{row} {total}"), "7 2-30.wav");
        assert_eq!(pattern("{voice}/{bed}-{routine}.{ext}"), "en/self.wav");
        assert_eq!(pattern("One.wav"), "One.wav");
        assert_eq!(pattern("{ext}/{routine}"), "wav/self.wav");
        let two = named(&[self_, ("name", "One.wav")], &["wav", "mp3"]);
        assert_eq!(two, ["One.wav", "One.wav.mp3"]);
    }

    #[test]
    fn no_name_leaves_the_folder_or_is_none_somewhere() {
        let long = "x".repeat(197);
        for (name, why) in [
            ("../x", "leaves the folder"),
            ("/etc/x", "leaves the folder"),
            ("a/../../x", "leaves the folder"),
            ("a//x", "has a folder without a name"),
            (".x", "begins with a point"),
            ("a/.effleurage/x", "begins with a point"),
            ("a:b", "not every system allows"),
            ("a\\b", "not every system allows"),
            ("nul", "a device on Windows"),
            ("COM1.2", "a device on Windows"),
            (long.as_str(), "is too long"),
            ("{totl}", "no field of a name is called `{totl}`"),
            ("{total", "a brace that is not closed"),
        ] {
            let told = named(&[("routine", "self"), ("name", name)], &["wav"]);
            assert!(told[0].contains(why), "{name}: {told:?}");
        }
        // What a row says becomes harmless.
        let note = [("routine", "self"), ("note", "../a/b"), ("name", "{note}")];
        assert_eq!(named(&note, &["wav"]), ["-a-b.wav"]);
    }

    #[test]
    fn two_rows_are_not_called_the_same() {
        let rows = [
            row(&[("routine", "self"), ("gentle", "on")]),
            row(&[("routine", "self")]),
            row(&[("routine", "Self")]),
        ];
        let mut taken = Taken::default();
        assert_eq!(taken.take("self-en.wav", 0, &rows), None);
        assert_eq!(taken.take("self-en.mp3", 0, &rows), None);
        let mistake = taken.take("self-en.wav", 1, &rows).unwrap();
        assert_eq!(mistake.help, "they differ in {gentle}: put that into the `name`");
        assert!(taken.take("Self-en.wav", 2, &rows).is_some());
        assert_eq!(both_file_and_folder(["A.wav", "b.wav"].into_iter()), None);
        let both = both_file_and_folder(["a.wav", "A.WAV/b.wav"].into_iter());
        assert_eq!(both, Some("a.wav"));
    }
}
