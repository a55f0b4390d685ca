//! What a person asks for: a routine, what shall be different in it, and where the
//! routines are that it builds on.

use std::path::{Path, PathBuf};

use super::builtin;
use crate::diagnostic::Source;

/// Finds a routine by the name that a file in this folder calls it; or tells why it
/// cannot.
pub type Library<'a> = &'a (dyn Fn(&str, Option<&Path>) -> Result<Source, String> + Sync);

/// Reads the file at a path, up to so many bytes and one more; or tells why it cannot.
pub type Files<'a> = &'a (dyn Fn(&Path, u64) -> Result<Vec<u8>, Unread> + Sync);

/// Why a file is not read, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Why.
    pub why: String,
    /// What to do.
    pub help: String,
}

/// A routine and its changes, as a person asks for them.
#[derive(Clone)]
pub struct Request<'a> {
    /// The routine's file.
    pub source: Source,
    /// The flags that change it, each as [`Source::flag`].
    pub flags: Vec<Source>,
    /// Where the routines are that it extends.
    pub library: Library<'a>,
    /// Where the sounds are that it names.
    pub files: Files<'a>,
    /// The folder that relative paths start from; empty where there is none.
    pub here: PathBuf,
    /// Whether to make changes at all: those of the flags, and those of files.
    pub as_written: bool,
}

impl<'a> Request<'a> {
    /// `source` with these flags, extending only what is built in, and naming no file.
    pub fn new(source: Source, flags: &[(&str, &str)]) -> Request<'a> {
        let flags = flags.iter().map(|(name, value)| Source::flag(*name, *value)).collect();
        let here = PathBuf::new();
        Request { source, flags, library: &built_in, files: &no_files, here, as_written: false }
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

fn no_files(_: &Path, _: u64) -> Result<Vec<u8>, Unread> {
    let why = "no files can be read here".to_owned();
    Err(Unread { why, help: "name a sound that is built in".to_owned() })
}

fn built_in(name: &str, _: Option<&Path>) -> Result<Source, String> {
    builtin::source(name).ok_or_else(|| "no built-in routine is called that".to_owned())
}
