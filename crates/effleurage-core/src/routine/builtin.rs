//! The routines that come with the program: the files of `routines/`, embedded.

use crate::diagnostic::Source;

const FILES: [(&str, &str); 3] = [
    ("partner", include_str!("../../routines/partner.toml")),
    ("self", include_str!("../../routines/self.toml")),
    ("self-short", include_str!("../../routines/self-short.toml")),
];

/// The names of the built-in routines.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// The file of the built-in routine called `name`.
pub fn source(name: &str) -> Option<Source> {
    let (name, text) = FILES.iter().find(|(known, _)| *known == name)?;
    Some(Source::file(format!("{name}.toml"), *text))
}
