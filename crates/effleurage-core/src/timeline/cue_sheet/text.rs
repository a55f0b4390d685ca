//! The cue sheet for people: 80 columns, times first.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::clock::{short, short_clock};
use super::outcome::{Outcome, table, time_of};
use crate::body::{Region, letters};
use crate::routine::Vocabulary;
use crate::routine::words::Leg;
use crate::timeline::notes;
use crate::timeline::{
    Chime, ChimeKind, Prompt, Section, SectionKind, Stroking, Timeline, events_in,
};
use crate::units::{FrameRange, Position};

/// Those of the regions, from the bottom up.
const COLOURS: [AnsiColor; Region::BUILT_IN.len()] = [
    AnsiColor::Blue,
    AnsiColor::BrightBlue,
    AnsiColor::Cyan,
    AnsiColor::Green,
    AnsiColor::Yellow,
    AnsiColor::Magenta,
    AnsiColor::BrightMagenta,
];
const WIDTH: usize = 80;
/// What stands before the words: a time, a length, and spaces between.
const MARGIN: usize = 24;

/// `timeline` for reading, with ANSI colours; print it through something that
/// takes them out where they are not wanted. `outcomes` are what came of changes.
///
/// Its own words are titles of `vocabulary`: English, or those of the voice's language.
pub fn text(timeline: &Timeline, outcomes: &[Outcome], vocabulary: &Vocabulary) -> String {
    let sheet = Sheet { timeline, vocabulary };
    let sections = timeline.sections.iter().map(|section| sheet.section(section));
    let mut text = sheet.head() + &sections.collect::<String>() + &sheet.foot();
    if !outcomes.is_empty() {
        text += &format!("\n{}", table(outcomes, vocabulary));
    }
    text
}

/// A timeline, and the words for what is in it.
struct Sheet<'a> {
    timeline: &'a Timeline,
    vocabulary: &'a Vocabulary,
}

impl Sheet<'_> {
    fn head(&self) -> String {
        let bold = Style::new().bold();
        let Timeline { title, sample_rate: rate, voice, .. } = self.timeline;
        let length = self.timeline.length();
        let words = [
            ("length", short_clock(rate.duration_of(length))),
            ("frames", length.0.to_string()),
            ("rate", rate.hz().to_string()),
            ("voice", voice.clone()),
        ];
        let facts = "{length} in all, {frames} frames at {rate} Hz, voice {voice}";
        format!(
            "{bold}{}{bold:#}\n{}\n\n{}\n{}\n\n",
            textwrap::fill(title, WIDTH),
            textwrap::fill(&self.vocabulary.filled(facts, &words), WIDTH),
            drawing(self.timeline),
            self.legend(),
        )
    }

    /// What the characters of the drawing mean.
    fn legend(&self) -> String {
        let word = |english| self.vocabulary.title(english).to_owned();
        let mut entries = vec![
            format!(". {}", word("words")),
            format!("_ {}", word("quiet")),
            format!("* {}", word("opening, closing")),
        ];
        let titles = self.timeline.regions();
        entries.extend(letters(titles.keys().copied()).into_iter().map(|(region, letter)| {
            if region.is_own() {
                format!("{letter} {}", titles[&region])
            } else {
                format!("{letter} {}", self.vocabulary.title(region.name()))
            }
        }));
        let is_right = |section: &Section| {
            matches!(&section.kind, SectionKind::Zone(Stroking { leg: Leg::Right, .. }))
        };
        if self.timeline.sections.iter().any(is_right) {
            let own = titles.keys().any(Region::is_own);
            entries.push(word(if own { "capitals: right side" } else { "capitals: right leg" }));
        }
        // Lines break between entries only.
        let whole: Vec<String> = entries.iter().map(|entry| entry.replace(' ', "\u{a0}")).collect();
        textwrap::fill(&whole.join("  "), WIDTH).replace('\u{a0}', " ")
    }

    fn section(&self, section: &Section) -> String {
        let events = |timeline: &Timeline| {
            let spoken = events_in(&timeline.speech, section.range, |prompt| prompt.range);
            let chimes = events_in(&timeline.chimes, section.range, |chime| chime.range);
            let spoken = spoken
                .iter()
                .map(|prompt| (prompt.range.start, self.prompt_lines(section, prompt)));
            let chimes = chimes
                .iter()
                .filter_map(|chime| Some((chime.range.start, self.chime_line(chime)?)));
            let mut events: Vec<(Position, String)> = spoken.chain(chimes).collect();
            events.sort_by_key(|(start, _)| *start);
            events.into_iter().map(|(_, line)| line).collect::<String>()
        };
        heading(section)
            + &self.section_line(section)
            + &events(self.timeline)
            + &self.count_in_line(section)
    }

    fn section_line(&self, section: &Section) -> String {
        let rate = self.timeline.sample_rate;
        let word = |english| self.vocabulary.title(english).to_owned();
        let at = short_clock(rate.duration_of(section.range.start.since(Position::START)));
        let length = short(rate.duration_of(section.range.length));
        let words = begins_with_words(self.timeline, section);
        let title = match &section.kind {
            SectionKind::Zone(stroking) => self.zone_title(section, stroking),
            SectionKind::LeadIn | SectionKind::Closing if words => word("Words"),
            SectionKind::Closing => word("Closing chime"),
            _ => section.title.clone(),
        };
        let lines = wrapped(&title, "");
        let first = format!("{at:<11}  {length:>9}  {}", painted(&lines[0], section));
        let rest =
            lines[1..].iter().map(|line| format!("\n{:MARGIN$}{}", "", painted(line, section)));
        first + &rest.collect::<String>() + "\n"
    }

    /// The ticks that lead from a section to its zone's first stroke.
    fn count_in_line(&self, section: &Section) -> String {
        let paces = events_in(&self.timeline.paces, section.range, |pace| pace.range);
        let Some(pace) = paces.first().filter(|_| section.kind == SectionKind::LeadIn) else {
            return String::new();
        };
        let count = match pace.strokes {
            1 => self.vocabulary.title("1 tick counts in").to_owned(),
            n => self.vocabulary.filled("{n} ticks count in", &[("n", n)]),
        };
        self.dim_line(pace.range.start, &count)
    }

    /// The chimes that a reader does not know of already.
    fn chime_line(&self, chime: &Chime) -> Option<String> {
        let name = match chime.kind {
            ChimeKind::Opening | ChimeKind::Closing => return None,
            ChimeKind::PauseStart | ChimeKind::PauseEnd => "chime",
            ChimeKind::Soon => "soft bell",
        };
        Some(self.dim_line(chime.range.start, self.vocabulary.title(name)))
    }

    fn dim_line(&self, at: Position, what: &str) -> String {
        let dim = Style::new().dimmed();
        let rate = self.timeline.sample_rate;
        let at = short_clock(rate.duration_of(at.since(Position::START)));
        format!("{dim}{at:11}{:15}{what}{dim:#}\n", "")
    }

    fn zone_title(&self, section: &Section, stroking: &Stroking) -> String {
        let per_minute =
            stroking.strokes_per_minute(section.range.length, self.timeline.sample_rate);
        let shown = |rate: f64| {
            let rate = format!("{rate:.2}");
            self.vocabulary.number(rate.trim_end_matches('0').trim_end_matches('.'))
        };
        let strokes = notes::strokes(self.vocabulary, stroking.strokes);
        let pace = match stroking.slow_down.range(per_minute) {
            (first, last) if first == last => {
                self.vocabulary.filled("at {pace}/min", &[("pace", shown(first))])
            }
            (first, last) => {
                let rates = [("first", shown(first)), ("last", shown(last))];
                self.vocabulary.filled("slowing from {first} to {last}/min", &rates)
            }
        };
        self.vocabulary.labelled(&section.title, &format!("{strokes} {pace}"))
    }

    /// A prompt's words; where they stand over ticks or in quiet, with their time.
    fn prompt_lines(&self, section: &Section, prompt: &Prompt) -> String {
        let dim = Style::new().dimmed();
        let timed = matches!(section.kind, SectionKind::Zone(_));
        let at = self.timeline.sample_rate.duration_of(prompt.range.start.since(Position::START));
        let time = if timed { short_clock(at) } else { String::new() };
        let mut text = String::new();
        for (n, line) in wrapped(&format!("“{}”", prompt.text), "  ").iter().enumerate() {
            let time = if n == 0 { time.as_str() } else { "" };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{dim}{time:11}{:13}{line}{dim:#}", "");
        }
        text
    }

    fn foot(&self) -> String {
        let timeline = self.timeline;
        let shown = |wanted: fn(&SectionKind) -> bool| {
            short(timeline.sample_rate.duration_of(time_of(timeline, wanted)))
        };
        let sums = [
            ("stroking", shown(|kind| matches!(kind, SectionKind::Zone(_)))),
            ("words", shown(|kind| matches!(kind, SectionKind::LeadIn))),
            ("quiet", shown(|kind| matches!(kind, SectionKind::Pause))),
            ("rest", shown(|kind| matches!(kind, SectionKind::Opening | SectionKind::Closing))),
        ];
        let sum = "{stroking} of stroking, {words} of words, {quiet} of quiet, {rest} of opening \
                   and closing";
        let sum = textwrap::fill(&self.vocabulary.filled(sum, &sums), WIDTH);
        let end = short_clock(timeline.sample_rate.duration_of(timeline.length()));
        let word = |english| self.vocabulary.title(english);
        let mut foot = format!("\n{end:<11}{:13}{}\n\n{sum}\n", "", word("End"));
        if !timeline.notes.is_empty() {
            foot += &format!("\n{}\n", word("Notes"));
        }
        for note in grouped(&timeline.notes) {
            let options =
                textwrap::Options::new(WIDTH).initial_indent("- ").subsequent_indent("  ");
            foot += &textwrap::fill(&note, options);
            foot.push('\n');
        }
        foot
    }
}

/// A step begins with a blank line and its title.
fn heading(section: &Section) -> String {
    let bold = Style::new().bold();
    section.begins.as_ref().map_or(String::new(), |title| {
        format!("\n{bold}{}{bold:#}\n", textwrap::fill(title, WIDTH))
    })
}

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
    let letters = letters(timeline.regions().into_keys());
    columns.flatten().map(|section| painted(symbol(section, &letters), section)).collect()
}

fn symbol(section: &Section, letters: &BTreeMap<Region, char>) -> char {
    match &section.kind {
        SectionKind::Opening | SectionKind::Closing => '*',
        SectionKind::LeadIn => '.',
        SectionKind::Pause => '_',
        SectionKind::Zone(Stroking { leg, zone, .. }) => {
            let letter = letters.get(zone).copied().unwrap_or('?');
            if *leg == Leg::Right { letter.to_ascii_uppercase() } else { letter }
        }
    }
}

fn painted(text: impl std::fmt::Display, section: &Section) -> String {
    let style = style(section);
    format!("{style}{text}{style:#}")
}

fn style(section: &Section) -> Style {
    match &section.kind {
        SectionKind::Zone(stroking) => {
            let colour = COLOURS[stroking.zone.rank() % COLOURS.len()];
            Style::new().fg_color(Some(colour.into()))
        }
        _ => Style::new(),
    }
}

/// Whether a step begins with this section's words, so that its title is told already.
fn begins_with_words(timeline: &Timeline, section: &Section) -> bool {
    let spoken = events_in(&timeline.speech, section.range, |prompt| prompt.range);
    section.begins.is_some() && !spoken.is_empty()
}

fn wrapped(text: &str, indent: &str) -> Vec<String> {
    let options =
        textwrap::Options::new(WIDTH - MARGIN).initial_indent(indent).subsequent_indent(indent);
    textwrap::wrap(text, options).into_iter().map(|line| line.trim_end().to_owned()).collect()
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
