//! The routine that a person names: built in, in a file, or on standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::diagnostic::Source;
use crate::error::{Error, Result};
use crate::routine::builtin;
use crate::routine::request::{self, LARGEST_BYTES, Request, built_in_advice};
use crate::voice::Disk;

/// The text that `name` stands for.
pub fn source(name: &Path) -> Result<Source> {
    if name == Path::new("-") {
        return read(io::stdin().lock(), Path::new("<stdin>"));
    }
    if let Some(source) = name.to_str().and_then(builtin::source) {
        return Ok(source);
    }
    let file = File::open(name).map_err(|error| not_found(name, &error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(unreadable(name, "it is a folder", "name a routine file in it"));
    }
    read(file, name)
}

/// A request that finds what `source` names: routines that it extends, and sounds.
pub fn request(source: Source, flags: Vec<Source>) -> Request<'static> {
    // Where there is none any more, relative paths stay as they are.
    let here = std::env::current_dir().unwrap_or_default();
    Request { here, ..Request::of(source, flags, &Disk) }
}

/// The file of the built-in routine called `name`.
pub fn built_in(name: &str) -> Result<Source> {
    let help = || built_in_advice(name);
    builtin::source(name)
        .ok_or_else(|| unreadable(name.as_ref(), "no built-in routine is called that", &help()))
}

/// Whether `name` stands for a file, and not for a built-in routine or standard input.
pub fn is_file(name: &Path) -> bool {
    name != Path::new("-") && name.to_str().and_then(builtin::source).is_none()
}

fn read(from: impl Read, name: &Path) -> Result<Source> {
    let mut bytes = Vec::new();
    from.take(LARGEST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::unreadable(name, &error))?;
    if bytes.len() as u64 > LARGEST_BYTES {
        return Err(unreadable(name, "it is larger than 1 MiB", "name a routine file"));
    }
    Source::from_bytes(name.display().to_string(), &bytes)
        .map_err(|line| Error::not_text(name, line))
}

/// A file that is not there may be a slip in the name of a built-in routine.
fn not_found(name: &Path, error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::NotFound {
        Error::unread(name, request::missing(name))
    } else {
        Error::unreadable(name, error)
    }
}

fn unreadable(path: &Path, why: &str, help: &str) -> Error {
    Error::Unreadable { path: path.to_owned(), why: why.to_owned(), help: help.to_owned() }
}
