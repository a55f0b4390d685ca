//! `effleurage render`: the track.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use super::output::Output;
use super::progress::Progress;
use super::signals::Signals;
use super::{Planned, sources};
use crate::error::{Error, Result};
use crate::session::Session;
use crate::units::{Decibels, Length, clock};
use crate::wav::{self, Bits, Channels, Format};

#[derive(clap::Args)]
pub struct Arguments {
    /// A built-in routine (see `effleurage routines`), a file, or - for standard input
    routine: PathBuf,
    /// The file to write, or - for standard output [default: the routine's name with .wav]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    planned: Planned,
    /// Bits a sample: 16 and 24 are integers, 32 is floating point
    #[arg(long, default_value = "16", value_name = "BITS", value_parser = bits)]
    bits: Bits,
    /// 1, or 2 with the same sound on both
    #[arg(long, default_value = "1", value_name = "N", value_parser = channels)]
    channels: Channels,
    /// Leave out the plan, markers and title that the file carries behind its sound
    #[arg(long)]
    plain: bool,
    /// Read the finished file again and hold it against its plan
    #[arg(long)]
    verify: bool,
}

fn bits(text: &str) -> std::result::Result<Bits, &'static str> {
    match text {
        "16" => Ok(Bits::Sixteen),
        "24" => Ok(Bits::TwentyFour),
        "32" => Ok(Bits::ThirtyTwo),
        _ => Err("give 16, 24 or 32"),
    }
}

fn channels(text: &str) -> std::result::Result<Channels, &'static str> {
    match text {
        "1" => Ok(Channels::Mono),
        "2" => Ok(Channels::Stereo),
        _ => Err("give 1 or 2"),
    }
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let since = Instant::now();
    let Arguments { planned, bits, channels, .. } = arguments;
    let format = Format { rate: planned.rate, bits: *bits, channels: *channels };
    let request = planned.spoken.request(&arguments.routine)?;
    let pack = planned.spoken.pack()?;
    let session = Session::plan(&request, &pack, planned.rate)?;
    output.warnings(&session.warnings);
    let length = session.timeline.length();
    format.check_size(length)?;

    let default = PathBuf::from(format!("{}.wav", session.timeline.routine));
    let target = arguments.output.clone().unwrap_or(default);
    let to_stream = target == Path::new("-");
    if arguments.verify {
        check_can_be_read_again(&target)?;
    }
    match to_stream {
        true => output.check_binary_output()?,
        false => {
            sources::protect(&target, "track", &arguments.routine, &session.files, &pack)?;
            refuse_other_formats(&target)?;
        }
    }
    let chunks = match arguments.plain {
        true => Vec::new(),
        false => session.chunks(&request, &pack)?,
    };
    format.check_size_with(length, chunks.len())?;
    // Only where there is something to tidy up; elsewhere a signal has its usual
    // effect, even on a program that waits for a pipe.
    let signals = if to_stream || is_device(&target) { Signals::none() } else { Signals::catch() };
    let quiet = |path: &Path, missing: Decibels| output.say(&quiet_clip(path, missing));
    let prepared = session.prepare(&|| signals.caught(), &quiet)?;
    let clips = prepared.sounds.clips.len();
    output.detail(|| format!("{clips} clips ready after {:.2?}", since.elapsed()));
    let progress = Progress::new(length, since, output.shows_progress());
    let watch = wav::Watch { progress: &|done| progress.at(done), stop: &|| signals.caught() };
    match to_stream {
        true => {
            let name = Path::new("standard output");
            prepared.render_to_stream(name, io::stdout().lock(), &format, &chunks, &watch)?;
        }
        false => prepared.render_to_file(&target, &format, &chunks, &watch)?,
    }
    drop(progress);
    output.say(&summary(&target, to_stream, &format, length, since));
    if !arguments.verify {
        return Ok(ExitCode::SUCCESS);
    }
    let report = prepared.verify(&target, &chunks, &|| signals.caught())?;
    output.say(report.text(&target.display().to_string(), format.rate).trim_end());
    Ok(if report.misses() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What goes into a pipe is gone.
fn check_can_be_read_again(target: &Path) -> Result<()> {
    match target == Path::new("-") || is_device(target) {
        false => Ok(()),
        true => Err(Error::Refused {
            path: target.to_owned(),
            why: "what is written to a stream cannot be verified".to_owned(),
            help: "name a file with -o, or leave --verify out".to_owned(),
        }),
    }
}

/// What is said of a clip that comes out quieter than it should.
pub fn quiet_clip(path: &Path, missing: Decibels) -> String {
    format!(
        "warning: {} comes out {:.1} dB quieter than the rest: its peaks stand too far above \
         its voice; record it again, without knocks and further from the microphone",
        path.display(),
        missing.0
    )
}

fn is_device(target: &Path) -> bool {
    std::fs::metadata(target).is_ok_and(|target| !target.is_file())
}

fn refuse_other_formats(target: &Path) -> Result<()> {
    let extension = target.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if OTHER_FORMATS.contains(&extension.as_str()) {
        let why = io::Error::other("only WAV files are made; give it a name that ends in .wav");
        return Err(Error::Unwritable { path: target.to_owned(), why });
    }
    Ok(())
}

/// A WAV file under one of these names would mislead whatever plays it.
const OTHER_FORMATS: [&str; 18] = [
    "mp3", "flac", "ogg", "oga", "opus", "m4a", "aac", "wma", "aiff", // sounds of other kinds
    "toml", "txt", "md", "json", "csv", "html", "pdf", "svg",
    "png", // texts, which would be lost
];

/// File, length, frames, size, and how many times faster than real time.
fn summary(
    target: &Path,
    to_stream: bool,
    format: &Format,
    length: Length,
    since: Instant,
) -> String {
    let name = if to_stream { "standard output".to_owned() } else { target.display().to_string() };
    let duration = format.rate.duration_of(length);
    let megabytes = format.data_bytes(length) as f64 / 1e6;
    let times = duration.as_secs_f64() / since.elapsed().as_secs_f64().max(1e-9);
    format!(
        "{name}: {}, {} frames, {megabytes:.1} MB, {times:.0} times faster than real time",
        clock(duration),
        length.0
    )
}
