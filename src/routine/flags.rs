//! Flags → changes as they are written: the same words as in a file.

use super::at::At;
use super::leaf::Scalar;
use super::resolve_changes::{ALL, Written};
use crate::diagnostic::{Diagnostic, Source, Sources};

/// The keys that a flag may set, each called like its flag but for the hyphens.
pub const KEYS: [&str; 16] = [
    "total",
    "slow_down",
    "legs",
    "first",
    "talk",
    "gentle",
    "i_know_the_warnings",
    "count_in",
    "halfway",
    "closing_cue",
    "time_left",
    "tick_level",
    "voice_level",
    "bed_level",
    "ticks",
    "bed",
];

/// What `flags` say, each a text of its own among `sources`.
pub fn written(flags: &[Source], sources: &mut Sources, mistakes: &mut Vec<Diagnostic>) -> Written {
    let mut written = Written::default();
    for flag in flags {
        let start = sources.add(flag.clone());
        let whole = At::new(flag.text.as_str(), start..start + flag.text.len());
        let name = flag.name.trim_start_matches('-').replace('-', "_");
        match name.as_str() {
            "zone" => match pair(&whole) {
                Some((name, value)) => written.zones.push((vec![name], value)),
                None => mistakes.push(
                    Diagnostic::error(whole.span, "this does not say how long")
                        .help("write it like calf=3m, calf=40strokes or calf=off"),
                ),
            },
            "pace" => {
                let all = (whole.with(ALL.to_owned()), whole.with(Scalar::typed(&whole)));
                let (name, value) = pair(&whole).unwrap_or(all);
                written.pace.push((vec![name], value));
            }
            other => {
                // Only the command line makes flags, and only of these names.
                let Some(key) = KEYS.into_iter().find(|key| *key == other) else { continue };
                match value(key, &whole) {
                    Some(value) => drop(written.leaves.insert(key, whole.with(value))),
                    None => mistakes.push(
                        Diagnostic::error(whole.span, "this says nothing")
                            .help("give a value, or take the flag out"),
                    ),
                }
            }
        }
    }
    written
}

/// The keys whose flags take no value: to name them turns them on.
const SWITCHES: [&str; 2] = ["gentle", "i_know_the_warnings"];

fn value(key: &str, text: &str) -> Option<Scalar> {
    match text.trim() {
        "" => SWITCHES.contains(&key).then_some(Scalar::Truth(true)),
        text => Some(Scalar::typed(text)),
    }
}

/// The two sides of `name=value`.
fn pair(whole: &At<&str>) -> Option<(At<String>, At<Scalar>)> {
    let (name, value) = whole.split_once('=')?;
    let start = whole.span.start;
    let name = At::new(name.to_owned(), start..start + name.len());
    Some((name, whole.with(Scalar::typed(value.trim()))))
}
