//! What a card says, before it has a shape: a timeline, sorted for a reader who lies two
//! metres away.

use std::collections::BTreeMap;
use std::time::Duration;

use super::words::{Words, pressure};
use effleurage_core::body::{Region, letters};
use effleurage_core::routine::Vocabulary;
use effleurage_core::routine::check::WARNINGS;
use effleurage_core::routine::words::Leg;
use effleurage_core::timeline::{Section, SectionKind, Stroking, Timeline};
use effleurage_core::units::{Length, Position, SampleRate, round_div};

/// A session on one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The title of the routine.
    pub title: String,
    /// How long it takes.
    pub lasts: String,
    /// The language of its words, as BCP 47 writes it.
    pub language: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// What must be known before.
    pub warnings: Vec<String>,
    /// The words between.
    pub words: Words,
}

/// A step of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Only words, or quiet.
    Words(WordStep),
    /// Stroking.
    Strokes(StrokeStep),
}

/// A step without stroking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordStep {
    /// When it begins.
    pub begins: String,
    /// Its title, and how long its quiet lasts.
    pub title: String,
}

/// A step with stroking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrokeStep {
    /// When it begins.
    pub begins: String,
    /// Its title.
    pub title: String,
    /// Zones, those that are stroked in one manner together.
    pub manners: Vec<Manner>,
}

/// Zones of a step that are stroked in the same manner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manner {
    /// Technique and pressure.
    pub title: String,
    /// The zones, from the bottom up.
    pub rows: Vec<Row>,
}

/// A zone, of either leg or of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which region.
    pub zone: Region,
    /// Its letter in drawings, on the left leg.
    pub letter: char,
    /// Its name.
    pub name: String,
    /// When the left leg's begins, and the right leg's.
    pub begins: [Option<String>; 2],
    /// How long each lasts.
    pub lasts: String,
    /// How many strokes each holds.
    pub strokes: String,
    /// How many strokes a minute.
    pub per_minute: String,
}

/// Left and right, in the order in which a card shows them.
pub const SIDES: [Leg; 2] = [Leg::Left, Leg::Right];

impl Card {
    /// The card of a session. `vocabulary` is that of its voice, `language` its language.
    pub fn of(timeline: &Timeline, vocabulary: &Vocabulary, language: &str) -> Card {
        let letters = letters(timeline.regions().into_keys());
        let reader = Reader { rate: timeline.sample_rate, vocabulary, letters };
        Card {
            title: timeline.title.clone(),
            lasts: reader.lasts(timeline.length()),
            language: language.to_owned(),
            steps: steps(&timeline.sections).flat_map(|step| reader.step(step)).collect(),
            // Whatever a routine leaves out, a card must not: it may be found by others.
            warnings: WARNINGS.map(|id| vocabulary.text(id).to_owned()).to_vec(),
            words: Words::of(vocabulary),
        }
    }

    /// Whether `zone` is stroked on `leg`.
    pub fn uses(&self, leg: Leg, zone: Region) -> bool {
        let side = usize::from(leg == Leg::Right);
        self.rows().any(|row| row.zone == zone && row.begins[side].is_some())
    }

    /// Whether anything is stroked on `leg`.
    pub fn uses_leg(&self, leg: Leg) -> bool {
        let side = usize::from(leg == Leg::Right);
        self.rows().any(|row| row.begins[side].is_some())
    }

    /// The regions that are stroked, from the bottom up, each with its letter and its name.
    pub fn regions(&self) -> BTreeMap<Region, (char, &str)> {
        self.rows().map(|row| (row.zone, (row.letter, row.name.as_str()))).collect()
    }

    /// Every zone of every step.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        let manners = self.steps.iter().flat_map(|step| match step {
            Step::Words(_) => &[][..],
            Step::Strokes(step) => &step.manners,
        });
        manners.flat_map(|manner| &manner.rows)
    }

    /// All of it in sentences, for those who hear a page.
    pub fn description(&self) -> String {
        let mut lines = vec![format!("{}: {}", self.words.before, self.warnings.join(" "))];
        lines.extend(self.steps.iter().map(|step| self.step_in_words(step)));
        lines.push(format!("{} {}.", self.lasts, self.words.in_all));
        lines.join("\n")
    }

    fn step_in_words(&self, step: &Step) -> String {
        let step = match step {
            Step::Words(step) => return format!("{} {}.", step.begins, step.title),
            Step::Strokes(step) => step,
        };
        let mut text = format!("{} {}.", step.begins, step.title);
        for manner in &step.manners {
            let rows: Vec<String> = manner.rows.iter().map(|row| self.row_in_words(row)).collect();
            text += &format!(" {}: {}.", manner.title, rows.join("; "));
        }
        text
    }

    fn row_in_words(&self, row: &Row) -> String {
        let names = [&self.words.left, &self.words.right];
        let times = row.begins.iter().zip(names);
        let times = times.filter_map(|(at, name)| Some(format!("{name} {}", at.as_ref()?)));
        format!(
            "{}, {}, {} {}, {} {}, {} {}",
            row.name,
            times.collect::<Vec<_>>().join(", "),
            self.words.lasts,
            row.lasts,
            row.strokes,
            self.words.strokes,
            row.per_minute,
            self.words.per_minute
        )
    }
}

/// The sections step by step, each from the one with which it begins; without the
/// opening, which is no step.
fn steps(sections: &[Section]) -> impl Iterator<Item = &[Section]> {
    let first = sections.iter().position(|section| section.begins.is_some());
    let sections = &sections[first.unwrap_or(sections.len())..];
    sections.chunk_by(|_, next| next.begins.is_none())
}

/// Puts sections into the words of a reader.
struct Reader<'a> {
    rate: SampleRate,
    vocabulary: &'a Vocabulary,
    letters: BTreeMap<Region, char>,
}

impl Reader<'_> {
    /// A step; what is stroked and then followed by quiet becomes two.
    fn step(&self, sections: &[Section]) -> Vec<Step> {
        let Some(first) = sections.first() else { return Vec::new() };
        let begins = self.begins(first.range.start);
        let title = first.begins.clone().unwrap_or_default();
        let pause = sections.iter().find(|section| section.kind == SectionKind::Pause);
        let manners = self.manners(sections);
        let quiet = |pause: &Section| {
            let word = self.vocabulary.title("pause");
            format!("{word} {}", self.lasts(pause.range.length))
        };
        if manners.is_empty() {
            let pause = pause.map_or(String::new(), |pause| format!(" ({})", quiet(pause)));
            return vec![Step::Words(WordStep { begins, title: title + &pause })];
        }
        let pause = pause.map(|pause| {
            Step::Words(WordStep { begins: self.begins(pause.range.start), title: quiet(pause) })
        });
        let strokes = Step::Strokes(StrokeStep { begins, title, manners });
        [strokes].into_iter().chain(pause).collect()
    }

    /// The zones of a step. What both legs have alike is one row.
    fn manners(&self, sections: &[Section]) -> Vec<Manner> {
        let mut manners: Vec<Manner> = Vec::new();
        for section in sections {
            let SectionKind::Zone(stroking) = &section.kind else { continue };
            let title = self.manner(stroking);
            let row = self.row(section, stroking);
            let known = manners.iter_mut().filter(|manner| manner.title == title);
            let mut rows = known.flat_map(|manner| &mut manner.rows);
            if let Some(twin) = rows.find(|known| known.takes(&row)) {
                twin.add(row);
                continue;
            }
            match manners.last_mut().filter(|manner| manner.title == title) {
                Some(manner) => manner.rows.push(row),
                None => manners.push(Manner { title, rows: vec![row] }),
            }
        }
        manners
    }

    fn manner(&self, stroking: &Stroking) -> String {
        let pressure = self.vocabulary.title(pressure(stroking.pressure));
        format!("{}, {pressure}", stroking.technique_title)
    }

    fn row(&self, section: &Section, stroking: &Stroking) -> Row {
        let begins = self.begins(section.range.start);
        let on = |leg| [leg, Leg::Both].contains(&stroking.leg).then(|| begins.clone());
        Row {
            zone: stroking.zone,
            letter: self.letters.get(&stroking.zone).copied().unwrap_or('?'),
            name: stroking.region_title.clone(),
            begins: SIDES.map(on),
            lasts: self.lasts(section.range.length),
            strokes: stroking.strokes.to_string(),
            per_minute: self.per_minute(section.range.length, stroking),
        }
    }

    /// One rate, or the first and the last where strokes slow down.
    fn per_minute(&self, length: Length, stroking: &Stroking) -> String {
        let shown = |rate: f64| format!("{rate:.1}").trim_end_matches(".0").to_owned();
        let rate = stroking.strokes_per_minute(length, self.rate);
        let (first, last) = stroking.slow_down.range(rate);
        match (shown(first), shown(last)) {
            (first, last) if first == last => first,
            (first, last) => format!("{first}–{last}"),
        }
    }

    /// What a player shows at `position`.
    fn begins(&self, position: Position) -> String {
        let since = position.since(Position::START);
        player_clock(self.rate.duration_of(since).as_secs())
    }

    /// To the nearest second.
    fn lasts(&self, length: Length) -> String {
        let millis: Duration = self.rate.duration_of(length);
        player_clock(round_div(millis.as_millis(), 1000) as u64)
    }
}

impl Row {
    /// Whether `other` is the same on a leg that this row does not have yet.
    fn takes(&self, other: &Row) -> bool {
        let like = Row { begins: self.begins.clone(), ..other.clone() };
        let free = self.begins.iter().zip(&other.begins).all(|(a, b)| a.is_none() || b.is_none());
        free && like == *self
    }

    fn add(&mut self, other: Row) {
        for (mine, theirs) in self.begins.iter_mut().zip(other.begins) {
            *mine = mine.take().or(theirs);
        }
    }
}

/// `0:08`, `12:30`, `1:02:05`.
fn player_clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_on_a_player() {
        let read: Vec<String> = [0, 8, 750, 3600, 3725].map(player_clock).to_vec();
        assert_eq!(read, ["0:00", "0:08", "12:30", "1:00:00", "1:02:05"]);
    }
}
