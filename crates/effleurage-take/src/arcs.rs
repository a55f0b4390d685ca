//! All stretches of a take that may be a line, each with what speaks for it.

use std::ops::Range;

use rayon::prelude::*;

use crate::dtw::{self, End, Spoken};
use crate::features::Feature;
use crate::find::Line;
use crate::heard::{Heard, Piece};
use crate::lattice::Arc;

/// What is known of a speaker.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// How much sounds tell. Moments follow each other, so that they tell less than they seem
    /// to, and less still before the speaker's own sounds are known.
    pub tells: f64,
    /// By what factor the speaker is slower than the voice of the script.
    pub pace: f64,
    /// And than words usually are said.
    pub usual_pace: f64,
}

/// Before anything is known, and when it is.
pub const FIRST: f64 = 0.02;
pub const LATER: f64 = 0.06;

/// Lengths spread by this, as a natural logarithm: of a voice that says the same words, and by
/// the words alone.
const SPREAD: f64 = 0.22;
const WORDS_SPREAD: f64 = 0.25;
/// What is less probable than this, as a logarithm, is left out.
const LEAST: f64 = -12.0;
/// Between lines there is silence for this long; each second less makes it less probable.
const APART_SECONDS: f64 = 0.35;
const APART_COST: f64 = 12.0;
/// The same for pauses inside of a line, of which only the words are known.
const PAUSE: (f64, f64) = (0.35, 8.0);
const LONG_PAUSE: (f64, f64) = (1.2, 4.0);
/// No line has more pieces.
const MOST_PIECES: usize = 150;

/// The lines as another voice says them.
pub type Script<'a> = [&'a Spoken];

/// A stretch that may be a line.
pub struct Candidate {
    /// The line, and the pieces.
    pub arc: Arc,
    /// How much the sounds of a moment speak for it, in the mean.
    pub each: f64,
}

/// All that may be lines of `script`, as it was mapped to the speaker, in `take`.
pub fn candidates(
    heard: &Heard,
    take: &[Feature],
    script: &[Spoken],
    lines: &[Line],
    known: &Known,
) -> Vec<Candidate> {
    let usual = crate::nearest::usual(take.iter(), script);
    let pieces = &heard.pieces;
    let ends = ends(pieces, 0);
    let of_line = |line: usize| match script[line].is_said() {
        true => by_sound(heard, take, (line, &script[line]), (&usual, &ends), known),
        false => by_words(heard, (line, &lines[line]), known),
    };
    let all: Vec<Vec<Candidate>> = (0..script.len()).into_par_iter().map(of_line).collect();
    all.into_iter().flatten().collect()
}

fn by_sound(
    heard: &Heard,
    take: &[Feature],
    (line, spoken): (usize, &Spoken),
    (usual, ends): (&[f32], &[End]),
    known: &Known,
) -> Vec<Candidate> {
    let mut all = Vec::new();
    for start in 0..heard.pieces.len() {
        let from = heard.pieces[start].features.start;
        let gains = dtw::gains(take, spoken, usual, from, &ends[start..]);
        for (n, gain) in gains.into_iter().enumerate() {
            let pieces = start..start + n + 1;
            let lasts = features(&heard.pieces, &pieces).len() as f64;
            let sounds = f64::from(gain) * 0.5 * known.tells;
            let length = gain_of_length(lasts as usize, spoken.features.len(), known);
            let gain = sounds + length - apart(&heard.pieces, &pieces);
            if gain > LEAST {
                let arc = Arc { line, pieces, gain, posterior: 0.0 };
                all.push(Candidate { arc, each: sounds / lasts });
            }
        }
    }
    all
}

/// What the length of a stretch of so many moments says for a line of so many.
pub fn gain_of_length(lasts: usize, line: usize, known: &Known) -> f64 {
    let spread = if known.tells == FIRST { 1.5 * SPREAD } else { SPREAD };
    let far = libm::log(lasts as f64 / line as f64 / known.pace) / spread;
    0.5 - 0.5 * far * far
}

/// Where pieces end, counted from the moment `first`, and how long it is silent after each.
pub fn ends(pieces: &[Piece], first: usize) -> Vec<End> {
    let pause = |n: usize| pieces.get(n + 1).map_or(9.0, |next| gap(&pieces[n], next));
    let end = |n: usize| End { at: pieces[n].features.end - first, pause: pause(n) as f32 };
    (0..pieces.len()).map(end).collect()
}

fn by_words(heard: &Heard, (index, line): (usize, &Line), known: &Known) -> Vec<Candidate> {
    let expected = line.usual * known.usual_pace;
    let mut all = Vec::new();
    for start in 0..heard.pieces.len() {
        for end in start + 1..=heard.pieces.len().min(start + MOST_PIECES) {
            let pieces = start..end;
            let lasts = seconds(moments(heard, &pieces).len());
            if lasts > 2.0 * expected + 1.0 {
                break;
            }
            let far = libm::log(lasts / expected.max(0.1)) / WORDS_SPREAD;
            let gain = 1.0
                - 0.5 * far * far
                - pauses(&heard.pieces[pieces.clone()], line.pauses)
                - apart(&heard.pieces, &pieces);
            if gain > LEAST {
                all.push(Candidate {
                    arc: Arc { line: index, pieces, gain, posterior: 0.0 },
                    each: 0.0,
                });
            }
        }
    }
    all
}

/// How improbable pauses within a line are, at so many places of which one is expected.
fn pauses(pieces: &[Piece], expected: usize) -> f64 {
    let mut gaps: Vec<f64> = pieces.windows(2).map(|pair| gap(&pair[0], &pair[1])).collect();
    gaps.sort_by(|a, b| b.total_cmp(a));
    let cost = |(n, gap): (usize, &f64)| {
        let (free, each) = if n < expected { LONG_PAUSE } else { PAUSE };
        each * (gap - free).max(0.0)
    };
    gaps.iter().enumerate().map(cost).sum()
}

/// How improbable it is that so little silence is around a line.
fn apart(all: &[Piece], pieces: &Range<usize>) -> f64 {
    let before = pieces.start.checked_sub(1).map(|other| gap(&all[other], &all[pieces.start]));
    let after = all.get(pieces.end).map(|other| gap(&all[pieces.end - 1], other));
    let cost = |gap: f64| APART_COST * (APART_SECONDS - gap).max(0.0);
    [before, after].into_iter().flatten().map(cost).sum()
}

/// The silence between two pieces, in seconds.
pub fn gap(one: &Piece, next: &Piece) -> f64 {
    seconds(next.moments.start - one.moments.end)
}

/// How long so many moments are.
pub fn seconds(moments: usize) -> f64 {
    moments as f64 * crate::spectrum::STEP_SECONDS
}

/// Where some pieces are, in moments.
pub fn moments(heard: &Heard, pieces: &Range<usize>) -> Range<usize> {
    heard.pieces[pieces.start].moments.start..heard.pieces[pieces.end - 1].moments.end
}

/// Where the features of some pieces are.
pub fn features(all: &[Piece], pieces: &Range<usize>) -> Range<usize> {
    all[pieces.start].features.start..all[pieces.end - 1].features.end
}
