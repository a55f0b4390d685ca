//! What is made, and what is left alone.

use std::fs;
use std::path::Path;

use super::{batch, folder, report, wav};
use crate::support::{effleurage, names, stderr, stdout};
use effleurage::encode::ENCODERS;
use effleurage::voice::decode::decode_up_to;
use id3::TagLike;
use sha2::{Digest, Sha256};

const ALL: &str = "routine,rate,formats,bed,channels\n\
                   calf.toml,8000,\"wav, flac, mp3, opus\",rain,\n\
                   calf.toml,8000,\"wav, flac\",,2\n";

fn bytes(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join("out").join(name)).unwrap()
}

/// Where every file is and which one it is: another, once it is written anew.
fn inodes(folder: &Path) -> Vec<(String, u64)> {
    use std::os::unix::fs::MetadataExt;
    let out = folder.join("out");
    let inode = |name: String| (name.clone(), fs::metadata(out.join(name)).unwrap().ino());
    names(&out).into_iter().map(inode).collect()
}

#[test]
fn tracks_are_those_of_render_and_tell_what_they_are() {
    let folder = folder("tracks.csv", ALL);
    let folder = folder.path();
    let told = batch(folder, &["tracks.csv", "--verify"]);
    assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
    let expected = [
        "calf-en-rain.flac",
        "calf-en-rain.mp3",
        "calf-en-rain.opus",
        "calf-en-rain.wav",
        "calf-en.flac",
        "calf-en.wav",
        "report.jsonl",
    ];
    assert_eq!(names(&folder.join("out")), expected);
    // But for its stamp, which stands in the last chunk, the very file of `render`.
    let render = ["render", "calf.toml", "--rate", "8000", "--bed", "rain", "-o", "alone.wav"];
    assert!(effleurage(folder, &render).status.success());
    let (alone, ours) =
        (fs::read(folder.join("alone.wav")).unwrap(), bytes(folder, "calf-en-rain.wav"));
    assert_eq!(&ours[8..alone.len()], &alone[8..]);
    assert_eq!(&ours[alone.len()..alone.len() + 4], b"eflb");
    assert!(effleurage(folder, &["verify", "out/calf-en-rain.wav"]).status.success());
    // Copies are played as before: the same samples, the frames that are planned, their tags.
    let decoded = |name: &str| decode_up_to(&bytes(folder, name), 600).unwrap().samples;
    let sound = decoded("calf-en.wav");
    assert_eq!(decoded("calf-en.flac"), sound);
    let frames = |name: &str| decoded(name).len();
    assert_eq!(frames("calf-en-rain.mp3"), frames("calf-en-rain.wav"));
    assert_eq!(frames("calf-en-rain.opus"), 6 * frames("calf-en-rain.wav"));
    let tag = id3::Tag::read_from_path(folder.join("out/calf-en-rain.mp3")).unwrap();
    assert_eq!((tag.title(), tag.chapters().count() > 1), (Some("The calf"), true));
    // The report tells what can be found out without it.
    for entry in report(folder, "report.jsonl") {
        let bytes = bytes(folder, entry["file"].as_str().unwrap());
        let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(
            (entry["sha256"].as_str(), entry["bytes"].as_u64()),
            (Some(&*hash), Some(bytes.len() as u64))
        );
        let rate = entry["sample_rate"].as_u64().unwrap();
        assert_eq!(entry["frames"].as_u64().unwrap(), sound.len() as u64 * rate / 8_000);
    }
    let table = stdout(&told);
    assert_eq!(table.lines().count(), 7, "{table}");
}

#[test]
fn what_is_there_is_left_alone_and_what_changed_is_made_anew() {
    let table = "routine,rate,formats,bed\ncalf.toml,8000,\"wav, flac, mp3, opus\",\ncalf.toml,8000,wav,sea.wav\n";
    let folder = folder("tracks.csv", table);
    let folder = folder.path();
    let sea = |loud: f32| {
        let wave = |n: usize| loud * (n as f32 * 0.2).sin();
        fs::write(folder.join("sea.wav"), wav((0..80_000).map(wave))).unwrap();
    };
    let run = |arguments: &[&str], made: usize| {
        let told = batch(folder, &[&["tracks.csv"], arguments].concat());
        assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
        let sum = format!("5 files: {made} made, {} there already", 5 - made);
        assert!(stderr(&told).contains(&sum), "{sum}\n{}", stderr(&told));
        stderr(&told)
    };
    sea(0.3);
    run(&[], 5);
    let (before, all) = (inodes(folder), report(folder, "report.jsonl"));
    run(&[], 0);
    assert_eq!(inodes(folder), before);
    // Files tell by themselves what they are: the report is made again.
    fs::remove_file(folder.join("out/report.jsonl")).unwrap();
    run(&[], 0);
    assert_eq!(report(folder, "report.jsonl"), all);
    // Cut, longer, empty or another's: made anew, as it was.
    for (name, change) in [
        ("calf-en.wav", "cut"),
        ("calf-en.flac", "cut"),
        ("calf-en.mp3", "longer"),
        ("calf-en.opus", "empty"),
        ("calf-en-sea.wav", "another"),
    ] {
        let whole = bytes(folder, name);
        let changed = match change {
            "cut" => whole[..whole.len() - 1].to_vec(),
            "longer" => [&whole[..], b"x"].concat(),
            "another" => bytes(folder, "calf-en.wav"),
            _ => Vec::new(),
        };
        fs::write(folder.join("out").join(name), changed).unwrap();
        run(&[], 1);
        assert_eq!(bytes(folder, name), whole, "{name}");
    }
    // A change that leaves the length is found by a proof.
    for name in ["calf-en.wav", "calf-en.flac", "calf-en.mp3", "calf-en.opus"] {
        let whole = bytes(folder, name);
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 0x40;
        fs::write(folder.join("out").join(name), changed).unwrap();
        run(&[], 0);
        assert!(run(&["--verify"], 1).contains(&format!("{name} is made anew")), "{name}");
        assert_eq!(bytes(folder, name), whole, "{name}");
    }
    // Another sound under the same name; another routine.
    sea(0.2);
    run(&[], 1);
    let routine = fs::read_to_string(folder.join("calf.toml")).unwrap();
    fs::write(folder.join("calf.toml"), routine.replace("= \"20s\"", "= \"21s\"")).unwrap();
    run(&[], 5);
}

#[test]
fn every_format_has_a_place_for_what_it_is_made_from() {
    let formats: Vec<&str> = ENCODERS.into_iter().map(|encoder| encoder.name()).collect();
    let formats = formats.join(" ");
    let folder = folder("tracks.csv", &format!("routine,rate,formats\ncalf.toml,8000,{formats}\n"));
    let runs: Vec<String> =
        (0..2).map(|_| stderr(&batch(folder.path(), &["tracks.csv"]))).collect();
    let sum = format!("{} files: 0 made, {0} there already", ENCODERS.len());
    assert!(runs[1].contains(&sum), "{runs:?}");
}

#[test]
fn a_row_that_fails_stops_no_other() {
    let folder = folder(
        "tracks.csv",
        "routine,rate,name,formats\ncalf.toml,8000,a,wav flac\ncalf.toml,8000,b,wav\n",
    );
    let folder = folder.path();
    fs::create_dir_all(folder.join("out/a.wav/x")).unwrap();
    let told = batch(folder, &["tracks.csv"]);
    assert_eq!(told.status.code(), Some(1));
    let text = stderr(&told);
    assert!(text.contains("not made: a.wav") && text.contains("1 failed"), "{text}");
    assert_eq!(names(&folder.join("out")), ["a.flac", "a.wav", "b.wav", "report.jsonl"]);
    assert_eq!(report(folder, "report.jsonl").len(), 2);
}

#[test]
fn what_a_killed_run_left_is_taken_away_and_nothing_else() {
    let folder = folder("tracks.csv", "routine,rate,name\ncalf.toml,8000,en/a\n");
    let folder = folder.path();
    fs::create_dir_all(folder.join("out/en")).unwrap();
    for name in ["en/.effleurage-batch-aB3x.part", ".effleurage-batch-q.part", "en/.other.part"] {
        fs::write(folder.join("out").join(name), "half").unwrap();
    }
    let told = batch(folder, &["tracks.csv"]);
    assert!(stderr(&told).contains("2 files that stopped runs had left"), "{}", stderr(&told));
    assert_eq!(names(&folder.join("out")), ["en", "report.jsonl"]);
    assert_eq!(names(&folder.join("out/en")), [".other.part", "a.wav"]);
}
