//! Who may use whom: data flows one way, and nothing points back. That no crate below uses
//! one above, the compiler holds; here stand the rooms inside of them. A room of the engine
//! and the program's room of the same name, which gives it files, count as one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Each room of the house with the rooms it may use.
const MAY_USE: [(&str, &[&str]); 37] = [
    ("units", &[]),
    ("diagnostic", &[]),
    ("fade", &[]),
    ("body", &[]),
    ("files", &[]),
    ("text", &[]),
    ("tags", &[]),
    ("routine", &["body", "units", "diagnostic", "files", "text", "tags"]),
    ("manifest", &["routine", "body", "diagnostic"]),
    ("customise", &["routine", "body", "units", "diagnostic"]),
    ("timeline", &["routine", "body", "units", "diagnostic", "fade"]),
    ("tick", &["timeline", "routine", "units", "fade"]),
    ("chime", &["timeline", "units", "fade"]),
    ("bed", &["routine", "units", "fade"]),
    ("mix", &["timeline", "units"]),
    ("sidecar", &["timeline", "units"]),
    ("card", &["timeline", "routine", "body", "units"]),
    ("sound", &["routine", "units", "fade"]),
    ("take", &["units", "sound"]),
    // Another name for a part of it.
    ("riff", &["sound"]),
    ("error", &["diagnostic", "files", "units", "sound"]),
    ("cancel", &["error"]),
    ("atomic_file", &["error"]),
    (
        "voice",
        &[
            "manifest",
            "routine",
            "body",
            "units",
            "diagnostic",
            "files",
            "error",
            "atomic_file",
            "sound",
        ],
    ),
    (
        "recording",
        &[
            "cancel",
            "routine",
            "customise",
            "timeline",
            "voice",
            "units",
            "diagnostic",
            "error",
            "atomic_file",
            "fade",
            "take",
        ],
    ),
    ("wav", &["cancel", "mix", "timeline", "units", "error", "atomic_file", "sound"]),
    ("cover", &["card", "timeline", "voice", "error"]),
    ("provenance", &["tags", "cover", "timeline", "wav", "sound", "riff", "units", "error"]),
    (
        "verify",
        &[
            "sound",
            "text",
            "cancel",
            "mix",
            "provenance",
            "riff",
            "wav",
            "voice",
            "timeline",
            "units",
            "error",
        ],
    ),
    (
        "encode",
        &["tags", "cover", "timeline", "wav", "provenance", "units", "error", "atomic_file"],
    ),
    (
        "session",
        &[
            "tags",
            "cover",
            "files",
            "cancel",
            "routine",
            "customise",
            "timeline",
            "voice",
            "tick",
            "chime",
            "bed",
            "mix",
            "wav",
            "provenance",
            "verify",
            "encode",
            "units",
            "diagnostic",
            "error",
        ],
    ),
    ("broadcast", &["session", "provenance", "wav", "cancel", "units", "error"]),
    (
        "page",
        &[
            "card",
            "sidecar",
            "session",
            "timeline",
            "routine",
            "voice",
            "wav",
            "diagnostic",
            "units",
            "error",
        ],
    ),
    (
        "studio",
        &[
            "page",
            "session",
            "encode",
            "voice",
            "wav",
            "routine",
            "diagnostic",
            "files",
            "units",
            "cancel",
            "error",
        ],
    ),
    (
        "batch",
        &[
            "tags",
            "cover",
            "broadcast",
            "session",
            "encode",
            "provenance",
            "timeline",
            "voice",
            "wav",
            "routine",
            "text",
            "diagnostic",
            "files",
            "units",
            "riff",
            "cancel",
            "error",
            "atomic_file",
        ],
    ),
    (
        "cli",
        &[
            "tags",
            "riff",
            "cover",
            "broadcast",
            "batch",
            "files",
            "text",
            "studio",
            "page",
            "cancel",
            "riff",
            "session",
            "provenance",
            "verify",
            "card",
            "recording",
            "customise",
            "routine",
            "timeline",
            "voice",
            "wav",
            "sidecar",
            "encode",
            "units",
            "diagnostic",
            "error",
            "atomic_file",
        ],
    ),
    ("main", &["cli"]),
];

/// Where the rooms are: each a file or a folder there, or all of it one room.
const SOURCES: [(&str, Option<&str>); 8] = [
    ("crates/effleurage-core/src", None),
    ("crates/effleurage-card/src", Some("card")),
    ("crates/effleurage-sound/src", Some("sound")),
    ("crates/effleurage-take/src", Some("take")),
    ("crates/effleurage-engine/src", None),
    ("crates/effleurage-encode/src", Some("encode")),
    ("crates/effleurage-page/src", Some("page")),
    ("src", None),
];

#[test]
fn every_arrow_is_on_the_plan() {
    let mut strangers = Vec::new();
    for (folder, whole) in SOURCES {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for file in rust_files(&source) {
            let relative = file.strip_prefix(&source).unwrap();
            let room = whole.map_or_else(|| room(relative), str::to_owned);
            if room == "lib" {
                continue;
            }
            let known = MAY_USE.iter().find(|(name, _)| *name == room);
            let (_, may_use) = known.unwrap_or_else(|| panic!("{room} has no place in the plan"));
            let text = fs::read_to_string(&file).unwrap();
            let used = used_rooms(&text, if whole.is_some() { &[] } else { &["crate::"] });
            for used in used {
                if used != room && !may_use.contains(&used.as_str()) {
                    strangers.push(format!("{} uses {used}", relative.display()));
                }
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
                use crate::{\n    chime, routine::{x, y}, tick,\n};\nuse effleurage_core::fade;\n\
                effleurage_sound::x()";
    let expected = ["units", "mix", "wav", "error", "chime", "routine", "tick", "fade", "sound"];
    assert_eq!(used_rooms(text, &["crate::"]), expected.map(str::to_owned).into_iter().collect());
}

fn room(file: &Path) -> String {
    let first = file.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that `text` names, behind what its own crate is called and behind others.
fn used_rooms(text: &str, own: &[&str]) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    let whole = ["card", "sound", "encode", "page", "take"].into_iter();
    rooms.extend(
        whole.filter(|name| text.contains(&format!("effleurage_{name}::"))).map(str::to_owned),
    );
    let uses = own
        .iter()
        .chain(&["effleurage_core::", "effleurage_engine::"])
        .flat_map(|name| text.split(name).skip(1));
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
