//! An order, planned: how long its files become and what they are made from, or all that is
//! wrong with it.

use std::path::Path;

use super::identity::{Digests, Identity, Maker};
use super::order::{Kind, Order};
use super::table::{Mistake, Row, Table, columns};
use super::voices::Voices;
use crate::cover::{self, Wanted};
use crate::diagnostic::{Diagnostic, Report, Source, SourceKind};
use crate::error::Error;
use crate::files::NoFiles;
use crate::routine::{self, Request, Vocabulary, duration};
use crate::session::Session;
use crate::units::{Length, SampleRate};
use crate::voice::Pack;

/// What there is to know of an order before it is rendered.
pub struct Planned {
    /// Its files, in its order.
    pub files: Vec<PlannedFile>,
    /// What an author may not have meant.
    pub warnings: Option<Report>,
    /// What must not be written over.
    pub sources: Vec<std::path::PathBuf>,
}

/// What there is to know of a file before it is rendered.
#[derive(Clone, Copy, Debug)]
pub struct PlannedFile {
    /// Its length.
    pub frames: Length,
    /// What it is made from.
    pub identity: Identity,
}

/// Plans the orders of a table.
pub struct Planner<'a> {
    /// The table.
    pub table: &'a Table,
    /// The voices.
    pub voices: &'a Voices,
    /// The sounds.
    pub digests: &'a Digests,
}

impl Planner<'_> {
    /// Plans an order at every rate that its files have.
    ///
    /// # Errors
    ///
    /// Every mistake, at the place in the table where it was made.
    pub fn plan(&self, order: &Order) -> Result<Planned, Vec<Mistake>> {
        let row = &self.table.rows[order.row];
        let voice = self.voices.named(&order.voice);
        let pack = voice.map_err(|(why, help)| {
            let of_flags = of_flags(&order.flags, row).into_iter();
            of_flags.chain([row.mistake("voice", why, help)]).collect::<Vec<_>>()
        })?;
        if let Some(cover) = order.cover.as_ref().and_then(Wanted::file) {
            let told = |error: Error| vec![row.mistake("cover", error.to_string(), error.help())];
            cover::read(cover).map_err(told)?;
        }
        let mut planned = Planned { files: Vec::new(), warnings: None, sources: Vec::new() };
        let mut by_rate = Vec::new();
        for rate in order.rates() {
            let told = |error| mistakes(error, row);
            let (session, maker) = self.session(order, &pack, rate).map_err(told)?;
            planned.sources.extend(session.files);
            let cover = order.cover.as_ref().and_then(Wanted::file);
            planned.sources.extend(cover.map(Path::to_owned));
            planned.warnings.get_or_insert(session.warnings);
            by_rate.push((rate, session.timeline.length(), maker));
        }
        for file in &order.files {
            let at_rate = by_rate.iter().find(|(rate, ..)| *rate == file.kind.rate());
            let Some((_, frames, maker)) = at_rate else { continue };
            if let Kind::Wav(format) = file.kind {
                format.check_size(*frames).map_err(|error| mistakes(error, row))?;
            }
            let identity = maker.file(&file.kind, order.loudness);
            planned.files.push(PlannedFile { frames: *frames, identity });
        }
        Ok(planned)
    }

    /// How long the tracks of an order become, at the rate of CDs, where the table tells.
    pub fn told_length(&self, order: &Order) -> Option<Length> {
        let total = self.table.rows[order.row].text("total")?;
        duration::parse(total).ok().map(|total| SampleRate::CD.length_of(total))
    }

    /// How long they become by their plan.
    ///
    /// # Errors
    ///
    /// As of [`plan`](Planner::plan).
    pub fn length(&self, order: &Order) -> Result<Length, Vec<Mistake>> {
        let row = &self.table.rows[order.row];
        let voice = self.voices.named(&order.voice);
        let pack = voice.map_err(|(why, help)| vec![row.mistake("voice", why, help)])?;
        let session = Session::plan(&order.request(), &pack, SampleRate::CD);
        let session = session.map_err(|error| mistakes(error, row))?;
        Ok(session.timeline.length())
    }

    /// What decides how long the tracks of an order become.
    pub fn asked(&self, order: &Order) -> String {
        let flags = order.flags.iter().map(|flag| format!("{}={}", flag.name, flag.text));
        let words = [order.routine.name.clone(), order.voice.clone()].into_iter().chain(flags);
        words.collect::<Vec<_>>().join("\n")
    }

    fn session(
        &self,
        order: &Order,
        pack: &Pack,
        rate: SampleRate,
    ) -> crate::error::Result<(Session, Maker)> {
        let request = order.request();
        let session = Session::plan(&request, pack, rate)?;
        let maker = Maker::of(&session, order, &request, pack, self.digests)?;
        Ok((session, maker))
    }
}

/// What is wrong with flags by themselves, whatever they change.
pub fn of_flags(flags: &[Source], row: &Row) -> Vec<Mistake> {
    let request = Request::of(Source::file("", ""), flags.to_vec(), &NoFiles);
    let reading = routine::read(&request, &Vocabulary::default());
    of_report(&Report::new(reading.sources, reading.refused), row)
}

/// What is wrong with a row, where it stands in the table.
fn mistakes(error: Error, row: &Row) -> Vec<Mistake> {
    match error {
        Error::Mistakes(report) => of_report(&report, row),
        Error::Several(errors) => {
            errors.into_iter().flat_map(|error| mistakes(error, row)).collect()
        }
        Error::BadClip { .. } | Error::MissingPrompts { .. } => {
            vec![row.mistake("voice", error.to_string(), error.help())]
        }
        Error::TooLarge { .. } => vec![row.mistake("rate", error.to_string(), error.help())],
        error => vec![row.mistake("routine", error.to_string(), error.help())],
    }
}

fn of_report(report: &Report, row: &Row) -> Vec<Mistake> {
    let errors = report.each().filter(|(_, diagnostic, _)| diagnostic.is_error());
    let told = |(source, diagnostic, _): (Option<&Source>, &Diagnostic, _)| {
        let (message, help) = (diagnostic.message.clone(), in_columns(&diagnostic.help));
        match source {
            Some(flag) if flag.kind == SourceKind::Flag => {
                let column = flag.name.trim_start_matches('-').replace('-', "_");
                row.mistake(&column, message, help)
            }
            Some(file) => {
                let line = report.line(diagnostic).unwrap_or(1);
                row.mistake("routine", format!("{message} ({}, line {line})", file.name), help)
            }
            None => row.mistake("routine", message, help),
        }
    };
    errors.map(told).collect()
}

/// Advice in the words of a table, where it names flags: `--count-in 3` is `count_in 3`.
fn in_columns(help: &str) -> String {
    let word = |word: &str| match word.strip_prefix("--").and_then(columns::named) {
        Some(column) => column.to_owned(),
        None => word.to_owned(),
    };
    help.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_speaks_of_columns() {
        let help = "say less with --talk brief, --count-in 3, or use --unknown";
        assert_eq!(in_columns(help), "say less with talk brief, count_in 3, or use --unknown");
    }
}
