//! The sounds of the strokes, computed.
//!
//! Each is a few sine partials under a soft envelope: band-limited, without a
//! click, the same to the bit on every machine (`libm`, no platform's own sine).
//! A circle is round and long, a press is rich and falls, a release is short and
//! rises. All have enough above 500 Hz for the loudspeaker of a phone.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use crate::fade::raised_cosine;
use crate::timeline::{Pitch, Sound, Tick, Timeline};
use crate::units::{Decibels, SampleRate};

/// The loudest tick. A voice at its ceiling of -2 dBTP plus such a tick, lowered
/// by the ducking, stays below -1 dBTP.
pub const LOUDEST: Decibels = Decibels(-13.0);

/// What makes up a sound.
struct Timbre {
    /// Level below [`LOUDEST`].
    level: Decibels,
    /// Amplitudes of the fundamental and its harmonics.
    partials: &'static [f64],
    /// How long the sound takes to rise.
    attack_seconds: f64,
    /// The time in which it falls to 1/e.
    decay_seconds: f64,
    /// How far the tone starts above (or below) its pitch, as a share of it.
    glide: f64,
}

/// The time in which a glide has mostly arrived.
const GLIDE_SECONDS: f64 = 0.02;
/// The part of the sound, at its end, that fades to nothing.
const FADE_SHARE: f64 = 0.3;

fn timbre(sound: Sound, accent: bool) -> Timbre {
    let timbre = |level, partials, attack_ms: f64, decay_ms: f64, glide| Timbre {
        level: Decibels(level),
        partials,
        attack_seconds: attack_ms / 1000.0,
        decay_seconds: decay_ms / 1000.0,
        glide,
    };
    match (sound, accent) {
        (Sound::Circle, true) => timbre(0.0, &[1.0, 0.6, 0.3], 9.0, 34.0, 0.0),
        (Sound::Circle, false) => timbre(-4.0, &[1.0, 0.4, 0.15], 11.0, 34.0, 0.0),
        (Sound::Press, true) => timbre(0.0, &[1.0, 0.8, 0.6, 0.4], 5.0, 24.0, 0.25),
        (Sound::Press, false) => timbre(-4.0, &[1.0, 0.6, 0.4], 6.0, 24.0, 0.25),
        (Sound::Release, true) => timbre(-2.0, &[1.0, 0.6, 0.1], 7.0, 20.0, -0.2),
        (Sound::Release, false) => timbre(-4.0, &[1.0, 0.6], 8.0, 20.0, -0.2),
    }
}

/// Every different tick of `timeline`, with its samples.
pub fn bank(timeline: &Timeline) -> BTreeMap<Tick, Vec<f32>> {
    let mut bank = BTreeMap::new();
    for pace in &timeline.paces {
        for event in pace.first_pass() {
            bank.entry(event.tick).or_insert_with(|| samples(event.tick, timeline.sample_rate));
        }
    }
    bank
}

/// The samples of `tick`, exactly as many as its length.
pub fn samples(tick: Tick, rate: SampleRate) -> Vec<f32> {
    let timbre = timbre(tick.sound, tick.accent);
    let hz = Pitch::LOWEST_HZ * libm::pow(2.0, f64::from(tick.pitch.cents) / 1200.0);
    let frames_per_second = f64::from(rate.hz());
    let seconds = tick.length.0 as f64 / frames_per_second;
    let nyquist = frames_per_second / 2.0;
    let sum: f64 = timbre.partials.iter().sum();
    let level = (LOUDEST + timbre.level).as_amplitude() / sum;
    // Half a frame in, so that not even the first sample is zero.
    let times = (0..tick.length.0).map(|n| (n as f64 + 0.5) / frames_per_second);
    let sample = |t: f64| {
        let glided = GLIDE_SECONDS * (1.0 - libm::exp(-t / GLIDE_SECONDS)) * timbre.glide;
        let phase = TAU * hz * (t + glided);
        let highest = hz * (1.0 + timbre.glide.max(0.0));
        let heard = |k: &usize| *k as f64 * highest < nyquist;
        let tone: f64 = (1..=timbre.partials.len())
            .filter(heard)
            .map(|k| timbre.partials[k - 1] * libm::sin(k as f64 * phase))
            .sum();
        (level * tone * envelope(t, seconds, &timbre)) as f32
    };
    times.map(sample).collect()
}

/// Rises in a raised cosine, decays, and fades to nothing at the end.
fn envelope(t: f64, seconds: f64, timbre: &Timbre) -> f64 {
    let attack = timbre.attack_seconds.min(seconds / 4.0);
    let fade = seconds * FADE_SHARE;
    let rise = raised_cosine(t / attack);
    let fall = raised_cosine((seconds - t) / fade);
    rise * fall * libm::exp(-(t - attack).max(0.0) / timbre.decay_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Length;

    fn tick(sound: Sound, accent: bool, cents: u16, millis: u64) -> Vec<f32> {
        let length = Length(44_100 * millis / 1000);
        samples(Tick { sound, accent, pitch: Pitch { cents }, length }, SampleRate::CD)
    }

    const SOUNDS: [(Sound, bool); 6] = [
        (Sound::Circle, true),
        (Sound::Circle, false),
        (Sound::Press, true),
        (Sound::Press, false),
        (Sound::Release, true),
        (Sound::Release, false),
    ];

    #[test]
    fn ticks_begin_and_end_without_a_click() {
        for (sound, accent) in SOUNDS {
            for millis in [10, 40, 110] {
                let samples = tick(sound, accent, 700, millis);
                let (first, last) = (samples[0], samples[samples.len() - 1]);
                assert!(
                    first != 0.0 && first.abs() < 1e-3,
                    "{sound:?} {millis} ms begins at {first}"
                );
                assert!(last.abs() < 1e-4, "{sound:?} {millis} ms ends at {last}");
            }
        }
    }

    #[test]
    fn no_tick_is_louder_than_the_loudest() {
        let loudest = LOUDEST.as_amplitude() as f32;
        for (sound, accent) in SOUNDS {
            let peak =
                tick(sound, accent, 0, 110).iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
            assert!(peak <= loudest && peak > loudest / 8.0, "{sound:?}: {peak}");
        }
    }

    #[test]
    fn a_tick_is_the_same_on_every_machine() {
        // FNV-1a over the bits of every sample; computed once, to stay for ever.
        let hash = SOUNDS.iter().flat_map(|(sound, accent)| tick(*sound, *accent, 702, 110));
        let hash =
            hash.flat_map(|sample| sample.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
                (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
            });
        assert_eq!(hash, 0x6369_b216_3380_d022, "{hash:#x}");
    }

    /// The level of `samples` at `hz`, by correlation with a sine and a cosine.
    fn level_at(samples: &[f32], hz: f64, rate: f64) -> f64 {
        let turn = |n: usize| TAU * hz * n as f64 / rate;
        let (mut sine, mut cosine) = (0.0, 0.0);
        for (n, sample) in samples.iter().enumerate() {
            sine += f64::from(*sample) * turn(n).sin();
            cosine += f64::from(*sample) * turn(n).cos();
        }
        sine.hypot(cosine)
    }

    #[test]
    fn partials_above_half_the_rate_are_left_out() {
        // The third partial of 900 Hz is 2700 Hz. At 4 kHz it would fold back to 1300 Hz.
        let pitch = Pitch { cents: 1404 };
        let circle = |hz: u32| {
            let length = Length(u64::from(hz) / 10);
            let tick = Tick { sound: Sound::Circle, accent: true, pitch, length };
            samples(tick, SampleRate::new(hz).unwrap())
        };
        let third_at_8k = level_at(&circle(8_000), 2_700.0, 8_000.0);
        let folded_at_4k = level_at(&circle(4_000), 1_300.0, 4_000.0);
        assert!(folded_at_4k < third_at_8k / 10.0, "{folded_at_4k} against {third_at_8k}");
    }
}
