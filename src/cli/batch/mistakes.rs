//! Every mistake of a table at once: of a spreadsheet by line and column, of TOML with the line
//! itself.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::batch::table::{Kind, Mistake, Table};
use crate::diagnostic::{Diagnostic, Report, Source, Sources};

/// The report of what was `found`, in the order of the table.
pub fn report(table: &Table, found: Vec<Mistake>) -> Report {
    match table.kind {
        Kind::Csv => of_lines(&table.source.name, found),
        Kind::Toml => {
            let told = found.into_iter().map(|Mistake { place, message, help }| {
                Diagnostic::error(place.span, message).help(help)
            });
            Report::new(table.source.clone(), told.collect())
        }
    }
}

/// A mistake wherever it is: its column, what is wrong, what to do.
type Told = (Option<Cow<'static, str>>, String, String);

/// The same mistake in several lines is told once, with all of them.
fn of_lines(name: &str, found: Vec<Mistake>) -> Report {
    let mut lines: BTreeMap<Told, Vec<usize>> = BTreeMap::new();
    for Mistake { place, message, help } in found {
        lines.entry((place.column, message, help)).or_default().push(place.line);
    }
    let mut told: Vec<_> = lines.into_iter().collect();
    for (_, lines) in &mut told {
        lines.sort_unstable();
        lines.dedup();
    }
    told.sort_by(|(a, lines), (b, others)| (lines, a).cmp(&(others, b)));
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    for ((column, message, help), lines) in told {
        let column = column.map_or(String::new(), |column| format!(", {column}"));
        // Told in one sentence, as flags are.
        let start = sources.add(Source::flag(format!("{name}, {}{column}", shown(&lines)), ""));
        diagnostics.push(Diagnostic::error(start..start, message).help(help));
    }
    Report::new(sources, diagnostics)
}

/// `line 4`, or `lines 4, 7-9`.
fn shown(lines: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    let range = |(first, last): &(usize, usize)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    let all: Vec<String> = ranges.iter().map(range).collect();
    format!("line{} {}", if lines.len() == 1 { "" } else { "s" }, all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_in_ranges() {
        assert_eq!(shown(&[4]), "line 4");
        assert_eq!(shown(&[4, 7, 8, 9, 12]), "lines 4, 7-9, 12");
    }
}
