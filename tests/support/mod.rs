//! A small language for the tests.
#![allow(dead_code)] // `fuzzed_tracks` uses a part of it

pub mod sound_files;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use effleurage::customise::customise;
use effleurage::diagnostic::{Report, Source};
use effleurage::routine::{self, Request, Routine, Vocabulary, builtin};
use effleurage::timeline::{self, PlanFault, Speech, Timeline};
use effleurage::units::{Length, SampleRate};
use effleurage::voice::{Pack, search};
use proptest::test_runner::{Config as ProptestConfig, RngSeed};

/// So many cases of a property, the same ones in every run, so that a change is never refused
/// for what another brought in. To look for new ones, set `PROPTEST_RNG_SEED` to a number of
/// your own, and `PROPTEST_CASES` to how many.
pub fn cases(usual: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed => fixed,
    };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { usual };
    ProptestConfig { cases, rng_seed, ..asked }
}

/// A folder of this package.
pub fn package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares `actual` with the file at `path`. To accept what came out, run the
/// tests with `UPDATE_GOLDEN=1` and read the difference before committing it.
#[track_caller]
pub fn assert_golden(path: &Path, actual: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path, actual).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected != actual {
        let differs = expected.lines().zip(actual.lines()).position(|(a, b)| a != b);
        let line = differs.unwrap_or(expected.lines().count().min(actual.lines().count()));
        panic!(
            "{} differs from line {} on:\nexpected: {:?}\n  actual: {:?}",
            path.display(),
            line + 1,
            expected.lines().nth(line).unwrap_or("(its end)"),
            actual.lines().nth(line).unwrap_or("(its end)")
        );
    }
}

/// What is told of voices to whoever named none: which are at hand here, and where others
/// would be found.
pub fn what_a_voice_is() -> String {
    let mut known = vec!["en".to_owned(), "es".to_owned()];
    known.extend(search::all().into_keys().filter(|name| !["en", "es"].contains(&name.as_str())));
    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let (last, others) = known.split_last().unwrap();
    format!(
        "a voice is a folder or a .zip with a manifest.toml and a clip for each prompt; at hand \
         are {} and {last}, others are looked for {}",
        others.join(", "),
        search::where_to_look()
    )
}

/// The default voice.
pub fn english() -> Pack {
    effleurage::voice::open(Path::new("en")).unwrap()
}

/// What the default voice can say.
pub fn vocabulary() -> Vocabulary {
    english().vocabulary
}

pub fn rate(hz: u32) -> SampleRate {
    SampleRate::new(hz).unwrap()
}

/// The file of a built-in routine.
pub fn built_in(name: &str) -> Source {
    builtin::source(name).unwrap()
}

/// Reads a routine that has no mistakes.
#[track_caller]
pub fn read(text: &str) -> Routine {
    let reading = routine::read(&Source::file("test.toml", text).into(), &vocabulary());
    let mistakes: Vec<_> = reading.diagnostics.into_iter().filter(|d| d.is_error()).collect();
    assert!(mistakes.is_empty(), "{text}\n{mistakes:#?}");
    reading.routine.unwrap()
}

/// A voice that takes `millis` for every letter, so that the plans of the tests do
/// not change when the real voice is recorded again.
pub fn lengths(rate: SampleRate, millis: u64) -> BTreeMap<String, Length> {
    lengths_of(&vocabulary(), rate, millis)
}

/// The same for another language.
pub fn lengths_of(
    vocabulary: &Vocabulary,
    rate: SampleRate,
    millis: u64,
) -> BTreeMap<String, Length> {
    let length = |id: &str| {
        let letters = vocabulary.text(id).chars().count() as u64;
        (id.to_owned(), Length(letters * millis * u64::from(rate.hz()) / 1000))
    };
    vocabulary.ids().map(length).collect()
}

/// Plans `routine` with such a voice.
#[track_caller]
pub fn plan(routine: &Routine, rate: SampleRate, lengths: &BTreeMap<String, Length>) -> Timeline {
    let vocabulary = vocabulary();
    let speech = Speech { voice: "test", vocabulary: &vocabulary, lengths, own_tick: Length::ZERO };
    timeline::plan(routine, &speech, rate).unwrap()
}

/// Plans what is asked of a built-in routine, with such a voice; or the message that
/// refuses it.
pub fn plan_changed(
    name: &str,
    flags: &[(&str, &str)],
    rate: SampleRate,
    lengths: &BTreeMap<String, Length>,
) -> Result<Timeline, String> {
    plan_request(&Request::new(built_in(name), flags), &vocabulary(), rate, lengths)
}

/// The same for any request and any voice.
pub fn plan_request(
    request: &Request<'_>,
    vocabulary: &Vocabulary,
    rate: SampleRate,
    lengths: &BTreeMap<String, Length>,
) -> Result<Timeline, String> {
    let reading = routine::read(request, vocabulary);
    let refused = |mistakes| Report::new(reading.sources.clone(), mistakes).to_string();
    if !reading.refused.is_empty() {
        return Err(refused(reading.refused.clone()));
    }
    let routine = reading.routine.unwrap();
    let changed = customise(routine, &reading.changes, vocabulary);
    let mut mistakes = changed.mistakes;
    mistakes.extend(routine::check::check(&changed.routine, vocabulary));
    mistakes.extend(routine::check::safety(&changed.routine).into_iter().filter(|d| d.is_error()));
    if !mistakes.is_empty() {
        return Err(refused(mistakes));
    }
    let own_tick = Length::ZERO;
    let speech = Speech { voice: "test", vocabulary, lengths, own_tick };
    timeline::plan(&changed.routine, &speech, rate).map_err(|fault| match fault {
        PlanFault::NoSuchTotal(no) => refused(vec![no]),
        fault => format!("{fault:?}"),
    })
}

/// Copies the files of a folder into a new one.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// The names of what is in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The program, about to run in `folder`; it remembers clips among the files of the
/// tests, and not in the cache of whoever runs them.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_effleurage"));
    command.current_dir(folder).env_remove("NO_COLOR").stdin(std::process::Stdio::null());
    command.env("XDG_CACHE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"));
    command
}

/// Runs the program in `folder`.
pub fn effleurage(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

/// What the program said on standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What the program printed on standard output.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Pseudo-random numbers (splitmix64): the same ones on every run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}
