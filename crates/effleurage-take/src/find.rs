//! Finds the lines of a script in a take.
//!
//! A voice that says the same words is compared with the take, and by what goes along with what,
//! it is learnt how the speaker differs from that voice; with that, they are compared again.

use std::ops::Range;

use rayon::prelude::*;

use crate::arcs::{Candidate, FIRST, Known, LATER, candidates, features, gap, moments, seconds};
use crate::dtw::{self, Spoken};
use crate::edges::edges;
use crate::features::Feature;
use crate::heard::{Heard, MOMENT};
use crate::judge::{Doubt, Judged, judge};
use crate::lattice::{Arc, Lattice};
use crate::nearest::nearest;
use crate::onset::onset;
use crate::second_look::rivals;
use crate::speaker::{Map, Pairs};

/// A line to be found.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// How long it lasts by its words, in seconds.
    pub usual: f64,
    /// At so many places in it, a speaker may pause for long.
    pub pauses: usize,
    /// The lines that have all its words in a row, and more.
    pub longer: Vec<usize>,
    /// How each of some voices says it, at [`crate::spectrum::RATE`]; empty where one does not.
    pub spoken: Vec<Vec<f32>>,
}

/// A line that was found. Ranges are of samples at [`crate::spectrum::RATE`].
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The index of the line.
    pub line: usize,
    /// Where its voice is, from its softest consonant on.
    pub voice: Range<usize>,
    /// From the end of the sound before it to the beginning of the one after it.
    pub free: Range<usize>,
    /// How long it would last at this speaker's pace, in seconds.
    pub expected: f64,
    /// Why it may not be this line; none where it is sure.
    pub doubts: Vec<Doubt>,
}

/// What was made of a take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The lines that were found, in the order of the script.
    pub found: Vec<Found>,
    /// The indices of those that were not.
    pub missing: Vec<usize>,
    /// Where something is heard that is none of them, or one of them before it was said again.
    pub others: Vec<Range<usize>>,
}

/// Why a take cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Nothing stands out from the noise.
    Silent,
    /// It would take too long.
    TooLong,
}

/// So many rounds are made to learn how a speaker sounds.
const ROUNDS: usize = 3;
/// From fewer moments, nothing is learnt.
const FEWEST_PAIRS: usize = 100;
/// A piece that is no line costs so much, as a logarithm; and less, right after another sound.
const STRANGE: f64 = -3.5;
const STRANGE_TOO: f64 = -1.0;
const NEAR_SECONDS: f64 = 0.3;
/// What is no line is told as one where pauses in it are shorter.
const TOGETHER_SECONDS: f64 = 0.9;
/// Nobody is slower or faster than usual by more.
const PACES: (f64, f64) = (0.4, 3.0);
/// More pieces, times moments of a script, are not compared.
const MOST_WORK: usize = 1_500_000_000;

/// Finds `lines` in `samples`, at [`crate::spectrum::RATE`]; `skipped` are places, in samples, of
/// what is none of them. `others` are what a speaker may have said instead: no line is sure that
/// sounds nearly as much like one of these, which are counted on behind the lines.
///
/// # Errors
///
/// [`Unread`], where nothing can be found.
pub fn find(
    samples: &[f32],
    lines: &[Line],
    others: &[Line],
    skipped: &[usize],
) -> Result<Reading, Unread> {
    let heard = Heard::new(samples, skipped);
    if heard.pieces.is_empty() || lines.is_empty() {
        return Err(Unread::Silent);
    }
    let voice = nearest(&heard, lines, others);
    let moments: usize = voice.lines.iter().map(|line| line.features.len()).sum();
    if heard.pieces.len().saturating_mul(moments.max(lines.len() * 100)) > MOST_WORK {
        return Err(Unread::TooLong);
    }
    let read = read(&heard, voice.lines, &voice.others, lines);
    let judged = judge(&heard, lines, &read.lattice, &read.each, &read.is_said, &read.rivals);
    let place = Place { samples, heard: &heard, lines, read: &read };
    Ok(place.reading(&judged))
}

/// What was made of a take, by its pieces.
struct Read {
    lattice: Lattice,
    each: Vec<f64>,
    /// Whether a voice says the words of a line.
    is_said: Vec<bool>,
    /// Of each arc of the best way, its rival at a second look.
    rivals: Vec<(usize, Option<(usize, f64)>)>,
    /// How long each line would last.
    expected: Vec<f64>,
}

fn read(heard: &Heard, unlearnt: Vec<Spoken>, others: &[Spoken], lines: &[Line]) -> Read {
    let mut script = unlearnt.clone();
    let mut take = heard.features.clone();
    let mut known = Known { tells: FIRST, pace: 1.0, usual_pace: first_pace(heard, lines) };
    let mut round = 0;
    loop {
        let all = candidates(heard, &take, &script, lines, &known);
        let (arcs, each) = all.into_iter().map(|Candidate { arc, each }| (arc, each)).unzip();
        let mut lattice = Lattice { lines: lines.len(), strange: strange(heard), arcs };
        lattice.weigh();
        if round == ROUNDS {
            let is_said = script.iter().map(Spoken::is_said).collect();
            let expected = lines.iter().map(|line| line.usual * known.usual_pace).collect();
            let best = lattice.best();
            let arcs: Vec<&Arc> = best.iter().map(|n| &lattice.arcs[*n]).collect();
            let pairs: Vec<Pairs> = arcs
                .iter()
                .map(|arc| {
                    let raw = (&heard.features[..], &unlearnt[arc.line].features[..]);
                    pairs(heard, arc, (&take, &script[arc.line]), raw)
                })
                .collect();
            let unlearnt: Vec<&Spoken> = unlearnt.iter().chain(others).collect();
            let rivals = rivals(heard, &unlearnt, (&arcs, &pairs), &known);
            let rivals = best.into_iter().zip(rivals).collect();
            return Read { lattice, each, is_said, rivals, expected };
        }
        learn(heard, &lattice, (&mut take, &mut script), lines, &mut known);
        round += 1;
    }
}

/// How much slower than usual a speaker is, if the take has the lines and little else.
fn first_pace(heard: &Heard, lines: &[Line]) -> f64 {
    let said: usize = heard.pieces.iter().map(|piece| piece.moments.len()).sum();
    let usual: f64 = lines.iter().map(|line| line.usual).sum();
    (seconds(said) / usual.max(0.1)).clamp(0.7, 1.6)
}

/// What it costs that a piece is no line.
fn strange(heard: &Heard) -> Vec<f64> {
    let cost = |n: usize| match n.checked_sub(1) {
        Some(before) if gap(&heard.pieces[before], &heard.pieces[n]) < NEAR_SECONDS => STRANGE_TOO,
        _ => STRANGE,
    };
    (0..heard.pieces.len()).map(cost).collect()
}

/// Learns from the most probable way how the speaker sounds, and how slow he is.
fn learn(
    heard: &Heard,
    lattice: &Lattice,
    (take, script): (&mut [Feature], &mut [Spoken]),
    lines: &[Line],
    known: &mut Known,
) {
    let best: Vec<&Arc> = lattice.best().into_iter().map(|n| &lattice.arcs[n]).collect();
    let usual =
        best.iter().map(|arc| seconds(moments(heard, &arc.pieces).len()) / lines[arc.line].usual);
    known.usual_pace = median(usual).unwrap_or(known.usual_pace).clamp(PACES.0, PACES.1);
    let mut all = Pairs::default();
    let mut paces = Vec::new();
    for arc in best.into_iter().filter(|arc| script[arc.line].is_said()) {
        let line = &script[arc.line];
        paces.push(features(&heard.pieces, &arc.pieces).len() as f64 / line.features.len() as f64);
        let own = pairs(heard, arc, (take, line), (take, &line.features));
        all = all.with(&own, 1.0);
    }
    if all.len() >= FEWEST_PAIRS {
        known.pace = median(paces.into_iter()).unwrap_or(1.0).clamp(PACES.0, PACES.1);
        let map = Map::new(&all);
        take.iter_mut().for_each(|own| *own = map.scaled(own));
        script.iter_mut().flat_map(|line| &mut line.features).for_each(|own| *own = map.of(own));
        known.tells = LATER;
    }
}

/// Pairs of moments of a line and of the take, from among `raw`, that go along with each other.
fn pairs(
    heard: &Heard,
    arc: &Arc,
    (take, line): (&[Feature], &Spoken),
    raw: (&[Feature], &[Feature]),
) -> Pairs {
    let mut pairs = Pairs::default();
    if line.is_said() {
        let own = features(&heard.pieces, &arc.pieces);
        let path = dtw::path(&take[own.clone()], line);
        path.iter().zip(own).for_each(|(j, i)| pairs.add(&raw.1[*j], &raw.0[i]));
    }
    pairs
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Where everything is.
struct Place<'a> {
    samples: &'a [f32],
    heard: &'a Heard,
    lines: &'a [Line],
    read: &'a Read,
}

/// What is softer than this share of a line is not what it is loud by.
const LOUD_SHARE: f64 = 0.9;

impl Place<'_> {
    fn reading(&self, judged: &[Judged]) -> Reading {
        let found: Vec<Found> = judged.par_iter().map(|judged| self.found(judged)).collect();
        let is_missing = |line: &usize| found.iter().all(|found| found.line != *line);
        let missing = (0..self.lines.len()).filter(is_missing).collect();
        Reading { missing, others: self.others(judged), found }
    }

    fn found(&self, judged: &Judged) -> Found {
        let rough = self.samples_of(&judged.pieces);
        let free = self.free(&judged.pieces);
        let mut voice = edges(self.samples, &rough, &free);
        let own = loud(&self.samples[rough.clone()]);
        let spoken = self.lines[judged.line].spoken.iter().map(Vec::as_slice);
        let clips: Vec<(&[f32], f32)> =
            spoken.map(|clip| (clip, libm::sqrtf(own / loud(clip).max(1e-12)))).collect();
        let onset = onset(self.samples, &rough, &free, &clips);
        voice.start = onset.unwrap_or(voice.start).clamp(free.start, voice.end);
        let expected = self.read.expected[judged.line];
        Found { line: judged.line, voice, free, expected, doubts: judged.doubts.clone() }
    }

    fn samples_of(&self, pieces: &Range<usize>) -> Range<usize> {
        let moments = moments(self.heard, pieces);
        moments.start * MOMENT..(moments.end * MOMENT).min(self.samples.len())
    }

    fn free(&self, pieces: &Range<usize>) -> Range<usize> {
        let own = moments(self.heard, pieces);
        let before =
            self.heard.sounds.iter().map(|sound| sound.end).filter(|end| *end <= own.start);
        let after =
            self.heard.sounds.iter().map(|sound| sound.start).find(|start| *start >= own.end);
        let start = before.max().map_or(0, |end| end * MOMENT);
        start..after.map_or(self.samples.len(), |start| start * MOMENT).min(self.samples.len())
    }

    /// Stretches of pieces that are none of what was `judged`.
    fn others(&self, judged: &[Judged]) -> Vec<Range<usize>> {
        let is_other = |n: &usize| judged.iter().all(|judged| !judged.pieces.contains(n));
        let mut all: Vec<Range<usize>> = Vec::new();
        for n in (0..self.heard.pieces.len()).filter(is_other) {
            match all.last_mut() {
                Some(last)
                    if last.end == n
                        && gap(&self.heard.pieces[n - 1], &self.heard.pieces[n])
                            < TOGETHER_SECONDS =>
                {
                    last.end = n + 1
                }
                _ => all.push(n..n + 1),
            }
        }
        all.iter().map(|pieces| self.samples_of(pieces)).collect()
    }
}

/// How loud the louder moments of `samples` are, as power.
fn loud(samples: &[f32]) -> f32 {
    let power = |moment: &[f32]| moment.iter().map(|x| x * x).sum::<f32>() / moment.len() as f32;
    let mut powers: Vec<f32> = samples.chunks(2 * MOMENT).map(power).collect();
    powers.sort_by(f32::total_cmp);
    powers.get((powers.len() as f64 * LOUD_SHARE) as usize).copied().unwrap_or(0.0)
}
