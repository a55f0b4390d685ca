//! f32 → integers, with dither where rounding would distort.

/// Any number would do; this one is here to stay, so that bytes repeat.
const SEED: u64 = 0x6566_666c_6575_7261;

/// `sample` (full scale at 1) as an integer of `bits` bits.
///
/// TPDF dither of ±1 step, a function of `position` alone, is added where the
/// sample lies between two steps. A sample that is exactly a step (digital
/// silence, a clip of that depth at gain 1) passes as it is.
#[inline]
pub fn quantise(sample: f32, bits: u16, position: u64) -> i32 {
    let full_scale = 1_i32 << (bits - 1);
    let steps = f64::from(sample) * f64::from(full_scale);
    // Casts, because `trunc` and `floor` are calls on processors of the first x86-64.
    let whole = steps as i32;
    let code =
        if f64::from(whole) == steps { whole } else { floor(steps + triangular(position) + 0.5) };
    code.clamp(-full_scale, full_scale - 1)
}

/// The largest integer that is not above `x`, of a size that a code can have.
fn floor(x: f64) -> i32 {
    let whole = x as i32;
    whole - i32::from(f64::from(whole) > x)
}

/// Noise between -1 and 1 with a triangular distribution: the difference of two
/// even ones.
fn triangular(position: u64) -> f64 {
    let bits = split_mix(position ^ SEED);
    let half = |bits: u32| f64::from(bits) / f64::from(u32::MAX);
    half((bits >> 32) as u32) - half(bits as u32)
}

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
fn split_mix(state: u64) -> u64 {
    let z = state.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

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
