//! A mistake in somebody's file: what, where, why, and a way out.
//!
//! Stages collect diagnostics and carry on, so that an author sees all mistakes
//! at once. [`Report`] joins them to the text they point into and prints them.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// Nobody reads more mistakes than this at once.
pub const MOST: usize = 100;
/// Nobody reads a longer message; it quotes a value that nobody wrote by hand.
const LONGEST_MESSAGE: usize = 240;

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

    /// Whether this stops the work.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A text that people wrote, and the name by which they know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// A path, the name of a built-in routine, or `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// The source in `bytes`, which are UTF-8, with or without a byte-order mark; or
    /// the number of the line that is not.
    pub fn from_bytes(name: String, bytes: &[u8]) -> Result<Source, usize> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Source { name, text: text.to_owned() }),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                Err(before.iter().filter(|byte| **byte == b'\n').count() + 1)
            }
        }
    }
}

/// Diagnostics together with the text they point into, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    source: Source,
    diagnostics: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
}

impl Report {
    /// Joins `diagnostics` to their `source` and sorts them by place.
    pub fn new(source: Source, mut diagnostics: Vec<Diagnostic>) -> Report {
        diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
        diagnostics.dedup();
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let warnings = diagnostics.len() - errors;
        diagnostics.truncate(MOST);
        Report { source, diagnostics, errors, warnings }
    }

    /// How many mistakes stop the work.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How many do not.
    pub fn warnings(&self) -> usize {
        self.warnings
    }

    /// The report as text: each mistake with file, line, column, the line itself
    /// with a caret, and the way out; the first [`MOST`] of them. With `colour`, in
    /// ANSI colours.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let each = self.diagnostics.iter().map(|d| renderer.render(&[self.group(d)]));
        let shown = each.collect::<Vec<_>>().join("\n\n");
        match self.errors + self.warnings - self.diagnostics.len() {
            0 => shown,
            more => format!("{shown}\n\n… and {more} more"),
        }
    }

    fn group<'a>(&'a self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let span = on_one_line(&self.source.text, diagnostic.span.clone());
        let label = (!diagnostic.label.is_empty()).then_some(diagnostic.label.as_str());
        let snippet = Snippet::source(&self.source.text)
            .path(&self.source.name)
            .annotation(AnnotationKind::Primary.span(span).label(label));
        let group = level.primary_title(&diagnostic.message).element(snippet);
        match diagnostic.help.as_str() {
            "" => group,
            help => group.element(Level::HELP.message(help)),
        }
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
