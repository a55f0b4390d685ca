//! A quiet background under the voice: one loop, repeated for as long as the track lasts.
//!
//! Frame `n` of a track has sample `n % loop.len()`. No seam is heard, because there is
//! none: the computed noises are periodic, and a person's recording is crossfaded into
//! itself. The noises are the same to the bit on every machine (whole-number hashes,
//! `libm`), and alike at every sample rate: their power per hertz does not depend on it.

mod brown;
mod chance;
mod colour;
mod looped;
mod pad;
mod rain;
mod waves;

use std::time::Duration;

use crate::routine::words::BedNoise;
use crate::units::{Length, SampleRate};
pub use looped::looped;

/// Long enough that no ear learns it, and no whole number of the usual strokes. What
/// swells by itself has twice as much.
const LOOP: Duration = Duration::from_millis(27_183);

/// One loop of `kind`, to the nearest frame: 27.183 s of rain or brown noise, 54.366 s of
/// waves or the pad. Levels, to be brought to the loudness that is wanted: peak below 1,
/// and a crest factor of 8 to 18 dB.
pub fn noise(kind: BedNoise, rate: SampleRate) -> Vec<f32> {
    let lasts = length(kind, rate);
    let samples = match kind {
        BedNoise::Rain => rain::rain(rate, lasts),
        BedNoise::Brown => brown::brown(rate, lasts),
        BedNoise::Waves => waves::waves(rate, lasts),
        BedNoise::Pad => pad::pad(lasts),
    };
    // All drops push to the same side first.
    let offset = samples.iter().sum::<f64>() / samples.len() as f64;
    samples.into_iter().map(|sample| (sample - offset) as f32).collect()
}

/// How long that loop is.
pub fn length(kind: BedNoise, rate: SampleRate) -> Length {
    rate.length_of(match kind {
        BedNoise::Rain | BedNoise::Brown => LOOP,
        BedNoise::Waves => waves::LASTS,
        BedNoise::Pad => pad::LASTS,
    })
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::routine::words::Word;

    const LOW: SampleRate = SampleRate::new(8_000).unwrap();

    fn all() -> impl Iterator<Item = BedNoise> {
        BedNoise::ALL.iter().map(|(_, kind)| *kind)
    }

    fn power(samples: &[f32]) -> f64 {
        samples.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / samples.len() as f64
    }

    fn decibels(ratio: f64) -> f64 {
        10.0 * ratio.log10()
    }

    #[test]
    fn a_loop_is_longer_than_anybody_remembers() {
        // 27.183 s at 8 kHz are 217,464 frames; at 44.1 kHz 1,198,770.3; twice as much
        // 434,928 and 2,397,540.6.
        assert_eq!(noise(BedNoise::Brown, LOW).len(), 217_464);
        assert_eq!(noise(BedNoise::Brown, SampleRate::CD).len(), 1_198_770);
        for kind in [BedNoise::Waves, BedNoise::Pad] {
            assert_eq!(noise(kind, LOW).len(), 434_928);
            assert_eq!(noise(kind, SampleRate::CD).len(), 2_397_541);
        }
    }

    #[test]
    fn no_seam_is_heard() {
        for kind in all() {
            let samples = noise(kind, SampleRate::CD);
            let steps = samples.windows(2).map(|pair| (pair[1] - pair[0]).abs());
            let seam = (samples[0] - samples[samples.len() - 1]).abs();
            assert!(seam <= steps.fold(0.0, f32::max), "{kind}: {seam}");
        }
    }

    /// Every second of a loop, in decibels beside the whole.
    fn seconds(kind: BedNoise) -> Vec<f64> {
        let samples = noise(kind, LOW);
        let whole = power(&samples);
        samples.chunks_exact(8_000).map(|second| decibels(power(second) / whole)).collect()
    }

    #[test]
    fn every_second_is_as_loud_as_the_loop() {
        for (kind, most) in [(BedNoise::Rain, 1.5), (BedNoise::Brown, 1.5), (BedNoise::Pad, 2.5)] {
            let loud = seconds(kind);
            assert!(loud.iter().all(|differs| differs.abs() < most), "{kind}: {loud:.1?} dB");
        }
    }

    #[test]
    fn waves_swell_and_ebb_slowly() {
        let loud = seconds(BedNoise::Waves);
        let least = loud.iter().copied().fold(f64::INFINITY, f64::min);
        let most = loud.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert!((4.0..8.0).contains(&(most - least)), "{loud:.1?} dB");
        let steps = loud.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        assert!(steps.fold(0.0, f64::max) < 3.0, "{loud:.1?} dB");
        // Six waves, so six seconds that are louder than any within three of them.
        let round = |n: usize, by: usize| loud[(n + loud.len() + by - 3) % loud.len()];
        let is_crest = |n: &usize| (0..=6).all(|by| by == 3 || round(*n, by) < loud[*n]);
        assert_eq!((0..loud.len()).filter(is_crest).count(), 6, "{loud:.1?} dB");
    }

    #[test]
    fn a_loop_has_no_offset_and_room_above_its_peak() {
        for kind in all() {
            for rate in [LOW, SampleRate::CD] {
                let samples = noise(kind, rate);
                let rms = power(&samples).sqrt();
                let sum: f64 = samples.iter().map(|x| f64::from(*x)).sum();
                assert!((sum / samples.len() as f64).abs() < 1e-4 * rms, "{kind}");
                let peak = samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
                let crest = 2.0 * decibels(f64::from(peak) / rms);
                let usual = match kind {
                    BedNoise::Rain | BedNoise::Brown => 11.0..16.0,
                    BedNoise::Waves => 12.0..18.0,
                    BedNoise::Pad => 8.0..14.0,
                };
                assert!(peak < 1.0 && usual.contains(&crest), "{kind}: {peak}, {crest} dB");
            }
        }
    }

    /// Power a hertz around `hz`, in decibels: the mean over 64 of the frequencies that
    /// fit into the loop, by Goertzel's recursion.
    fn density(samples: &[f32], rate: SampleRate, hz: f64) -> f64 {
        let length = samples.len() as f64;
        let bin = |n: i32| {
            let cycles = hz * (1.0 + 0.005 * f64::from(n - 32)) * length / f64::from(rate.hz());
            let turn = 2.0 * (TAU * cycles.round() / length).cos();
            let (mut last, mut before) = (0.0, 0.0);
            for sample in samples {
                (last, before) = (f64::from(*sample) + turn * last - before, last);
            }
            last * last + before * before - turn * last * before
        };
        let mean = (0..64).map(bin).sum::<f64>() / 64.0;
        decibels(mean / (length * f64::from(rate.hz())))
    }

    #[test]
    fn brown_falls_by_six_decibels_an_octave() {
        let samples = noise(BedNoise::Brown, LOW);
        let level = |hz| density(&samples, LOW, hz);
        for hz in [160.0, 320.0, 640.0] {
            let falls = level(hz) - level(2.0 * hz);
            assert!((falls - 6.0).abs() < 1.5, "{falls} dB above {hz} Hz");
        }
        assert!(level(10.0) < level(40.0) - 9.0, "it does not rumble");
    }

    #[test]
    fn rain_has_no_hiss_and_does_not_rumble() {
        let rate = SampleRate::new(22_050).unwrap();
        let samples = noise(BedNoise::Rain, rate);
        let level = |hz| density(&samples, rate, hz);
        let middle = level(1_000.0);
        assert!(level(60.0) < middle - 9.0 && level(8_000.0) < middle - 16.0);
        assert!(level(500.0) > middle - 6.0 && level(2_000.0) > middle - 9.0);
    }

    #[test]
    fn waves_have_no_hiss_and_do_not_rumble() {
        let rate = SampleRate::new(22_050).unwrap();
        let samples = noise(BedNoise::Waves, rate);
        let level = |hz| density(&samples, rate, hz);
        let middle = level(400.0);
        assert!(level(30.0) < middle - 6.0 && level(8_000.0) < middle - 18.0);
        assert!(level(200.0) > middle - 6.0 && level(1_000.0) > middle - 12.0);
    }

    #[test]
    fn the_pad_has_its_tones_and_nothing_else() {
        let samples = noise(BedNoise::Pad, LOW);
        let level = |hz| density(&samples, LOW, hz);
        let root = level(198.0);
        for tone in [99.0, 148.5, 297.0, 396.0, 594.0] {
            assert!(level(tone) > root - 15.0 && level(tone) < root, "{tone} Hz");
        }
        for hz in [30.0, 60.0, 123.0, 247.0, 690.0, 1_100.0, 2_000.0, 3_500.0] {
            assert!(level(hz) < root - 60.0, "{hz} Hz: {} dB below", root - level(hz));
        }
    }

    #[test]
    fn a_noise_is_alike_at_every_rate() {
        let other = SampleRate::new(22_050).unwrap();
        // Between its tones the pad has nothing that could be alike.
        for kind in all().filter(|kind| *kind != BedNoise::Pad) {
            let (low, high) = (noise(kind, LOW), noise(kind, other));
            for hz in [125.0, 250.0, 500.0, 1_000.0, 2_000.0] {
                let differs = density(&low, LOW, hz) - density(&high, other, hz);
                assert!(differs.abs() < 2.5, "{kind}: {differs} dB at {hz} Hz");
            }
        }
    }

    #[test]
    fn a_noise_is_the_same_on_every_machine() {
        // FNV-1a over the bits of every sample; computed once, to stay for ever.
        let hash = |kind| {
            let bytes = noise(kind, LOW).into_iter().flat_map(f32::to_le_bytes);
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
        };
        let hashes = all().map(hash).collect::<Vec<_>>();
        let known = [
            0x10c7_4b3f_ce53_a11f,
            0xca0d_3b8e_f7b8_15ff,
            0x4904_82f1_1b3d_9641,
            0x6184_cbb1_1c09_bbd2,
        ];
        assert_eq!(hashes, known, "{hashes:#x?}");
    }
}
