//! Whether a finished file is what was planned, told from its bytes.
//!
//! The file is read again from its first byte to its last: its structure, what it says of
//! itself, and its sound, which is held against what is planned, frame by frame. Where
//! that differs, each sound is looked for by itself, to tell what moved.

mod carried;
mod events;
mod report;
mod sound;
mod structure;

use std::io::BufReader;
use std::path::Path;

pub use report::{Check, Miss, Report};
pub use structure::check as structure;

use crate::cancel::CancelToken;
use crate::error::Result;
use crate::mix::Mixer;
use crate::provenance;
use crate::wav::Reader;

/// What a file should be.
pub struct Expected<'a> {
    /// What sounds in it.
    pub mixer: &'a Mixer<'a>,
    /// The chunks behind its sound; none of a plain track.
    pub chunks: &'a [u8],
    /// Whether it may as well have none.
    pub may_be_plain: bool,
}

/// Holds the file at `path` against what is `expected` of it. `cancel` is asked now
/// and then.
///
/// # Errors
///
/// Where the file cannot be read; what is wrong *in* it is no error but a [`Miss`].
pub fn verify(path: &Path, expected: &Expected<'_>, cancel: &CancelToken) -> Result<Report> {
    let mut checks = vec![structure::check(path)?];
    checks.extend(carried::check(path, expected)?);
    if checks.iter().any(|check| check.name == carried::ANOTHER) {
        return Ok(Report { checks });
    }
    let file = BufReader::with_capacity(1 << 18, provenance::open(path)?);
    match Reader::new(file) {
        None => checks.push(Check::missed("sound", "it is no sound that effleurage writes")),
        Some(mut reader) => {
            let heard = sound::listen(path, &mut reader, expected.mixer, cancel)?;
            checks.extend(heard.checks(expected.mixer));
        }
    }
    Ok(Report { checks })
}
