//! A table of tracks, a row a track, as a spreadsheet (CSV) or as TOML.

pub mod columns;
mod csv;
mod toml;

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::diagnostic::Source;
use crate::error::{Error, Result};

/// A larger file is no table: a million rows have some 100 MB.
const LARGEST_BYTES: u64 = 256 << 20;
/// More tracks are not made by one table.
pub const MOST_ROWS: usize = 1_000_000;

/// A table, read.
pub struct Table {
    /// Its text, and its name.
    pub source: Source,
    /// What kind of file it is.
    pub kind: Kind,
    /// Where files that it names are looked for.
    pub folder: PathBuf,
    /// Its rows, lists multiplied out, in order.
    pub rows: Vec<Row>,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lines and columns of a spreadsheet.
    Csv,
    /// Keys and values.
    Toml,
}

/// What is asked for one track.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where it begins.
    pub place: Place,
    /// What it says, by column, each once and in any order; nothing empty.
    pub cells: Vec<(&'static str, Cell)>,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// A place in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1 on.
    pub line: usize,
    /// The column, by its name; none for all of the row.
    pub column: Option<Cow<'static, str>>,
    /// The bytes of its text; those of the whole line in a spreadsheet.
    pub span: Range<usize>,
}

/// Something that must be mended before anything is rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Table {
    /// Reads the table at `path`: its rows as far as they can be told, and all that is wrong
    /// with its shape.
    ///
    /// # Errors
    ///
    /// Where it cannot be read at all.
    pub fn read(path: &Path) -> Result<(Table, Vec<Mistake>)> {
        let kind = kind(path)?;
        let bytes = crate::voice::read_file(path, LARGEST_BYTES)?;
        if bytes.len() as u64 > LARGEST_BYTES {
            let why = "it is larger than 256 MiB";
            return Err(unreadable(path, why, "split it into several tables"));
        }
        let source = Source::from_bytes(path.display().to_string(), &bytes)
            .map_err(|line| Error::not_text(path, line))?;
        let (rows, mut mistakes) = match kind {
            Kind::Csv => csv::rows(&source.text),
            Kind::Toml => toml::rows(&source.text),
        };
        if rows.is_empty() && mistakes.is_empty() {
            let help = "write a row for each track, with a `routine` at least";
            mistakes.push(Mistake::new(Place::START, "no track is asked for", help));
        }
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok((Table { source, kind, folder, rows }, mistakes))
    }
}

impl Row {
    /// What stands in a column, if anything does.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.cell(column).map(|cell| cell.text.as_str())
    }

    /// Where a column stands; where it says nothing, where the row begins.
    pub fn place_of(&self, column: &str) -> Place {
        let here = || Place { column: Some(column.to_owned().into()), ..self.place.clone() };
        self.cell(column).map_or_else(here, |cell| cell.place.clone())
    }

    fn cell(&self, column: &str) -> Option<&Cell> {
        self.cells.iter().find(|(known, _)| *known == column).map(|(_, cell)| cell)
    }

    /// A mistake in a column.
    pub fn mistake(
        &self,
        column: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Mistake {
        Mistake::new(self.place_of(column), message, help)
    }
}

impl Place {
    /// The first line.
    pub const START: Place = Place { line: 1, column: None, span: 0..0 };
}

impl Mistake {
    /// A mistake at `place`.
    pub fn new(place: Place, message: impl Into<String>, help: impl Into<String>) -> Mistake {
        Mistake { place, message: message.into(), help: help.into() }
    }
}

fn kind(path: &Path) -> Result<Kind> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match ending.as_str() {
        "csv" | "tsv" => Ok(Kind::Csv),
        "toml" => Ok(Kind::Toml),
        _ => Err(unreadable(
            path,
            "a table is a .csv or a .toml",
            "save a spreadsheet as CSV (UTF-8), or write a TOML file",
        )),
    }
}

fn unreadable(path: &Path, why: &str, help: &str) -> Error {
    Error::Unreadable { path: path.to_owned(), why: why.to_owned(), help: help.to_owned() }
}
