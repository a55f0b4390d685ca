//! The voices: all that are built in are complete, and one may speak for another.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::{
    self, assert_golden, built_in, copy_folder, effleurage, package, rate, stderr, stdout,
};

use effleurage::body::Region;
use effleurage::routine::{Request, catalogue, duration};
use effleurage::session::Session;
use effleurage::timeline::SectionKind;
use effleurage::voice::{Cache, Pack, search};

const ROUTINES: [&str; 3] = ["partner", "self", "self-short"];

fn pack(name: &str) -> Pack {
    effleurage::voice::open(Path::new(name)).unwrap()
}

/// Flags that, between them, ask for every prompt that the program knows of.
fn editions() -> Vec<Vec<(&'static str, &'static str)>> {
    let mut editions = Vec::new();
    for talk in ["full", "brief", "ticks"] {
        let talk = ("--talk", talk);
        editions.extend([
            vec![talk],
            vec![talk, ("--gentle", "")],
            vec![talk, ("--i-know-the-warnings", ""), ("--first", "right")],
            vec![talk, ("--legs", "left"), ("--zone", "calf=31m"), ("--time-left", "1m")],
            vec![talk, ("--legs", "right"), ("--total", "40m"), ("--closing-cue", "15s")],
        ]);
    }
    editions
}

/// Every voice of this project, whether it is built in or not.
fn voices() -> Vec<String> {
    let folders = support::names(&package("voice-clips")).into_iter();
    folders.filter(|name| manifest_path(name).is_file()).collect()
}

fn manifest_path(voice: &str) -> PathBuf {
    package("voice-clips").join(voice).join("manifest.toml")
}

fn manifest(voice: &str) -> toml::Table {
    toml::from_str(&fs::read_to_string(manifest_path(voice)).unwrap()).unwrap()
}

fn keys(table: &toml::Table, name: &str) -> BTreeSet<String> {
    table[name].as_table().unwrap().keys().cloned().collect()
}

#[test]
fn every_voice_has_the_same_prompts_with_their_sounds_and_a_clip_for_each() {
    let ids = keys(&manifest("en"), "prompts");
    for name in voices() {
        let manifest = manifest(&name);
        assert_eq!(keys(&manifest, "prompts"), ids, "{name}");
        assert_eq!(keys(&manifest, "phonemes"), ids, "{name}");
        let files = support::names(&package("voice-clips").join(&name));
        let expected = ids.iter().map(|id| format!("{id}.opus"));
        let expected: BTreeSet<String> = expected.chain(["manifest.toml".to_owned()]).collect();
        let beside = [LENGTHS, "Cargo.toml", "LICENSE-APACHE", "lib.rs"];
        let files = files.into_iter().filter(|file| !beside.contains(&file.as_str()));
        assert_eq!(files.collect::<BTreeSet<_>>(), expected, "{name}");
    }
}

const LENGTHS: &str = "lengths.txt";

/// A plan in a built-in voice decodes no clip, for their lengths are written down; and a page
/// has a voice without all of its clips.
#[test]
fn the_lengths_that_are_written_down_are_those_of_the_clips() {
    for name in voices() {
        let folder = package("voice-clips").join(&name);
        let pack = effleurage::voice::open_folder(&folder).unwrap();
        let line = |id: &str| {
            let clip = pack.clip(id).unwrap().unwrap();
            let recording = effleurage::voice::recording(&clip).unwrap();
            assert_eq!(recording.rate.hz(), 48_000, "{id}");
            format!("{id} {}\n", recording.samples.len())
        };
        let table: String = pack.vocabulary.ids().map(line).collect();
        assert_golden(&folder.join(LENGTHS), &table);
    }
}

#[test]
fn every_prompt_is_in_the_catalogue_and_there_is_one_for_every_region() {
    let ids = keys(&manifest("en"), "prompts");
    for id in &ids {
        assert!(catalogue::is_ours(id), "{id} is not in prompts.toml of the core");
    }
    for (n, region) in Region::BUILT_IN.iter().enumerate() {
        let above = Region::BUILT_IN[n + 1..].iter().map(|to| format!("way-{region}-{to}"));
        let up = (n > 0).then(|| format!("up-to-{region}"));
        let own = [format!("zone-{region}"), format!("mostly-{region}")];
        for id in above.chain(up).chain(own) {
            assert!(ids.contains(&id), "{id}");
        }
    }
}

/// From ten seconds to an hour, a phrase is at most a twentieth off.
#[test]
fn every_length_can_be_said_closely() {
    let ids = keys(&manifest("en"), "prompts");
    let known = ids.iter().filter_map(|id| duration::parse(id.strip_prefix("length-")?).ok());
    let known: Vec<u64> = known.map(|length| length.as_secs()).collect();
    for seconds in 10..=3_600_u64 {
        let off = known.iter().map(|known| known.abs_diff(seconds)).min().unwrap();
        assert!(off * 20 <= seconds, "{seconds} s is {off} s off");
    }
}

/// Sentences are short, and what a program fills in is where the English has it.
#[test]
fn every_language_has_every_title_and_no_long_sentence() {
    let titles = keys(&manifest("es"), "titles");
    let places = |text: &str| -> BTreeSet<String> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
            .collect()
    };
    for name in voices() {
        let manifest = manifest(&name);
        for (id, text) in manifest["prompts"].as_table().unwrap() {
            for sentence in text.as_str().unwrap().split(['.', '!', '?']) {
                assert!(sentence.split_whitespace().count() <= 20, "{name}: {id}");
            }
        }
        if name.starts_with("en") {
            continue;
        }
        assert_eq!(keys(&manifest, "titles"), titles, "{name}");
        for (english, title) in manifest["titles"].as_table().unwrap() {
            assert_eq!(places(english), places(title.as_str().unwrap()), "{name}: {english}");
        }
    }
}

/// The words of the plan, the notes and the card are titles that every language has.
#[test]
fn every_word_of_a_plan_is_translated() {
    let titles = keys(&manifest("es"), "titles");
    let source = |file: &str| fs::read_to_string(package(file)).unwrap();
    let notes = source("crates/effleurage-core/src/timeline/notes.rs");
    let notes =
        notes.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(" = \""));
    for note in notes.map(|(_, text)| text.trim_end_matches("\";")) {
        assert!(titles.contains(note), "{note}");
    }
    for word in effleurage::card::words::ALL.iter().chain(&effleurage::card::words::MORE) {
        assert!(titles.contains(*word), "{word}");
    }
}

#[test]
fn a_voice_is_found_by_name_in_folders_and_packages() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = folder.path().join("shelf");
    fs::create_dir(&shelf).unwrap();
    copy_folder(&package("voice-clips/en"), &shelf.join("mine"));
    let plan = |arguments: &[&str], shelf: &Path| {
        let mut command = support::program(folder.path());
        command.args(["plan", "self-short", "--no-cache"]).args(arguments);
        command.env("EFFLEURAGE_VOICES", shelf).output().unwrap()
    };
    let named = plan(&["--voice", "mine"], &shelf);
    assert!(named.status.success(), "{}", stderr(&named));
    assert!(stdout(&named).contains(", voice mine\n"));
    // The same voice in one file, as a person zips a folder.
    let packed = folder.path().join("packed");
    fs::create_dir(&packed).unwrap();
    let mut zip = zip::ZipWriter::new(fs::File::create(packed.join("mine.zip")).unwrap());
    for file in support::names(&shelf.join("mine")) {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(format!("mine/{file}"), options).unwrap();
        zip.write_all(&fs::read(shelf.join("mine").join(&file)).unwrap()).unwrap();
    }
    zip.finish().unwrap();
    assert_eq!(stdout(&plan(&["--voice", "mine"], &packed)), stdout(&named));
    // A path does as well, and what is no package is told as such.
    assert_eq!(stdout(&plan(&["--voice", "packed/mine.zip"], &shelf)), stdout(&named));
    fs::write(packed.join("broken.zip"), "junk").unwrap();
    let broken = plan(&["--voice", "broken"], &packed);
    assert!(stderr(&broken).contains("broken.zip: this is no zip file that can be read\n"));
    assert_eq!(broken.status.code(), Some(3));
}

#[test]
fn every_voice_says_the_same_to_be_chosen_by_ear() {
    let folder = tempfile::tempdir().unwrap();
    let sample = effleurage(folder.path(), &["voice", "sample", "en", "es", "-o", "two.wav"]);
    assert!(sample.status.success(), "{}", stderr(&sample));
    let told = stdout(&sample);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "two.wav");
    assert!(
        lines[1].starts_with("0:00:00  en: English") && lines[3].contains("  es: Español"),
        "{told}"
    );
    let reader = hound::WavReader::open(folder.path().join("two.wav")).unwrap();
    assert!(reader.duration() > 2 * 8 * 44_100, "{}", reader.duration());
}

#[test]
fn every_voice_speaks_every_edition_of_every_routine() {
    // Each clip is decoded once for all of them.
    let remembered = tempfile::tempdir().unwrap();
    for voice in voices() {
        let pack = pack(&voice).remembering(Cache::in_folder(remembered.path()));
        for name in ROUTINES {
            for flags in editions() {
                let request = Request::new(built_in(name), &flags);
                let session = Session::plan(&request, &pack, rate(8_000));
                let session = session.unwrap_or_else(|e| panic!("{voice}, {name}, {flags:?}: {e}"));
                assert!(session.timeline.sections.len() > 5);
            }
        }
    }
}

/// Every title of a plan in another language than English is in that language.
#[test]
fn plans_are_titled_in_the_language_of_the_voice() {
    let (english, spanish) = (pack("en"), pack("es"));
    for name in ROUTINES {
        for flags in [vec![], vec![("--gentle", ""), ("--zone", "calf=off")]] {
            let titles = |pack: &Pack| {
                let request = Request::new(built_in(name), &flags);
                let timeline = Session::plan(&request, pack, rate(8_000)).unwrap().timeline;
                let sections = timeline.sections.into_iter();
                let titles = sections.flat_map(|section| [Some(section.title), section.begins]);
                titles.flatten().chain([timeline.title]).collect::<BTreeSet<String>>()
            };
            let both: Vec<String> =
                titles(&english).intersection(&titles(&spanish)).cloned().collect();
            assert_eq!(both, Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn zones_and_strokes_are_the_same_in_every_language() {
    let zones = |voice: &str| {
        let timeline =
            Session::plan(&built_in("partner").into(), &pack(voice), rate(8_000)).unwrap().timeline;
        let zones = timeline.sections.into_iter().filter_map(|section| match section.kind {
            SectionKind::Zone(stroking) => {
                Some((section.id, section.range.length, stroking.strokes))
            }
            _ => None,
        });
        zones.collect::<Vec<_>>()
    };
    assert_eq!(zones("en"), zones("es"));
}

#[test]
fn what_a_voice_lacks_another_says() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("mine");
    copy_folder(&package("voice-clips/en"), &mine);
    let manifest = fs::read_to_string(mine.join("manifest.toml")).unwrap();
    let own = manifest.replacen("halfway = \"Halfway.\"", "halfway = \"Half of it.\"", 1);
    fs::write(
        mine.join("manifest.toml"),
        own.replacen("goodbye = \"Thank you, and rest well.\"\n", "", 1),
    )
    .unwrap();
    fs::remove_file(mine.join("contraindications.opus")).unwrap();
    let alone = effleurage(folder.path(), &["plan", "self", "--voice", "mine"]);
    assert_eq!(alone.status.code(), Some(1));
    let together = effleurage(folder.path(), &["plan", "self", "--voice", "mine,es"]);
    let plan = stdout(&together);
    assert!(together.status.success(), "{}", stderr(&together));
    // Its own words where it has a clip; the other's where it has none.
    let spanish = pack("es").vocabulary;
    let begins = |id: &str| spanish.text(id)[..12].to_owned();
    assert!(plan.contains("“Half of it.”"));
    assert!(plan.contains(&begins("goodbye")) && plan.contains(&begins("contraindications")));
    assert!(!plan.contains("Please skip this massage"));
    assert!(plan.contains("voice mine,es"));
}

#[test]
fn a_voice_that_is_not_there_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = support::program(folder.path());
    command.args(["plan", "self", "--voice", "en,xx"]).env("XDG_DATA_HOME", folder.path());
    let output = command.output().unwrap();
    let told = stderr(&output);
    let named: Vec<String> = effleurage::voice::built_in_names()
        .map(str::to_owned)
        .chain(search::all().into_keys())
        .collect();
    let named: BTreeSet<String> = named.into_iter().map(|name| format!("`{name}`")).collect();
    let expected = "error: cannot read xx: no such file or directory\nhelp: a voice is a folder or \
                    a .zip with a manifest.toml and a clip for each prompt; at hand are ";
    assert!(told.starts_with(expected), "{told}");
    assert!(named.iter().all(|name| told.contains(name.as_str())), "{told}");
    let places =
        format!("in $EFFLEURAGE_VOICES and {}/effleurage/voices\n", folder.path().display());
    assert!(told.ends_with(&places), "{told}");
    assert_eq!(output.status.code(), Some(3));
}
