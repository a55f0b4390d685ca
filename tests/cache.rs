//! Clips that were prepared once: the second run is quicker, and nobody can tell them
//! apart by what they make.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Arc, Mutex};

use crate::support::{built_in, copy_folder, english, package, program, rate, stderr};

use effleurage::cancel::CancelToken;
use effleurage::mix::ClipSamples;
use effleurage::session::Session;
use effleurage::units::Position;
use effleurage::voice::{Key, Memory};
use tempfile::TempDir;

/// A folder to work in, with a cache folder of its own.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn cache(&self) -> PathBuf {
        self.path().join("cache/effleurage")
    }

    fn run_with(&self, cache: &Path, arguments: &str) -> Output {
        let mut program = program(self.path());
        program.env("XDG_CACHE_HOME", cache).args(arguments.split_whitespace()).output().unwrap()
    }

    fn run(&self, arguments: &str) -> Output {
        self.run_with(&self.path().join("cache"), arguments)
    }

    /// The bytes of a track, whose making said nothing but its length.
    #[track_caller]
    fn track(&self, arguments: &str) -> Vec<u8> {
        let output = self.run(&format!("render self-short -q -o - {arguments}"));
        assert_eq!(stderr(&output), "");
        assert!(output.status.success());
        output.stdout
    }

    fn entries(&self) -> Vec<PathBuf> {
        let Ok(found) = fs::read_dir(self.cache()) else { return Vec::new() };
        let mut paths: Vec<PathBuf> = found.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }
}

#[test]
fn a_second_run_makes_the_same_bytes_and_adds_nothing() {
    let desk = Desk::new();
    let anew = desk.track("--no-cache");
    assert_eq!(desk.entries(), Vec::<PathBuf>::new(), "--no-cache remembers nothing");
    assert!(desk.track("") == anew);
    let entries = desk.entries();
    assert!(entries.len() > 20, "two for each clip: {}", entries.len());
    assert!(desk.track("") == anew);
    assert_eq!(desk.entries(), entries);
    assert!(desk.track("--rate 48000") != anew);
    assert!(desk.entries().len() > entries.len(), "another rate, other clips");
}

#[test]
fn a_clip_in_a_room_is_remembered_beside_the_one_without() {
    let desk = Desk::new();
    let [dry, warm] = ["--no-cache", "--no-cache --room warm"].map(|flags| desk.track(flags));
    assert!(warm != dry);
    // Each twice, in turn: the second time from the cache.
    for _ in 0..2 {
        assert!(desk.track("") == dry);
        assert!(desk.track("--room warm") == warm);
    }
}

#[test]
fn damaged_entries_are_made_anew() {
    let desk = Desk::new();
    let anew = desk.track("");
    let whole: Vec<Vec<u8>> = desk.entries().iter().map(|path| fs::read(path).unwrap()).collect();
    for (n, path) in desk.entries().iter().enumerate() {
        let mut bytes = fs::read(path).unwrap();
        match n % 3 {
            0 => bytes.truncate(bytes.len() / 2),
            1 => bytes.clear(),
            _ => {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
            }
        }
        fs::write(path, bytes).unwrap();
    }
    assert!(desk.track("") == anew);
    let again: Vec<Vec<u8>> = desk.entries().iter().map(|path| fs::read(path).unwrap()).collect();
    assert!(again == whole, "what was damaged is whole again");
}

/// Keeps what it is told until it is wiped; or nothing, where it is full.
#[derive(Clone, Default)]
struct Slate {
    kept: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    is_full: bool,
}

impl Memory for Slate {
    fn is_on(&self) -> bool {
        true
    }

    fn get(&self, key: &Key, see: &mut dyn FnMut(&[u8])) {
        let kept = self.kept.lock().unwrap().get(&key.name()).cloned();
        kept.iter().for_each(|content| see(content));
    }

    fn put(&self, key: &Key, content: &[u8]) -> bool {
        if !self.is_full {
            self.kept.lock().unwrap().insert(key.name(), content.to_vec());
        }
        !self.is_full
    }
}

#[test]
fn words_are_read_when_they_sound_and_made_again_where_they_are_gone() {
    let all = |memory: Option<Slate>, wipe: bool| {
        let english = english();
        let pack = match memory.clone() {
            Some(memory) => english.remembering(memory),
            None => english,
        };
        let request = built_in("self-short").into();
        let session = Session::plan(&request, &pack, rate(8_000)).unwrap();
        let session = session.prepare(&CancelToken::default(), &|_, _| ()).unwrap();
        if let (Some(memory), true) = (memory, wipe) {
            memory.kept.lock().unwrap().clear();
        }
        let at_hand = |clip: &&ClipSamples| matches!(clip, ClipSamples::Here(_));
        let at_hand = session.sounds.clips.values().filter(at_hand).count();
        let mut mixed = vec![0.0; session.timeline.length().0 as usize];
        session.mixer().unwrap().mix(Position::START, &mut mixed);
        (at_hand, session.sounds.clips.len(), mixed)
    };
    let (at_hand, count, made) = all(None, false);
    assert_eq!(at_hand, count, "nobody keeps them");
    for wipe in [false, true] {
        assert!(all(Some(Slate::default()), wipe) == (0, count, made.clone()), "wiped: {wipe}");
    }
    let full = Slate { is_full: true, ..Slate::default() };
    assert!(all(Some(full), false) == (count, count, made), "what is not kept stays at hand");
}

#[test]
fn a_clip_that_was_recorded_again_is_another() {
    let desk = Desk::new();
    let voice = desk.path().join("mine");
    copy_folder(&package("voice-clips/en"), &voice);
    let before = desk.track("--voice mine");
    fs::copy(voice.join("up-to-calf.opus"), voice.join("self-end.opus")).unwrap();
    let after = desk.track("--voice mine");
    assert!(after != before);
    assert!(after == desk.track("--voice mine --no-cache"));
}

#[test]
fn without_a_place_for_it_all_goes_on_without_a_word() {
    let desk = Desk::new();
    let anew = desk.track("--no-cache");
    let file = desk.path().join("file");
    fs::write(&file, "in its way").unwrap();
    for place in [file.as_path(), Path::new("/dev/null"), Path::new("relative"), Path::new("")] {
        let output = desk.run_with(place, "render self-short -q -o -");
        assert!(output.status.success() && output.stdout == anew, "{}", place.display());
        assert_eq!(stderr(&output), "");
    }
    assert!(!desk.path().join("relative").exists());
}

#[test]
fn two_runs_may_meet() {
    let desk = Desk::new();
    let anew = desk.track("--no-cache");
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| desk.track(""))).collect();
        for run in runs {
            assert!(run.join().unwrap() == anew);
        }
    });
    assert!(desk.entries().iter().all(|path| path.extension().is_none()), "no rest of a run");
}

#[cfg(unix)]
#[test]
fn what_is_remembered_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.track("");
    assert_eq!(fs::metadata(desk.cache()).unwrap().permissions().mode() & 0o777, 0o700);
}
