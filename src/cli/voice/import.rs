//! `effleurage voice import`.

use std::io::{self, IsTerminal};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::output::Output;
use crate::cli::signals;
use crate::error::{Error, Result};
use crate::recording::import::{How, Imported, Target};
use crate::recording::names::{self, Recordings};
use crate::recording::script::Line;
use crate::recording::take::{self, Found, clock, shortened};
use crate::units::SampleRate;
use crate::voice::sound_file;

/// So much of a line's words is shown in the table.
const WORDS_SHOWN: usize = 40;
/// A piece that is longer or shorter than expected by this factor is marked.
const STRANGE: f64 = 1.6;

#[derive(clap::Args)]
pub struct Arguments {
    /// A folder of recordings, or files: one for each line, called halfway.m4a or 12.m4a,
    /// or a single long take of many lines
    #[arg(required = true, value_name = "RECORDING")]
    recordings: Vec<PathBuf>,
    /// The folder of the voice, with its manifest.toml
    #[arg(long, value_name = "VOICE")]
    into: PathBuf,
    /// Put the new clips in place of old ones, which are kept in VOICE/originals
    #[arg(long)]
    replace: bool,
    /// A long take has all lines, and not only those that have no clip yet
    #[arg(long)]
    all: bool,
    /// A long take has only these lines of the script: 1-40
    #[arg(long, value_name = "FROM-TO", value_parser = line_numbers)]
    lines: Option<RangeInclusive<usize>>,
    /// What is said in a long take at this time is no line: 1:23.4
    #[arg(long, value_name = "TIME", value_parser = time)]
    skip: Vec<Duration>,
    /// Cut a long take without asking
    #[arg(long)]
    yes: bool,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let target = Target::open(&arguments.into)?;
    let files = names::files(&arguments.recordings)?;
    for path in &files.passed_over {
        output.say(&format!("{}: passed over; this is no sound file", path.display()));
    }
    match names::place(files.recordings, &target.lines)? {
        Recordings::Files(files) => {
            let cancel = &signals::catch();
            let how = How { replace: arguments.replace, cancel };
            say(output, &target, &target.import_files(&files, &how)?);
        }
        Recordings::Take(path) => import_take(arguments, &target, &path, output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn import_take(arguments: &Arguments, target: &Target, path: &Path, output: &Output) -> Result<()> {
    let recording = sound_file::take(path)?;
    let lines = expected_lines(arguments, target)?;
    let found = take::find(&recording, &lines, &arguments.skip)
        .map_err(|problems| differs(path, problems))?;
    output.result(&table(path, &lines, &found, recording.rate))?;
    if !arguments.yes && !agreed(output)? {
        return Ok(());
    }
    let cancel = &signals::catch();
    let how = How { replace: arguments.replace, cancel };
    let imported = target.import_take(path, &recording, (&lines, &found), &how)?;
    say(output, target, &imported);
    Ok(())
}

/// The lines that a take should have.
fn expected_lines(arguments: &Arguments, target: &Target) -> Result<Vec<Line>> {
    let named = |line: &Line| arguments.lines.as_ref().is_none_or(|l| l.contains(&line.number));
    let lines = target.lines.iter().filter(|line| named(line));
    let lines: Vec<Line> =
        lines.filter(|line| arguments.all || !target.has_clip(line)).cloned().collect();
    match lines.is_empty() {
        false => Ok(lines),
        true => Err(Error::NotImported {
            problems: vec!["no line of the script lacks a clip".to_owned()],
            help: "to record lines again, add --all --replace, and --lines for some of them"
                .to_owned(),
        }),
    }
}

fn differs(path: &Path, mut problems: Vec<String>) -> Error {
    if let Some(first) = problems.first_mut() {
        *first = format!("{}: {first}", path.display());
    }
    let help = "record a missing line into a file of its own and import that first; leave out \
                what is too many with --skip TIME; if the take has only some of the lines, add \
                --lines FROM-TO";
    Error::NotImported { problems, help: help.to_owned() }
}

/// Asks, where there is a terminal; elsewhere tells how to go on.
fn agreed(output: &Output) -> Result<bool> {
    if !io::stdin().is_terminal() {
        output.say("nothing was written; if the table is right, add --yes");
        return Ok(false);
    }
    output.say("Write these clips? [y/N]");
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .map_err(|error| Error::unreadable("standard input", &error))?;
    let agreed = matches!(answer.trim(), "y" | "Y" | "yes");
    if !agreed {
        output.say("nothing was written");
    }
    Ok(agreed)
}

/// One row for each line: where it is in the take, and how long it is and should be.
fn table(path: &Path, lines: &[Line], found: &[Found], rate: SampleRate) -> String {
    let longest = lines.iter().map(|line| line.id.len()).max().unwrap_or(0).max("prompt".len());
    let mut text = format!(
        "{}\n\n line  {:longest$}       at   lasts  expected  words\n",
        path.display(),
        "prompt"
    );
    for found in found {
        let line = &lines[found.line];
        let start = rate.duration_of(found.voice.start.since(crate::units::Position::START));
        let lasts = rate.duration_of(found.voice.length).as_secs_f64();
        let expected = found.expected.as_secs_f64();
        let strange = !(1.0 / STRANGE..STRANGE).contains(&(lasts / expected.max(0.01)));
        text += &format!(
            "{:5}  {:longest$}  {:>7}  {lasts:4.1} s  {expected:6.1} s{} {}\n",
            line.number,
            line.id,
            clock(start.as_secs_f64()),
            if strange { "?" } else { " " },
            shortened(&line.text, WORDS_SHOWN),
        );
    }
    text + "\n"
}

fn say(output: &Output, target: &Target, imported: &Imported) {
    for left in &imported.left {
        output.say(&format!("{}: left as it is; --replace replaces it", left.display()));
    }
    let missing = target.lines.iter().filter(|line| !target.has_clip(line));
    let missing = missing.filter(|line| !imported.written.contains(&line.id)).count();
    let written = imported.written.len();
    let clips = if written == 1 { "clip" } else { "clips" };
    output.say(&format!(
        "{}: {written} new {clips}; {missing} of {} lines have none yet",
        target.folder.display(),
        target.lines.len()
    ));
}

/// `1-40`, or `7` alone.
fn line_numbers(text: &str) -> std::result::Result<RangeInclusive<usize>, String> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    match (from.trim().parse(), to.trim().parse()) {
        (Ok(from), Ok(to)) if 0 < from && from <= to => Ok(from..=to),
        _ => Err("give the first and the last line, like 1-40".to_owned()),
    }
}

/// `1:23.4`, or `83.4` alone.
fn time(text: &str) -> std::result::Result<Duration, String> {
    let (minutes, seconds) = text.split_once(':').unwrap_or(("0", text));
    let seconds = seconds.parse::<f64>().ok().filter(|seconds| (0.0..1e6).contains(seconds));
    match (minutes.parse::<u32>(), seconds) {
        (Ok(minutes), Some(seconds)) => {
            Ok(Duration::from_secs(u64::from(minutes) * 60) + Duration::from_secs_f64(seconds))
        }
        _ => Err("give minutes and seconds, like 1:23.4".to_owned()),
    }
}
