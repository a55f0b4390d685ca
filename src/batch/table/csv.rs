//! A table as a spreadsheet writes it: a line of headings, and a line a track.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{Cell, MOST_ROWS, Mistake, Place, Row, columns};
use crate::diagnostic::MOST;
use crate::text;

/// What stands between two cells: where a comma is a decimal point, spreadsheets write others.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The rows of `text`, and what is wrong with its shape.
pub fn rows(text: &str) -> (Vec<Row>, Vec<Mistake>) {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut mistakes = Vec::new();
    let mut rows = Vec::new();
    let mut headings = None;
    // Text in memory that is UTF-8, with rows of any length, is always read.
    for record in reader.records().flatten() {
        if record.iter().all(str::is_empty) {
            continue;
        }
        let Some(headings) = &headings else {
            headings = Some(headings_of(&record, &mut mistakes));
            continue;
        };
        if rows.len() == MOST_ROWS {
            let why = format!("a table has at most {MOST_ROWS} tracks");
            mistakes.push(Mistake::new(place(&record, None), why, "split it into several tables"));
            break;
        }
        rows.push(row(&record, headings, &mut mistakes));
    }
    (rows, mistakes)
}

/// The delimiter that comes most often in the first line.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let often = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    // Of those that come as often, the comma.
    DELIMITERS.into_iter().rev().max_by_key(often).unwrap_or(b',')
}

/// A column, or the heading that names none.
type Heading = Result<&'static str, String>;

fn headings_of(record: &StringRecord, mistakes: &mut Vec<Mistake>) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    for written in record {
        let heading = columns::named(written).ok_or_else(|| written.to_owned());
        let at = || place(record, Some(written.to_owned().into()));
        match &heading {
            Err(written) if written.is_empty() => {}
            Err(_) => {
                let message = format!("no column is called `{}`", text::line(written));
                mistakes.push(Mistake::new(at(), message, columns::advice(written)));
            }
            Ok(column) if headings.contains(&heading) => {
                let message = format!("two columns are called `{column}`");
                mistakes.push(Mistake::new(at(), message, "keep one of the two"));
            }
            Ok(_) => {}
        }
        headings.push(heading);
    }
    if !headings.contains(&Ok("routine")) {
        let help = "head a column with `routine`, and write what to render below it";
        let at = place(record, Some("routine".into()));
        mistakes.push(Mistake::new(at, "there is no column `routine`", help));
    }
    headings
}

fn row(record: &StringRecord, headings: &[Heading], mistakes: &mut Vec<Mistake>) -> Row {
    let said = record.iter().filter(|written| !written.is_empty()).count();
    let mut cells: Vec<(&'static str, Cell)> = Vec::with_capacity(said);
    for (n, written) in record.iter().enumerate().filter(|(_, written)| !written.is_empty()) {
        match headings.get(n) {
            Some(Ok(column)) => {
                let place = place(record, Some(Cow::Borrowed(column)));
                if let Some(mistake) = unreadable(written, &place) {
                    mistakes.push(mistake);
                } else if cells.iter().all(|(known, _)| known != column) {
                    cells.push((column, Cell { text: truth(written), place }));
                }
            }
            // Told at the heading, once.
            Some(Err(heading)) if !heading.is_empty() => {}
            _ if mistakes.len() >= MOST => {}
            _ => {
                let message =
                    format!("`{}` stands in a column without a name", text::line(written));
                let help = "name the column in the first line; a value with a comma in it needs \
                            quotation marks around it";
                mistakes.push(Mistake::new(place(record, None), message, help));
            }
        }
    }
    Row { place: place(record, None), cells }
}

/// What is wrong with a cell as a text.
fn unreadable(written: &str, place: &Place) -> Option<Mistake> {
    if written.contains(['\n', '\r']) {
        let help = "close the quotation mark that opens in this cell, or take it out";
        return Some(Mistake::new(place.clone(), "a value goes on over several lines", help));
    }
    let hidden = text::first_hidden(written)?;
    let message = format!("a character that nobody sees stands here (U+{:04X})", u32::from(hidden));
    Some(Mistake::new(place.clone(), message, "take it out"))
}

/// Spreadsheets have their own words for on and off.
fn truth(written: &str) -> String {
    match written {
        "TRUE" | "true" | "True" => "on".to_owned(),
        "FALSE" | "false" | "False" => "off".to_owned(),
        other => other.to_owned(),
    }
}

fn place(record: &StringRecord, column: Option<Cow<'static, str>>) -> Place {
    let line = record.position().map_or(1, |position| position.line() as usize);
    let start = record.position().map_or(0, |position| position.byte() as usize);
    Place { line, column, span: start..start }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let told = |m: Mistake| {
            format!("{} {}: {}", m.place.line, m.place.column.unwrap_or_default(), m.message)
        };
        rows(text).1.into_iter().map(told).collect()
    }

    #[test]
    fn spreadsheets_of_any_country_are_read() {
        for text in [
            "routine,Count-In,gentle\nself,3,TRUE\n\n,,\npartner,,\n",
            "routine;count in;gentle\r\nself;3;true\r\n;;\r\n\r\npartner;;\r\n",
            "\nroutine\tcount_in\tgentle\n\"self\"\t 3 \tTrue\n\npartner\n",
        ] {
            let (rows, mistakes) = rows(text);
            assert_eq!(mistakes, []);
            let cells = |n: usize| -> Vec<(&str, &str)> {
                let cells = rows[n].cells.iter();
                cells.map(|(name, cell)| (*name, cell.text.as_str())).collect()
            };
            assert_eq!(cells(0), [("routine", "self"), ("count_in", "3"), ("gentle", "on")]);
            assert_eq!(cells(1), [("routine", "partner")]);
            assert_eq!(rows.len(), 2);
        }
    }

    #[test]
    fn what_has_no_column_is_told_once_or_where_it_stands() {
        let text = "routine,totl,total,total\nself,1,2m,3m,4m\nself,1,2m,3m\n\"par\ntner\",1\n";
        assert_eq!(
            told(text),
            [
                "1 totl: no column is called `totl`",
                "1 total: two columns are called `total`",
                "2 : `4m` stands in a column without a name",
                "4 routine: a value goes on over several lines",
            ]
        );
        assert_eq!(told("total\n2m\n"), ["1 routine: there is no column `routine`"]);
    }
}
