//! `cargo xtask web [FOLDER]`: the page as a folder that any static host serves.

mod files;
mod site;
mod wasm;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is said to whoever asks for something else.
const USAGE: &str = "usage: cargo xtask web [FOLDER]    (without it: target/web)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["web"] => None,
        ["web", folder] => Some(PathBuf::from(folder)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match web(folder) {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn web(folder: Option<PathBuf>) -> Result<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let engine = wasm::build(&root, &target)?;
    site::write(&root, engine, &folder.unwrap_or(target.join("web")))
}
