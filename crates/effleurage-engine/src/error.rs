//! What can go wrong, sorted by what the reader can do about it.
//!
//! Every error says what, where, why, and what to do, once each.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

pub use effleurage_sound::ClipFault;

use crate::diagnostic::Report;
use crate::files::Unread;
use crate::units::{Lufs, SampleRate, clock};

/// The result of whatever may fail for a reader to mend.
pub type Result<T> = std::result::Result<T, Error>;

/// Why there is no track.
#[derive(Debug)]
#[non_exhaustive]
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
        /// The routine that asks for them, as a person names it; may be unknown.
        routine: Option<String>,
    },
    /// The track would be larger than a WAV file can be: make it shorter or coarser.
    TooLarge {
        /// What it would be, and what it can be.
        why: String,
        /// What would fit, each on its own.
        instead: Vec<Smaller>,
    },
    /// The track cannot be as loud as it was asked to be.
    TooLoud {
        /// What was asked for.
        asked: Lufs,
        /// What it can be at most, to a tenth below.
        most: Lufs,
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
    /// The page cannot be served there.
    NotServed {
        /// At which address.
        at: String,
        /// Why.
        why: String,
        /// What to do.
        help: String,
    },
    /// The person stopped it, with this signal.
    Interrupted(i32),
}

/// The name of a routine as a word of a command that can be copied; `ROUTINE` where it has none.
pub fn routine_word(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@%:,".contains(c);
    match name {
        "" | "<stdin>" => "ROUTINE".to_owned(),
        _ if name.chars().any(char::is_control) => "ROUTINE".to_owned(),
        _ if name.chars().all(is_plain) => name.to_owned(),
        _ => format!("'{}'", name.replace('\'', "'\\''")),
    }
}

/// What would make a track fit into a WAV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Smaller {
    /// Such a length at most.
    Length(Duration),
    /// Samples of so many bits, on so many channels.
    Samples {
        /// Bits a sample.
        bits: u16,
        /// Channels a frame.
        channels: u16,
    },
    /// Such a rate at most.
    Rate(SampleRate),
    /// No plan in it.
    Plain,
}

impl fmt::Display for Smaller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Smaller::Length(longest) => {
                write!(f, "make it {} at most", clock(*longest).trim_end_matches(".000"))
            }
            Smaller::Samples { bits, channels: 1 } => write!(f, "take {bits} bits, mono"),
            Smaller::Samples { bits, .. } => write!(f, "take {bits} bits"),
            Smaller::Rate(rate) => write!(f, "take {} frames a second or less", rate.hz()),
            Smaller::Plain => write!(f, "leave out its plan"),
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

    /// A file that whoever has it did not give.
    pub fn unread(path: impl Into<PathBuf>, unread: Unread) -> Error {
        let Unread { why, help } = unread;
        Error::Unreadable { path: path.into(), why, help }
    }

    /// A file whose line number `line` is not UTF-8 text.
    pub fn not_text(path: impl Into<PathBuf>, line: usize) -> Error {
        Error::Unreadable {
            path: path.into(),
            why: format!("line {line} is not UTF-8 text"),
            help: "save the file as UTF-8".to_owned(),
        }
    }

    /// The same, of the routine called `name`, where that is not told yet.
    pub fn of_routine(mut self, name: &str) -> Error {
        if let Error::MissingPrompts { routine: routine @ None, .. } = &mut self {
            *routine = Some(name.to_owned());
        }
        self
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
            | Error::NotServed { help, .. }
            | Error::Refused { help, .. } => help.clone(),
            Error::BadClip { fault, .. } => fault.help().to_owned(),
            Error::MissingPrompts { .. } => "record them, or let another voice say them".to_owned(),
            Error::TooLarge { instead, .. } => {
                let ways: Vec<String> = instead.iter().map(Smaller::to_string).collect();
                ways.join(", or ")
            }
            Error::TooLoud { most, .. } => {
                format!("ask for {} LUFS or less, or for softer ticks", most.0)
            }
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
                io::ErrorKind::StorageFull => "make room on the disk, or write elsewhere",
                io::ErrorKind::NotFound => "make the folder first, or write elsewhere",
                io::ErrorKind::IsADirectory => "name a file in it",
                _ => "write elsewhere",
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
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    let (first, rest) = text[..end].split_at(text.chars().next().map_or(0, char::len_utf8));
    first.to_lowercase() + rest
}

/// All results, or every error; but a person who stopped it wants no others.
///
/// # Errors
///
/// The only one, or all of them as [`Error::Several`].
pub fn all<T>(results: Vec<Result<T>>) -> Result<Vec<T>> {
    let mut good = Vec::with_capacity(results.len());
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(Error::Interrupted(signal)) => return Err(Error::Interrupted(signal)),
            Err(error) => errors.push(error),
        }
    }
    match errors.len() {
        0 => Ok(good),
        1 => Err(errors.remove(0)),
        _ => Err(Error::Several(errors)),
    }
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
            Error::MissingPrompts { voice, prompts, .. } => {
                write!(f, "the voice `{voice}` has no clip for {}", prompts.join(", "))
            }
            Error::TooLarge { why, .. } => write!(f, "the track is too large: {why}"),
            Error::TooLoud { asked, most } => write!(
                f,
                "the track cannot have {} LUFS: with its peaks below -1 dBTP it has {}",
                asked.0, most.0
            ),
            Error::NotImported { problems, .. } => match problems.as_slice() {
                [only] => write!(f, "nothing was imported: {only}"),
                many => write!(f, "nothing was imported\n{}", listed(many)),
            },
            Error::NotStored { path, why } => {
                write!(f, "cannot write {}: {}", path.display(), reason(why))
            }
            Error::Ours { what } => write!(f, "{what}"),
            Error::NotServed { at, why, .. } => write!(f, "cannot serve the page at {at}: {why}"),
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

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::NotStored { why, .. } | Error::Unwritable { why, .. } => Some(why),
            _ => None,
        }
    }
}
