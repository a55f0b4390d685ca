//! What is said and printed is true of the session that is heard, in every language.
//!
//! The words of finished plans are read as a listener would: a region that is named must be
//! stroked where it is named, a leg that is named must have its turn, and so on. Nothing
//! here knows what prompts claim; the words are looked up in small word lists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::support::{Random, lengths_of, package, plan_request, rate};

use effleurage::diagnostic::Source;
use effleurage::routine::claims::Claims;
use effleurage::routine::words::{Leg, Word};
use effleurage::routine::{Request, Vocabulary, builtin};
use effleurage::timeline::{Section, SectionKind, Stroking, Timeline};
use effleurage::units::Length;

const HZ: u32 = 1_000;
const ROUTINES: [&str; 3] = ["partner", "self", "self-short"];

/// The words for one thing, each as it begins: plurals and endings may follow.
type Words = &'static [&'static str];

/// How a language calls what a session has.
struct Language {
    voice: &'static str,
    /// Ankle, calf, knee and thigh.
    regions: [Words; 4],
    /// Left and right.
    sides: [Words; 2],
    /// What only the knuckles technique has.
    knuckles: Words,
    /// What only the clamp has.
    clamp: Words,
    /// Six minutes, in a title.
    six: &'static str,
}

const LANGUAGES: [Language; 5] = [
    Language {
        voice: "en",
        regions: [&["ankle"], &["calf", "calves"], &["knee"], &["thigh"]],
        sides: [&["left leg"], &["right leg"]],
        knuckles: &["knuckle"],
        clamp: &["clamp"],
        six: "six minutes",
    },
    Language {
        voice: "es",
        regions: [&["tobillo"], &["pantorrilla"], &["rodilla"], &["muslo"]],
        sides: [&["izquierd"], &["derech"]],
        knuckles: &["nudillo"],
        clamp: &["pinza"],
        six: "seis minutos",
    },
    Language {
        voice: "it",
        regions: [&["caviglia", "caviglie"], &["polpacci"], &["ginocchi"], &["coscia", "cosce"]],
        sides: [&["sinistr"], &["destr"]],
        knuckles: &["nocche"],
        clamp: &["pinza"],
        six: "sei minuti",
    },
    Language {
        voice: "pt-BR",
        regions: [&["tornozelo"], &["panturrilha"], &["joelho"], &["coxa"]],
        sides: [&["esquerd"], &["direit"]],
        knuckles: &["nós"],
        clamp: &["pinça"],
        six: "seis minutos",
    },
    Language {
        voice: "fr",
        regions: [&["cheville"], &["mollet"], &["genou"], &["cuisse"]],
        sides: [&["gauche"], &["droit"]],
        knuckles: &["jointure"],
        clamp: &["pince"],
        six: "six minutes",
    },
];

/// A language with the vocabulary and the lengths of its voice.
struct Speaker {
    language: &'static Language,
    vocabulary: Vocabulary,
    lengths: BTreeMap<String, Length>,
}

static SPEAKERS: LazyLock<Vec<Speaker>> = LazyLock::new(|| {
    LANGUAGES
        .iter()
        .map(|language| {
            let folder = package("voice-clips").join(language.voice);
            let vocabulary = effleurage::voice::open_folder(&folder).unwrap().vocabulary;
            let lengths = lengths_of(&vocabulary, rate(HZ), 40);
            Speaker { language, vocabulary, lengths }
        })
        .collect()
});

/// What is stroked in one step, and where it stands among the others.
struct StepOf<'a> {
    zones: Vec<(&'a Section, &'a Stroking)>,
    before: Option<&'a str>,
}

/// Every way in which a plan says what is not so.
fn lies(timeline: &Timeline, language: &Language) -> Vec<String> {
    let steps = steps(timeline);
    let mut lies = Vec::new();
    for section in &timeline.sections {
        let spoken =
            timeline.speech.iter().filter(|prompt| section.range.contains_range(prompt.range));
        let spoken = spoken.map(|prompt| (prompt.text.as_str(), section.id.as_str()));
        // A title is that of its step, whatever comes first in it.
        let printed = section.begins.iter().map(|title| (title.as_str(), step_id(section)));
        for (words, place) in spoken.chain(printed) {
            if let Some(why) = lie(words, place, &steps, language) {
                lies.push(format!("{} says “{words}”: {why}", section.id));
            }
        }
    }
    let lasts = timeline.length().0;
    if timeline.title.to_lowercase().contains(language.six) && lasts != 360 * u64::from(HZ) {
        lies.push(format!("“{}” lasts {lasts} ms", timeline.title));
    }
    lies
}

fn step_id(section: &Section) -> &str {
    section.id.split('.').next().unwrap()
}

fn steps(timeline: &Timeline) -> BTreeMap<&str, StepOf<'_>> {
    let mut steps: BTreeMap<&str, StepOf<'_>> = BTreeMap::new();
    let mut last = None;
    for section in &timeline.sections {
        let id = step_id(section);
        let SectionKind::Zone(stroking) = &section.kind else { continue };
        let step = steps.entry(id).or_insert_with(|| StepOf { zones: Vec::new(), before: last });
        step.zones.push((section, stroking));
        last = Some(id);
    }
    steps
}

fn says(words: &str, any: Words) -> bool {
    let words = words.to_lowercase();
    if any.iter().any(|phrase| phrase.contains(' ')) {
        return any.iter().any(|phrase| words.contains(phrase));
    }
    let mut all = words.split(|c: char| !c.is_alphabetic());
    all.any(|word| any.iter().any(|begins| word.starts_with(begins)))
}

/// Why `words` at `place`, a section's or a step's id, are not true.
fn lie(
    words: &str,
    place: &str,
    steps: &BTreeMap<&str, StepOf<'_>>,
    language: &Language,
) -> Option<String> {
    let all = || steps.values().flat_map(|step| &step.zones).collect::<Vec<_>>();
    let place: Vec<&str> = place.trim_end_matches(".lead-in").split('.').collect();
    let step = steps.get(place[0]);
    // Of one zone, of one leg, of the step, or of the whole session.
    let spoken_of: Vec<&(&Section, &Stroking)> = match (step, place.as_slice()) {
        (Some(step), [_, leg, zone]) => step
            .zones
            .iter()
            .filter(|(_, s)| s.leg.word() == *leg && s.zone.name() == *zone)
            .collect(),
        (Some(step), [_, leg]) => step.zones.iter().filter(|(_, s)| s.leg.word() == *leg).collect(),
        (Some(step), _) => step.zones.iter().collect(),
        (None, _) => all(),
    };
    let legs: BTreeSet<Leg> = spoken_of.iter().map(|(_, s)| s.leg).collect();
    for (zone, name) in ["ankle", "calf", "knee", "thigh"].into_iter().zip(language.regions) {
        let on = |leg: &Leg| spoken_of.iter().any(|(_, s)| s.leg == *leg && s.zone.name() == zone);
        let stroked = if step.is_some() { legs.iter().all(on) } else { legs.iter().any(on) };
        if says(words, name) && (!stroked || legs.is_empty()) {
            return Some(format!("the {zone} is not stroked there"));
        }
    }
    for (leg, name) in [Leg::Left, Leg::Right].into_iter().zip(language.sides) {
        if says(words, name) && !legs.contains(&leg) && !legs.contains(&Leg::Both) {
            return Some(format!("it is not the turn of the {leg} leg"));
        }
    }
    let uses = |technique: &str| spoken_of.iter().any(|(_, s)| s.technique == technique);
    // A gentle step is told to be without them, and titled as what it takes the place of.
    let gentle = !all().iter().any(|(_, s)| ["knuckles", "clamp"].contains(&s.technique.as_str()));
    if says(words, language.knuckles) && !uses("knuckles") && !gentle {
        return Some("there are no knuckles".to_owned());
    }
    if says(words, language.clamp) && !uses("clamp") && !gentle {
        return Some("there is no clamp".to_owned());
    }
    if language.voice == "en" {
        return english_lie(words, &spoken_of, step, steps);
    }
    None
}

/// What only the English words are asked for: order, shares, pressure.
fn english_lie(
    words: &str,
    spoken_of: &[&(&Section, &Stroking)],
    step: Option<&StepOf<'_>>,
    steps: &BTreeMap<&str, StepOf<'_>>,
) -> Option<String> {
    let says = |phrase: &str| words.to_lowercase().contains(phrase);
    let pressures: BTreeSet<&str> = spoken_of.iter().map(|(_, s)| s.pressure.word()).collect();
    if says("very light") && step.is_some() && pressures.iter().any(|p| *p != "very light") {
        // With the calf under the knuckles, only the words of a zone speak of it.
        return Some("the pressure is not very light".to_owned());
    }
    if says("moderate") && !pressures.contains("moderate") {
        return Some("the pressure is not moderate".to_owned());
    }
    if says("let go") && step.is_some() && !pressures.contains("intermittent") {
        return Some("nothing is pressed".to_owned());
    }
    if says("most of the time") {
        let mut times: BTreeMap<(Leg, &str), u64> = BTreeMap::new();
        for (section, stroking) in spoken_of {
            *times.entry((stroking.leg, stroking.zone.name())).or_default() +=
                section.range.length.0;
        }
        for leg in spoken_of.iter().map(|(_, s)| s.leg).collect::<BTreeSet<_>>() {
            let all: u64 = times.iter().filter(|((l, _), _)| *l == leg).map(|(_, t)| t).sum();
            let named = times.iter().find(|((l, zone), _)| *l == leg && says(zone));
            if named.is_none_or(|(_, time)| time * 2 <= all) {
                return Some("it is not most of the time".to_owned());
            }
        }
    }
    let again = says("once more") || says("the same again") || says("the same way up");
    let alike = |way: bool| {
        let before = step.and_then(|step| steps.get(step.before?));
        let (Some(step), Some(before)) = (step, before) else { return false };
        let of = |step: &StepOf<'_>| -> BTreeSet<String> {
            step.zones
                .iter()
                .map(|(_, s)| match way {
                    true => format!("{} {}", s.leg, s.zone),
                    false => s.technique.clone(),
                })
                .collect()
        };
        of(step) == of(before)
    };
    if again && !alike(true) {
        return Some("the step before went another way".to_owned());
    }
    if says("in the same way") && !alike(false) {
        return Some("the step before used another technique".to_owned());
    }
    let regions: BTreeSet<&str> = spoken_of.iter().map(|(_, s)| s.zone.name()).collect();
    if says("zone by zone") && regions.len() < 2 {
        return Some("there is one zone".to_owned());
    }
    let ankles =
        says("ankles") && spoken_of.iter().map(|(_, s)| s.leg).collect::<BTreeSet<_>>().len() < 2;
    ankles.then(|| "there is one ankle".to_owned())
}

/// A session that chance asks for: a built-in routine, or a file that builds on one.
fn session(random: &mut Random) -> (String, Vec<(&'static str, String)>) {
    let routine = ROUTINES[random.below(3)];
    let built_in = builtin::source(routine).unwrap().text;
    let ids: Vec<&str> = built_in
        .lines()
        .filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'))
        .filter(|id| !["safety", "care"].contains(id))
        .collect();
    let mut remove = BTreeSet::new();
    if random.below(3) == 0 {
        remove.extend((0..1 + random.below(4)).map(|_| ids[random.below(ids.len())]));
    }
    let list: Vec<String> = remove.iter().map(|id| format!("{id:?}")).collect();
    let file = format!("name = \"x\"\nextends = {routine:?}\nremove = [{}]\n", list.join(", "));
    let stroked = [
        "circles",
        "knuckles",
        "clamp",
        "ankles",
        "thumb",
        "pairs",
        "knuckles-low",
        "knuckles-high",
    ];
    let steps: Vec<&str> =
        ids.iter().copied().filter(|id| stroked.contains(id) && !remove.contains(id)).collect();
    let mut flags = Vec::new();
    for _ in 0..random.below(4) {
        let zone = ["ankle", "calf", "thigh"][random.below(3)];
        let leg = ["left", "right"][random.below(2)];
        let step = steps.get(random.below(steps.len())).copied().unwrap_or("circles");
        let path = match random.below(6) {
            0 => zone.to_owned(),
            1 => format!("{leg}.{zone}"),
            2 => format!("{step}.{zone}"),
            3 => format!("{step}.{leg}.{zone}"),
            4 => step.to_owned(),
            _ => leg.to_owned(),
        };
        let value = match random.below(6) {
            0..=2 => "off".to_owned(),
            3 => format!("{}s", 5 + random.below(200)),
            4 => format!("+{}s", 1 + random.below(90)),
            _ => format!("{}%", 30 + random.below(300)),
        };
        flags.push(("--zone", format!("{path}={value}")));
    }
    let mut maybe = |name: &'static str, values: &[&str], random: &mut Random| {
        if random.below(3) == 0 {
            flags.push((name, values[random.below(values.len())].to_owned()));
        }
    };
    maybe("--legs", &["left", "right"], random);
    maybe("--first", &["left", "right"], random);
    maybe("--talk", &["brief", "brief", "ticks"], random);
    maybe("--gentle", &[""], random);
    maybe("--total", &["6m", "8m", "12m", "20m", "25m"], random);
    maybe("--closing-cue", &["10s", "off", "bell"], random);
    maybe("--remind-every", &["20s", "off"], random);
    maybe("--i-know-the-warnings", &[""], random);
    (file, flags)
}

/// Plans so many sessions; gives how many could be had, and every lie in them.
fn all_lies(
    count: usize,
    seed: u64,
    change: impl Fn(Vocabulary) -> Vocabulary,
) -> (usize, Vec<String>) {
    let mut random = Random(seed);
    let vocabularies: Vec<Vocabulary> =
        SPEAKERS.iter().map(|speaker| change(speaker.vocabulary.clone())).collect();
    let (mut planned, mut found) = (0, Vec::new());
    for _ in 0..count {
        let (file, flags) = session(&mut random);
        let at = random.below(SPEAKERS.len());
        let speaker = &SPEAKERS[at];
        let shown: Vec<(&str, &str)> = flags.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let request = Request::new(Source::file("x.toml", file.clone()), &shown);
        let timeline = plan_request(&request, &vocabularies[at], rate(HZ), &speaker.lengths);
        let Ok(timeline) = timeline else { continue };
        planned += 1;
        for lie in lies(&timeline, speaker.language) {
            found.push(format!(
                "{} {flags:?} {}: {lie}",
                speaker.language.voice,
                file.replace('\n', " ")
            ));
        }
    }
    (planned, found)
}

#[test]
fn nothing_untrue_is_said_or_printed() {
    let (planned, lies) = all_lies(13_500, 7, |vocabulary| vocabulary);
    assert!(planned > 10_000, "only {planned} of the sessions can be had");
    let shown = lies.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(lies.is_empty(), "{} in {planned} sessions:\n{shown}", lies.len());
}

/// The reader above finds what would be said if nothing were claimed.
#[test]
fn without_claims_there_are_lies() {
    let unclaimed = |vocabulary: Vocabulary| {
        let ids: Vec<String> = vocabulary.ids().map(str::to_owned).collect();
        let none = ids.into_iter().map(|id| (id, Claims::default())).collect();
        vocabulary.with_claims(none)
    };
    let (planned, lies) = all_lies(2_000, 11, unclaimed);
    assert!(lies.len() > planned / 6, "{} lies in {planned} sessions", lies.len());
    for kind in
        ["is not stroked", "another way", "another technique", "most of", "one zone", "one ankle"]
    {
        assert!(lies.iter().any(|lie| lie.contains(kind)), "no lie of the kind: {kind}");
    }
}

/// A routine with one stroked step on each leg, in which `mine` is said.
fn routine_with(claims: &str) -> (Request<'static>, Vocabulary) {
    let file = r#"
name = "test"
extends = "self"
remove = ["knuckles", "clamp"]

[[step]]
id = "mine"
title = "Mine"
say = ["mine"]
legs = "each"
zones = [
  { zone = "ankle", technique = "circles", lasts = "20s" },
  { zone = "calf", technique = "knuckles", lasts = "50s" },
]
"#;
    let vocabulary = SPEAKERS[0].vocabulary.clone();
    let claims = Claims::parse(claims).unwrap();
    let vocabulary = vocabulary.overlaid([("mine".to_owned(), "Mine.".to_owned())]);
    let vocabulary = vocabulary.with_claims([("mine".to_owned(), claims)].into());
    (Request::new(Source::file("test.toml", file), &[]), vocabulary)
}

/// Whether `mine` is said in the step of that name, with these flags.
fn is_said(claims: &str, flags: &[(&str, &str)]) -> bool {
    let (request, vocabulary) = routine_with(claims);
    let shown = flags;
    let flags = flags.iter().map(|(name, value)| Source::flag(*name, *value)).collect();
    let request = Request { flags, ..request.clone() };
    let lengths = lengths_of(&vocabulary, rate(HZ), 40);
    let timeline = plan_request(&request, &vocabulary, rate(HZ), &lengths).unwrap();
    let said = timeline.speech.iter().any(|prompt| prompt.clip == "mine");
    let noted =
        timeline.notes.iter().any(|note| note.starts_with("mine.lead-in: “Mine.” is left out"));
    assert_ne!(said, noted, "{claims} {shown:?}: {:?}", timeline.notes);
    said
}

type Flags = &'static [(&'static str, &'static str)];

/// Each claim holds in one session and is a lie in another.
#[test]
fn every_claim_is_held_to() {
    const CALF_OFF: (&str, &str) = ("--zone", "mine.calf=off");
    const ANKLE_OFF: (&str, &str) = ("--zone", "mine.ankle=off");
    const ONE_LEG: (&str, &str) = ("--legs", "left");
    let cases: [(&str, Flags, Flags); 20] = [
        (r#"regions = ["calf"]"#, &[], &[CALF_OFF]),
        (r#"regions = ["calf"]"#, &[], &[("--zone", "mine.left.calf=off")]),
        (r#"from = "ankle""#, &[], &[ANKLE_OFF]),
        (r#"to = "calf""#, &[], &[CALF_OFF]),
        (r#"mostly = "calf""#, &[], &[("--zone", "mine.calf=20s")]),
        (r#"mostly = "calf""#, &[], &[("--zone", "mine.right.calf=20s")]),
        ("many = true", &[], &[ANKLE_OFF]),
        (r#"technique = "circles""#, &[CALF_OFF], &[]),
        (r#"pressure = ["very light"]"#, &[CALF_OFF], &[]),
        (r#"leg = "right""#, &[], &[ONE_LEG]),
        (r#"legs = "both""#, &[], &[ONE_LEG]),
        (r#"legs = "one""#, &[ONE_LEG], &[]),
        ("turn = \"first\"\nleg = \"left\"", &[], &[("--first", "right")]),
        ("turn = \"second\"\nleg = \"right\"", &[], &[ONE_LEG]),
        (r#"after = ["self-circles"]"#, &[], &[("--zone", "circles=off")]),
        (r#"again = "way""#, &[("--zone", "circles.thigh=off")], &[]),
        (r#"again = "technique""#, &[CALF_OFF], &[]),
        (r#"bell = true"#, &[], &[("--closing-cue", "off")]),
        (r#"stroked = "8m""#, &[("--zone", "mine.calf=4m")], &[CALF_OFF]),
        (r#"ticks = "rising""#, &[], &[("--ticks", "own.wav")]),
    ];
    for (claims, holds, lies) in cases {
        assert!(is_said(claims, holds), "{claims} holds with {holds:?}");
        assert!(!is_said(claims, lies), "{claims} is a lie with {lies:?}");
    }
    assert!(!is_said("follows = true\nlegs = \"together\"", &[]));
    assert!(!is_said(r#"ticks = "press""#, &[]) && is_said(r#"ticks = "any""#, &[]));
    assert!(!is_said(r#"lasts = "6m""#, &[]) && !is_said(r#"motion = "press""#, &[]));
    assert!(is_said("regions = [\"calf\"]\ntechnique = \"knuckles\"", &[]));
    assert!(!is_said("regions = [\"ankle\"]\ntechnique = \"knuckles\"", &[]));
    // What this routine calls by no such name, it may call by another.
    assert!(is_said(r#"technique = "squeeze""#, &[]));
}

/// A warning is said whatever somebody claims of it.
#[test]
fn a_warning_never_falls_out() {
    let vocabulary = SPEAKERS[0].vocabulary.clone();
    let impossible = Claims { regions: vec!["hip".to_owned()], ..Claims::default() };
    let vocabulary = vocabulary.with_claims([("varicose-veins".to_owned(), impossible)].into());
    let request = Request::new(builtin::source("partner").unwrap(), &[]);
    let timeline = plan_request(&request, &vocabulary, rate(HZ), &SPEAKERS[0].lengths).unwrap();
    let said = timeline.speech.iter().filter(|prompt| prompt.clip == "varicose-veins");
    assert_eq!(said.count(), 2);
}

/// What a person reads who leaves parts out.
#[test]
fn changed_sessions_read_well() {
    let said = |voice: usize, routine: &str, flags: &[(&str, &str)], step: &str| {
        let speaker = &SPEAKERS[voice];
        let request = Request::new(builtin::source(routine).unwrap(), flags);
        let timeline =
            plan_request(&request, &speaker.vocabulary, rate(HZ), &speaker.lengths).unwrap();
        let section = timeline.sections.iter().find(|s| s.id == format!("{step}.lead-in")).unwrap();
        let spoken =
            timeline.speech.iter().filter(|prompt| section.range.contains_range(prompt.range));
        let words: Vec<String> = spoken.map(|prompt| prompt.text.clone()).collect();
        (section.begins.clone().unwrap(), words.join(" "))
    };
    let pair = |title: &str, words: &str| (title.to_owned(), words.to_owned());
    assert_eq!(
        said(0, "partner", &[("--zone", "thigh=off")], "knuckles-high"),
        pair(
            "Knuckles: calf",
            "Now knead on, in the same way. Never press on varicose veins or spider veins. Move \
             around them, lightly and gently."
        )
    );
    assert_eq!(
        said(0, "self", &[("--zone", "calf=off")], "knuckles"),
        pair("Circles: ankle, thigh", "Now take the same way up once more, in light circles.")
    );
    assert_eq!(
        said(0, "self", &[("--zone", "circles.calf=20s")], "circles").1,
        "Let your fingers travel up the leg in slow circles. Touch very lightly, almost like a \
         caress."
    );
    assert_eq!(
        said(0, "self", &[("--zone", "circles.thigh=5m")], "circles").1,
        "Let your fingers travel up the leg in slow circles. Touch very lightly, almost like a \
         caress. Most of the time is for the thigh."
    );
    let spanish = said(1, "partner", &[("--zone", "knuckles-low=off")], "knuckles-high").1;
    let expected = "Ahora amase con los nudillos, con una presión moderada. Vaya zona por zona, \
                    siempre hacia arriba. Desde la pantorrilla hasta el muslo. Nunca presione";
    assert!(spanish.starts_with(expected), "{spanish}");
}
