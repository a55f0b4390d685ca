//! The Debian package: the program, its manual, completions, and the voices that it finds
//! when it runs. What goes where is told in the `Cargo.toml` of the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{files, voices};

/// Where what the program tells of itself is put, for `cargo deb`.
const STAGE: &str = "target/packaging";
/// Completions that Debian has a place for.
const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];
/// A Debian changelog; its first line has the version.
const CHANGELOG: &str = "packaging/changelog";

/// Builds the package, and tells where it is.
pub fn build(root: &Path, target: &Path) -> Result<String, String> {
    let version = concat!("effleurage (", env!("CARGO_PKG_VERSION"), "-");
    if !files::read_text(&root.join(CHANGELOG))?.starts_with(version) {
        return Err(format!("{CHANGELOG} does not begin with {version:?}; add an entry"));
    }
    cargo(root, &["build", "--release", "--locked", "--package", "effleurage"])?;
    let program = target.join("release/effleurage");
    let stage = root.join(STAGE);
    if stage.exists() {
        fs::remove_dir_all(&stage).map_err(|why| format!("{STAGE} cannot be emptied: {why}"))?;
    }
    manual(&program, &stage.join("man"))?;
    for shell in SHELLS {
        let script = told(&program, &["completions", shell])?;
        files::write(&stage.join(format!("effleurage.{shell}")), script.as_bytes())?;
    }
    others(root, &program, &stage.join("voices"))?;
    cargo(root, &["deb", "--no-build", "--locked"])
        .map_err(|why| format!("{why}; if it is missing: cargo install --locked cargo-deb"))?;
    Ok(format!("the package is in {}", target.join("debian").display()))
}

/// Writes the main page, and every page that it leads to.
fn manual(program: &Path, folder: &Path) -> Result<(), String> {
    let mut names = vec![String::new()];
    while let Some(name) = names.pop() {
        let words: Vec<&str> = ["man", &name].into_iter().filter(|word| !word.is_empty()).collect();
        let page = told(program, &words)?;
        // Such as `effleurage\-voice\-list(1)`.
        let plain = page.replace("\\-", "-");
        let named = plain.lines().filter_map(|line| line.strip_prefix("effleurage-"));
        names.extend(named.filter_map(|line| line.strip_suffix("(1)")).map(str::to_owned));
        let title = [&["effleurage"], &words[1..]].concat().join("-");
        files::write(&folder.join(title + ".1"), page.as_bytes())?;
    }
    Ok(())
}

/// Copies the voices that are not part of the program.
fn others(root: &Path, program: &Path, folder: &Path) -> Result<(), String> {
    let about = told(program, &["--version", "-v"])?;
    let line = about.lines().find_map(|line| line.strip_prefix("built in "));
    let line = line.ok_or("the program does not tell which voices are built in")?;
    let built_in: Vec<&str> = line.split(',').map(str::trim).collect();
    let clips = root.join("voice-clips");
    for voice in voices::folders(&clips)? {
        let name = files::relative(&clips, &voice);
        if built_in.contains(&name.as_str()) {
            continue;
        }
        for file in voices::files(&voice)? {
            let to = folder.join(&name).join(files::relative(&voice, &file));
            files::write(&to, &files::read(&file)?)?;
        }
    }
    Ok(())
}

/// What the program prints.
fn told(program: &Path, arguments: &[&str]) -> Result<String, String> {
    let run = Command::new(program).args(arguments).output();
    let run = run.map_err(|why| format!("{} cannot be started: {why}", program.display()))?;
    match (run.status.success(), String::from_utf8(run.stdout)) {
        (true, Ok(text)) => Ok(text),
        _ => Err(format!("effleurage {} failed", arguments.join(" "))),
    }
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").map_or(PathBuf::from("cargo"), PathBuf::from);
    let run = Command::new(cargo).args(arguments).current_dir(root).status();
    match run.map_err(|why| format!("cargo cannot be started: {why}"))?.success() {
        true => Ok(()),
        false => Err(format!("cargo {} failed", arguments.join(" "))),
    }
}
