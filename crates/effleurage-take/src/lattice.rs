//! Which stretch of a take is which line: all ways through the sounds of the take and the lines
//! of the script at once, each with its probability.

use std::ops::Range;

/// A stretch of pieces that may be a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Arc {
    /// The line's index.
    pub line: usize,
    /// The pieces.
    pub pieces: Range<usize>,
    /// How much more probable the line makes the stretch than anything else would, as a natural
    /// logarithm.
    pub gain: f64,
    /// How probable it is in the end, as a logarithm.
    pub posterior: f64,
}

/// What may come after a line, as a share of all: the next one, the same again, one a little
/// further on, any other.
const NEXT: f64 = 0.88;
const AGAIN: f64 = 0.04;
const ONWARD: f64 = 0.05;
const ANY: f64 = 0.02;
const BACK: f64 = 0.01;
/// Further on, each line is less probable by this factor.
const FURTHER: f64 = 0.5;

fn log(x: f64) -> f64 {
    libm::log(x)
}

/// The logarithm of the sum of what `a` and `b` are logarithms of.
pub fn plus(a: f64, b: f64) -> f64 {
    let (less, more) = if a < b { (a, b) } else { (b, a) };
    if less == f64::NEG_INFINITY { more } else { more + libm::log1p(libm::exp(less - more)) }
}

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::NEG_INFINITY, plus)
}

/// A take and a script.
pub struct Lattice {
    /// How many lines the script has.
    pub lines: usize,
    /// What it costs that a piece is no line, of each.
    pub strange: Vec<f64>,
    /// All that may be.
    pub arcs: Vec<Arc>,
}

/// Places in a lattice: how many pieces are behind, and the last line that was said, from 1.
type Table = Vec<Vec<f64>>;

impl Lattice {
    /// How probable it is that each line comes next, when `last` tells how probable each was
    /// the last, as logarithms.
    fn next(&self, last: &[f64]) -> Vec<f64> {
        let any = sum(last.iter().copied()) + log(ANY / self.lines as f64);
        let mut onward = f64::NEG_INFINITY;
        let mut next = vec![f64::NEG_INFINITY; self.lines];
        for line in 0..self.lines {
            let before = last[line];
            let again = last[line + 1] + log(AGAIN);
            let back = last.get(line + 2).map_or(f64::NEG_INFINITY, |last| last + log(BACK));
            let ways = [before + log(NEXT), again, back, onward, any];
            next[line] = sum(ways.into_iter());
            onward = plus(onward + log(FURTHER), before + log(ONWARD * (1.0 - FURTHER)));
        }
        next
    }

    /// The same seen from behind: how probable all that follows is after each line, when `next`
    /// tells how probable it is from each line on.
    fn last(&self, next: &[f64]) -> Vec<f64> {
        let any = sum(next.iter().copied()) + log(ANY / self.lines as f64);
        let mut onward = f64::NEG_INFINITY;
        let mut last = vec![f64::NEG_INFINITY; self.lines + 1];
        for line in (0..=self.lines).rev() {
            let after = next.get(line).map_or(f64::NEG_INFINITY, |next| next + log(NEXT));
            let own = line.checked_sub(1).map_or(f64::NEG_INFINITY, |own| next[own] + log(AGAIN));
            let back = line.checked_sub(2).map_or(f64::NEG_INFINITY, |own| next[own] + log(BACK));
            last[line] = sum([after, own, back, onward, any].into_iter());
            let own = next
                .get(line)
                .map_or(f64::NEG_INFINITY, |next| next + log(ONWARD * (1.0 - FURTHER)));
            onward = plus(onward + log(FURTHER), own);
        }
        last
    }

    /// How improbable it is that a take ends after a line.
    fn end(&self, last: usize) -> f64 {
        if last == self.lines {
            log(NEXT)
        } else {
            log(ONWARD) + 0.1 * (last as f64 - self.lines as f64).max(-50.0)
        }
    }

    /// Tells each arc how probable it is, and how probable all ways are together.
    pub fn weigh(&mut self) -> f64 {
        let pieces = self.strange.len();
        let (entries, table) = self.forward();
        let all = sum((0..=self.lines).map(|last| table[pieces][last] + self.end(last)));
        let behind = self.backward();
        for arc in &mut self.arcs {
            let before = entries[arc.pieces.start][arc.line];
            let after = behind[arc.pieces.end][arc.line + 1];
            arc.posterior = before + arc.gain + after - all;
        }
        all
    }

    fn by(&self, place: impl Fn(&Arc) -> usize) -> Vec<Vec<usize>> {
        let mut by = vec![Vec::new(); self.strange.len() + 1];
        self.arcs.iter().enumerate().for_each(|(n, arc)| by[place(arc)].push(n));
        by
    }

    fn forward(&self) -> (Table, Table) {
        let pieces = self.strange.len();
        let ending = self.by(|arc| arc.pieces.end);
        let mut table = vec![vec![f64::NEG_INFINITY; self.lines + 1]; pieces + 1];
        let mut entries: Table = Vec::with_capacity(pieces + 1);
        table[0][0] = 0.0;
        for at in 0..=pieces {
            if at > 0 {
                let cost = self.strange[at - 1];
                table[at] = table[at - 1].iter().map(|before| before + cost).collect();
            }
            for arc in ending[at].iter().map(|n| &self.arcs[*n]) {
                let way = entries[arc.pieces.start][arc.line] + arc.gain;
                table[at][arc.line + 1] = plus(table[at][arc.line + 1], way);
            }
            entries.push(self.next(&table[at]));
        }
        (entries, table)
    }

    fn backward(&self) -> Table {
        let pieces = self.strange.len();
        let starting = self.by(|arc| arc.pieces.start);
        let mut table = vec![vec![f64::NEG_INFINITY; self.lines + 1]; pieces + 1];
        table[pieces] = (0..=self.lines).map(|last| self.end(last)).collect();
        for at in (0..pieces).rev() {
            let mut next = vec![f64::NEG_INFINITY; self.lines];
            for arc in starting[at].iter().map(|n| &self.arcs[*n]) {
                let way = arc.gain + table[arc.pieces.end][arc.line + 1];
                next[arc.line] = plus(next[arc.line], way);
            }
            let last = self.last(&next);
            for line in 0..=self.lines {
                table[at][line] = plus(last[line], table[at + 1][line] + self.strange[at]);
            }
        }
        table
    }

    /// The most probable way: the indices of its arcs, in the order of the take. Arcs that
    /// nearly no way takes are not looked at; the best of those that exclude each other is kept.
    pub fn best(&self) -> Vec<usize> {
        let mut order: Vec<usize> =
            (0..self.arcs.len()).filter(|n| self.arcs[*n].posterior > -4.6).collect();
        order.sort_by(|a, b| self.arcs[*b].posterior.total_cmp(&self.arcs[*a].posterior));
        let mut kept: Vec<usize> = Vec::new();
        for n in order {
            let own = &self.arcs[n].pieces;
            let is_free = |other: &usize| {
                let other = &self.arcs[*other].pieces;
                other.end <= own.start || own.end <= other.start
            };
            if kept.iter().all(is_free) {
                kept.push(n);
            }
        }
        kept.sort_by_key(|n| self.arcs[*n].pieces.start);
        kept
    }
}
