//! Makes the clips of a voice pack: every prompt of `manifest.toml` becomes a
//! FLAC file beside it.
//!
//! The way of one prompt, module by module:
//!
//! ```text
//! manifest ─► pronounce ─► speech ─► equaliser ─► trim ─► loudness ─► flac
//! (text)      (respelt)    (Pico)                        (-23 LUFS)  (bytes)
//!             └───────── sentence by sentence ─────────┘
//! ```
//!
//! `clip` walks this way, `pack` compares and writes the files. Nothing is
//! random and nothing runs in parallel, so the same texts give the same bytes.

mod arguments;
mod clip;
mod equaliser;
mod flac;
mod loudness;
mod manifest;
mod pack;
mod pronounce;
mod speech;
mod trim;
mod voice;
mod zeroed;

use std::process::ExitCode;

use anyhow::Result;

use arguments::{Action, Arguments};
use manifest::Manifest;

/// Frames per second of everything here: Pico knows no other rate.
const SAMPLE_RATE_HZ: u32 = 16_000;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode> {
    let Arguments { action, folders } = Arguments::parse(std::env::args_os().skip(1))?;
    if action == Action::Help {
        print!("{}", arguments::USAGE);
        return Ok(ExitCode::SUCCESS);
    }
    let mut wrong = 0;
    for folder in &folders {
        let manifest = Manifest::read(folder)?;
        println!("{}:", folder.display());
        match action {
            Action::Check => wrong += pack::check(folder, &manifest)?,
            _ => pack::write(folder, &manifest)?,
        }
    }
    Ok(ExitCode::from(u8::from(wrong > 0)))
}
