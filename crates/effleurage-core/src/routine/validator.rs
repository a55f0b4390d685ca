//! The validator of single values: what a leaf of the file must be at its place.
//!
//! A wrong value is reported, with a way out, and stands for nothing.

use std::fmt::Display;
use std::ops::Range;
use std::time::Duration;

use super::duration;
use super::leaf::{Leaf, MOST_STROKES_PER_PASS, Scalar};
use super::name::{self, is_name};
use super::spanned::Spanned;
use super::suggest;
use super::words::{Pattern, PatternFault, Word};
use crate::diagnostic::Diagnostic;
use crate::units::StrokeRate;

/// The table in which a key is missing.
pub struct Place {
    /// What people call it.
    pub what: &'static str,
    /// Where it begins.
    pub span: Range<usize>,
}

/// Judges values and keeps what is wrong with them.
#[derive(Default)]
pub struct Validator {
    /// All that was wrong.
    pub mistakes: Vec<Diagnostic>,
}

impl Validator {
    pub fn strokes_per_pass(&mut self, leaf: &Leaf, place: &Place) -> u64 {
        let help = "say how many strokes lead once up the zone, like 6";
        let written = self.required(leaf, "strokes_per_pass", place, help);
        let limits = 1.0..=f64::from(MOST_STROKES_PER_PASS);
        written.and_then(|n| self.whole_number(n, "strokes_per_pass", limits)).unwrap_or(1)
    }

    pub fn rate(&mut self, leaf: &Leaf, place: &Place) -> Option<Spanned<StrokeRate>> {
        let help = "give a number from 1 to 240, like 20";
        let written = self.required(leaf, "strokes_per_minute", place, help)?;
        let Scalar::Number(number) = written.value else {
            self.refuse(written, format!("{} is not a number", shown(&written.value)), help);
            return None;
        };
        let rate = StrokeRate::per_minute(number);
        if rate.is_none() {
            let message = format!("{number} strokes a minute are too few or too many");
            self.refuse(written, message, help);
        }
        rate.map(|rate| written.with(rate))
    }

    pub fn pattern(&mut self, leaf: &Leaf, place: &Place) -> Option<Spanned<Pattern>> {
        let help = r#"use X strong, x weak and . silent, like "X", "Xx" or "XxXx..""#;
        let written = self.required(leaf, "ticks", place, help)?;
        let text = self.text(written, "`ticks`", help)?;
        let message = match Pattern::parse(&text) {
            Ok(pattern) => return Some(text.with(pattern)),
            Err(PatternFault::Stranger(character)) => format!("`{character}` is not a tick"),
            Err(PatternFault::NoSound) => format!("nothing sounds in the pattern {:?}", *text),
            Err(PatternFault::TooLong) => {
                format!("a pattern has at most {} ticks and silences", Pattern::MAX_SLOTS)
            }
        };
        self.refuse(written, message, help);
        None
    }

    pub fn duration(&mut self, leaf: &Leaf) -> Option<Spanned<Duration>> {
        let written = leaf.as_ref()?;
        let text = match &written.value {
            Scalar::Text(text) => text.clone(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Truth(_) | Scalar::Other(_) => {
                return self.not_text(written, "a length of time", duration::HOW_TO_WRITE);
            }
        };
        match duration::parse(&text) {
            Ok(duration) => Some(written.with(duration)),
            Err(fault) => {
                self.refuse(written, fault.message(&text), fault.help(&text));
                None
            }
        }
    }

    pub fn whole_number(
        &mut self,
        written: &Spanned<Scalar>,
        key: &str,
        limits: std::ops::RangeInclusive<f64>,
    ) -> Option<u64> {
        match written.value {
            Scalar::Number(n) if n.fract() == 0.0 && limits.contains(&n) => Some(n as u64),
            _ => {
                let message = format!("`{key}` cannot be {}", shown(&written.value));
                let (least, most) = limits.into_inner();
                self.refuse(
                    written,
                    message,
                    format!("give a whole number from {least} to {most}"),
                );
                None
            }
        }
    }

    pub fn word<W: Word>(&mut self, leaf: &Leaf, key: &str, place: &Place) -> Option<Spanned<W>> {
        let words = W::ALL.iter().map(|(word, _)| *word);
        let all = words.clone().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
        let help = format!("add it: {key} = one of {all}");
        let written = self.required(leaf, key, place, &help)?;
        let text = self.text(written, &format!("`{key}`"), &format!("it is one of {all}"))?;
        let word = W::from_word(&text);
        if word.is_none() {
            let message = format!("no {} is called `{}`", W::KIND, *text);
            self.refuse(written, message, suggest::advice(&text, words));
        }
        word.map(|word| text.with(word))
    }

    /// A name that can stand in a file name and in a section's id. Where it is
    /// missing or wrong, an empty one takes its place.
    pub fn name(&mut self, leaf: &Leaf, key: &str, place: &Place) -> Spanned<String> {
        let nameless = Spanned::new(String::new(), place.span.clone());
        let Some(text) = self.required_text(leaf, key, place) else { return nameless };
        if is_name(&text) {
            return text;
        }
        self.refuse_name(&text.value, text.span.clone());
        nameless
    }

    pub fn refuse_name(&mut self, name: &str, span: Range<usize>) {
        let message = format!("`{name}` cannot be a name");
        self.mistakes.push(Diagnostic::error(span, message).help(name::HOW_TO_WRITE));
    }

    pub fn title(&mut self, leaf: &Leaf, place: &Place) -> Option<String> {
        let title = self.required_text(leaf, "title", place)?;
        if title.trim().is_empty() || title.chars().any(char::is_control) {
            let help = "write a few words on one line";
            self.mistakes
                .push(Diagnostic::error(title.span, "this title cannot be read").help(help));
            return None;
        }
        Some(title.value)
    }

    pub fn required_text(
        &mut self,
        leaf: &Leaf,
        key: &str,
        place: &Place,
    ) -> Option<Spanned<String>> {
        let help = "write it between double quotes";
        let written = self.required(leaf, key, place, &format!("add {key} = \"…\""))?;
        self.text(written, &format!("`{key}`"), help)
    }

    pub fn text(
        &mut self,
        written: &Spanned<Scalar>,
        what: &str,
        help: &str,
    ) -> Option<Spanned<String>> {
        match &written.value {
            Scalar::Text(text) => Some(written.with(text.clone())),
            _ => self.not_text(written, what, help),
        }
    }

    pub fn not_text<T>(&mut self, written: &Spanned<Scalar>, what: &str, help: &str) -> Option<T> {
        let message = format!("{what} cannot be {}", shown(&written.value));
        self.refuse(written, message, help);
        None
    }

    pub fn required<'a>(
        &mut self,
        leaf: &'a Leaf,
        key: &str,
        place: &Place,
        help: &str,
    ) -> Option<&'a Spanned<Scalar>> {
        if leaf.is_none() {
            self.missing(key, place, help);
        }
        leaf.as_ref()
    }

    pub fn missing(&mut self, key: &str, place: &Place, help: &str) {
        let message = format!("{} has no `{key}`", place.what);
        self.mistakes.push(Diagnostic::error(place.span.clone(), message).help(help));
    }

    pub fn refuse(&mut self, at: &Spanned<Scalar>, message: impl Display, help: impl Into<String>) {
        self.mistakes.push(Diagnostic::error(at.span.clone(), message.to_string()).help(help));
    }
}

/// A value as a message shows it.
pub fn shown(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => format!("the text {text:?}"),
        Scalar::Number(number) => format!("the number {number}"),
        Scalar::Truth(_) => "true or false".to_owned(),
        Scalar::Other(what) => (*what).to_owned(),
    }
}
