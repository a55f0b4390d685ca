//! What a person asks for: a routine, what shall be different in it, and where the
//! routines are that it builds on.

use std::path::Path;

use super::builtin;
use crate::diagnostic::Source;

/// Finds a routine by the name that a file in this folder calls it; or tells why it
/// cannot.
pub type Library<'a> = &'a (dyn Fn(&str, Option<&Path>) -> Result<Source, String> + Sync);

/// A routine and its changes, as a person asks for them.
#[derive(Clone)]
pub struct Request<'a> {
    /// The routine's file.
    pub source: Source,
    /// The flags that change it, each as [`Source::flag`].
    pub flags: Vec<Source>,
    /// Where the routines are that it extends.
    pub library: Library<'a>,
    /// Whether to make changes at all: those of the flags, and those of files.
    pub as_written: bool,
}

impl<'a> Request<'a> {
    /// `source` with these flags, extending only what is built in.
    pub fn new(source: Source, flags: &[(&str, &str)]) -> Request<'a> {
        let flags = flags.iter().map(|(name, value)| Source::flag(*name, *value)).collect();
        Request { source, flags, library: &built_in, as_written: false }
    }

    /// The same, without any change.
    pub fn as_written(&self) -> Request<'a> {
        Request { as_written: true, ..self.clone() }
    }
}

impl From<Source> for Request<'_> {
    fn from(source: Source) -> Self {
        Request::new(source, &[])
    }
}

fn built_in(name: &str, _: Option<&Path>) -> Result<Source, String> {
    builtin::source(name).ok_or_else(|| "no built-in routine is called that".to_owned())
}
