//! A table as TOML: what all tracks have in common, and `[[track]]` for those that differ.
//! Where a value is a list, a track is made for each of its entries.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::{Cell, MOST_ROWS, Mistake, Place, Row, columns};
use crate::routine::cursor::{self, Cursor, Read, Value};
use crate::routine::leaf::Scalar;
use crate::routine::parse::parse;
use crate::routine::spanned::Spanned;

/// Under each of these stands a group of tracks.
const TRACK: &str = "track";
/// Every key, with [`TRACK`] behind the columns.
const KEYS: [&str; columns::ALL.len() + 1] = {
    let mut keys = [TRACK; columns::ALL.len() + 1];
    let mut n = 0;
    while n < columns::ALL.len() {
        keys[n] = columns::ALL[n];
        n += 1;
    }
    keys
};

/// The values of each column, each for tracks of its own.
#[derive(Clone, Default)]
struct Group(BTreeMap<&'static str, Spanned<Values>>);

/// One value, or several.
#[derive(Clone, Default)]
struct Values(Vec<Spanned<String>>);

/// The whole file.
#[derive(Default)]
struct File {
    common: Group,
    tracks: Vec<Spanned<Group>>,
}

impl cursor::Table for Group {
    const KEYS: &'static [&'static str] = &columns::ALL;

    fn take(&mut self, key: &'static str, value: &Value<'_>, cursor: &mut Cursor<'_>) {
        if let Some(values) = Spanned::read(value, cursor) {
            self.0.insert(key, values);
        }
    }
}

impl cursor::Table for File {
    const KEYS: &'static [&'static str] = &KEYS;

    fn take(&mut self, key: &'static str, value: &Value<'_>, cursor: &mut Cursor<'_>) {
        if key == TRACK {
            self.tracks = Read::read(value, cursor).unwrap_or_default();
        } else {
            self.common.take(key, value, cursor);
        }
    }
}

impl Read for Values {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Values> {
        let Some(list) = value.get_ref().as_array() else {
            return one(value, cursor).map(|value| Values(vec![value]));
        };
        Some(Values(list.iter().filter_map(|value| one(value, cursor)).collect()))
    }
}

/// A value, as a person would write it behind a flag.
fn one(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Spanned<String>> {
    let text = match Scalar::read(value, cursor)? {
        Scalar::Text(text) => text,
        Scalar::Number(number) => number.to_string(),
        Scalar::Truth(truth) => if truth { "on" } else { "off" }.to_owned(),
        Scalar::Other(_) => {
            let help = "write it as in a flag of `effleurage render`, like \"15m\"";
            cursor.misplaced(value, "a text, a number, or true or false", help);
            return None;
        }
    };
    Some(cursor.at(value.span(), text))
}

/// The rows of `text`, and what is wrong with its shape.
pub fn rows(text: &str) -> (Vec<Row>, Vec<Mistake>) {
    let (file, found) = parse::<File>(text, 0);
    let lines = Lines::of(text);
    let told = found.into_iter().map(|d| {
        let place = lines.place(d.span, None);
        Mistake::new(place, d.message, d.help)
    });
    let mut mistakes: Vec<Mistake> = told.collect();
    let mut rows = Vec::new();
    for group in file.into_iter().flat_map(groups) {
        match multiplied(&group, rows.len(), &lines) {
            Ok(more) => rows.extend(more),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    (rows, mistakes)
}

/// Each group with what is common to all; without groups, that alone.
fn groups(file: File) -> Vec<Spanned<Group>> {
    let File { common, tracks } = file;
    if tracks.is_empty() {
        let is_empty = common.0.is_empty();
        return if is_empty { Vec::new() } else { vec![Spanned::new(common, 0..0)] };
    }
    let whole = |track: Spanned<Group>| {
        let mut cells = common.0.clone();
        cells.extend(track.value.0);
        Spanned::new(Group(cells), track.span)
    };
    tracks.into_iter().map(whole).collect()
}

/// A row for each choice of values, the first columns changing most slowly.
fn multiplied(
    group: &Spanned<Group>,
    before: usize,
    lines: &Lines<'_>,
) -> Result<Vec<Row>, Mistake> {
    let place = lines.place(group.span.clone(), None);
    let mut rows = vec![Row { place, cells: Vec::new() }];
    for column in columns::ALL {
        let Some(values) = group.0.get(column) else { continue };
        let here = || lines.place(values.span.clone(), Some(column));
        let cells = cells(column, values, lines);
        if cells.is_empty() {
            let help = "write what stands in it, or take the line out";
            return Err(Mistake::new(here(), "nothing stands in this list", help));
        }
        if (before + rows.len()).saturating_mul(cells.len()) > MOST_ROWS {
            let why = format!("a table has at most {MOST_ROWS} tracks");
            return Err(Mistake::new(here(), why, "split it into several tables"));
        }
        let with = |row: &Row, cell: &Cell| {
            let mut row = row.clone();
            let said = Some(cell).filter(|cell| !cell.text.is_empty());
            row.cells.extend(said.map(|cell| (column, cell.clone())));
            row
        };
        let each = |row: &Row| cells.iter().map(|cell| with(row, cell)).collect::<Vec<_>>();
        rows = rows.iter().flat_map(each).collect();
    }
    Ok(rows)
}

/// The choices of one column. Several formats are those of one track.
fn cells(column: &'static str, values: &Spanned<Values>, lines: &Lines<'_>) -> Vec<Cell> {
    let cell = |value: &Spanned<String>| Cell {
        text: value.value.trim().to_owned(),
        place: lines.place(value.span.clone(), Some(column)),
    };
    if column != "formats" || values.0.is_empty() {
        return values.0.iter().map(cell).collect();
    }
    let words: Vec<&str> = values.0.iter().map(|value| value.as_str()).collect();
    vec![cell(&Spanned::new(words.join(","), values.span.clone()))]
}

/// Where the lines of a text begin.
struct Lines<'a> {
    starts: Vec<usize>,
    text: &'a str,
}

impl Lines<'_> {
    fn of(text: &str) -> Lines<'_> {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(n, _)| n + 1);
        Lines { starts: [0].into_iter().chain(after).collect(), text }
    }

    fn place(&self, span: Range<usize>, column: Option<&'static str>) -> Place {
        let line = self.starts.partition_point(|start| *start <= span.start);
        let span = span.start.min(self.text.len())..span.end.min(self.text.len());
        Place { line, column: column.map(Cow::Borrowed), span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(row: &Row) -> String {
        let said = row.cells.iter().map(|(column, cell)| format!("{column}={}", cell.text));
        let mut said: Vec<String> = said.collect();
        said.sort();
        said.join(" ")
    }

    #[test]
    fn lists_are_multiplied_out_and_a_track_says_more_than_all_do() {
        let text = "voice = [\"en\", \"es\"]\nformats = [\"wav\", \"mp3\"]\n\n\
                    [[track]]\nroutine = \"self\"\ntotal = [\"15m\", \"20m\"]\ngentle = true\n\n\
                    [[track]]\nroutine = \"partner\"\nvoice = \"en\"\ncount_in = 3\n";
        let (rows, mistakes) = rows(text);
        assert_eq!(mistakes, []);
        let expected = [
            "formats=wav,mp3 gentle=on routine=self total=15m voice=en",
            "formats=wav,mp3 gentle=on routine=self total=20m voice=en",
            "formats=wav,mp3 gentle=on routine=self total=15m voice=es",
            "formats=wav,mp3 gentle=on routine=self total=20m voice=es",
            "count_in=3 formats=wav,mp3 routine=partner voice=en",
        ];
        assert_eq!(rows.iter().map(said).collect::<Vec<_>>(), expected);
        assert_eq!((rows[0].place.line, rows[4].place.line), (4, 9));
        let total = rows[1].place_of("total");
        assert_eq!((total.line, &text[total.span]), (6, "\"20m\""));
    }

    #[test]
    fn every_mistake_of_shape_is_told_at_its_line() {
        let text = "routin = \"self\"\nbits = []\n[[track]]\ntotal = [[\"15m\"]]\nbed = {}\n";
        let told: Vec<(usize, String)> =
            rows(text).1.into_iter().map(|m| (m.place.line, m.message)).collect();
        let expected = [
            (1, "unknown key `routin`"),
            (4, "`[\"15m\"]` stands where a text, a number, or true or false is expected"),
            (5, "`{}` stands where a text, a number, or true or false is expected"),
            (2, "nothing stands in this list"),
        ];
        assert_eq!(told, expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn no_table_is_multiplied_beyond_measure() {
        let list = format!("[{}]", "\"x\",".repeat(1_001));
        let text = format!("routine = {list}\nnote = {list}\n");
        let (rows, mistakes) = rows(&text);
        assert_eq!(rows.len(), 0);
        assert_eq!(mistakes[0].message, "a table has at most 1000000 tracks");
    }
}
