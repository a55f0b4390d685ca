//! The README tells the truth.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{self, effleurage, english, package, program, stdout};
use effleurage::voice;

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

/// What a person does between the commands: reads the lines of the kit `mine` out, in one
/// take and some of them again; and has a speech program, which here only hums.
#[cfg(unix)]
fn record(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let manifest = fs::read_to_string(folder.join("mine/manifest.toml")).unwrap();
    let (_, prompts) = manifest.split_once("\n[prompts]\n").unwrap();
    let lines = prompts.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.take_while(|line| !line.starts_with('['));
    let ids = lines.filter_map(|line| line.split_once(" = ")).map(|(id, _)| id);
    let spoken = |id: &str| {
        let clip = english().clip(id).unwrap().unwrap();
        let recording = voice::recording(&clip).unwrap();
        (recording.rate.hz(), recording.samples)
    };
    let (rate, calf) = spoken("zone-calf");
    let quiet = vec![0.0; 2 * rate as usize];
    let take: Vec<f32> = ids.flat_map(|id| [spoken(id).1, quiet.clone()].concat()).collect();
    wav(&folder.join("take.wav"), rate, &[quiet.clone(), take].concat());
    fs::create_dir_all(folder.join("phone")).unwrap();
    wav(&folder.join("phone/zone-calf.wav"), rate, &[&quiet[..], &calf, &quiet].concat());
    wav(&folder.join("hum.wav"), rate, &calf);
    let program = folder.join("espeak-ng");
    fs::write(&program, format!("#!/bin/sh\ncp {}/hum.wav \"$2\"\n", folder.display())).unwrap();
    fs::set_permissions(program, PermissionsExt::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
fn wav(path: &Path, rate: u32, samples: &[f32]) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for sample in samples {
        writer.write_sample((sample * 32_767.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

/// Whoever listens to the lines that are not sure, and finds them right, imports them, too.
#[cfg(unix)]
fn say_yes(folder: &Path, arguments: &[String], table: &str) {
    for row in table.lines().filter(|row| row.contains(" s? ")) {
        let number = row.split_whitespace().next().unwrap();
        let output = program(folder).args(arguments).args(["--yes-to", number]).output().unwrap();
        assert!(output.status.success(), "{}", support::stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn every_command_of_the_program_works() {
    let folder = tempfile::tempdir().unwrap();
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
        let arguments = shlex::split(arguments).unwrap();
        if arguments.join(" ").starts_with("voice import") {
            record(folder.path());
        }
        if arguments.first().is_some_and(|command| command == "batch") {
            let is_table = |block: &String| block.starts_with("# tracks.toml");
            let table = self::blocks("toml").into_iter().find(is_table).unwrap();
            fs::write(folder.path().join("tracks.toml"), table).unwrap();
        }
        if arguments.first().is_some_and(|command| command == "studio") {
            serves(folder.path(), &arguments);
            run += 1;
            continue;
        }
        let output = program(folder.path())
            .args(&arguments)
            .env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()))
            .output()
            .unwrap();
        assert!(output.status.success(), "{line}: {}", support::stderr(&output));
        if arguments.contains(&"--yes".to_owned()) {
            say_yes(folder.path(), &arguments, &support::stdout(&output));
        }
        if let Some(target) = target {
            fs::write(folder.path().join(target), output.stdout).unwrap();
        }
        run += 1;
    }
    assert!(run >= 9, "only {run} commands found");
}

/// It tells where the page is, and runs until it is told to end.
#[cfg(unix)]
fn serves(folder: &Path, arguments: &[String]) {
    let mut studio = program(folder).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(studio.stdout.take().unwrap()).read_line(&mut line).unwrap();
    // A machine without any network has no address for phones.
    let alone = arguments.contains(&"--lan".to_owned()) && line.is_empty();
    assert!(alone || line.contains("http://127.0.0.1:"), "{arguments:?}: {line}");
    Command::new("kill").args(["-INT", &studio.id().to_string()]).output().unwrap();
    assert!(studio.wait().unwrap().success() || alone);
}

#[test]
fn the_map_of_the_source_names_every_room() {
    let text = readme();
    let folders = ["src", "crates/effleurage-core/src", "crates/effleurage-engine/src"];
    for entry in folders.iter().flat_map(|folder| fs::read_dir(package(folder)).unwrap()) {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let shown = text.contains(&format!("`{name}`")) || text.contains(&format!("`{name}/`"));
        assert!(
            shown || ["lib.rs", "main.rs"].contains(&name.as_str()),
            "{name} is not on the map"
        );
    }
}
