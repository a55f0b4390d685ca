//! How another speaker would say what one says: a map from the features of the one to those of
//! the other, learnt from pairs of moments.

use crate::features::{Feature, SIZE};

/// As if so many pairs had told that both sound alike.
const ALIKE: f64 = 50.0;
/// A number of features, and 1.
const ROW: usize = SIZE + 1;
/// No number is missed by less.
const LEAST_SPREAD: f64 = 0.05;

/// What pairs tell: sums of products, of the first of each with itself and with the second, and
/// of the squares of the second.
#[derive(Clone)]
pub struct Pairs {
    table: Vec<[f64; ROW + SIZE]>,
    squares: [f64; SIZE],
    count: f64,
}

impl Default for Pairs {
    fn default() -> Pairs {
        Pairs { table: vec![[0.0; ROW + SIZE]; ROW], squares: [0.0; SIZE], count: 0.0 }
    }
}

impl Pairs {
    /// One more pair.
    pub fn add(&mut self, from: &Feature, to: &Feature) {
        let known = row(from);
        for (own, line) in known.iter().zip(&mut self.table) {
            let rest = known.iter().copied().chain(to.iter().map(|x| f64::from(*x)));
            line.iter_mut().zip(rest).for_each(|(sum, value)| *sum += own * value);
        }
        let squares = self.squares.iter_mut().zip(to);
        squares.for_each(|(sum, value)| *sum += f64::from(*value) * f64::from(*value));
        self.count += 1.0;
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// These and `others`, or these without them where `sign` is -1.
    pub fn with(&self, others: &Pairs, sign: f64) -> Pairs {
        let mut all = self.clone();
        for (line, other) in all.table.iter_mut().zip(&others.table) {
            line.iter_mut().zip(other).for_each(|(sum, value)| *sum += sign * value);
        }
        let squares = all.squares.iter_mut().zip(&others.squares);
        squares.for_each(|(sum, value)| *sum += sign * value);
        all.count += sign * others.count;
        all
    }
}

/// A linear map, and how far it misses in each number.
pub struct Map {
    rows: Vec<[f64; ROW]>,
    spread: Feature,
}

impl Map {
    /// The best map from the first of each pair to the second (least squares, held near to
    /// leaving everything as it is).
    pub fn new(pairs: &Pairs) -> Map {
        let mut table = pairs.table.clone();
        for (n, line) in table.iter_mut().enumerate() {
            line[n] += ALIKE;
            if n < SIZE {
                line[ROW + n] += ALIKE;
            }
        }
        solve(&mut table);
        let rows: Vec<[f64; ROW]> =
            (0..SIZE).map(|k| std::array::from_fn(|n| table[n][ROW + k])).collect();
        let spread = std::array::from_fn(|k| {
            let missed = missed(pairs, k, &rows[k]) / pairs.count.max(1.0);
            libm::sqrt(missed.max(0.0)).max(LEAST_SPREAD) as f32
        });
        Map { rows, spread }
    }

    /// What the other would sound like, in spreads of what is missed.
    pub fn of(&self, from: &Feature) -> Feature {
        let from = row(from);
        std::array::from_fn(|k| {
            let number: f64 = from.iter().zip(&self.rows[k]).map(|(a, b)| a * b).sum();
            number as f32 / self.spread[k]
        })
    }

    /// What the other sounds like, in the same.
    pub fn scaled(&self, to: &Feature) -> Feature {
        std::array::from_fn(|k| to[k] / self.spread[k])
    }
}

/// The sum of the squares of what a row misses of a number.
fn missed(pairs: &Pairs, k: usize, row: &[f64; ROW]) -> f64 {
    let mut sum = pairs.squares[k];
    for (n, line) in pairs.table.iter().enumerate() {
        let own: f64 = line.iter().zip(row).map(|(a, b)| a * b).sum();
        sum += row[n] * (own - 2.0 * line[ROW + k]);
    }
    sum
}

fn row(feature: &Feature) -> [f64; ROW] {
    std::array::from_fn(|n| feature.get(n).map_or(1.0, |value| f64::from(*value)))
}

/// Gauss's elimination; what is added to the diagonal keeps it far from zero.
fn solve(table: &mut [[f64; ROW + SIZE]]) {
    for n in 0..ROW {
        let pivot = table[n][n];
        table[n].iter_mut().for_each(|value| *value /= pivot);
        let own = table[n];
        for (_, line) in table.iter_mut().enumerate().filter(|(other, _)| *other != n) {
            let factor = line[n];
            line.iter_mut().zip(&own).for_each(|(value, own)| *value -= factor * own);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that only look like chance.
    fn features(count: usize) -> Vec<Feature> {
        let mut state = 1_u32;
        let mut chance = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..count).map(|_| std::array::from_fn(|_| chance())).collect()
    }

    #[test]
    fn a_linear_difference_of_speakers_is_learnt() {
        let from = features(20_000);
        let other = |f: &Feature| -> Feature {
            std::array::from_fn(|k| 0.5 * f[k] + 0.3 * f[(k + 1) % SIZE] + 0.1)
        };
        let mut pairs = Pairs::default();
        from.iter().for_each(|f| pairs.add(f, &other(f)));
        let map = Map::new(&pairs);
        for f in &from[..10] {
            let (mapped, is) = (map.of(f), map.scaled(&other(f)));
            for k in 0..SIZE {
                // In spreads of 0.05; what holds the map near to no change takes a little.
                assert!((mapped[k] - is[k]).abs() < 0.3, "{} {}", mapped[k], is[k]);
            }
        }
    }

    #[test]
    fn pairs_may_be_taken_away_again() {
        let all = features(300);
        let sums = |range: std::ops::Range<usize>| {
            let mut pairs = Pairs::default();
            range.for_each(|n| pairs.add(&all[n], &all[n + 1]));
            pairs
        };
        let map = Map::new(&sums(0..200).with(&sums(100..200), -1.0));
        let expected = Map::new(&sums(0..100));
        for (a, b) in map.of(&all[0]).iter().zip(expected.of(&all[0])) {
            assert!((a - b).abs() < 1e-3, "{a} {b}");
        }
    }
}
