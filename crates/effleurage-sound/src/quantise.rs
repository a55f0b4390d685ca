//! f32 → integers, with dither where rounding would distort.

use multiversion::multiversion;

/// Any number would do; this one is here to stay, so that bytes repeat.
const SEED: u64 = 0x6566_666c_6575_7261;

/// Samples that are made integers at once, so that a table of them stays in the fastest memory.
pub const AT_ONCE: usize = 256;

/// `samples` (full scale at 1) as integers of `bits` bits, at most 24, the first of them at
/// `position`. No more of them than there is room for in `codes`.
///
/// TPDF dither of ±1 step, a function of the position alone, is added where a sample lies
/// between two steps. A sample that is exactly a step (digital silence, a clip of that depth
/// at gain 1) passes as it is.
///
/// The same integers on every processor: each step is one operation of IEEE 754, and none is
/// left to a processor's own way of casting. Nothing branches, so that a processor does as
/// many samples at once as it can.
#[multiversion(targets("x86_64+avx2", "x86_64+avx512f+avx512dq+avx512vl"))]
pub fn quantise(samples: &[f32], bits: u16, position: u64, codes: &mut [i32]) {
    let full_scale = f64::from(1_i32 << (bits - 1));
    for ((code, sample), at) in codes.iter_mut().zip(samples).zip(position..) {
        let steps = f64::from(*sample) * full_scale;
        let nearest = round(steps);
        let dithered = floor(steps + triangular(at) + 0.5);
        let whole = if nearest == steps { steps } else { dithered };
        *code = to_integer(whole.max(-full_scale).min(full_scale - 1.0));
    }
}

/// 1.5 · 2^52: a number of less than 2^51 that is added to it loses what is behind the point,
/// and stands in its lowest bits as an integer.
const NO_FRACTION: f64 = 6_755_399_441_055_744.0;

/// The integer nearest to `x`; that of two which is even.
#[inline(always)]
fn round(x: f64) -> f64 {
    (x + NO_FRACTION) - NO_FRACTION
}

/// The largest integer that is not above `x`.
#[inline(always)]
fn floor(x: f64) -> f64 {
    let nearest = round(x);
    if nearest > x { nearest - 1.0 } else { nearest }
}

#[inline(always)]
fn to_integer(whole: f64) -> i32 {
    (whole + NO_FRACTION).to_bits() as i32
}

/// Noise between -1 and 1 with a triangular distribution: the difference of two
/// even ones.
#[inline(always)]
fn triangular(position: u64) -> f64 {
    let bits = split_mix(position ^ SEED);
    even(bits >> 32) - even(bits & u64::from(u32::MAX))
}

/// An integer of 32 bits as a part of the largest one.
#[inline(always)]
fn even(bits: u64) -> f64 {
    /// 2^52: the lowest bits of the numbers from here on are integers.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    (f64::from_bits(WHOLE.to_bits() | bits) - WHOLE) / f64::from(u32::MAX)
}

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
#[inline(always)]
fn split_mix(state: u64) -> u64 {
    let z = state.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One sample.
    fn quantise(sample: f32, bits: u16, position: u64) -> i32 {
        let mut code = [0];
        super::quantise(&[sample], bits, position, &mut code);
        code[0]
    }

    /// The same by the definition, with what a language has for it.
    fn by_definition(sample: f32, bits: u16, position: u64) -> i32 {
        let steps = f64::from(sample) * f64::from(1_i32 << (bits - 1));
        let z = (position ^ SEED).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let z = z ^ (z >> 31);
        let even = |bits: u32| f64::from(bits) / f64::from(u32::MAX);
        let noise = even((z >> 32) as u32) - even(z as u32);
        let code = if steps.trunc() == steps { steps } else { (steps + noise + 0.5).floor() };
        code.clamp(-f64::from(1_i32 << (bits - 1)), f64::from((1_i32 << (bits - 1)) - 1)) as i32
    }

    #[test]
    fn many_at_once_are_what_the_definition_says() {
        let loud = |n: u64| split_mix(n) as i64 as f32 / i64::MAX as f32;
        for (bits, scale) in [(16, 1.0), (16, 1e-4), (24, 1.0), (24, 1e-6), (8, 1.0)] {
            for start in [0, 1, 77, u64::from(u32::MAX) - 300] {
                let samples: Vec<f32> = (start..start + 1_003).map(|n| loud(n) * scale).collect();
                let mut codes = vec![0; samples.len()];
                super::quantise(&samples, bits, start, &mut codes);
                let one = |(sample, at): (&f32, u64)| by_definition(*sample, bits, at);
                let expected: Vec<i32> = samples.iter().zip(start..).map(one).collect();
                assert_eq!(codes, expected, "{bits} bits from {start}");
            }
        }
    }

    #[test]
    fn every_16_bit_code_passes_bit_exact() {
        for code in i16::MIN..=i16::MAX {
            let sample = f32::from(code) / 32_768.0;
            assert_eq!(quantise(sample, 16, 12_345), i32::from(code));
        }
    }

    #[test]
    fn every_24_bit_code_passes_bit_exact() {
        for code in (-(1 << 23)..1 << 23).step_by(97).chain([(1 << 23) - 1]) {
            assert_eq!(quantise(code as f32 / 8_388_608.0, 24, 999), code);
        }
    }

    #[test]
    fn a_level_between_steps_is_kept_on_average() {
        // TPDF makes the mean error zero and its power 1/4 step² (Lipshitz and others,
        // "Quantization and dither", J. Audio Eng. Soc. 40, 1992), whatever the level.
        for level in [0.1, 0.25, 0.5, 0.9] {
            let sample = level as f32 / 32_768.0;
            let errors = (0..200_000).map(|n| f64::from(quantise(sample, 16, n)) - level);
            let (sum, power) = errors.fold((0.0, 0.0), |(sum, power), e| (sum + e, power + e * e));
            assert!((sum / 200_000.0).abs() < 0.005, "{level}: mean {}", sum / 200_000.0);
            assert!(
                (power / 200_000.0 - 0.25).abs() < 0.005,
                "{level}: power {}",
                power / 200_000.0
            );
        }
    }

    #[test]
    fn full_scale_is_held() {
        assert_eq!(quantise(1.0, 16, 0), 32_767);
        assert_eq!(quantise(-1.0, 16, 0), -32_768);
        assert!((0..1_000).all(|n| quantise(0.999_99, 16, n) <= 32_767));
    }
}
