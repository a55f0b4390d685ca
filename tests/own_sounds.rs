//! A person's own sounds for ticks and background, and their levels, from outside.

use std::f32::consts::TAU;
use std::fs;
use std::path::Path;

use crate::support::{self, effleurage, stderr};

/// Writes a mono WAV file of 16 bits at 44.1 kHz.
fn wav(path: &Path, samples: impl Iterator<Item = f32>) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for sample in samples {
        writer.write_sample((sample * 32_767.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

fn tone(hz: f32, amplitude: f32, seconds: f32) -> impl Iterator<Item = f32> {
    let frames = (seconds * 44_100.0) as usize;
    (0..frames).map(move |n| amplitude * (TAU * hz * n as f32 / 44_100.0).sin())
}

/// A folder with good and bad sound files.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let struck = tone(700.0, 0.8, 0.2).enumerate().map(|(n, x)| x * (-(n as f32) / 2_000.0).exp());
    wav(&file("tick.wav"), struck);
    wav(&file("sea.wav"), tone(200.0, 0.1, 9.0));
    wav(&file("long.wav"), tone(700.0, 0.5, 2.5));
    wav(&file("short.wav"), tone(200.0, 0.5, 0.5));
    wav(&file("silent.wav"), tone(200.0, 0.0, 1.5));
    wav(&file("hour.wav"), tone(200.0, 0.1, 301.0));
    fs::write(file("text.wav"), "no sound at all").unwrap();
    fs::write(file("empty.wav"), "").unwrap();
    folder
}

fn refusal(folder: &Path, flags: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["plan", "self-short"], flags].concat();
    let output = effleurage(folder, &arguments);
    assert!(output.stdout.is_empty());
    (output.status.code(), stderr(&output))
}

/// The samples of a track, between -1 and 1.
fn render(folder: &Path, flags: &[&str]) -> Vec<f32> {
    let common = ["render", "self-short", "--rate", "22050", "-q", "-o", "out.wav"];
    let output = effleurage(folder, &[&common, flags].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let mut reader = hound::WavReader::open(folder.join("out.wav")).unwrap();
    reader.samples::<i16>().map(|sample| f32::from(sample.unwrap()) / 32_768.0).collect()
}

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, sample| sample.abs().max(peak))
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32).sqrt()
}

fn decibels(ratio: f32) -> f32 {
    20.0 * ratio.log10()
}

#[test]
fn bad_sounds_are_explained() {
    let folder = folder();
    let told = |flags: &[&str]| refusal(folder.path(), flags).1;
    let convert = "save it as WAV, FLAC, MP3, Ogg Vorbis, Opus or M4A (AAC)";
    let again = "record it again, nearer to the microphone";
    let cases = [
        (["--ticks", "long.wav"], "a tick lasts two seconds at most", "cut it to one short sound"),
        (["--ticks", "text.wav"], "this is no sound file that can be read", convert),
        (["--ticks", "empty.wav"], "there is no sound in the file", again),
        (["--ticks", "silent.wav"], "the recording is silent", again),
        (["--bed", "silent.wav"], "the recording is silent", again),
        (["--bed", "text.wav"], "this is no sound file that can be read", convert),
        (["--bed", "short.wav"], "a background lasts a second at least", "take a longer recording"),
        (
            ["--bed", "hour.wav"],
            "a background lasts five minutes at most",
            "cut it; it is repeated without a seam for as long as needed",
        ),
        (
            ["--bed", "nothing.wav"],
            "no such file or directory",
            "check its name and the folder you are in",
        ),
    ];
    for (flags, why, help) in cases {
        assert_eq!(told(&flags), format!("error: {}: {why}; {help}\n", flags.join(" ")));
    }
    assert_eq!(refusal(folder.path(), &["--ticks", "long.wav"]).0, Some(2));
    let mine = "name = \"mine\"\nextends = \"self\"\nbed = \"sea.ogg\"\n";
    fs::write(folder.path().join("mine.toml"), mine).unwrap();
    let output = effleurage(folder.path(), &["check", "mine.toml"]);
    assert_eq!(
        stderr(&output),
        "error: no such file or directory\n --> mine.toml:3:7\n  |\n3 | bed = \"sea.ogg\"\n  \
         |       ^^^^^^^^^\n  |\n  = help: check its name and the folder you are in\n"
    );
}

#[test]
fn sounds_that_were_recorded_too_loud_are_told_and_used() {
    let folder = folder();
    let file = |name: &str| folder.path().join(name);
    let cut = |level: f32, seconds: f32| {
        tone(200.0, 4.0, seconds).map(move |sample| level * sample.clamp(-1.0, 1.0))
    };
    wav(&file("hot.wav"), cut(1.0, 2.0));
    // Turned down afterwards.
    wav(&file("hot-tick.wav"), cut(0.5, 0.1));
    let told = |places: usize| {
        format!(
            "the recording is too loud in {places} places, where its waves are cut off; record \
             it again with less gain, or further from the microphone\n"
        )
    };
    // Two for each of 200 waves a second.
    let (code, said) = plan(folder.path(), &["--bed", "hot.wav", "--ticks", "hot-tick.wav"]);
    assert_eq!(code, Some(0));
    let expected = [
        format!("warning: --bed hot.wav: {}", told(800)),
        format!("warning: --ticks hot-tick.wav: {}", told(40)),
    ];
    for line in expected {
        assert!(said.contains(&line), "{said}");
    }
    assert_eq!(plan(folder.path(), &["--bed", "sea.wav", "--ticks", "tick.wav"]).1, "");
    let mine = "name = \"mine\"\nextends = \"self\"\nbed = \"hot.wav\"\n";
    fs::write(file("mine.toml"), mine).unwrap();
    let output = effleurage(folder.path(), &["check", "mine.toml"]);
    assert!(output.status.success());
    let said = stderr(&output);
    assert!(said.contains("warning: the recording is too loud in 800 places"), "{said}");
    assert!(said.contains("--> mine.toml:3:7"), "{said}");
}

/// The exit code and the messages of a plan.
fn plan(folder: &Path, flags: &[&str]) -> (Option<i32>, String) {
    let output = effleurage(folder, &[&["plan", "self-short"], flags].concat());
    (output.status.code(), stderr(&output))
}

#[test]
fn a_track_never_takes_the_place_of_a_sound_that_it_is_made_from() {
    let folder = folder();
    let before = fs::read(folder.path().join("sea.wav")).unwrap();
    let output =
        effleurage(folder.path(), &["render", "self-short", "--bed", "sea.wav", "-o", "sea.wav"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        stderr(&output),
        "error: cannot write sea.wav: the track is made from this file\nhelp: write elsewhere with -o\n"
    );
    assert!(before == fs::read(folder.path().join("sea.wav")).unwrap());
}

#[test]
fn nor_of_a_file_that_it_extends() {
    let folder = folder();
    fs::create_dir(folder.path().join("base")).unwrap();
    let base = support::built_in("self-short").text;
    fs::write(folder.path().join("base/short.wav"), base).unwrap();
    let mine = "name = \"mine\"\nextends = \"base/short.wav\"\n";
    fs::write(folder.path().join("mine.toml"), mine).unwrap();
    let render = |target: &str| {
        effleurage(folder.path(), &["render", "mine.toml", "--rate", "8000", "-o", target])
    };
    assert!(stderr(&render("base/short.wav")).contains("the track is made from this file"));
    assert!(render("mine.wav").status.success());
}

#[test]
fn sounds_lie_beside_the_file_that_names_them() {
    let folder = folder();
    let routine = "name = \"mine\"\nextends = \"self-short\"\nticks = \"../tick.wav\"\nbed = \"../sea.wav\"\n";
    fs::create_dir(folder.path().join("routines")).unwrap();
    fs::write(folder.path().join("routines/mine.toml"), routine).unwrap();
    let output = effleurage(folder.path(), &["check", "routines/mine.toml"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let output = effleurage(&folder.path().join("routines"), &["check", "mine.toml"]);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn an_own_tick_stands_on_its_frame_at_the_level_of_all_ticks() {
    let folder = folder();
    let track = render(folder.path(), &["--ticks", "tick.wav", "--talk", "ticks"]);
    let first = {
        let plan = effleurage(
            folder.path(),
            &[
                "plan",
                "self-short",
                "--rate",
                "22050",
                "--ticks",
                "tick.wav",
                "--talk",
                "ticks",
                "--format",
                "json",
            ],
        );
        let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).unwrap();
        let events = plan["events"].as_array().unwrap();
        let tick = events.iter().find(|event| event["track"] == "tick").unwrap();
        tick["at"].as_u64().unwrap() as usize
    };
    assert!(peak(&track[first - 2_000..first]) == 0.0, "quiet before the first tick");
    // The loudest tick is at -13 dBFS.
    let loudest = decibels(peak(&track[first..first + 4_000]));
    assert!((loudest + 13.0).abs() < 0.3, "{loudest} dBFS");
}

#[test]
fn levels_move_what_they_name_and_nothing_else() {
    let folder = folder();
    // In this edition a tick sounds alone, and so does a word.
    let usual = render(folder.path(), &["--talk", "ticks"]);
    let ticks = render(folder.path(), &["--talk", "ticks", "--tick-level", "-6"]);
    let voice = render(folder.path(), &["--talk", "ticks", "--voice-level", "-6"]);
    let word = 22_050..22_050 * 6;
    let stroking = 22_050 * 60..22_050 * 70;
    let change = |range: &std::ops::Range<usize>, other: &[f32]| {
        decibels(rms(&other[range.clone()]) / rms(&usual[range.clone()]))
    };
    assert!((change(&stroking, &ticks) + 6.0).abs() < 0.05, "{}", change(&stroking, &ticks));
    assert!(change(&word, &ticks).abs() < 0.01, "{}", change(&word, &ticks));
    assert!((change(&word, &voice) + 6.0).abs() < 0.2, "{}", change(&word, &voice));
    assert!(change(&stroking, &voice).abs() < 0.01, "{}", change(&stroking, &voice));
}

#[test]
fn a_bed_fills_what_was_quiet_and_ends_in_nothing() {
    let folder = folder();
    for bed in ["rain", "brown", "waves", "pad", "sea.wav"] {
        let track = render(folder.path(), &["--talk", "ticks", "--bed", bed]);
        // Between the words of the warnings and the first ticks nothing else sounds.
        let quiet = &track[22_050 * 26..22_050 * 27];
        let level = decibels(rms(quiet));
        assert!((-50.0..-35.0).contains(&level), "{bed}: {level} dB");
        let last = &track[track.len() - 20..];
        assert!(peak(last) < 1e-3 && peak(&track[..20]) < 1e-2, "{bed}");
    }
}

/// A track is verified wherever it lies, and its sounds wherever they lie.
#[test]
fn sounds_that_moved_are_found_or_told() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let run = |arguments: &[&str]| effleurage(folder.path(), arguments);
    // However they are named.
    let flags = ["--rate", "8000", "--ticks", "./tick.wav", "--bed", "sea.wav", "-o", "track.wav"];
    assert!(run(&[&["render", "self-short"], &flags[..]].concat()).status.success());
    for name in ["away", "sounds"] {
        fs::create_dir(at(name)).unwrap();
    }
    fs::rename(at("track.wav"), at("away/track.wav")).unwrap();
    // In the folder that one is in; then beside the track; then nowhere; then where it is told.
    assert!(run(&["verify", "away/track.wav"]).status.success());
    for name in ["tick.wav", "sea.wav"] {
        fs::rename(at(name), at("away").join(name)).unwrap();
    }
    assert!(run(&["verify", "away/track.wav"]).status.success());
    for name in ["tick.wav", "sea.wav"] {
        fs::rename(at("away").join(name), at("sounds").join(name)).unwrap();
    }
    let lost = stderr(&run(&["verify", "away/track.wav"]));
    for flag in ["ticks", "bed"] {
        let help = format!("tell where it is, with --{flag} FILE");
        assert!(lost.contains(&help), "{lost}");
    }
    let told = ["verify", "away/track.wav", "--ticks", "sounds/tick.wav", "--bed"];
    assert!(run(&[&told[..], &["sounds/sea.wav"]].concat()).status.success());
    let another = run(&[&told[..], &["short.wav"]].concat());
    assert_ne!(another.status.code(), Some(0));
    let nothing = stderr(&run(&[&told[..], &["nothing.wav"]].concat()));
    assert!(nothing.contains("nothing.wav: no such file or directory"), "{nothing}");
    // As it was named where it was made.
    let deep = ["render", "self-short", "--rate", "8000", "--bed", "sounds/sea.wav", "-o"];
    assert!(run(&[&deep[..], &["away/deep.wav"]].concat()).status.success());
    assert!(run(&["verify", "away/deep.wav"]).status.success());
    // What a track is made without is not told where it is.
    assert!(run(&["render", "self-short", "--rate", "8000", "--bed", "rain"]).status.success());
    let without = run(&["verify", "self-short.wav", "--bed", "sounds/sea.wav"]);
    assert_eq!(without.status.code(), Some(2));
    assert!(stderr(&without).contains("made without such a file"));
}

/// How much of a tone is in `samples`, at 22.05 kHz.
fn amount(samples: &[f32], hz: f32) -> f32 {
    let turn = |n: usize| TAU * hz * n as f32 / 22_050.0;
    let (mut sine, mut cosine) = (0.0_f64, 0.0_f64);
    for (n, sample) in samples.iter().enumerate() {
        sine += f64::from(*sample) * f64::from(turn(n).sin());
        cosine += f64::from(*sample) * f64::from(turn(n).cos());
    }
    (sine.hypot(cosine) * 2.0 / samples.len() as f64) as f32
}

#[test]
fn a_bed_of_two_channels_keeps_them_where_the_track_has_two() {
    let folder = folder();
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 22_050,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    // A whole number of waves fits into a tenth of a second, so that no phase is lost.
    let mut writer = hound::WavWriter::create(folder.path().join("wide.wav"), spec).unwrap();
    for n in 0..22_050 * 9 {
        for hz in [200.0, 310.0] {
            let sample = 0.1 * (TAU * hz * n as f32 / 22_050.0).sin();
            writer.write_sample((sample * 32_767.0) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
    // Between the words of the warnings and the first ticks nothing else sounds.
    let quiet = |samples: &[f32]| samples[22_050 * 26..22_050 * 27].to_vec();
    let flags = ["--talk", "ticks", "--bed", "wide.wav"];
    let mono = quiet(&render(folder.path(), &flags));
    let both = render(folder.path(), &[&flags[..], &["--channels", "2"]].concat());
    let channel = |n: usize| quiet(&both.iter().skip(n).step_by(2).copied().collect::<Vec<_>>());
    let (left, right) = (channel(0), channel(1));
    let (of_left, of_right) = (amount(&left, 200.0), amount(&right, 310.0));
    assert!(of_left > 0.001 && (of_left / of_right - 1.0).abs() < 0.05, "{of_left} {of_right}");
    assert!(amount(&left, 310.0) < of_left / 100.0, "nothing of the right is in the left");
    assert!(amount(&right, 200.0) < of_right / 100.0, "nor of the left in the right");
    // In one channel, half of each.
    for hz in [200.0, 310.0] {
        let half = amount(&mono, hz) / of_left;
        assert!((half - 0.5).abs() < 0.03, "{half}");
    }
    let verified = effleurage(folder.path(), &["verify", "out.wav"]);
    assert!(verified.status.success(), "{}", support::stdout(&verified));
    // What moved in one channel alone is found.
    let path = folder.path().join("out.wav");
    let mut bytes = fs::read(&path).unwrap();
    let right = 44 + (22_050 * 100) * 4 + 2;
    bytes[right..right + 2].copy_from_slice(&20_000_i16.to_le_bytes());
    fs::write(&path, bytes).unwrap();
    let verified = effleurage(folder.path(), &["verify", "out.wav"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(support::stdout(&verified).contains("0:01:40.000"), "{}", support::stdout(&verified));
}
