//! What is written beside a track.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::support::{
    assert_golden, built_in, effleurage, lengths, names, package, plan, rate, read, stderr, stdout,
};

use effleurage::sidecar;
use effleurage::timeline::{SectionKind, Timeline};
use effleurage::units::{FrameRange, Length, Position};

type Format = fn(&Timeline, &mut dyn Write) -> io::Result<()>;

fn cue(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    sidecar::cue(timeline, "track.wav", out)
}

const ALL: [(&str, Format); 5] = [
    ("labels.txt", sidecar::labels),
    ("vtt", sidecar::captions),
    ("lrc", sidecar::lyrics),
    ("chapters.txt", sidecar::chapters),
    ("cue", cue),
];

fn text(format: Format, timeline: &Timeline) -> String {
    let mut out = Vec::new();
    format(timeline, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn timeline(name: &str, hz: u32) -> Timeline {
    plan(&read(&built_in(name).text), rate(hz), &lengths(rate(hz), 60))
}

#[test]
fn the_texts_of_the_shortest() {
    let timeline = timeline("self-short", 1_000);
    for (ending, format) in ALL {
        let path = package(&format!("tests/golden/self-short.{ending}"));
        assert_golden(&path, &text(format, &timeline));
    }
}

/// A timeline in which every title, and every prompt, is `text`.
fn all_called(text: &str) -> Timeline {
    let mut timeline = timeline("self-short", 1_000);
    timeline.title = text.to_owned();
    for section in &mut timeline.sections {
        section.title = text.to_owned();
        section.begins = section.begins.as_ref().map(|_| text.to_owned());
    }
    timeline.speech.iter_mut().for_each(|prompt| prompt.text = text.to_owned());
    timeline
}

#[test]
fn hostile_titles_stay_in_their_lines() {
    let plain = all_called("plain");
    let hostile = all_called("a\tb\r\nc\nd\re\u{2028}[00:01.00]f --> \"g\" & <h> =;#\\ é");
    for (ending, format) in ALL {
        let lines = |timeline| text(format, timeline).lines().count();
        assert_eq!(lines(&hostile), lines(&plain), "{ending}");
    }
    let first = |format, start: &str| {
        let text = text(format, &hostile);
        text.lines().find(|line| line.starts_with(start)).unwrap().to_owned()
    };
    assert_eq!(
        first(sidecar::labels, "0.0"),
        "0.000000000\t1.000000000\ta b c d e [00:01.00]f --> \"g\" & <h> =;#\\ é"
    );
    assert_eq!(
        first(sidecar::captions, "NOTE"),
        "NOTE a b c d e [00:01.00]f → \"g\" & <h> =;#\\ é"
    );
    assert_eq!(
        first(sidecar::captions, "a b"),
        "a b c d e [00:01.00]f --&gt; \"g\" &amp; &lt;h&gt; =;#\\ é"
    );
    assert_eq!(
        first(sidecar::lyrics, "[00:00.00]"),
        "[00:00.00]a b c d e (00:01.00)f --> \"g\" & <h> =;#\\ é"
    );
    assert_eq!(
        first(sidecar::chapters, "title"),
        "title=a b c d e [00:01.00]f --> \"g\" & <h> \\=\\;\\#\\\\ é"
    );
    assert_eq!(first(cue, "TITLE"), "TITLE \"a b c d e [00:01.00]f --> 'g' & <h> =;#\\ é\"");
}

/// A day at the highest rate is read back to the frame from the seconds of labels.
#[test]
fn labels_are_exact_to_the_frame() {
    for hz in [8_000, 11_025, 44_100, 192_000] {
        let mut timeline = timeline("partner", hz);
        let last = timeline.sections.last_mut().unwrap();
        last.range.length = Length(86_399 * u64::from(hz) + 1);
        let text = text(sidecar::labels, &timeline);
        let mut read: Vec<(u64, u64, &str)> = Vec::new();
        for line in text.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let frame = |cell: &str| (cell.parse::<f64>().unwrap() * f64::from(hz)).round() as u64;
            read.push((frame(cells[0]), frame(cells[1]), cells[2]));
        }
        assert_eq!(read.len(), timeline.sections.len() + timeline.speech.len());
        assert!(read.is_sorted_by_key(|(start, ..)| *start));
        let mut label = |range: FrameRange, text: &str| {
            let wanted = (range.start.0, range.end_exclusive().0, text);
            let found = read.iter().position(|label| *label == wanted);
            read.remove(found.unwrap_or_else(|| panic!("{hz}: {wanted:?} is missing")));
        };
        timeline.sections.iter().for_each(|s| label(s.range, &s.title));
        timeline.speech.iter().for_each(|p| label(p.range, &format!("“{}”", p.text)));
        assert!(read.is_empty());
    }
}

#[test]
fn captions_never_overlap_and_are_never_empty() {
    for hz in [1_000, 11_025, 192_000] {
        let mut timeline = timeline("self", hz);
        // Three that follow each other by a frame, as no voice speaks them.
        for (n, prompt) in timeline.speech.iter_mut().take(3).enumerate() {
            prompt.range = FrameRange::new(Position(u64::from(hz) + n as u64), Length(1));
        }
        let text = text(sidecar::captions, &timeline);
        let millis = |clock: &str| {
            let parts: Vec<u64> =
                clock.split([':', '.']).map(|part| part.parse().unwrap()).collect();
            ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + parts[3]
        };
        let times = text.lines().filter_map(|line| line.split_once(" --> "));
        let times: Vec<(u64, u64)> = times.map(|(a, b)| (millis(a), millis(b))).collect();
        assert_eq!(times.len(), timeline.speech.len());
        assert!(times.iter().all(|(start, end)| start < end));
        assert!(times.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        for ((start, end), prompt) in times.iter().zip(&timeline.speech).skip(3) {
            let exact = |at: Position| at.0 as f64 * 1000.0 / f64::from(hz);
            let (from, to) = (prompt.range.start, prompt.range.end_exclusive());
            assert!((*start as f64 - exact(from)).abs() <= 0.5);
            assert!((*end as f64 - exact(to)).abs() <= 0.5);
        }
    }
}

/// The rule, told once more: steps begin where the first part of the id changes, and a
/// zone begins with the words before it, but for those with which its step begins.
#[test]
fn chapters_are_steps_and_zones_and_cover_the_track() {
    for name in ["partner", "self", "self-short"] {
        let timeline = timeline(name, 44_100);
        let sections = &timeline.sections;
        let step = |n: usize| sections[n].id.split('.').next();
        let mut starts = Vec::new();
        for n in 0..sections.len() {
            let begins = |n: usize| n == 0 || step(n) != step(n - 1);
            if begins(n) {
                starts.push(sections[n].range.start);
            } else if matches!(sections[n].kind, SectionKind::Zone(_)) {
                let mut first = n;
                while !begins(first - 1) && sections[first - 1].kind == SectionKind::LeadIn {
                    first -= 1;
                }
                starts.push(sections[first].range.start);
            }
        }
        let chapters = timeline.chapters();
        let found: Vec<Position> = chapters.iter().map(|chapter| chapter.range.start).collect();
        assert_eq!(found, starts, "{name}");
        let lengths: Length = chapters.iter().map(|chapter| chapter.range.length).sum();
        assert_eq!(lengths, timeline.length());
        assert!(chapters.windows(2).all(|p| p[0].range.end_exclusive() == p[1].range.start));
    }
}

#[test]
fn a_step_that_begins_with_a_zone_is_in_its_title() {
    let mut timeline = timeline("self-short", 1_000);
    timeline.sections.retain(|s| s.kind != SectionKind::LeadIn);
    let zone = timeline.sections.iter_mut().find(|s| matches!(s.kind, SectionKind::Zone(_)));
    zone.unwrap().begins = Some("Circles".to_owned());
    let titles: Vec<String> = timeline.chapters().into_iter().map(|c| c.title).collect();
    assert_eq!(titles[..2], ["Opening chime", "Circles: Left ankle, slow circles"]);
}

/// (title, index in 1/75 s) of every track.
fn tracks(cue: &str) -> Vec<(String, u64)> {
    let mut tracks = Vec::new();
    let mut title = "";
    for line in cue.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("TITLE ") {
            title = text;
        } else if let Some(index) = line.strip_prefix("INDEX 01 ") {
            let parts: Vec<u64> = index.split(':').map(|part| part.parse().unwrap()).collect();
            tracks.push((title.to_owned(), (parts[0] * 60 + parts[1]) * 75 + parts[2]));
        }
    }
    tracks
}

#[test]
fn indices_of_a_cue_sheet_round_down_and_climb() {
    for hz in [8_000, 11_025, 44_100, 192_000] {
        let timeline = timeline("partner", hz);
        let tracks = tracks(&text(cue, &timeline));
        let chapters = timeline.chapters();
        assert_eq!(tracks.len(), chapters.len());
        for ((title, index), chapter) in tracks.iter().zip(&chapters) {
            assert_eq!(*title, format!("\"{}\"", chapter.title));
            let exact = chapter.range.start.0 as f64 * 75.0 / f64::from(hz);
            assert!((0.0..1.0).contains(&(exact - *index as f64)), "{title}");
        }
        assert!(tracks.windows(2).all(|pair| pair[0].1 < pair[1].1));
    }
}

/// `repeats` times all sections of self-short, one behind the other.
fn many_times(repeats: u64, length_of: impl Fn(Length) -> Length) -> Timeline {
    let mut timeline = timeline("self-short", 1_000);
    let once = timeline.sections.clone();
    timeline.sections.clear();
    let mut at = Position::START;
    for section in (0..repeats).flat_map(|_| &once) {
        let range = FrameRange::new(at, length_of(section.range.length));
        at = range.end_exclusive();
        timeline.sections.push(effleurage::timeline::Section { range, ..section.clone() });
    }
    timeline
}

#[test]
fn more_chapters_than_a_cue_sheet_holds_become_steps() {
    let several = text(cue, &many_times(6, |length| length));
    let found = tracks(&several);
    assert!((20..=99).contains(&found.len()), "{}", found.len());
    assert!(found.iter().all(|(title, _)| !title.contains(", slow circles")), "{several}");
    let remark = format!("REM COMMENT \"{} of ", found.len());
    assert!(several.contains(&remark), "{several}");
    let many = text(cue, &many_times(100, |length| length));
    assert_eq!(tracks(&many).len(), 99);
    assert!(many.contains("\n  TRACK 99 AUDIO\n"));
    // Several chapters in a second: those that fall on the same 75th are one.
    let short = tracks(&text(cue, &many_times(1, |_| Length(3))));
    assert!(short.windows(2).all(|pair| pair[0].1 < pair[1].1));
}

#[test]
fn minutes_count_beyond_99() {
    let mut timeline = timeline("self-short", 1_000);
    let first = &mut timeline.sections[0].range;
    first.length = Length(3_600_000 * 100);
    let moved = first.end_exclusive();
    timeline.sections[1].range.start = moved;
    timeline.speech.truncate(1);
    timeline.speech[0].range = FrameRange::new(moved, Length(1_500));
    timeline.sections.truncate(2);
    timeline.sections[1].range.length = Length(1_500);
    timeline.sections[1].begins = None;
    assert!(text(sidecar::captions, &timeline).contains("\n100:00:00.000 --> 100:00:01.500\n"));
    assert!(text(sidecar::lyrics, &timeline).contains("\n[6000:00.00]Please skip this"));
    assert!(text(sidecar::lyrics, &timeline).contains("[length:6000:02]\n"));
    timeline.sections[1].begins = Some("Next".to_owned());
    assert!(text(cue, &timeline).contains("\n    INDEX 01 6000:00:00\n"));
}

#[test]
fn a_cue_sheet_names_the_kind_that_players_expect() {
    let timeline = timeline("self-short", 1_000);
    let kind = |file: &str| {
        let mut out = Vec::new();
        sidecar::cue(&timeline, file, &mut out).unwrap();
        String::from_utf8(out).unwrap().lines().nth(1).unwrap().to_owned()
    };
    assert_eq!(kind("a b.wav"), "FILE \"a b.wav\" WAVE");
    assert_eq!(kind("a.MP3"), "FILE \"a.MP3\" MP3");
    assert_eq!(kind("a.flac"), "FILE \"a.flac\" WAVE");
}

// The program

const QUICK: [&str; 4] = ["render", "self-short", "--rate", "8000"];

fn run(folder: &Path, words: &[&str]) -> std::process::Output {
    effleurage(folder, &[QUICK.as_slice(), words].concat())
}

#[test]
fn texts_are_called_like_the_track_and_equal_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let changes = ["--zone", "calf=40s", "--talk", "brief"];
    let asked = ["-o", "evening.v2.wav", "--also", "json,csv,vtt", "--also", "labels,vtt"];
    let output = run(folder.path(), &[&asked[..], &changes[..]].concat());
    let said = stderr(&output);
    let said: Vec<&str> = said.lines().collect();
    assert!(said[0].starts_with("evening.v2.wav: 0:0"), "{said:?}");
    assert_eq!(
        said[1..],
        [
            "evening.v2.json: the plan",
            "evening.v2.csv: the plan",
            "evening.v2.vtt: captions (WebVTT)",
            "evening.v2.labels.txt: labels for Audacity"
        ]
    );
    assert_eq!(
        names(folder.path()),
        ["csv", "json", "labels.txt", "vtt", "wav"].map(|ending| format!("evening.v2.{ending}"))
    );
    for format in ["json", "csv"] {
        let words = ["plan", "self-short", "--rate", "8000", "--format", format];
        let planned = effleurage(folder.path(), &[&words[..], &changes[..]].concat());
        let beside = fs::read_to_string(folder.path().join(format!("evening.v2.{format}")));
        assert!(stdout(&planned) == beside.unwrap(), "{format}");
        assert!(format == "csv" || stdout(&planned).contains("\"changes\""));
    }
}

#[test]
fn a_track_without_an_ending_keeps_its_name() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["-q", "-o", "my.evening", "--also", "lrc"]).status.success());
    assert_eq!(names(folder.path()), ["my.evening", "my.evening.lrc"]);
}

#[track_caller]
fn assert_refused(folder: &Path, words: &[&str], code: i32, message: &str) {
    let before = names(folder);
    let output = run(folder, words);
    assert_eq!((stderr(&output).as_str(), output.status.code()), (message, Some(code)));
    assert_eq!(stdout(&output), "");
    assert_eq!(names(folder), before);
}

#[test]
fn what_has_no_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for track in ["-", "/dev/null"] {
        assert_refused(
            folder.path(),
            &["-o", track, "--also", "cue,vtt"],
            2,
            "error: what --also cue asks for is not written: it is named after the track, and \
             the track goes into no file\n\
             help: give the track a file with -o\n",
        );
    }
    let output = run(folder.path(), &["--also", "srt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("[possible values: labels, vtt, lrc, chapters, csv, json, cue")
    );
}

#[cfg(unix)]
#[test]
fn no_file_takes_the_place_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("x.wav"), "old").unwrap();
    std::os::unix::fs::symlink("x.wav", path("x.vtt")).unwrap();
    assert_refused(
        folder.path(),
        &["-o", "x.wav", "--also", "lrc,vtt"],
        2,
        "error: x.vtt is not written: it is the same file as x.wav\n\
         help: give the track another name with -o, or remove the link\n",
    );
    // The same by a link to a file that is not there yet.
    std::os::unix::fs::symlink("y.flac", path("y.wav")).unwrap();
    assert_refused(
        folder.path(),
        &["-o", "y.wav", "--also", "flac"],
        2,
        "error: y.flac is not written: it is the same file as y.wav\n\
         help: give the track another name with -o, or remove the link\n",
    );
    fs::remove_file(path("y.wav")).unwrap();
    // A routine of one's own that is called like a text.
    let source = built_in("self-short").text;
    fs::write(path("mine.csv"), &source).unwrap();
    let output = effleurage(
        folder.path(),
        &["render", "mine.csv", "--rate", "8000", "-o", "mine.wav", "--also", "csv"],
    );
    assert_eq!(
        stderr(&output),
        "error: cannot write mine.csv: the track is made from this file\n\
         help: write elsewhere with -o\n"
    );
    assert_eq!(fs::read_to_string(path("mine.csv")).unwrap(), source);
    assert_eq!(names(folder.path()), ["mine.csv", "x.vtt", "x.wav"]);
    assert_eq!(fs::read_to_string(path("x.wav")).unwrap(), "old");
}
