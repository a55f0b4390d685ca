//! A voice of one's own, from outside: kit, speaking, checking.

use std::fs;
use std::path::Path;

use crate::support::{self, copy_folder, effleurage, package, stderr, stdout};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_kit_has_just_the_lines_that_are_needed_in_their_order() {
    let folder = folder();
    let made = effleurage(folder.path(), &["voice", "kit", "self-short", "-o", "mine"]);
    assert_eq!(
        stderr(&made),
        "mine: 25 lines to record; print script.html, read it out, then: effleurage voice import \
         RECORDING --into mine\n"
    );
    let manifest: toml::Table =
        toml::from_str(&read(&folder.path().join("mine/manifest.toml"))).unwrap();
    let prompts = manifest["prompts"].as_table().unwrap();
    assert_eq!(prompts.len(), 25);
    assert_eq!(prompts["zone-calf"].as_str(), Some("The calf."));
    let script = read(&folder.path().join("mine/script.md"));
    assert!(script.contains("1. **Please skip this massage if there are wounds"));
    assert!(script.contains(
        "`self-sit` · slowly and warmly, as to somebody who is about to rest · at most "
    ));
    let page = read(&folder.path().join("mine/script.html"));
    assert_eq!(page.matches("<tr>").count(), 25);
    let again = effleurage(folder.path(), &["voice", "kit", "self-short", "-o", "mine"]);
    assert_eq!(
        stderr(&again),
        "error: mine is not written: there is something of that name already\n\
         help: choose another folder with -o\n"
    );
    assert_eq!(again.status.code(), Some(2));
}

/// Whoever takes as long for each line as the script allows, and not one tenth less, can render:
/// what is allowed adds up to the places that the author pinned.
#[test]
fn lines_that_keep_their_limits_fit_together() {
    let folder = folder();
    fs::write(folder.path().join("pinned.toml"), PINNED).unwrap();
    for routine in ["self-short", "pinned.toml"] {
        let kit = ["voice", "kit", routine, "-o", "mine"];
        assert!(effleurage(folder.path(), &kit).status.success());
        let mine = folder.path().join("mine");
        let script = read(&mine.join("script.md"));
        let mut limits = 0;
        for row in script.lines().filter(|row| row.starts_with("   `")) {
            let id = row.split('`').nth(1).unwrap();
            let limit = row.split(" · at most ").nth(1);
            limits += usize::from(limit.is_some());
            let seconds = limit.map_or(0.5, |limit| duration(limit).as_secs_f64());
            let silent = || vec![0.0; 4_000];
            let tone = (0..(seconds * 16_000.0) as usize).map(|n| (n as f32 * 0.2).sin() * 0.3);
            let tone: Vec<f32> = tone.collect();
            wav(&mine.join(format!("{id}.wav")), [silent(), tone, silent()].concat().into_iter());
        }
        assert!(limits >= 3, "{script}");
        let render = ["render", routine, "--voice", "mine", "--rate", "8000", "-q", "-o", "x.wav"];
        let rendered = effleurage(folder.path(), &render);
        assert!(rendered.status.success(), "{routine}: {}", stderr(&rendered));
        fs::remove_dir_all(mine).unwrap();
    }
}

/// The words between the first pair of backquotes that begin with the program's name, or after
/// the last colon: the command that a message proposes.
fn proposed(told: &str) -> Vec<String> {
    let after = told.split_once("effleurage ").unwrap_or_else(|| panic!("{told}")).1;
    let command = after.split(['`', '\n']).next().unwrap();
    shlex::split(command).unwrap()
}

/// From a routine whose lines no voice has to a script with their words: each step is told by the
/// one before, and every command works as it stands.
#[test]
fn lines_of_an_author_s_own_find_their_way_into_a_voice() {
    let folder = folder();
    let own = PINNED.replace("\"doctor\"", "\"my-hello\"");
    fs::write(folder.path().join("my run.toml"), &own).unwrap();
    let run = |words: &[String]| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        effleurage(folder.path(), &words)
    };
    let check = effleurage(folder.path(), &["check", "my run.toml"]);
    assert_eq!(check.status.code(), Some(1));
    let told = stderr(&check);
    assert!(told.contains("the voice has no prompt called `my-hello`"), "{told}");
    let kit = proposed(&told);
    assert_eq!(kit, ["voice", "kit", "my run.toml"]);
    let made = run(&kit);
    assert!(made.status.success(), "{}", stderr(&made));
    let manifest = folder.path().join("my-voice/manifest.toml");
    let text = read(&manifest);
    assert!(text.contains("my-hello = \"\"\n"), "{text}");
    assert!(!folder.path().join("my-voice/script.md").exists());
    fs::write(&manifest, text.replace("my-hello = \"\"", "my-hello = \"Hello there.\"")).unwrap();
    let told = stderr(&made);
    assert!(told.starts_with("my-voice: 1 line has no words yet: my-hello; write it"), "{told}");
    let again = run(&proposed(&told));
    assert!(again.status.success(), "{}", stderr(&again));
    assert!(read(&folder.path().join("my-voice-script/script.md")).contains("**Hello there.**"));
    // What a track lacks then is told with the routine's own name.
    let render = ["render", "my run.toml", "--voice", "my-voice-script,en", "-o", "x.wav"];
    let lacks = stderr(&effleurage(folder.path(), &render));
    assert!(lacks.contains("has no clip for my-hello"), "{lacks}");
    let lacking = proposed(&lacks);
    assert_eq!(lacking, ["voice", "kit", "my run.toml", "--lacking", "my-voice-script,en"]);
    fs::rename(folder.path().join("my-voice"), folder.path().join("old")).unwrap();
    assert!(run(&lacking).status.success());
}

/// A routine in a voice of one's own is the beginning of another.
#[test]
fn a_routine_may_build_on_one_that_only_an_own_voice_says() {
    let folder = folder();
    let own = PINNED.replace("\"doctor\"", "\"my-hello\"");
    fs::write(folder.path().join("own.toml"), own).unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    let manifest = "format = \"effleurage-voice/1\"\nname = \"Mine\"\nlanguage = \"en\"\nspeaker = \"me\"\n\
                    licence = \"CC0-1.0\"\n[prompts]\nmy-hello = \"Hello.\"\n";
    fs::write(folder.path().join("mine/manifest.toml"), manifest).unwrap();
    let new = ["routines", "new", "evening", "--extends", "own.toml", "--voice", "mine"];
    let made = effleurage(folder.path(), &new);
    assert!(made.status.success(), "{}", stderr(&made));
    let command = proposed(&stderr(&made));
    assert_eq!(command, ["render", "evening.toml", "--voice", "mine"]);
    assert!(!effleurage(folder.path(), &new[..5]).status.success());
}

/// Places in which several lines share what is left beside ticks that count in, and chimes.
const PINNED: &str = r#"name = "pinned"
title = "Pinned"
for = "self"
count_in = 4

[techniques.circles]
title = "slow circles"
strokes_per_minute = 20
ticks = "X"
motion = "circle"
pressure = "light"
strokes_per_pass = 5

[[step]]
id = "safety"
title = "When not to do it"
lead_in = "20s"
say = ["contraindications", "doctor", "never-painful"]

[[step]]
id = "calves"
title = "Circles"
say = ["self-circles"]
legs = "left"
zones = [{ zone = "calf", technique = "circles", lasts = "50s", lead_in = "26s" }]

[closing]
lasts = "12s"
say = ["daily-care", "goodbye"]
"#;

/// `1s200ms`.
fn duration(text: &str) -> std::time::Duration {
    effleurage::routine::duration::parse(text).unwrap()
}

#[test]
fn what_a_voice_lacks_is_told_at_once_with_the_kit_for_it() {
    let folder = folder();
    let mine = folder.path().join("mine");
    copy_folder(&package("voice-clips/es"), &mine);
    for id in ["halfway", "goodbye", "zone-calf"] {
        fs::remove_file(mine.join(format!("{id}.opus"))).unwrap();
    }
    let manifest = read(&mine.join("manifest.toml"));
    let without: String = manifest
        .lines()
        .filter(|l| !l.starts_with("goodbye = "))
        .map(|l| l.to_owned() + "\n")
        .collect();
    fs::write(mine.join("manifest.toml"), without).unwrap();
    let render = effleurage(folder.path(), &["render", "self", "--voice", "mine"]);
    assert_eq!(
        stderr(&render),
        "error: the voice `mine` has no clip for goodbye, halfway, zone-calf\nhelp: let another \
         voice say them (--voice mine,en), or record them: `effleurage voice kit self \
         --lacking mine` makes the script for just those\n"
    );
    assert_eq!(render.status.code(), Some(1));
    let kit = ["voice", "kit", "self", "--lacking", "mine", "--voice", "es", "-o", "more"];
    assert!(effleurage(folder.path(), &kit).status.success());
    let script = read(&folder.path().join("more/script.md"));
    assert_eq!(script.matches("\n   `").count(), 3);
    let spanish: toml::Table =
        toml::from_str(&read(&package("voice-clips/es/manifest.toml"))).unwrap();
    let goodbye = spanish["prompts"]["goodbye"].as_str().unwrap();
    assert!(script.contains(&format!("**{goodbye}**")), "{script}");
}

#[test]
fn a_new_language_waits_for_its_words() {
    let folder = folder();
    assert!(effleurage(folder.path(), &["voice", "new", "fr"]).status.success());
    let manifest = read(&folder.path().join("fr/manifest.toml"));
    assert!(manifest.contains("# Halfway.\nhalfway = \"\"\n"));
    assert!(manifest.contains("\n\"Partner leg massage\" = \"\"\n"));
    // Nobody is asked to read out the names of lines.
    let kit = ["voice", "kit", "--all", "--voice", "./fr", "-o", "kit"];
    let refused = effleurage(folder.path(), &kit);
    assert_eq!(
        stderr(&refused),
        "error: kit is not written: ./fr has no words yet for any of 263 lines\n\
         help: write them in its manifest.toml, below [prompts]\n"
    );
    assert!(!folder.path().join("kit").exists());
    let half = manifest.replace("halfway = \"\"", "halfway = \"La moitié.\"");
    fs::write(folder.path().join("fr/manifest.toml"), half).unwrap();
    let made = effleurage(folder.path(), &kit);
    assert!(made.status.success(), "{}", stderr(&made));
    let script = read(&folder.path().join("kit/script.md"));
    assert!(script.contains("**La moitié.**") && !script.contains("goodbye"), "{script}");
    assert!(stderr(&made).contains(
        "warning: 262 lines are left out: ./fr has no words for them yet; write them in its \
         manifest.toml, below [prompts]\n"
    ));
    // Where one voice helps another out, that is told.
    let plan = effleurage(folder.path(), &["plan", "self-short", "--voice", "./fr,en"]);
    let note = "the voices speak several languages: en, fr";
    assert!(stdout(&plan).contains(note), "{}{}", stdout(&plan), stderr(&plan));
    let alone = effleurage(folder.path(), &["plan", "self-short", "--voice", "en-m,en"]);
    assert!(!stdout(&alone).contains("several languages"), "{}", stderr(&alone));
    let wrong = effleurage(folder.path(), &["voice", "new", "../fr"]);
    assert_eq!(
        stderr(&wrong),
        "error: ../fr is not written: this cannot be a language\nhelp: write it in short, like fr or pt-BR\n"
    );
}

#[test]
fn built_in_voices_have_nothing_to_mend() {
    for voice in ["en", "es"] {
        let check = effleurage(folder().path(), &["voice", "check", voice]);
        let table = stdout(&check);
        assert!(table.ends_with("263 prompts, 0 to mend\n"), "{table}");
        assert!(table.lines().all(|line| line.chars().count() <= 80));
        assert_eq!(check.status.code(), Some(0));
    }
}

fn wav(path: &Path, samples: impl Iterator<Item = f32>) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    samples.for_each(|sample| writer.write_sample((sample * 32_767.0) as i16).unwrap());
    writer.finalize().unwrap();
}

/// A murmur of `seconds` between silences of half a second.
fn murmur(amplitude: f32, seconds: f32) -> Vec<f32> {
    let voice = (0..(seconds * 16_000.0) as usize).map(|n| {
        let swell = 0.6 + 0.4 * (n as f32 * 0.002).sin();
        (amplitude * swell * (n as f32 * 0.15).sin() * 1.6).clamp(-1.0, 1.0)
    });
    let silence = || std::iter::repeat_n(0.0, 8_000);
    silence().chain(voice).chain(silence()).collect()
}

#[test]
fn a_check_tells_what_to_mend() {
    let folder = folder();
    let mine = folder.path().join("mine");
    fs::create_dir(&mine).unwrap();
    let manifest = "format = \"effleurage-voice/1\"\nname = \"Mine\"\nlanguage = \"en\"\nspeaker = \"me\"\n\
                    licence = \"CC0-1.0\"\n[prompts]\nhalfway = \"Halfway.\"\ngoodbye = \"Thank you.\"\n\
                    zone-calf = \"The calf.\"\nzone-knee = \"The knee.\"\nzone-thigh = \"The thigh.\"\n";
    fs::write(mine.join("manifest.toml"), manifest).unwrap();
    wav(&mine.join("halfway.wav"), murmur(0.3, 1.0).into_iter());
    wav(&mine.join("zone-calf.wav"), murmur(4.0, 1.0).into_iter());
    wav(&mine.join("zone-knee.wav"), murmur(0.3, 1.0).into_iter().skip(10_000));
    fs::write(mine.join("zone-thigh.wav"), "no sound").unwrap();
    wav(&mine.join("hallway.wav"), murmur(0.3, 1.0).into_iter());
    let check = effleurage(folder.path(), &["voice", "check", "mine"]);
    let table = stdout(&check);
    let after = |id: &str| {
        let mut lines = table.lines().skip_while(|line| !line.starts_with(id)).skip(1);
        lines.next().unwrap_or_default().trim().to_owned()
    };
    assert!(!after("halfway").contains(';'), "{table}");
    assert_eq!(after("goodbye"), "missing; record it, or let another voice say it");
    assert!(after("zone-calf").starts_with("too loud in "), "{table}");
    assert_eq!(after("zone-knee"), "begins in the middle; wait a second before you speak");
    assert!(after("zone-thigh").starts_with("this is no sound file that can be read; save it as"));
    assert!(
        table.contains(
            "hallway.wav: no prompt is called that; name it after one, or take it away\n"
        )
    );
    assert!(table.ends_with("\n5 prompts, 4 to mend, 1 files too many\n"), "{table}");
    assert_eq!(check.status.code(), Some(1));
}

/// `env` stands in for a program that speaks: it is told the words and makes the file.
#[cfg(unix)]
#[test]
fn a_program_may_say_what_is_missing() {
    let folder = folder();
    let manifest = "format = \"effleurage-voice/1\"\nname = \"Mine\"\nlanguage = \"en\"\nspeaker = \"me\"\n\
                    licence = \"CC0-1.0\"\n[prompts]\nhalfway = \"It's $HOME; `half` \\\"way\\\".\"\n\
                    zone-calf = \"The calf.\"\nto-come = \"\"\n";
    let mine = folder.path().join("mine");
    fs::create_dir(&mine).unwrap();
    fs::write(mine.join("manifest.toml"), manifest).unwrap();
    wav(&folder.path().join("said.wav"), murmur(0.3, 1.0).into_iter());
    let kept = murmur(0.2, 2.0);
    wav(&mine.join("zone-calf.wav"), kept.into_iter());
    let before = fs::read(mine.join("zone-calf.wav")).unwrap();
    let speak = |with: &str| {
        effleurage(folder.path(), &["voice", "speak", "mine", "--with", with, "--limit", "2s"])
    };
    let spoken = speak("env X={text} cp said.wav {out}");
    assert_eq!(stderr(&spoken), "halfway: spoken\n1 prompts spoken\n");
    assert!(before == fs::read(mine.join("zone-calf.wav")).unwrap(), "what is there stays");
    let marked: toml::Table = toml::from_str(&read(&mine.join("manifest.toml"))).unwrap();
    let mark = marked["spoken_by"]["halfway"].as_str();
    assert_eq!(mark, Some("env X={text} cp said.wav {out}"));
    let check = effleurage(folder.path(), &["voice", "check", "mine"]);
    assert!(stdout(&check).contains("halfway"));
    fs::remove_file(mine.join("halfway.wav")).unwrap();
    let cases = [
        ("cp {text}", "--with: it has no {out}, where the sound file goes"),
        ("env X={text}{out} sleep 9", "took longer than 2 s and was stopped"),
        ("no-such-program {text} {out}", "cannot be started"),
        ("cp {text} {out}", "failed (exit status: 1): cp: cannot stat"),
        ("env X={text}{out} true", "the program made no file"),
    ];
    for (with, why) in cases {
        let output = speak(with);
        assert!(stderr(&output).contains(why), "{with}: {}", stderr(&output));
        assert_eq!(output.status.code(), Some(2), "{with}");
        assert!(!mine.join("halfway.wav").exists(), "{with}");
    }
    let built_in =
        effleurage(folder.path(), &["voice", "speak", "en", "--with", "cp {text} {out}"]);
    assert!(stderr(&built_in).starts_with("error: en is not written: it is built in\n"));
}

/// One voice that is broken takes no other along.
#[test]
fn a_broken_voice_is_told_and_the_others_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("aa");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("manifest.toml"), "name = \"A\"\nname = \"B\"\n").unwrap();
    let mut list = support::program(folder.path());
    list.args(["voice", "list"]).env("EFFLEURAGE_VOICES", folder.path());
    let told = list.output().unwrap();
    assert!(told.status.success());
    let listed = String::from_utf8(told.stdout).unwrap();
    assert!(listed.starts_with("en\n") && listed.contains("\nes\n"), "{listed}");
    let errors = String::from_utf8(told.stderr).unwrap();
    assert!(errors.contains("aa/manifest.toml:2:1"), "{errors}");
}
