//! Samples → how much of each tone there is, a hundred times a second.

use std::f64::consts::PI;

use effleurage_core::units::SampleRate;
use effleurage_sound::Recording;
use effleurage_sound::resample::resample;

use crate::fft::Fft;

/// Everything is looked at at this rate.
pub const RATE: SampleRate = SampleRate::new(RATE_HZ as u32).unwrap();
/// The same, as a number.
pub const RATE_HZ: usize = 16_000;
/// Into so many bands a spectrum is parted, even for the ear.
pub const BANDS: usize = 24;
/// The powers of the bands.
pub type Powers = [f32; BANDS];

/// From one moment to the next.
pub const STEP_SECONDS: f64 = 0.01;
/// Above the hum of the mains; and up to where telephones hear.
const LOWEST_HZ: f64 = 150.0;
const HIGHEST_HZ: f64 = 7_000.0;

/// How often, how long and how low it is listened.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Samples from one moment to the next.
    pub step: usize,
    /// Samples of a moment.
    pub window: usize,
    /// Where the lowest band begins.
    pub lowest_hz: f64,
    /// By what factor all tones are taken to be higher.
    pub warp: f64,
}

/// For words.
pub const WORDS: Look =
    Look { step: RATE_HZ / 100, window: RATE_HZ / 40, lowest_hz: LOWEST_HZ, warp: 1.0 };

/// `recording` at [`RATE`].
pub fn at_rate(recording: &Recording) -> Vec<f32> {
    match recording.rate == RATE {
        true => recording.samples.clone(),
        false => resample(&recording.samples, recording.rate, RATE),
    }
}

/// What tells the powers of the bands.
pub struct Spectrum {
    look: Look,
    fft: Fft,
    window: Vec<f32>,
    /// Of each band, the first line and the weights from there on.
    bands: Vec<(usize, Vec<f32>)>,
}

impl Spectrum {
    /// A spectrum of such moments.
    pub fn new(look: Look) -> Spectrum {
        let size = look.window.next_power_of_two();
        let hann = |n: usize| {
            (0.5 - 0.5 * libm::cos(2.0 * PI * (n as f64 + 0.5) / look.window as f64)) as f32
        };
        Spectrum {
            look,
            fft: Fft::new(size),
            window: (0..look.window).map(hann).collect(),
            bands: bands(&look, size),
        }
    }

    /// The powers of `samples` at [`RATE`], at each whole step; around the middle of the step,
    /// and with silence before and after the samples.
    pub fn powers(&self, samples: &[f32]) -> Vec<Powers> {
        let count = samples.len() / self.look.step;
        let mut powers = Vec::with_capacity(count + 1);
        for n in (0..count).step_by(2) {
            let mut pair: Vec<(f32, f32)> = vec![(0.0, 0.0); self.fft.size()];
            for (k, (weight, value)) in self.window.iter().zip(&mut pair).enumerate() {
                let at = |n: usize| self.sample(samples, n, k) * weight;
                *value = (at(n), at(n + 1));
            }
            let lines = self.fft.powers(&mut pair);
            powers.push(self.in_bands(&lines, |line| line.0));
            powers.push(self.in_bands(&lines, |line| line.1));
        }
        powers.truncate(count);
        powers
    }

    /// The `k`th sample of the window of the `n`th step.
    fn sample(&self, samples: &[f32], n: usize, k: usize) -> f32 {
        let middle = n * self.look.step + self.look.step / 2;
        let place = (middle + k).checked_sub(self.look.window / 2);
        place.and_then(|place| samples.get(place)).copied().unwrap_or(0.0)
    }

    fn in_bands(&self, lines: &[(f32, f32)], side: impl Fn(&(f32, f32)) -> f32) -> Powers {
        std::array::from_fn(|band| {
            let (first, weights) = &self.bands[band];
            let lines = lines[*first..].iter().map(&side);
            lines.zip(weights).map(|(power, weight)| power * weight).sum()
        })
    }
}

/// Triangles that are even on the mel scale (O'Shaughnessy, 1987), each with weights of 1 in
/// all.
fn bands(look: &Look, size: usize) -> Vec<(usize, Vec<f32>)> {
    let mel = |hz: f64| 2_595.0 * libm::log10(1.0 + hz / 700.0);
    let (low, high) = (mel(look.lowest_hz), mel(HIGHEST_HZ));
    let edge = |n: usize| {
        let mel = low + (high - low) * n as f64 / (BANDS + 1) as f64;
        let hz = 700.0 * (libm::pow(10.0, mel / 2_595.0) - 1.0);
        (hz * look.warp).min(0.49 * RATE_HZ as f64) * size as f64 / RATE_HZ as f64
    };
    let band = |n: usize| {
        let (left, top, right) = (edge(n), edge(n + 1), edge(n + 2));
        let weight = |line: usize| {
            let (up, down) =
                ((line as f64 - left) / (top - left), (right - line as f64) / (right - top));
            up.min(down).max(0.0)
        };
        let first = libm::ceil(left) as usize;
        let weights: Vec<f64> = (first..=right as usize).map(weight).collect();
        let all: f64 = weights.iter().sum();
        // A band narrower than a line has the nearest one.
        match all > 0.0 {
            true => (first, weights.iter().map(|weight| (weight / all) as f32).collect()),
            false => (libm::round(top) as usize, vec![1.0]),
        }
    };
    (0..BANDS).map(band).collect()
}
