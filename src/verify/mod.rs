//! Whether a finished file is what was planned, told from its bytes.
//!
//! The file is read again from its first byte to its last: its structure, what it says of
//! itself, and its sound, which is held against what is planned, frame by frame. Where
//! that differs, each sound is looked for by itself, to tell what moved. Of a copy that an encoder
//! has changed, each sound is looked for, and what is left over.

mod carried;
mod events;
mod frames;
mod nearness;
mod report;
mod sound;
mod structure;

use std::io::BufReader;
use std::path::Path;

pub use frames::Copy;
pub use report::{Check, Miss, Report};
pub use structure::check as structure;

use crate::cancel::CancelToken;
use crate::error::Result;
use crate::mix::Mixer;
use crate::provenance;
use crate::wav::Reader;
use sound::Hearing;

/// What a file should be.
pub struct Expected<'a> {
    /// What sounds in it.
    pub mixer: &'a Mixer<'a>,
    /// The chunks behind its sound; none of a plain track.
    pub chunks: &'a [u8],
    /// Whether it may as well have none.
    pub may_be_plain: bool,
}

/// Holds the file at `path`, a track or a copy of one, against what is `expected` of it. `cancel`
/// is asked now and then.
///
/// # Errors
///
/// Where the file cannot be read; what is wrong *in* it is no error but a [`Miss`].
pub fn verify(path: &Path, expected: &Expected<'_>, cancel: &CancelToken) -> Result<Report> {
    if let Some(mut copy) = Copy::open(path)? {
        return of_copy(path, &mut copy, expected.mixer, cancel);
    }
    let mut checks = vec![structure::check(path)?];
    checks.extend(carried::check(path, expected)?);
    if checks.iter().any(|check| check.name == carried::ANOTHER) {
        return Ok(Report { checks });
    }
    let file = BufReader::with_capacity(1 << 18, provenance::open(path)?);
    match Reader::new(file) {
        None => checks.push(Check::missed("sound", "it is no sound that effleurage writes")),
        Some(mut reader) => {
            let hearing = Hearing::Exact(u32::from(reader.format.bits.count()));
            let heard = sound::listen(path, &mut reader, hearing, expected.mixer, cancel)?;
            checks.extend(heard.checks(expected.mixer));
        }
    }
    Ok(Report { checks })
}

fn of_copy(
    path: &Path,
    copy: &mut Copy,
    mixer: &Mixer<'_>,
    cancel: &CancelToken,
) -> Result<Report> {
    let hearing = match copy.coding().is_lossless() {
        true => Hearing::Exact(copy.bits().unwrap_or(u32::MAX)),
        false => Hearing::Near,
    };
    let heard = sound::listen(path, copy, hearing, mixer, cancel)?;
    let name = copy.coding().name();
    let structure = match copy.fault() {
        None => Check { name: "structure", told: format!("{name}, whole"), misses: Vec::new() },
        Some(fault) => Check::missed("structure", fault.why()),
    };
    Ok(Report { checks: [vec![structure], heard.checks(mixer)].concat() })
}
