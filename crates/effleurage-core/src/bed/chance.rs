//! Chances that are the same on every machine: whole-number hashes.

/// From -1 to 1, out of a number from 0 to 1.
pub fn signed(number: f64) -> f64 {
    2.0 * number - 1.0
}

/// Number `index` of the row `seed`: from 0 to 1 (exclusive), all equally likely.
/// SplitMix64 (Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*,
/// 2014), which needs none of the numbers before.
pub fn random(seed: u64, index: u64) -> f64 {
    let state = (seed << 40) + index + 1;
    let mut z = state.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
