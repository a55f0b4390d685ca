//! `effleurage batch`: a catalogue in one command.

mod listing;
mod memory;
mod mistakes;
mod share;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use rayon::prelude::*;

use super::output::Output;
use super::{input, signals};
use crate::batch::identity::Digests;
use crate::batch::order::{self, Order};
use crate::batch::plan::{Planned, Planner};
use crate::batch::report::{self, Entry};
use crate::batch::run::{Batch, Finished};
use crate::batch::shard::Shard;
use crate::batch::table::{Mistake, Table};
use crate::batch::voices::Voices;
use crate::batch::{join, part};
use crate::error::{Error, Result};
use crate::voice::{Cache, Forgetful};
use memory::Memory;
use watch::Watch;

const AFTER_HELP: &str = r#"The table has a row for each track; its columns, of which only `routine` must be there:
  routine    a built-in routine, or a file beside the table
  formats    wav, flac, mp3, opus, m4a, m4b, or several: "wav, mp3" [default: wav]
  name       what the files are called, with other columns between braces
             [default: {routine}-{total}-{voice}-{bed}.{ext}]; what is empty is left out
  voice      as of --voice [default: en]
  rate, bits, channels, zone, pace, and every other flag of `render` under "Make it yours",
             without its hyphens: total, talk, bed, count_in …; several zones or paces with
             spaces between: "calf=3m thigh=1m"
  title, artist, album, track, year, genre, comment, language, copyright
             what players show, as of `render`; columns between braces, and {row}, too:
             "{title} for {note}", "{row}/60"
  cover, broadcast
             card, or a picture beside the table; on, for WAV files that tell how loud they are
  note       your own; may be a part of the name

As a spreadsheet, tracks.csv:           As TOML, where lists are multiplied out, tracks.toml:
  routine,total,voice,bed,formats         formats = ["wav", "mp3"]
  self,15m,en,,"wav, mp3"                 voice = ["en", "es"]
  self,20m,es,rain,"wav, mp3"             [[track]]
  partner,,es,,opus                       routine = ["self", "partner"]
                                          total = ["15m", "20m"]

Many machines: each runs the same command, with --shard 1/100 to 100/100, or in an array of Slurm
or an indexed job of Kubernetes, which tell it which share it has; then one runs it with --join.

Start with:  effleurage batch tracks.csv -o tracks --dry-run"#;

#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP, after_help = "--help tells of the table, with examples.")]
pub struct Arguments {
    /// A .csv or .toml with a row for each track
    table: PathBuf,
    /// The folder of the tracks and of their report, report.jsonl
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
    /// Tell what would be made, with lengths and sizes, and make nothing
    #[arg(long, conflicts_with_all = ["join", "verify"])]
    dry_run: bool,
    /// Prove every file, those that were there and those that are new, against its plan
    #[arg(long)]
    verify: bool,
    /// So many rows are rendered at once [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// About so much memory at most, like 2G: fewer rows at once where more would not fit
    /// [default: half of what is free]
    #[arg(long, value_name = "SIZE", value_parser = Memory::parse)]
    memory: Option<Memory>,
    /// Only this share of the files, like 3/100
    /// [default: that of the Slurm task or Kubernetes pod; all]
    #[arg(long, value_name = "I/N", value_parser = Shard::parse, conflicts_with = "join")]
    shard: Option<Shard>,
    /// How many shares there are, where only the number of this one is told from outside
    #[arg(long, value_name = "N", conflicts_with_all = ["join", "shard"])]
    shards: Option<usize>,
    /// Put the shares together: look for gaps, and write the one report
    #[arg(long)]
    join: bool,
    /// Prepare every clip anew, and remember none beyond this run
    #[arg(long)]
    no_cache: bool,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let since = Instant::now();
    let shard = share::of(arguments)?;
    let (table, mut found) = Table::read(&arguments.table)?;
    let (orders, more) = order::orders(&table, &input::source);
    found.extend(more);
    let memory = arguments.memory.unwrap_or_else(Memory::half_of_free);
    let voices = match arguments.no_cache {
        true => Voices::remembering(Forgetful, memory.for_clips()),
        false => Voices::remembering(Cache::of_user(), memory.for_clips()),
    };
    let planner = Planner { table: &table, voices: &voices, digests: &Digests::default() };
    let (own, more) = share::own(&orders, &planner, shard);
    found.extend(more);
    let plans = planned(own, &planner, &mut found);
    found.extend(overwritten(&plans, arguments, &table, &voices));
    if !found.is_empty() {
        output.error(&Error::Mistakes(Box::new(mistakes::report(&table, found))));
        return Ok(ExitCode::FAILURE);
    }
    warn(&plans, output);
    let folder = &arguments.output;
    let known = told_before(folder, shard);
    let (verify, jobs) = (arguments.verify, memory.jobs(jobs(arguments), &orders));
    let batch = Batch { work: plans, folder, voices: &voices, known, verify, jobs };
    if arguments.dry_run {
        output.result(&listing::foretold(&batch))?;
        return Ok(ExitCode::SUCCESS);
    }
    std::fs::create_dir_all(folder)
        .map_err(|why| Error::Unwritable { path: folder.clone(), why })?;
    let cancel = signals::catch();
    clean(&batch, output);
    if arguments.join {
        return joined(&batch, output);
    }
    let watch = Watch::new(&batch, output, since);
    let finished = batch.run(&watch, &cancel);
    watch.clear();
    let finished = finished?;
    let entries = entries(&finished);
    report::write(&report::path(folder, shard), &entries)?;
    output.result(&listing::table(&entries))?;
    Ok(ended(&finished, shard, output, since))
}

fn jobs(arguments: &Arguments) -> usize {
    let all = || std::thread::available_parallelism();
    arguments.jobs.map_or_else(|| all().map_or(1, NonZeroUsize::get), NonZeroUsize::get)
}

/// Plans `orders` on all cores; of what cannot be planned, `found` gets every mistake.
fn planned<'a>(
    orders: Vec<&'a Order>,
    planner: &Planner<'_>,
    found: &mut Vec<Mistake>,
) -> Vec<(&'a Order, Planned)> {
    let all: Vec<_> = orders.into_par_iter().map(|order| (order, planner.plan(order))).collect();
    let mut plans = Vec::new();
    for (order, planned) in all {
        match planned {
            Ok(planned) => plans.push((order, planned)),
            Err(mistakes) => found.extend(mistakes),
        }
    }
    plans
}

/// Rows that would write over what tracks are made from.
fn overwritten(
    plans: &[(&Order, Planned)],
    arguments: &Arguments,
    table: &Table,
    voices: &Voices,
) -> Vec<Mistake> {
    let whole = |path: PathBuf| path.canonicalize().ok();
    let of_plans = plans.iter().flat_map(|(_, planned)| planned.sources.iter().cloned());
    let all = of_plans.chain(voices.files()).chain([arguments.table.clone()]);
    let sources: BTreeSet<PathBuf> =
        all.collect::<BTreeSet<_>>().into_iter().filter_map(whole).collect();
    let mistake = |(order, _): &(&Order, Planned)| {
        let mut paths = order.paths(&arguments.output).into_iter();
        let path =
            paths.find(|path| whole(path.clone()).is_some_and(|path| sources.contains(&path)))?;
        let message =
            format!("tracks are made from {}, which this would write over", path.display());
        Some(table.rows[order.row].mistake(
            "name",
            message,
            "call it otherwise, or take another folder",
        ))
    };
    plans.iter().filter_map(mistake).collect()
}

/// Tells what authors may not have meant, each thing once.
fn warn(plans: &[(&Order, Planned)], output: &Output) {
    let mut told = BTreeSet::new();
    for report in plans.iter().filter_map(|(_, planned)| planned.warnings.as_ref()) {
        if report.warnings() > 0 && told.insert(report.to_string()) {
            output.warnings(report);
        }
    }
}

/// What earlier runs told of the files in `folder`, those of this share last.
fn told_before(folder: &Path, shard: Shard) -> BTreeMap<String, Entry> {
    let own = report::path(folder, shard);
    let all = [report::path(folder, Shard::WHOLE)].into_iter().chain(report::parts(folder));
    let others = all.filter(|path| *path != own).collect::<Vec<_>>();
    let entries = others.into_iter().chain([own]).flat_map(|path| report::read(&path));
    entries.map(|entry| (entry.file.clone(), entry)).collect()
}

fn clean(batch: &Batch<'_>, output: &Output) {
    let files = batch.work.iter().flat_map(|(order, _)| order.paths(batch.folder));
    let report = report::path(batch.folder, Shard::WHOLE);
    let paths: Vec<PathBuf> = files.chain([report]).collect();
    match part::take_leftovers(paths.iter().map(PathBuf::as_path)) {
        0 => {}
        1 => output.say("one file that a stopped run had left unfinished is taken away"),
        more => output
            .say(&format!("{more} files that stopped runs had left unfinished are taken away")),
    }
}

fn entries(finished: &[Finished]) -> Vec<Entry> {
    finished.iter().filter_map(|file| file.result.as_ref().ok().cloned()).collect()
}

/// Tells what failed, and sums up.
fn ended(finished: &[Finished], shard: Shard, output: &Output, since: Instant) -> ExitCode {
    let mut failed = 0;
    for file in finished {
        if let Err(error) = &file.result {
            failed += 1;
            output.insist(&format!("not made: {}", file.name));
            output.error(error);
        }
    }
    output.say(&listing::summary(finished, failed, shard, since.elapsed()));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn joined(batch: &Batch<'_>, output: &Output) -> Result<ExitCode> {
    let parts = report::parts(batch.folder);
    match join::join(batch, &parts)? {
        Ok(entries) => {
            report::write(&report::path(batch.folder, Shard::WHOLE), &entries)?;
            report::remove(&parts)?;
            output.result(&listing::table(&entries))?;
            output.say(&format!("{}, none missing", listing::files(entries.len())));
            Ok(ExitCode::SUCCESS)
        }
        Err(gaps) => {
            output.insist(&listing::gaps(&gaps));
            Ok(ExitCode::FAILURE)
        }
    }
}
