//! How another speaker would say what one says: a map from the features of the one to those of
//! the other, learnt from pairs of moments.

use crate::features::{Feature, SIZE};

/// As if so many pairs had told that both sound alike.
const ALIKE: f64 = 50.0;
/// A number of features, and 1.
const ROW: usize = SIZE + 1;

/// A linear map, and how far it misses in each number.
pub struct Map {
    rows: Vec<[f64; ROW]>,
    /// The spread of what it misses.
    pub spread: Feature,
}

impl Map {
    /// The best map from the first of each pair to the second (least squares, held near to
    /// leaving everything as it is).
    pub fn new(pairs: &[(Feature, Feature)]) -> Map {
        let mut table = vec![[0.0_f64; ROW + SIZE]; ROW];
        for (from, to) in pairs {
            let known = row(from);
            for (own, line) in known.iter().zip(&mut table) {
                let rest = known.iter().copied().chain(to.iter().map(|x| f64::from(*x)));
                line.iter_mut().zip(rest).for_each(|(sum, value)| *sum += own * value);
            }
        }
        for (n, line) in table.iter_mut().enumerate() {
            line[n] += ALIKE;
            if n < SIZE {
                line[ROW + n] += ALIKE;
            }
        }
        solve(&mut table);
        let rows = (0..SIZE).map(|k| std::array::from_fn(|n| table[n][ROW + k])).collect();
        let mut map = Map { rows, spread: [1.0; SIZE] };
        let count = pairs.len().max(1) as f64;
        map.spread = std::array::from_fn(|k| {
            let missed = |(from, to): &(Feature, Feature)| f64::from(to[k]) - map.number(k, from);
            let squares: f64 = pairs.iter().map(|pair| missed(pair).powi(2)).sum();
            libm::sqrt(squares / count).max(0.05) as f32
        });
        map
    }

    fn number(&self, k: usize, from: &Feature) -> f64 {
        row(from).iter().zip(&self.rows[k]).map(|(value, weight)| value * weight).sum()
    }

    /// What the other would sound like, in spreads of what is missed.
    pub fn of(&self, from: &Feature) -> Feature {
        std::array::from_fn(|k| self.number(k, from) as f32 / self.spread[k])
    }

    /// What the other sounds like, in the same.
    pub fn scaled(&self, to: &Feature) -> Feature {
        std::array::from_fn(|k| to[k] / self.spread[k])
    }
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
