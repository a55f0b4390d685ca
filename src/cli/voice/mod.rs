//! `effleurage voice`: voices, and how to make one.

mod list;

use std::process::ExitCode;

use clap::Subcommand;

use super::output::Output;
use crate::error::Result;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List voices: who speaks, and which routines they can speak
    List(list::Arguments),
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    match &arguments.action {
        Action::List(arguments) => list::run(arguments, output),
    }
}
