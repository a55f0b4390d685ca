//! `effleurage voice list`.

use std::path::PathBuf;
use std::process::ExitCode;

use super::at_hand::opened;
use crate::cli::output::Output;
use crate::error::Result;
use crate::routine::builtin;
use crate::session::Session;
use crate::voice::Pack;

#[derive(clap::Args)]
pub struct Arguments {
    /// Voices to list; without any, all that are at hand
    voices: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    for voice in opened(&arguments.voices, output)? {
        output.result(&told(&voice)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn told(pack: &Pack) -> Result<String> {
    let manifest = &pack.manifest;
    let clips: Vec<&str> = pack.vocabulary.ids().filter(|id| pack.has_clip(id)).collect();
    let mut text = format!(
        "{}\n  {}, {}\n  spoken by {}\n  licence {}\n  {} clips of {} prompts\n",
        pack.id,
        manifest.name,
        manifest.language,
        or_nobody(&manifest.speaker),
        or_nobody(&manifest.licence),
        clips.len(),
        pack.vocabulary.ids().count(),
    );
    for name in builtin::names() {
        text += &coverage(pack, name)?;
    }
    Ok(text + "\n")
}

fn or_nobody(text: &str) -> &str {
    if text.trim().is_empty() { "(not told)" } else { text }
}

/// How much of a built-in routine the voice can say.
fn coverage(pack: &Pack, name: &str) -> Result<String> {
    let Some(source) = builtin::source(name) else { return Ok(String::new()) };
    let prompts = Session::prompts(&source.into(), &crate::voice::open("en".as_ref())?)?;
    let said = prompts.iter().filter(|id| pack.has_clip(id)).count();
    let share = match said == prompts.len() {
        true => "complete".to_owned(),
        false => format!("{said} of {} prompts", prompts.len()),
    };
    Ok(format!("  {name:<12}{share}\n"))
}
