//! `effleurage plan`: the cue sheet.

use std::path::PathBuf;

use super::output::Output;
use super::{PlanFormat, Planned, input};
use crate::error::Result;
use crate::session::Session;
use crate::timeline::cue_sheet;
use crate::voice::Pack;

#[derive(clap::Args)]
pub struct Arguments {
    /// A built-in routine (see `effleurage routines`), a file, or - for standard input
    routine: PathBuf,
    /// How to write it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: PlanFormat,
    #[command(flatten)]
    planned: Planned,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<()> {
    let source = input::source(&arguments.routine)?;
    let pack = Pack::open(&arguments.planned.spoken.voice)?;
    let session = Session::plan(&source, &pack, arguments.planned.rate)?;
    output.warnings(&session.warnings);
    let timeline = &session.timeline;
    match arguments.format {
        PlanFormat::Text => output.result(&cue_sheet::text(timeline)),
        PlanFormat::Json => output.result_with(|out| cue_sheet::json(timeline, out)),
        PlanFormat::Csv => output.result_with(|out| cue_sheet::csv(timeline, out)),
    }
}
