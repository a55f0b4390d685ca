//! What `render` makes beside its track: `--also`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::copies::{self, Copies};
use super::output::Output;
use crate::beside;
use crate::error::{Error, Result};
use crate::target;
use crate::timeline::Timeline;
use crate::timeline::cue_sheet::{self, Outcome};
use crate::units::SampleRate;
use crate::wav::{Bits, Channels};

/// A file beside the track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Also {
    /// Labels for Audacity: sections and words
    Labels,
    /// Captions for browsers and video players: what is spoken
    Vtt,
    /// Lyrics that follow the track, for music players
    Lrc,
    /// Chapters for ffmpeg: steps and zones
    Chapters,
    /// The plan as a table
    Csv,
    /// The plan for programs
    Json,
    /// A cue sheet as for CDs: a track for each chapter
    Cue,
    /// A copy of the track: the same samples in far fewer bytes
    Flac,
    /// A copy of the track for every player
    Mp3,
    /// A copy of the track, smaller still, for phones and browsers
    Opus,
}

/// The endings of sounds, which the files beside a track do not keep.
const SOUNDS: [&str; 5] = ["wav", "wave", "flac", "mp3", "opus"];

impl Also {
    /// What its name ends in. Audacity imports labels, and ffmpeg chapters, from texts.
    fn ending(self) -> &'static str {
        match self {
            Also::Labels => "labels.txt",
            Also::Vtt => "vtt",
            Also::Lrc => "lrc",
            Also::Chapters => "chapters.txt",
            Also::Csv => "csv",
            Also::Json => "json",
            Also::Cue => "cue",
            Also::Flac => "flac",
            Also::Mp3 => "mp3",
            Also::Opus => "opus",
        }
    }

    /// Its file: beside the track, and called like it.
    pub fn path(self, track: &Path) -> PathBuf {
        let ending = track.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let stem = match ending.is_some_and(|ending| SOUNDS.contains(&ending.as_str())) {
            true => track.file_stem(),
            false => track.file_name(),
        };
        let mut name = stem.unwrap_or_default().to_owned();
        name.push(".");
        name.push(self.ending());
        track.with_file_name(name)
    }
}

/// What is asked for, each once, with its file; without what is the track itself.
pub fn targets(also: &[Also], track: &Path) -> Vec<(Also, PathBuf)> {
    let mut targets: Vec<(Also, PathBuf)> = Vec::new();
    for also in also {
        let path = also.path(track);
        if path != track && targets.iter().all(|(seen, _)| seen != also) {
            targets.push((*also, path));
        }
    }
    targets
}

/// Those that are copies of the track, with their formats.
pub fn copies(
    targets: &[(Also, PathBuf)],
    rate: SampleRate,
    bits: Bits,
    channels: Channels,
) -> Result<Copies> {
    let format = |path: &PathBuf| {
        let format = copies::format(path, rate, bits, channels).transpose()?;
        Some(format.map(|format| (path.clone(), format)))
    };
    targets.iter().filter_map(|(_, path)| format(path)).collect()
}

/// Files beside a track need its name, and no two files of one run have the same.
pub fn check_names(track: &Path, is_file: bool, targets: &[(Also, PathBuf)]) -> Result<()> {
    let refused = |path: &Path, why: &str, help: &str| {
        let (path, why, help) = (path.to_owned(), why.to_owned(), help.to_owned());
        Err(Error::Refused { path, why, help })
    };
    if !is_file && let Some((also, _)) = targets.first() {
        let name = also.to_possible_value().map_or(String::new(), |v| v.get_name().to_owned());
        let what = PathBuf::from(format!("what --also {name} asks for"));
        let why = "it is named after the track, and the track goes into no file";
        return refused(&what, why, "give the track a file with -o");
    }
    let paths: Vec<&Path> =
        [track].into_iter().chain(targets.iter().map(|(_, path)| path.as_path())).collect();
    for (n, path) in paths.iter().enumerate() {
        if let Some(other) = paths[..n].iter().find(|other| target::same_file(other, path)) {
            let why = format!("it is the same file as {}", other.display());
            return refused(path, &why, "give the track another name with -o, or remove the link");
        }
    }
    Ok(())
}

/// Writes those that are texts.
pub fn write(
    targets: &[(Also, PathBuf)],
    track: &Path,
    timeline: &Timeline,
    outcomes: &[Outcome],
    output: &Output,
) -> Result<()> {
    for (also, path) in targets {
        let mut text = Vec::new();
        let filled = fill(*also, track, timeline, outcomes, &mut text);
        let told = filled.map_err(|why| Error::Unwritable { path: path.clone(), why })?;
        if let Some(told) = told {
            target::write_bytes(path, &text)?;
            output.say(&format!("{}: {told}", path.display()));
        }
    }
    Ok(())
}

/// Writes a text to `out` and says what it is, for people; `None` where it is no text.
fn fill(
    also: Also,
    track: &Path,
    timeline: &Timeline,
    outcomes: &[Outcome],
    out: &mut dyn Write,
) -> io::Result<Option<&'static str>> {
    match also {
        Also::Labels => beside::labels(timeline, out).map(|()| Some("labels for Audacity")),
        Also::Vtt => beside::captions(timeline, out).map(|()| Some("captions (WebVTT)")),
        Also::Lrc => beside::lyrics(timeline, out).map(|()| Some("lyrics (LRC)")),
        Also::Chapters => beside::chapters(timeline, out).map(|()| Some("chapters for ffmpeg")),
        Also::Csv => cue_sheet::csv(timeline, out).map(|()| Some("the plan")),
        Also::Json => cue_sheet::json(timeline, outcomes, out).map(|()| Some("the plan")),
        Also::Cue => {
            let name = track.file_name().unwrap_or_default().to_string_lossy();
            beside::cue(timeline, &name, out).map(|()| Some("a cue sheet"))
        }
        Also::Flac | Also::Mp3 | Also::Opus => Ok(None),
    }
}
