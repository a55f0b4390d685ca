//! Names the code that makes tracks, so that a track of other code is known and made anew;
//! and the commit, for people.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
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
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=EFFLEURAGE_COMMIT={}", commit(&package));
}

/// The commit that is built, or why none is named: as a packager tells it, as a published
/// package does, or as git does.
fn commit(package: &Path) -> String {
    println!("cargo::rerun-if-env-changed=EFFLEURAGE_COMMIT");
    if let Some(told) = env::var("EFFLEURAGE_COMMIT").ok().filter(|told| !told.is_empty()) {
        return told;
    }
    if let Ok(about) = fs::read_to_string(package.join(".cargo_vcs_info.json")) {
        let told = about.split('"').skip_while(|word| *word != "sha1").nth(2);
        return told.unwrap_or("unknown").to_owned();
    }
    // Or else every commit would build all tests anew.
    if env::var("PROFILE").is_ok_and(|profile| profile == "debug") {
        return "not noted while it is worked on".to_owned();
    }
    // Not that of somebody's repository in which this source happens to lie.
    if !package.join(".git").exists() {
        return "unknown".to_owned();
    }
    // Every commit adds a line to the last of them.
    for path in ["src", "crates", "voice-clips", "web/page", "Cargo.toml", ".git/logs/HEAD"] {
        let path = package.join(path);
        println!("cargo::rerun-if-changed={}", path.display());
    }
    let git = |arguments: &[&str]| {
        let run = Command::new("git").arg("-C").arg(package).args(arguments).output().ok()?;
        run.status.success().then(|| String::from_utf8_lossy(&run.stdout).trim().to_owned())
    };
    match (git(&["rev-parse", "HEAD"]), git(&["status", "--porcelain", "-uno"])) {
        (Some(commit), Some(changes)) if changes.is_empty() => commit,
        (Some(commit), _) => commit + ", and changes",
        (None, _) => "unknown".to_owned(),
    }
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
