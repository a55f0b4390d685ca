//! The cue sheet for people: 80 columns, times first.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::clock::{short, short_clock};
use super::outcome::{Outcome, table, time_of};
use crate::routine::words::{Leg, Zone};
use crate::timeline::{Prompt, Section, SectionKind, Stroking, Timeline, events_in};
use crate::units::{FrameRange, Position};

const WIDTH: usize = 80;
/// What stands before the words: a time, a length, and spaces between.
const MARGIN: usize = 24;

/// `timeline` for reading, with ANSI colours; print it through something that
/// takes them out where they are not wanted. `outcomes` are what came of changes.
pub fn text(timeline: &Timeline, outcomes: &[Outcome]) -> String {
    let mut sheet = head(timeline);
    for section in &timeline.sections {
        sheet += &heading(section);
        sheet += &section_line(timeline, section);
        for prompt in events_in(&timeline.speech, section.range, |prompt| prompt.range) {
            sheet += &prompt_lines(timeline, section, prompt);
        }
        sheet += &count_in_line(timeline, section);
    }
    sheet += &foot(timeline);
    if !outcomes.is_empty() {
        sheet += &format!("\n{}", table(outcomes));
    }
    sheet
}

fn head(timeline: &Timeline) -> String {
    let bold = Style::new().bold();
    let rate = timeline.sample_rate;
    let length = timeline.length();
    format!(
        "{bold}{}{bold:#}\n{} in all, {} frames at {} Hz, voice {}\n\n{}\n{}\n\n",
        textwrap::fill(&timeline.title, WIDTH),
        short_clock(rate.duration_of(length)),
        length.0,
        rate.hz(),
        timeline.voice,
        drawing(timeline),
        LEGEND,
    )
}

/// A step begins with a blank line and its title.
fn heading(section: &Section) -> String {
    let bold = Style::new().bold();
    section.begins.as_ref().map_or(String::new(), |title| {
        format!("\n{bold}{}{bold:#}\n", textwrap::fill(title, WIDTH))
    })
}

const LEGEND: &str =
    ". words  _ quiet  * opening, closing  ackt ankle calf knee thigh, ACKT right leg";

/// The session to scale on one line: each column shows what fills most of its time.
fn drawing(timeline: &Timeline) -> String {
    let total = timeline.length();
    let columns = (0..WIDTH as u64).map(|column| {
        let start = Position::START + total.fraction(column, WIDTH as u64);
        let end = Position::START + total.fraction(column + 1, WIDTH as u64);
        let range = FrameRange::new(start, end.since(start));
        let sections = events_in(&timeline.sections, range, |section| section.range);
        let share = |section: &&Section| section.range.intersection(range).map(|r| r.length);
        // The first of equals, so that a drawing never depends on chance.
        sections.iter().rev().max_by_key(share)
    });
    columns.flatten().map(|section| painted(symbol(section), section)).collect()
}

fn symbol(section: &Section) -> char {
    match &section.kind {
        SectionKind::Opening | SectionKind::Closing => '*',
        SectionKind::LeadIn => '.',
        SectionKind::Pause => '_',
        SectionKind::Zone(Stroking { leg, zone, .. }) => {
            let letter = match zone {
                Zone::Ankle => 'a',
                Zone::Calf => 'c',
                Zone::Knee => 'k',
                Zone::Thigh => 't',
            };
            if *leg == Leg::Right { letter.to_ascii_uppercase() } else { letter }
        }
    }
}

fn painted(text: impl std::fmt::Display, section: &Section) -> String {
    let style = style(section);
    format!("{style}{text}{style:#}")
}

fn style(section: &Section) -> Style {
    let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
    match &section.kind {
        SectionKind::Zone(stroking) => match stroking.zone {
            Zone::Ankle => colour(AnsiColor::Cyan),
            Zone::Calf => colour(AnsiColor::Green),
            Zone::Knee => colour(AnsiColor::Yellow),
            Zone::Thigh => colour(AnsiColor::Magenta),
        },
        _ => Style::new(),
    }
}

fn section_line(timeline: &Timeline, section: &Section) -> String {
    let rate = timeline.sample_rate;
    let at = short_clock(rate.duration_of(section.range.start.since(Position::START)));
    let length = short(rate.duration_of(section.range.length));
    let title = match &section.kind {
        SectionKind::Zone(stroking) => zone_title(timeline, section, stroking),
        SectionKind::LeadIn | SectionKind::Closing if begins_with_words(timeline, section) => {
            "Words".to_owned()
        }
        SectionKind::Closing => "Closing chime".to_owned(),
        _ => section.title.clone(),
    };
    let lines = wrapped(&title, "");
    let first = format!("{at:<11}  {length:>9}  {}", painted(&lines[0], section));
    let rest = lines[1..].iter().map(|line| format!("\n{:MARGIN$}{}", "", painted(line, section)));
    first + &rest.collect::<String>() + "\n"
}

/// Whether a step begins with this section's words, so that its title is told already.
fn begins_with_words(timeline: &Timeline, section: &Section) -> bool {
    let spoken = events_in(&timeline.speech, section.range, |prompt| prompt.range);
    section.begins.is_some() && !spoken.is_empty()
}

/// The ticks that lead from a section to its zone's first stroke.
fn count_in_line(timeline: &Timeline, section: &Section) -> String {
    let paces = events_in(&timeline.paces, section.range, |pace| pace.range);
    let Some(pace) = paces.first().filter(|_| section.kind == SectionKind::LeadIn) else {
        return String::new();
    };
    let dim = Style::new().dimmed();
    let at = short_clock(timeline.sample_rate.duration_of(pace.range.start.since(Position::START)));
    let ticks = if pace.strokes == 1 { "1 tick counts in" } else { "ticks count in" };
    let count = if pace.strokes == 1 { String::new() } else { format!("{} ", pace.strokes) };
    format!("{dim}{at:11}{:15}{count}{ticks}{dim:#}\n", "")
}

fn zone_title(timeline: &Timeline, section: &Section, stroking: &Stroking) -> String {
    let per_minute = stroking.strokes_per_minute(section.range.length, timeline.sample_rate);
    let shown = |rate: f64| {
        let rate = format!("{rate:.2}");
        rate.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let strokes = if stroking.strokes == 1 { "stroke" } else { "strokes" };
    let pace = match stroking.slow_down.range(per_minute) {
        (first, last) if first == last => format!("at {}/min", shown(first)),
        (first, last) => format!("slowing from {} to {}/min", shown(first), shown(last)),
    };
    format!("{}: {} {strokes} {pace}", section.title, stroking.strokes)
}

/// A prompt's words; inside a zone with their time, for they stand over the ticks.
fn prompt_lines(timeline: &Timeline, section: &Section, prompt: &Prompt) -> String {
    let dim = Style::new().dimmed();
    let in_zone = matches!(section.kind, SectionKind::Zone(_));
    let at = timeline.sample_rate.duration_of(prompt.range.start.since(Position::START));
    let time = if in_zone { short_clock(at) } else { String::new() };
    let mut text = String::new();
    for (n, line) in wrapped(&format!("“{}”", prompt.text), "  ").iter().enumerate() {
        let time = if n == 0 { time.as_str() } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{dim}{time:11}{:13}{line}{dim:#}", "");
    }
    text
}

fn wrapped(text: &str, indent: &str) -> Vec<String> {
    let options =
        textwrap::Options::new(WIDTH - MARGIN).initial_indent(indent).subsequent_indent(indent);
    textwrap::wrap(text, options).into_iter().map(|line| line.trim_end().to_owned()).collect()
}

fn foot(timeline: &Timeline) -> String {
    let total = |wanted: fn(&SectionKind) -> bool| time_of(timeline, wanted);
    let shown = |length| short(timeline.sample_rate.duration_of(length));
    let stroking = shown(total(|kind| matches!(kind, SectionKind::Zone(_))));
    let words = shown(total(|kind| matches!(kind, SectionKind::LeadIn)));
    let quiet = shown(total(|kind| matches!(kind, SectionKind::Pause)));
    let rest = total(|kind| matches!(kind, SectionKind::Opening | SectionKind::Closing));
    let end = short_clock(timeline.sample_rate.duration_of(timeline.length()));
    let sum = format!(
        "{stroking} of stroking, {words} of words, {quiet} of quiet, {} of opening and closing",
        shown(rest)
    );
    let mut foot = format!("\n{end:<11}{:13}End\n\n{sum}\n", "");
    if !timeline.notes.is_empty() {
        foot += "\nNotes\n";
    }
    for note in grouped(&timeline.notes) {
        let options = textwrap::Options::new(WIDTH).initial_indent("- ").subsequent_indent("  ");
        foot += &textwrap::fill(&note, options);
        foot.push('\n');
    }
    foot
}

/// Notes with what several places have in common told once.
fn grouped(notes: &[String]) -> Vec<String> {
    let parts =
        |note: &str| note.split_once(": ").map(|(place, what)| (place.to_owned(), what.to_owned()));
    let mut groups: Vec<(Vec<String>, String)> = Vec::new();
    for (place, what) in
        notes.iter().map(|note| parts(note).unwrap_or((String::new(), note.clone())))
    {
        match groups.iter_mut().find(|(_, known)| *known == what) {
            Some((places, _)) => places.push(place),
            None => groups.push((vec![place], what)),
        }
    }
    let told = |(places, what): (Vec<String>, String)| match places.join(", ").as_str() {
        "" => what,
        places => format!("{places}: {what}"),
    };
    groups.into_iter().map(told).collect()
}
