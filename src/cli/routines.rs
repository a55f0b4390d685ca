//! `effleurage routines`: what is built in.

use clap::Subcommand;

use super::input;
use super::output::Output;
use crate::error::Result;
use crate::routine::builtin;
use crate::session::Session;
use crate::units::{SampleRate, clock};
use crate::voice::Pack;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Print a routine's file, to copy
    Show {
        /// The routine's name
        name: String,
    },
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<()> {
    match &arguments.action {
        Some(Action::Show { name }) => output.result(&input::built_in(name)?.text),
        None => output.result(&list()?),
    }
}

fn list() -> Result<String> {
    let pack = Pack::open("en".as_ref())?;
    let line = |name: &str| {
        let session = Session::plan(&input::built_in(name)?, &pack, SampleRate::CD)?;
        let timeline = &session.timeline;
        let lasts = clock(timeline.sample_rate.duration_of(timeline.length()));
        Ok(format!("{name:<12}{lasts}  {}\n", timeline.title))
    };
    builtin::names().map(line).collect()
}
