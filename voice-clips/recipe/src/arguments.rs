//! What was asked for on the command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

pub const USAGE: &str = "\
Usage: voice-recipe [--check] [FOLDER]

Speaks every prompt of FOLDER/manifest.toml into FOLDER/<prompt>.flac.
FOLDER is the English pack unless given.

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
    pub folder: PathBuf,
}

impl Arguments {
    pub fn parse(words: impl Iterator<Item = OsString>) -> Result<Self> {
        let mut action = Action::Write;
        let mut folder = None;
        for word in words {
            match word.to_str() {
                Some("--check") => action = Action::Check,
                Some("--help" | "-h") => action = Action::Help,
                Some(option) if option.starts_with('-') => {
                    bail!("unknown option {option}\n{USAGE}")
                }
                _ if folder.is_some() => bail!("one folder at a time\n{USAGE}"),
                _ => folder = Some(PathBuf::from(word)),
            }
        }
        let folder = folder.unwrap_or_else(english_pack);
        Ok(Self { action, folder })
    }
}

/// `voice-clips/en`, wherever the recipe is started from.
fn english_pack() -> PathBuf {
    let recipe = Path::new(env!("CARGO_MANIFEST_DIR"));
    recipe.with_file_name("en")
}
