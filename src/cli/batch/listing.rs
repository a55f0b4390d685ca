//! Files as a table on the terminal.

use std::time::Duration;

use crate::batch::join::Gap;
use crate::batch::order::Kind;
use crate::batch::report::Entry;
use crate::batch::run::{Batch, Finished};
use crate::batch::shard::Shard;
use crate::units::{Length, SampleRate, clock};

/// Bytes a second of a copy of a usual session, to foretell its size.
const FLAC_BYTES: f64 = 47_000.0;
const MP3_BYTES: f64 = 12_000.0;
const OPUS_BYTES: f64 = 6_000.0;
/// So many digits of a checksum tell files apart at a glance.
const DIGITS: usize = 12;

/// What is there: length, loudness, peak and checksum of every file.
pub fn table(entries: &[Entry]) -> String {
    let number = |number: Option<f64>| number.map_or("-".to_owned(), |n| format!("{n:.1}"));
    let head = ["file", "length", "frames", "LUFS", "dBTP", "SHA-256"].map(str::to_owned);
    let row = |entry: &Entry| {
        let rate = SampleRate::new(entry.sample_rate).unwrap_or(SampleRate::CD);
        [
            entry.file.clone(),
            clock(rate.duration_of(Length(entry.frames))),
            entry.frames.to_string(),
            number(entry.loudness),
            number(entry.true_peak),
            entry.sha256.chars().take(DIGITS).collect(),
        ]
    };
    aligned([head].into_iter().chain(entries.iter().map(row)).collect())
}

/// What would be made, with lengths and sizes.
pub fn foretold(batch: &Batch<'_>) -> String {
    let mut rows = vec![["file", "length", "frames", "MB", ""].map(str::to_owned)];
    let (mut bytes, mut missing, mut lasts) = (0.0, 0, Duration::ZERO);
    for (order, planned) in &batch.work {
        for (k, file) in order.files.iter().enumerate() {
            let is_there = batch.stamp(order, planned, k).is_some();
            let length = planned.files[k].frames;
            let duration = file.kind.rate().duration_of(length);
            let size = size(&file.kind, length);
            if !is_there {
                (bytes, missing, lasts) = (bytes + size, missing + 1, lasts + duration);
            }
            let megabytes = format!("{}{:.1}", about(&file.kind), size / 1e6);
            let state = if is_there { "is there" } else { "" };
            let (length, frames) = (clock(duration), length.0.to_string());
            rows.push([file.name.clone(), length, frames, megabytes, state.to_owned()]);
        }
    }
    let count = rows.len() - 1;
    let sum = format!(
        "{}, {missing} of them to be made: {} of sound, about {:.0} MB\n",
        files(count),
        clock(lasts),
        bytes / 1e6
    );
    aligned(rows) + &sum
}

fn about(kind: &Kind) -> &'static str {
    if matches!(kind, Kind::Wav(_)) { "" } else { "~" }
}

/// How many bytes a file of so many frames takes, about.
fn size(kind: &Kind, frames: Length) -> f64 {
    let seconds = kind.rate().duration_of(frames).as_secs_f64();
    match kind {
        Kind::Wav(format) => format.data_bytes(frames) as f64,
        Kind::Copy(format) => {
            let often = f64::from(kind.rate().hz()) / 44_100.0;
            seconds
                * match format.encoder().name() {
                    "flac" => FLAC_BYTES * often * f64::from(format.bits().count()) / 16.0,
                    "mp3" => MP3_BYTES,
                    _ => OPUS_BYTES,
                }
        }
    }
}

/// How it ended.
pub fn summary(finished: &[Finished], failed: usize, shard: Shard, took: Duration) -> String {
    let new = finished.iter().filter(|file| file.is_new && file.result.is_ok()).count();
    let there = finished.len() - new - failed;
    let share = if shard.is_part() { format!("share {shard}: ") } else { String::new() };
    let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
    format!(
        "{share}{}: {new} made, {there} there already{failed}; {:.1} s",
        files(finished.len()),
        took.as_secs_f64()
    )
}

/// What is missing when shares are put together.
pub fn gaps(gaps: &[Gap]) -> String {
    const MOST: usize = 100;
    let mut lines: Vec<String> = gaps
        .iter()
        .take(MOST)
        .map(|gap| format!("error: {} {}; {}", gap.file, gap.why, gap.help))
        .collect();
    if gaps.len() > MOST {
        lines.push(format!("… and {} more", gaps.len() - MOST));
    }
    lines.join("\n")
}

/// `1 file`, `3 files`.
pub fn files(count: usize) -> String {
    format!("{count} file{}", if count == 1 { "" } else { "s" })
}

/// Columns under each other, the first one to the left and numbers to the right.
fn aligned<const N: usize>(rows: Vec<[String; N]>) -> String {
    let width = |n: usize| rows.iter().map(|row| row[n].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[String; N]| {
        let cell = |(n, cell): (usize, &String)| {
            let width = widths[n];
            if n == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        };
        let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}
