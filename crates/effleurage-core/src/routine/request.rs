//! What a person asks for: a routine, what shall be different in it, and where the
//! routines are that it builds on.

use std::path::{Path, PathBuf};

use super::{builtin, suggest};
use crate::diagnostic::Source;
use crate::files::{Files, NoFiles, Unread};

/// A routine file larger than this is none.
pub const LARGEST_BYTES: u64 = 1 << 20;

/// A routine and its changes, as a person asks for them.
#[derive(Clone)]
pub struct Request<'a> {
    /// The routine's file.
    pub source: Source,
    /// The flags that change it, each as [`Source::flag`].
    pub flags: Vec<Source>,
    /// Where the routines are that it extends, and the sounds that it names.
    pub files: &'a dyn Files,
    /// The folder that relative paths start from; empty where there is none.
    pub here: PathBuf,
    /// Whether to make changes at all: those of the flags, and those of files.
    pub as_written: bool,
    /// Whether it must build on no other routine, as what a track carries.
    pub stands_alone: bool,
}

impl<'a> Request<'a> {
    /// `source` with these flags, extending only what is built in, and naming no file.
    pub fn new(source: Source, flags: &[(&str, &str)]) -> Request<'a> {
        let flags = flags.iter().map(|(name, value)| Source::flag(*name, *value)).collect();
        Request::of(source, flags, &NoFiles)
    }

    /// `source` with these flags, whose routines and sounds are among `files`.
    pub fn of(source: Source, flags: Vec<Source>, files: &'a dyn Files) -> Request<'a> {
        let here = PathBuf::new();
        Request { source, flags, files, here, as_written: false, stands_alone: false }
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

impl Request<'_> {
    /// The routine that the file of a request, or one that it extends, calls `name`: a
    /// built-in one, or a file in the same `folder`.
    ///
    /// # Errors
    ///
    /// Why there is none, and what to do.
    pub(super) fn extended(&self, name: &str, folder: Option<&Path>) -> Result<Source, String> {
        if self.stands_alone {
            return Err("the routine of a track stands alone; this one was changed".to_owned());
        }
        if let Some(source) = builtin::source(name) {
            return Ok(source);
        }
        if name.trim().is_empty() || name == "-" {
            return Err("write the name of a built-in routine, or of a file".to_owned());
        }
        let path = folder.unwrap_or(Path::new("")).join(name);
        let told = |Unread { why, help }| format!("cannot read {}: {why}; {help}", path.display());
        let bytes = self
            .files
            .read(&path, LARGEST_BYTES)
            .and_then(|found| found.ok_or_else(|| missing(&path)));
        let bytes = bytes.map_err(told)?;
        if bytes.len() as u64 > LARGEST_BYTES {
            let (why, help) =
                ("it is larger than 1 MiB".to_owned(), "name a routine file".to_owned());
            return Err(told(Unread { why, help }));
        }
        Source::from_bytes(path.display().to_string(), &bytes).map_err(|line| {
            told(Unread {
                why: format!("line {line} is not UTF-8 text"),
                help: "save the file as UTF-8".to_owned(),
            })
        })
    }
}

/// What is told of a routine file that is not there: a plain name may be a slip in that of a
/// built-in routine.
pub fn missing(path: &Path) -> Unread {
    let plain = path.extension().is_none() && path.components().count() == 1;
    if !plain {
        return Unread::missing();
    }
    let why = "no built-in routine and no file is called that".to_owned();
    Unread { why, help: built_in_advice(&path.to_string_lossy()) }
}

/// What to do about the `name` of no built-in routine.
pub fn built_in_advice(name: &str) -> String {
    let built_in: Vec<&str> = builtin::names().collect();
    match suggest::nearest(name, built_in.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the built-in routines are {}", suggest::list(&built_in)),
    }
}
