//! Texts that somebody wrote to do harm: to a terminal, a spreadsheet, a reader. None comes
//! out as it was written.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::{copy_folder, effleurage, package};

/// What moves a cursor, renames a window, turns a line around, or ends one.
const HIDDEN: [char; 11] = [
    '\u{0}', '\r', '\u{7}', '\u{8}', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{202e}',
    '\u{2066}', '\u{2028}',
];

fn assert_plain(output: &Output, what: &str) {
    for bytes in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(!text.contains(HIDDEN), "{what}: {text:?}");
    }
}

fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

#[test]
fn no_text_of_a_routine_has_what_nobody_sees() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| effleurage(folder.path(), arguments);
    let routine = |title: &str, step: &str, region: &str, say: &str| {
        format!(
            "name = \"x\"\nextends = \"self-short\"\ntitle = \"{title}\"\n\
             [regions.arm]\ntitle = \"{region}\"\n\
             [[step]]\nid = \"more\"\ntitle = \"{step}\"\nsay = [\"{say}\"]\n"
        )
    };
    for hidden in HIDDEN {
        let escaped = format!("An \\U{:08X}]2;evil\\u0041", u32::from(hidden));
        for place in 0..4 {
            let texts: Vec<&str> =
                (0..4).map(|n| if n == place { escaped.as_str() } else { "halfway" }).collect();
            let text = routine(texts[0], texts[1], texts[2], texts[3]);
            fs::write(folder.path().join("x.toml"), text).unwrap();
            for command in ["check", "plan", "render", "card"] {
                let told = run(&[command, "x.toml"]);
                let what = format!("{command}, {}, {place}", code(hidden));
                assert_plain(&told, &what);
                assert_eq!(told.status.code(), Some(1), "{what}");
                let all = [told.stdout.as_slice(), &told.stderr].concat();
                let all = String::from_utf8(all).unwrap();
                let why = format!("a character that nobody sees stands here ({})", code(hidden));
                assert!(all.contains(&why), "{what}: {all}");
            }
        }
        // As it stands, and in flags; a flag cannot hold a zero.
        fs::write(folder.path().join("raw.toml"), format!("name = \"a{hidden}b\"\n# {hidden}\n"))
            .unwrap();
        assert_plain(&run(&["check", "raw.toml"]), &code(hidden));
        if hidden != '\0' {
            for (flag, value) in [("--zone", "calf=3m"), ("--bed", "sea.wav"), ("--total", "9m")] {
                let told = run(&["plan", "self", flag, &format!("{value}{hidden}")]);
                assert_plain(&told, flag);
                assert_eq!(told.status.code(), Some(2));
            }
        }
    }
}

#[test]
fn no_text_of_a_voice_has_what_nobody_sees() {
    let folder = tempfile::tempdir().unwrap();
    let voice = folder.path().join("voice");
    fs::create_dir(&voice).unwrap();
    let manifest = |name: &str, speaker: &str, prompt: &str, title: &str, key: &str| {
        format!(
            "format = \"effleurage-voice/1\"\nname = \"{name}\"\nlanguage = \"en\"\n\
             speaker = \"{speaker}\"\nlicence = \"CC0-1.0\"\n[prompts]\nhalfway = \"{prompt}\"\n\
             [titles]\n\"{key}\" = \"{title}\"\n"
        )
    };
    for hidden in HIDDEN {
        let escaped = format!("\\U{:08X}[2J", u32::from(hidden));
        for place in 0..5 {
            let texts: Vec<&str> =
                (0..5).map(|n| if n == place { escaped.as_str() } else { "calf" }).collect();
            let text = manifest(texts[0], texts[1], texts[2], texts[3], texts[4]);
            fs::write(voice.join("manifest.toml"), text).unwrap();
            for command in [
                &["voice", "list", "voice"][..],
                &["voice", "check", "voice"],
                &["voice", "kit", "self", "--lacking", "voice", "-o", "kit"],
                &["plan", "self", "--voice", "voice"],
            ] {
                let told = effleurage(folder.path(), command);
                assert_plain(&told, &format!("{command:?}, {}, {place}", code(hidden)));
                assert_ne!(told.status.code(), Some(0), "{command:?}, {}, {place}", code(hidden));
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn no_name_of_a_file_does_harm() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| effleurage(folder.path(), arguments);
    for hidden in HIDDEN.into_iter().filter(|c| *c != '\0') {
        let name = |ending: &str| format!("a{hidden}[2J{ending}");
        let (track, routine, voice, bed) =
            (name(".wav"), name(".toml"), name("-voice"), name("-bed.wav"));
        let short = ["self-short", "--rate", "8000"];
        let made =
            run(&[&["render"], &short[..], &["-o", &track, "--also", "vtt,mp3,csv"]].concat());
        assert_plain(&made, "render");
        assert!(made.status.success());
        fs::write(folder.path().join(&routine), "name = \"x\"\nextends = \"nothing\"\n").unwrap();
        copy_folder(&package("voice-clips/en"), &folder.path().join(&voice));
        fs::write(folder.path().join(&bed), "no sound").unwrap();
        for command in [
            &["render", "self-short", "--rate", "8000", "-o", &track, "--also", "cue"][..],
            &["show", &track],
            &["verify", &track],
            &["show", &routine],
            &["check", &routine],
            &["check", &name("-is-not-there.toml")],
            &["plan", &routine],
            &["plan", "self-short", "--voice", &voice],
            &["plan", "self-short", "--voice", &name("-no-voice")],
            &["plan", "self-short", "--bed", &bed],
            &["card", "self-short", "-o", &name(".txt")],
            &["card", "self-short", "-o", &name(".svg")],
            &["voice", "list", &voice],
            &["voice", "import", &bed, "--into", &voice],
            &["routines", "new", &name("")],
        ] {
            assert_plain(&run(command), &format!("{command:?}"));
        }
        fs::remove_dir_all(folder.path().join(&voice)).unwrap();
    }
}

/// What a spreadsheet would run is a text there.
#[test]
fn no_cell_of_a_table_is_run() {
    let folder = tempfile::tempdir().unwrap();
    for begins in ["=", "+", "-", "@", "  =", "＝"] {
        let text = format!(
            "name = \"x\"\nextends = \"self-short\"\n[[step]]\nid = \"more\"\n\
             title = \"{begins}HYPERLINK(1)\"\nsay = [\"halfway\"]\n"
        );
        fs::write(folder.path().join("x.toml"), text).unwrap();
        let table = effleurage(folder.path(), &["plan", "x.toml", "--format", "csv"]);
        let table = String::from_utf8(table.stdout).unwrap();
        assert!(table.contains(&format!(",'{begins}HYPERLINK(1),")), "{table}");
    }
    let plain = effleurage(folder.path(), &["plan", "self", "--format", "csv"]);
    assert!(!String::from_utf8(plain.stdout).unwrap().contains('\''), "apostrophes are seldom");
}

/// Markup in a title is text in what is drawn and told.
#[test]
fn no_title_is_markup() {
    let folder = tempfile::tempdir().unwrap();
    let title = "<script>alert(1)</script> & \\\"x\\\" --> y";
    let text = format!(
        "name = \"x\"\nextends = \"self-short\"\ntitle = \"{title}\"\n[[step]]\nid = \"more\"\n\
         title = \"{title}\"\nsay = [\"halfway\"]\n"
    );
    fs::write(folder.path().join("x.toml"), text).unwrap();
    let run = |arguments: &[&str]| effleurage(folder.path(), arguments);
    assert!(run(&["card", "x.toml", "-o", "card.svg"]).status.success());
    let also = "vtt,lrc,labels,chapters,cue,csv,json";
    assert!(run(&["render", "x.toml", "--rate", "8000", "--also", also]).status.success());
    let drawn = String::from_utf8(run(&["plan", "x.toml", "--format", "svg"]).stdout).unwrap();
    let card = read(&folder.path().join("card.svg"));
    let captions = read(&folder.path().join("x.vtt"));
    // What stands in a note is shown to nobody.
    let shown = captions.lines().filter(|line| !line.starts_with("NOTE"));
    for text in [drawn, card, shown.collect()] {
        assert!(!text.contains("<script"), "{text}");
    }
    // One cue of a caption has one arrow, between its times.
    let arrows = captions.lines().filter(|line| line.contains("-->"));
    assert!(arrows.clone().all(|line| line.matches("-->").count() == 1 && line.contains(':')));
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}
