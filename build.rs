//! Names the code that makes tracks, so that a track of other code is known and made anew.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Where that code is: whatever can change a byte of a track.
const CODE: [&str; 6] = [
    "crates/effleurage-core/src",
    "crates/effleurage-sound/src",
    "crates/effleurage-engine/src",
    "crates/effleurage-encode/src",
    "src/batch",
    "Cargo.lock",
];

fn main() {
    let package = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap());
    let mut hash = DefaultHasher::new();
    // A package by itself has not all of them; its version tells the rest.
    for file in CODE.iter().flat_map(|name| all(&package.join(name))) {
        println!("cargo::rerun-if-changed={}", file.display());
        hash.write(&fs::read(&file).unwrap_or_default());
    }
    let (version, target) = (env!("CARGO_PKG_VERSION"), env::var("TARGET").unwrap());
    println!("cargo::rustc-env=EFFLEURAGE_PROGRAM={version} {target} {:016x}", hash.finish());
}

/// The file at `path`, or every file in the folder there and in those inside of it.
fn all(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else {
        return Some(path.to_owned()).filter(|path| path.is_file()).into_iter().collect();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| all(path)).collect()
}
