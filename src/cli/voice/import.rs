//! `effleurage voice import`.

use std::io::{self, IsTerminal};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::take_report::{Report, counted};
use crate::cli::output::Output;
use crate::cli::signals;
use crate::error::{Error, Result};
use crate::recording::import::{How, Imported, Target};
use crate::recording::listen::{self, Listener};
use crate::recording::names::{self, Recordings};
use crate::recording::sayings::Sayings;
use crate::recording::script::Line;
use crate::recording::take::{self, Found};
use crate::voice::sound_file;

/// More clips that stay are not told one by one.
const MOST_LEFT: usize = 3;

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
    /// Make clips of all lines of a long take that are sure, without asking
    #[arg(long)]
    yes: bool,
    /// This line is right although it is not sure: its prompt or number, or several with
    /// commas between (halfway,12,20-25); listen at its time in the take first
    #[arg(long, value_name = "LINE", value_delimiter = ',')]
    yes_to: Vec<String>,
    /// A program that recognises speech and prints the words of the file {wav}, like
    /// 'whisper-cli -nt -m MODEL -f {wav}': lines whose words it hears are sure; no shell runs it
    #[arg(long, value_name = "COMMAND", value_parser = listener)]
    listen: Option<(String, Listener)>,
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
        Recordings::Take(path) => return import_take(arguments, &target, &path, output),
    }
    Ok(ExitCode::SUCCESS)
}

fn import_take(
    arguments: &Arguments,
    target: &Target,
    path: &Path,
    output: &Output,
) -> Result<ExitCode> {
    let recording = sound_file::take(path)?;
    let (lines, wanted) = lines(arguments, target)?;
    let sayings = Sayings::in_language(&target.language, &target.folder);
    let mut reading = take::find(&recording, &lines, &sayings, &arguments.skip)
        .map_err(|(why, help)| differs(path, why, help))?;
    let idle = Arc::new(AtomicBool::new(true));
    let cancel = &signals::catch_unless(&idle);
    let heard = match &arguments.listen {
        None => Vec::new(),
        Some((_, listener)) => {
            idle.store(false, Ordering::Relaxed);
            let heard = listen::listen(listener, &recording, &lines, &mut reading, cancel);
            cancel.check()?;
            idle.store(true, Ordering::Relaxed);
            heard.map_err(|why| differs(path, &format!("--listen: {why}"), LISTEN_HELP))?
        }
    };
    let mut report = Report {
        path,
        command: &command(arguments, path),
        lines: &lines,
        wanted: &wanted,
        reading: &reading,
        heard: &heard,
        rate: recording.rate,
        yes_to: Vec::new(),
    };
    report.yes_to = report.named(&arguments.yes_to)?;
    output.result(&report.to_string())?;
    let chosen = chosen(arguments, &report, output)?;
    if chosen.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    idle.store(false, Ordering::Relaxed);
    let how = How { replace: arguments.replace, cancel };
    let imported = target.import_take(path, &recording, (&lines, &chosen), &how)?;
    say(output, target, &imported);
    let is_left = |found: &&Found| !chosen.contains(found);
    let sure = report.found().filter(|found| found.doubts.is_empty()).filter(is_left).count();
    if sure > 0 {
        output.say(&format!(
            "{} {} sure and {} not written; to write {}: {}",
            counted(sure, "line"),
            if sure == 1 { "is" } else { "are" },
            if sure == 1 { "was" } else { "were" },
            if sure == 1 { "it" } else { "them" },
            report.command("--yes")
        ));
    }
    match report.unsure().into_iter().filter(is_left).count() {
        0 => {}
        1 => output.say("1 line that is not sure was not written; the table tells why"),
        left => {
            output.say(&format!(
                "{left} lines that are not sure were not written; the table tells why"
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What helps where a program does not listen.
const LISTEN_HELP: &str = "try the command by itself, with a WAV file; or leave --listen out";

/// The lines that a take may have, and which of them are to have new clips. All of them are
/// looked for, since a take from which some were made already still has those.
fn lines(arguments: &Arguments, target: &Target) -> Result<(Vec<Line>, Vec<bool>)> {
    let named = |line: &&Line| arguments.lines.as_ref().is_none_or(|l| l.contains(&line.number));
    let lines: Vec<Line> = target.lines.iter().filter(named).cloned().collect();
    let is_wanted = |line: &Line| arguments.all || !target.has_clip(line);
    let wanted: Vec<bool> = lines.iter().map(is_wanted).collect();
    if wanted.contains(&true) {
        return Ok((lines, wanted));
    }
    Err(Error::NotImported {
        problems: vec!["no line of the script lacks a clip".to_owned()],
        help: "to record lines again, add --all --replace, and --lines for some of them".to_owned(),
    })
}

fn differs(path: &Path, why: &str, help: &str) -> Error {
    Error::NotImported {
        problems: vec![format!("{}: {why}", path.display())],
        help: help.to_owned(),
    }
}

/// The lines to be written: the sure ones after one yes, the others after one each.
fn chosen<'a>(
    arguments: &Arguments,
    report: &Report<'a>,
    output: &Output,
) -> Result<Vec<&'a Found>> {
    let yes_to = &report.yes_to;
    let (sure, unsure): (Vec<&Found>, Vec<&Found>) =
        report.found().partition(|found| found.doubts.is_empty());
    let asks = io::stdin().is_terminal();
    let mut chosen = Vec::new();
    let many = format!("Write the {} that are sure? [y/N]", counted(sure.len(), "clip"));
    if arguments.yes || (asks && !sure.is_empty() && agreed(output, &many)?) {
        chosen.extend(&sure);
    } else {
        chosen.extend(sure.iter().filter(|found| yes_to.contains(&found.line)));
    }
    for found in unsure {
        let question = format!("Is this right: {}? [y/N]", report.place(found));
        if yes_to.contains(&found.line) || (asks && !arguments.yes && agreed(output, &question)?) {
            chosen.push(found);
        }
    }
    if chosen.is_empty() && !sure.is_empty() {
        output.say(&format!(
            "nothing was written; {} {} sure; to write them: {}",
            counted(sure.len(), "line"),
            if sure.len() == 1 { "is" } else { "are" },
            report.command("--yes")
        ));
    } else if chosen.is_empty() {
        output.say("nothing was written; no line is sure");
    }
    Ok(chosen)
}

/// Whether a person says yes, at a terminal.
fn agreed(output: &Output, question: &str) -> Result<bool> {
    output.say(question);
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .map_err(|error| Error::unreadable("standard input", &error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn say(output: &Output, target: &Target, imported: &Imported) {
    match imported.left.as_slice() {
        left if left.len() > MOST_LEFT => output
            .say(&format!("{} clips are left as they are; --replace replaces them", left.len())),
        left => left.iter().for_each(|left| {
            output.say(&format!("{}: left as it is; --replace replaces it", left.display()));
        }),
    }
    for (prompt, fault) in &imported.faults {
        output.say(&format!("{prompt}: {fault}"));
    }
    let missing = target.lines.iter().filter(|line| !target.has_clip(line));
    let missing = missing.filter(|line| !imported.written.contains(&line.id)).count();
    output.say(&format!(
        "{}: {}; {missing} of {} lines have none yet",
        target.folder.display(),
        counted(imported.written.len(), "new clip"),
        target.lines.len()
    ));
}

/// The command as it was given, but for any yes: what is printed can be copied.
fn command(arguments: &Arguments, path: &Path) -> String {
    let quoted = |text: &str| match shlex::try_quote(text) {
        Ok(quoted) => quoted.into_owned(),
        Err(_) => text.to_owned(),
    };
    let path_of = |path: &Path| quoted(&path.to_string_lossy());
    let mut words = vec![
        "effleurage voice import".to_owned(),
        path_of(path),
        "--into".to_owned(),
        path_of(&arguments.into),
    ];
    let flags = [(arguments.replace, "--replace"), (arguments.all, "--all")];
    words.extend(flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| (*flag).to_owned()));
    if let Some(lines) = &arguments.lines {
        words.push(format!("--lines {}-{}", lines.start(), lines.end()));
    }
    words.extend(arguments.skip.iter().map(|time| format!("--skip {}", time.as_secs_f64())));
    if let Some((listen, _)) = &arguments.listen {
        words.push(format!("--listen {}", quoted(listen)));
    }
    words.join(" ")
}

fn listener(command: &str) -> std::result::Result<(String, Listener), &'static str> {
    Ok((command.to_owned(), Listener::parse(command)?))
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
    let is_clock = text.contains(':');
    match (minutes.parse::<u32>(), seconds) {
        (Ok(minutes), Some(seconds)) if !is_clock || seconds < 60.0 => {
            Ok(Duration::from_secs(u64::from(minutes) * 60) + Duration::from_secs_f64(seconds))
        }
        _ => Err("give minutes and seconds, like 1:23.4".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_one_that_a_clock_shows_or_a_number_of_seconds() {
        assert_eq!(time("1:23.4"), Ok(Duration::from_millis(83_400)));
        assert_eq!(time("0:59.9"), Ok(Duration::from_millis(59_900)));
        assert_eq!(time("159"), Ok(Duration::from_secs(159)));
        for text in ["1:99", "1:60", ":5", "1:", "-1", "1:-1", "nan", ""] {
            assert_eq!(
                time(text),
                Err("give minutes and seconds, like 1:23.4".to_owned()),
                "{text}"
            );
        }
    }
}
