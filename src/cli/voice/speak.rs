//! `effleurage voice speak`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use crate::atomic_file;
use crate::cancel::CancelToken;
use crate::cli::output::Output;
use crate::cli::signals;
use crate::error::{Error, Result};
use crate::recording::clean::clean;
use crate::recording::mark;
use crate::recording::speak::Speaker;
use crate::recording::store::Staging;
use crate::routine::duration;
use crate::voice::decode;

#[derive(clap::Args)]
pub struct Arguments {
    /// The voice: a folder
    voice: PathBuf,
    /// The program that speaks, with {text} and {out} where the words and the file go, like
    /// 'espeak-ng -w {out} {text}'; no shell runs it
    #[arg(long, value_name = "COMMAND")]
    with: String,
    /// How long it may take for one prompt
    #[arg(long, default_value = "60s", value_name = "TIME", value_parser = time)]
    limit: Duration,
}

fn time(text: &str) -> std::result::Result<Duration, String> {
    duration::parse(text).map_err(|fault| format!("{}; {}", fault.message(text), fault.help(text)))
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let refused = |why: &str, help: &str| Error::Refused {
        path: arguments.voice.clone(),
        why: why.to_owned(),
        help: help.to_owned(),
    };
    let speaker = Speaker::parse(&arguments.with)
        .map_err(|why| refused(&format!("--with: {why}"), "like 'espeak-ng -w {out} {text}'"))?;
    let pack = crate::voice::open(&arguments.voice)?;
    let Some(folder) = pack.folder() else {
        return Err(refused("it is built in", "make one of your own: effleurage voice kit --all"));
    };
    let ids = pack.manifest.in_order();
    let missing: Vec<&str> =
        ids.into_iter().filter(|id| pack.vocabulary.contains(id) && !pack.has_clip(id)).collect();
    let mut manifest = pack.source.text.clone();
    let cancel = &signals::catch();
    for id in &missing {
        cancel.check()?;
        keep_spoken(&speaker, (id, pack.vocabulary.text(id)), arguments.limit, folder, cancel)?;
        manifest = mark::spoken_by(&manifest, id, &arguments.with)
            .map_err(|why| refused(&why, "mend its manifest.toml"))?;
        atomic_file::write_bytes(&folder.join("manifest.toml"), manifest.as_bytes())?;
        output.say(&format!("{id}: spoken"));
    }
    output.say(&format!("{} prompts spoken", missing.len()));
    Ok(ExitCode::SUCCESS)
}

/// Lets the program say `text`, and keeps that as the clip of `id` in the voice in
/// `folder`.
fn keep_spoken(
    speaker: &Speaker,
    (id, text): (&str, &str),
    limit: Duration,
    folder: &Path,
    cancel: &CancelToken,
) -> Result<()> {
    let failed = |why: String| Error::Refused {
        path: PathBuf::from(format!("{id}.wav")),
        why,
        help: "try the command by itself, with a text and a file".to_owned(),
    };
    let scratch = tempfile::tempdir().map_err(|error| failed(error.to_string()))?;
    let out = scratch.path().join(format!("{id}.wav"));
    let said = speaker.say(text, &out, limit, cancel);
    cancel.check()?;
    said.map_err(failed)?;
    let bytes = fs::read(&out).map_err(|_| failed("the program made no file".to_owned()))?;
    let fault = |fault| Error::BadClip { path: out.clone(), fault };
    let recording = decode::decode(&bytes).map_err(fault)?;
    let samples = clean(&recording).map_err(fault)?;
    let mut staging = Staging::new(folder)?;
    staging.clip(id, &samples, recording.rate, &[])?;
    staging.commit()
}
