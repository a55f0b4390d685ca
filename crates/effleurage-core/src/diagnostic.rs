//! A mistake in somebody's file: what, where, why, and a way out.
//!
//! Stages collect diagnostics and carry on, so that an author sees all mistakes
//! at once. [`Report`] joins them to the text they point into and prints them.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// Nobody reads more mistakes than this at once.
pub const MOST: usize = 100;
/// Nobody reads a longer message; it quotes a value that nobody wrote by hand.
const LONGEST_MESSAGE: usize = 240;

/// Of a longer value of a flag, the beginning is shown.
const LONGEST_VALUE: usize = 80;

/// Whether a mistake stops the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used as it is.
    Error,
    /// The file works, but its author may not have meant this.
    Warning,
}

/// One mistake, with its place as a range of bytes in the file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it stops the work.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The bytes at fault.
    pub span: Range<usize>,
    /// A few words under the caret; may be empty.
    pub label: String,
    /// What to do about it.
    pub help: String,
    /// What may stand here instead, as it is written, for whoever says it in other words: values,
    /// or the least and the greatest of a range; may be empty.
    pub possible: Vec<String>,
}

impl Diagnostic {
    /// A mistake that stops the work.
    pub fn error(span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            message: shortened(message.into()),
            span,
            label: String::new(),
            help: String::new(),
            possible: Vec::new(),
        }
    }

    /// A mistake that does not.
    pub fn warning(span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(span, message) }
    }

    /// The same, with a few words under the caret.
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// The same, with what to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = help.into();
        self
    }

    /// The same, with what may stand here instead.
    pub fn possible(mut self, possible: impl IntoIterator<Item = String>) -> Diagnostic {
        self.possible = possible.into_iter().collect();
        self
    }

    /// Whether this stops the work.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A text that people wrote, and the name by which they know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// A path, the name of a built-in routine, `<stdin>`, or a flag such as `--total`.
    pub name: String,
    /// The whole text: of the file, or the flag's value.
    pub text: String,
    /// Where people wrote it.
    pub kind: SourceKind,
}

/// Where people write: a mistake is shown as suits the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// In a file: with the line, and a caret below it.
    File,
    /// On the command line: in one sentence after the flag and its value.
    Flag,
}

impl Source {
    /// A file's text.
    pub fn file(name: impl Into<String>, text: impl Into<String>) -> Source {
        Source { name: name.into(), text: text.into(), kind: SourceKind::File }
    }

    /// A flag's value; empty for a flag that takes none.
    pub fn flag(name: impl Into<String>, value: impl Into<String>) -> Source {
        Source { name: name.into(), text: value.into(), kind: SourceKind::Flag }
    }

    /// The folder of the file, from which the paths in it are told; none for a flag, whose
    /// paths are told from the current folder.
    pub fn folder(&self) -> Option<&Path> {
        let file = Some(&self.name).filter(|_| self.kind == SourceKind::File);
        file.and_then(|name| Path::new(name).parent())
    }

    /// The source in `bytes`, which are UTF-8, with or without a byte-order mark; or
    /// the number of the line that is not.
    pub fn from_bytes(name: String, bytes: &[u8]) -> Result<Source, usize> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Source::file(name, text)),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                Err(before.iter().filter(|byte| **byte == b'\n').count() + 1)
            }
        }
    }
}

/// Texts that belong together: the file that a person named, the files it builds on,
/// the flags. Each has a stretch of one numbering of bytes to itself, so that a span
/// alone tells in which text it lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(Vec<(usize, Source)>);

impl Sources {
    /// Adds a text and tells where its stretch starts: what lies at byte *n* of the
    /// text has the number *start + n*.
    pub fn add(&mut self, source: Source) -> usize {
        let start = self.0.last().map_or(0, |(start, last)| start + last.text.len() + 1);
        self.0.push((start, source));
        start
    }

    /// The text in which the byte of this number lies, and where its stretch starts.
    pub fn locate(&self, byte: usize) -> Option<(usize, &Source)> {
        let after = self.0.partition_point(|(start, _)| *start <= byte);
        self.0[..after].last().map(|(start, source)| (*start, source))
    }

    /// Every text, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter().map(|(_, source)| source)
    }

    /// The paths of those that are files.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        let files = self.iter().filter(|source| source.kind == SourceKind::File);
        files.map(|source| PathBuf::from(&source.name))
    }
}

impl Source {
    /// A flag with its value, as it was typed.
    fn as_typed(&self) -> String {
        let value: String = self.text.chars().take(LONGEST_VALUE).collect();
        let cut = if value.len() < self.text.len() { "…" } else { "" };
        format!("{} {value}{cut}", self.name).trim_end().to_owned()
    }
}

impl From<Source> for Sources {
    fn from(source: Source) -> Sources {
        Sources(vec![(0, source)])
    }
}

/// Diagnostics together with the texts they point into, in the order of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
}

impl Report {
    /// Joins `diagnostics` to their `sources` and sorts them by place.
    pub fn new(sources: impl Into<Sources>, mut diagnostics: Vec<Diagnostic>) -> Report {
        diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
        diagnostics.dedup();
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let warnings = diagnostics.len() - errors;
        diagnostics.truncate(MOST);
        Report { sources: sources.into(), diagnostics, errors, warnings }
    }

    /// How many mistakes stop the work.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How many do not.
    pub fn warnings(&self) -> usize {
        self.warnings
    }

    /// Whether all that stops the work was said on the command line, and no file is at
    /// fault.
    pub fn is_about_flags(&self) -> bool {
        let mut errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        errors.all(|d| self.source_of(d).is_some_and(|(_, source)| source.kind == SourceKind::Flag))
    }

    /// The report as text: each mistake with file, line, column, the line itself
    /// with a caret, and the way out; the first [`MOST`] of them. With `colour`, in
    /// ANSI colours.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut shown = String::new();
        let mut one_line = true;
        for diagnostic in &self.diagnostics {
            let text = renderer.render(&[self.group(diagnostic)]);
            let gap = if shown.is_empty() {
                ""
            } else if one_line {
                "\n"
            } else {
                "\n\n"
            };
            one_line = !text.contains('\n');
            shown = shown + gap + &text;
        }
        match self.errors + self.warnings - self.diagnostics.len() {
            0 => shown,
            more => format!("{shown}\n\n… and {more} more"),
        }
    }

    /// Each of the first [`MOST`], for whoever shows it where its text was written: the text
    /// it is about, the mistake, and what [`render`](Report::render) says of it.
    pub fn each(&self) -> impl Iterator<Item = (Option<&Source>, &Diagnostic, String)> {
        let renderer = Renderer::plain();
        self.diagnostics.iter().map(move |diagnostic| {
            let source = self.source_of(diagnostic).map(|(_, source)| source);
            (source, diagnostic, renderer.render(&[self.group(diagnostic)]))
        })
    }

    /// The line of its text on which a mistake begins, from 1 on; none where it is about no text.
    pub fn line(&self, diagnostic: &Diagnostic) -> Option<usize> {
        let (start, source) = self.source_of(diagnostic)?;
        let before = source.text.get(..diagnostic.span.start - start)?;
        Some(1 + before.matches('\n').count())
    }

    fn source_of(&self, diagnostic: &Diagnostic) -> Option<(usize, &Source)> {
        self.sources.locate(diagnostic.span.start)
    }

    fn group<'a>(&'a self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        match self.source_of(diagnostic) {
            Some((_, flag)) if flag.kind == SourceKind::Flag => {
                Group::with_title(level.primary_title(about_flag(flag, diagnostic)))
            }
            Some((start, file)) => in_file(level, start, file, diagnostic),
            None => Group::with_title(level.primary_title(&diagnostic.message)),
        }
    }
}

/// What is wrong with a flag, in one sentence.
fn about_flag(flag: &Source, diagnostic: &Diagnostic) -> String {
    let ways_out = [&diagnostic.message, &diagnostic.help];
    let told: Vec<&str> =
        ways_out.into_iter().map(String::as_str).filter(|t| !t.is_empty()).collect();
    // A shell takes what stands between backticks for a command.
    format!("{}: {}", flag.as_typed(), told.join("; ").replace('`', "'"))
}

/// What is wrong in a file whose stretch begins at `start`, with the line at fault.
fn in_file<'a>(
    level: Level<'a>,
    start: usize,
    file: &'a Source,
    diagnostic: &'a Diagnostic,
) -> Group<'a> {
    let local = diagnostic.span.start - start..diagnostic.span.end.saturating_sub(start);
    let span = on_one_line(&file.text, local);
    let label = (!diagnostic.label.is_empty()).then_some(diagnostic.label.as_str());
    let snippet = Snippet::source(&file.text)
        .path(&file.name)
        .annotation(AnnotationKind::Primary.span(span).label(label));
    let group = level.primary_title(&diagnostic.message).element(snippet);
    match diagnostic.help.as_str() {
        "" => group,
        help => group.element(Level::HELP.message(help)),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

fn shortened(message: String) -> String {
    match message.char_indices().nth(LONGEST_MESSAGE) {
        None => message,
        Some((end, _)) => format!("{}…", &message[..end]),
    }
}

/// `span` cut to whole characters of the text and to its own first line, so that
/// a mistake about a whole table shows the table's head.
fn on_one_line(text: &str, span: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
    let line = text[start..end].find(['\n', '\r']).map_or(end, |i| start + i);
    start..line
}
