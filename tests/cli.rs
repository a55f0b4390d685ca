//! The program from outside.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::support::{self, built_in, copy_folder, effleurage, package, program, stderr, stdout};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn json(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = effleurage(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Frames a second and frames, read from the file by a reader that is not ours.
fn read_wav(path: &Path) -> (u32, u32) {
    let reader = hound::WavReader::open(path).unwrap();
    (reader.spec().sample_rate, reader.duration())
}

#[test]
fn render_writes_the_routines_name_into_the_current_folder() {
    let folder = folder();
    let output = effleurage(folder.path(), &["render", "self-short"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output), "", "results of render are files");
    let line = stderr(&output);
    let start = "self-short.wav: 0:06:00.000, 15876000 frames, 31.8 MB, ";
    assert!(line.starts_with(start) && line.ends_with(" times faster than real time\n"), "{line}");
    assert_eq!(read_wav(&folder.path().join("self-short.wav")), (44_100, 360 * 44_100));
}

#[test]
fn the_file_is_as_long_as_the_plan_at_every_rate_and_depth() {
    let folder = folder();
    for (rate, bits, channels) in [("22050", "24", "2"), ("48000", "32", "1"), ("8000", "16", "1")]
    {
        let plan = json(folder.path(), &["plan", "self-short", "--format", "json", "--rate", rate]);
        let arguments = [
            "render",
            "self-short",
            "-o",
            "x.wav",
            "--rate",
            rate,
            "--bits",
            bits,
            "--channels",
            channels,
        ];
        assert!(effleurage(folder.path(), &arguments).status.success());
        let (read_rate, frames) = read_wav(&folder.path().join("x.wav"));
        assert_eq!(read_rate.to_string(), rate);
        assert_eq!(plan["frames"], frames);
        let sections = plan["sections"].as_array().unwrap();
        let sum: u64 = sections.iter().map(|section| section["frames"].as_u64().unwrap()).sum();
        assert_eq!(sum, u64::from(frames));
    }
}

#[test]
fn rendering_twice_or_into_a_stream_gives_the_same_bytes() {
    let folder = folder();
    let render = |target: &str| {
        effleurage(folder.path(), &["render", "self-short", "--rate", "8000", "-q", "-o", target])
    };
    assert!(render("a.wav").status.success() && render("b.wav").status.success());
    let bytes = fs::read(folder.path().join("a.wav")).unwrap();
    assert!(bytes == fs::read(folder.path().join("b.wav")).unwrap());
    let streamed = render("-");
    assert!(bytes == streamed.stdout);
    assert_eq!(stderr(&streamed), "");
}

/// A WAV file under the name of another format would mislead whatever plays it.
#[test]
fn a_name_that_is_no_sound_of_ours_is_refused() {
    let folder = folder();
    for name in ["x.mp4", "x.3gp", "x.webm", "x.tar.gz", "x.MOV"] {
        let made = effleurage(folder.path(), &["render", "self-short", "-o", name]);
        assert!(stderr(&made).contains("no track is such a file"), "{name}: {}", stderr(&made));
        assert!(!made.status.success() && !folder.path().join(name).exists());
    }
    let short = ["render", "self-short", "--rate", "8000", "-q", "-o"];
    for name in ["x", "x.WAV", "x.wave", "my.evening", "28.11.2026"] {
        let made = effleurage(folder.path(), &[&short[..], &[name]].concat());
        assert!(made.status.success(), "{name}: {}", stderr(&made));
    }
    let quoted = "o \"q\".wav";
    let made = effleurage(folder.path(), &[&short[..], &[quoted, "--also", "cue"]].concat());
    assert_eq!(
        stderr(&made),
        "error: o \"q\".wav is not written: a cue sheet names the track between quotation marks, \
         and its name has one\nhelp: give the track another name with -o, or leave the cue sheet \
         out\n"
    );
    assert!(!folder.path().join(quoted).exists());
}

/// 300 steps of one zone, each a chapter.
#[test]
fn chapters_that_a_copy_cannot_hold_are_told() {
    let folder = folder();
    let text = built_in("self-short").text;
    let (head, _) = text.split_once("[[step]]").unwrap();
    let step = |n: usize| {
        format!(
            "[[step]]\nid = \"s{n}\"\ntitle = \"Step {n}\"\nlegs = \"both\"\nzones = \
             [{{ zone = \"calf\", technique = \"circles\", lasts = \"4s\" }}]\n"
        )
    };
    let many: String = (0..300).map(step).collect();
    let text =
        format!("{head}{many}[closing]\n").replace("name = \"self-short\"", "name = \"many\"");
    fs::write(folder.path().join("many.toml"), text).unwrap();
    let made = effleurage(
        folder.path(),
        &["render", "many.toml", "--talk", "ticks", "--rate", "8000", "-o", "many.mp3"],
    );
    let told = stderr(&made);
    assert!(made.status.success(), "{told}");
    assert!(told.contains("warning: many.mp3 has 255 of "), "{told}");
    assert!(told.contains(" chapters, for such a file holds 255\n"), "{told}");
}

#[test]
fn the_json_plan_has_exactly_the_promised_keys() {
    let folder = folder();
    let plan = json(folder.path(), &["plan", "partner", "--bed", "rain", "--format", "json"]);
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let sorted = |words: &str| -> Vec<String> {
        let mut words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        words.sort();
        words
    };
    assert_eq!(
        keys(&plan),
        sorted("format routine title voice sample_rate frames sections events notes changes")
    );
    assert_eq!(plan["format"], "effleurage-plan/2");
    let of_all = "id title kind at frames";
    let of_zones = "id title kind at frames leg zone technique strokes strokes_per_minute";
    for section in plan["sections"].as_array().unwrap() {
        let expected = if section["kind"] == "zone" { of_zones } else { of_all };
        assert_eq!(keys(section), sorted(expected));
        let kinds = ["opening", "lead-in", "zone", "pause", "closing"];
        assert!(kinds.contains(&section["kind"].as_str().unwrap()));
    }
    for event in plan["events"].as_array().unwrap() {
        let expected = match event["track"].as_str().unwrap() {
            "voice" => "track at frames clip text",
            "tick" => "track at frames stroke sound accent",
            "chime" | "bed" => "track at frames sound",
            other => panic!("unknown track {other}"),
        };
        assert_eq!(keys(event), sorted(expected));
    }
    let ids: Vec<&str> =
        plan["sections"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"ankles.left.ankle"));
    let mut unique = ids.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), ids.len());
}

#[test]
fn a_routine_may_come_from_a_file_or_standard_input() {
    let folder = folder();
    let text = built_in("self-short").text.replace("name = \"self-short\"", "name = \"mine\"");
    fs::write(folder.path().join("mine.toml"), &text).unwrap();
    let output = effleurage(folder.path(), &["render", "mine.toml", "--rate", "8000"]);
    assert!(output.status.success() && folder.path().join("mine.wav").exists());
    let mut child = program(folder.path())
        .args(["plan", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (plan["routine"].as_str(), plan["frames"].as_u64()),
        (Some("mine"), Some(360 * 44_100))
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_not_matter() {
    let folder = folder();
    let text = format!("\u{feff}{}", built_in("self-short").text.replace('\n', "\r\n"));
    fs::write(folder.path().join("windows.toml"), text).unwrap();
    let output = effleurage(folder.path(), &["check", "windows.toml"]);
    assert_eq!(stdout(&output), "windows.toml: no mistakes, no warnings, lasts 0:06:00.000\n");
}

/// Arguments, exit code, and everything said.
#[test]
fn what_cannot_be_done_is_told() {
    let folder = folder();
    fs::write(folder.path().join("latin1.toml"), b"name = \"x\"\ntitle = \"F\xfc\xdfe\"\n")
        .unwrap();
    fs::write(folder.path().join("routine.toml"), built_in("self-short").text).unwrap();
    fs::write(folder.path().join("huge.toml"), "#".repeat((1 << 20) + 1)).unwrap();
    fs::create_dir_all(folder.path().join("empty/sub")).unwrap();
    let cases: [(&[&str], i32, &str); 11] = [
        (
            &["render", "partnr"],
            3,
            "error: cannot read partnr: no built-in routine and no file is called that\n\
             help: did you mean `partner`?\n",
        ),
        (
            &["plan", "yoga"],
            3,
            "error: cannot read yoga: no built-in routine and no file is called that\n\
             help: the built-in routines are `partner`, `self` and `self-short`\n",
        ),
        (
            &["render", "no/such.toml"],
            3,
            "error: cannot read no/such.toml: no such file or directory\n\
             help: check its name and the folder you are in\n",
        ),
        (
            &["render", "empty"],
            3,
            "error: cannot read empty: it is a folder\nhelp: name a routine file in it\n",
        ),
        (
            &["render", "latin1.toml"],
            3,
            "error: cannot read latin1.toml: line 2 is not UTF-8 text\nhelp: save the file as UTF-8\n",
        ),
        (
            &["render", "huge.toml"],
            3,
            "error: cannot read huge.toml: it is larger than 1 MiB\nhelp: name a routine file\n",
        ),
        (
            &["render", "self-short", "--voice", "nobody"],
            3,
            "error: cannot read nobody: no such file or directory\n\
             help: VOICES\n",
        ),
        (
            &["render", "self-short", "--voice", "empty"],
            3,
            "error: cannot read empty: there is no manifest.toml in it\n\
             help: VOICES\n",
        ),
        (
            &["render", "routine.toml", "-o", "routine.toml"],
            3,
            "error: cannot write routine.toml: the track is made from this file\n\
             help: write elsewhere with -o\n",
        ),
        (
            &["render", "self-short", "-o", "empty"],
            3,
            "error: cannot write empty: is a directory\nhelp: name a file in it: -o folder/track.wav\n",
        ),
        (
            &["render", "self-short", "-o", "none/x.wav"],
            3,
            "error: cannot write none/x.wav: no such file or directory\n\
             help: make the folder first, or write elsewhere with -o\n",
        ),
    ];
    for (arguments, code, text) in cases {
        let output = effleurage(folder.path(), arguments);
        let text = text.replace("VOICES", &support::what_a_voice_is());
        assert_eq!(stderr(&output), text, "{arguments:?}");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
    assert!(!folder.path().join("self-short.wav").exists());
    assert_eq!(
        fs::read_to_string(folder.path().join("routine.toml")).unwrap(),
        built_in("self-short").text
    );
}

#[test]
fn a_wrong_command_line_is_exit_code_2() {
    let folder = folder();
    for arguments in [
        &["render"][..],
        &["render", "self", "--rate", "7999"],
        &["render", "self", "--rate", "192001"],
        &["render", "self", "--rate", "fast"],
        &["render", "self", "--bits", "8"],
        &["render", "self", "--channels", "3"],
        &["plan", "self", "--format", "xml"],
        &["sing", "self"],
        &["man", "dance"],
        &["render", "self", "-q", "-v"],
        &[],
    ] {
        let output = effleurage(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!stderr(&output).contains("panicked"), "{arguments:?}");
    }
    let output = effleurage(folder.path(), &["render", "self", "--rate", "7999"]);
    let text = stderr(&output);
    assert!(
        text.contains("give frames a second from 8000 to 192000, like 44100 or 48000"),
        "{text}"
    );
}

#[test]
fn too_long_a_track_is_refused_before_rendering() {
    let folder = folder();
    let text = built_in("self-short").text.replace("lasts = \"30s\"", "lasts = \"10h\"");
    fs::write(folder.path().join("long.toml"), text).unwrap();
    let output = effleurage(folder.path(), &["render", "long.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stderr(&output),
        "error: the track is too large: 20:05:00.000 would take 5.9 GiB, and a WAV file holds 4 GiB\n\
         help: make it 13:31:35 at most, or use --rate 29000 or less\n"
    );
}

#[test]
fn check_looks_at_every_file() {
    let folder = folder();
    fs::write(folder.path().join("bad.toml"), "name = 5").unwrap();
    let output = effleurage(folder.path(), &["check", "bad.toml", "self", "gone.toml", "partner"]);
    assert_eq!(output.status.code(), Some(1));
    let verdicts = stdout(&output);
    let verdicts: Vec<&str> = verdicts.lines().collect();
    assert_eq!(
        (verdicts[0], verdicts[2]),
        ("bad.toml: 4 mistakes", "gone.toml: cannot be rendered")
    );
    assert!(verdicts[1].starts_with("self: no mistakes, no warnings, lasts 0:1"));
    assert!(verdicts[3].starts_with("partner: no mistakes, no warnings, lasts 0:1"));
    assert!(stderr(&output).contains("error: cannot read gone.toml: no such file or directory"));
    assert_eq!(
        effleurage(folder.path(), &["check", "self", "partner", "self-short"]).status.code(),
        Some(0)
    );
}

#[test]
fn routines_are_listed_and_shown() {
    let folder = folder();
    let list = stdout(&effleurage(folder.path(), &["routines"]));
    let names: Vec<&str> = list.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names, ["partner", "self", "self-short"]);
    assert!(list.contains("self-short  0:06:00.000  Leg self-massage in six minutes\n"), "{list}");
    for name in names {
        let shown = stdout(&effleurage(folder.path(), &["routines", "show", name]));
        assert_eq!(shown, fs::read_to_string(package(&format!("routines/{name}.toml"))).unwrap());
    }
}

#[test]
fn schema_completions_and_manual_are_printed() {
    let folder = folder();
    let schema = json(folder.path(), &["schema"]);
    assert_eq!(schema["title"], "effleurage routine");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = stdout(&effleurage(folder.path(), &["completions", shell]));
        assert!(script.contains("effleurage") && script.contains("routines"), "{shell}");
    }
    let manual = stdout(&effleurage(folder.path(), &["man"]));
    assert!(manual.contains(".TH effleurage 1") && manual.contains("Exit codes"));
    let manual = stdout(&effleurage(folder.path(), &["man", "render"]));
    assert!(manual.contains("timed to the frame"), "{manual}");
}

/// From the main page, every page that a page names is reached, and is its own.
#[test]
fn every_page_of_the_manual_that_is_named_is_there() {
    let folder = folder();
    let mut names = vec![String::new()];
    for n in 0.. {
        let Some(name) = names.get(n).cloned() else { break };
        let arguments: Vec<&str> =
            ["man", &name].into_iter().filter(|word| !word.is_empty()).collect();
        let output = effleurage(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let page = stdout(&output).replace("\\-", "-");
        let title = [&["effleurage"], &arguments[1..]].concat().join("-");
        assert!(page.contains(&format!(".TH {title} 1 ")), "{page}");
        let named = page.lines().filter_map(|line| line.strip_prefix("effleurage-"));
        names.extend(named.filter_map(|line| line.strip_suffix("(1)")).map(str::to_owned));
    }
    // The subcommands of this program that have some: `routines` and `voice`.
    assert!(names.iter().any(|name| name == "voice-kit"), "{names:?}");
    let help = stdout(&effleurage(folder.path(), &["man", "--help"]));
    let listed = help.split_once("[possible values: ").unwrap().1.split(']').next().unwrap();
    let listed: Vec<&str> = listed.split(',').map(str::trim).collect();
    let mut reached: Vec<&str> = names[1..].iter().map(String::as_str).collect();
    reached.sort_by_key(|name| listed.iter().position(|listed| listed == name));
    assert_eq!(listed, reached);
}

#[test]
fn the_version_names_what_the_program_is_made_of() {
    let folder = folder();
    let short = concat!("effleurage ", env!("CARGO_PKG_VERSION"), "\n");
    for arguments in [["-V", "-q"], ["--version", "-q"]] {
        assert_eq!(stdout(&effleurage(folder.path(), &arguments)), short);
    }
    let shelf = folder.path().join("shelf");
    fs::create_dir(&shelf).unwrap();
    copy_folder(&package("voice-clips/en"), &shelf.join("mine"));
    for arguments in [&["-V", "-v"][..], &["-v", "--version"], &["-vV"], &["-Vv"]] {
        let mut command = program(folder.path());
        command.args(arguments).env("EFFLEURAGE_VOICES", &shelf);
        command.env("XDG_CACHE_HOME", "/caches").env("XDG_DATA_HOME", "/data");
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let told = stdout(&output);
        let value = |name: &str| {
            let line = told.lines().find(|line| line.starts_with(name));
            line.unwrap_or_else(|| panic!("{name}: {told}"))[name.len()..].trim()
        };
        assert!(told.starts_with(short), "{told}");
        assert_eq!(value("commit "), "not noted while it is worked on");
        assert_eq!(value("features "), if cfg!(feature = "studio") { "studio" } else { "none" });
        assert_eq!(value("built in "), "en, es");
        assert_eq!(value("voices "), format!("mine in {}", shelf.display()));
        assert_eq!(value("cache "), "/caches/effleurage");
        let others = "others are looked for in $EFFLEURAGE_VOICES and /data/effleurage/voices";
        assert!(told.contains(others), "{told}");
        assert!(told.lines().count() <= 10, "{told}");
    }
}

#[test]
fn colours_and_bars_stay_out_of_pipes() {
    let folder = folder();
    fs::write(folder.path().join("bad.toml"), "name = 5").unwrap();
    for arguments in
        [&["plan", "self-short"][..], &["check", "bad.toml"], &["render", "self-short"]]
    {
        let output = effleurage(folder.path(), arguments);
        assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn standard_output_may_be_named_as_a_device() {
    let folder = folder();
    let piped = |target: &str| {
        let arguments = ["render", "self-short", "--rate", "8000", "-q", "--plain", "-o", target];
        effleurage(folder.path(), &arguments).stdout
    };
    let bytes = piped("-");
    assert_eq!(bytes.len(), 44 + 2 * 360 * 8_000);
    assert!(bytes == piped("/dev/stdout"));
}

#[test]
fn a_track_takes_the_place_of_no_clip_and_no_other_format() {
    let folder = folder();
    let voice = folder.path().join("voice");
    copy_folder(&package("voice-clips/en"), &voice);
    // A prompt that self-short does not say.
    let clip = voice.join("partner-lie.opus");
    let before = fs::read(&clip).unwrap();
    let target = "voice/partner-lie.opus";
    let output =
        effleurage(folder.path(), &["render", "self-short", "--voice", "voice", "-o", target]);
    assert_eq!(
        stderr(&output),
        "error: cannot write voice/partner-lie.opus: the track is made from this file\n\
         help: write elsewhere with -o\n"
    );
    assert!(before == fs::read(&clip).unwrap());
    let output = effleurage(folder.path(), &["render", "self-short", "-o", "x.ogg"]);
    assert_eq!(
        stderr(&output),
        "error: x.ogg is not written: no track is such a file\n\
         help: give it a name that ends in .wav, .flac, .mp3, .opus, .m4a or .m4b\n"
    );
    assert!(!folder.path().join("x.ogg").exists());
}

#[test]
fn bad_clips_are_all_named_at_once() {
    let folder = folder();
    let voice = folder.path().join("voice");
    copy_folder(&package("voice-clips/en"), &voice);
    for name in ["ticks.opus", "doctor.opus"] {
        fs::write(voice.join(name), "junk").unwrap();
    }
    let output = effleurage(folder.path(), &["check", "self-short", "--voice", "voice"]);
    let told = |name: &str| {
        format!(
            "error: cannot use the clip voice/{name}.opus: this is no sound file that can be read\n\
             help: save it as WAV, FLAC, MP3, Ogg Vorbis, Opus or M4A (AAC)\n"
        )
    };
    assert_eq!(stderr(&output), told("doctor") + &told("ticks"));
    assert_eq!(
        (stdout(&output).as_str(), output.status.code()),
        ("self-short: cannot be rendered\n", Some(1))
    );
}

#[cfg(unix)]
#[test]
fn a_reader_who_leaves_early_is_no_error() {
    for format in ["text", "json", "csv"] {
        let mut child = program(folder().path())
            .args(["plan", "partner", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{format}");
    }
}
