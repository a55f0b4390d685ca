//! What was asked for on the command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

pub const USAGE: &str = "\
Usage: voice-recipe [--check] [FOLDER]...

Speaks every prompt of FOLDER/manifest.toml into FOLDER/<prompt>.flac.
Without a FOLDER, it takes every voice pack that is shipped.

  --check  write nothing; make the clips in memory and name those that differ
           from the files, are missing, or belong to no prompt (exit code 1)
";

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    Write,
    Check,
    Help,
}

#[derive(Debug)]
pub struct Arguments {
    pub action: Action,
    pub folders: Vec<PathBuf>,
}

impl Arguments {
    pub fn parse(words: impl Iterator<Item = OsString>) -> Result<Self> {
        let mut action = Action::Write;
        let mut folders = Vec::new();
        for word in words {
            match word.to_str() {
                Some("--check") => action = Action::Check,
                Some("--help" | "-h") => action = Action::Help,
                Some(option) if option.starts_with('-') => {
                    bail!("unknown option {option}\n{USAGE}")
                }
                _ => folders.push(PathBuf::from(word)),
            }
        }
        if folders.is_empty() {
            folders = shipped_packs().into();
        }
        Ok(Self { action, folders })
    }
}

/// `voice-clips/en` and its siblings, wherever the recipe is started from.
fn shipped_packs() -> [PathBuf; 2] {
    let recipe = Path::new(env!("CARGO_MANIFEST_DIR"));
    ["en", "es"].map(|language| recipe.with_file_name(language))
}
