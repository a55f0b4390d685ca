//! `cargo xtask web [FOLDER]`: the page as a folder that any static host serves.
//! `cargo xtask deb`: the Debian package.

mod deb;
mod files;
mod site;
mod voices;
mod wasm;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is said to whoever asks for something else.
const USAGE: &str = "\
usage: cargo xtask web [FOLDER]    (without it: target/web)
       cargo xtask deb             (into target/debian)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["web"] => web(&root, &target, &target.join("web")),
        ["web", folder] => web(&root, &target, Path::new(folder)),
        ["deb"] => deb::build(&root, &target),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
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

fn web(root: &Path, target: &Path, folder: &Path) -> Result<String, String> {
    site::write(root, wasm::build(root, target)?, folder)
}
