//! `effleurage check`: every mistake in every file, at once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::Output;
use super::{Spoken, input};
use crate::error::{Error, Result};
use crate::session::Session;
use crate::units::{SampleRate, clock};
use crate::voice::Pack;

#[derive(clap::Args)]
pub struct Arguments {
    /// Routine files, built-in routines, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    spoken: Spoken,
}

/// Checks all files and exits with 0 where every one can be rendered, else with 1.
pub fn run(arguments: &Arguments, output: &Output) -> ExitCode {
    let checked = Pack::open(&arguments.spoken.voice).map(|pack| {
        let checks = arguments.files.iter().map(|file| check(file, &pack, output));
        checks.filter(Result::is_err).count() // every file, whatever became of those before
    });
    match checked {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            output.error(&error);
            ExitCode::FAILURE
        }
    }
}

fn check(file: &Path, pack: &Pack, output: &Output) -> Result<()> {
    let name = file.display();
    let planned =
        input::source(file).and_then(|source| Session::plan(&source, pack, SampleRate::CD));
    match planned {
        Ok(session) => {
            output.warnings(&session.warnings);
            let timeline = &session.timeline;
            let lasts = clock(timeline.sample_rate.duration_of(timeline.length()));
            let warnings = counted(session.warnings.warnings(), "warning");
            output.result(&format!("{name}: no mistakes, {warnings}, lasts {lasts}\n"))
        }
        Err(error) => {
            output.error(&error);
            if let Error::Mistakes(report) = &error {
                let mistakes = counted(report.errors(), "mistake");
                output.say(&format!(
                    "\n{name}: {mistakes}, {}\n",
                    counted(report.warnings(), "warning")
                ));
            }
            Err(error)
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
