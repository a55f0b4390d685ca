//! The recordings that the clips of a voice were made from.

use std::fs;
use std::path::{Path, PathBuf};

use super::clean::clean;
use super::measure::{Measured, measure};
use super::names;
use super::script::Line;
use super::store::ORIGINALS;
use crate::voice::{Recording, sound_file};

/// A clip is made of a recording where so much of it is the same, …
const SAME: f64 = 0.95;
/// … and where they differ in length by no more than this share.
const LENGTH: f64 = 0.02;

/// The recordings in a voice that have a line each, with the index of the line.
pub struct Originals {
    files: Vec<(usize, PathBuf)>,
}

impl Originals {
    /// Those in the voice in `folder`, whose script is `lines`. None where there is no such folder.
    pub fn of(folder: &Path, lines: &[Line]) -> Originals {
        let entries = fs::read_dir(folder.join(ORIGINALS)).into_iter().flatten().flatten();
        let mut files: Vec<(usize, PathBuf)> = entries
            .filter_map(|entry| Some((line_of(&entry.path(), lines)?, entry.path())))
            .collect();
        files.sort();
        Originals { files }
    }

    /// What the recording was like from which the `clip` of a line was made, and its file. None
    /// where it is not there; older recordings of a line are kept, too, and are not meant.
    pub fn measured(&self, line: usize, clip: &Recording) -> Option<(&Path, Measured)> {
        let own = self.files.iter().filter(|(of, _)| *of == line);
        own.filter_map(|(_, path)| Some((path, sound_file::line(path).ok()?)))
            .find(|(_, recording)| is_made_of(clip, recording))
            .map(|(path, recording)| (path.as_path(), measure(&recording)))
    }
}

/// The line of an original; one of a name that was taken has a number behind it.
fn line_of(path: &Path, lines: &[Line]) -> Option<usize> {
    let stem = path.file_stem()?.to_str()?;
    let plain = stem.rsplit_once('-').filter(|(_, number)| number.parse::<u32>().is_ok());
    let plain = plain.map(|(name, _)| path.with_file_name(format!("{name}.wav")));
    let named = |path: &Path| names::line_of(path, lines).ok();
    named(path).or_else(|| named(&plain?))
}

/// Whether import would make this clip of the recording, whatever version made it.
fn is_made_of(clip: &Recording, recording: &Recording) -> bool {
    let Ok(made) = clean(recording) else { return false };
    let lengths = (made.len() as f64, clip.samples.len() as f64);
    let near = (lengths.0 - lengths.1).abs() <= LENGTH * lengths.1;
    near && clip.rate == recording.rate && alike(&made, &clip.samples) >= SAME
}

/// How much of two sounds is the same, from 0 to 1.
fn alike(one: &[i16], other: &[f32]) -> f64 {
    let pairs = || one.iter().zip(other).map(|(a, b)| (f64::from(*a), f64::from(*b)));
    let (mut product, mut first, mut second) = (0.0, 0.0, 0.0);
    for (a, b) in pairs() {
        product += a * b;
        first += a * a;
        second += b * b;
    }
    let scale = libm::sqrt(first * second);
    if scale > 0.0 { product / scale } else { 0.0 }
}
