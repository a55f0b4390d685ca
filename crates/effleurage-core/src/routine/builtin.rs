//! The routines that come with the program: the files of `routines/`, embedded.

use effleurage_routines::ALL;

use crate::diagnostic::Source;

/// The names of the built-in routines.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _)| *name)
}

/// The file of the built-in routine called `name`.
pub fn source(name: &str) -> Option<Source> {
    let (name, text) = ALL.iter().find(|(known, _)| *known == name)?;
    Some(Source::file(format!("{name}.toml"), *text))
}
