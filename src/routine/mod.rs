//! What an author writes.
//!
//! `parse` finds the shape of the file, `resolve` types its values, and
//! [`check`](mod@check) holds the result against the laws. [`read`] does all three
//! and gives a [`Routine`], every mistake at once, or both.

pub mod at;
pub mod builtin;
pub mod check;
pub mod duration;
mod file;
mod leaf;
mod model;
pub mod name;
mod parse;
mod resolve;
mod schema;
pub mod suggest;
pub mod vocabulary;
pub mod words;

pub use model::{Closing, Extent, Routine, Step, Technique, Turn, ZoneStep};
pub use schema::schema;
pub use vocabulary::{PromptId, Vocabulary};

use crate::diagnostic::Diagnostic;

/// What came of reading a routine file.
pub struct Reading {
    /// The routine, as far as it can be told; worth using only without mistakes.
    /// `None` where the file is not even TOML.
    pub routine: Option<Routine>,
    /// Every mistake, and what the author may not have meant.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the text of a routine file, to be spoken by a voice with `vocabulary`.
pub fn read(text: &str, vocabulary: &Vocabulary) -> Reading {
    if text.trim().is_empty() {
        let empty = Diagnostic::error(0..0, "the file is empty")
            .help("begin with one that exists: `effleurage routines show self`");
        return Reading { routine: None, diagnostics: vec![empty] };
    }
    let (file, wrong_shape) = match parse::parse(text) {
        Ok(parsed) => parsed,
        Err(diagnostics) => return Reading { routine: None, diagnostics },
    };
    let (routine, mut diagnostics) = resolve::resolve(file);
    diagnostics.extend(check::check(&routine, vocabulary));
    if wrong_shape.is_empty() {
        diagnostics.extend(check::has_a_step(&routine));
    }
    diagnostics.extend(wrong_shape);
    if diagnostics.is_empty() {
        diagnostics = check::advise(&routine);
    }
    Reading { routine: Some(routine), diagnostics }
}
