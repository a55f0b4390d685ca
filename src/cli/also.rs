//! What `render` makes beside its track: `--also`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::copies::{self, Copies};
use super::output::Output;
use crate::atomic_file;
use crate::encode::{ENCODERS, Encoder};
use crate::error::{Error, Result};
use crate::sidecar;
use crate::text;
use crate::timeline::cue_sheet::{self, Outcome};
use crate::timeline::{Timeline, document};
use crate::units::SampleRate;
use crate::wav::{Bits, Channels};

/// What a text beside a track is made from.
pub struct Sheet<'a> {
    timeline: &'a Timeline,
    outcomes: &'a [Outcome],
    /// The name of the track's file.
    track: &'a str,
}

/// A text beside a track.
pub struct Text {
    /// What `--also` calls it.
    name: &'static str,
    /// What its name ends in. Audacity imports labels, and ffmpeg chapters, from texts.
    ending: &'static str,
    help: &'static str,
    /// What is said of it once it is written.
    told: &'static str,
    write: fn(&Sheet<'_>, &mut dyn Write) -> io::Result<()>,
}

/// Every text. To add one is one entry here.
const TEXTS: [Text; 7] = [
    Text {
        name: "labels",
        ending: "labels.txt",
        help: "Labels for Audacity: sections and words",
        told: "labels for Audacity",
        write: |sheet, out| sidecar::labels(sheet.timeline, out),
    },
    Text {
        name: "vtt",
        ending: "vtt",
        help: "Captions for browsers and video players: what is spoken",
        told: "captions (WebVTT)",
        write: |sheet, out| sidecar::captions(sheet.timeline, out),
    },
    Text {
        name: "lrc",
        ending: "lrc",
        help: "Lyrics that follow the track, for music players",
        told: "lyrics (LRC)",
        write: |sheet, out| sidecar::lyrics(sheet.timeline, out),
    },
    Text {
        name: "chapters",
        ending: "chapters.txt",
        help: "Chapters for ffmpeg: steps and zones",
        told: "chapters for ffmpeg",
        write: |sheet, out| sidecar::chapters(sheet.timeline, out),
    },
    Text {
        name: "csv",
        ending: "csv",
        help: "The plan as a table",
        told: "the plan",
        write: |sheet, out| cue_sheet::csv(sheet.timeline, out),
    },
    Text {
        name: "json",
        ending: "json",
        help: "The plan for programs",
        told: "the plan",
        write: |sheet, out| document::json(sheet.timeline, sheet.outcomes, out),
    },
    Text {
        name: "cue",
        ending: "cue",
        help: "A cue sheet as for CDs: a track for each chapter",
        told: "a cue sheet",
        write: |sheet, out| sidecar::cue(sheet.timeline, sheet.track, out),
    },
];

/// A file beside the track.
#[derive(Clone, Copy)]
pub enum Also {
    /// A text.
    Text(&'static Text),
    /// A copy of the sound.
    Copy(&'static dyn Encoder),
}

impl Also {
    fn all() -> impl Iterator<Item = Also> {
        TEXTS.iter().map(Also::Text).chain(ENCODERS.into_iter().map(Also::Copy))
    }

    /// What `--also` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Also::Text(text) => text.name,
            Also::Copy(encoder) => encoder.name(),
        }
    }

    fn help(self) -> &'static str {
        match self {
            Also::Text(text) => text.help,
            Also::Copy(encoder) => encoder.help(),
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Also::Text(text) => text.ending,
            Also::Copy(encoder) => encoder.name(),
        }
    }

    /// Reads what the command line calls them.
    pub fn parser() -> impl TypedValueParser<Value = Also> {
        let values = Also::all().map(|also| PossibleValue::new(also.name()).help(also.help()));
        PossibleValuesParser::new(values).map(|name| {
            let named = Also::all().find(|also| also.name() == name);
            named.expect("clap lets nothing else pass")
        })
    }

    /// Its file: beside the track, and called like it.
    pub fn path(self, track: &Path) -> PathBuf {
        let ending = track.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let stem = if ending.is_some_and(|ending| copies::is_sound(&ending)) {
            track.file_stem()
        } else {
            track.file_name()
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
        if path != track && targets.iter().all(|(seen, _)| seen.name() != also.name()) {
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
        let what = PathBuf::from(format!("what --also {} asks for", also.name()));
        let why = "it is named after the track, and the track goes into no file";
        return refused(&what, why, "give the track a file with -o");
    }
    let name = track.file_name().unwrap_or_default().to_string_lossy();
    let wants_cue = targets.iter().any(|(also, _)| also.name() == "cue");
    let stranger = name.chars().find(|c| *c == '"' || text::is_hidden(*c));
    if let (true, Some(stranger)) = (wants_cue, stranger) {
        let what = if stranger == '"' { "one" } else { "a character that nobody sees" };
        let why =
            format!("a cue sheet names the track between quotation marks, and its name has {what}");
        let help = "give the track another name with -o, or leave the cue sheet out";
        return refused(track, &why, help);
    }
    let paths: Vec<&Path> =
        [track].into_iter().chain(targets.iter().map(|(_, path)| path.as_path())).collect();
    for (n, path) in paths.iter().enumerate() {
        if let Some(other) = paths[..n].iter().find(|other| atomic_file::same_file(other, path)) {
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
    let name = track.file_name().unwrap_or_default().to_string_lossy();
    let sheet = Sheet { timeline, outcomes, track: &name };
    for (also, path) in targets {
        let Also::Text(text) = also else { continue };
        let mut bytes = Vec::new();
        (text.write)(&sheet, &mut bytes)
            .map_err(|why| Error::Unwritable { path: path.clone(), why })?;
        atomic_file::write_bytes(path, &bytes)?;
        output.say(&format!("{}: {}", path.display(), text.told));
    }
    Ok(())
}
