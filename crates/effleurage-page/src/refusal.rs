//! Why there is no session, for a page that shows each mistake where it was made.

use effleurage_core::diagnostic::{Report, SourceKind};
use effleurage_engine::error::Error;
use serde::Serialize;

use crate::view::Shape;

/// All that is wrong, or worth knowing.
#[derive(Default, Serialize)]
pub struct Refusal {
    /// What is wrong with a flag or a file, each by itself.
    pub mistakes: Vec<Mistake>,
    /// What is wrong beside these.
    pub text: String,
    /// What may be asked for.
    pub shape: Option<Shape>,
}

/// A mistake and where it is.
#[derive(Serialize)]
pub struct Mistake {
    /// The flag, such as `--total`; none for what is wrong in a file.
    flag: Option<String>,
    /// The flag's value.
    value: Option<String>,
    /// What, where, why and what to do.
    text: String,
    /// What may be asked for instead, as it is written: values, or the ends of a range.
    possible: Vec<String>,
    /// Whether it stops the work.
    stops: bool,
}

impl Refusal {
    /// What `error` tells.
    pub fn of(error: &Error) -> Refusal {
        match error {
            Error::Mistakes(report) => Refusal { mistakes: mistakes(report), ..Refusal::default() },
            other => Refusal { text: told(other), ..Refusal::default() },
        }
    }
}

/// Every mistake of a report.
pub fn mistakes(report: &Report) -> Vec<Mistake> {
    let mistakes = report.each().map(|(source, diagnostic, text)| {
        let flag = source.filter(|source| source.kind == SourceKind::Flag);
        Mistake {
            flag: flag.map(|flag| flag.name.clone()),
            value: flag.map(|flag| flag.text.clone()),
            text,
            possible: diagnostic.possible.clone(),
            stops: diagnostic.is_error(),
        }
    });
    mistakes.collect()
}

/// An error as a person reads it.
pub fn told(error: &Error) -> String {
    match error.help() {
        help if help.is_empty() => error.to_string(),
        help => format!("{error}\nhelp: {help}"),
    }
}
