//! Routine files with mistakes, each with the whole text that its author sees.
//!
//! A file `x.toml` in `tests/bad_routines` has its text in `x.txt` beside it. To add
//! one, write the routine and run the test with `UPDATE_GOLDEN=1`.

mod support;

use std::fs;
use std::path::PathBuf;

use support::{assert_golden, effleurage, package, stderr, stdout};

fn bad_routines() -> Vec<PathBuf> {
    let entries = fs::read_dir(package("tests/bad_routines")).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|file| file.extension().unwrap() == "toml").collect();
    files.sort();
    files
}

#[test]
fn every_mistake_is_explained_in_full() {
    let files = bad_routines();
    assert!(files.len() >= 20, "only {} files", files.len());
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let output = effleurage(file.parent().unwrap(), &["check", name]);
        let code = output.status.code().unwrap();
        let text = format!("{}{}exit code {code}\n", stderr(&output), stdout(&output));
        assert_golden(&file.with_extension("txt"), &text);
        assert_eq!(code == 0, name == "warnings-only.toml", "{name}");
    }
}

#[test]
fn render_and_plan_say_the_same_and_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for file in bad_routines() {
        let path = file.to_str().unwrap();
        if path.ends_with("warnings-only.toml") {
            continue;
        }
        for command in ["render", "plan"] {
            let output = effleurage(folder.path(), &[command, path]);
            assert_eq!(output.status.code(), Some(1), "{command} {path}");
            assert!(stderr(&output).starts_with("error: "), "{command} {path}");
            assert_eq!(stdout(&output), "");
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn no_cut_off_routine_panics() {
    let vocabulary = support::vocabulary();
    for name in ["partner", "self", "self-short"] {
        let text = support::built_in(name).text;
        for (end, _) in text.char_indices().step_by(7) {
            // Whatever comes of it, it comes as mistakes.
            let _ = effleurage::routine::read(&text[..end], &vocabulary);
        }
    }
}

#[test]
fn a_whole_day_of_mistakes_is_cut_short() {
    let text = "x = 1\n".replace("x", "k")
        + &(0..5_000).map(|n| format!("k{n} = 1\n")).collect::<String>();
    let mistakes = effleurage::routine::read(&text, &support::vocabulary()).unwrap_err();
    assert_eq!(mistakes.len(), 100);
}
