//! Where a recording was louder than what recorded it could take.
//!
//! The tops of its waves are cut off then, and stay so: whatever a phone does to the file
//! afterwards, softer or smaller, tops are flat that were round.

use effleurage_core::units::SampleRate;

/// So many equal samples at the peak are no wave.
const FLAT_SAMPLES: usize = 4;
/// Near full scale, a flat top needs no other proof.
const NEAR_FULL_SCALE: f32 = 0.98;
/// A lossy copy of what was cut at full scale goes beyond it by so much, 1 dB, …
const BEYOND: f32 = 1.122;
/// … and that often a second. One of what only reached it does so at most 5 times, and there by
/// 3.5 dB (of 420 copies of 60 clips, as AAC, MP3, Opus and Vorbis of 16 to 128 kbit/s).
const OFTEN_A_SECOND: f64 = 6.0;
const FEWEST_BEYOND: usize = 5;
/// Below this share of the peak, nothing was cut.
const TOP: f32 = 0.7;
/// A wave comes to a flat top, and leaves it, by more than so many steps at once.
const STEEP: f32 = 8.0;
/// Fewer than this are chance.
const FEW: usize = 3;

/// Half waves are looked at that are as loud as the loudest samples, so many of all …
const LOUDEST_SHARE: f64 = 0.003;
/// … but for this factor, …
const AS_LOUD: f32 = 0.8;
/// … and that have so many samples at least.
const FEWEST_SAMPLES: usize = 8;
/// In a sine, 41 % of a half wave are above 80 % of its top, in speech fewer. Above so many,
/// the top is flat …
const HIGH: f32 = 0.8;
const FLAT_SHARE: f64 = 0.55;
/// … and where so many of the half waves have one, and so many in all, they were cut: of
/// 1,578 clips of eight voices, at most 16 % have one.
const CUT_SHARE: f64 = 0.25;
const FEWEST_CUT: usize = 15;

/// How many stretches of `samples` lie at a limit, where a wave would go on.
pub fn clipped(samples: &[f32], rate: SampleRate) -> usize {
    let peak = samples.iter().fold(0.0_f32, |peak, sample| sample.abs().max(peak));
    let counts = [at_full_scale(samples, peak), beyond(samples, rate), flat(samples, peak)];
    counts.into_iter().chain([rounded(samples)]).max().unwrap_or(0)
}

/// Equal samples at full scale.
fn at_full_scale(samples: &[f32], peak: f32) -> usize {
    if peak < NEAR_FULL_SCALE {
        return 0;
    }
    let flat = samples.chunk_by(|a, b| a == b).filter(|run| run[0].abs() > 0.99 * peak);
    flat.filter(|run| run.len() >= FLAT_SAMPLES).count()
}

/// Stretches beyond full scale, where they are many and some are well beyond.
fn beyond(samples: &[f32], rate: SampleRate) -> usize {
    if samples.iter().all(|sample| sample.abs() <= BEYOND) {
        return 0;
    }
    let stretches = samples.chunk_by(|a, b| (a.abs() > 1.0) == (b.abs() > 1.0));
    let count = stretches.filter(|stretch| stretch[0].abs() > 1.0).count();
    let often = OFTEN_A_SECOND * samples.len() as f64 / f64::from(rate.hz());
    if count >= FEWEST_BEYOND && count as f64 >= often { count } else { 0 }
}

/// Flat tops at any level, of samples that are whole numbers of steps: a wave that was only
/// loud would turn round more slowly than it comes to one.
fn flat(samples: &[f32], peak: f32) -> usize {
    let steps = samples.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let step = steps.filter(|step| *step > 0.0).fold(f32::INFINITY, f32::min);
    let near = |a: &f32, b: &f32| (a - b).abs() <= 2.0 * step && (*a >= 0.0) == (*b >= 0.0);
    let mut tops = 0;
    let mut start = 0;
    for run in samples.chunk_by(near) {
        let end = start + run.len();
        if run.len() >= FLAT_SAMPLES && run[0].abs() > TOP * peak {
            let before = start.checked_sub(1).map_or(0.0, |before| samples[before].abs());
            let after = samples.get(end).map_or(0.0, |after| after.abs());
            let steep = |neighbour: f32, top: f32| top.abs() - neighbour > STEEP * step;
            let is_cut = steep(before, run[0]) && steep(after, run[run.len() - 1]);
            tops += usize::from(is_cut);
        }
        start = end;
    }
    if tops < FEW { 0 } else { tops }
}

/// Half waves whose tops are flat, but for what a lossy codec added, where they are many.
fn rounded(samples: &[f32]) -> usize {
    let mut sorted: Vec<f32> = samples.iter().map(|sample| sample.abs()).collect();
    let place = sorted.len() - (sorted.len() as f64 * LOUDEST_SHARE) as usize;
    let Some(place) = place.checked_sub(1) else { return 0 };
    let loud = AS_LOUD * *sorted.select_nth_unstable_by(place, f32::total_cmp).1;
    let (mut waves, mut flat) = (0, 0);
    for wave in samples.chunk_by(|a, b| (*a >= 0.0) == (*b >= 0.0)) {
        let top = wave.iter().fold(0.0_f32, |top, sample| sample.abs().max(top));
        if wave.len() >= FEWEST_SAMPLES && top > 0.0 && top >= loud {
            let high = wave.iter().filter(|sample| sample.abs() >= HIGH * top).count();
            waves += 1;
            flat += usize::from(high as f64 >= FLAT_SHARE * wave.len() as f64);
        }
    }
    let are_cut = flat >= FEWEST_CUT && flat as f64 >= CUT_SHARE * f64::from(waves);
    if are_cut { flat } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clipped(samples: &[f32]) -> usize {
        super::clipped(samples, SampleRate::new(16_000).unwrap())
    }

    /// A second of a voice at 16 kHz: pulses that ring, 120 a second, louder and softer.
    fn voice() -> Vec<f32> {
        let pulse = |n: usize| {
            let after = (n % 133) as f32;
            (-after / 30.0).exp() * ((after * 0.12).sin() + 0.3 * (after * 0.35).sin())
        };
        let swell = |n: usize| 0.6 + 0.4 * (n as f32 * 0.001).sin();
        (0..16_000).map(|n| 0.5 * swell(n) * pulse(n)).collect()
    }

    fn cut(samples: &[f32], factor: f32) -> Vec<f32> {
        samples.iter().map(|sample| (factor * sample).clamp(-1.0, 1.0)).collect()
    }

    fn softer(samples: &[f32], factor: f32) -> Vec<f32> {
        let code = |sample: &f32| (sample * factor * 32_768.0).round().min(32_767.0);
        samples.iter().map(|sample| code(sample) / 32_768.0).collect()
    }

    /// As a lossy codec might leave it: without its highest tones, and with noise.
    fn lossy(samples: &[f32]) -> Vec<f32> {
        let mut state = 1_u32;
        let smooth = samples.windows(3).map(|x| (x[0] + 2.0 * x[1] + x[2]) / 4.0);
        smooth
            .map(|sample| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                sample + 0.02 * ((state >> 8) as f32 / (1 << 23) as f32 - 1.0)
            })
            .collect()
    }

    #[test]
    fn a_voice_that_was_cut_is_seen_at_any_level_and_in_any_file() {
        for factor in [8.0, 16.0, 40.0] {
            let cut = cut(&voice(), factor);
            for level in [1.0, 0.97, 0.5, 0.1] {
                assert!(clipped(&softer(&cut, level)) > 20, "{factor} times, {level}");
                assert!(clipped(&softer(&lossy(&cut), level)) > 20, "lossy: {factor}, {level}");
            }
        }
    }

    #[test]
    fn a_voice_that_is_only_loud_or_soft_is_not_blamed() {
        for level in [1.0, 0.9, 0.3, 0.01] {
            assert_eq!(clipped(&softer(&voice(), level)), 0, "{level}");
            assert_eq!(clipped(&lossy(&softer(&voice(), level))), 0, "lossy: {level}");
        }
        assert_eq!((clipped(&[]), clipped(&[0.0; 100]), clipped(&[0.5])), (0, 0, 0));
    }

    #[test]
    fn what_is_often_and_well_beyond_full_scale_was_cut_before() {
        let peak = voice().iter().fold(0.0_f32, |peak, x| x.abs().max(peak));
        let louder = |factor: f32| voice().iter().map(|x| x * factor / peak).collect::<Vec<_>>();
        assert_eq!(clipped(&louder(1.05)), 0, "0.4 dB");
        assert!(clipped(&louder(1.3)) > 0, "2.3 dB");
        // A codec lets a few waves grow, of many seconds that only reach full scale.
        let few = [louder(1.3)[..600].to_vec(), louder(0.999), louder(0.999)].concat();
        assert_eq!(clipped(&few), 0);
    }
}
