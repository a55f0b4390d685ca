//! `effleurage voice check`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::input;
use crate::cli::output::Output;
use crate::error::Result;
use crate::recording::measure::{Measured, measure};
use crate::recording::script::{Line, Script};
use crate::recording::verdict::{faults, words_a_minute};
use crate::session::Session;
use crate::timeline::outline::outline;
use crate::units::Length;
use crate::voice::{self, Pack, Recording, decode};

#[derive(clap::Args)]
pub struct Arguments {
    /// The voice
    voice: PathBuf,
    /// Only what these routines need; without any, every prompt of the manifest
    routines: Vec<PathBuf>,
}

/// Exits with 0 where every clip is there and good, else with 1.
pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let pack = crate::voice::open(&arguments.voice)?;
    let lines = lines(arguments, &pack)?;
    let mut table = format!(
        "{:<28}{:>8}{:>7}{:>7}{:>7}{:>8}{:>7}\n",
        "", "length", "LUFS", "peak", "noise", "Hz", "words"
    );
    let mut wrong = BTreeSet::new();
    for line in &lines {
        let checked = checked(&pack, line)?;
        table += &row(line, &checked);
        if !checked.faults.is_empty() {
            wrong.insert(line.id.clone());
        }
    }
    let strangers = pack.strangers();
    for name in &strangers {
        table += &format!("{name}: no prompt is called that; name it after one, or take it away\n");
    }
    table += &format!("\n{} prompts, {} to mend", lines.len(), wrong.len());
    if !strangers.is_empty() {
        table += &format!(", {} files too many", strangers.len());
    }
    output.result(&(table + "\n"))?;
    let good = wrong.is_empty() && strangers.is_empty();
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What must be there: all of the manifest, or what the routines need.
fn lines(arguments: &Arguments, pack: &Pack) -> Result<Vec<Line>> {
    let mut script = Script::default();
    for name in &arguments.routines {
        let request = input::request(input::source(name)?, Vec::new());
        let routine = Session::read(&request, pack)?;
        script.add(&outline(&routine, &pack.vocabulary), |id| spoken(pack, id));
    }
    if arguments.routines.is_empty() {
        pack.manifest.in_order().into_iter().for_each(|id| script.add_id(id));
    }
    Ok(script.lines(&pack.vocabulary))
}

/// How long the voice takes for a prompt; no time where it cannot say it.
fn spoken(pack: &Pack, id: &str) -> Duration {
    let recording = pack.clip(id).ok().flatten().and_then(|file| voice::recording(&file).ok());
    recording.map_or(Duration::ZERO, |recording| duration(&recording))
}

fn duration(recording: &Recording) -> Duration {
    recording.rate.duration_of(Length(recording.samples.len() as u64))
}

/// A clip that was looked at.
struct Checked {
    measured: Option<Measured>,
    spoken: Duration,
    faults: Vec<String>,
}

fn checked(pack: &Pack, line: &Line) -> Result<Checked> {
    let bad =
        |fault: String| Checked { measured: None, spoken: Duration::ZERO, faults: vec![fault] };
    let file = match pack.clip(&line.id) {
        Ok(Some(file)) => file,
        Ok(None) => return Ok(bad("missing; record it, or let another voice say it".to_owned())),
        Err(error) => return Ok(bad(format!("{}; {}", error.why(), error.help()))),
    };
    let (recording, trimmed) = match (decode::decode(&file.bytes), voice::recording(&file)) {
        (Ok(recording), Ok(trimmed)) => (recording, trimmed),
        (_, Err(error)) => return Ok(bad(format!("{}; {}", error.why(), error.help()))),
        (Err(_), Ok(_)) => return Ok(bad("it cannot be read; record it again".to_owned())),
    };
    let measured = measure(&recording);
    let spoken = duration(&trimmed);
    let faults = faults(&measured, &line.text, spoken, line.longest);
    Ok(Checked { measured: Some(measured), spoken, faults })
}

fn row(line: &Line, checked: &Checked) -> String {
    let mut row = match &checked.measured {
        None => format!("{:<28}{:>8}", line.id, "–"),
        Some(measured) => {
            let loudness =
                measured.loudness.map_or("–".to_owned(), |lufs| format!("{:.1}", lufs.0));
            let words = words_a_minute(&line.text, checked.spoken);
            format!(
                "{:<28}{:>7.1}s{loudness:>7}{:>7.1}{:>7.0}{:>8}{:>7}",
                line.id,
                measured.lasts.as_secs_f64(),
                measured.peak.0,
                measured.floor.0,
                measured.rate.hz(),
                words.map_or(String::new(), |pace| format!("{pace:.0}/m")),
            )
        }
    };
    row.truncate(row.trim_end().len());
    for fault in &checked.faults {
        row += &format!("\n  {fault}");
    }
    row + "\n"
}
