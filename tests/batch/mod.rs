//! Many tracks from one table.

mod made;
mod shares;
mod tables;
mod tagged;

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::effleurage;
use crate::support::sound_files::{chunk, format, riff};

/// The shortest of routines, so that a table of them is made in no time.
const CALF: &str = include_str!("calf.toml");

/// A folder with that routine and this table.
fn folder(table: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("calf.toml"), CALF).unwrap();
    fs::write(folder.path().join(table), text).unwrap();
    folder
}

/// Runs `effleurage batch` in `folder`, into the folder `out`.
fn batch(folder: &Path, arguments: &[&str]) -> Output {
    effleurage(folder, &[&["batch"], arguments, &["-o", "out"]].concat())
}

/// What the report of `out` tells, a value a line.
fn report(folder: &Path, name: &str) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(folder.join("out").join(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A WAV file of 16 bits and 8 kHz.
fn wav(samples: impl Iterator<Item = f32>) -> Vec<u8> {
    let codes: Vec<u8> =
        samples.flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()).collect();
    riff(&[format(1, 1, 8_000, 16, &[]), chunk(b"data", &codes)])
}
