//! Names the code that prepares clips, so that the program trusts only what it made itself.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Where that code is: all that a prepared clip or a computed sound depends on besides the
/// clip and the plan. The last names the code of the libraries.
const CODE: [&str; 7] = [
    "crates/effleurage-sound/src",
    "crates/effleurage-core/src/tick",
    "crates/effleurage-core/src/chime.rs",
    "crates/effleurage-core/src/fade.rs",
    "crates/effleurage-core/src/timeline/pace.rs",
    "crates/effleurage-core/src/units.rs",
    "Cargo.lock",
];

fn main() {
    let engine = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap());
    // A package by itself lies beside no other; its version tells theirs, which are its own.
    let source = engine.parent().and_then(Path::parent).filter(|root| root.join(CODE[0]).is_dir());
    let files = source.iter().flat_map(|root| CODE.map(|name| root.join(name)));
    let mut hash = DefaultHasher::new();
    for file in files.flat_map(|path| all(&path)) {
        println!("cargo::rerun-if-changed={}", file.display());
        hash.write(&fs::read(&file).unwrap());
    }
    println!("cargo::rerun-if-changed=build.rs");
    let (version, target) = (env!("CARGO_PKG_VERSION"), env::var("TARGET").unwrap());
    println!("cargo::rustc-env=EFFLEURAGE_CODE={version} {target} {:016x}", hash.finish());
}

/// The file at `path`, or every file in the folder there and in those inside of it.
fn all(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| all(path)).collect()
}
