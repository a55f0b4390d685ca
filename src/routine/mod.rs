//! What an author writes.
//!
//! `parse` finds the shape of the file, `resolve` types its values, and
//! [`check`](mod@check) holds the result against the laws. [`read`] does all three
//! and gives a [`Routine`] or every mistake at once.

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

pub use model::{Closing, Extent, Routine, Step, Technique, ZoneStep};
pub use schema::schema;
pub use vocabulary::{PromptId, Vocabulary};

use crate::diagnostic::Diagnostic;

/// Reads the text of a routine file, to be spoken by a voice with `vocabulary`.
///
/// Returns the routine with what its author may not have meant, or every mistake.
pub fn read(
    text: &str,
    vocabulary: &Vocabulary,
) -> Result<(Routine, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (file, mut mistakes) = parse::parse(text)?;
    let (routine, wrong_values) = resolve::resolve(file);
    mistakes.extend(wrong_values);
    mistakes.extend(check::check(&routine, vocabulary));
    if mistakes.is_empty() {
        let warnings = check::advise(&routine);
        return Ok((routine, warnings));
    }
    Err(mistakes)
}
