//! The voices that a person can name here.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::voice::search;

/// The built-in voices, those that are found by name, and every folder and package here
/// that is a voice.
pub fn at_hand() -> Vec<PathBuf> {
    let built_in: Vec<PathBuf> = crate::voice::built_in_names().map(PathBuf::from).collect();
    let found = search::all().into_keys().map(PathBuf::from);
    let here = fs::read_dir(".").into_iter().flatten().flatten().map(|entry| entry.path());
    let here = here.filter(|path| path.join("manifest.toml").is_file());
    let here: BTreeSet<PathBuf> =
        here.map(|path| path.strip_prefix(".").unwrap_or(&path).to_owned()).collect();
    let mut all = built_in;
    for voice in found.chain(here) {
        if !all.contains(&voice) {
            all.push(voice);
        }
    }
    all
}
