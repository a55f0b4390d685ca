//! The chimes, computed: they open and close a track, open and close a pause, and say
//! that a zone is about to end.
//!
//! All are sums of sines of 396, 594, 792 and 1188 Hz, a fifth over a fifth and their
//! octaves: calm, no melody, and in tune with each other and with the pad.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use crate::fade::raised_cosine;
use crate::timeline::{ChimeKind, Timeline};
use crate::units::{Decibels, Length, SampleRate};

/// A tone within a chime.
struct Tone {
    hz: f64,
    /// Beside the others; those that sound together add up to 1.
    amplitude: f64,
    /// When it begins, as a share of the chime.
    begins: f64,
}

const fn tone(hz: f64, amplitude: f64, begins: f64) -> Tone {
    Tone { hz, amplitude, begins }
}

/// A fifth and an octave over the lowest tone.
const CHORD: [Tone; 3] = [tone(396.0, 0.5, 0.0), tone(594.0, 0.3, 0.0), tone(792.0, 0.2, 0.0)];
/// A falling fifth, each tone with a softer octave, which a phone's loudspeaker plays.
const FALLING: [Tone; 4] = [
    tone(594.0, 0.42, 0.0),
    tone(1_188.0, 0.08, 0.0),
    tone(396.0, 0.4, SECOND_TONE),
    tone(792.0, 0.1, SECOND_TONE),
];
/// The same fifth, rising.
const RISING: [Tone; 4] = [
    tone(396.0, 0.4, 0.0),
    tone(792.0, 0.1, 0.0),
    tone(594.0, 0.42, SECOND_TONE),
    tone(1_188.0, 0.08, SECOND_TONE),
];
/// The second tone of a pause's chime, when a third of it is over.
const SECOND_TONE: f64 = 0.3;
/// A small bell, far away.
const BELL: [Tone; 2] = [tone(792.0, 0.75, 0.0), tone(1_188.0, 0.25, 0.0)];

/// Every different chime of `timeline`, and its length.
pub fn lengths(timeline: &Timeline) -> BTreeMap<(ChimeKind, Length), Length> {
    timeline.chimes.iter().map(|chime| (chime.sound(), chime.range.length)).collect()
}

/// A peak that no chime of this kind exceeds. The loudest tick is at -13 dBFS.
pub fn loudest(kind: ChimeKind) -> Decibels {
    match kind {
        ChimeKind::Opening | ChimeKind::Closing => Decibels(-17.0),
        ChimeKind::PauseStart | ChimeKind::PauseEnd => Decibels(-19.0),
        // Strokes go on under it.
        ChimeKind::Soon => Decibels(-21.0),
    }
}

fn tones(kind: ChimeKind) -> &'static [Tone] {
    match kind {
        ChimeKind::Opening | ChimeKind::Closing => &CHORD,
        ChimeKind::PauseStart => &FALLING,
        ChimeKind::PauseEnd => &RISING,
        ChimeKind::Soon => &BELL,
    }
}

/// The samples of a chime of `length`, one a frame, full scale at 1.
pub fn samples(kind: ChimeKind, length: Length, rate: SampleRate) -> Vec<f32> {
    let frames_per_second = f64::from(rate.hz());
    let seconds = length.0 as f64 / frames_per_second;
    let level = loudest(kind).as_amplitude();
    let audible = || tones(kind).iter().filter(|tone| tone.hz < frames_per_second / 2.0);
    let sample = |n: u64| {
        let t = (n as f64 + 0.5) / frames_per_second;
        let sounding = audible().map(|tone| {
            let since = t - tone.begins * seconds;
            tone.amplitude * envelope(kind, since, t / seconds) * libm::sin(TAU * tone.hz * since)
        });
        (level * sounding.sum::<f64>()) as f32
    };
    (0..length.0).map(sample).collect()
}

/// How loud a tone is `t` seconds after it began, at the share `x` of the whole chime.
///
/// The opening chime swells and ebbs; the closing one is struck softly and rings. So do
/// the others, each of which takes so long to rise that nobody is startled.
fn envelope(kind: ChimeKind, t: f64, x: f64) -> f64 {
    let struck = |rise: f64, decay: f64| match t {
        t if t <= 0.0 => 0.0,
        t => raised_cosine(t / rise) * libm::exp(-t / decay) * raised_cosine((1.0 - x) / 0.5),
    };
    match kind {
        ChimeKind::Opening => raised_cosine(x / 0.6) * raised_cosine((1.0 - x) / 0.4),
        ChimeKind::Closing => struck(0.03, 0.7),
        ChimeKind::PauseStart | ChimeKind::PauseEnd => struck(0.04, 0.45),
        ChimeKind::Soon => struck(0.03, 0.4),
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    const SHORT: [ChimeKind; 3] = [ChimeKind::PauseStart, ChimeKind::PauseEnd, ChimeKind::Soon];

    /// The chime as it is planned.
    fn chime(kind: ChimeKind, rate: SampleRate) -> Vec<f32> {
        samples(kind, rate.length_of(kind.lasts()), rate)
    }

    fn peak(samples: &[f32]) -> f32 {
        samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()))
    }

    fn decibels(samples: &[f32]) -> f64 {
        20.0 * f64::from(peak(samples)).log10()
    }

    /// The power at `hz`, in decibels below that of a sine of full scale.
    fn at(samples: &[f32], rate: SampleRate, hz: f64) -> f64 {
        let part = |shape: fn(f64) -> f64| -> f64 {
            let turn = |n: usize| shape(TAU * hz * n as f64 / f64::from(rate.hz()));
            samples.iter().enumerate().map(|(n, x)| f64::from(*x) * turn(n)).sum()
        };
        let sum = part(f64::sin).powi(2) + part(f64::cos).powi(2);
        10.0 * (4.0 * sum / (samples.len() as f64).powi(2)).log10()
    }

    #[test]
    fn the_opening_rises_out_of_silence_and_falls_back() {
        let chime = samples(ChimeKind::Opening, Length(44_100), SampleRate::CD);
        let peak = |range: Range<usize>| peak(&chime[range]);
        assert_eq!(chime.len(), 44_100);
        assert!(peak(0..441) < 1e-4 && peak(43_659..44_100) < 1e-3);
        assert!(
            peak(0..10_000) < peak(10_000..20_000) && peak(10_000..20_000) < peak(20_000..30_000)
        );
    }

    #[test]
    fn the_closing_rings_out() {
        let chime = samples(ChimeKind::Closing, Length(110_250), SampleRate::CD);
        assert!(chime[0].abs() < 1e-4 && chime[110_249].abs() < 1e-6);
    }

    #[test]
    fn the_short_ones_begin_and_end_in_nothing_and_never_jump() {
        for hz in [8_000, 44_100, 192_000] {
            let rate = SampleRate::new(hz).unwrap();
            for kind in SHORT {
                let chime = chime(kind, rate);
                let ten_ms = hz as usize / 100;
                assert!(chime[0].abs() < 1e-4 && chime[chime.len() - 1].abs() < 1e-5, "{kind:?}");
                // The attack takes 30 to 40 ms: at 10 of 30 a raised cosine has a quarter, 12
                // dB less, and the peak may come a little later and lower than its end.
                assert!(decibels(&chime[..ten_ms]) < decibels(&chime) - 10.0, "{kind:?}");
                // A sine of 1188 Hz at the peak changes by 2π · 1188 / rate of it, at most.
                let steps = chime.windows(2).map(|pair| (pair[1] - pair[0]).abs());
                let most = peak(&chime) * 7_465.0 / hz as f32;
                assert!(steps.fold(0.0, f32::max) < most, "{kind:?} at {hz} Hz");
            }
        }
    }

    #[test]
    fn the_short_ones_are_softer_than_the_opening_and_the_loudest_tick() {
        let opening = decibels(&chime(ChimeKind::Opening, SampleRate::CD));
        for kind in SHORT {
            let level = decibels(&chime(kind, SampleRate::CD));
            assert!(level < opening - 2.0 && level <= loudest(kind).0, "{kind:?}: {level} dBFS");
            assert!((-30.0..-16.0).contains(&level), "{kind:?}: {level} dBFS");
        }
        let soon = decibels(&chime(ChimeKind::Soon, SampleRate::CD));
        assert!(soon < -13.0 - 6.0, "ticks stand out of it: {soon} dBFS");
    }

    #[test]
    fn a_pause_opens_with_a_falling_fifth_and_closes_with_a_rising_one() {
        let rate = SampleRate::CD;
        let fifth = |kind| {
            let chime = chime(kind, rate);
            // The first tone alone, and the time after the second began.
            [0..15_000, 17_000..40_000].map(|range: Range<usize>| {
                let part = &chime[range];
                at(part, rate, 594.0) - at(part, rate, 396.0)
            })
        };
        let ([high, low], [first, second]) =
            (fifth(ChimeKind::PauseStart), fifth(ChimeKind::PauseEnd));
        assert!(high > 20.0 && low < -3.0, "{high} dB, then {low} dB");
        assert!(first < -20.0 && second > 3.0, "{first} dB, then {second} dB");
    }

    #[test]
    fn the_short_ones_have_nothing_below_and_nothing_above() {
        let rate = SampleRate::CD;
        for kind in SHORT {
            let chime = chime(kind, rate);
            let strongest = [396.0, 594.0, 792.0].map(|hz| at(&chime, rate, hz));
            let strongest = strongest.into_iter().fold(f64::NEG_INFINITY, f64::max);
            for hz in [60.0, 150.0, 250.0, 1_500.0, 2_000.0, 4_000.0, 8_000.0] {
                let below = strongest - at(&chime, rate, hz);
                assert!(below > 50.0, "{kind:?}: {hz} Hz is {below} dB below");
            }
        }
    }
}
