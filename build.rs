//! Lists the clips of the default voice, so that they become part of the program.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap()).join("voice-clips/en");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let entry = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_str().unwrap();
        format!("({name:?}, include_bytes!({:?}).as_slice()),\n", file.to_str().unwrap())
    };
    let entries: String = files.iter().filter(|file| file.is_file()).map(entry).collect();
    let table = Path::new(&env::var("OUT_DIR").unwrap()).join("english_clips.rs");
    fs::write(table, format!("&[\n{entries}]")).unwrap();
}
