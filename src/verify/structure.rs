//! The structure of the file: chunks, sizes, padding.

use std::io::BufReader;
use std::path::Path;

use super::report::{Check, Miss};
use crate::error::{Error, Result};
use crate::provenance;
use crate::riff::{self, Chunk, Fault};

/// Walks through all chunks of the file at `path`.
///
/// # Errors
///
/// Where it cannot be read.
pub fn check(path: &Path) -> Result<Check> {
    let mut file = BufReader::new(provenance::open(path)?);
    let walked = riff::walk(&mut file).map_err(|error| Error::unreadable(path, &error))?;
    let (chunks, faults) = walked;
    let mut misses: Vec<Miss> = faults.iter().map(|fault| Miss::of(told(fault))).collect();
    for id in [b"fmt ", b"data"] {
        match chunks.iter().filter(|chunk| &chunk.id == id).count() {
            1 => {}
            0 => misses.push(Miss::of(format!("there is no chunk `{}`", name(id)))),
            more => misses.push(Miss::of(format!("there are {more} chunks `{}`", name(id)))),
        }
    }
    let names: Vec<String> = chunks.iter().map(|chunk| name(&chunk.id)).collect();
    Ok(Check { name: "structure", told: format!("RIFF, with {}", names.join(", ")), misses })
}

fn name(id: &riff::Id) -> String {
    String::from_utf8_lossy(id).trim_end().to_owned()
}

fn told(fault: &Fault) -> String {
    match fault {
        Fault::NotWave => "it does not begin as a WAV file does".to_owned(),
        Fault::Truncated(bytes) => format!("{bytes} bytes are missing at its end"),
        Fault::Trailing(bytes) => format!("{bytes} bytes stand behind its end"),
        Fault::ChunkTooLong(Chunk { id, .. }) => {
            format!("the chunk `{}` reaches beyond the end of the file", name(id))
        }
        Fault::NoChunk(at) => format!("what stands at byte {at} is no chunk"),
        Fault::TooMany => "it has more chunks than anybody writes".to_owned(),
    }
}
