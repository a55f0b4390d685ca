//! Who may use whom: data flows one way, and nothing points back.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Each room of the house with the rooms it may use.
const MAY_USE: [(&str, &[&str]); 24] = [
    ("units", &[]),
    ("diagnostic", &[]),
    ("error", &["diagnostic"]),
    ("target", &["error"]),
    ("fade", &[]),
    ("routine", &["units", "diagnostic"]),
    ("customise", &["routine", "units", "diagnostic"]),
    ("timeline", &["routine", "units", "diagnostic", "fade"]),
    ("voice", &["routine", "units", "diagnostic", "error", "target", "fade"]),
    (
        "recording",
        &[
            "routine",
            "customise",
            "timeline",
            "voice",
            "units",
            "diagnostic",
            "error",
            "target",
            "fade",
        ],
    ),
    ("tick", &["timeline", "routine", "units", "fade"]),
    ("chime", &["timeline", "units", "fade"]),
    ("bed", &["routine", "units", "fade"]),
    ("mix", &["timeline", "units"]),
    ("wav", &["units", "error", "target"]),
    ("riff", &["units"]),
    ("imprint", &["timeline", "riff", "error"]),
    ("verify", &["mix", "imprint", "riff", "wav", "voice", "timeline", "units", "error"]),
    ("card", &["timeline", "routine", "units", "error"]),
    ("beside", &["timeline", "units"]),
    ("copy", &["timeline", "wav", "units", "error", "target"]),
    (
        "session",
        &[
            "routine",
            "customise",
            "timeline",
            "voice",
            "tick",
            "chime",
            "bed",
            "mix",
            "wav",
            "imprint",
            "verify",
            "copy",
            "units",
            "diagnostic",
            "error",
        ],
    ),
    (
        "cli",
        &[
            "session",
            "imprint",
            "verify",
            "card",
            "recording",
            "customise",
            "routine",
            "timeline",
            "voice",
            "wav",
            "beside",
            "copy",
            "units",
            "diagnostic",
            "error",
            "target",
        ],
    ),
    ("main", &["cli"]),
];

#[test]
fn every_arrow_is_on_the_plan() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut strangers = Vec::new();
    for file in rust_files(&source) {
        let relative = file.strip_prefix(&source).unwrap();
        let room = room(relative);
        if room == "lib" {
            continue;
        }
        let known = MAY_USE.iter().find(|(name, _)| *name == room);
        let (_, may_use) = known.unwrap_or_else(|| panic!("{room} has no place in the plan"));
        let text = fs::read_to_string(&file).unwrap();
        for used in used_rooms(&text) {
            if used != room && !may_use.contains(&used.as_str()) {
                strangers.push(format!("{} uses {used}", relative.display()));
            }
        }
    }
    assert_eq!(strangers, Vec::<String>::new());
}

#[test]
fn the_plan_has_no_cycle() {
    // Every room uses only rooms that stand above it.
    let mut above = BTreeSet::new();
    for (room, may_use) in MAY_USE {
        for used in may_use {
            assert!(above.contains(used), "{room} uses {used}, which stands below it");
        }
        above.insert(room);
    }
}

#[test]
fn the_test_reads_what_it_should() {
    let text = "use crate::units::{A, B};\nuse crate::{mix, wav};\nlet x = crate::error::f();\n\
                use crate::{\n    chime, routine::{x, y}, tick,\n};";
    let expected = ["units", "mix", "wav", "error", "chime", "routine", "tick"];
    assert_eq!(used_rooms(text), expected.map(str::to_owned).into_iter().collect());
}

fn room(file: &Path) -> String {
    let first = file.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

fn used_rooms(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    let uses = text.split("crate::").skip(1);
    let also_main = text.split("effleurage::").skip(1).filter(|rest| rest.starts_with("cli"));
    for rest in uses.chain(also_main) {
        match rest.strip_prefix('{') {
            Some(list) => rooms.extend(top_level_names(list)),
            None => drop(rooms.insert(first_word(rest))),
        }
    }
    rooms
}

/// The first words of a list's entries, up to the brace that closes it.
fn top_level_names(list: &str) -> Vec<String> {
    let (mut depth, mut entry, mut names) = (0, String::new(), Vec::new());
    for character in list.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(std::mem::take(&mut entry)),
            other if depth == 0 => entry.push(other),
            _ => {}
        }
    }
    names.push(entry);
    names.iter().map(|name| first_word(name.trim())).filter(|name| !name.is_empty()).collect()
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn rust_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}
