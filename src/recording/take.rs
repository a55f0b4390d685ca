//! A long take of many lines: where each of them is.

use std::time::Duration;

use super::cut::{self, Way};
use super::matching::{self, Step, align, usual_seconds};
use super::script::Line;
use super::speech::{Windows, stretches, window};
use crate::units::{FrameRange, Length, Position, SampleRate};
use crate::voice::Recording;

/// So much of the pause before and after a piece goes with it, for its fades and to tell
/// the noise of the room; but never more than half of the pause.
const MARGIN_SECONDS: f64 = 0.4;
/// A time that a person gives is near enough to a piece this far from it, in seconds.
const NEAR_SECONDS: f64 = 0.5;
/// How much a way to cut gains from pauses that are far apart, against what it costs by the
/// lengths of the pieces; and beyond which factor they are no further apart.
const APART_WEIGHT: f64 = 8.0;
const MOST_APART: f64 = 2.0;
/// Nobody mends more slips than this at once.
const MOST_SLIPS: usize = 12;

/// A line, found in a take.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The index of the line.
    pub line: usize,
    /// Where its voice is.
    pub voice: FrameRange,
    /// Where its voice is, with a margin of the pauses around.
    pub piece: FrameRange,
    /// How long the voice would last by the letters and the speaker's pace.
    pub expected: Duration,
}

/// Finds `lines`, each said once and in order, in a `take`; `skipped` are places of pieces
/// that are none of them.
///
/// # Errors
///
/// Where the pieces do not fit the lines: what most probably went wrong, a line each.
pub fn find(
    take: &Recording,
    lines: &[Line],
    skipped: &[Duration],
) -> Result<Vec<Found>, Vec<String>> {
    let stretches = stretches(take);
    if stretches.is_empty() {
        return Err(vec!["no voice stands out from the noise".to_owned()]);
    }
    let usual: Vec<f64> = lines.iter().map(|line| usual_seconds(&line.text)).collect();
    let reading = best_reading(&stretches, &usual, skipped)?;
    let slips = reading.slips();
    if reading.kept.len() != lines.len() || !slips.is_empty() {
        return Err(told(&slips, lines, &reading.starts(), &reading.found));
    }
    let pace = matching::pace(&usual, &reading.found);
    let place = Place { rate: take.rate, frames: take.samples.len(), pieces: &reading.pieces };
    let lines = reading.kept.iter().zip(usual).enumerate().map(|(line, (piece, usual))| Found {
        line,
        voice: place.voice(*piece),
        piece: place.with_margin(*piece),
        expected: Duration::from_secs_f64(usual * pace),
    });
    Ok(lines.collect())
}

/// A way to cut a take, and what its pieces are.
struct Reading {
    pieces: Vec<Windows>,
    /// The indices of the pieces that are not skipped.
    kept: Vec<usize>,
    /// How long these last, in seconds.
    found: Vec<f64>,
    /// What they are; none where there are too many to tell.
    steps: Vec<Step>,
    /// How improbable all that is.
    cost: f64,
}

/// The most probable of all ways to cut, for lines that last `usual` seconds.
fn best_reading(
    stretches: &[Windows],
    usual: &[f64],
    skipped: &[Duration],
) -> Result<Reading, Vec<String>> {
    let readings: Result<Vec<Reading>, Vec<String>> =
        cut::ways(stretches).into_iter().map(|way| Reading::new(way, usual, skipped)).collect();
    let best = readings?.into_iter().min_by(|a, b| a.cost.total_cmp(&b.cost));
    best.ok_or_else(Vec::new)
}

impl Reading {
    fn new(way: Way, usual: &[f64], skipped: &[Duration]) -> Result<Reading, Vec<String>> {
        let kept = without(&way.pieces, skipped)?;
        let found: Vec<f64> = kept.iter().map(|piece| seconds(way.pieces[*piece].len())).collect();
        let (cost, steps) = align(usual, &found).unwrap_or((f64::INFINITY, Vec::new()));
        let cost = cost - APART_WEIGHT * libm::log(way.apart.min(MOST_APART));
        Ok(Reading { pieces: way.pieces, kept, found, steps, cost })
    }

    fn slips(&self) -> Vec<Step> {
        let slips = self.steps.iter().filter(|step| !matches!(step, Step::Said { .. }));
        slips.copied().collect()
    }

    fn starts(&self) -> Vec<usize> {
        self.kept.iter().map(|piece| self.pieces[*piece].start).collect()
    }
}

fn seconds(windows: usize) -> f64 {
    windows as f64 * super::speech::WINDOW_SECONDS
}

/// The indices of the pieces that are not at one of the times `skipped`.
fn without(pieces: &[Windows], skipped: &[Duration]) -> Result<Vec<usize>, Vec<String>> {
    let distance = |piece: &Windows, time: f64| {
        (seconds(piece.start) - time).max(time - seconds(piece.end)).max(0.0)
    };
    let mut kept: Vec<usize> = (0..pieces.len()).collect();
    let mut strange = Vec::new();
    for time in skipped {
        let time = time.as_secs_f64();
        let order = |a: &usize, b: &usize| {
            distance(&pieces[*a], time).total_cmp(&distance(&pieces[*b], time))
        };
        match (0..pieces.len()).min_by(order) {
            Some(near) if distance(&pieces[near], time) <= NEAR_SECONDS => {
                kept.retain(|piece| *piece != near);
            }
            _ => strange.push(format!("nothing is said at {}, to be skipped", clock(time))),
        }
    }
    if strange.is_empty() { Ok(kept) } else { Err(strange) }
}

/// The slips in words. `starts` are those of the pieces, in windows, `found` their lengths.
fn told(slips: &[Step], lines: &[Line], starts: &[usize], found: &[f64]) -> Vec<String> {
    let at = |piece: usize| starts.get(piece).map(|start| clock(seconds(*start)));
    let slip = |step: &Step| match step {
        Step::Said { .. } => None,
        Step::Missing { line, before } => {
            let line = &lines[*line];
            let place = at(*before).map_or("at the end".to_owned(), |at| format!("before {at}"));
            let words = shortened(&line.text, 40);
            Some(format!(
                "line {}, `{}`, is probably missing {place}: “{words}”",
                line.number, line.id
            ))
        }
        Step::Extra { piece } => {
            let (at, lasts) = (at(*piece)?, found.get(*piece)?);
            Some(format!("what is said at {at} ({lasts:.1} s) is probably one too many"))
        }
    };
    let counts = format!("it has {}, and there are {}", pieces(found.len()), of_lines(lines.len()));
    let mut told = vec![counts];
    told.extend(slips.iter().filter_map(slip).take(MOST_SLIPS));
    if slips.len() > MOST_SLIPS {
        told.push(format!("… and {} more that do not fit", slips.len() - MOST_SLIPS));
    }
    told
}

fn pieces(count: usize) -> String {
    if count == 1 { "1 piece".to_owned() } else { format!("{count} pieces") }
}

fn of_lines(count: usize) -> String {
    if count == 1 { "1 line to find".to_owned() } else { format!("{count} lines to find") }
}

/// Where pieces are, in frames.
struct Place<'a> {
    rate: SampleRate,
    frames: usize,
    pieces: &'a [Windows],
}

impl Place<'_> {
    fn range(&self, start: usize, end: usize) -> FrameRange {
        let window = window(self.rate);
        let (start, end) = (start * window, (end * window).min(self.frames));
        FrameRange::new(Position(start as u64), Length(end.saturating_sub(start) as u64))
    }

    fn voice(&self, piece: usize) -> FrameRange {
        self.range(self.pieces[piece].start, self.pieces[piece].end)
    }

    fn with_margin(&self, piece: usize) -> FrameRange {
        let most = (MARGIN_SECONDS / super::speech::WINDOW_SECONDS) as usize;
        let Windows { start, end } = self.pieces[piece];
        let before =
            piece.checked_sub(1).map_or(start, |other| (start - self.pieces[other].end) / 2);
        let after = self.pieces.get(piece + 1).map_or(most, |other| (other.start - end) / 2);
        self.range(start - before.min(most), end + after.min(most))
    }
}

/// Minutes and seconds, to a tenth: `1:23.4`.
pub fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// The first characters of `text`, so many of them.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_to_a_tenth() {
        assert_eq!(clock(0.04), "0:00.0");
        assert_eq!(clock(83.44), "1:23.4");
        assert_eq!(clock(3_599.96), "60:00.0");
    }

    #[test]
    fn a_margin_is_half_of_a_pause_at_most() {
        let rate = SampleRate::new(100).unwrap();
        let place = Place { rate, frames: 520, pieces: &[10..100, 160..300, 400..500] };
        let range = |piece| {
            let range = place.with_margin(piece);
            (range.start.0, range.end_exclusive().0)
        };
        assert_eq!([range(0), range(1), range(2)], [(0, 130), (130, 340), (360, 520)]);
    }

    #[test]
    fn a_piece_is_skipped_by_its_time() {
        let pieces = [10..100, 160..300, 400..500];
        let skip = |seconds| without(&pieces, &[Duration::from_secs_f64(seconds)]);
        assert_eq!(skip(2.0), Ok(vec![0, 2]));
        assert_eq!(skip(3.4), Ok(vec![0, 2]));
        assert_eq!(skip(5.6), Err(vec!["nothing is said at 0:05.6, to be skipped".to_owned()]));
    }
}
