//! The laws of changes, each for changes that chance picks, on the three routines.
//!
//! Expected values come from arithmetic written here and from the routine as it is
//! written, not from what customises it.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use crate::support::{cases, lengths, plan_changed, rate};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use effleurage::body::Region;
use effleurage::routine::duration;
use effleurage::routine::words::Leg;
use effleurage::timeline::{Section, SectionKind, Stroking, Timeline};
use effleurage::units::{FrameRange, Length, Position};

const ROUTINES: [&str; 3] = ["partner", "self", "self-short"];
/// At 1000 Hz a frame is a millisecond.
const HZ: u32 = 1_000;
/// The voice takes so many milliseconds for a letter.
const MILLIS_A_LETTER: u64 = 60;
/// What presses or kneads in the three routines.
const PRESSING: [&str; 4] = ["knuckles", "clamp", "thumb-press", "thumb-pairs"];

static LENGTHS: LazyLock<BTreeMap<String, Length>> =
    LazyLock::new(|| lengths(rate(HZ), MILLIS_A_LETTER));
static WRITTEN: LazyLock<BTreeMap<&str, Timeline>> = LazyLock::new(|| {
    ROUTINES.into_iter().map(|name| (name, changed(name, &[]).unwrap())).collect()
});

type Flags = Vec<(&'static str, String)>;

fn changed(name: &str, flags: &[(&'static str, String)]) -> Result<Timeline, String> {
    let flags: Vec<(&str, &str)> =
        flags.iter().map(|(name, value)| (*name, value.as_str())).collect();
    plan_changed(name, &flags, rate(HZ), &LENGTHS)
}

/// A zone's section with what happens in it.
fn zones(timeline: &Timeline) -> Vec<(&Section, &Stroking)> {
    let zones = timeline.sections.iter().filter_map(|section| match &section.kind {
        SectionKind::Zone(stroking) => Some((section, stroking)),
        _ => None,
    });
    zones.collect()
}

/// The part of a section's id that names its step.
fn step_of(section: &Section) -> &str {
    section.id.split('.').next().unwrap()
}

/// Whether the same zone of the other leg came before this one and lasted as long.
fn came_before(zone: &Section, timeline: &Timeline) -> bool {
    let part = |section: &Section, n: usize| section.id.split('.').nth(n).map(str::to_owned);
    zones(timeline).iter().any(|(other, _)| {
        let same = part(other, 0) == part(zone, 0) && part(other, 2) == part(zone, 2);
        same && other.range.start < zone.range.start && other.range.length == zone.range.length
    })
}

fn maybe(
    name: &'static str,
    values: impl Strategy<Value = String> + 'static,
) -> impl Strategy<Value = Flags> {
    prop_oneof![2 => Just(vec![]), 1 => values.prop_map(move |value| vec![(name, value)])]
}

fn one_of(name: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = Flags> {
    maybe(name, prop::sample::select(values).prop_map(str::to_owned))
}

fn zone_changes() -> impl Strategy<Value = Flags> {
    let path = prop::sample::select(vec![
        "ankle",
        "calf",
        "thigh",
        "left.calf",
        "right.thigh",
        "left.ankle",
    ]);
    let value = prop_oneof![
        4 => (15_000_u64..200_000).prop_map(|millis| format!("{millis}ms")),
        2 => (5_u64..80).prop_map(|strokes| format!("{strokes}strokes")),
        1 => Just("off".to_owned()),
    ];
    let changes = prop::collection::btree_map(path, value, 0..3);
    changes.prop_map(|changes| {
        changes.into_iter().map(|(path, value)| ("--zone", format!("{path}={value}"))).collect()
    })
}

/// Flags that chance picks, but for those that change the length of zones.
fn other_flags() -> impl Strategy<Value = Flags> {
    let percent = (1_u32..=50).prop_map(|percent| format!("{percent}%"));
    let pace = prop_oneof![
        (10_u32..40).prop_map(|rate| format!("circles={rate}")),
        (5_u32..15).prop_map(|tenths| format!("{}x", f64::from(tenths) / 10.0)),
    ];
    let flags = (
        maybe("--pace", pace),
        maybe("--slow-down", percent),
        one_of("--legs", &["left", "right", "both"]),
        one_of("--first", &["left", "right"]),
        one_of("--talk", &["full", "brief", "ticks"]),
        one_of("--gentle", &[""]),
        one_of("--i-know-the-warnings", &[""]),
        one_of("--count-in", &["1", "3", "8", "off"]),
        one_of("--halfway", &["on", "off"]),
        (
            one_of("--closing-cue", &["10s", "30s", "off"]),
            one_of("--time-left", &["30s", "1m", "2m"]),
        ),
    );
    flags.prop_map(|(a, b, c, d, e, f, g, h, i, (j, k))| [a, b, c, d, e, f, g, h, i, j, k].concat())
}

fn any_flags() -> impl Strategy<Value = Flags> {
    let total = (300_u64..3_600).prop_map(|seconds| format!("{seconds}s"));
    (zone_changes(), maybe("--total", total), other_flags())
        .prop_map(|(zones, total, others)| [zones, total, others].concat())
}

fn routines() -> impl Strategy<Value = &'static str> {
    prop::sample::select(ROUTINES.as_slice())
}

fn value<'a>(flags: &'a Flags, name: &str) -> Option<&'a str> {
    flags.iter().find(|(flag, _)| *flag == name).map(|(_, value)| value.as_str())
}

/// A zone that `--zone` speaks of, on this leg.
fn mentioned(flags: &Flags, leg: Leg, zone: Region) -> bool {
    flags.iter().filter(|(name, _)| *name == "--zone").any(|(_, value)| {
        let path = value.split('=').next().unwrap();
        path == zone.to_string() || path == format!("{leg}.{zone}")
    })
}

fn in_order(ranges: impl IntoIterator<Item = FrameRange>) -> bool {
    let mut free_from = Position::START;
    ranges.into_iter().all(|range| {
        let fits = range.start >= free_from;
        free_from = range.end_exclusive();
        fits
    })
}

/// Whether the track ends as it would without a total, or its zones cannot be shorter.
fn closes_in_time(name: &str, free: Flags, seconds: u64) -> bool {
    let total = vec![("--total", format!("{seconds}s"))];
    let (Ok(free_length), Ok(filled)) =
        (changed(name, &free), changed(name, &[free, total].concat()))
    else {
        return true;
    };
    let closing = |timeline: &Timeline| timeline.sections.last().unwrap().range.length.0;
    let shortest = zones(&filled).iter().all(|(section, _)| section.range.length.0 <= 15_000);
    // So many frames at most cannot be shared evenly.
    let odd = zones(&filled).len() as u64;
    shortest || closing(&filled) <= closing(&free_length) + odd
}

/// Longer words take time from the zones, shorter zones are announced in fewer words: where
/// that goes to and fro, what is left over is not all quiet at the end.
#[test]
fn words_that_come_and_go_leave_no_quiet_at_the_end() {
    for (name, zone, pace, seconds) in [
        ("self", "ankle=182413ms", "1x", 1925),
        ("self", "ankle=32strokes", "circles=35", 769),
        ("self-short", "thigh=141248ms", "1x", 1568),
    ] {
        let flags = vec![("--zone", zone.to_owned()), ("--pace", pace.to_owned())];
        assert!(closes_in_time(name, flags, seconds), "{name} {zone} {seconds}");
    }
}

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn a_total_is_exact_to_the_frame(name in routines(), flags in any_flags(), seconds in 200_u64..4_000) {
        let mut flags: Flags = flags.into_iter().filter(|(flag, _)| *flag != "--total").collect();
        flags.push(("--total", format!("{seconds}s")));
        match changed(name, &flags) {
            Ok(timeline) => prop_assert_eq!(timeline.length().0, seconds * u64::from(HZ)),
            Err(why) => prop_assert!(why.contains("the track can"), "{}", why),
        }
    }

    #[test]
    fn a_total_is_filled_with_stroking_and_not_with_quiet(
        name in routines(), flags in any_flags(), seconds in 300_u64..4_000,
    ) {
        let free: Flags = flags.into_iter().filter(|(flag, _)| *flag != "--total").collect();
        prop_assert!(closes_in_time(name, free, seconds));
    }

    #[test]
    fn the_laws_of_time_hold(name in routines(), flags in any_flags()) {
        let Ok(timeline) = changed(name, &flags) else { return Ok(()) };
        prop_assert!(in_order(timeline.speech.iter().map(|prompt| prompt.range)));
        prop_assert!(in_order(timeline.ticks().map(|tick| tick.range())));
        let mut end = Position::START;
        for section in &timeline.sections {
            prop_assert_eq!(section.range.start, end, "{}", &section.id);
            end = section.range.end_exclusive();
        }
        let inside = |range: FrameRange| {
            timeline.sections.iter().any(|section| section.range.contains_range(range))
        };
        prop_assert!(timeline.speech.iter().all(|prompt| inside(prompt.range)));
        prop_assert!(timeline.chimes.iter().all(|chime| inside(chime.range)));
        prop_assert!(timeline.ticks().all(|tick| inside(tick.range())));
    }

    #[test]
    fn strokes_are_whole_and_each_has_its_ticks(name in routines(), flags in any_flags()) {
        let Ok(timeline) = changed(name, &flags) else { return Ok(()) };
        for (section, stroking) in zones(&timeline) {
            let pace = timeline.paces.iter().find(|pace| pace.range == section.range).unwrap();
            prop_assert!(stroking.strokes >= 1);
            prop_assert_eq!(pace.strokes, stroking.strokes);
            let mut strokes: Vec<u64> = pace.ticks().map(|tick| tick.stroke).collect();
            strokes.dedup();
            prop_assert_eq!(strokes, (0..stroking.strokes).collect::<Vec<_>>());
            // The nearest whole number, at the pace that is asked for.
            let exact = section.range.length.0 as f64 / f64::from(HZ) / 60.0
                * stroking.asked.as_per_minute();
            prop_assert!((stroking.strokes as f64 - exact).abs() <= 0.5 + 1e-6 || stroking.strokes == 1);
        }
    }

    #[test]
    fn the_way_is_up(name in routines(), flags in any_flags()) {
        let Ok(timeline) = changed(name, &flags) else { return Ok(()) };
        for pair in zones(&timeline).windows(2) {
            let [(below, a), (above, b)] = pair else { unreachable!() };
            if step_of(below) == step_of(above) && a.leg == b.leg {
                prop_assert!(a.zone < b.zone, "{} then {}", below.id, above.id);
            }
        }
    }

    #[test]
    fn both_legs_are_equal_unless_told(name in routines(), flags in any_flags()) {
        let Ok(timeline) = changed(name, &flags) else { return Ok(()) };
        let one_leg = matches!(value(&flags, "--legs"), Some("left" | "right"));
        let told = |zone| [Leg::Left, Leg::Right].map(|leg| {
            flags.iter().any(|(_, value)| value.starts_with(&format!("{leg}.{zone}")))
        });
        for (section, stroking) in zones(&timeline) {
            let other = if stroking.leg == Leg::Left { Leg::Right } else { Leg::Left };
            let id = format!("{}.{other}.{}", step_of(section), stroking.zone);
            let twin = timeline.sections.iter().find(|section| section.id == id);
            if told(stroking.zone) == [false, false] {
                prop_assert_eq!(twin.is_none(), one_leg, "{}", &id);
            }
            if let (Some(twin), [false, false]) = (twin, told(stroking.zone)) {
                prop_assert_eq!(twin.range.length, section.range.length, "{}", &id);
            }
        }
    }

    #[test]
    fn unmentioned_zones_keep_their_proportion(
        name in routines(), zone_flags in zone_changes(), others in other_flags(), seconds in 300_u64..3_600,
    ) {
        let mut flags = [zone_flags, others].concat();
        flags.push(("--total", format!("{seconds}s")));
        let Ok(timeline) = changed(name, &flags) else { return Ok(()) };
        let written: BTreeMap<&str, Length> =
            zones(&WRITTEN[name]).iter().map(|(section, _)| (section.id.as_str(), section.range.length)).collect();
        let free: Vec<_> = zones(&timeline).into_iter()
            .filter(|(_, stroking)| !mentioned(&flags, stroking.leg, stroking.zone)).collect();
        // The longest is at no bound unless all are, so its stretch is that of all others.
        let Some((longest, _)) = free.iter().max_by_key(|(section, _)| written[section.id.as_str()]) else { return Ok(()) };
        let stretch = longest.range.length.0 as f64 / written[longest.id.as_str()].0 as f64;
        for (section, stroking) in &free {
            let was = written[section.id.as_str()].0 as f64;
            let stroke = 60.0 / stroking.asked.as_per_minute() * f64::from(HZ);
            let least = was.min(15.0 * f64::from(HZ)).max(stroke);
            let fair = (was * stretch).max(least);
            let is = section.range.length.0 as f64;
            prop_assert!((is - fair).abs() <= stroke, "{}: {is} instead of {fair}", section.id);
            prop_assert!(is >= least - 1.0, "{}: {is} is below {least}", section.id);
        }
    }

    #[test]
    fn zones_that_are_told_are_kept_as_told(name in routines(), flags in any_flags()) {
        let Ok(timeline) = changed(name, &flags) else { return Ok(()) };
        for (section, stroking) in zones(&timeline) {
            let told = |path: String| flags.iter().find_map(|(_, value)| value.strip_prefix(&format!("{path}=")));
            let (leg, zone) = (stroking.leg, stroking.zone);
            let Some(wanted) = told(format!("{leg}.{zone}")).or_else(|| told(zone.to_string())) else { continue };
            prop_assert_ne!(wanted, "off", "{}", &section.id);
            match wanted.strip_suffix("strokes") {
                // Light circles take the time of the strokes in whose place they come.
                Some(_) if value(&flags, "--gentle").is_some() => {}
                Some(strokes) => prop_assert_eq!(stroking.strokes.to_string(), strokes),
                None => {
                    let millis = wanted.strip_suffix("ms").unwrap();
                    prop_assert_eq!(section.range.length.0.to_string(), millis);
                }
            }
        }
    }

    #[test]
    fn the_order_of_flags_does_not_matter(
        name in routines(),
        (flags, shuffled) in any_flags().prop_flat_map(|flags| (Just(flags.clone()), Just(flags).prop_shuffle())),
    ) {
        prop_assert_eq!(changed(name, &flags), changed(name, &shuffled));
    }

    #[test]
    fn nothing_presses_before_the_warnings(name in routines(), flags in any_flags()) {
        let Ok(timeline) = changed(name, &flags) else { return Ok(()) };
        let first = zones(&timeline).into_iter().find(|(_, s)| PRESSING.contains(&s.technique.as_str()));
        let gentle = value(&flags, "--gentle").is_some();
        prop_assert!(!gentle || first.is_none());
        let said = |before: Position, prompt: &str| {
            timeline.speech.iter().any(|p| p.clip == prompt && p.range.end_exclusive() <= before)
        };
        let short = value(&flags, "--i-know-the-warnings").is_some();
        let warnings: &[&str] = match short {
            true => &["warnings-short"],
            false => &["contraindications", "never-painful", "varicose-veins"],
        };
        let before = match first {
            Some((section, _)) => section.range.start,
            None if zones(&timeline).is_empty() => return Ok(()),
            None => Position::START + timeline.length(),
        };
        for warning in warnings {
            prop_assert!(said(before, warning), "{warning} is not said");
        }
    }

    #[test]
    fn nobody_is_told_to_change_to_a_leg_that_is_left_out(name in routines(), flags in any_flags(), leg in prop::sample::select(vec!["left", "right"])) {
        let mut flags: Flags = flags.into_iter().filter(|(flag, _)| *flag != "--legs").collect();
        flags.push(("--legs", leg.to_owned()));
        let Ok(timeline) = changed(name, &flags) else { return Ok(()) };
        let other = if leg == "left" { "right" } else { "left" };
        prop_assert!(zones(&timeline).iter().all(|(_, stroking)| stroking.leg.to_string() == leg));
        for prompt in &timeline.speech {
            prop_assert!(!prompt.clip.starts_with("change-") && !prompt.clip.starts_with("begin-"));
            prop_assert_ne!(&prompt.clip, &format!("{other}-leg"));
        }
    }

    #[test]
    fn editions_have_the_same_zones_and_strokes(name in routines(), zone_flags in zone_changes(), others in other_flags()) {
        let flags: Flags = [zone_flags, others].concat().into_iter().filter(|(flag, _)| *flag != "--talk").collect();
        let edition = |talk: &str| changed(name, &[flags.clone(), vec![("--talk", talk.to_owned())]].concat());
        let shape = |timeline: &Timeline| {
            let zones = zones(timeline);
            zones.iter().map(|(s, stroking)| (s.id.clone(), s.range.length, stroking.strokes)).collect::<Vec<_>>()
        };
        let Ok(full) = edition("full") else { return Ok(()) };
        prop_assert_eq!(shape(&full), shape(&edition("brief").unwrap()));
        let ticks = edition("ticks").unwrap();
        prop_assert_eq!(shape(&full), shape(&ticks));
        let silent = ["--halfway", "--closing-cue", "--time-left"].iter().all(|cue| value(&flags, cue).is_none());
        let warnings = ["contraindications", "relaxation", "doctor", "never-painful", "varicose-veins", "warnings-short", "gentle-why"];
        prop_assert!(!silent || ticks.speech.iter().all(|prompt| warnings.contains(&prompt.clip.as_str())));
    }

    #[test]
    fn announced_lengths_are_the_nearest_that_can_be_said(name in routines(), flags in any_flags()) {
        let flags: Flags = flags.into_iter().filter(|(flag, _)| *flag != "--talk").collect();
        let Ok(timeline) = changed(name, &flags) else { return Ok(()) };
        let known: Vec<Duration> = LENGTHS.keys()
            .filter_map(|id| duration::parse(id.strip_prefix("length-")?).ok()).collect();
        for (section, _) in zones(&timeline) {
            let before = timeline.speech.iter().rfind(|p| p.range.start < section.range.start).unwrap();
            let lasts = Duration::from_millis(section.range.length.0);
            let off = |says: Duration| says.abs_diff(lasts);
            let nearest = known.iter().copied().map(off).min().unwrap();
            match before.clip.strip_prefix("length-") {
                Some(said) => prop_assert_eq!(off(duration::parse(said).unwrap()), nearest),
                // What the other leg had just so is not told again.
                None => prop_assert!(
                    nearest * 20 > lasts || lasts.as_secs() < 15 || came_before(section, &timeline),
                    "{} is not announced", section.id
                ),
            }
        }
    }
}

#[test]
fn every_whole_minute_up_to_an_hour_can_be_had() {
    for name in ROUTINES {
        let total = |minutes: u64| changed(name, &[("--total", format!("{minutes}m"))]);
        let shortest = (1..60).find(|minutes| total(*minutes).is_ok()).unwrap();
        assert!(shortest <= 14, "{name}: {shortest} minutes");
        for minutes in shortest..=60 {
            let timeline =
                total(minutes).unwrap_or_else(|why| panic!("{name}, {minutes} m: {why}"));
            assert_eq!(timeline.length().0, minutes * 60 * u64::from(HZ), "{name}, {minutes} m");
        }
        let refusal = total(shortest - 1).unwrap_err();
        assert!(refusal.contains("the track can last from"), "{refusal}");
    }
}

/// The shortest total that is told can be had, and not a second less.
#[test]
fn the_shortest_total_is_told_exactly() {
    for name in ROUTINES {
        for extra in ["", "brief", "ticks"] {
            let with_total = |total: String| {
                let talk = Some(("--talk", extra.to_owned())).filter(|(_, talk)| !talk.is_empty());
                let flags: Flags = talk.into_iter().chain([("--total", total)]).collect();
                changed(name, &flags)
            };
            let refusal = with_total("1s".to_owned()).unwrap_err();
            let told = refusal.split("from ").nth(1).unwrap().split(" to ").next().unwrap();
            let shortest = duration::parse(told).unwrap().as_secs();
            let least = with_total(format!("{shortest}s"));
            assert_eq!(least.unwrap().length().0, shortest * u64::from(HZ), "{name} {extra}");
            assert!(with_total(format!("{}s", shortest - 1)).is_err(), "{name} {extra}");
        }
    }
}

/// Slowing by *p*: slot x = k/n of a zone of L frames stands at L·((1 - a)·x + a·x²) with
/// a = p/(2 - p). Worked out with f64 here, in integers there.
#[test]
fn strokes_that_slow_stand_where_the_formula_puts_them() {
    let timeline = changed("self", &[("--slow-down", "20%".to_owned())]).unwrap();
    let a = 0.2 / 1.8;
    for (section, stroking) in zones(&timeline) {
        let pace = timeline.paces.iter().find(|pace| pace.range == section.range).unwrap();
        let slots = pace.pattern.slots().len() as f64;
        let n = stroking.strokes as f64 * slots;
        for (k, tick) in pace.ticks().enumerate() {
            let x = k as f64 / n;
            let exact = section.range.length.0 as f64 * ((1.0 - a) * x + a * x * x);
            let off = tick.at.since(section.range.start).0 as f64 - exact;
            assert!(off.abs() <= 0.5 + 1e-6, "{}: tick {k} is {off} frames off", section.id);
        }
    }
}

#[test]
fn count_in_ticks_lead_to_the_first_stroke() {
    let timeline = changed("partner", &[("--count-in", "3".to_owned())]).unwrap();
    let ticks: Vec<u64> = timeline.ticks().map(|tick| tick.at.0).collect();
    for (section, _) in zones(&timeline) {
        let first = section.range.start.0;
        let before: Vec<u64> = ticks.iter().copied().filter(|at| *at < first).collect();
        let last_three: Vec<u64> = before[before.len() - 3..].iter().map(|at| first - at).collect();
        // A second apart, for every stroke here lasts longer.
        assert_eq!(last_three, [3_000, 2_000, 1_000], "{}", section.id);
        let words = timeline.speech.iter().rfind(|p| p.range.start.0 < first).unwrap();
        assert!(words.range.end_exclusive().0 <= first - 3_000, "{}", section.id);
    }
}

/// Most of what chance picks can be had; otherwise the laws above would be empty.
#[test]
fn most_picks_can_be_had() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let picks = (routines(), any_flags());
    let had = (0..200).filter(|_| {
        let (name, flags) = picks.new_tree(&mut runner).unwrap().current();
        changed(name, &flags).is_ok()
    });
    let had = had.count();
    assert!(had >= 120, "only {had} of 200");
}
