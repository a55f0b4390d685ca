//! What people type, and all that they see.
//!
//! A file of `tests/changes` is a transcript: lines that begin with `$` are typed in a
//! folder with the `.toml` files that lie beside it; below each stands what is printed and
//! the exit code. To add a command, write its line and run the test with
//! `UPDATE_GOLDEN=1`.

use std::fs;
use std::path::Path;

use crate::support::{assert_golden, copy_folder, effleurage, package, stderr, stdout};

#[test]
fn every_change_does_what_its_transcript_shows() {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    copy_folder(&package("tests/changes"), &files);
    let mut commands = 0;
    for entry in fs::read_dir(package("tests/changes")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let written = fs::read_to_string(&path).unwrap();
            let typed: Vec<&str> = written.lines().filter_map(|l| l.strip_prefix("$ ")).collect();
            let shown: Vec<String> = typed.iter().map(|line| shown(&files, line)).collect();
            commands += typed.len();
            assert_golden(&path, &shown.join("\n"));
        }
    }
    assert!(commands >= 50, "only {commands} commands");
}

/// A command with what it prints and its exit code.
fn shown(folder: &Path, line: &str) -> String {
    let arguments: Vec<&str> = line.strip_prefix("effleurage ").unwrap().split(' ').collect();
    let output = effleurage(folder, &arguments);
    let code = output.status.code().unwrap();
    format!("$ {line}\n{}{}exit code {code}\n", stdout(&output), stderr(&output))
}
