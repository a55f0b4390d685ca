//! The laws of time, each for routines, voices and rates that chance picks.
//!
//! Expected values come from arithmetic written here, not from the planner.

use std::collections::BTreeMap;

use crate::support::{self, cases, lengths, plan, read};
use proptest::prelude::*;

use effleurage::timeline::{ChimeKind, SectionKind, Timeline};
use effleurage::units::{FrameRange, Length, Position, SampleRate};

/// A zone that chance picked: its length in milliseconds, its rate and its pattern.
#[derive(Clone, Debug)]
struct Zone {
    millis: u64,
    per_minute: u64,
    pattern: &'static str,
}

/// A session that chance picked.
#[derive(Clone, Debug)]
struct Pick {
    zones: Vec<Zone>,
    legs: &'static str,
    pause_millis: u64,
    rate_hz: u32,
    millis_a_letter: u64,
}

fn picks() -> impl Strategy<Value = Pick> {
    let pattern = prop::sample::select(vec!["X", "x", "Xx", "XxXx..", "X.", "..x", "Xxx"]);
    let zone = (1_u64..400_000, 1_u64..=240, pattern).prop_map(|(millis, per_minute, pattern)| {
        let millis = millis.max(60_000_u64.div_ceil(per_minute)); // one stroke at least
        Zone { millis, per_minute, pattern }
    });
    let rates = vec![8_000_u32, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000, 1, 7, 100, 997];
    (
        prop::collection::vec(zone, 1..=4),
        prop::sample::select(vec!["left", "right", "each", "both"]),
        1_u64..20_000,
        prop::sample::select(rates),
        1_u64..150,
    )
        .prop_map(|(zones, legs, pause_millis, rate_hz, millis_a_letter)| Pick {
            zones,
            legs,
            pause_millis,
            rate_hz,
            millis_a_letter,
        })
}

impl Pick {
    fn rate(&self) -> SampleRate {
        SampleRate::new(self.rate_hz).unwrap()
    }

    /// The routine as a person would write it.
    fn text(&self) -> String {
        let mut text = "name = \"chance\"\ntitle = \"Chance\"\nfor = \"self\"\n".to_owned();
        for (n, zone) in self.zones.iter().enumerate() {
            text += &format!(
                "[techniques.t{n}]\nstrokes_per_minute = {}\nticks = {:?}\nmotion = \"press\"\n\
                 pressure = \"light\"\nstrokes_per_pass = {}\n",
                zone.per_minute,
                zone.pattern,
                n + 1
            );
        }
        let names = ["ankle", "calf", "knee", "thigh"];
        let zones = self.zones.iter().zip(names).enumerate().map(|(n, (zone, name))| {
            format!("{{ zone = {name:?}, technique = \"t{n}\", lasts = \"{}ms\" }}", zone.millis)
        });
        text + &format!(
            "[[step]]\nid = \"a\"\ntitle = \"A\"\nsay = [\"contraindications\", \"never-painful\", \"varicose-veins\"]\n\
             legs = {:?}\npause = \"{}ms\"\nzones = [{}]\n[closing]\nsay = [\"goodbye\"]\n",
            self.legs,
            self.pause_millis,
            zones.collect::<Vec<_>>().join(", ")
        )
    }

    fn timeline(&self) -> Timeline {
        plan(&read(&self.text()), self.rate(), &lengths(self.rate(), self.millis_a_letter))
    }

    /// The zones in the order in which they come: all of one leg, all of the next.
    fn zones_in_order(&self) -> Vec<&Zone> {
        let legs = if self.legs == "each" { 2 } else { 1 };
        (0..legs).flat_map(|_| &self.zones).collect()
    }
}

/// `numerator / denominator`, half up: what the laws call rounding.
fn rounded(numerator: u128, denominator: u128) -> u64 {
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    (whole + u128::from(2 * rest >= denominator)) as u64
}

fn zone_sections(timeline: &Timeline) -> Vec<(FrameRange, u64)> {
    let zones = timeline.sections.iter().filter_map(|section| match &section.kind {
        SectionKind::Zone(stroking) => Some((section.range, stroking.strokes)),
        _ => None,
    });
    zones.collect()
}

/// Whether no range begins before the one before it ends.
fn in_order(ranges: impl IntoIterator<Item = FrameRange>) -> bool {
    let mut free_from = Position::START;
    ranges.into_iter().all(|range| {
        let fits = range.start >= free_from;
        free_from = range.end_exclusive();
        fits
    })
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn sections_adjoin_and_add_up(pick in picks()) {
        let timeline = pick.timeline();
        let mut end = Position::START;
        for section in &timeline.sections {
            prop_assert_eq!(section.range.start, end, "{}", &section.id);
            end = section.range.end_exclusive();
        }
        let sum: Length = timeline.sections.iter().map(|section| section.range.length).sum();
        prop_assert_eq!(sum, timeline.length());
        prop_assert_eq!(end.since(Position::START), sum);
    }

    #[test]
    fn a_zone_lasts_exactly_as_long_as_asked(pick in picks()) {
        let zones = zone_sections(&pick.timeline());
        for ((range, _), asked) in zones.iter().zip(pick.zones_in_order()) {
            let frames = rounded(u128::from(asked.millis) * u128::from(pick.rate_hz), 1_000);
            prop_assert_eq!(range.length.0, frames.max(1));
        }
        prop_assert_eq!(zones.len(), pick.zones_in_order().len());
    }

    #[test]
    fn strokes_are_whole_and_nearest_to_the_rate(pick in picks()) {
        for ((_, strokes), asked) in zone_sections(&pick.timeline()).iter().zip(pick.zones_in_order()) {
            let nearest = rounded(u128::from(asked.millis * asked.per_minute), 60_000).max(1);
            prop_assert_eq!(*strokes, nearest);
        }
    }

    #[test]
    fn every_tick_stands_where_its_number_puts_it(pick in picks()) {
        let timeline = pick.timeline();
        for ((pace, (range, strokes)), asked) in
            timeline.paces.iter().zip(zone_sections(&timeline)).zip(pick.zones_in_order())
        {
            let slots = asked.pattern.len() as u64;
            let sounding = asked.pattern.bytes().enumerate().filter(|(_, slot)| *slot != b'.');
            let sounding: Vec<u64> = sounding.map(|(index, _)| index as u64).collect();
            let mut ticks = pace.ticks();
            for stroke in 0..strokes {
                for slot in &sounding {
                    let part = u128::from(stroke * slots + slot) * u128::from(range.length.0);
                    let at = range.start.0 + rounded(part, u128::from(strokes * slots));
                    let tick = ticks.next().unwrap();
                    prop_assert_eq!((tick.at.0, tick.stroke), (at, stroke));
                }
            }
            prop_assert!(ticks.next().is_none());
        }
    }

    #[test]
    fn events_of_a_track_never_overlap_and_stay_in_their_section(pick in picks()) {
        let timeline = pick.timeline();
        prop_assert!(in_order(timeline.speech.iter().map(|prompt| prompt.range)));
        prop_assert!(in_order(timeline.ticks().map(|tick| tick.range())));
        prop_assert!(in_order(timeline.chimes.iter().map(|chime| chime.range)));
        let inside = |range: FrameRange| {
            timeline.sections.iter().any(|section| section.range.contains_range(range))
        };
        prop_assert!(timeline.speech.iter().all(|prompt| inside(prompt.range)));
        prop_assert!(timeline.chimes.iter().all(|chime| inside(chime.range)));
        for pace in &timeline.paces {
            prop_assert!(pace.ticks().all(|tick| pace.range.contains_range(tick.range())));
        }
    }

    #[test]
    fn the_voice_moves_no_tick_within_its_zone(pick in picks(), other in 1_u64..150) {
        let slower = Pick { millis_a_letter: other, ..pick.clone() };
        let (one, two) = (pick.timeline(), slower.timeline());
        prop_assert_eq!(one.paces.len(), two.paces.len());
        for (a, b) in one.paces.iter().zip(&two.paces) {
            prop_assert_eq!(a.range.length, b.range.length);
            let from = |start: Position| move |tick: effleurage::timeline::TickEvent| {
                (tick.at.since(start), tick.tick)
            };
            let a: Vec<_> = a.ticks().map(from(a.range.start)).collect();
            let b: Vec<_> = b.ticks().map(from(b.range.start)).collect();
            prop_assert_eq!(a, b);
        }
    }

    #[test]
    fn lead_ins_are_whole_seconds(pick in picks()) {
        let timeline = pick.timeline();
        for section in &timeline.sections {
            if section.kind == SectionKind::LeadIn {
                prop_assert_eq!(section.range.length.0 % u64::from(pick.rate_hz), 0);
            }
        }
    }

    #[test]
    fn cues_stand_at_their_exact_frames(pick in picks()) {
        let timeline = pick.timeline();
        let starts = |range: FrameRange, clip: &str| -> Vec<u64> {
            let said = timeline.speech.iter().filter(|p| p.clip == clip && range.contains_range(p.range));
            said.map(|prompt| prompt.range.start.0 - range.start.0).collect()
        };
        for ((range, _), asked) in zone_sections(&timeline).iter().zip(pick.zones_in_order()) {
            let hz = u64::from(pick.rate_hz);
            let rung = timeline.chimes.iter().filter(|c| c.kind == ChimeKind::Soon && range.contains_range(c.range));
            let rung: Vec<u64> = rung.map(|bell| bell.range.start.0 - range.start.0).collect();
            let bell = range.length.0.checked_sub(5 * hz).filter(|_| asked.millis >= 20_000);
            let room = bell.unwrap_or(range.length.0);
            let says = lengths(pick.rate(), pick.millis_a_letter)["halfway"].0;
            let halfway = Some(range.length.0 / 2)
                .filter(|at| asked.millis >= 60_000 && at + says <= room);
            prop_assert_eq!(rung, bell.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(starts(*range, "halfway"), halfway.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn it_opens_with_a_second_of_chime_and_ends_with_half_a_second_of_quiet(pick in picks()) {
        let timeline = pick.timeline();
        let hz = u64::from(pick.rate_hz);
        let opening = timeline.chimes[0].range;
        prop_assert_eq!(opening, FrameRange::new(Position(0), Length(hz)));
        prop_assert!(timeline.speech.iter().all(|prompt| prompt.range.start.0 >= hz));
        let last = timeline.chimes.last().unwrap().range.end_exclusive();
        let end = Position::START + timeline.length();
        prop_assert_eq!(end.since(last).0, rounded(u128::from(hz), 2));
    }

    #[test]
    fn the_same_routine_gives_the_same_timeline(pick in picks()) {
        prop_assert_eq!(pick.timeline(), pick.timeline());
    }
}

#[test]
fn announced_lengths_are_those_that_come_out() {
    let vocabulary = support::vocabulary();
    for name in ["partner", "self", "self-short"] {
        let rate = support::rate(44_100);
        let timeline = plan(&read(&support::built_in(name).text), rate, &lengths(rate, 50));
        let mut announced = BTreeMap::new();
        for (range, _) in zone_sections(&timeline) {
            let before =
                timeline.speech.iter().rfind(|p| p.range.end_exclusive() <= range.start).unwrap();
            let Some(id) = before.clip.strip_prefix("length-") else {
                // What is short, or what the other leg had just so, is not told.
                let mut zones = timeline.sections.iter().filter(|s| s.range == range);
                let short = rate.duration_of(range.length).as_secs() < 15;
                assert!(short || zones.any(|zone| zone.id.contains(".right.")), "{}", before.clip);
                continue;
            };
            let says = effleurage::routine::duration::parse(id).unwrap();
            let lasts = rate.duration_of(range.length);
            announced.insert(vocabulary.text(&before.clip).to_owned(), lasts);
            assert_eq!(says, lasts, "{}", before.clip);
        }
        assert!(announced.len() >= 2, "{name}: {announced:?}");
    }
}

#[test]
fn strokes_at_awkward_rates_do_not_drift() {
    // The rates at which other metronomes were seen to drift within six minutes.
    for (per_minute, strokes) in [("22", 132), ("65", 390), ("72.5", 435), ("76", 456)] {
        let text = format!(
            "name = \"drift\"\ntitle = \"Drift\"\nfor = \"self\"\n[techniques.t]\n\
             strokes_per_minute = {per_minute}\nticks = \"X\"\nmotion = \"circle\"\n\
             pressure = \"light\"\nstrokes_per_pass = 4\n[[step]]\nid = \"a\"\ntitle = \"A\"\n\
             legs = \"both\"\nzones = [{{ zone = \"calf\", technique = \"t\", lasts = \"6m\" }}]\n"
        );
        let rate = support::rate(44_100);
        let timeline = plan(&read(&text), rate, &lengths(rate, 50));
        let start = timeline.paces[0].range.start.0;
        let ticks: Vec<u64> = timeline.ticks().map(|tick| tick.at.0 - start).collect();
        assert_eq!(ticks.len(), strokes);
        for (k, at) in ticks.iter().enumerate() {
            let exact = k as f64 * 60.0 * 44_100.0 / per_minute.parse::<f64>().unwrap();
            assert_eq!(*at, (exact + 0.5).floor() as u64, "stroke {k} at {per_minute} a minute");
        }
    }
}

/// A step with these lines, in milliseconds: at 1000 Hz a frame is one.
fn step_with(lines: &str) -> Timeline {
    let text = format!(
        "name = \"step\"\ntitle = \"Step\"\nfor = \"self\"\n[techniques.t]\n\
         strokes_per_minute = 20\nticks = \"X\"\nmotion = \"circle\"\npressure = \"light\"\n\
         strokes_per_pass = 4\n[[step]]\nid = \"a\"\ntitle = \"A\"\n{lines}\n"
    );
    let rate = support::rate(1_000);
    plan(&read(&text), rate, &lengths(rate, 100))
}

fn section(timeline: &Timeline, id: &str) -> FrameRange {
    timeline.sections.iter().find(|section| section.id == id).unwrap().range
}

#[test]
fn words_get_what_they_need_in_whole_seconds() {
    // "Halfway." is 0.8 s and "Rest well." 1.0 s at 100 ms a letter; a breath of 0.4 s
    // between, a rest of 0.4 s after them: 2.6 s, so 3.
    let timeline = step_with("say = [\"halfway\", \"goodbye-brief\"]");
    let range = section(&timeline, "a.lead-in");
    assert_eq!((range.start.0, range.length.0), (1_000, 3_000));
    let starts: Vec<u64> = timeline.speech.iter().map(|prompt| prompt.range.start.0).collect();
    assert_eq!(starts, [1_000, 2_200]);
}

#[test]
fn what_an_author_pins_is_exactly_that() {
    let zones = "legs = \"both\"\nchangeover = \"3.333s\"\n\
                 zones = [{ zone = \"calf\", technique = \"t\", lasts = \"7s\", lead_in = \"4.567s\" }]";
    let timeline =
        step_with(&format!("say = [\"halfway\"]\nlead_in = \"812ms\"\npause = \"1.5s\"\n{zones}"));
    let length = |id: &str| section(&timeline, id).length.0;
    assert_eq!(length("a.lead-in"), 812);
    assert_eq!(length("a.both.lead-in"), 3_333);
    assert_eq!(length("a.both.calf.lead-in"), 4_567);
    assert_eq!(length("a.both.calf"), 7_000);
    assert_eq!(length("a.pause"), 1_500);
}

#[test]
fn strokes_may_be_counted_instead() {
    let zones = "legs = \"left\"\nzones = [{ zone = \"calf\", technique = \"t\", strokes = 41 }]";
    let timeline = step_with(zones);
    // 41 strokes of 3 s.
    assert_eq!(section(&timeline, "a.left.calf").length.0, 123_000);
    assert_eq!(timeline.ticks().count(), 41);
}

#[test]
fn a_rate_that_bends_is_told() {
    let zones =
        "legs = \"left\"\nzones = [{ zone = \"calf\", technique = \"t\", lasts = \"122s\" }]";
    let timeline = step_with(zones);
    // 122 s hold 40.67 strokes at 20 a minute; 41 are 41·60/122 = 20.16 a minute.
    assert!(
        timeline
            .notes
            .contains(&"a.left.calf: 41 strokes, 20.16 a minute instead of 20".to_owned()),
        "{:?}",
        timeline.notes
    );
}

#[test]
fn built_in_routines_end_with_whole_passes() {
    for name in ["partner", "self", "self-short"] {
        let rate = support::rate(1_000);
        for pace in plan(&read(&support::built_in(name).text), rate, &lengths(rate, 50)).paces {
            let (strokes, pass) = (pace.strokes, pace.strokes_per_pass);
            assert_eq!(strokes % pass, 0, "{name}: {strokes} strokes in passes of {pass}");
        }
    }
}
