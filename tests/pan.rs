//! Ticks of a leg from its side: heard there, as loud as before, and nothing else moves.

use crate::support::{built_in, effleurage, english, rate};
use effleurage::cancel::CancelToken;
use effleurage::mix::Source;
use effleurage::routine::Request;
use effleurage::session::{Prepared, Session};
use effleurage::timeline::{SectionKind, Timeline, events_in};
use effleurage::units::{FrameRange, Length, Position};

const LEGS: (&str, &str) = ("--pan", "legs");

fn prepared(flags: &[(&str, &str)]) -> Prepared {
    let request = Request::new(built_in("self-short"), flags);
    let session = Session::plan(&request, &english(), rate(8_000)).unwrap();
    session.prepare(&CancelToken::default(), &|_, _| ()).unwrap()
}

/// The left and the right of every frame.
fn heard(session: &Prepared) -> [Vec<f32>; 2] {
    let mixer = session.mixer().unwrap();
    let length = session.timeline.length().0 as usize;
    let (mut middle, mut side) = (vec![9.0; length], vec![9.0; length]);
    mixer.mix(Position::START, &mut middle);
    Source::side(&mixer, Position::START, &mut side);
    let both = || middle.iter().zip(&side);
    [both().map(|(m, s)| m + s).collect(), both().map(|(m, s)| m - s).collect()]
}

/// The leg that is stroked in this frame, where nothing but ticks can be heard.
fn stroked(timeline: &Timeline, n: usize) -> Option<String> {
    let frame = FrameRange::new(Position(n as u64), Length(1));
    let zone = timeline.sections.iter().find_map(|section| match &section.kind {
        SectionKind::Zone(stroking) if section.range.contains_range(frame) => Some(stroking),
        _ => None,
    });
    let spoken = !events_in(&timeline.speech, frame, |prompt| prompt.range).is_empty();
    let chimes = timeline.chimes.iter().any(|chime| chime.range.contains_range(frame));
    zone.filter(|_| !spoken && !chimes).map(|stroking| stroking.leg.to_string())
}

#[test]
fn ticks_come_from_the_side_of_their_leg_and_are_as_loud_as_before() {
    let (before, panned) = (prepared(&[]), prepared(&[LEGS]));
    let [middle, same] = heard(&before);
    assert_eq!(middle, same);
    let [left, right] = heard(&panned);
    let mut ticks = [0, 0];
    for n in (0..middle.len()).filter(|n| middle[*n].abs() > 1e-4) {
        let Some(leg) = stroked(&panned.timeline, n) else { continue };
        let (left, right, middle) = (f64::from(left[n]), f64::from(right[n]), f64::from(middle[n]));
        let decibels = 20.0 * (left / right).log10();
        let expected = if leg == "left" { 12.0 } else { -12.0 };
        assert!((decibels - expected).abs() < 0.01, "{n}: {decibels} of the {leg} leg");
        let power = (left * left + right * right) / (2.0 * middle * middle);
        assert!((power - 1.0).abs() < 1e-4, "{n}: {power}");
        ticks[usize::from(leg == "left")] += 1;
    }
    assert!(ticks.iter().all(|count| *count > 1_000), "{ticks:?}");
}

#[test]
fn the_voice_stays_in_the_middle() {
    let [left, right] = heard(&prepared(&[LEGS, ("--tick-level", "6")]));
    let timeline = prepared(&[LEGS]).timeline;
    let ticks: Vec<FrameRange> = timeline.ticks().map(|tick| tick.range()).collect();
    let apart = (0..left.len()).filter(|n| left[*n] != right[*n]);
    for n in apart {
        let frame = FrameRange::new(Position(n as u64), Length(1));
        assert!(!events_in(&ticks, frame, |tick| *tick).is_empty(), "{n} is apart without a tick");
    }
}

#[test]
fn a_track_has_two_channels_where_its_ticks_have_sides() {
    let scratch = tempfile::tempdir().unwrap();
    let channels = |flags: &[&str]| {
        let words = ["render", "self-short", "--rate", "8000", "--verify", "-o", "track.wav"];
        let output = effleurage(scratch.path(), &[&words, flags].concat());
        assert!(output.status.success(), "{output:?}");
        hound::WavReader::open(scratch.path().join("track.wav")).unwrap().spec().channels
    };
    assert_eq!(channels(&[]), 1);
    assert_eq!(channels(&["--pan", "legs"]), 2);
    assert_eq!(channels(&["--pan", "legs", "--channels", "1"]), 1);
    assert_eq!(channels(&["--pan", "off"]), 1);
}
