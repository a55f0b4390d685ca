//! How a moment sounds, in numbers that speakers of the same words have alike.

use std::f64::consts::PI;

use crate::spectrum::{BANDS, Powers};

/// Cepstra, and as many numbers that tell how they change.
pub const SIZE: usize = 24;
const CEPSTRA: usize = SIZE / 2;
/// How a moment sounds.
pub type Feature = [f32; SIZE];
/// How far around a moment its change is looked at.
const REACH: usize = 3;

/// Those of all moments.
pub fn features(moments: &[Powers]) -> Vec<Feature> {
    let table = table();
    let cepstra: Vec<[f32; CEPSTRA + 1]> =
        moments.iter().map(|powers| cepstra(powers, &table)).collect();
    let at = |n: usize| {
        let before = &cepstra[n.saturating_sub(REACH)];
        let after = &cepstra[(n + REACH).min(cepstra.len() - 1)];
        std::array::from_fn(|k| match k < CEPSTRA {
            true => cepstra[n][k + 1],
            false => after[k - CEPSTRA] - before[k - CEPSTRA],
        })
    };
    (0..cepstra.len()).map(at).collect()
}

fn table() -> [Powers; CEPSTRA + 1] {
    let bent = |k: usize, n: usize| libm::cos(PI * k as f64 * (n as f64 + 0.5) / BANDS as f64);
    std::array::from_fn(|k| std::array::from_fn(|n| bent(k, n) as f32))
}

fn cepstra(powers: &Powers, table: &[Powers; CEPSTRA + 1]) -> [f32; CEPSTRA + 1] {
    let levels = powers.map(|power| libm::logf(power + 1e-10));
    std::array::from_fn(|k| {
        levels.iter().zip(&table[k]).map(|(level, bent)| level * bent).sum::<f32>() / BANDS as f32
    })
}

/// Makes each number 0 in the mean, with a spread of 1.
pub fn normalise(features: &mut [Feature]) {
    let count = features.len().max(1) as f64;
    for k in 0..SIZE {
        let mean = features.iter().map(|f| f64::from(f[k])).sum::<f64>() / count;
        let square = features.iter().map(|f| (f64::from(f[k]) - mean).powi(2)).sum::<f64>() / count;
        let spread = libm::sqrt(square).max(1e-3);
        features.iter_mut().for_each(|f| f[k] = ((f64::from(f[k]) - mean) / spread) as f32);
    }
}

/// How far two moments are from each other: the sum of the squares. In eight sums side by side,
/// the same on every machine.
pub fn distance(one: &Feature, other: &Feature) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (one, other) in one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0) {
        for n in 0..8 {
            let apart = one[n] - other[n];
            sums[n] += apart * apart;
        }
    }
    (sums[0] + sums[4]) + (sums[1] + sums[5]) + ((sums[2] + sums[6]) + (sums[3] + sums[7]))
}
