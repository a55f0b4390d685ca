//! Prints what the clips of voices decode to, as a hash for each voice, for the checks from
//! outside: every processor must come to the same.
//!
//! ```text
//! cargo run --release --example decoded -- FOLDER…
//! ```

use std::error::Error;
use std::path::PathBuf;

use effleurage::voice::Pack;
use effleurage::voice::decode::decode;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    for folder in std::env::args().skip(1).map(PathBuf::from) {
        let pack = effleurage::voice::open_folder(&folder).map_err(|error| error.to_string())?;
        let ids = pack.manifest.in_order();
        let clips: Result<Vec<Vec<u8>>, String> = ids.par_iter().map(|id| of(&pack, id)).collect();
        let mut hash = Sha256::new();
        clips?.iter().for_each(|clip| hash.update(clip));
        let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        println!("{}: {} clips, {hash}", folder.display(), ids.len());
    }
    Ok(())
}

/// The bytes of every sample of one clip.
fn of(pack: &Pack, id: &str) -> Result<Vec<u8>, String> {
    let clip = pack.clip(id).map_err(|error| error.to_string())?;
    let clip = clip.ok_or_else(|| format!("{} has no clip for {id}", pack.id))?;
    let recording = decode(&clip.bytes).map_err(|fault| format!("{id}: {fault:?}"))?;
    Ok(recording.samples.iter().flat_map(|sample| sample.to_le_bytes()).collect())
}
