//! The README tells the truth.

mod support;

use std::fs;

use support::{copy_folder, effleurage, package, stdout};

fn readme() -> String {
    fs::read_to_string(package("README.md")).unwrap()
}

/// The blocks of the README in this language, in order.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let start = format!("```{language}\n");
    text.split(&start).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// The routine of this name that is shown.
fn routine(name: &str) -> String {
    let first = format!("name = \"{name}\"\n");
    blocks("toml").into_iter().find(|block| block.starts_with(&first)).unwrap()
}

#[test]
fn the_file_that_extends_is_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("my-evening.toml"), routine("my-evening")).unwrap();
    let check = effleurage(folder.path(), &["check", "my-evening.toml"]);
    assert_eq!(stdout(&check), "my-evening.toml: no mistakes, no warnings, lasts 0:20:00.000\n");
}

#[test]
fn the_routine_shown_becomes_the_cue_sheet_shown() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("evening.toml"), routine("evening")).unwrap();
    let plan = effleurage(folder.path(), &["plan", "evening.toml"]);
    assert_eq!(stdout(&plan), blocks("text")[0]);
}

#[test]
fn every_command_of_the_program_works() {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&package("voice-clips/en"), &folder.path().join("my-voice"));
    let blocks = blocks("sh");
    let lines = blocks.iter().flat_map(|block| block.lines());
    let mut run = 0;
    for line in lines {
        let command = line.split('#').next().unwrap().trim();
        let Some(arguments) = command.strip_prefix("effleurage ") else { continue };
        let (arguments, target) = match arguments.split_once(" > ") {
            Some((arguments, target)) => (arguments, Some(target)),
            None => (arguments, None),
        };
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let output = effleurage(folder.path(), &arguments);
        assert!(output.status.success(), "{line}: {}", support::stderr(&output));
        if let Some(target) = target {
            fs::write(folder.path().join(target), output.stdout).unwrap();
        }
        run += 1;
    }
    assert!(run >= 9, "only {run} commands found");
}

#[test]
fn the_map_of_the_source_names_every_room() {
    let text = readme();
    for entry in fs::read_dir(package("src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let shown = text.contains(&format!("`{name}`")) || text.contains(&format!("`{name}/`"));
        assert!(
            shown || ["lib.rs", "main.rs"].contains(&name.as_str()),
            "{name} is not on the map"
        );
    }
}
