//! `verify` passes copies of a track, and finds what an encoder did not change.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::support::{built_in, effleurage, english, rate, stderr, stdout};

use effleurage::cancel::CancelToken;
use effleurage::encode::{self, Format};
use effleurage::mix::{Event, Mixer};
use effleurage::session::{self, Prepared, Session};
use effleurage::units::{Length, Position};
use effleurage::verify::{Miss, Report};
use effleurage::wav::{Bits, Channels, Frames, Watch};

const KINDS: [&str; 4] = ["flac", "m4a", "mp3", "opus"];

/// A short session at the rate of a kind of copy.
fn prepared(kind: &str) -> Prepared {
    let rate = rate(if kind == "opus" { 48_000 } else { 16_000 });
    let session = Session::plan(&built_in("self-short").into(), &english(), rate).unwrap();
    session.prepare(&CancelToken::default(), &|_, _| ()).unwrap()
}

/// What `verify` finds in a copy of `samples` instead of the session's.
fn verified(session: &Prepared, kind: &str, samples: &[f32]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy").with_extension(kind);
    let source = |at: Position, block: &mut [f32]| {
        let from = &samples[at.0 as usize..];
        block.copy_from_slice(&from[..block.len()]);
        true
    };
    let range = session.timeline.range().pieces(Length(samples.len() as u64)).next().unwrap();
    let frames = Frames { range, source: &source, block: None };
    let rate = session.timeline.sample_rate;
    let encoder = encode::named(kind).unwrap();
    let format = Format::new(encoder, rate, Bits::Sixteen, Channels::Mono).unwrap();
    let watch = Watch { progress: &|_| (), cancel: CancelToken::default() };
    encode::write_to_file(&path, &format, &session::about(session, None), &frames, &watch).unwrap();
    session::verify(session, &path, &[], false, &CancelToken::default()).unwrap()
}

/// The misses of a check.
fn misses(report: &Report, name: &str) -> Vec<Miss> {
    let check = report.checks.iter().find(|check| check.name == name).unwrap();
    check.misses.clone()
}

fn mixed(mixer: &Mixer<'_>) -> Vec<f32> {
    let mut samples = vec![0.0; mixer.timeline().length().0 as usize];
    mixer.mix(Position::START, &mut samples);
    samples
}

fn place(event: &Event<'_>) -> Range<usize> {
    event.range().start.0 as usize..event.range().end_exclusive().0 as usize
}

#[test]
fn what_was_planted_in_a_copy_is_found_in_its_place() {
    for kind in KINDS {
        let session = prepared(kind);
        let mixer = session.mixer().unwrap();
        let whole = mixed(&mixer);
        assert_eq!(verified(&session, kind, &whole).misses(), 0, "{kind}");

        let events = mixer.events();
        let prompt = events.iter().filter(|e| matches!(e, Event::Prompt(_))).nth(5).unwrap();
        let tick = events.iter().filter(|e| matches!(e, Event::Tick(_))).nth(30).unwrap();
        for event in [prompt, tick] {
            let at = event.range().start;
            let (here, alone) = (place(event), mixer.alone(event));
            let without = |mut samples: Vec<f32>| {
                samples[here.clone()].iter_mut().zip(&alone).for_each(|(all, own)| *all -= own);
                samples
            };
            // What is left out, what is a frame late, and what is softer than anybody would.
            for (gain, late, told) in [
                (0.0, 0, "is not heard in its place"),
                (1.0, 1, "is 1 frame late"),
                (1.0, -7, "is 7 frames early"),
                (0.8, 0, "dB too soft"),
            ] {
                let mut samples = without(whole.clone());
                let start = here.start.strict_add_signed(late);
                samples[start..].iter_mut().zip(&alone).for_each(|(all, own)| *all += gain * own);
                let found = misses(&verified(&session, kind, &samples), "sound");
                let [miss] = found.as_slice() else { panic!("{kind}, {told}: {found:?}") };
                assert_eq!(miss.at, Some(at), "{kind}");
                assert!(miss.what.ends_with(told), "{kind}: {} instead of {told}", miss.what);
            }
        }

        // A tone where nothing is planned.
        let silent = |from: usize| whole[from..from + 9_000].iter().all(|sample| *sample == 0.0);
        let from = (0..whole.len()).step_by(1_000).find(|from| silent(*from)).unwrap() + 2_500;
        let mut samples = whole.clone();
        for (n, sample) in samples[from..from + 4_000].iter_mut().enumerate() {
            *sample = 0.1 * (n as f32 * 0.3).sin();
        }
        let found = misses(&verified(&session, kind, &samples), "sound");
        let [miss] = found.as_slice() else { panic!("{kind}: {found:?}") };
        assert!(miss.at.unwrap().0.abs_diff(from as u64) < 2_500, "{kind}: {miss:?}");
        assert!(miss.what.starts_with("what is planned as silence is not silent"), "{miss:?}");

        // Less of it.
        let half = &whole[..whole.len() / 2];
        let report = verified(&session, kind, half);
        let [miss] = &misses(&report, "frames")[..] else { panic!("{kind}") };
        let early = whole.len() - half.len();
        assert_eq!(miss.what, format!("it ends {early} frames early"), "{kind}");
    }
}

/// A folder with a track in stereo, with all copies of it.
fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let arguments = "render self-short -q --rate 16000 --channels 2 --pan legs --bed rain \
                     --bed-level -6 --loudness -20 -o t.wav --also flac,m4a,mp3,opus";
    let words: Vec<&str> = arguments.split_whitespace().collect();
    let made = effleurage(folder.path(), &words);
    assert!(made.status.success(), "{}", stderr(&made));
    let path = folder.path().to_owned();
    (folder, path)
}

/// What the command says, and its exit code.
fn verify(folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let output = effleurage(folder, &[&["verify"], arguments].concat());
    (stdout(&output) + &stderr(&output), output.status.code())
}

#[test]
fn the_command_holds_copies_against_the_plan_of_their_track() {
    let (_scratch, folder) = folder();
    for (kind, structure, beside) in [
        ("flac", "FLAC, whole", "nothing else above -87 dBFS"),
        ("m4a", "Apple Lossless, whole", "nothing else above -87 dBFS"),
        ("mp3", "MP3, whole", "dB above what its encoder changed; nothing else above -50 dBFS"),
        ("opus", "Opus, whole", "dB above what its encoder changed; nothing else above -50 dBFS"),
    ] {
        let name = format!("t.{kind}");
        let (told, code) = verify(&folder, &[&name]);
        assert_eq!(code, Some(0), "{told}");
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[0], format!("{name}: as planned"));
        assert_eq!(lines[1], format!("  structure  {structure}"));
        assert!(lines[3].starts_with("  sound      34 prompts and 78 ticks at their frames, "));
        assert!(lines[3].ends_with(beside), "{told}");
    }
    // Whole blocks, and not only their last bytes.
    for kind in KINDS {
        let name = format!("cut.{kind}");
        let mut bytes = fs::read(folder.join(format!("t.{kind}"))).unwrap();
        bytes.truncate(bytes.len() / 3 * 2);
        fs::write(folder.join(&name), bytes).unwrap();
        fs::copy(folder.join("t.wav"), folder.join("cut.wav")).unwrap();
        let (told, code) = verify(&folder, &[&name]);
        assert_ne!(code, Some(0), "{told}");
        let is_told = told.contains("miss: frames: ") && told.contains(" frames early\n");
        assert!(is_told || told.contains("cut off"), "{told}");
    }
    let mut bytes = fs::read(folder.join("t.flac")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(folder.join("cut.flac"), bytes).unwrap();
    let (told, code) = verify(&folder, &["cut.flac"]);
    assert!(code == Some(1) && told.contains("miss: structure: "), "{told}");
}

#[test]
fn a_copy_alone_is_held_against_what_is_told() {
    let (_scratch, folder) = folder();
    fs::remove_file(folder.join("t.wav")).unwrap();
    let (told, code) = verify(&folder, &["t.mp3"]);
    assert_eq!(
        told,
        "error: cannot read t.mp3: a copy carries no plan, and there is no t.wav beside it\n\
         help: put that track there; or tell what it should be, with --against ROUTINE\n"
    );
    assert_eq!(code, Some(3));
    let flags = "--pan legs --bed rain --bed-level -6 --loudness -20";
    let flags: Vec<&str> = flags.split_whitespace().collect();
    let against = |name, routine| [&[name, "--against", routine], &flags[..]].concat();
    for name in ["t.mp3", "t.flac"] {
        let (told, code) = verify(&folder, &against(name, "self-short"));
        assert_eq!(code, Some(0), "{told}");
        let (told, code) = verify(&folder, &against(name, "self"));
        assert_eq!(code, Some(1), "{told}");
    }
}

#[test]
fn a_copy_is_verified_when_it_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["render", "self-short", "--rate", "16000", "--verify", "-o", "t.mp3"];
    let made = effleurage(folder.path(), &words);
    let told = stderr(&made);
    assert!(made.status.success(), "{told}");
    assert!(told.contains("t.mp3: as planned\n  structure  MP3, whole\n"), "{told}");
}
