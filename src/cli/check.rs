//! `effleurage check`: every mistake in every file, at once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::Output;
use super::{Spoken, input};
use crate::error::{Error, Result};
use crate::session::Session;
use crate::units::{SampleRate, clock};
use crate::voice::Pack;
use crate::wav::{Bits, Channels, Format};

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
    let pack = match Pack::open(&arguments.spoken.voice) {
        Ok(pack) => pack,
        Err(error) => {
            output.error(&error);
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut all_good = true;
    for file in &arguments.files {
        let checked = check(file, &pack);
        all_good &= checked.is_ok();
        output.result(&format!("{}: {}\n", file.display(), verdict(checked, output)))?;
    }
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(file: &Path, pack: &Pack) -> Result<Session> {
    let format = Format { rate: SampleRate::CD, bits: Bits::Sixteen, channels: Channels::Mono };
    let session = Session::plan(&input::source(file)?, pack, format.rate)?;
    format.check_size(session.timeline.length())?;
    Ok(session)
}

/// Says what is wrong, and sums it up.
fn verdict(checked: Result<Session>, output: &Output) -> String {
    match checked {
        Ok(session) => {
            output.warnings(&session.warnings);
            let timeline = &session.timeline;
            let lasts = clock(timeline.sample_rate.duration_of(timeline.length()));
            let warnings = counted(session.warnings.warnings(), "warning");
            format!("no mistakes, {warnings}, lasts {lasts}")
        }
        Err(error) => {
            output.error(&error);
            match error {
                Error::Mistakes(report) => counted(report.errors(), "mistake"),
                _ => "cannot be used".to_owned(),
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
