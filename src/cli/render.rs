//! `effleurage render`: the track.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::also::{self, Also};
use super::copies::{self, Copier};
use super::output::Output;
use super::progress::Progress;
use super::signals::Signals;
use super::{Planned, input};
use crate::error::{Error, Result};
use crate::session::Session;
use crate::target::same_file;
use crate::units::{Decibels, Length, clock};
use crate::voice::Pack;
use crate::wav::{self, Bits, Channels, Format};

#[derive(clap::Args)]
pub struct Arguments {
    /// A built-in routine (see `effleurage routines`), a file, or - for standard input
    routine: PathBuf,
    /// The file to write, .wav, .flac, .mp3 or .opus, or - for standard output (WAV)
    /// [default: the routine's name with .wav]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Beside it, and named after it; one or several with commas
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    also: Vec<Also>,
    #[command(flatten)]
    planned: Planned,
    /// Bits a sample: 16 and 24 are integers, 32 is floating point
    #[arg(long, default_value = "16", value_name = "BITS", value_parser = bits)]
    bits: Bits,
    /// 1, or 2 with the same sound on both
    #[arg(long, default_value = "1", value_name = "N", value_parser = channels)]
    channels: Channels,
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

pub fn run(arguments: &Arguments, output: &Output) -> Result<()> {
    let since = Instant::now();
    let Arguments { planned, bits, channels, .. } = arguments;
    let request = planned.spoken.request(&arguments.routine)?;
    let pack = Pack::open(&planned.spoken.voice)?;
    let named = arguments.output.as_deref().unwrap_or(Path::new(""));
    let rate = copies::rate(named, planned.rate);
    let session = Session::plan(&request, &pack, rate)?;
    output.warnings(&session.warnings);
    let length = session.timeline.length();

    let default = PathBuf::from(format!("{}.wav", session.timeline.routine));
    let target = arguments.output.clone().unwrap_or(default);
    let to_stream = target == Path::new("-");
    let to_file = !to_stream && !is_device(&target);
    let also = also::targets(&arguments.also, &target);
    also::check_names(&target, to_file, &also)?;
    match to_stream {
        true => output.check_binary_output()?,
        false => protect_sources(&target, arguments, &session.files, &pack)?,
    }
    for (_, path) in &also {
        protect(path, arguments, &session.files, &pack)?;
    }
    let format = Format { rate, bits: *bits, channels: *channels };
    let copy = copies::format(&target, rate, *bits, *channels)?;
    if copy.is_none() {
        format.check_size(length)?;
    }
    let copies = also::copies(&also, rate, *bits, *channels)?;
    let outcomes = match arguments.also.contains(&Also::Json) {
        true => session.outcomes(&request, &pack),
        false => Vec::new(),
    };
    // Only where there is something to tidy up; elsewhere a signal has its usual
    // effect, even on a program that waits for a pipe.
    let signals = if to_file { Signals::catch() } else { Signals::none() };
    let quiet = |path: &Path, missing: Decibels| output.say(&quiet_clip(path, missing));
    let prepared = session.prepare(&|| signals.caught(), &quiet)?;
    let clips = prepared.sounds.clips.len();
    output.detail(|| format!("{clips} clips ready after {:.2?}", since.elapsed()));
    let copier = Copier { output, signals: &signals };
    match copy {
        Some(copy) => copier.make(&prepared, &target, &copy, since)?,
        None => {
            let progress = Progress::new(length, since, output.shows_progress());
            let watch =
                wav::Watch { progress: &|done| progress.at(done), stop: &|| signals.caught() };
            match to_stream {
                true => {
                    let name = Path::new("standard output");
                    prepared.render_to_stream(name, io::stdout().lock(), &format, &watch)?;
                }
                false => prepared.render_to_file(&target, &format, &watch)?,
            }
            drop(progress);
            output.say(&summary(&target, to_stream, &format, length, since));
        }
    }
    for (path, format) in &copies {
        let since = Instant::now();
        if format.rate() == rate {
            copier.make(&prepared, path, format, since)?;
            continue;
        }
        // Planned and mixed anew at another rate, which costs no sound.
        let session = Session::plan(&request, &pack, format.rate())?;
        let session = session.prepare(&|| signals.caught(), &|_, _| ())?;
        copier.make(&session, path, format, since)?;
        if !copies::same_times(&prepared.timeline, &session.timeline) {
            output.say(&copies::other_times(path, format));
        }
    }
    also::write(&also, &target, &prepared.timeline, &outcomes, output)
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

fn told(target: &Path, why: &str) -> Error {
    Error::Unwritable { path: target.to_owned(), why: io::Error::other(why) }
}

/// Nothing takes the place of what a track is made from, nor of the rest of a voice.
fn protect(target: &Path, arguments: &Arguments, files: &[PathBuf], pack: &Pack) -> Result<()> {
    let routine = Some(arguments.routine.clone()).filter(|path| input::is_file(path));
    let mut made_from = routine.into_iter().chain(pack.files()).chain(files.iter().cloned());
    if made_from.any(|path| same_file(&path, target)) {
        return Err(told(target, "the track is made from this file"));
    }
    Ok(())
}

/// Nor does a track take another name than that of a sound.
fn protect_sources(
    target: &Path,
    arguments: &Arguments,
    files: &[PathBuf],
    pack: &Pack,
) -> Result<()> {
    protect(target, arguments, files, pack)?;
    let extension = target.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if OTHER_FORMATS.contains(&extension.as_str()) {
        return Err(told(
            target,
            "no such files are made; give it a name that ends in .wav, .flac, .mp3 or .opus",
        ));
    }
    Ok(())
}

/// A WAV file under one of these names would mislead whatever plays it.
const OTHER_FORMATS: [&str; 16] = [
    // Sounds of other kinds,
    "ogg", "oga", "m4a", "aac", "wma", "aiff", // and texts, which would be lost.
    "toml", "txt", "md", "json", "csv", "html", "pdf", "vtt", "lrc", "cue",
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
