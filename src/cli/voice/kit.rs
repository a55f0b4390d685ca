//! `effleurage voice kit`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;

use crate::atomic_file;
use crate::cli::input;
use crate::cli::output::Output;
use crate::diagnostic::Source;
use crate::error::{Error, Result, routine_word};
use crate::recording::kit::{Heading, html, manifest, markdown};
use crate::recording::length::usual_seconds;
use crate::recording::script::{Line, Script};
use crate::routine::{PromptId, Vocabulary};
use crate::session::Session;
use crate::timeline::outline::outline;
use crate::timeline::own_prompts;
use crate::units::Length;
use crate::voice::{self, Pack};

#[derive(clap::Args)]
pub struct Arguments {
    /// The routines to be spoken: built-in ones, or files
    #[arg(required_unless_present = "all")]
    routines: Vec<PathBuf>,
    /// The folder to make
    #[arg(short, long, default_value = "my-voice", value_name = "FOLDER")]
    output: PathBuf,
    /// Every line that there is, for all routines and changes
    #[arg(long)]
    all: bool,
    /// For which editions: any of these, with commas between
    #[arg(long, value_delimiter = ',', default_value = "full", value_name = "EDITIONS")]
    editions: Vec<Edition>,
    /// Only the lines for which this voice has no clip
    #[arg(long, value_name = "VOICE")]
    lacking: Option<PathBuf>,
    /// The voice whose words are to be read
    #[arg(long, default_value = "en", value_name = "VOICE")]
    voice: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Edition {
    /// Everything is said
    Full,
    /// Few words
    Brief,
    /// Nothing but warnings
    Ticks,
    /// Light circles instead of pressing
    Gentle,
}

impl Edition {
    fn flags(self) -> Vec<Source> {
        vec![match self {
            Edition::Full => Source::flag("--talk", "full"),
            Edition::Brief => Source::flag("--talk", "brief"),
            Edition::Ticks => Source::flag("--talk", "ticks"),
            Edition::Gentle => Source::flag("--gentle", ""),
        }]
    }
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let words = crate::voice::open(&arguments.voice)?;
    let own = own_lines(arguments, &words)?;
    let words = words.with_lines_to_come(&own);
    let (mut script, vocabulary) = script(arguments, &words)?;
    if let Some(lacking) = &arguments.lacking {
        let lacking = crate::voice::open(lacking)?;
        script.retain(|id| !lacking.has_clip(id));
    }
    // What has no words yet can be neither read out nor recorded.
    let all = script.len();
    script.retain(|id| vocabulary.contains(id));
    let untold = all - script.len();
    let own: Vec<&PromptId> = own.iter().filter(|id| vocabulary.text(id).is_empty()).collect();
    if untold > 0 && script.is_empty() {
        return Err(untranslated(arguments, untold));
    }
    let lines = script.lines(&vocabulary);
    if lines.is_empty() {
        output.say("nothing is missing: there is no line to record");
        return Ok(ExitCode::SUCCESS);
    }
    write(arguments, &words, &lines, own.is_empty())?;
    if !own.is_empty() {
        output.say(&to_write(arguments, &own));
        return Ok(ExitCode::SUCCESS);
    }
    output.say(&format!(
        "{}: {} lines to record; print script.html, read it out, then: effleurage voice import \
         RECORDING --into {0}",
        arguments.output.display(),
        lines.len()
    ));
    if untold > 0 {
        output.say(&format!(
            "warning: {untold} lines are left out: {} has no words for them yet; write them in its \
             manifest.toml, below [prompts]",
            arguments.voice.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The lines of the routines that no voice has words for.
fn own_lines(arguments: &Arguments, words: &Pack) -> Result<Vec<PromptId>> {
    let mut all = Vec::new();
    for routine in &arguments.routines {
        let request = input::request(input::source(routine)?, Vec::new());
        all.extend(Session::own_lines(&request, words)?);
    }
    Ok(all)
}

/// What to do where lines still have no words: write them, and make the script.
fn to_write(arguments: &Arguments, own: &[&PromptId]) -> String {
    let folder = arguments.output.display();
    let ids: Vec<&str> = own.iter().map(|id| id.as_str()).collect();
    let routines: Vec<String> =
        arguments.routines.iter().map(|name| routine_word(&name.to_string_lossy())).collect();
    let voice = routine_word(&arguments.output.to_string_lossy());
    let script = routine_word(&format!("{}-script", arguments.output.to_string_lossy()));
    let (has, it) = if ids.len() == 1 { ("line has", "it") } else { ("lines have", "them") };
    format!(
        "{folder}: {} {has} no words yet: {}; write {it} in its manifest.toml, between the quotes, \
         then make the script: effleurage voice kit {} --voice {voice} -o {script}",
        ids.len(),
        ids.join(", "),
        routines.join(" ")
    )
}

fn untranslated(arguments: &Arguments, lines: usize) -> Error {
    Error::Refused {
        path: arguments.output.clone(),
        why: format!("{} has no words yet for any of {lines} lines", arguments.voice.display()),
        help: "write them in its manifest.toml, below [prompts]".to_owned(),
    }
}

/// What is to be recorded, and the words for it.
fn script(arguments: &Arguments, words: &Pack) -> Result<(Script, Vocabulary)> {
    let mut script = Script::default();
    let mut vocabulary = words.vocabulary.clone();
    for routine in &arguments.routines {
        for edition in &arguments.editions {
            let request = input::request(input::source(routine)?, edition.flags());
            let routine = Session::read(&request, words)?;
            script.add(&outline(&routine, &words.vocabulary), |id| lasts(words, id));
            // Whichever zone comes first once others are left out.
            let own = own_prompts(&routine.body, &vocabulary);
            own.iter().for_each(|(id, _)| script.add_id(id));
            vocabulary = vocabulary.overlaid(own);
        }
    }
    if arguments.all {
        words.manifest.in_order().into_iter().for_each(|id| script.add_id(id));
    }
    Ok((script, vocabulary))
}

/// How long the voice takes for a prompt; or would, by its words.
fn lasts(words: &Pack, id: &str) -> Duration {
    let recording = words.clip(id).ok().flatten().and_then(|file| voice::recording(&file).ok());
    let usual = || Duration::from_secs_f64(usual_seconds(words.vocabulary.text(id)));
    recording.map_or_else(usual, |recording| {
        recording.rate.duration_of(Length(recording.samples.len() as u64))
    })
}

/// Writes the manifest, and the script where it can be read out.
fn write(arguments: &Arguments, words: &Pack, lines: &[Line], has_words: bool) -> Result<()> {
    let folder = &arguments.output;
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or("my voice");
    let heading =
        Heading { title: format!("Script of {name}"), language: words.manifest.language.clone() };
    atomic_file::new_folder(folder)?;
    let file =
        |name: &str, text: String| atomic_file::write_bytes(&folder.join(name), text.as_bytes());
    let mut written = file("manifest.toml", manifest(name, &words.manifest.language, lines));
    if has_words {
        written = written
            .and_then(|()| file("script.html", html(&heading, lines)))
            .and_then(|()| file("script.md", markdown(&heading, lines)));
    }
    written.map_err(|error| undone(folder, error))
}

/// Takes a folder away that could not be filled.
fn undone(folder: &std::path::Path, error: Error) -> Error {
    // It holds only what was just written; where even this fails, it stays.
    let _ = std::fs::remove_dir_all(folder);
    error
}
