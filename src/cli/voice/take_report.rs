//! What was made of a long take, to be read before anything is written.

use std::fmt;
use std::path::Path;

use crate::error::{Error, Result};
use crate::recording::script::Line;
use crate::recording::take::{Doubt, Found, Reading, clock, seconds, shortened};
use crate::routine::suggest;
use crate::units::{FrameRange, SampleRate};

/// So much of a line's words is shown in the table.
const WORDS_SHOWN: usize = 40;
/// A line that is longer or shorter than expected by this factor is told to be so.
const STRANGE: f64 = 1.6;

/// A take and what was made of it.
pub struct Report<'a> {
    /// The file of the take.
    pub path: &'a Path,
    /// How it is imported: what stands before the flag of a yes.
    pub command: &'a str,
    /// The lines that were looked for.
    pub lines: &'a [Line],
    /// Whether each of them is to have a new clip.
    pub wanted: &'a [bool],
    /// What was found.
    pub reading: &'a Reading,
    /// What a recogniser heard, of each that was found; empty without one.
    pub heard: &'a [String],
    /// Of the take.
    pub rate: SampleRate,
    /// The indices of the lines that a person has said yes to.
    pub yes_to: Vec<usize>,
}

/// `1 clip`, `2 clips`.
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

impl<'a> Report<'a> {
    /// Those that were found and are to have new clips.
    pub fn found(&self) -> impl Iterator<Item = &'a Found> {
        let (wanted, found) = (self.wanted, &self.reading.found);
        found.iter().filter(|found| wanted[found.line])
    }

    /// Those of them that are not sure.
    pub fn unsure(&self) -> Vec<&'a Found> {
        self.found().filter(|found| !found.doubts.is_empty()).collect()
    }

    /// The indices of the lines that a person names by their prompts, numbers, or ranges of
    /// numbers.
    ///
    /// # Errors
    ///
    /// Where one of them is no line, or was not found.
    pub fn named(&self, names: &[String]) -> Result<Vec<usize>> {
        let lines: Result<Vec<Vec<usize>>> =
            names.iter().map(|name| self.lines_called(name.trim())).collect();
        Ok(lines?.concat())
    }

    fn lines_called(&self, name: &str) -> Result<Vec<usize>> {
        let numbers = name
            .split_once('-')
            .and_then(|(from, to)| Some(from.parse::<usize>().ok()?..=to.parse::<usize>().ok()?));
        match numbers {
            Some(numbers) => {
                let found = self.reading.found.iter().map(|found| found.line);
                Ok(found.filter(|line| numbers.contains(&self.lines[*line].number)).collect())
            }
            None => Ok(vec![self.line_called(name)?]),
        }
    }

    fn line_called(&self, name: &str) -> Result<usize> {
        let is_called =
            |line: &Line| line.id == name || name.parse().is_ok_and(|n: usize| n == line.number);
        let found = self.lines.iter().position(is_called);
        let is_found = |line: &usize| self.reading.found.iter().any(|found| found.line == *line);
        match found {
            Some(line) if is_found(&line) => Ok(line),
            Some(_) => Err(refused(
                format!("--yes-to {name}: this line was not found in {}", self.path.display()),
                "record it into a file of its own, and import that".to_owned(),
            )),
            None => Err(refused(
                format!("--yes-to {name}: no line is called that"),
                match suggest::nearest(name, self.lines.iter().map(|line| line.id.as_str())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "give its prompt or its number, as in the table".to_owned(),
                },
            )),
        }
    }

    /// `5 halfway, at 0:20.1`.
    pub fn place(&self, found: &Found) -> String {
        let line = &self.lines[found.line];
        format!("{} {}, at {}", line.number, line.id, self.clock(found.voice))
    }

    fn clock(&self, range: FrameRange) -> String {
        clock(seconds(range, self.rate))
    }

    fn lasts(&self, range: FrameRange) -> f64 {
        self.rate.duration_of(range.length).as_secs_f64()
    }

    /// One row for each line: where it is in the take, and how long it is and should be.
    fn row(&self, n: usize, longest: usize) -> String {
        let line = &self.lines[n];
        let head = format!("{:5}  {:longest$}", line.number, line.id);
        let words = shortened(&line.text, WORDS_SHOWN);
        match self.reading.found.iter().find(|found| found.line == n) {
            None => format!("{head}  missing                    {words}\n"),
            Some(found) => format!(
                "{head}  {:>7}  {:4.1} s  {:6.1} s{} {words}\n",
                self.clock(found.voice),
                self.lasts(found.voice),
                found.expected.as_secs_f64(),
                if found.doubts.is_empty() { " " } else { "?" },
            ),
        }
    }

    fn doubt(&self, found: &Found, doubt: Doubt) -> String {
        match doubt {
            Doubt::Like(rival) => match self.lines.get(rival) {
                Some(rival) => {
                    let words = shortened(&rival.text, WORDS_SHOWN);
                    format!("it sounds nearly as much like line {}, “{words}”", rival.number)
                }
                None => {
                    let slip = self.reading.slips.get(rival - self.lines.len());
                    let words = shortened(slip.map_or("", String::as_str), WORDS_SHOWN);
                    format!("it sounds nearly as much like “{words}”")
                }
            },
            Doubt::Sound => "it does not sound quite like its words".to_owned(),
            Doubt::Again => "it was said more than once, and not in the same way".to_owned(),
            Doubt::PartOf(longer) => {
                let longer = &self.lines[longer];
                let words = shortened(&longer.text, WORDS_SHOWN);
                let number = longer.number;
                format!("it may be a part of line {number}, “{words}”, which follows")
            }
            Doubt::Edges => "what is heard right before or after it may belong to it".to_owned(),
            Doubt::Unheard => {
                let (lasts, expected) = (self.lasts(found.voice), found.expected.as_secs_f64());
                let factor = lasts / expected.max(0.01);
                match (1.0 / STRANGE..STRANGE).contains(&factor) {
                    true => {
                        "no voice here says the same to compare; it was told by its length and \
                             its place"
                            .to_owned()
                    }
                    false => format!(
                        "no voice here says the same to compare; it lasts {lasts:.1} s, and \
                         {expected:.1} s are expected"
                    ),
                }
            }
        }
    }

    /// Why a line is not sure, and what to do.
    fn told(&self, found: &Found) -> String {
        let doubts = found.doubts.iter().map(|doubt| self.doubt(found, *doubt));
        let heard = self.reading.found.iter().position(|other| other.line == found.line);
        let heard = heard.and_then(|n| self.heard.get(n)).map(|heard| match heard.is_empty() {
            true => "nothing was recognised in it".to_owned(),
            false => format!("“{}” was recognised in it", shortened(heard, WORDS_SHOWN)),
        });
        let why: Vec<String> = doubts.chain(heard).collect();
        let line = &self.lines[found.line];
        format!(
            "  {}: {}.\n    If it says “{}”: {}\n",
            self.place(found),
            why.join("; "),
            line.text,
            self.command(&format!("--yes-to {}", line.id))
        )
    }

    /// The command that imports this take, with `more`.
    pub fn command(&self, more: &str) -> String {
        format!("{} {more}", self.command)
    }

    fn missing(&self) -> Vec<usize> {
        self.reading.missing.iter().copied().filter(|line| self.wanted[*line]).collect()
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = || (0..self.lines.len()).filter(|line| self.wanted[*line]);
        let longest = shown().map(|line| self.lines[line].id.len()).max().unwrap_or(0);
        let longest = longest.max("prompt".len());
        writeln!(f, "{}\n", self.path.display())?;
        writeln!(f, " line  {:longest$}       at   lasts  expected  words", "prompt")?;
        for line in shown() {
            f.write_str(&self.row(line, longest))?;
        }
        let (agreed, unsure): (Vec<&Found>, Vec<&Found>) =
            self.unsure().into_iter().partition(|found| self.yes_to.contains(&found.line));
        if !agreed.is_empty() {
            let (are, them) = if agreed.len() == 1 { ("is", "it") } else { ("are", "them") };
            let count = counted(agreed.len(), "line");
            writeln!(f, "\n{count} {are} not sure (?), and written: you said yes to {them}.")?;
        }
        if !unsure.is_empty() {
            let are = if unsure.len() == 1 { "is" } else { "are" };
            writeln!(
                f,
                "\n{} {are} not sure (?), and not written without a yes to it. Listen at the time; \
                 if it\nsays something else, record the line into a file called after its prompt, and \
                 import that.",
                counted(unsure.len(), "line"),
            )?;
            unsure.iter().try_for_each(|found| f.write_str(&self.told(found)))?;
        }
        let missing = self.missing().len();
        if missing > 0 {
            let (are, each) = if missing == 1 { ("is", "it") } else { ("are", "each") };
            writeln!(
                f,
                "\n{} {are} missing: record {each} into a file called after its prompt, and import \
                 that.",
                counted(missing, "line")
            )?;
        }
        let other =
            |range: &FrameRange| format!("{} ({:.1} s)", self.clock(*range), self.lasts(*range));
        let others: Vec<String> = self.reading.others.iter().map(other).collect();
        if !others.is_empty() {
            writeln!(f, "\nLeft out, as no line or said again: {}", others.join(", "))?;
        }
        writeln!(f)
    }
}

fn refused(problem: String, help: String) -> Error {
    Error::NotImported { problems: vec![problem], help }
}
