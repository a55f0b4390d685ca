//! Flags → changes as they are written: the same words as in a file.

use std::ops::Range;

use super::cursor::hidden_message;
use super::leaf::Scalar;
use super::resolve_changes::{ALL, Written};
use super::settings::{SETTINGS, Setting};
use super::spanned::Spanned;
use super::suggest;
use super::tags::{self, TAGS};
use crate::diagnostic::{Diagnostic, Source, Sources};
use crate::text;

/// What `flags` say, each a text of its own among `sources`.
pub fn written(flags: &[Source], sources: &mut Sources, mistakes: &mut Vec<Diagnostic>) -> Written {
    let mut written = Written::default();
    for flag in flags {
        let start = sources.add(flag.clone());
        let whole = Spanned::new(flag.text.as_str(), start..start + flag.text.len());
        if let Some(hidden) = text::first_hidden(&flag.text) {
            let mistake = Diagnostic::error(whole.span, hidden_message(hidden));
            mistakes.push(mistake.help("take it out"));
            continue;
        }
        let name = flag.name.trim_start_matches('-').replace('-', "_");
        if let Some(tag) = tags::tag(&name) {
            written.tags.insert(tag.key, whole.with(Scalar::Text(flag.text.clone())));
            continue;
        }
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
                let setting = SETTINGS.iter().find(|setting| setting.key == other);
                let Some(setting) = setting else {
                    mistakes.push(unknown(&flag.name, whole.span));
                    continue;
                };
                match value(setting, &whole) {
                    Some(value) => drop(written.leaves.insert(setting.key, whole.with(value))),
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

/// The command line lets no other flag pass, but whoever calls the library may.
fn unknown(flag: &str, span: Range<usize>) -> Diagnostic {
    let tags = TAGS.iter().map(|tag| format!("--{}", tag.key));
    let known: Vec<String> = SETTINGS.iter().map(Setting::flag).chain(tags).collect();
    let known = known.iter().map(String::as_str).chain(["--zone", "--pace"]);
    let message = format!("no flag is called `{flag}`");
    Diagnostic::error(span, message).help(suggest::advice(flag, known))
}

fn value(setting: &Setting, text: &str) -> Option<Scalar> {
    match text.trim() {
        "" => setting.is_switch().then_some(Scalar::Truth(true)),
        text => Some(Scalar::typed(text)),
    }
}

/// The two sides of `name=value`.
fn pair(whole: &Spanned<&str>) -> Option<(Spanned<String>, Spanned<Scalar>)> {
    let (name, value) = whole.split_once('=')?;
    let start = whole.span.start;
    let name = Spanned::new(name.to_owned(), start..start + name.len());
    Some((name, whole.with(Scalar::typed(value.trim()))))
}
