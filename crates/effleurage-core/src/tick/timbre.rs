//! What the sounds of the strokes are made of, kit by kit.
//!
//! In every kit a press lies low, a release is short and lies higher, and a circle
//! rings longest; what counts in is a dry tap far above them. At the highest pitch all
//! partials but one are below 4 kHz, half of the lowest rate of a track.

use crate::routine::words::TickKit;
use crate::timeline::Sound;
use crate::units::Decibels;

/// A sine: how often the pitch is its frequency, and its amplitude among the others.
pub type Partial = (f64, f64);

/// What makes up a sound.
pub struct Timbre {
    /// Level below [`LOUDEST`](super::LOUDEST).
    pub level: Decibels,
    /// The sines.
    pub partials: &'static [Partial],
    /// How long the sound takes to rise.
    pub attack_seconds: f64,
    /// The time in which it falls to 1/e.
    pub decay_seconds: f64,
    /// How much sooner a higher partial falls: by so much a second for each time that
    /// the pitch is in its frequency, beyond the first.
    pub damping: f64,
    /// How far the tone starts above (or below) its pitch, as a share of it.
    pub glide: f64,
    /// The time in which a glide has mostly arrived.
    pub glide_seconds: f64,
}

impl Timbre {
    /// A tone that neither glides nor loses its height; times in milliseconds.
    const fn new(level: f64, partials: &'static [Partial], attack: f64, decay: f64) -> Timbre {
        Timbre {
            level: Decibels(level),
            partials,
            attack_seconds: attack / 1000.0,
            decay_seconds: decay / 1000.0,
            damping: 0.0,
            glide: 0.0,
            glide_seconds: 0.02,
        }
    }

    const fn glide(self, glide: f64) -> Timbre {
        Timbre { glide, ..self }
    }

    const fn within(self, milliseconds: f64) -> Timbre {
        Timbre { glide_seconds: milliseconds / 1000.0, ..self }
    }

    const fn damping(self, damping: f64) -> Timbre {
        Timbre { damping, ..self }
    }
}

/// What `sound` is made of in `kit`, `accent` telling strong from weak.
pub fn timbre(kit: TickKit, sound: Sound, accent: bool) -> Timbre {
    match kit {
        TickKit::Soft => soft(sound, accent),
        TickKit::Wood => wood(sound, accent),
        TickKit::Drop => drop(sound, accent),
    }
}

/// Whole harmonics: a circle is round and long, a press is rich and falls, a release is
/// short and rises.
fn soft(sound: Sound, accent: bool) -> Timbre {
    use Timbre as T;
    match (sound, accent) {
        (Sound::Circle, true) => T::new(0.0, &[(1.0, 1.0), (2.0, 0.6), (3.0, 0.3)], 9.0, 34.0),
        (Sound::Circle, false) => T::new(-4.0, &[(1.0, 1.0), (2.0, 0.4), (3.0, 0.15)], 11.0, 34.0),
        (Sound::Press, true) => {
            let partials = &[(1.0, 1.0), (2.0, 0.8), (3.0, 0.6), (4.0, 0.4)];
            T::new(0.0, partials, 5.0, 24.0).glide(0.25)
        }
        (Sound::Press, false) => {
            T::new(-4.0, &[(1.0, 1.0), (2.0, 0.6), (3.0, 0.4)], 6.0, 24.0).glide(0.25)
        }
        (Sound::Release, true) => {
            T::new(-2.0, &[(1.0, 1.0), (2.0, 0.6), (3.0, 0.1)], 7.0, 20.0).glide(-0.2)
        }
        (Sound::Release, false) => T::new(-4.0, &[(1.0, 1.0), (2.0, 0.6)], 8.0, 20.0).glide(-0.2),
        (Sound::Count, true) => T::new(-1.0, &[(3.0, 1.0), (4.0, 0.5)], 3.0, 9.0),
        (Sound::Count, false) => T::new(-5.0, &[(3.0, 1.0), (4.0, 0.3)], 4.0, 9.0),
    }
}

/// A bar that is free at both ends, whose second mode is 2.756 times its first
/// (Fletcher and Rossing, *The Physics of Musical Instruments*, section 2.15): a low
/// block for a press, higher ones for a circle and a release.
fn wood(sound: Sound, accent: bool) -> Timbre {
    const LOW: &[Partial] = &[(1.0, 1.0), (2.756, 0.6)];
    const LOW_WEAK: &[Partial] = &[(1.0, 1.0), (2.756, 0.35)];
    const MIDDLE: &[Partial] = &[(1.4, 1.0), (1.4 * 2.756, 0.5)];
    const MIDDLE_WEAK: &[Partial] = &[(1.4, 1.0), (1.4 * 2.756, 0.25)];
    const HIGH: &[Partial] = &[(2.0, 1.0)];
    const DRY: &[Partial] = &[(3.2, 1.0), (4.3, 0.5)];
    use Timbre as T;
    let (timbre, damping) = match (sound, accent) {
        (Sound::Circle, true) => (T::new(0.0, MIDDLE, 3.0, 22.0), 12.0),
        (Sound::Circle, false) => (T::new(-4.0, MIDDLE_WEAK, 4.0, 20.0), 12.0),
        (Sound::Press, true) => (T::new(0.0, LOW, 3.0, 22.0), 15.0),
        (Sound::Press, false) => (T::new(-4.0, LOW_WEAK, 4.0, 20.0), 15.0),
        (Sound::Release, true) => (T::new(-2.0, HIGH, 4.0, 12.0), 0.0),
        (Sound::Release, false) => (T::new(-4.0, HIGH, 4.0, 12.0), 0.0),
        (Sound::Count, true) => (T::new(-1.0, DRY, 2.0, 6.0), 0.0),
        (Sound::Count, false) => (T::new(-5.0, DRY, 3.0, 6.0), 0.0),
    };
    timbre.damping(damping)
}

/// The air in a bubble sounds higher as the bubble nears the surface (van den Doel,
/// *Physically Based Models for Liquid Sounds*, 2005), so every drop glides up: a press
/// from far below, a release quickly.
fn drop(sound: Sound, accent: bool) -> Timbre {
    const LOW: &[Partial] = &[(1.3, 1.0), (2.6, 0.6)];
    const MIDDLE: &[Partial] = &[(2.0, 1.0), (4.0, 0.25)];
    const MIDDLE_WEAK: &[Partial] = &[(2.0, 1.0), (4.0, 0.1)];
    const HIGH: &[Partial] = &[(3.0, 1.0)];
    const DRY: &[Partial] = &[(4.0, 1.0)];
    use Timbre as T;
    match (sound, accent) {
        (Sound::Circle, true) => T::new(-1.0, MIDDLE, 6.0, 26.0).glide(-0.45).within(18.0),
        (Sound::Circle, false) => T::new(-5.0, MIDDLE_WEAK, 7.0, 26.0).glide(-0.45).within(18.0),
        (Sound::Press, true) => T::new(0.0, LOW, 6.0, 26.0).glide(-0.5).within(30.0),
        (Sound::Press, false) => T::new(-4.0, LOW, 7.0, 26.0).glide(-0.5).within(30.0),
        (Sound::Release, true) => T::new(-3.0, HIGH, 5.0, 14.0).glide(-0.4).within(9.0),
        (Sound::Release, false) => T::new(-5.0, HIGH, 5.0, 14.0).glide(-0.4).within(9.0),
        (Sound::Count, true) => T::new(-3.0, DRY, 3.0, 7.0),
        (Sound::Count, false) => T::new(-7.0, DRY, 4.0, 7.0),
    }
}
