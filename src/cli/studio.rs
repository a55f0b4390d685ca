//! `effleurage studio`: the page, answered by this program.

use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};

use super::output::Output;
use super::signals;
use super::voice::at_hand;
use crate::error::Result;
use crate::studio::{Options, Studio};

#[derive(clap::Args)]
pub struct Arguments {
    /// Let phones and other devices in the same network come, too
    #[arg(long)]
    lan: bool,
    /// The port to be served at [default: any that is free]
    #[arg(long, value_name = "PORT", default_value = "0", hide_default_value = true)]
    port: u16,
    /// A voice to offer, by name or place; may come several times [default: all at hand]
    #[arg(long, value_name = "VOICE")]
    voice: Vec<PathBuf>,
    /// Prepare every clip anew, and remember none
    #[arg(long)]
    no_cache: bool,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<()> {
    let voices = if arguments.voice.is_empty() { at_hand() } else { arguments.voice.clone() };
    let named = !arguments.voice.is_empty();
    let (port, lan, remembers) = (arguments.port, arguments.lan, !arguments.no_cache);
    let studio = Studio::open(&Options { port, lan, voices, named, remembers })?;
    let cancel = signals::catch();
    output.result(&invitation(&studio))?;
    studio.serve(&cancel)
}

/// Where the page is, and how it ends.
fn invitation(studio: &Studio) -> String {
    let mut text = format!("On this machine:  {}\n", studio.address());
    if let Some(address) = studio.address_outside() {
        if let (true, Some(modules)) = (shows_colours(), effleurage_page::modules(&address)) {
            text += &format!("\n{}\n", picture(&modules));
        }
        text += &format!("On a phone in the same Wi-Fi:  {address}\n");
        text += "Whoever has this address can use it as long as this runs.\n";
    }
    text + "Ctrl-C ends it.\n"
}

/// A picture needs its paper, whatever the colours of the terminal.
fn shows_colours() -> bool {
    let choice = anstream::AutoStream::choice(&io::stdout());
    io::stdout().is_terminal() && choice != anstream::ColorChoice::Never
}

/// Two rows of modules to a line of text, black on white whatever the terminal's colours.
fn picture(modules: &[Vec<bool>]) -> String {
    let paper = Style::new()
        .fg_color(Some(AnsiColor::Black.into()))
        .bg_color(Some(AnsiColor::BrightWhite.into()));
    let mut text = String::new();
    for rows in modules.chunks(2) {
        let below = |x: usize| rows.get(1).is_some_and(|row| row[x]);
        let line: String =
            rows[0].iter().enumerate().map(|(x, above)| block(*above, below(x))).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{paper}{line}{paper:#}");
    }
    text
}

fn block(above: bool, below: bool) -> char {
    match (above, below) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}
