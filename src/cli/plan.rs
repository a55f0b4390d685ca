//! `effleurage plan`: the cue sheet.

use std::path::PathBuf;

use super::output::Output;
use super::{PlanFormat, Planned};
use crate::error::{Error, Result};
use crate::routine::{Request, Vocabulary};
use crate::session::Session;
use crate::timeline::cue_sheet::{self, comparison};
use crate::timeline::{Timeline, document};

/// How wide a drawing is, in pixels; it can be scaled.
const DRAWN_WIDTH: u32 = 960;

#[derive(clap::Args)]
pub struct Arguments {
    /// A built-in routine (see `effleurage routines`), a file, or - for standard input
    routine: PathBuf,
    /// Show it beside this other routine, section by section
    #[arg(long, value_name = "ROUTINE")]
    compare: Option<PathBuf>,
    /// How to write it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: PlanFormat,
    #[command(flatten)]
    planned: Planned,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<()> {
    let spoken = &arguments.planned.spoken;
    let request = spoken.request(&arguments.routine)?;
    let pack = spoken.pack()?;
    let plan = |request: &Request<'_>| Session::plan(request, &pack, arguments.planned.rate);
    let session = plan(&request)?;
    output.warnings(&session.warnings);
    if let Some(other) = &arguments.compare {
        let other = plan(&Request { flags: Vec::new(), ..spoken.request(other)? })?;
        let timelines = [&session.timeline, &other.timeline];
        return compare(arguments, timelines, &pack.vocabulary, output);
    }
    let outcomes = session.outcomes(&request, &pack);
    let timeline = &session.timeline;
    match arguments.format {
        PlanFormat::Text => output.result(&cue_sheet::text(timeline, &outcomes, &pack.vocabulary)),
        PlanFormat::Json => output.result_with(|out| document::json(timeline, &outcomes, out)),
        PlanFormat::Csv => output.result_with(|out| cue_sheet::csv(timeline, out)),
        PlanFormat::Svg => output.result(&cue_sheet::svg(timeline, &pack.vocabulary, DRAWN_WIDTH)),
    }
}

/// The session that was asked for beside another, as that is written.
fn compare(
    arguments: &Arguments,
    sessions: [&Timeline; 2],
    vocabulary: &Vocabulary,
    output: &Output,
) -> Result<()> {
    let [first, second] = sessions;
    let own = if first.routine == second.routine {
        vocabulary.title("as asked")
    } else {
        first.routine.as_str()
    };
    let other = second.routine.as_str();
    let (first, second) = ((own, first), (other, second));
    match arguments.format {
        PlanFormat::Text => output.result(&comparison::text(first, second, vocabulary)),
        PlanFormat::Json => output.result_with(|out| comparison::json(first, second, out)),
        PlanFormat::Csv => output.result_with(|out| comparison::csv(first.1, second.1, out)),
        PlanFormat::Svg => Err(Error::Refused {
            path: PathBuf::from("a drawing of two sessions"),
            why: "a drawing shows one session".to_owned(),
            help: "draw each by itself, without --compare".to_owned(),
        }),
    }
}
