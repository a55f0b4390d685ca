//! Regions besides ankle, calf, knee and thigh: the rest of the leg, and those that a
//! routine brings.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::{
    assert_golden, effleurage, lengths_of, package, plan_request, rate, stderr, stdout, vocabulary,
};
use effleurage::diagnostic::{Report, Source};
use effleurage::files::InMemory;
use effleurage::routine::{self, Request, Vocabulary};
use effleurage::timeline::{Timeline, cue_sheet};

fn text(name: &str) -> String {
    fs::read_to_string(package(&format!("tests/regions/{name}.toml"))).unwrap()
}

/// The words of a person who recorded what announces an arm.
fn words() -> Vocabulary {
    let own = [
        ("zone-hand", "The hand."),
        ("up-to-forearm", "Now up to the forearm."),
        ("up-to-upper-arm", "Now up to the upper arm."),
        ("zone-forearm", "The forearm."),
        ("zone-upper-arm", "The upper arm."),
    ];
    vocabulary().overlaid(own.map(|(id, text)| (id.to_owned(), text.to_owned())))
}

fn planned(text: &str, flags: &[(&str, &str)]) -> Result<Timeline, String> {
    let request = Request::new(Source::file("arm.toml", text.to_owned()), flags);
    let rate = rate(1_000);
    plan_request(&request, &words(), rate, &lengths_of(&words(), rate, 60))
}

/// What is wrong with a routine.
fn mistakes(text: &str) -> String {
    let reading = routine::read(&Source::file("arm.toml", text.to_owned()).into(), &words());
    Report::new(reading.sources, reading.diagnostics).to_string()
}

fn sheet(timeline: &Timeline) -> String {
    anstream::adapter::strip_str(&cue_sheet::text(timeline, &[], &words())).to_string()
}

#[test]
fn regions_of_a_routine_are_planned_and_announced() {
    for name in ["arm", "feet"] {
        let timeline = planned(&text(name), &[]).unwrap();
        assert_golden(&package(&format!("tests/regions/{name}.txt")), &sheet(&timeline));
    }
}

#[test]
fn ticks_climb_from_one_region_to_the_next() {
    for name in ["arm", "feet"] {
        let timeline = planned(&text(name), &[("--legs", "left")]).unwrap();
        let ends: Vec<(u16, u16)> = timeline
            .paces
            .iter()
            .map(|pace| {
                let cents: Vec<u16> = pace.ticks().map(|tick| tick.tick.pitch.cents).collect();
                (cents[0], cents[..5].iter().copied().max().unwrap())
            })
            .collect();
        assert!(ends.iter().all(|(low, high)| low < high), "{name}: {ends:?}");
        let rising = |of: fn(&(u16, u16)) -> u16| ends.iter().map(of).is_sorted();
        assert!(rising(|ends| ends.0) && rising(|ends| ends.1), "{name}: {ends:?}");
        assert_eq!(ends.iter().map(|ends| ends.1).max(), Some(1404), "{name}");
    }
}

#[test]
fn changes_speak_of_them_by_name() {
    let timeline = planned(
        &text("arm"),
        &[("--zone", "forearm=2m"), ("--zone", "left.hand=off"), ("--total", "7m")],
    )
    .unwrap();
    let lasts = |id: &str| {
        let section = timeline.sections.iter().find(|section| section.id == id);
        section.map(|section| section.range.length.0)
    };
    assert_eq!(timeline.length().0, 420_000);
    assert_eq!(lasts("up.left.forearm"), Some(120_000));
    assert_eq!((lasts("up.left.hand"), lasts("up.left.upper-arm")), (None, lasts("up.right.hand")));
    let why = planned(&text("arm"), &[("--zone", "elbow=2m")]).unwrap_err();
    assert!(why.contains("no zone is called 'elbow' (hand, forearm, upper-arm)"), "{why}");
}

/// "Left" and "right" are said of sides, for nobody knows whether a region is on a leg.
#[test]
fn no_leg_is_spoken_of() {
    for legs in ["left", "right", "both"] {
        let timeline = planned(&text("arm"), &[("--legs", legs)]).unwrap();
        let sheet = sheet(&timeline);
        let drawn = sheet.split("Up the arm").nth(1).unwrap();
        assert!(!drawn.to_lowercase().contains("leg"), "{drawn}");
        assert_eq!(sheet.contains("capitals: right side"), legs != "left", "{sheet}");
    }
    let at_once = text("arm").replace("legs = \"each\"", "legs = \"both\"");
    let timeline = planned(&at_once, &[]).unwrap();
    let said: BTreeSet<&str> = timeline.speech.iter().map(|prompt| prompt.clip.as_str()).collect();
    assert!(said.contains("both-sides") && sheet(&timeline).contains("Hand, both sides"));
}

#[test]
fn the_way_is_up_through_them_too() {
    let swapped = text("arm").replace("zone = \"hand\"", "zone = \"shin\"");
    let swapped = swapped.replace("zone = \"forearm\"", "zone = \"hand\"");
    let swapped = swapped.replace("zone = \"shin\"", "zone = \"forearm\"");
    let why = mistakes(&swapped);
    assert!(why.contains("the hand comes after the forearm"), "{why}");
    let way = "the way is always up: hand, forearm, upper-arm; begin again";
    assert!(why.contains(way), "{why}");
}

#[test]
fn names_that_cannot_be_regions_are_told() {
    let with = |regions: &str| {
        let text = text("arm").replace("[regions.hand]\n", &format!("{regions}\n[regions.hand]\n"));
        mistakes(&text)
    };
    let why = with("[regions.calf]\ntitle = \"Calf\"");
    assert!(why.contains("`calf` is a region already"), "{why}");
    let why = with("[regions.lead-in]");
    assert!(why.contains("`lead-in` cannot be a region"), "{why}");
    let why = with("[regions.up]");
    assert!(why.contains("a step is called `up` already"), "{why}");
    let why = with("[regions.left]");
    assert!(why.contains("`left` is a side and no region"), "{why}");
    let why = with("[regions.\"Big Toe\"]");
    assert!(why.contains("`Big Toe` cannot be a name"), "{why}");
    let why = with("[regions.the-inner-side-of-the-forearm]");
    assert!(why.contains("at most 24, like `upper-arm`"), "{why}");
    let many: String = (0..16).map(|n| format!("[regions.r{n}]\n")).collect();
    let why = with(&many);
    assert!(why.contains("a routine brings at most 16 regions"), "{why}");
    let why = mistakes(&text("arm").replace("zone = \"hand\"", "zone = \"hnad\""));
    assert!(why.contains("no zone is called `hnad`") && why.contains("`hand`"), "{why}");
}

/// What one file brings, a file that extends it may use, title anew and add to.
#[test]
fn files_that_extend_it_have_its_regions() {
    let more = "name = \"more\"\nextends = \"arm\"\n\n[regions.shoulder]\n\n[regions.hand]\n\
                title = \"The hand\"\n\n[[step]]\nid = \"last\"\ntitle = \"Last\"\n\
                legs = \"left\"\nzones = [\n\
                { zone = \"upper-arm\", technique = \"circles\", lasts = \"1m\" },\n\
                { zone = \"shoulder\", technique = \"circles\", lasts = \"1m\", say = [\"halfway\"] },\n]\n";
    let files = InMemory([("arm".to_owned(), text("arm").into_bytes())].into());
    let request = Request {
        files: &files,
        ..Request::new(Source::file("more.toml", more.to_owned()), &[("--legs", "left")])
    };
    let rate = rate(1_000);
    let timeline = plan_request(&request, &words(), rate, &lengths_of(&words(), rate, 60)).unwrap();
    let titles: Vec<&str> = timeline.regions().into_values().collect();
    assert_eq!(titles, ["The hand", "Forearm", "Upper arm", "Shoulder"]);
}

fn clip(path: &Path) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    let tone = |n: i32| (f64::from(n) * 0.03).sin() * 8_000.0;
    (0..30_000).for_each(|n| writer.write_sample(tone(n) as i16).unwrap());
    writer.finalize().unwrap();
}

/// From the routine to the finished track, as its author would go.
#[test]
fn an_arm_is_scripted_recorded_rendered_and_verified() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| effleurage(folder.path(), arguments);
    fs::write(folder.path().join("arm.toml"), text("arm")).unwrap();
    let lacking = stderr(&run(&["plan", "arm.toml"]));
    assert_eq!(
        lacking,
        "error: the voice `en` has no clip for up-to-forearm, up-to-upper-arm, zone-hand\n\
         help: record them: `effleurage voice kit arm.toml --lacking en` makes the script for \
         just those\n"
    );
    let made = run(&["voice", "kit", "arm.toml", "--lacking", "en", "-o", "mine"]);
    assert!(made.status.success(), "{}", stderr(&made));
    let manifest = fs::read_to_string(folder.path().join("mine/manifest.toml")).unwrap();
    for line in [
        "zone-hand = \"Hand.\"",
        "up-to-forearm = \"Now up: Forearm.\"",
        "up-to-upper-arm = \"Now up: Upper arm.\"",
    ] {
        assert!(manifest.contains(line), "{manifest}");
    }
    for id in ["zone-hand", "up-to-forearm", "up-to-upper-arm"] {
        clip(&folder.path().join(format!("mine/{id}.wav")));
    }
    let voice = ["--voice", "mine,en"];
    let rendered = run(&[&["render", "arm.toml", "--rate", "8000"], &voice[..]].concat());
    assert!(rendered.status.success(), "{}", stderr(&rendered));
    let verified = run(&["verify", "arm.wav"]);
    assert!(verified.status.success(), "{}", stderr(&verified));
    // What it carries makes the same track, regions and all.
    let shown = run(&["show", "arm.wav", "--routine"]);
    let inside = stdout(&shown);
    assert!(inside.contains("[regions.upper-arm]\ntitle = \"Upper arm\""), "{inside}");
    let card = run(&[&["card", "arm.toml", "-o", "arm.svg"], &voice[..]].concat());
    assert!(card.status.success(), "{}", stderr(&card));
}
