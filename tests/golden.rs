//! The cue sheets of the built-in routines, as text.
//!
//! Planned at 1000 Hz (a frame is a millisecond) for a voice that takes 60 ms a
//! letter, so that recording a voice again changes nothing here.

use crate::support::{assert_golden, built_in, lengths, package, plan, rate, read, vocabulary};

use effleurage::timeline::{cue_sheet, document};

#[test]
fn the_cue_sheets_of_the_built_in_routines() {
    let rate = rate(1_000);
    for name in ["partner", "self", "self-short"] {
        let timeline = plan(&read(&built_in(name).text), rate, &lengths(rate, 60));
        let text = anstream::adapter::strip_str(&cue_sheet::text(&timeline, &[], &vocabulary()))
            .to_string();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{name} is too wide");
        assert_golden(&package(&format!("tests/golden/{name}.txt")), &text);
    }
}

#[test]
fn the_shortest_in_every_other_format() {
    let rate = rate(1_000);
    let timeline = plan(&read(&built_in("self-short").text), rate, &lengths(rate, 60));
    let (mut json, mut csv) = (Vec::new(), Vec::new());
    document::json(&timeline, &[], &mut json).unwrap();
    cue_sheet::csv(&timeline, &mut csv).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    assert_golden(&package("tests/golden/self-short.json"), &text(json));
    assert_golden(&package("tests/golden/self-short.csv"), &text(csv));
    let drawing = cue_sheet::svg(&timeline, &vocabulary(), 960);
    assert_golden(&package("tests/golden/self-short.svg"), &drawing);
}

#[test]
fn the_schema_is_the_one_beside_the_routines() {
    let path = package("routines/routine.schema.json");
    assert_golden(&path, &(effleurage::routine::schema() + "\n"));
}

#[test]
fn routines_in_the_program_are_the_files_of_the_folder() {
    for name in ["partner", "self", "self-short"] {
        let file = std::fs::read_to_string(package(&format!("routines/{name}.toml"))).unwrap();
        assert_eq!(built_in(name).text, file);
    }
}
