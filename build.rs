//! Lists the clips of the built-in voices, so that they become part of the program; and
//! names the code that prepares clips, so that it trusts only what it made itself.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let package = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap());
    name_code(&package);
    let folder = package.join("voice-clips");
    println!("cargo::rerun-if-changed={}", folder.display());
    let is_voice = |folder: &PathBuf| folder.join("manifest.toml").is_file();
    let voices = sorted(&folder).into_iter().filter(is_voice).map(|folder| voice(&folder));
    let table = Path::new(&env::var("OUT_DIR").unwrap()).join("built_in_voices.rs");
    fs::write(table, format!("&[\n{}]", voices.collect::<String>())).unwrap();
}

/// Sets `EFFLEURAGE_CODE` to what changes with everything that a prepared clip depends on
/// besides the clip: our code, and that of the libraries.
fn name_code(package: &Path) {
    let mut files = sorted(&package.join("src/voice"));
    files.extend(["src/fade.rs", "src/units.rs", "Cargo.lock"].map(|file| package.join(file)));
    let mut hash = DefaultHasher::new();
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        hash.write(&fs::read(&file).unwrap_or_default());
    }
    let target = env::var("TARGET").unwrap();
    println!("cargo::rustc-env=EFFLEURAGE_CODE={target} {:016x}", hash.finish());
}

/// A voice with its files: `("en", &[("always-up.flac", include_bytes!(…)), …])`.
fn voice(folder: &Path) -> String {
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = sorted(folder).into_iter().filter(|file| file.is_file());
    let entry = |file: PathBuf| {
        format!("({:?}, include_bytes!({:?}).as_slice()),\n", name(&file), file.to_str().unwrap())
    };
    format!("({:?}, &[\n{}]),\n", name(folder), files.map(entry).collect::<String>())
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
