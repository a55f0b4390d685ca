//! `effleurage voice new`.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::atomic_file;
use crate::cli::output::Output;
use crate::error::{Error, Result};
use crate::recording::kit::to_translate;

#[derive(clap::Args)]
pub struct Arguments {
    /// The language, as in fr, de or pt-BR
    language: String,
    /// The folder to make; without it, called after the language
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let language = &arguments.language;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if language.is_empty() || language.len() > 35 || !language.chars().all(plain) {
        return Err(Error::Refused {
            path: PathBuf::from(language),
            why: "this cannot be a language".to_owned(),
            help: "write it in short, like fr or pt-BR".to_owned(),
        });
    }
    let folder = arguments.output.clone().unwrap_or_else(|| PathBuf::from(language));
    let english = crate::voice::open("en".as_ref())?;
    atomic_file::new_folder(&folder)?;
    // Titles are told by their English ones wherever they are translated.
    let spanish = crate::voice::open("es".as_ref())?;
    let text = to_translate(&english.source.text, &spanish.source.text, language);
    atomic_file::write_bytes(&folder.join("manifest.toml"), text.as_bytes())?;
    output.say(&format!(
        "{}: translate its manifest.toml, then: effleurage voice kit --all --voice {0}",
        folder.display()
    ));
    Ok(ExitCode::SUCCESS)
}
