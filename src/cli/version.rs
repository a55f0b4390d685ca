//! `effleurage --version`, and with `-v` what this program is made of and what it finds.

use std::ffi::OsString;
use std::path::Path;

use crate::voice::{Cache, built_in_names, search};

/// The features of the program, but for the voices.
const FEATURES: &[&str] = if cfg!(feature = "studio") { &["studio"] } else { &[] };

/// Whether a person who asks for the version wants to know more.
pub fn is_verbose(arguments: &[OsString]) -> bool {
    let told = arguments.iter().filter_map(|argument| argument.to_str());
    let is_short = |word: &str| word.starts_with('-') && !word.starts_with("--");
    told.skip(1).any(|word| word == "--verbose" || is_short(word) && word.contains('v'))
}

/// In ten lines: what was built, and where it looks for what.
pub fn details() -> String {
    let commit = env!("EFFLEURAGE_COMMIT");
    let mut program = env!("EFFLEURAGE_PROGRAM").split(' ').skip(1);
    let mut told = |name: &str| format!("{name:<12}{}\n", program.next().unwrap_or_default());
    let mut text = format!("effleurage {}\n", env!("CARGO_PKG_VERSION"));
    text += &format!("{:<12}{commit}\n", "commit");
    text += &told("target");
    text += &told("code");
    text += &format!("{:<12}{}\n", "features", listed(FEATURES.iter().copied()));
    text += &format!("{:<12}{}\n", "built in", listed(built_in_names()));
    for place in search::places() {
        let voices = search::voices_in(&place);
        if !voices.is_empty() {
            let names = listed(voices.keys().map(String::as_str));
            text += &format!("{:<12}{names} in {}\n", "voices", place.display());
        }
    }
    text += &format!("{:<12}others are looked for {}\n", "", search::where_to_look());
    text + &format!("{:<12}{}\n", "cache", Cache::of_user().folder().map_or_else(none, shown))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { none() } else { names.join(", ") }
}

fn none() -> String {
    "none".to_owned()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbose_is_seen_in_every_way_that_it_is_written() {
        let is_verbose =
            |line: &str| is_verbose(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        for line in ["x --version -v", "x -v --version", "x -Vv", "x -vV", "x -V --verbose"] {
            assert!(is_verbose(line), "{line}");
        }
        for line in ["x --version", "x -V", "v -V", "x -V -q", "x --version v"] {
            assert!(!is_verbose(line), "{line}");
        }
    }
}
