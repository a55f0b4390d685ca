//! `effleurage voice list`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::output::Output;
use crate::error::Result;
use crate::routine::builtin;
use crate::session::Session;
use crate::units::{Length, clock};
use crate::voice::{self, Pack};

#[derive(clap::Args)]
pub struct Arguments {
    /// Voices to list; without any, those that are built in and those in this folder
    voices: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let voices = match arguments.voices.as_slice() {
        [] => at_hand(),
        named => named.to_vec(),
    };
    for voice in voices {
        output.result(&told(&Pack::open(&voice)?)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The built-in voices, and every folder here that has a manifest.
fn at_hand() -> Vec<PathBuf> {
    let here = fs::read_dir(".").into_iter().flatten().flatten().map(|entry| entry.path());
    let here = here.filter(|path| path.join("manifest.toml").is_file());
    let here: BTreeSet<PathBuf> =
        here.map(|path| path.strip_prefix(".").unwrap_or(&path).to_owned()).collect();
    Pack::built_in().map(PathBuf::from).chain(here).collect()
}

fn told(pack: &Pack) -> Result<String> {
    let manifest = &pack.manifest;
    let clips: Vec<&str> = pack.vocabulary.ids().filter(|id| pack.has_clip(id)).collect();
    let lasts = clips.iter().map(|id| lasts(pack, id)).sum::<Result<Duration>>()?;
    let mut text = format!(
        "{}\n  {}, {}\n  spoken by {}\n  licence {}\n  {} clips of {} prompts, {} in all\n",
        pack.id,
        manifest.name,
        manifest.language,
        or_nobody(&manifest.speaker),
        or_nobody(&manifest.licence),
        clips.len(),
        pack.vocabulary.ids().count(),
        clock(lasts).trim_end_matches(".000"),
    );
    for name in builtin::names() {
        text += &coverage(pack, name)?;
    }
    Ok(text + "\n")
}

fn or_nobody(text: &str) -> &str {
    if text.trim().is_empty() { "(not told)" } else { text }
}

fn lasts(pack: &Pack, id: &str) -> Result<Duration> {
    let Some(file) = pack.clip(id)? else { return Ok(Duration::ZERO) };
    let recording = voice::recording(&file)?;
    Ok(recording.rate.duration_of(Length(recording.samples.len() as u64)))
}

/// How much of a built-in routine the voice can say.
fn coverage(pack: &Pack, name: &str) -> Result<String> {
    let Some(source) = builtin::source(name) else { return Ok(String::new()) };
    let prompts = Session::prompts(&source.into())?;
    let said = prompts.iter().filter(|id| pack.has_clip(id)).count();
    let share = match said == prompts.len() {
        true => "complete".to_owned(),
        false => format!("{said} of {} prompts", prompts.len()),
    };
    Ok(format!("  {name:<12}{share}\n"))
}
