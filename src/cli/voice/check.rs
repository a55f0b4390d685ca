//! `effleurage voice check`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::input;
use crate::cli::output::Output;
use crate::error::Result;
use crate::recording::length::usual_seconds;
use crate::recording::measure::{Measured, measure};
use crate::recording::originals::Originals;
use crate::recording::script::{self, Line, Script};
use crate::recording::verdict::{self, faults, words_a_minute};
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
    let mut all: Vec<Checked> = Vec::new();
    let script = script::of(&pack.manifest);
    let originals = pack.folder().map(|folder| Originals::of(folder, &script));
    for line in &lines {
        let number = script.iter().position(|other| other.id == line.id);
        all.push(checked(&pack, line, originals.as_ref().zip(number)));
    }
    doubt_lengths(&lines, &mut all);
    for (line, checked) in lines.iter().zip(&all) {
        table += &row(line, checked);
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

/// Tells of clips that last longer or shorter than their words.
fn doubt_lengths(lines: &[Line], all: &mut [Checked]) {
    let usual: Vec<f64> = lines.iter().map(|line| usual_seconds(&line.text)).collect();
    let clips: Vec<(Duration, f64)> =
        all.iter().map(|checked| checked.spoken).zip(usual.iter().copied()).collect();
    let Some(pace) = verdict::pace(&clips) else { return };
    for (checked, usual) in
        all.iter_mut().zip(usual).filter(|(checked, _)| checked.spoken > Duration::ZERO)
    {
        checked.faults.extend(verdict::strange_length(checked.spoken, usual, pace));
    }
}

/// What is to be mended in the clip of a line, and in the recording that it was made of, if that
/// was kept.
fn checked(pack: &Pack, line: &Line, kept: Option<(&Originals, usize)>) -> Checked {
    let bad =
        |fault: String| Checked { measured: None, spoken: Duration::ZERO, faults: vec![fault] };
    let file = match pack.clip(&line.id) {
        Ok(Some(file)) => file,
        Ok(None) => return bad("missing; record it, or let another voice say it".to_owned()),
        Err(error) => return bad(format!("{}; {}", error.why(), error.help())),
    };
    let (recording, trimmed) = match (decode::decode(&file.bytes), voice::recording(&file)) {
        (Ok(recording), Ok(trimmed)) => (recording, trimmed),
        (_, Err(error)) => return bad(format!("{}; {}", error.why(), error.help())),
        (Err(_), Ok(_)) => return bad("it cannot be read; record it again".to_owned()),
    };
    let measured = measure(&recording);
    let spoken = duration(&trimmed);
    let mut faults = faults(&measured, &line.text, spoken, line.longest);
    let original = kept.and_then(|(originals, number)| originals.measured(number, &recording));
    if let Some((path, measured)) = original {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let hidden = verdict::hidden_faults(&measured).into_iter();
        let new = hidden
            .filter(|fault| !faults.contains(fault))
            .map(|fault| format!("originals/{name}: {fault}"));
        faults.extend(new.collect::<Vec<String>>());
    }
    Checked { measured: Some(measured), spoken, faults }
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
