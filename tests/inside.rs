//! What a track carries behind its sound, read byte by byte as the specification says; and
//! the routine in it, which makes the same track again.

use std::fs;
use std::path::Path;

use crate::support::{self, built_in, copy_folder, effleurage, package, stderr, stdout};

/// Little-endian, as all of RIFF is ("Multimedia Programming Interface and Data
/// Specifications 1.0", IBM and Microsoft, 1991, chapter 2).
fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// The chunks in `bytes`: each a name, a size, a content and a zero where that is odd.
fn chunks(bytes: &[u8]) -> Vec<(&str, &[u8])> {
    let (mut rest, mut found) = (bytes, Vec::new());
    while !rest.is_empty() {
        let (name, size) = (std::str::from_utf8(&rest[..4]).unwrap(), u32_at(rest, 4));
        found.push((name, &rest[8..8 + size]));
        if size % 2 == 1 {
            assert_eq!(rest[8 + size], 0, "the padding of {name}");
        }
        rest = &rest[8 + size + size % 2..];
    }
    found
}

/// The chunks of a whole file.
fn wave(bytes: &[u8]) -> Vec<(&str, &[u8])> {
    assert_eq!((&bytes[..4], &bytes[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    assert_eq!(u32_at(bytes, 4), bytes.len() - 8, "the size of RIFF");
    chunks(&bytes[12..])
}

/// A text up to its zero, which is its last byte.
fn text(bytes: &[u8]) -> &str {
    assert_eq!(bytes.iter().position(|byte| *byte == 0), Some(bytes.len() - 1));
    std::str::from_utf8(&bytes[..bytes.len() - 1]).unwrap()
}

#[derive(Debug, PartialEq)]
struct Marker {
    at: usize,
    frames: usize,
    label: String,
}

/// The markers of a file: cue points with their labels and regions (chapter 3).
fn markers(cue: &[u8], adtl: &[u8]) -> Vec<Marker> {
    assert_eq!(&adtl[..4], b"adtl");
    let data = chunks(&adtl[4..]);
    let of = |kind: &str, id: usize| {
        let mut found = data.iter().filter(|(name, bytes)| *name == kind && u32_at(bytes, 0) == id);
        let (_, bytes) = found.next().unwrap();
        assert!(found.next().is_none(), "two {kind} of {id}");
        &bytes[4..]
    };
    assert_eq!(cue.len(), 4 + 24 * u32_at(cue, 0));
    assert_eq!(data.len(), 2 * u32_at(cue, 0));
    let points = cue[4..].chunks(24).zip(1..);
    let marker = |(point, id): (&[u8], usize)| {
        assert_eq!(u32_at(point, 0), id);
        assert_eq!((&point[8..12], u32_at(point, 12), u32_at(point, 16)), (&b"data"[..], 0, 0));
        assert_eq!(u32_at(point, 4), u32_at(point, 20), "one data chunk: both are the frame");
        let region = of("ltxt", id);
        assert_eq!((region.len(), &region[4..8]), (16, &b"rgn "[..]));
        let label = text(of("labl", id)).to_owned();
        Marker { at: u32_at(point, 20), frames: u32_at(region, 0), label }
    };
    points.map(marker).collect()
}

/// What `plan` says of the same track, in the order in which it happens.
fn planned(folder: &Path, arguments: &[&str]) -> Vec<Marker> {
    let arguments = [&["plan"], arguments, &["--format", "json"]].concat();
    let plan: serde_json::Value =
        serde_json::from_slice(&effleurage(folder, &arguments).stdout).unwrap();
    let marker = |value: &serde_json::Value, label: &str| Marker {
        at: value["at"].as_u64().unwrap() as usize,
        frames: value["frames"].as_u64().unwrap() as usize,
        label: value[label].as_str().unwrap().to_owned(),
    };
    let sections = plan["sections"].as_array().unwrap().iter().map(|s| marker(s, "title"));
    let prompts = plan["events"].as_array().unwrap().iter().filter(|e| e["track"] == "voice");
    let mut all: Vec<Marker> = sections.chain(prompts.map(|e| marker(e, "text"))).collect();
    all.sort_by_key(|marker| marker.at);
    all
}

#[test]
fn every_section_and_prompt_is_marked_where_it_is_planned() {
    let folder = tempfile::tempdir().unwrap();
    for flags in [&["--rate", "8000"][..], &["--rate", "11025", "--voice", "es", "--total", "7m"]] {
        let planned_flags = [&["self-short"], flags].concat();
        let flags =
            [&["render"], &planned_flags[..], &["--bits", "24", "-o", "track.wav"]].concat();
        assert!(effleurage(folder.path(), &flags).status.success());
        let file = fs::read(folder.path().join("track.wav")).unwrap();
        let chunks = wave(&file);
        let names: Vec<&str> = chunks.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["fmt ", "data", "cue ", "LIST", "LIST", "effl"]);
        let mut found = markers(chunks[2].1, chunks[3].1);
        // A step's first section is marked with the step's title, too.
        let expected = planned(folder.path(), &planned_flags);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter_mut().zip(&expected) {
            if let Some((_, title)) = found.label.split_once(": ")
                && title == expected.label
            {
                found.label = title.to_owned();
            }
        }
        assert_eq!(found, expected);
    }
}

#[test]
fn players_are_told_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        effleurage(folder.path(), &["render", "self-short", "--rate", "8000"]).status.success()
    );
    let file = fs::read(folder.path().join("self-short.wav")).unwrap();
    let (_, info) = wave(&file)[4];
    assert_eq!(&info[..4], b"INFO");
    let entries: Vec<(&str, &str)> =
        chunks(&info[4..]).into_iter().map(|(name, bytes)| (name, text(bytes))).collect();
    let version = concat!("effleurage ", env!("CARGO_PKG_VERSION"));
    let comment = "Voice en. Made from the routine self-short; `effleurage show` tells how.";
    let title = "Leg self-massage in six minutes";
    assert_eq!(entries, [("INAM", title), ("ICMT", comment), ("ISFT", version)]);
}

#[test]
fn plain_is_the_same_sound_and_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    for bits in ["16", "24", "32"] {
        let render = |name: &str, plain: &[&str]| {
            let track = ["render", "self-short", "--rate", "8000", "--bits", bits, "-o", name];
            assert!(effleurage(folder.path(), &[&track[..], plain].concat()).status.success());
            fs::read(folder.path().join(name)).unwrap()
        };
        let (full, plain) = (render("full.wav", &[]), render("plain.wav", &["--plain"]));
        assert_eq!(wave(&plain), wave(&full)[..2]);
    }
}

/// A track and the one that is made of what it says of itself, and all that both said.
fn twice(folder: &Path, arguments: &str) -> (Vec<u8>, Vec<u8>) {
    let run = |arguments: &str| {
        let output = effleurage(folder, &arguments.split(' ').collect::<Vec<_>>());
        assert!(output.status.success(), "{arguments}: {}", stderr(&output));
        output
    };
    let format =
        arguments.split_once(" --voice ").map_or(String::new(), |(_, v)| format!(" --voice {v}"));
    run(&format!("render {arguments} --rate 8000 -q -o one.wav"));
    let routine = stdout(&run("show one.wav --routine"));
    fs::write(folder.join("again.toml"), &routine).unwrap();
    run(&format!("render again.toml{format} --rate 8000 -q -o two.wav"));
    assert_eq!(stdout(&run("show two.wav --routine")), routine, "{arguments}");
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    (read("one.wav"), read("two.wav"))
}

#[test]
fn the_routine_inside_makes_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    copy_folder(&package("tests/changes"), &files);
    let own = "extends = \"extended.toml\"\nname = \"own\"\ntotal = \"9m\"\n[zones]\ncalf = \"80s\"\n\
               [pace]\nall = \"0.9x\"\n[techniques.odd-name]\ntitle = \"a \\\"quoted\\\" one\"\n\
               strokes_per_minute = 22.5\nticks = \"X.\"\nmotion = \"circle\"\n\
               pressure = \"light\"\nstrokes_per_pass = 3\n";
    fs::write(files.join("own.toml"), own).unwrap();
    let child = "extends = \"own.toml\"\nname = \"child\"\nremove = [\"knuckles\"]\n";
    fs::write(files.join("child.toml"), child).unwrap();
    let base = "extends = \"self\"\nname = \"base\"\n[zones]\nknuckles.calf = \"90s\"\n";
    fs::write(files.join("base.toml"), base).unwrap();
    let orphan = "extends = \"base.toml\"\nname = \"orphan\"\nremove = [\"knuckles\"]\n";
    fs::write(files.join("orphan.toml"), orphan).unwrap();
    let evening = fs::read_to_string(files.join("evening.toml")).unwrap();
    fs::write(files.join("waiting.toml"), evening + "\n[zones]\n# calf = \"2m\"\n").unwrap();
    let requests = [
        "orphan.toml",
        "orphan.toml --zone calf=3m",
        "waiting.toml --zone calf=60s",
        "waiting.toml --pace circles=22",
        "partner",
        "self",
        "self-short",
        "self-short --voice es",
        "self --total 15m",
        "self --zone calf=3m --zone left.thigh=30s --pace circles=18 --ticks wood",
        "self-short --zone thigh=off --legs right",
        "partner --gentle --talk brief --first right --count-in 3",
        "partner --talk ticks --i-know-the-warnings --halfway off --closing-cue off",
        "self --slow-down 10% --time-left 1m --bed rain --tick-level -3 --voice-level -2",
        "evening.toml",
        "evening.toml --total 5m --legs left",
        "calm.toml",
        "calm.toml --zone calf=70s --pace 1.1x",
        "extended.toml",
        "extended.toml --zone calf=off",
        "everything.toml",
        "everything.toml --total 8m --pace 0.9x",
        "own.toml",
        "own.toml --zone right.calf=40strokes --pace knuckles=24",
    ];
    for request in requests {
        let (one, two) = twice(&files, request);
        assert!(one == two, "{request}");
    }
}

#[test]
fn own_sounds_are_named_from_the_folder_of_the_routine() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["sub", "sub/deep", "sounds"] {
        fs::create_dir(path(name)).unwrap();
    }
    let run = |arguments: &str| {
        let output = effleurage(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        assert!(output.status.success(), "{arguments}: {}", stderr(&output));
        stdout(&output)
    };
    fs::copy(package("tests/clips/8000-8bit.wav"), path("sounds/tick.wav")).unwrap();
    fs::copy(package("tests/clips/8000-8bit.wav"), path("sub/tock.wav")).unwrap();
    let evening = fs::read_to_string(package("tests/changes/evening.toml")).unwrap();
    fs::write(path("sub/evening.toml"), evening.replacen("name", "ticks = \"tock.wav\"\nname", 1))
        .unwrap();
    let deep = "extends = \"../evening.toml\"\nname = \"deep\"\n";
    fs::write(path("sub/deep/deep.toml"), deep).unwrap();
    for (routine, flags, again, sound) in [
        ("sub/evening.toml", " --ticks sounds/tick.wav", "sub", "../sounds/tick.wav"),
        ("sub/deep/deep.toml", "", "sub/deep", "../tock.wav"),
        ("sub/evening.toml", " --legs left", "sub", "tock.wav"),
        ("sub/evening.toml", " --bed OFF", "sub", "tock.wav"),
    ] {
        run(&format!("render {routine}{flags} --rate 8000 -q -o {again}/one.wav"));
        let text = run(&format!("show {again}/one.wav --routine"));
        assert!(text.contains(&format!("ticks = \"{sound}\"\n")), "{text}");
        run(&format!("verify {again}/one.wav"));
        fs::write(path(again).join("again.toml"), text).unwrap();
        run(&format!("render {again}/again.toml --rate 8000 -q -o {again}/two.wav"));
        let read = |name: &str| fs::read(path(again).join(name)).unwrap();
        assert!(read("one.wav") == read("two.wav"), "{routine}{flags}");
    }
}

#[test]
fn a_routine_without_changes_comes_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        effleurage(folder.path(), &["render", "self-short", "--rate", "8000"]).status.success()
    );
    let shown = effleurage(folder.path(), &["show", "self-short.wav", "--routine"]);
    assert_eq!(stdout(&shown), built_in("self-short").text);
}

#[test]
fn show_tells_what_is_inside() {
    let folder = tempfile::tempdir().unwrap();
    let render = ["render", "self-short", "--voice", "es", "--rate", "8000", "--legs", "left"];
    assert!(effleurage(folder.path(), &render).status.success());
    let shown = stdout(&effleurage(folder.path(), &["show", "self-short.wav"]));
    support::assert_golden(&package("tests/golden/show.txt"), &shown);
    let plan = ["plan", "self-short", "--voice", "es", "--rate", "8000", "--legs", "left"];
    let plan = effleurage(folder.path(), &[&plan[..], &["--format", "json"]].concat());
    let json = effleurage(folder.path(), &["show", "self-short.wav", "--format", "json"]);
    assert!(stdout(&json) == stdout(&plan));
}

#[test]
fn what_says_nothing_is_told_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let render = ["render", "self-short", "--rate", "8000", "-o"];
    assert!(effleurage(folder.path(), &[&render[..], &["a.wav"]].concat()).status.success());
    let plain = [&render[..], &["plain.wav", "--plain"]].concat();
    assert!(effleurage(folder.path(), &plain).status.success());
    let mut bytes = fs::read(path("a.wav")).unwrap();
    let provenance = bytes.windows(8).rposition(|window| window.starts_with(b"effl")).unwrap();
    bytes[provenance + 200] ^= 1;
    fs::write(path("bad.wav"), bytes).unwrap();
    fs::write(path("text.wav"), "no sound").unwrap();
    fs::write(path("empty.wav"), "").unwrap();
    let says_nothing = "it says nothing of itself: another program made or changed it, or `render \
                        --plain`\nhelp: name a track as effleurage wrote it\n";
    let no_wav =
        "it is no WAV file\nhelp: name the WAV file of a track; its copies carry no plan\n";
    let damaged = "what it says of itself is damaged\nhelp: take a copy that was not changed, or \
                   make the track again\n";
    let missing = "no such file or directory\nhelp: check its name and the folder you are in\n";
    for (name, told) in [
        ("plain.wav", says_nothing),
        ("bad.wav", damaged),
        ("text.wav", no_wav),
        ("empty.wav", no_wav),
        ("none.wav", missing),
        (".", "it is a folder\nhelp: name a file\n"),
    ] {
        let shown = effleurage(folder.path(), &["show", name]);
        assert_eq!(stderr(&shown), format!("error: cannot read {name}: {told}"));
        assert_eq!(shown.status.code(), Some(3));
    }
}
