//! The voices: all that are built in are complete, and one may speak for another.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use support::{built_in, copy_folder, effleurage, package, rate, stderr, stdout};

use effleurage::routine::Request;
use effleurage::session::Session;
use effleurage::timeline::SectionKind;
use effleurage::voice::Pack;

const ROUTINES: [&str; 3] = ["partner", "self", "self-short"];

fn pack(name: &str) -> Pack {
    Pack::open(Path::new(name)).unwrap()
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

#[test]
fn every_built_in_voice_has_the_same_prompts_and_a_clip_for_each() {
    let english = pack("en");
    let ids: Vec<&str> = english.vocabulary.ids().collect();
    for name in Pack::built_in() {
        let pack = pack(name);
        assert_eq!(pack.vocabulary.ids().collect::<Vec<_>>(), ids, "{name}");
        let files: BTreeSet<String> = pack
            .files()
            .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        let expected = ids.iter().map(|id| format!("{id}.flac"));
        assert_eq!(files, expected.chain(["manifest.toml".to_owned()]).collect(), "{name}");
    }
}

#[test]
fn every_built_in_voice_speaks_every_edition_of_every_routine() {
    for voice in Pack::built_in() {
        let pack = pack(voice);
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
    let own = manifest.replace("halfway = \"Halfway.\"", "halfway = \"Half of it.\"");
    fs::write(
        mine.join("manifest.toml"),
        own.replace("goodbye = \"Thank you, and rest well.\"\n", ""),
    )
    .unwrap();
    fs::remove_file(mine.join("contraindications.flac")).unwrap();
    let alone = effleurage(folder.path(), &["plan", "self", "--voice", "mine"]);
    assert_eq!(alone.status.code(), Some(1));
    let together = effleurage(folder.path(), &["plan", "self", "--voice", "mine,es"]);
    let plan = stdout(&together);
    assert!(together.status.success(), "{}", stderr(&together));
    // Its own words where it has a clip; the other's where it has none.
    assert!(plan.contains("“Half of it.”") && plan.contains("“Gracias, y que descanses.”"));
    assert!(plan.contains("No hagas este masaje") && !plan.contains("Leave this massage out"));
    assert!(plan.contains("voice mine,es"));
}

#[test]
fn a_voice_that_is_not_there_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let output = effleurage(folder.path(), &["plan", "self", "--voice", "en,fr"]);
    assert_eq!(
        stderr(&output),
        "error: cannot read fr: no such file or directory\nhelp: a voice is a folder with a \
         manifest.toml and a clip for each prompt; built in are `en` and `es`\n"
    );
    assert_eq!(output.status.code(), Some(3));
}
