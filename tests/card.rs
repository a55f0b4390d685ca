//! The page to lay beside the bed.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{
    built_in, effleurage, lengths, package, plan, rate, read, stderr, stdout, vocabulary,
};
use effleurage::body::Region;
use effleurage::card::{self, Card, DESCENT, Page, Paper, Step, palette, words};
use effleurage::routine::Request;
use effleurage::session::Session;
use effleurage::timeline::{SectionKind, Timeline};
use effleurage::units::SampleRate;

const PAPERS: [Paper; 2] = [Paper::A4, Paper::Letter];
const ROUTINES: [&str; 3] = ["partner", "self", "self-short"];

fn session(name: &str, voice: &str, flags: &[(&str, &str)]) -> (Timeline, Card) {
    let pack = effleurage::voice::open(voice.as_ref()).unwrap();
    let request = Request::new(built_in(name), flags);
    let timeline = Session::plan(&request, &pack, SampleRate::CD).unwrap().timeline;
    let card = Card::of(&timeline, pack.known().unwrap(), &pack.manifest.language);
    (timeline, card)
}

/// The card of a routine in English.
fn card_of(text: &str) -> Card {
    let rate = rate(8_000);
    let timeline = plan(&read(text), rate, &lengths(rate, 50));
    Card::of(&timeline, &vocabulary(), "en")
}

/// A routine with this title and these steps of one zone.
fn routine(title: &str, steps: &[String]) -> String {
    let step = |(n, title): (usize, &String)| {
        let zone = ["ankle", "calf", "knee", "thigh"][n % 4];
        format!(
            "[[step]]\nid = \"s{n}\"\ntitle = {}\nlegs = \"each\"\n\
             zones = [{{ zone = \"{zone}\", technique = \"circles\", lasts = \"30s\" }}]\n\n",
            serde_json::Value::from(title.as_str())
        )
    };
    format!(
        "name = \"mine\"\ntitle = {}\nfor = \"self\"\n\n[techniques.circles]\n\
         title = \"slow circles\"\nstrokes_per_minute = 20\nticks = \"X\"\nmotion = \"circle\"\n\
         pressure = \"light\"\nstrokes_per_pass = 5\n\n{}",
        serde_json::Value::from(title),
        steps.iter().enumerate().map(step).collect::<String>()
    )
}

fn numbered(count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("Step {n}")).collect()
}

fn texts(page: &Page) -> Vec<String> {
    page.texts().map(|(run, _)| run.text.clone()).collect()
}

/// A text's left, top, right and bottom; without accents on capitals, which may reach
/// between the lines above.
fn boxes(page: &Page) -> Vec<(String, [f32; 4])> {
    const ASCENDERS: f32 = 0.72;
    let sides = |(run, start): (&card::Run, card::Point)| {
        let (top, bottom) = (start.y - ASCENDERS * run.size, start.y + DESCENT * 0.7 * run.size);
        (run.text.clone(), [start.x, top, start.x + run.width, bottom])
    };
    page.texts().map(sides).collect()
}

/// Every text lies on the sheet, where a printer reaches, and none over another; none is
/// too small to be read.
fn assert_is_tidy(page: &Page, what: &str) {
    assert_is_tidy_but_for_size(page, what);
    for (run, _) in page.texts() {
        assert!(run.size >= 10.5, "{what}: {:?} is {} points high", run.text, run.size);
    }
}

fn assert_is_tidy_but_for_size(page: &Page, what: &str) {
    // ISO 216, and what is sold as Letter, in points of 1/72 inch.
    let (width, height) = match page.paper {
        Paper::A4 => (210.0 / 25.4 * 72.0, 297.0 / 25.4 * 72.0),
        Paper::Letter => (8.5 * 72.0, 11.0 * 72.0),
        Paper::Square => (336.0, 336.0),
    };
    // Nobody prints a cover.
    let margin = if page.paper == Paper::Square { 8.0 } else { 18.0 };
    let boxes = boxes(page);
    for (text, [left, top, right, bottom]) in &boxes {
        let fits = *left >= margin
            && *top >= margin
            && *right <= width - margin
            && *bottom <= height - margin;
        assert!(fits, "{what}: {text:?} is at {left}, {top}, {right}, {bottom}");
    }
    for (n, (one, a)) in boxes.iter().enumerate() {
        for (other, b) in &boxes[n + 1..] {
            let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
            assert!(apart, "{what}: {one:?} and {other:?} overlap: {a:?}, {b:?}");
        }
    }
}

#[test]
fn every_edition_of_every_routine_is_tidy() {
    let editions: [&[(&str, &str)]; 7] = [
        &[],
        &[("--gentle", "")],
        &[("--legs", "left")],
        &[("--legs", "right"), ("--talk", "ticks")],
        &[("--slow-down", "10%"), ("--first", "right")],
        &[("--total", "2h30m")],
        &[("--zone", "calf=off"), ("--pace", "circles=17"), ("--talk", "brief")],
    ];
    for name in ROUTINES {
        for voice in effleurage::voice::built_in_names() {
            for flags in editions {
                let (_, card) = session(name, voice, flags);
                for paper in PAPERS {
                    let page = card::page(&card, paper);
                    assert_is_tidy(&page, &format!("{name}, {voice}, {flags:?}, {paper:?}"));
                }
                let cover = card::page(&card, Paper::Square);
                assert_is_tidy_but_for_size(&cover, &format!("{name}, {voice}, {flags:?}, cover"));
            }
        }
    }
}

/// From the timeline: each step's title, each zone with its times, each warning's words.
#[test]
fn whatever_is_planned_is_on_the_page() {
    for name in ROUTINES {
        for voice in effleurage::voice::built_in_names() {
            let (timeline, card) = session(name, voice, &[]);
            for paper in PAPERS {
                let on_page = texts(&card::page(&card, paper)).join(" ");
                let has = |text: &str| assert!(on_page.contains(text), "{name}: {text}: {on_page}");
                has(&timeline.title);
                for section in &timeline.sections {
                    section.begins.iter().for_each(|title| has(title));
                    let SectionKind::Zone(stroking) = &section.kind else { continue };
                    let hz = u64::from(timeline.sample_rate.hz());
                    let second = section.range.start.0 / hz;
                    has(&format!("{}:{:02}", second / 60, second % 60));
                    has(&stroking.strokes.to_string());
                    has(&stroking.technique_title);
                    assert!(card.uses(stroking.leg, stroking.zone));
                }
                for prompt in &timeline.speech {
                    let warns = ["contraindications", "varicose-veins", "never-painful"];
                    if warns.contains(&prompt.clip.as_str()) {
                        has(&prompt.text);
                    }
                }
            }
        }
    }
}

#[test]
fn zones_that_are_not_stroked_are_left_plain() {
    let (_, card) = session("partner", "en", &[("--legs", "left")]);
    let page = card::page(&card, Paper::A4);
    let fills: BTreeSet<String> = page
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            card::Shape::Fill(_, colour) => Some(format!("{colour:?}")),
            _ => None,
        })
        .collect();
    for region in Region::BUILT_IN {
        let stroked = ["ankle", "calf", "thigh"].contains(&region.name());
        let fill = format!("{:?}", palette::look(region).fill);
        assert_eq!(fills.contains(&fill), stroked, "{region}");
    }
    let letters = texts(&page);
    assert!(letters.contains(&"c".to_owned()) && !letters.contains(&"C".to_owned()));
}

#[test]
fn the_warnings_are_on_every_card() {
    let card = card_of(&routine("Silent", &numbered(1)));
    let on_page = texts(&card::page(&card, Paper::A4)).join(" ");
    for id in ["contraindications", "never-painful", "varicose-veins", "doctor", "relaxation"] {
        let text = vocabulary().text(id).to_owned();
        assert!(on_page.contains(&text), "{id}: {on_page}");
    }
}

#[test]
fn a_card_speaks_the_language_of_its_voice() {
    let english = vocabulary();
    for voice in effleurage::voice::built_in_names().filter(|voice| *voice != "en") {
        let pack = effleurage::voice::open(voice.as_ref()).unwrap();
        for word in words::ALL.iter().chain(&words::MORE) {
            assert_eq!(english.title(word), *word);
            assert_ne!(pack.vocabulary.title(word), *word, "{voice} lacks a title");
        }
    }
    let (_, card) = session("partner", "es", &[]);
    let page = card::page(&card, Paper::A4);
    assert_eq!(page.language, "es");
    let on_page = texts(&page);
    assert!(on_page.contains(&"Antes de empezar".to_owned()), "{on_page:?}");
    assert!(on_page.contains(&"Pantorrilla".to_owned()), "{on_page:?}");
}

#[test]
fn one_step_is_set_large_and_of_many_the_rest_is_counted() {
    let size = |page: &Page, text: &str| {
        page.texts().find(|(run, _)| run.text == text).map(|(run, _)| run.size)
    };
    for paper in PAPERS {
        let one = card::page(&card_of(&routine("One", &numbered(1))), paper);
        assert_is_tidy(&one, "one step");
        assert!(size(&one, "Step 1") >= Some(18.0));
        let many = card::page(&card_of(&routine("Sixty", &numbered(60))), paper);
        assert_is_tidy(&many, "sixty steps");
        let on_page = texts(&many);
        let shown = on_page.iter().filter(|text| text.starts_with("Step ")).count();
        assert!((5..60).contains(&shown), "{shown}");
        // And the closing.
        let more = format!("… {} more steps, see the plan", 61 - shown);
        assert!(on_page.contains(&more), "{on_page:?}");
        assert!(size(&many, "Step 1") >= Some(12.0));
    }
}

/// Titles that would break a page or a file: markup, one word longer than a line, no
/// word at all, letters that the font lacks, letters from right to left, decomposed ones.
/// (What nobody sees is refused when it is read.)
#[test]
fn any_title_can_be_shown() {
    let titles = [
        "<&\"'>]]>--><script>".to_owned(),
        "w".repeat(500),
        "many words ".repeat(50).trim().to_owned(),
        "🦵🏽👩‍👩‍👧 legs 🦶".to_owned(),
        "עיסוי רגליים مساج للساقين".to_owned(),
        "足のマッサージ".repeat(30),
        "e\u{301}clair\u{200B}\u{200E}x".to_owned(),
        "…".to_owned(),
    ];
    for title in &titles {
        let card = card_of(&routine(title, &[titles.clone().to_vec(), numbered(2)].concat()));
        for paper in PAPERS {
            let page = card::page(&card, paper);
            assert_is_tidy(&page, title);
            let svg = card::svg(&page);
            assert!(
                !svg.contains("<script") && !svg.contains(|c: char| c.is_control() && c != '\n')
            );
            assert!(card::pdf(&page).starts_with(b"%PDF-"));
        }
    }
    let page = card::page(&card_of(&routine("w", &titles)), Paper::A4);
    assert_eq!(card::png(&page).unwrap()[..4], *b"\x89PNG");
}

#[test]
fn a_title_too_long_is_cut_with_a_sign() {
    let card = card_of(&routine(&"very long ".repeat(40), &numbered(1)));
    let page = card::page(&card, Paper::A4);
    let cut = texts(&page).into_iter().filter(|text| text.ends_with('…')).count();
    assert_eq!(cut, 1);
    // But for those who hear it, it is whole.
    assert!(card::svg(&page).contains(&"very long ".repeat(39)));
}

/// Longer than anybody lies still; times take twice the room.
#[test]
fn a_session_of_a_day_is_on_the_page() {
    for voice in effleurage::voice::built_in_names() {
        let flags = [("--total", "23h"), ("--slow-down", "10%")];
        let (timeline, card) = session("self", voice, &flags);
        let page = card::page(&card, Paper::Letter);
        assert_is_tidy_but_for_size(&page, voice);
        let on_page = texts(&page).join(" ");
        let titles = timeline.sections.iter().filter_map(|section| section.begins.as_ref());
        titles.for_each(|title| assert!(on_page.contains(title), "{title}: {on_page}"));
    }
}

#[test]
fn both_legs_at_once_begin_together() {
    let text = routine("Both", &numbered(1)).replace("\"each\"", "\"both\"");
    let card = card_of(&text);
    let rows: Vec<_> = card.rows().collect();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].begins[0].is_some());
    assert_eq!(rows[0].begins[0], rows[0].begins[1]);
}

#[test]
fn quiet_after_strokes_is_told() {
    let text = routine("Quiet", &numbered(1)).replace("legs =", "pause = \"12s\"\nlegs =");
    let card = card_of(&text);
    let told = |step: &Step| matches!(step, Step::Words(step) if step.title == "pause 0:12");
    assert!(card.steps.iter().any(told), "{:?}", card.steps);
}

/// ISO 216 A4 is 210 by 297 mm, Letter 8.5 by 11 inches; at 300 dots an inch.
#[test]
fn a_picture_has_the_size_of_its_sheet() {
    let (_, card) = session("self-short", "en", &[]);
    for (paper, width, height) in [(Paper::A4, 2480, 3508), (Paper::Letter, 2550, 3300)] {
        let bytes = card::png(&card::page(&card, paper)).unwrap();
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((&bytes[12..16], number(16), number(20)), (b"IHDR".as_slice(), width, height));
        // 300 dots an inch are 11,811 a metre.
        let physical = bytes.windows(4).position(|name| name == b"pHYs").unwrap() + 4;
        assert_eq!(
            (number(physical), number(physical + 4), bytes[physical + 8]),
            (11_811, 11_811, 1)
        );
    }
}

#[test]
fn a_document_has_one_page_of_the_size_of_its_sheet() {
    let (_, card) = session("self-short", "en", &[]);
    for (paper, width, height) in [(Paper::A4, 595.276, 841.89), (Paper::Letter, 612.0, 792.0)] {
        let bytes = card::pdf(&card::page(&card, paper));
        let text = String::from_utf8_lossy(&bytes);
        let media = text.split("/MediaBox [").nth(1).unwrap().split(']').next().unwrap();
        let sides: Vec<f64> = media.split(' ').map(|side| side.parse().unwrap()).collect();
        let near = |side: f64, expected: f64| (side - expected).abs() < 0.01;
        assert!(near(sides[2], width) && near(sides[3], height), "{media}");
        assert!(text.contains("/Count 1"), "more than one page");
        assert!(!text.contains("Date"), "a date would differ from day to day");
    }
}

#[test]
fn the_same_session_gives_the_same_bytes() {
    let make = || {
        let (_, card) = session("partner", "es", &[]);
        let page = card::page(&card, Paper::A4);
        (card::svg(&page), card::png(&page).unwrap(), card::pdf(&page))
    };
    assert!(make() == make());
}

#[test]
fn the_command_writes_what_the_name_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| effleurage(folder.path(), arguments);
    let made = run(&["card", "self-short"]);
    assert_eq!(stderr(&made), "self-short.svg: one page, A4\n");
    let svg = fs::read_to_string(folder.path().join("self-short.svg")).unwrap();
    assert_eq!(stdout(&run(&["card", "self-short", "-o", "-"])), svg);
    let made = run(&["card", "self-short", "-o", "A.PDF", "--paper", "letter"]);
    assert_eq!(stderr(&made), "A.PDF: one page, Letter\n");
    assert!(fs::read(folder.path().join("A.PDF")).unwrap().starts_with(b"%PDF-"));
    run(&["card", "self-short", "-o", "a.png"]);
    assert!(fs::read(folder.path().join("a.png")).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn what_cannot_be_written_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let told = |arguments: &[&str]| {
        let output = effleurage(folder.path(), arguments);
        (stderr(&output), output.status.code().unwrap())
    };
    for name in ["card.gif", "card", "card.wav"] {
        let expected = format!(
            "error: {name} is not written: a card is an SVG, PNG or PDF file\n\
             help: give it a name that ends in .svg, .png or .pdf\n"
        );
        assert_eq!(told(&["card", "self", "-o", name]), (expected, 2));
        assert!(!folder.path().join(name).exists());
    }
    let expected = "error: cannot write none/card.svg: no such file or directory\n\
                    help: make the folder first, or write elsewhere with -o\n";
    assert_eq!(told(&["card", "self", "-o", "none/card.svg"]), (expected.to_owned(), 3));
    fs::create_dir(folder.path().join("card.png")).unwrap();
    let (message, code) = told(&["card", "self", "-o", "card.png"]);
    assert!(message.starts_with("error: cannot write card.png: is a directory\n"), "{message}");
    assert_eq!(code, 3);
}

#[test]
fn a_card_takes_the_place_of_nothing_that_it_is_made_from() {
    let folder = tempfile::tempdir().unwrap();
    let source = fs::read(package("routines/self.toml")).unwrap();
    fs::write(folder.path().join("mine.svg"), &source).unwrap();
    let output = effleurage(folder.path(), &["card", "mine.svg", "-o", "mine.svg"]);
    assert_eq!(
        stderr(&output),
        "error: cannot write mine.svg: the card is made from this file\n\
         help: write elsewhere with -o\n"
    );
    assert_eq!(fs::read(folder.path().join("mine.svg")).unwrap(), source);
}
