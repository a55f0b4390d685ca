//! `effleurage routines`: what is built in.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::input;
use super::output::Output;
use crate::error::{Error, Result, routine_word};
use crate::routine::name::{self, is_name};
use crate::routine::{builtin, template};
use crate::session::Session;
use crate::units::{SampleRate, clock};
use crate::voice::Cache;

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
    /// Write a file that builds on a routine, with a remark for all that can be changed
    New {
        /// The new routine's name; the file is called after it
        name: String,
        /// The routine to build on: a built-in one, or a file
        #[arg(long, default_value = "partner", value_name = "ROUTINE")]
        extends: String,
        /// The voice that is to speak it
        #[arg(long, default_value = "en", value_name = "VOICE")]
        voice: PathBuf,
    },
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<()> {
    match &arguments.action {
        Some(Action::Show { name }) => output.result(&input::built_in(name)?.text),
        Some(Action::New { name, extends, voice }) => new(name, extends, voice, output),
        None => output.result(&list()?),
    }
}

/// Writes `name.toml`, which nothing must be in the place of.
fn new(name: &str, extends: &str, voice: &Path, output: &Output) -> Result<()> {
    let path = PathBuf::from(format!("{name}.toml"));
    let refused = |why: &str, help: &str| Error::Refused {
        path: path.clone(),
        why: why.to_owned(),
        help: help.to_owned(),
    };
    if !is_name(name) {
        return Err(refused("this cannot be the name of a routine", name::HOW_TO_WRITE));
    }
    if builtin::source(name).is_some() {
        return Err(refused("a built-in routine is called that", "choose another name"));
    }
    let source = input::source(Path::new(extends))?;
    let pack = crate::voice::open(voice)?;
    let base = Session::read(&input::request(source, Vec::new()), &pack)?;
    let text = template(name, extends, &base);
    let mut file = File::options().write(true).create_new(true).open(&path).map_err(|error| {
        match error.kind() {
            io::ErrorKind::AlreadyExists => {
                refused("there is a file already", "choose another name")
            }
            _ => Error::Unwritable { path: path.clone(), why: error },
        }
    })?;
    let written = file.write_all(text.as_bytes());
    written.map_err(|error| Error::Unwritable { path: path.clone(), why: error })?;
    let spoken_by = match voice == Path::new("en") {
        true => String::new(),
        false => format!(" --voice {}", routine_word(&voice.to_string_lossy())),
    };
    output.say(&format!(
        "{}: written; make it yours, then: effleurage render {0}{spoken_by}",
        path.display()
    ));
    Ok(())
}

fn list() -> Result<String> {
    let pack = crate::voice::open("en".as_ref())?.remembering(Cache::of_user());
    let line = |name: &str| {
        let session = Session::plan(&input::built_in(name)?.into(), &pack, SampleRate::CD)?;
        let timeline = &session.timeline;
        let lasts = clock(timeline.sample_rate.duration_of(timeline.length()));
        Ok(format!("{name:<12}{lasts}  {}\n", timeline.title))
    };
    builtin::names().map(line).collect()
}
