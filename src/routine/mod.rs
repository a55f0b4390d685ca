//! What an author writes.
//!
//! [`parse`](mod@parse) finds the shape of the file, [`resolve`](mod@resolve)
//! types its values, [`check`](mod@check) holds the result against the laws.
//! [`read`] does all three and gives a [`Routine`] or every mistake at once.

pub mod at;
pub mod builtin;
pub mod check;
pub mod duration;
mod file;
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
/// Returns the routine with its warnings, or, where anything is wrong, every
/// error and warning.
pub fn read(
    text: &str,
    vocabulary: &Vocabulary,
) -> Result<(Routine, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (file, mut mistakes) = parse::parse(text)?;
    let (routine, wrong_values) = resolve::resolve(file);
    mistakes.extend(wrong_values);
    mistakes.extend(check::check(&routine, vocabulary));
    match mistakes.iter().any(Diagnostic::is_error) {
        true => Err(mistakes),
        false => Ok((routine, mistakes)),
    }
}
