//! A quiet background under the voice: one loop, repeated for as long as the track lasts.
//!
//! Frame `n` of a track has sample `n % loop.len()`. No seam is heard, because there is
//! none: the computed noises are periodic, and a person's recording is crossfaded into
//! itself. The noises are the same to the bit on every machine (whole-number hashes,
//! `libm`), and alike at every sample rate: their power per hertz does not depend on it.

use std::f64::consts::{FRAC_PI_2, TAU};
use std::time::Duration;

use crate::routine::words::BedNoise;
use crate::units::SampleRate;

/// Long enough that no ear learns it, and no whole number of the usual strokes.
const LOOP: Duration = Duration::from_millis(27_183);
/// What filters are given to forget that they began with nothing: at 30 Hz they forget
/// 190 times a second, each time all but 1/e.
const SETTLING: Duration = Duration::from_millis(500);
/// The longest crossfade of a person's recording into itself.
const CROSSFADE: Duration = Duration::from_secs(2);

/// One loop of `kind`, 27.183 s to the nearest frame. Levels, to be brought to the
/// loudness that is wanted: peak below 1, and a crest factor of 11 to 16 dB.
pub fn noise(kind: BedNoise, rate: SampleRate) -> Vec<f32> {
    let samples = match kind {
        BedNoise::Rain => with_drops(filtered(rate, &RAIN), rate),
        BedNoise::Brown => filtered(rate, &BROWN),
    };
    // All drops push to the same side first.
    let offset = samples.iter().sum::<f64>() / samples.len() as f64;
    samples.into_iter().map(|sample| (sample - offset) as f32).collect()
}

/// A person's `recording` (mono, at `rate`) as a loop: its end is crossfaded into its
/// start, in 2 s or a quarter of it, whichever is shorter, and it is shorter by as much.
/// The crossfade is of equal power, so the sum of two peaks can be √2 of one. `None`
/// for a recording shorter than a second.
pub fn looped(recording: &[f32], rate: SampleRate) -> Option<Vec<f32>> {
    if recording.len() < rate.hz() as usize {
        return None;
    }
    let crossfade = (recording.len() / 4).min(rate.length_of(CROSSFADE).0 as usize);
    let (kept, end) = recording.split_at(recording.len() - crossfade);
    let mut samples = kept.to_vec();
    for (n, (start, end)) in samples.iter_mut().zip(end).enumerate() {
        let x = (n as f64 + 0.5) / crossfade as f64;
        let (rising, falling) = libm::sincos(FRAC_PI_2 * x);
        *start = (f64::from(*start) * rising + f64::from(*end) * falling) as f32;
    }
    Some(samples)
}

/// A noise in terms of the filters of one pole that make it out of white noise.
struct Colour {
    /// Its own white noise is told apart by this.
    seed: u64,
    /// Corners of low-passes, in hertz. Each takes 6 dB an octave above.
    low_passes_hz: &'static [f64],
    /// Corners of high-passes, in hertz. Each takes 6 dB an octave below.
    high_passes_hz: &'static [f64],
    /// The factor at the end, for white noise of one unit of power a hertz.
    gain: f64,
}

/// -6 dB an octave above 40 Hz; below 30 Hz, where it would only shake, -12 dB.
const BROWN: Colour =
    Colour { seed: 1, low_passes_hz: &[40.0], high_passes_hz: &[30.0, 30.0], gain: 0.02 };

/// Rain from afar: most of it around 700 Hz, and without the hiss of its upper octaves.
const RAIN: Colour =
    Colour { seed: 2, low_passes_hz: &[1_200.0, 4_500.0], high_passes_hz: &[250.0], gain: 0.0015 };

/// One loop of noise of this `colour`. The white noise begins again with every loop,
/// and the filters have run before, so the result is periodic, too.
fn filtered(rate: SampleRate, colour: &Colour) -> Vec<f64> {
    let length = rate.length_of(LOOP).0;
    let settling = rate.length_of(SETTLING).0;
    let hz = f64::from(rate.hz());
    let pole = |corner: &f64| Pole { share: 1.0 - libm::exp(-TAU * corner / hz), state: 0.0 };
    let mut low: Vec<Pole> = colour.low_passes_hz.iter().map(pole).collect();
    let mut high: Vec<Pole> = colour.high_passes_hz.iter().map(pole).collect();
    // White noise from -1 to 1 has a power of 1/3, spread over half the rate.
    let gain = colour.gain * libm::sqrt(1.5 * hz);
    let mut filter = |n: u64| {
        let white = gain * signed(random(colour.seed, n % length));
        let lowered = low.iter_mut().fold(white, |sample, pole| pole.low(sample));
        high.iter_mut().fold(lowered, |sample, pole| sample - pole.low(sample))
    };
    (length - settling..length).for_each(|n| _ = filter(n));
    (0..length).map(filter).collect()
}

/// A low-pass of one pole.
struct Pole {
    /// The share of the way to the new sample that is gone in each frame.
    share: f64,
    state: f64,
}

impl Pole {
    fn low(&mut self, sample: f64) -> f64 {
        self.state += self.share * (sample - self.state);
        self.state
    }
}

/// Drops a second, on average and in every second alike.
const DROPS_PER_SECOND: f64 = 320.0;
const RAIN_SEED: u64 = 3;

/// A drop: a sine that swells and dies away, a·sin(2πft)·e^(-t/d)·(1 - e^(-t/r)).
#[derive(Clone, Copy)]
struct Drop {
    /// When it falls, in seconds from the start of the loop.
    at_seconds: f64,
    /// f: 600 to 3600 Hz, mostly in the middle.
    hz: f64,
    /// a, before the swelling.
    amplitude: f64,
    /// d: a higher drop is a smaller one, and over sooner.
    decay_seconds: f64,
}

impl Drop {
    /// r: it takes as long as this to swell, so that it begins without a click.
    const RISE_SECONDS: f64 = 0.001;
    /// It is over when it is 80 dB down, after this many times its decay.
    const DECAYS: f64 = 9.2;
    const LOWEST_HZ: f64 = 600.0;
    /// From the lowest drop to the highest.
    const OCTAVES: f64 = 2.58;
    const LOUDEST: f64 = 0.22;

    /// Drop `index` of `of` in a loop of `seconds`. Each has a stretch of its own to
    /// fall in, so that it never pours and never stops. Most are soft.
    fn new(index: u64, of: u64, seconds: f64) -> Drop {
        let chance = |what: u64| random(RAIN_SEED, index * 4 + what);
        let height = (chance(1) + chance(2)) / 2.0;
        let hz = Self::LOWEST_HZ * libm::exp2(Self::OCTAVES * height);
        let softness = chance(3);
        Drop {
            at_seconds: (index as f64 + chance(0)) * seconds / of as f64,
            hz,
            amplitude: Self::LOUDEST * (0.1 + 0.9 * softness * softness * softness),
            decay_seconds: 4.0 / hz,
        }
    }
}

/// The loop with drops in it; one that falls at its end rings on at its start.
fn with_drops(mut samples: Vec<f64>, rate: SampleRate) -> Vec<f64> {
    let rate_hz = f64::from(rate.hz());
    let seconds = samples.len() as f64 / rate_hz;
    let drops = (seconds * DROPS_PER_SECOND) as u64;
    for index in 0..drops {
        add_drop(&mut samples, Drop::new(index, drops, seconds), rate_hz);
    }
    samples
}

/// Adds `drop`, which falls between two frames, from the frame after it on. The sine
/// and the two decays are turned on frame by frame, which takes no sines at all.
fn add_drop(samples: &mut [f64], drop: Drop, rate_hz: f64) {
    let first = (drop.at_seconds * rate_hz).ceil();
    let late = first / rate_hz - drop.at_seconds;
    let decay = |seconds: f64, time: f64| libm::exp(-seconds / time);
    let (sine, cosine) = libm::sincos(TAU * drop.hz * late);
    let level = drop.amplitude * decay(late, drop.decay_seconds);
    let (mut y, mut x) = (level * sine, level * cosine);
    let (sine, cosine) = libm::sincos(TAU * drop.hz / rate_hz);
    let shrink = decay(1.0 / rate_hz, drop.decay_seconds);
    let (turn_y, turn_x) = (shrink * sine, shrink * cosine);
    let mut missing = decay(late, Drop::RISE_SECONDS);
    let rise = decay(1.0 / rate_hz, Drop::RISE_SECONDS);
    let frames = (Drop::DECAYS * drop.decay_seconds * rate_hz) as usize;
    let (before, after) = samples.split_at_mut(first as usize % samples.len());
    for sample in after.iter_mut().chain(before).take(frames) {
        *sample += y * (1.0 - missing);
        (y, x) = (y * turn_x + x * turn_y, x * turn_x - y * turn_y);
        missing *= rise;
    }
}

/// From -1 to 1, out of a number from 0 to 1.
fn signed(number: f64) -> f64 {
    2.0 * number - 1.0
}

/// Number `index` of the row `seed`: from 0 to 1 (exclusive), all equally likely.
/// SplitMix64 (Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*,
/// 2014), which needs none of the numbers before.
fn random(seed: u64, index: u64) -> f64 {
    let state = (seed << 40) + index + 1;
    let mut z = state.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
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
    fn a_loop_is_twenty_seven_seconds_and_a_bit() {
        // 27.183 s at 8 kHz are 217,464 frames; at 44.1 kHz 1,198,770.3.
        assert_eq!(noise(BedNoise::Brown, LOW).len(), 217_464);
        assert_eq!(noise(BedNoise::Brown, SampleRate::CD).len(), 1_198_770);
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

    #[test]
    fn filters_have_forgotten_how_they_began() {
        // One more turn over the same white noise comes to the same numbers.
        let once = filtered(LOW, &BROWN);
        let hz = f64::from(LOW.hz());
        let share = |corner| 1.0 - libm::exp(-TAU * corner / hz);
        let mut poles = [40.0, 30.0, 30.0].map(|hz| Pole { share: share(hz), state: 0.0 });
        let gain = BROWN.gain * libm::sqrt(1.5 * hz);
        let length = once.len() as u64;
        for n in 0..length + 100 {
            let white = gain * signed(random(BROWN.seed, n % length));
            let [low, first, second] = &mut poles;
            let lowered = low.low(white);
            let higher = lowered - first.low(lowered);
            let sample = higher - second.low(higher);
            if n >= length {
                assert!((sample - once[(n - length) as usize]).abs() < 1e-12, "frame {n}");
            }
        }
    }

    #[test]
    fn a_drop_at_the_end_rings_on_at_the_start() {
        let drop = |at_seconds| {
            let drop = Drop { at_seconds, hz: 900.0, amplitude: 0.1, decay_seconds: 0.005 };
            let mut samples = vec![0.0; 1_000];
            add_drop(&mut samples, drop, 1_000.0 * 8.0);
            samples
        };
        // At 8 kHz a buffer of 1,000 frames is 0.125 s: 10 frames before its end, and 310.
        let (mut late, early) = (drop(0.123_75), drop(0.086_25));
        late.rotate_left(300);
        assert!(late.iter().zip(&early).all(|(a, b)| (a - b).abs() < 1e-12));
        assert!(early[691..700].iter().all(|sample| *sample != 0.0));
    }

    #[test]
    fn a_drop_is_its_formula() {
        let drop = Drop { at_seconds: 0.01003, hz: 1_234.0, amplitude: 0.2, decay_seconds: 0.004 };
        let mut samples = vec![0.0; 8_000];
        add_drop(&mut samples, drop, 8_000.0);
        for (n, sample) in samples.iter().enumerate().take(370).skip(81) {
            let t = n as f64 / 8_000.0 - 0.01003;
            let swell = 1.0 - (-t / 0.001).exp();
            let expected = 0.2 * (TAU * 1_234.0 * t).sin() * (-t / 0.004).exp() * swell;
            assert!((sample - expected).abs() < 1e-9, "frame {n}");
        }
        assert!(samples[..81].iter().chain(&samples[380..]).all(|sample| *sample == 0.0));
    }

    #[test]
    fn every_second_is_as_loud_as_the_loop() {
        for kind in all() {
            let samples = noise(kind, LOW);
            let whole = power(&samples);
            for (n, second) in samples.chunks_exact(8_000).enumerate() {
                let differs = decibels(power(second) / whole);
                assert!(differs.abs() < 1.5, "{kind}, second {n}: {differs} dB");
            }
        }
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
                assert!(peak < 1.0 && (11.0..16.0).contains(&crest), "{kind}: {peak}, {crest} dB");
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
    fn a_noise_is_alike_at_every_rate() {
        let other = SampleRate::new(22_050).unwrap();
        for kind in all() {
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
        let hashes = [hash(BedNoise::Rain), hash(BedNoise::Brown)];
        assert_eq!(hashes, [0x10c7_4b3f_ce53_a11f, 0xca0d_3b8e_f7b8_15ff], "{hashes:#x?}");
    }

    #[test]
    fn a_recording_is_crossfaded_into_itself() {
        // At 4 Hz two seconds are 8 frames, and a quarter of them is 2. The crossfade
        // stands at 22.5° and 67.5°, whose sines are 0.382683 and 0.923880.
        let recording = [0.5, 0.5, 0.1, 0.2, 0.3, 0.4, 0.25, 0.25];
        let looped = looped(&recording, SampleRate::new(4).unwrap()).unwrap();
        let expected = [0.422_311_6, 0.557_610_7, 0.1, 0.2, 0.3, 0.4];
        assert_eq!(looped.len(), expected.len());
        for (sample, expected) in looped.iter().zip(expected) {
            assert!((sample - expected).abs() < 1e-6, "{sample} for {expected}");
        }
    }

    #[test]
    fn a_crossfade_has_two_seconds_at_most_and_a_recording_one_at_least() {
        let rate = SampleRate::new(4).unwrap();
        let length = |frames| looped(&vec![0.5; frames], rate).map(|looped| looped.len());
        // 40 frames less 8, not less 10; 4 less 1; 3 are no second.
        assert_eq!([length(40), length(4), length(3), length(0)], [Some(32), Some(3), None, None]);
    }
}
