//! `effleurage show`: what is inside a track.

use std::io::{self, BufReader, IsTerminal};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::output::Output;
use crate::error::{Error, Result};
use crate::provenance::{self, Provenance, Reached, Section};
use crate::riff;
use crate::routine::Vocabulary;
use crate::text;
use crate::timeline::cue_sheet::clock::{short, short_clock};
use crate::timeline::cue_sheet::{Outcome, outcome_table};
use crate::units::{Length, SampleRate};
use crate::wav::{Bits, Channels, Format, Reader};

#[derive(clap::Args)]
pub struct Arguments {
    /// A track that effleurage made
    #[arg(value_name = "FILE.wav")]
    file: PathBuf,
    /// Print the routine it was made from, with all changes, as one file
    #[arg(long, conflicts_with = "format")]
    routine: bool,
    /// How to write it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: ShowFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum ShowFormat {
    /// For people
    Text,
    /// The plan, for programs
    Json,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<()> {
    let file = &arguments.file;
    let provenance = provenance::read(file)?.ok_or_else(|| says_nothing(file, HELP))?;
    if arguments.routine {
        // A terminal is shown what it may be; whoever writes it down gets the very text.
        return if io::stdout().is_terminal() {
            output.result(&provenance.routine)
        } else {
            output.result_with(|out| out.write_all(provenance.routine.as_bytes()))
        };
    }
    match arguments.format {
        ShowFormat::Json => {
            let json = serde_json::to_string_pretty(&provenance.plan);
            let json = json.map_err(|error| Error::Ours { what: error.to_string() })?;
            output.result(&(json + "\n"))
        }
        ShowFormat::Text => output.result(&text(file, &provenance)?),
    }
}

const HELP: &str = "name a track as effleurage wrote it";

/// Why nothing can be told of a file.
pub fn says_nothing(file: &Path, help: &str) -> Error {
    Error::Unreadable {
        path: file.to_owned(),
        why: "it says nothing of itself: another program made or changed it, or `render --plain`"
            .to_owned(),
        help: help.to_owned(),
    }
}

fn text(file: &Path, provenance: &Provenance) -> Result<String> {
    let reader = Reader::new(BufReader::new(provenance::open(file)?));
    let format = reader.map(|reader| reader.format).ok_or_else(|| says_nothing(file, HELP))?;
    let plan = &provenance.plan;
    let rate = SampleRate::new(plan.sample_rate).unwrap_or(format.rate);
    let clock = |frames| rate.duration_of(Length(frames));
    let mut text = format!(
        "{}\n{} in all, {} frames at {} Hz, {} bits, {}\nroutine {}, voice {}, made by {}\n\n",
        text::line(&plan.title),
        short_clock(clock(plan.frames)),
        plan.frames,
        plan.sample_rate,
        format.bits.count(),
        if format.channels == Channels::Mono { "mono" } else { "stereo" },
        text::line(&plan.routine),
        text::line(&provenance.voice),
        text::line(&provenance.software),
    );
    for section in &plan.sections {
        let (at, lasts) = (short_clock(clock(section.at)), short(clock(section.frames)));
        text += &format!("{at:<12}{lasts:>10}  {}\n", text::line(&told(section)));
    }
    if let Some(Reached { asked, loudness, true_peak }) = &provenance.loudness {
        text += &format!(
            "\nbrought to {asked} LUFS: it has {loudness:.2}, and a true peak of {true_peak:.2} dBTP\n"
        );
    }
    if !plan.changes.is_empty() {
        text += &format!(
            "\n{}",
            outcome_table(
                &plan.changes.iter().map(plain_outcome).collect::<Vec<_>>(),
                &Vocabulary::default()
            )
        );
    }
    for note in &plan.notes {
        text += &textwrap::fill(
            &text::line(note),
            textwrap::Options::new(80).initial_indent("- ").subsequent_indent("  "),
        );
        text += "\n";
    }
    Ok(text + &how_to_repeat(file, provenance, &format))
}

fn plain_outcome(outcome: &Outcome) -> Outcome {
    Outcome {
        what: text::line(&outcome.what).into_owned(),
        written: text::line(&outcome.written).into_owned(),
        asked: text::line(&outcome.asked).into_owned(),
        comes_out: text::line(&outcome.comes_out).into_owned(),
    }
}

fn told(section: &Section) -> String {
    match (section.strokes, section.strokes_per_minute) {
        (Some(1), _) => format!("{}: 1 stroke", section.title),
        (Some(strokes), Some(rate)) => {
            let rate = format!("{rate:.2}");
            let rate = rate.trim_end_matches('0').trim_end_matches('.');
            format!("{}: {strokes} strokes at {rate}/min", section.title)
        }
        _ => section.title.clone(),
    }
}

/// The two commands that make the track again.
fn how_to_repeat(file: &Path, provenance: &Provenance, format: &Format) -> String {
    let mut flags = String::new();
    if provenance.voice != "en" {
        flags += &format!(" --voice {}", quoted(&text::line(&provenance.voice)));
    }
    if format.rate != SampleRate::CD {
        flags += &format!(" --rate {}", format.rate.hz());
    }
    if format.bits != Bits::Sixteen {
        flags += &format!(" --bits {}", format.bits.count());
    }
    if format.channels == Channels::Stereo {
        flags += " --channels 2";
    }
    if let Some(reached) = &provenance.loudness {
        flags += &format!(" --loudness {}", reached.asked);
    }
    if is_for_broadcast(file) {
        flags += " --broadcast";
    }
    format!(
        "\nTo make it again:\n  effleurage show {} --routine > again.toml\n  effleurage render \
         again.toml{flags} -o again.wav\n",
        quoted(&text::line(&file.display().to_string()))
    )
}

/// Whether a file tells broadcasters how loud it is.
fn is_for_broadcast(file: &Path) -> bool {
    let walked = provenance::open(file).ok().and_then(|mut file| riff::walk(&mut file).ok());
    walked.is_some_and(|(chunks, _)| chunks.iter().any(|chunk| chunk.id == provenance::bext::ID))
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), |word| word.into_owned())
}
