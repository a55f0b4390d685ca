//! Decodes recordings, for the checks from outside: their samples as they are, 32 bits with a
//! point each, in files of a folder that are called 0, 1, 2, …
//!
//! ```text
//! cargo run --release -p effleurage-sound --example recordings -- FOLDER RECORDING…
//! ```
//!
//! Prints a line for each: its rate and its length in frames, or why it is refused.

use std::error::Error;
use std::path::PathBuf;

use effleurage_sound::decode::decode_up_to;

/// As long as a take may be.
const MOST_SECONDS: u64 = 2 * 60 * 60;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = paths.next().ok_or("name a folder, and recordings")?;
    for (n, path) in paths.enumerate() {
        match decode_up_to(&std::fs::read(path)?, MOST_SECONDS) {
            Ok(recording) => {
                println!("{} {}", recording.rate.hz(), recording.samples.len());
                let bytes = recording.samples.iter().flat_map(|sample| sample.to_le_bytes());
                std::fs::write(folder.join(n.to_string()), bytes.collect::<Vec<u8>>())?;
            }
            Err(fault) => println!("{}", fault.why()),
        }
    }
    Ok(())
}
