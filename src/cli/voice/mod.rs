//! `effleurage voice`: voices, and how to make one.

mod at_hand;
mod check;
mod import;
mod kit;
mod list;
mod new;
mod sample;
mod speak;
mod take_report;

#[cfg(feature = "studio")]
pub use at_hand::at_hand;

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
    /// Hear voices: one short track in which each says the same
    Sample(sample::Arguments),
    /// Make a recording kit: a script to read from, and an empty voice to fill
    Kit(kit::Arguments),
    /// Begin a voice in another language: a manifest to translate
    New(new::Arguments),
    /// Check a voice, clip by clip, and tell what to mend
    Check(check::Arguments),
    /// Let a speech program say what a voice lacks
    Speak(speak::Arguments),
    /// Make clips of what a phone recorded: a file for each line, or one long take
    Import(import::Arguments),
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    match &arguments.action {
        Action::List(arguments) => list::run(arguments, output),
        Action::Sample(arguments) => sample::run(arguments, output),
        Action::Kit(arguments) => kit::run(arguments, output),
        Action::New(arguments) => new::run(arguments, output),
        Action::Check(arguments) => check::run(arguments, output),
        Action::Speak(arguments) => speak::run(arguments, output),
        Action::Import(arguments) => import::run(arguments, output),
    }
}
