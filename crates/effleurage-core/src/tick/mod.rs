//! The sounds of the strokes, computed or a person's own.
//!
//! A computed one is a few sine partials under a soft envelope: band-limited, without
//! a click, the same to the bit on every machine (`libm`, no platform's own sine).
//! All have enough above 500 Hz for the loudspeaker of a phone. What they are made of
//! stands in `timbre.rs`; what becomes of a person's clip is told by [`own()`].

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use crate::fade::raised_cosine;
use crate::timeline::{Kit, Pace, Pitch, Tick, Timeline};
use crate::units::{Decibels, Length, SampleRate};

mod own;
mod timbre;

pub use own::own;
use timbre::{Partial, Timbre, timbre};

/// The loudest tick. A voice at its ceiling of -2 dBTP plus such a tick, lowered
/// by the ducking, stays below -1 dBTP.
pub const LOUDEST: Decibels = Decibels(-13.0);
/// The part of the sound, at its end, that fades to nothing.
const FADE_SHARE: f64 = 0.3;

/// Every different tick of `timeline`, and its length.
pub fn lengths(timeline: &Timeline) -> BTreeMap<Tick, Length> {
    let events = timeline.paces.iter().flat_map(Pace::first_pass);
    events.map(|event| (event.tick, event.tick.length)).collect()
}

/// The samples of `tick`, exactly as many as its length; for a tick from a person's
/// `own` clip, never more than the clip has.
pub fn samples(tick: Tick, rate: SampleRate, own: &[f32]) -> Vec<f32> {
    match tick.kit {
        Kit::BuiltIn(kit) => rung(&timbre(kit, tick.sound, tick.accent), tick, rate),
        Kit::Own { .. } => own::played(own, tick),
    }
}

/// A tone of `timbre` at the pitch and of the length of `tick`.
fn rung(timbre: &Timbre, tick: Tick, rate: SampleRate) -> Vec<f32> {
    let frames_per_second = f64::from(rate.hz());
    let seconds = tick.length.0 as f64 / frames_per_second;
    let hz = Pitch::LOWEST_HZ * libm::pow(2.0, f64::from(tick.pitch.cents) / 1200.0);
    let partials = audible(timbre, hz, frames_per_second / 2.0);
    let sum: f64 = timbre.partials.iter().map(|(_, amplitude)| amplitude).sum();
    let level = (LOUDEST + timbre.level).as_amplitude() / sum;
    // Half a frame in, so that not even the first sample is zero.
    let times = (0..tick.length.0).map(|n| (n as f64 + 0.5) / frames_per_second);
    let sample = |t: f64| {
        let tone = tone(timbre, &partials, hz, t);
        (level * tone * envelope(t, seconds, timbre)) as f32
    };
    times.map(sample).collect()
}

/// The partials of a tone of `hz` that stay below `nyquist` all along their glide.
fn audible(timbre: &Timbre, hz: f64, nyquist: f64) -> Vec<Partial> {
    let highest = hz * (1.0 + timbre.glide.max(0.0));
    let below = |(ratio, _): &Partial| ratio * highest < nyquist;
    timbre.partials.iter().copied().filter(below).collect()
}

/// The sum of the partials at `t` seconds. The frequency is
/// hz · (1 + glide · e^(-t/g)), g being the glide's time; the phase, its integral.
fn tone(timbre: &Timbre, partials: &[Partial], hz: f64, t: f64) -> f64 {
    let arrived = 1.0 - libm::exp(-t / timbre.glide_seconds);
    let glided = timbre.glide_seconds * arrived * timbre.glide;
    let phase = TAU * hz * (t + glided);
    let partial = |(ratio, amplitude): &Partial| {
        let damped = libm::exp(-t * timbre.damping * (ratio - 1.0));
        damped * amplitude * libm::sin(ratio * phase)
    };
    partials.iter().map(partial).sum()
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
    use crate::routine::words::{TickKit, Word};
    use crate::timeline::Sound;

    fn tick_of(kit: TickKit, sound: Sound, accent: bool, cents: u16, length: u64) -> Tick {
        let kit = Kit::BuiltIn(kit);
        Tick { kit, sound, accent, pitch: Pitch { cents }, length: Length(length) }
    }

    fn tick(kit: TickKit, sound: Sound, accent: bool, cents: u16, millis: u64) -> Vec<f32> {
        samples(tick_of(kit, sound, accent, cents, 44_100 * millis / 1000), SampleRate::CD, &[])
    }

    const STROKES: [(Sound, bool); 6] = [
        (Sound::Circle, true),
        (Sound::Circle, false),
        (Sound::Press, true),
        (Sound::Press, false),
        (Sound::Release, true),
        (Sound::Release, false),
    ];
    const COUNTS: [(Sound, bool); 2] = [(Sound::Count, true), (Sound::Count, false)];

    /// Every sound of every kit.
    fn all() -> impl Iterator<Item = (TickKit, Sound, bool)> {
        let sounds = || STROKES.into_iter().chain(COUNTS);
        TickKit::ALL
            .iter()
            .flat_map(move |(_, kit)| sounds().map(|(sound, accent)| (*kit, sound, accent)))
    }

    fn peak(samples: &[f32]) -> f32 {
        samples.iter().fold(0.0, |peak, sample| sample.abs().max(peak))
    }

    #[test]
    fn ticks_begin_and_end_without_a_click() {
        for (kit, sound, accent) in all() {
            for millis in [10, 40, 110] {
                let samples = tick(kit, sound, accent, 700, millis);
                let (first, last) = (samples[0], samples[samples.len() - 1]);
                assert!(
                    first != 0.0 && first.abs() < 1e-3,
                    "{kit} {sound:?} {millis} ms begins at {first}"
                );
                assert!(last.abs() < 1e-4, "{kit} {sound:?} {millis} ms ends at {last}");
            }
        }
    }

    #[test]
    fn no_tick_is_louder_than_the_loudest() {
        let loudest = LOUDEST.as_amplitude() as f32;
        for (kit, sound, accent) in all() {
            for cents in [0, 702, 1404] {
                let peak = peak(&tick(kit, sound, accent, cents, 110));
                assert!(peak <= loudest && peak > loudest / 8.0, "{kit} {sound:?}: {peak}");
            }
        }
    }

    #[test]
    fn a_tick_is_the_same_on_every_machine() {
        // FNV-1a over the bits of every sample; computed once, to stay for ever.
        let hash = |kit: TickKit, sounds: &[(Sound, bool)]| {
            let samples =
                sounds.iter().flat_map(|(sound, accent)| tick(kit, *sound, *accent, 702, 110));
            samples.flat_map(f32::to_le_bytes).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
        };
        let pinned = |kit| [hash(kit, &STROKES), hash(kit, &COUNTS)];
        for (kit, expected) in [
            (TickKit::Soft, [0x6369_b216_3380_d022, 0x4e1a_a2b6_5b8a_fabb]),
            (TickKit::Wood, [0x8de8_dc3d_67b7_1633, 0xd749_7d1a_d9b7_5e54]),
            (TickKit::Drop, [0x97cf_0fe0_8332_d875, 0x89ee_24bd_d577_c047]),
        ] {
            assert_eq!(pinned(kit), expected, "{kit}: {:#x?}", pinned(kit));
        }
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
        let circle = |hz: u32| {
            let tick = tick_of(TickKit::Soft, Sound::Circle, true, 1404, u64::from(hz) / 10);
            samples(tick, SampleRate::new(hz).unwrap(), &[])
        };
        let third_at_8k = level_at(&circle(8_000), 2_700.0, 8_000.0);
        let folded_at_4k = level_at(&circle(4_000), 1_300.0, 4_000.0);
        assert!(folded_at_4k < third_at_8k / 10.0, "{folded_at_4k} against {third_at_8k}");
    }

    #[test]
    fn no_partial_is_lost_at_the_lowest_rate_of_a_track() {
        // But for one: the fourth of the soft press, which is bright enough without it.
        let fourth = (TickKit::Soft, Sound::Press, true);
        for (kit, sound, accent) in all().filter(|sound| *sound != fourth) {
            let timbre = timbre(kit, sound, accent);
            assert_eq!(audible(&timbre, 900.0, 4_000.0), timbre.partials, "{kit} {sound:?}");
        }
    }

    #[test]
    fn a_phone_can_play_every_tick() {
        // What a high-pass of one pole at 500 Hz leaves is heard: no less than a third.
        for (kit, sound, accent) in all() {
            let samples = tick(kit, sound, accent, 0, 110);
            let share = libm::exp(-TAU * 500.0 / 44_100.0) as f32;
            let (mut low, mut high) = (0.0_f32, Vec::new());
            for sample in &samples {
                low = share * low + (1.0 - share) * sample;
                high.push(sample - low);
            }
            let energy = |samples: &[f32]| samples.iter().map(|x| x * x).sum::<f32>();
            let left = energy(&high) / energy(&samples);
            assert!(left > 1.0 / 3.0, "{kit} {sound:?}: {left}");
        }
    }
}
