//! Results go to standard output, messages to standard error.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::way_out;
use crate::diagnostic::Report;
use crate::error::{Error, Result};
use crate::text;

const ERROR: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::BrightRed)));
const HELP: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::BrightCyan)));

/// Where the program speaks, and how much. Colours reach terminals only, and not
/// where `NO_COLOR` is set.
pub struct Output {
    quiet: bool,
    verbose: bool,
}

impl Output {
    /// Says only errors if `quiet`, more than usual if `verbose`.
    pub fn new(quiet: bool, verbose: bool) -> Output {
        Output { quiet, verbose }
    }

    /// Prints a result. A reader who has seen enough and left is no error.
    pub fn result(&self, text: &str) -> Result<()> {
        let text = text::styled(text);
        self.result_with(|out| out.write_all(text.as_bytes()))
    }

    /// Prints a result that is written piece by piece.
    pub fn result_with(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let mut out = io::BufWriter::new(anstream::stdout());
        match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::Unwritable { path: "standard output".into(), why: error })
            }
            _ => Ok(()),
        }
    }

    /// Says something that most people want to know.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.print(text);
        }
    }

    /// Says what is wrong, however quiet it shall be.
    pub fn insist(&self, text: &str) {
        self.print(text);
    }

    /// Says something that few people want to know.
    pub fn detail(&self, text: impl FnOnce() -> String) {
        if self.verbose {
            self.print(&text());
        }
    }

    /// Says what an author may not have meant.
    pub fn warnings(&self, report: &Report) {
        if !self.quiet && report.warnings() > 0 {
            self.print(&report.render(true));
        }
    }

    /// Says why it did not work.
    pub fn error(&self, error: &Error) {
        match error {
            Error::Mistakes(report) => return self.print(&report.render(true)),
            Error::Several(errors) => return errors.iter().for_each(|error| self.error(error)),
            _ => {}
        }
        self.print(&format!("{ERROR}error:{ERROR:#} {error}"));
        let help = way_out::of(error);
        if !help.is_empty() {
            self.print(&format!("{HELP}help:{HELP:#} {help}"));
        }
    }

    /// Whether a progress bar would be seen.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Refuses to pour bytes into a terminal.
    pub fn check_binary_output(&self) -> Result<()> {
        if io::stdout().is_terminal() {
            return Err(Error::Unwritable {
                path: Path::new("standard output").to_owned(),
                why: io::Error::other("a terminal cannot play a WAV file"),
            });
        }
        Ok(())
    }

    /// Nobody can be told where standard error is closed.
    fn print(&self, text: &str) {
        let _ = writeln!(anstream::stderr(), "{}", text::styled(text));
    }
}
