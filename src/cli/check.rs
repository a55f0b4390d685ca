//! `effleurage check`: every mistake in every file, at once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use super::Spoken;
use super::output::Output;
use super::render::quiet_clip;
use crate::cancel::CancelToken;
use crate::diagnostic::Report;
use crate::error::{Error, Result};
use crate::session::Session;
use crate::units::{SampleRate, clock};
use crate::voice::Pack;
use crate::wav::Format;

#[derive(clap::Args)]
pub struct Arguments {
    /// Routine files, built-in routines, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    spoken: Spoken,
}

/// Checks all files and exits with 0 where `render` would make a track of every one
/// with its usual options, else with 1.
pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let pack = match arguments.spoken.pack() {
        Ok(pack) => pack,
        Err(error) => {
            output.error(&error);
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut all_good = true;
    for file in &arguments.files {
        let checked = check(file, &arguments.spoken, &pack);
        all_good &= checked.is_ok();
        output.result(&format!("{}: {}\n", file.display(), verdict(checked, output)))?;
    }
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A routine that can be rendered.
struct Checked {
    lasts: Duration,
    warnings: Report,
    quiet: Vec<String>,
}

fn check(file: &Path, spoken: &Spoken, pack: &Pack) -> Result<Checked> {
    let session = Session::plan(&spoken.request(file)?, pack, SampleRate::CD)?;
    let format = Format::usual(&session.timeline);
    let length = session.timeline.length();
    format.check_size(length)?;
    let warnings = session.warnings.clone();
    let quiet = Mutex::new(Vec::new());
    let tell = |path: &Path, missing| {
        // A poisoned list would mean that telling panicked, which it does not.
        if let Ok(mut quiet) = quiet.lock() {
            quiet.push(quiet_clip(path, missing));
        }
    };
    session.check_clips(&CancelToken::default(), &tell)?;
    let mut quiet = quiet.into_inner().unwrap_or_default();
    quiet.sort();
    Ok(Checked { lasts: format.rate.duration_of(length), warnings, quiet })
}

/// Says what is wrong, and sums it up.
fn verdict(checked: Result<Checked>, output: &Output) -> String {
    match checked {
        Ok(Checked { lasts, warnings, quiet }) => {
            output.warnings(&warnings);
            quiet.iter().for_each(|clip| output.say(clip));
            let warnings = counted(warnings.warnings() + quiet.len(), "warning");
            format!("no mistakes, {warnings}, lasts {}", clock(lasts))
        }
        Err(error) => {
            output.error(&error);
            match error {
                Error::Mistakes(report) => counted(report.errors(), "mistake"),
                _ => "cannot be rendered".to_owned(),
            }
        }
    }
}

fn counted(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        many => format!("{many} {what}s"),
    }
}
