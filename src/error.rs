//! What can go wrong, sorted by what the reader can do about it.
//!
//! Every error says what, where, why, and what to do, once each.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::diagnostic::Report;

/// The result of whatever may fail for a reader to mend.
pub type Result<T> = std::result::Result<T, Error>;

/// Why there is no track.
#[derive(Debug)]
pub enum Error {
    /// A file of somebody's has mistakes: mend the file.
    Mistakes(Box<Report>),
    /// A file or folder cannot be read: check its name and its permissions.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
        /// What to do.
        help: String,
    },
    /// A clip cannot be used: record or convert it again.
    BadClip {
        /// The clip's file.
        path: PathBuf,
        /// What is wrong with it.
        fault: ClipFault,
    },
    /// Several things at once, all for the reader to mend.
    Several(Vec<Error>),
    /// The voice lacks prompts: record them, or choose another voice.
    MissingPrompts {
        /// The voice.
        voice: String,
        /// The prompts it lacks.
        prompts: Vec<String>,
    },
    /// The track would be larger than a WAV file can be: make it shorter or coarser.
    TooLarge {
        /// What it would be, and what it can be.
        why: String,
        /// What to change.
        help: String,
    },
    /// A new file is not written, because of its name or of what is there.
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
        /// What to do.
        help: String,
    },
    /// Recordings do not become clips: mend what is told of each, and try again.
    NotImported {
        /// What is wrong, one line each, with a way out.
        problems: Vec<String>,
        /// What to do about all of them; may be empty.
        help: String,
    },
    /// A clip cannot be put into its voice: check the folder, its permissions, the disk.
    NotStored {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// Something that should never happen: a fault of ours, not of the reader.
    Ours {
        /// What happened.
        what: String,
    },
    /// The track cannot be written: check the folder, its permissions, the disk.
    Unwritable {
        /// Where to.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// The person stopped it, with this signal.
    Interrupted(i32),
}

/// What is wrong with a clip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClipFault {
    /// No format that we read.
    NotAudio,
    /// The format is known, but not what is in it.
    Unsupported(String),
    /// The bytes are not what their format promises.
    Malformed(String),
    /// It ends before its end.
    Truncated,
    /// It holds no sound at all.
    Empty,
    /// Nothing in it can be heard.
    Silent,
    /// It is longer than a prompt can be.
    TooLong,
    /// The file is larger than a prompt can be.
    TooLarge,
    /// It is longer than a take of many lines can be.
    TakeTooLong,
    /// The file is larger than a take of many lines can be.
    TakeTooLarge,
    /// It is longer than a tick can be.
    TickTooLong,
    /// It is longer than the loop of a background can be.
    BedTooLong,
    /// It is shorter than the loop of a background can be.
    BedTooShort,
}

impl ClipFault {
    fn why(&self) -> String {
        match self {
            ClipFault::NotAudio => "this is no sound file that can be read".to_owned(),
            ClipFault::Unsupported(what) => format!("this kind of sound cannot be read ({what})"),
            ClipFault::Malformed(what) => format!("the file is damaged ({what})"),
            ClipFault::Truncated => "the file is cut off before its end".to_owned(),
            ClipFault::Empty => "there is no sound in the file".to_owned(),
            ClipFault::Silent => "the recording is silent".to_owned(),
            ClipFault::TooLong => "the recording is longer than a minute".to_owned(),
            ClipFault::TooLarge => "the file is larger than 128 MiB".to_owned(),
            ClipFault::TakeTooLong => {
                "a long take lasts two hours at most, at 48000 frames a second".to_owned()
            }
            ClipFault::TakeTooLarge => "the file is larger than 1 GiB".to_owned(),
            ClipFault::TickTooLong => "a tick lasts two seconds at most".to_owned(),
            ClipFault::BedTooLong => "a background lasts five minutes at most".to_owned(),
            ClipFault::BedTooShort => "a background lasts a second at least".to_owned(),
        }
    }

    fn help(&self) -> &'static str {
        match self {
            ClipFault::NotAudio | ClipFault::Unsupported(_) => {
                "save it as WAV, FLAC, MP3, Ogg Vorbis, Opus or M4A (AAC)"
            }
            ClipFault::Malformed(_) | ClipFault::Truncated => "copy or record it again",
            ClipFault::Empty | ClipFault::Silent => "record it again, nearer to the microphone",
            ClipFault::TickTooLong => "cut it to one short sound",
            ClipFault::BedTooLong => "cut it; it is repeated without a seam for as long as needed",
            ClipFault::BedTooShort => "take a longer recording",
            ClipFault::TakeTooLong | ClipFault::TakeTooLarge => {
                "cut it in two in a pause, and import one after the other with --lines"
            }
            ClipFault::TooLong | ClipFault::TooLarge => "cut it into prompts of a minute at most",
        }
    }
}

impl Error {
    /// A file that the system would not let us read.
    pub fn unreadable(path: impl Into<PathBuf>, why: &io::Error) -> Error {
        let help = match why.kind() {
            io::ErrorKind::NotFound => "check its name and the folder you are in",
            io::ErrorKind::PermissionDenied => "ask for permission to read it",
            _ => "check the disk it is on",
        };
        Error::Unreadable { path: path.into(), why: reason(why), help: help.to_owned() }
    }

    /// A file whose line number `line` is not UTF-8 text.
    pub fn not_text(path: impl Into<PathBuf>, line: usize) -> Error {
        Error::Unreadable {
            path: path.into(),
            why: format!("line {line} is not UTF-8 text"),
            help: "save the file as UTF-8".to_owned(),
        }
    }

    /// Why, where the reader knows already what it is about.
    pub fn why(&self) -> String {
        match self {
            Error::Unreadable { why, .. } => why.clone(),
            Error::BadClip { fault, .. } => fault.why(),
            other => other.to_string(),
        }
    }

    /// What to do about it; empty where the message says it all.
    pub fn help(&self) -> String {
        match self {
            Error::Mistakes(_) | Error::Several(_) | Error::Interrupted(_) => String::new(),
            Error::Unreadable { help, .. }
            | Error::NotImported { help, .. }
            | Error::TooLarge { help, .. }
            | Error::Refused { help, .. } => help.clone(),
            Error::BadClip { fault, .. } => fault.help().to_owned(),
            Error::MissingPrompts { voice, .. } => format!(
                "let another voice say them (--voice {voice},en), or record them: `effleurage \
                 voice kit ROUTINE --lacking {voice}` makes the script for just those"
            ),
            Error::NotStored { why, .. } => match why.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::FileTooLarge => {
                    "make room on the disk, and try again"
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    "ask for permission to write into that folder"
                }
                _ => "check the disk it is on",
            }
            .to_owned(),
            Error::Ours { .. } => {
                "this is a fault of the program; please report it, with the routine".to_owned()
            }
            Error::Unwritable { why, .. } => match why.kind() {
                io::ErrorKind::StorageFull => "make room on the disk, or write elsewhere with -o",
                io::ErrorKind::NotFound => "make the folder first, or write elsewhere with -o",
                io::ErrorKind::IsADirectory => "name a file in it: -o folder/track.wav",
                _ => "write elsewhere with -o",
            }
            .to_owned(),
        }
    }
}

/// The problems, one a line, and how many more there are than anybody reads.
fn listed(problems: &[String]) -> String {
    const MOST_LINES: usize = 97;
    let mut lines: Vec<String> =
        problems.iter().take(MOST_LINES).map(|problem| format!("  {problem}")).collect();
    if problems.len() > MOST_LINES {
        lines.push(format!("  … and {} more", problems.len() - MOST_LINES));
    }
    lines.join("\n")
}

/// The system's words without its error number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    let (first, rest) = text[..end].split_at(text.chars().next().map_or(0, char::len_utf8));
    first.to_lowercase() + rest
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Mistakes(report) => write!(f, "{report}"),
            Error::Unreadable { path, why, .. } => {
                write!(f, "cannot read {}: {why}", path.display())
            }
            Error::BadClip { path, fault } => {
                write!(f, "cannot use the clip {}: {}", path.display(), fault.why())
            }
            Error::Several(errors) => {
                let lines: Vec<String> = errors.iter().map(Error::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
            Error::MissingPrompts { voice, prompts } => {
                write!(f, "the voice `{voice}` has no clip for {}", prompts.join(", "))
            }
            Error::TooLarge { why, .. } => write!(f, "the track is too large: {why}"),
            Error::NotImported { problems, .. } => match problems.as_slice() {
                [only] => write!(f, "nothing was imported: {only}"),
                many => write!(f, "nothing was imported\n{}", listed(many)),
            },
            Error::NotStored { path, why } => {
                write!(f, "cannot write {}: {}", path.display(), reason(why))
            }
            Error::Ours { what } => write!(f, "{what}"),
            Error::Refused { path, why, .. } => {
                write!(f, "{} is not written: {why}", path.display())
            }
            Error::Unwritable { path, why } => {
                write!(f, "cannot write {}: {}", path.display(), reason(why))
            }
            Error::Interrupted(_) => write!(f, "stopped; no file was left half-written"),
        }
    }
}

impl std::error::Error for Error {}
