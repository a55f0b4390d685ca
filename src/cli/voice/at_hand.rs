//! The voices that a person can name here.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::cli::output::Output;
use crate::error::Result;
use crate::voice::{self, Pack, search};

/// The built-in voices, those that are found by name, and every folder and package here
/// that is a voice.
pub fn at_hand() -> Vec<PathBuf> {
    let built_in: Vec<PathBuf> = voice::built_in_names().map(PathBuf::from).collect();
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

/// The voices that a person `named`, each of which must be one; or else all at hand, of which
/// those that are broken are told and passed over.
pub fn opened(named: &[PathBuf], output: &Output) -> Result<Vec<Pack>> {
    if !named.is_empty() {
        return named.iter().map(|place| voice::open(place)).collect();
    }
    let mut voices = Vec::new();
    for place in at_hand() {
        match voice::open(&place) {
            Ok(voice) => voices.push(voice),
            Err(error) => output.error(&error),
        }
    }
    Ok(voices)
}
