//! Routine files with mistakes, each with the whole text that its author sees.
//!
//! A file `x.toml` in `tests/bad_routines` has its text in `x.txt` beside it. To add
//! one, write the routine and run the test with `UPDATE_GOLDEN=1`.

use std::fs;
use std::path::PathBuf;

use crate::support::{self, assert_golden, effleurage, package, stderr, stdout};

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
            let cut = effleurage::diagnostic::Source::file("cut.toml", &text[..end]);
            effleurage::routine::read(&cut.into(), &vocabulary);
        }
    }
}

/// Files that a machine might make: each must be answered in a moment.
#[test]
fn heaps_of_mistakes_are_cut_short() {
    let circles = "[techniques.c]\nstrokes_per_minute = 20\nticks = \"X\"\nmotion = \"circle\"\n\
                   pressure = \"light\"\nstrokes_per_pass = 5\n";
    let head = format!("name = \"x\"\ntitle = \"X\"\nfor = \"self\"\n{circles}");
    let files = [
        (0..5_000).map(|n| format!("k{n} = 1\n")).collect::<String>(),
        "[[step]]\n".repeat(100_000),
        format!("{head}[[step]]\nid = \"a\"\ntitle = \"A\"\nsay = [{}]", "\"q\", ".repeat(160_000)),
        (0..40_000).map(|n| format!("[techniques.t{n}]\n")).collect(),
        format!("{head}[[step]]\nid = \"a\"\ntitle = \"A\"\nsay = [\"{}\"]", "q".repeat(1_000_000)),
        (0..7_500)
            .map(|n| {
                format!(
                    "[[step]]\nid = \"s{n}\"\ntitle = \"S\"\nsay = [\"doctor\"]\nlead_in = \"1s\"\n"
                )
            })
            .fold(head.clone(), |text, step| text + &step),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (n, text) in files.iter().enumerate() {
        let path = folder.path().join("heap.toml");
        fs::write(&path, text).unwrap();
        let output = effleurage(folder.path(), &["check", "heap.toml"]);
        assert_eq!(output.status.code(), Some(1), "file {n}");
        let said = stderr(&output);
        assert!(said.matches("error: ").count() <= 100, "file {n}");
        let longest = said.lines().map(str::len).max().unwrap();
        assert!(longest < 2_000 && said.len() < 100_000, "file {n}: {longest} of {}", said.len());
    }
}

/// Whoever extends a file that is right is told in their own file what is wrong since.
#[test]
fn what_an_extension_breaks_is_told_at_its_own_line() {
    let circles = "[techniques.circles]\ntitle = \"Slow\"\nstrokes_per_minute = 2\nticks = \"XXXXXXXXXXXXXXXX\"\n\
                   motion = \"circle\"\npressure = \"moderate\"\nstrokes_per_pass = 6\n";
    let cases: [(&str, &str); 5] = [
        ("remove = [\"bath\", \"safety\"]\n", "3:19"),
        ("[[step]]\nid = \"safety\"\ntitle = \"No\"\nsay = [\"halfway\"]\n", "4:6"),
        (
            "[[step]]\nid = \"oil\"\ntitle = \"Oil\"\nsay = [\"halfway\"]\n\n[[step]]\nid = \"safety\"\ntitle = \"No\"\n",
            "9:6",
        ),
        (circles, "3:13"),
        (
            "[techniques.knuckles]\ntitle = \"K\"\nstrokes_per_minute = 240\nticks = \"XXXXXXXXXXXXXXXX\"\nmotion = \"press\"\n\
          pressure = \"light\"\nstrokes_per_pass = 6\n",
            "",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (more, place) in cases {
        let text = format!("name = \"x\"\nextends = \"partner\"\n{more}");
        fs::write(folder.path().join("x.toml"), text).unwrap();
        // Also where another file stands between.
        fs::write(folder.path().join("y.toml"), "name = \"y\"\nextends = \"x.toml\"\n").unwrap();
        for file in ["x.toml", "y.toml"] {
            let told = effleurage(folder.path(), &["check", file]);
            let told = String::from_utf8([told.stdout, told.stderr].concat()).unwrap();
            assert!(!told.contains("--> partner.toml"), "{more}: {told}");
            assert!(told.contains(&format!("--> x.toml:{place}")), "{more}: {told}");
        }
    }
}

/// What a file in the middle says wrongly by itself is told where it says it.
#[test]
fn what_a_file_in_the_middle_says_wrongly_is_told_there() {
    let folder = tempfile::tempdir().unwrap();
    let middle = "name = \"x\"\nextends = \"partner\"\n[[step]]\nid = \"more\"\n\
                  title = \"More\"\nsay = [\"halfway\", \"nobody-says-this\"]\n";
    fs::write(folder.path().join("x.toml"), middle).unwrap();
    let own = "name = \"y\"\nextends = \"x.toml\"\nremove = [\"bath\"]\n";
    fs::write(folder.path().join("y.toml"), own).unwrap();
    let told = stderr(&effleurage(folder.path(), &["plan", "y.toml"]));
    assert!(told.contains("--> x.toml:6:19"), "{told}");
}

/// A large file that breaks many lines is answered in a moment, as a whole.
#[test]
fn a_file_of_many_parts_is_blamed_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let steps: String = (0..3_000)
        .map(|n| format!("[[step]]\nid = \"more-{n}\"\ntitle = \"More\"\nsay = [\"halfway\"]\n"))
        .collect();
    let text = format!("name = \"x\"\nextends = \"partner\"\nremove = [\"safety\"]\n{steps}");
    fs::write(folder.path().join("x.toml"), text).unwrap();
    let told = stderr(&effleurage(folder.path(), &["plan", "x.toml"]));
    assert!(told.contains("--> x.toml:2:11") && told.contains("since this"), "{told}");
}
