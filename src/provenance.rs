//! What a track's file says of itself.
//!
//! What that is, and how it is written, is told in `effleurage_engine`.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub use effleurage_engine::provenance::*;

use crate::error::{Error, Result};

/// Reads what the track at `path` says of itself; `None` where it says nothing.
///
/// # Errors
///
/// [`Error::Unreadable`] where it is no WAVE file, or what it says is damaged.
pub fn read(path: &Path) -> Result<Option<Provenance>> {
    let mut file = BufReader::new(open(path)?);
    match find(&mut file, None).map_err(|error| Error::unreadable(path, &error))? {
        Found::NotWave => {
            let help = "name the WAV file of a track; its copies carry no plan";
            Err(unreadable(path, "it is no WAV file", help))
        }
        Found::Nothing => Ok(None),
        Found::Damaged => Err(unreadable(
            path,
            "what it says of itself is damaged",
            "take a copy that was not changed, or make the track again",
        )),
        Found::Whole(provenance) => Ok(Some(*provenance)),
    }
}

/// Opens a file, and never waits for a pipe or a device.
pub fn open(path: &Path) -> Result<File> {
    let told = |error| Error::unreadable(path, &error);
    let metadata = std::fs::metadata(path).map_err(told)?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "it is a folder" } else { "it is a pipe or a device" };
        return Err(unreadable(path, what, "name a file"));
    }
    File::open(path).map_err(told)
}

fn unreadable(path: &Path, why: &str, help: &str) -> Error {
    Error::Unreadable { path: path.to_owned(), why: why.to_owned(), help: help.to_owned() }
}
