//! How sure it is that a stretch of a take is a line, and why it is not.

use std::ops::Range;

use crate::arcs::{moments, seconds};
use crate::find::Line;
use crate::heard::Heard;
use crate::lattice::{Arc, Lattice, plus};

/// Why a line may be another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It sounds as much like the line with this index.
    Like(usize),
    /// It does not sound like its words.
    Sound,
    /// It was said more than once, and not in the same way.
    Again,
    /// The line with this index, which is said right after it, has all its words: it may be that
    /// one, broken off.
    PartOf(usize),
    /// More, or less, of what is said right before or after it may belong to it.
    Edges,
    /// No voice says its words, to compare; it was told by its length and its place.
    Unheard,
}

/// A line and its stretch of pieces.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The line's index.
    pub line: usize,
    /// The pieces.
    pub pieces: Range<usize>,
    /// None where it is sure.
    pub doubts: Vec<Doubt>,
}

/// A line is found with this probability, …
const FOUND: f64 = 0.5;
/// … and sure where no more than this is against it, …
const AGAINST: f64 = 0.002;
/// … where by its sounds alone no other line comes nearer than this, as a logarithm; or, out of
/// order, than the second; …
const APART: f64 = 4.5;
const APART_MOVED: f64 = 7.0;
/// What the others tell of a speaker is less than all tell, and so is what comes of it.
const LESS_SURE: f64 = 1.5;
/// … and where its moments sound like its words at least by this share of what is usual.
const USUAL_SHARE: f64 = 0.3;
/// What was said twice is the same if it is as long and sounds as well but for these factors.
const SAME_LENGTH: f64 = 1.15;
const SAME_SOUND: f64 = 0.7;
/// Two stretches are the same if they begin and end as near to each other, in seconds.
const SAME_SECONDS: f64 = 0.15;
/// And overlap if they have this share in common.
const OVERLAP: f64 = 0.7;

/// The most probable lines of a take, in the order of the script.
pub fn judge(
    heard: &Heard,
    lines: &[Line],
    lattice: &Lattice,
    each: &[f64],
    is_said: &[bool],
    rivals: &[(usize, Option<(usize, f64)>)],
) -> Vec<Judged> {
    let best = lattice.best();
    let own = |n: &usize| &lattice.arcs[*n];
    let said: Vec<usize> =
        best.into_iter().filter(|n| own(n).posterior > libm::log(FOUND)).collect();
    let mut usual: Vec<f64> =
        said.iter().filter(|n| is_said[own(n).line]).map(|n| each[*n]).collect();
    usual.sort_by(f64::total_cmp);
    let usual = usual.get(usual.len() / 2).copied().unwrap_or(0.0);
    let judge = Judge { heard, lines, lattice, each, is_said, rivals, usual };
    let mut judged: Vec<Judged> = (0..lattice.lines)
        .filter_map(|line| {
            let own: Vec<usize> = said.iter().copied().filter(|n| own(n).line == line).collect();
            judge.line(&own, &said)
        })
        .collect();
    judged.sort_by_key(|judged| judged.line);
    judged
}

struct Judge<'a> {
    heard: &'a Heard,
    lines: &'a [Line],
    lattice: &'a Lattice,
    each: &'a [f64],
    is_said: &'a [bool],
    rivals: &'a [(usize, Option<(usize, f64)>)],
    usual: f64,
}

impl Judge<'_> {
    /// The last of the times that a line was said, if it is no worse than the others.
    fn line(&self, times: &[usize], said: &[usize]) -> Option<Judged> {
        let last = *times.last()?;
        let best = times.iter().copied().max_by(|a, b| self.each[*a].total_cmp(&self.each[*b]))?;
        let same = times.iter().all(|time| self.same_way(*time, last));
        let chosen = if same { last } else { best };
        let arc = &self.lattice.arcs[chosen];
        let mut doubts = if same { Vec::new() } else { vec![Doubt::Again] };
        doubts.extend(self.goes_on(chosen, said).map(Doubt::PartOf));
        doubts.extend(self.doubt(chosen, said));
        Some(Judged { line: arc.line, pieces: arc.pieces.clone(), doubts })
    }

    /// The next other line, where it has all the words of this one.
    fn goes_on(&self, n: usize, said: &[usize]) -> Option<usize> {
        let own = &self.lattice.arcs[n];
        let others = said.iter().map(|other| &self.lattice.arcs[*other]);
        let after =
            others.filter(|other| other.line != own.line && other.pieces.start >= own.pieces.end);
        let next = after.min_by_key(|other| other.pieces.start)?.line;
        self.lines[own.line].longer.contains(&next).then_some(next)
    }

    fn lasts(&self, n: usize) -> f64 {
        seconds(moments(self.heard, &self.lattice.arcs[n].pieces).len())
    }

    fn same_way(&self, one: usize, other: usize) -> bool {
        let length = self.lasts(one) / self.lasts(other);
        let sounds = self.each[other] >= SAME_SOUND * self.each[one];
        (1.0 / SAME_LENGTH..=SAME_LENGTH).contains(&length) && sounds
    }

    fn doubt(&self, n: usize, said: &[usize]) -> Option<Doubt> {
        let arc = &self.lattice.arcs[n];
        if !self.is_said[arc.line] {
            return Some(Doubt::Unheard);
        }
        let apart = if self.is_moved(n, said) { APART_MOVED } else { APART };
        let rival = self.rival(arc);
        if let Some((rival, gain)) = rival
            && gain > arc.gain - apart
        {
            return Some(Doubt::Like(rival));
        }
        let second = self.rivals.iter().find(|(arc, _)| *arc == n).and_then(|(_, rival)| *rival);
        if let Some((rival, _)) = second.filter(|(_, less)| *less < apart - LESS_SURE) {
            return Some(Doubt::Like(rival));
        }
        if self.each[n] < USUAL_SHARE * self.usual {
            return Some(Doubt::Sound);
        }
        if self.probability(arc) > libm::log(1.0 - AGAINST) {
            return None;
        }
        // What else takes its place in other ways through the take.
        let against = self.lattice.arcs.iter().filter(|other| self.overlap(arc, other) > 0.0);
        let against = against.filter(|other| !(other.line == arc.line && self.is_near(arc, other)));
        let most = against.max_by(|a, b| a.posterior.total_cmp(&b.posterior));
        match most {
            Some(other) if other.line == arc.line => Some(Doubt::Edges),
            Some(other) if other.posterior > libm::log(AGAINST / 10.0) => {
                Some(Doubt::Like(other.line))
            }
            _ => Some(Doubt::Sound),
        }
    }

    /// Whether a line stands before one that it follows in the script, or after one that
    /// follows it.
    fn is_moved(&self, n: usize, said: &[usize]) -> bool {
        let own = &self.lattice.arcs[n];
        let others = said.iter().map(|other| &self.lattice.arcs[*other]);
        others.filter(|other| other.line != own.line).any(|other| {
            let earlier = other.pieces.start < own.pieces.start;
            earlier == (other.line > own.line)
        })
    }

    /// The other line that sounds most like nearly the same stretch.
    fn rival(&self, arc: &Arc) -> Option<(usize, f64)> {
        let others = self.lattice.arcs.iter().filter(|other| {
            other.line != arc.line
                && self.is_said[other.line]
                && self.overlap(arc, other) >= OVERLAP
        });
        let others = others.map(|other| (other.line, other.gain));
        others.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// What share two stretches have in common, of the longer one.
    fn overlap(&self, one: &Arc, other: &Arc) -> f64 {
        let (one, other) = (moments(self.heard, &one.pieces), moments(self.heard, &other.pieces));
        let common = one.end.min(other.end).saturating_sub(one.start.max(other.start));
        common as f64 / one.len().max(other.len()) as f64
    }

    fn is_near(&self, one: &Arc, other: &Arc) -> bool {
        let (one, other) = (moments(self.heard, &one.pieces), moments(self.heard, &other.pieces));
        let near = |a: usize, b: usize| seconds(a.abs_diff(b)) < SAME_SECONDS;
        near(one.start, other.start) && near(one.end, other.end)
    }

    /// Of a line being there, to a few moments; as a logarithm.
    fn probability(&self, arc: &Arc) -> f64 {
        let same = self.lattice.arcs.iter().filter(|other| other.line == arc.line);
        let near = same.filter(|other| self.is_near(arc, other)).map(|other| other.posterior);
        near.fold(f64::NEG_INFINITY, plus)
    }
}
