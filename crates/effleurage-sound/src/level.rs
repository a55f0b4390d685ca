//! Every clip to one loudness, its peaks below a ceiling.

use super::limit::Limiter;
use super::loudness::{loudness, true_peak};
use effleurage_core::units::{Decibels, Lufs, SampleRate};

/// How loud the voice is, as heard from two loudspeakers.
pub const TARGET: Lufs = Lufs(-16.0);
/// The voice's true peaks stay below this, so that ticks fit under the track's -1 dBTP.
pub const CEILING: Decibels = Decibels(-2.0);
/// More gain than this would only raise noise.
const MOST_GAIN: Decibels = Decibels(46.0);
/// The limiter may take this much away: a bump against the microphone, but not a
/// click that is all there is.
const MOST_LIMITING: Decibels = Decibels(30.0);
/// Near enough to the target.
const TOLERANCE: f64 = 0.05;
/// What it takes at most until the gain is right, and until the ceiling is.
const MOST_ROUNDS: usize = 16;
const MOST_CEILINGS: usize = 4;

/// What clips are brought to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoudnessTarget {
    /// How loud they become, as heard from two loudspeakers.
    pub loudness: Lufs,
    /// What their true peaks stay below.
    pub ceiling: Decibels,
}

impl LoudnessTarget {
    /// That of a track in which nobody asked for a louder or softer voice.
    pub const USUAL: LoudnessTarget = LoudnessTarget { loudness: TARGET, ceiling: CEILING };
}

/// `samples` with the gain that brings their loudness to what is aimed at, peaks held
/// below its ceiling, and the loudness that came of it.
///
/// The limiter takes loudness away, so what counts is measured after it, and the
/// gain corrected until it fits. A sound of peaks alone (a click) cannot get there
/// and comes out quieter. `None` where there is no loudness to speak of.
pub fn level(samples: &[f32], rate: SampleRate, aim: LoudnessTarget) -> Option<(Vec<f32>, Lufs)> {
    // At full scale first: the meter would take what is recorded quietly for silence.
    let largest = samples.iter().fold(0.0_f32, |largest, sample| largest.max(sample.abs()));
    let recorded = Decibels::from_amplitude(f64::from(largest));
    let samples = &amplified(samples, -recorded);
    let before = loudness(samples, rate)?;
    let room = aim.ceiling + -true_peak(samples, rate);
    let most = (MOST_GAIN + recorded).0.min((room + MOST_LIMITING).0);
    let gain = Decibels((aim.loudness - before).0.min(most));
    let levelled = if gain.0 <= room.0 {
        Levelled { samples: amplified(samples, gain), loudness: Lufs(before.0 + gain.0) }
    } else {
        let limiter = Limiter::new(samples, rate);
        Leveller { limiter, rate, aim, first: gain.0, most }.below_ceiling()?
    };
    Some((levelled.samples, levelled.loudness))
}

/// A clip with a gain.
struct Levelled {
    samples: Vec<f32>,
    loudness: Lufs,
}

/// Looks for the gain of a clip whose peaks must be held.
struct Leveller<'a> {
    limiter: Limiter<'a>,
    rate: SampleRate,
    aim: LoudnessTarget,
    /// The gain, in decibels, that would do without a limiter.
    first: f64,
    /// The greatest gain, in decibels.
    most: f64,
}

impl Leveller<'_> {
    fn below_ceiling(&self) -> Option<Levelled> {
        let mut ceiling = self.aim.ceiling;
        let mut levelled = self.to_target(ceiling)?;
        for _ in 1..MOST_CEILINGS {
            // The gain's own movement can raise a peak between samples by a hair.
            let over = true_peak(&levelled.samples, self.rate) + -self.aim.ceiling;
            if over.0 <= 0.0 {
                return Some(levelled);
            }
            ceiling = Decibels(ceiling.0 - over.0 - 0.01);
            levelled = self.to_target(ceiling)?;
        }
        let over = (true_peak(&levelled.samples, self.rate) + -self.aim.ceiling).0.max(0.0);
        let samples = amplified(&levelled.samples, Decibels(-over));
        Some(Levelled { samples, loudness: Lufs(levelled.loudness.0 - over) })
    }

    /// The clip at the gain that brings it nearest to the target.
    ///
    /// Loudness grows with the gain, if slowly where peaks are held, so the gain is
    /// between one that is too small and one that is too great: it is guessed from the
    /// last two rounds, and halved in between where the guess is outside.
    fn to_target(&self, ceiling: Decibels) -> Option<Levelled> {
        let mut gain = self.first;
        let mut best = self.with_gain(gain, ceiling)?;
        let (mut least, mut most) = (self.first - 6.0, self.most);
        let (mut loudness, mut share) = (best.loudness, 1.0);
        for _ in 0..MOST_ROUNDS {
            let missing = (self.aim.loudness - loudness).0;
            if missing > 0.0 {
                least = gain;
            } else {
                most = gain;
            }
            if missing.abs() <= TOLERANCE || most - least <= TOLERANCE {
                break;
            }
            let guess = gain + missing / share;
            let inside = least < guess && guess < most;
            let next = if inside { guess } else { f64::midpoint(least, most) };
            let candidate = self.with_gain(next, ceiling)?;
            share = ((candidate.loudness - loudness).0 / (next - gain)).clamp(0.05, 1.0);
            (gain, loudness) = (next, candidate.loudness);
            let miss = |levelled: &Levelled| (self.aim.loudness - levelled.loudness).0.abs();
            if miss(&candidate) < miss(&best) {
                best = candidate;
            }
        }
        Some(best)
    }

    fn with_gain(&self, gain: f64, ceiling: Decibels) -> Option<Levelled> {
        let samples = self.limiter.amplified(Decibels(gain), ceiling);
        let loudness = loudness(&samples, self.rate)?;
        Some(Levelled { samples, loudness })
    }
}

fn amplified(samples: &[f32], gain: Decibels) -> Vec<f32> {
    let factor = gain.as_amplitude() as f32;
    samples.iter().map(|sample| sample * factor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Glottal-like pulses: short, with peaks far above their loudness.
    fn pulses(amplitude: f64, decay: f64) -> Vec<f32> {
        let pulse = |n: usize| {
            let t = (n % 300) as f64;
            (amplitude * (-t / decay).exp() * (t * 0.15).sin()) as f32
        };
        (0..88_200).map(pulse).collect()
    }

    /// A hum with four short bursts a second, far above it.
    fn hum_with_bursts() -> Vec<f32> {
        let level = |n: usize| if n % 11_025 < 80 { 0.8 } else { 0.1 };
        (0..88_200).map(|n| level(n) * (n as f32 * 0.06).sin()).collect()
    }

    #[test]
    fn quiet_and_loud_clips_come_out_alike() {
        for amplitude in [0.01, 0.1, 0.9, 3.0] {
            let (out, Lufs(lufs)) =
                level(&pulses(amplitude, 60.0), SampleRate::CD, LoudnessTarget::USUAL).unwrap();
            let Lufs(measured) = loudness(&out, SampleRate::CD).unwrap();
            assert!(
                (lufs + 16.0).abs() < 0.1 && (measured + 16.0).abs() < 0.1,
                "{lufs} {measured}"
            );
            assert!(true_peak(&out, SampleRate::CD).0 <= CEILING.0 + 1e-6);
        }
    }

    #[test]
    fn peaky_clips_reach_the_loudness_through_the_limiter() {
        let samples = hum_with_bursts();
        let crest =
            true_peak(&samples, SampleRate::CD).0 - loudness(&samples, SampleRate::CD).unwrap().0;
        assert!(crest > 14.0 + 2.0, "this needs no limiter: {crest}");
        let (out, Lufs(lufs)) = level(&samples, SampleRate::CD, LoudnessTarget::USUAL).unwrap();
        assert!((lufs + 16.0).abs() < 0.1, "{lufs}");
        assert!(true_peak(&out, SampleRate::CD).0 <= CEILING.0 + 1e-6);
    }

    #[test]
    fn what_is_recorded_quietly_is_not_silence() {
        let quiet: Vec<f32> = pulses(0.02, 60.0)[..8_000].to_vec();
        let loud: Vec<f32> = quiet.iter().map(|x| x * 30.0).collect();
        let Lufs(quiet) = level(&quiet, SampleRate::CD, LoudnessTarget::USUAL).unwrap().1;
        let Lufs(loud) = level(&loud, SampleRate::CD, LoudnessTarget::USUAL).unwrap().1;
        assert!((quiet - loud).abs() < 0.1, "{quiet} {loud}");
        let hiss: Vec<f32> = (0..4_410).map(|n| if n % 2 == 0 { 1e-6 } else { -1e-6 }).collect();
        let Lufs(hiss) = level(&hiss, SampleRate::CD, LoudnessTarget::USUAL).unwrap().1;
        assert!(hiss < -60.0, "no gain without bounds: {hiss}");
    }

    #[test]
    fn a_click_stays_below_the_ceiling() {
        for place in [0, 1, 5_000, 9_999] {
            let mut click = vec![0.0; 10_000];
            click[place] = 0.3;
            let (out, Lufs(lufs)) = level(&click, SampleRate::CD, LoudnessTarget::USUAL).unwrap();
            let Decibels(peak) = true_peak(&out, SampleRate::CD);
            assert!((-3.0..=-2.0).contains(&peak), "{place}: {peak}");
            assert!(lufs < -20.0 && out.iter().all(|x| x.is_finite()), "{place}: {lufs}");
        }
        assert!(level(&[1.0], SampleRate::CD, LoudnessTarget::USUAL).is_some());
    }

    #[test]
    fn a_bump_against_the_microphone_does_not_make_the_voice_quiet() {
        let mut samples = pulses(0.05, 60.0);
        for (n, sample) in samples[40_000..40_200].iter_mut().enumerate() {
            *sample += 0.9 * (n as f32 * 0.1).sin();
        }
        let (out, Lufs(lufs)) = level(&samples, SampleRate::CD, LoudnessTarget::USUAL).unwrap();
        assert!((lufs + 16.0).abs() < 0.1, "{lufs}");
        assert!(true_peak(&out, SampleRate::CD).0 <= CEILING.0 + 1e-6);
    }

    #[test]
    fn a_softer_voice_keeps_its_peaks_in_proportion() {
        let softer = LoudnessTarget { loudness: Lufs(-22.0), ceiling: Decibels(-3.0) };
        let (out, Lufs(lufs)) = level(&hum_with_bursts(), SampleRate::CD, softer).unwrap();
        assert!((lufs + 22.0).abs() < 0.1, "{lufs}");
        assert!(true_peak(&out, SampleRate::CD).0 <= -3.0 + 1e-6);
    }

    #[test]
    fn silence_cannot_be_levelled() {
        assert_eq!(level(&[0.0; 1_000], SampleRate::CD, LoudnessTarget::USUAL), None);
    }
}
