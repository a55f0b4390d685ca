//! `effleurage verify`: whether a finished file is what was planned.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use super::changes::Changes;
use super::moved::{Moved, SETTINGS};
use super::output::Output;
use super::render::loudness;
use super::show::says_nothing;
use super::{Spoken, input};
use crate::cancel::CancelToken;
use crate::diagnostic::{Diagnostic, Report, Source};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::provenance;
use crate::routine::Request;
use crate::session::{self, Session};
use crate::units::{Decibels, Lufs, SampleRate};
use crate::verify::{self, Copy};
use crate::voice::Disk;
use crate::wav::{Channels, Format, Reader};

#[derive(clap::Args)]
pub struct Arguments {
    /// A track that effleurage made, or a copy of one (FLAC, MP3, Opus, M4A), which is held
    /// against the plan of the WAV file beside it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Hold it against this routine, changed by these flags, instead of its own
    #[arg(long, value_name = "ROUTINE")]
    against: Option<PathBuf>,
    /// The voice that speaks in it [default: the one that it names]
    #[arg(long, value_name = "VOICE")]
    voice: Option<PathBuf>,
    /// With --against: how loud the whole of it was asked to be, like -16
    #[arg(
        long,
        value_name = "LUFS",
        value_parser = loudness,
        allow_hyphen_values = true,
        requires = "against"
    )]
    loudness: Option<Lufs>,
    /// Prepare every clip anew, and remember none
    #[arg(long)]
    no_cache: bool,
    /// How to tell what was found
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: ReportFormat,
    #[command(flatten)]
    changes: Changes,
}

#[derive(Clone, Copy, ValueEnum)]
enum ReportFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Exits with 0 where the file is as planned, else with 1.
pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let file = &arguments.file;
    let Sound { is_copy, rate, channels } = Sound::of(file)?;
    let carrier = if is_copy { beside(arguments)? } else { file.clone() };
    let Wanted { source, flags, voice, files, loudness } = match wanted(arguments, &carrier) {
        Ok(wanted) => wanted,
        Err(error) if is_copy => return Err(error),
        Err(error) => return broken(error, arguments, rate, output),
    };
    let request = Request {
        stands_alone: arguments.against.is_none(),
        files: files.as_ref(),
        ..input::request(source, flags)
    };
    let spoken = Spoken { voice, no_cache: arguments.no_cache, changes: Changes::default() };
    let pack = spoken.pack().map_err(|error| elsewhere(error, arguments))?;
    let mut session = Session::plan(&request, &pack, rate)?;
    if let Some(asked) = loudness {
        session.bring_to(asked, channels, &CancelToken::default())?;
    }
    let chunks = session.chunks(&request, &pack)?;
    let quiet = |_: &Path, _: Decibels| ();
    let (cancel, may_be_plain) = (&CancelToken::default(), arguments.against.is_some());
    let prepared = session.prepare(cancel, &quiet)?;
    let report = session::verify(&prepared, file, &chunks, may_be_plain, cancel)?;
    tell(&report, arguments, rate, output)
}

/// What is looked at.
struct Sound {
    is_copy: bool,
    rate: SampleRate,
    channels: Channels,
}

impl Sound {
    fn of(file: &Path) -> Result<Sound> {
        if let Some(reader) = Reader::new(BufReader::new(provenance::open(file)?)) {
            let Format { rate, channels, .. } = reader.format;
            return Ok(Sound { is_copy: false, rate, channels });
        }
        let nothing = || {
            let why = "it is no WAV file that effleurage writes, and no copy of one".to_owned();
            let help = "name a track that effleurage made".to_owned();
            Error::Unreadable { path: file.to_owned(), why, help }
        };
        let copy = Copy::open(file)?.ok_or_else(nothing)?;
        Ok(Sound { is_copy: true, rate: copy.rate(), channels: copy.channels() })
    }
}

/// The track whose plan a copy has, which carries none itself.
fn beside(arguments: &Arguments) -> Result<PathBuf> {
    let track = arguments.file.with_extension("wav");
    if arguments.against.is_some() || track.is_file() {
        return Ok(track);
    }
    Err(Error::Unreadable {
        path: arguments.file.clone(),
        why: format!("a copy carries no plan, and there is no {} beside it", track.display()),
        help: "put that track there; or tell what it should be, with --against ROUTINE".to_owned(),
    })
}

fn tell(
    report: &verify::Report,
    arguments: &Arguments,
    rate: SampleRate,
    output: &Output,
) -> Result<ExitCode> {
    let name = arguments.file.display().to_string();
    match arguments.format {
        ReportFormat::Text => output.result(&report.text(&name, rate))?,
        ReportFormat::Json => output.result(&format!("{:#}\n", report.json(rate)))?,
    }
    Ok(if report.misses() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A file whose routine cannot be told: that it is cut off or torn says more than that.
fn broken(
    error: Error,
    arguments: &Arguments,
    rate: SampleRate,
    output: &Output,
) -> Result<ExitCode> {
    let structure = verify::structure(&arguments.file)?;
    if structure.misses.is_empty() || arguments.against.is_some() {
        return Err(error);
    }
    let plan = verify::Check::missed("plan", error.why());
    tell(&verify::Report { checks: vec![structure, plan] }, arguments, rate, output)
}

/// A track knows its voice by name alone.
fn elsewhere(error: Error, arguments: &Arguments) -> Error {
    match error {
        Error::Unreadable { path, why, .. } if arguments.voice.is_none() => {
            let help = "this is the voice that the track names; tell where it is, with --voice";
            Error::Unreadable { path, why, help: help.to_owned() }
        }
        other => other,
    }
}

/// What the file is held against.
struct Wanted {
    source: Source,
    flags: Vec<Source>,
    voice: PathBuf,
    files: Box<dyn Files>,
    loudness: Option<Lufs>,
}

/// What it is, by the plan in the track at `file` where nobody tells otherwise.
fn wanted(arguments: &Arguments, file: &Path) -> Result<Wanted> {
    let Arguments { against, voice, changes, .. } = arguments;
    let mut flags = changes.flags();
    if let Some(against) = against {
        let named =
            || provenance::read(file).ok().flatten().map(|provenance| provenance.voice.into());
        let voice = voice.clone().or_else(named).unwrap_or_else(|| "en".into());
        let (source, files) = (input::source(against)?, Box::new(Disk));
        return Ok(Wanted { source, flags, voice, files, loudness: arguments.loudness });
    }
    let (moved, others): (Vec<Source>, Vec<Source>) =
        flags.drain(..).partition(|flag| SETTINGS.contains(&setting(flag)));
    if let Some(flag) = others.into_iter().next() {
        let help = "name the routine that this changes, with --against";
        return Err(refused(flag, "a file is held against its own routine", help));
    }
    let help = "tell what it should be, with --against ROUTINE";
    let provenance = provenance::read(file)?.ok_or_else(|| says_nothing(file, help))?;
    let told = |name: &str| {
        moved.iter().find(|flag| setting(flag) == name).map(|flag| PathBuf::from(&flag.text))
    };
    let files = Moved::of(&provenance.routine, file, told);
    if let Some(flag) = moved.iter().find(|flag| !files.has(setting(flag))) {
        let help = "leave it out; or name the routine that this changes, with --against";
        return Err(refused(flag.clone(), "this track is made without such a file", help));
    }
    let files = Box::new(files);
    let source = Source::file(file.display().to_string(), provenance.routine);
    let voice = voice.clone().unwrap_or_else(|| provenance.voice.into());
    let loudness = provenance.loudness.map(|reached| Lufs(reached.asked));
    Ok(Wanted { source, flags, voice, files, loudness })
}

fn setting(flag: &Source) -> &str {
    flag.name.trim_start_matches('-')
}

fn refused(flag: Source, why: &str, help: &str) -> Error {
    let mistake = Diagnostic::error(0..flag.text.len(), why).help(help);
    Error::Mistakes(Box::new(Report::new(flag, vec![mistake])))
}
