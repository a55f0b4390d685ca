//! One sample rate → another, the same to the bit on every machine.
//!
//! rubato walks through the input. What it multiplies with is ours, since its own sums take
//! another order with each processor's instructions, and its windows the platform's sines.

use std::f64::consts::PI;
use std::sync::{Arc, Mutex, PoisonError};

use rubato::sinc_interpolator::SincInterpolator;
use rubato::{Resampler, SincFixedIn, SincInterpolationType};

use effleurage_core::units::SampleRate;

/// How many input frames are worked on at once.
const CHUNK: usize = 4096;
/// How many zero crossings a sinc has on either side, at the lower of both rates.
const CROSSINGS: usize = 64;
/// Where a sinc lets half of the amplitude through, of the lower Nyquist frequency. With this
/// window nothing of what lies above that frequency is left.
const CUTOFF: f64 = 0.94;
/// The shape of the Kaiser window: what is kept out is 118 dB down.
const BETA: f64 = 12.0;
/// Between two rates there are as many different sincs as the ratio's numerator. Where that
/// is more, as many as this, and a cubic between them.
const MOST_PHASES: usize = 1024;
/// So many products are added side by side, in this order on every machine.
const LANES: usize = 8;

/// How many frames `length` frames at rate `from` become at rate `to`.
pub fn resampled_length(length: usize, from: SampleRate, to: SampleRate) -> usize {
    let (from, to) = (u64::from(from.hz()), u64::from(to.hz()));
    (length as u64 * to).div_ceil(from) as usize
}

/// `samples` at rate `to` instead of `from`. Frame 0 stays where it is.
pub fn resample(samples: &[f32], from: SampleRate, to: SampleRate) -> Vec<f32> {
    resample_with(samples, from, to, CROSSINGS)
}

/// The same with sincs of so many zero crossings on either side: with fewer it is quicker,
/// and the highest tones are softer.
pub fn resample_with(
    samples: &[f32],
    from: SampleRate,
    to: SampleRate,
    crossings: usize,
) -> Vec<f32> {
    if from == to || samples.is_empty() {
        return samples.to_vec();
    }
    let length = resampled_length(samples.len(), from, to);
    let ratio = f64::from(to.hz()) / f64::from(from.hz());
    let resampled = walk(samples, length, Sincs::between(from, to, crossings), ratio);
    // A positive ratio, one channel and whole chunks: rubato has nothing to refuse.
    resampled.expect("rubato takes every ratio and length")
}

fn walk(samples: &[f32], length: usize, sincs: Arc<Sincs>, ratio: f64) -> Option<Vec<f32>> {
    let between =
        if sincs.exact { SincInterpolationType::Nearest } else { SincInterpolationType::Cubic };
    let mut resampler =
        SincFixedIn::new_with_interpolator(ratio, 1.0, between, Box::new(Shared(sincs)), CHUNK, 1)
            .ok()?;
    let mut chunk = resampler.output_buffer_allocate(true);
    let mut resampled = Vec::with_capacity(length + chunk[0].len());
    let mut pieces = samples.chunks(CHUNK);
    let mut padded = vec![0.0; CHUNK];
    while resampled.len() < length {
        let piece = pieces.next().unwrap_or_default();
        padded[..piece.len()].copy_from_slice(piece);
        padded[piece.len()..].fill(0.0);
        let (_, made) = resampler.process_into_buffer(&[&padded], &mut chunk, None).ok()?;
        resampled.extend_from_slice(&chunk[0][..made]);
    }
    resampled.truncate(length);
    Some(resampled)
}

/// What lies between the frames of a sound, at a whole multiple of its rate: the very numbers
/// that [`resample_with`] makes, each by itself.
pub struct Between {
    sincs: Arc<Sincs>,
    times: usize,
}

impl Between {
    /// What lies at `times` the `rate`, by sincs of so many zero crossings on either side.
    pub fn new(rate: SampleRate, times: usize, crossings: usize) -> Between {
        let high = SampleRate::new(rate.hz().saturating_mul(times as u32)).unwrap_or(rate);
        Between { sincs: Sincs::between(rate, high, crossings), times }
    }

    /// How many frames on either side a number is made from, at most.
    pub fn reach(&self) -> usize {
        self.sincs.width / 2 + 1
    }

    /// How many times as large as the largest frame that it is made from a number can be.
    pub fn most_rise(&self) -> f32 {
        let rows = self.sincs.taps.chunks_exact(self.sincs.width);
        let sum = |row: &[f32]| row.iter().map(|tap| tap.abs()).sum::<f32>();
        // Sums are rounded.
        rows.map(sum).fold(1.0, f32::max) * 1.001
    }

    /// The largest number at frame `n`, and the largest between it and the next.
    pub fn largest(&self, samples: &[f32], n: usize) -> (f32, f32) {
        let after = (1..self.times).map(|place| self.value(samples, n, place).abs());
        (self.value(samples, n, 0).abs(), after.fold(0.0, f32::max))
    }

    /// The number `place` steps of the high rate after frame `n`.
    fn value(&self, samples: &[f32], n: usize, place: usize) -> f32 {
        if self.times == 1 {
            return samples[n];
        }
        // The first sinc stands one step before a frame.
        let phase = (place + 1) % self.times;
        let first = n + usize::from(phase == 0);
        let (half, width) = (self.sincs.width / 2, self.sincs.width);
        let sinc = &self.sincs.taps[phase * width..][..width];
        if first >= half && first - half + width <= samples.len() {
            return product(&samples[first - half..][..width], sinc);
        }
        let at = |tap: usize| (first + tap).checked_sub(half).and_then(|n| samples.get(n));
        let near: Vec<f32> = (0..width).map(|tap| at(tap).copied().unwrap_or(0.0)).collect();
        product(&near, sinc)
    }
}

/// A windowed sinc for each place between two input frames.
struct Sincs {
    /// One after the other.
    taps: Vec<f32>,
    width: usize,
    phases: usize,
    /// Whether there is one for each place that comes.
    exact: bool,
}

/// From which rate to which, with how many crossings.
type Kind = (SampleRate, SampleRate, usize);

/// Those that were made last, since every clip of a session asks for the same few; none that
/// takes much memory.
static KNOWN: Mutex<Vec<(Kind, Arc<Sincs>)>> = Mutex::new(Vec::new());
const MOST_KNOWN: usize = 8;
const MOST_TAPS: usize = 1 << 16;

impl Sincs {
    fn between(from: SampleRate, to: SampleRate, crossings: usize) -> Arc<Sincs> {
        let kind = (from, to, crossings);
        let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, sincs)) = known().iter().find(|(known, _)| *known == kind) {
            return sincs.clone();
        }
        let sincs = Arc::new(Sincs::made(from, to, crossings));
        if sincs.taps.len() <= MOST_TAPS {
            let mut known = known();
            known.truncate(MOST_KNOWN - 1);
            known.insert(0, (kind, sincs.clone()));
        }
        sincs
    }

    fn made(from: SampleRate, to: SampleRate, crossings: usize) -> Sincs {
        let (hz_in, hz_out) = (from.hz() as usize, to.hz() as usize);
        let places = hz_out / gcd(hz_in, hz_out);
        let phases = places.min(MOST_PHASES);
        let step = hz_in as f64 / hz_out as f64;
        let stretch = step.max(1.0);
        let reach = crossings as f64 * stretch;
        let width = (2.0 * (reach + step) + 1.0).ceil() as usize;
        let width = width.next_multiple_of(LANES);
        let widest = bessel(BETA);
        let mut taps = Vec::with_capacity(phases * width);
        for phase in 0..phases {
            // rubato's first frame stands one step behind the middle, and ours must not.
            let middle = (width / 2) as f64 - step + phase as f64 / phases as f64;
            let sinc = |tap: usize| sinc((tap as f64 - middle) / stretch, crossings as f64, widest);
            let row: Vec<f64> = (0..width).map(sinc).collect();
            let sum: f64 = row.iter().sum();
            taps.extend(row.iter().map(|tap| (tap / sum) as f32));
        }
        Sincs { taps, width, phases, exact: phases == places }
    }
}

/// Sincs as rubato takes them.
struct Shared(Arc<Sincs>);

impl SincInterpolator<f32> for Shared {
    fn get_sinc_interpolated(&self, wave: &[f32], index: usize, phase: usize) -> f32 {
        let Sincs { taps, width, .. } = &*self.0;
        product(&wave[index..][..*width], &taps[phase * width..][..*width])
    }

    fn len(&self) -> usize {
        self.0.width
    }

    fn nbr_sincs(&self) -> usize {
        self.0.phases
    }
}

/// The scalar product of two rows as long as each other, a multiple of [`LANES`].
fn product(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let halves = [sums[0] + sums[4], sums[1] + sums[5], sums[2] + sums[6], sums[3] + sums[7]];
    (halves[0] + halves[2]) + (halves[1] + halves[3])
}

/// A sinc in a Kaiser window, `at` so many frames of the lower rate from its middle; `widest`
/// is the Bessel function there.
fn sinc(at: f64, crossings: f64, widest: f64) -> f64 {
    let place = at / crossings;
    if place.abs() >= 1.0 {
        return 0.0;
    }
    let turn = PI * CUTOFF * at;
    let wave = if turn == 0.0 { 1.0 } else { libm::sin(turn) / turn };
    wave * bessel(BETA * (1.0 - place * place).sqrt()) / widest
}

/// The modified Bessel function of the first kind and order zero, by its power series
/// (Abramowitz and Stegun, 9.6.10).
fn bessel(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut term, mut sum, mut k) = (1.0, 1.0, 1.0);
    while term > sum * 1e-17 {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: [u32; 7] = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000];

    fn rate(hz: u32) -> SampleRate {
        SampleRate::new(hz).unwrap()
    }

    /// A click, band-limited to 3 kHz so that every rate can hold it, at `seconds`.
    fn click(hz: u32, seconds: f64, length: usize) -> Vec<f32> {
        let at = |n: usize| {
            let t = n as f64 / f64::from(hz) - seconds;
            (-(t * 3_000.0).powi(2)).exp() as f32
        };
        (0..length).map(at).collect()
    }

    #[test]
    fn nothing_moves() {
        for from in RATES {
            for to in RATES {
                let length = from as usize / 2;
                let resampled = resample(&click(from, 0.25, length), rate(from), rate(to));
                let expected = click(to, 0.25, resampled.len());
                let worst = resampled.iter().zip(&expected).map(|(a, b)| (a - b).abs());
                let worst = worst.fold(0.0, f32::max);
                assert!(worst < 2e-4, "{from} to {to}: {worst}");
            }
        }
    }

    fn tone(hz: u32, cycles_a_second: f64, length: usize) -> Vec<f32> {
        let step = std::f64::consts::TAU * cycles_a_second / f64::from(hz);
        (0..length).map(|n| (0.5 * (step * n as f64).sin()) as f32).collect()
    }

    /// The power of the middle half, in decibels below a tone as above.
    fn decibels(samples: impl Iterator<Item = f32>) -> f64 {
        let samples: Vec<f32> = samples.collect();
        let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
        let power: f64 = middle.iter().map(|x| f64::from(*x).powi(2)).sum();
        10.0 * (power / middle.len() as f64 / 0.125).log10()
    }

    #[test]
    fn tones_stay_as_they_are_and_leave_no_other() {
        let pairs = [
            (24_000, 44_100),
            (24_000, 48_000),
            (48_000, 44_100),
            (44_100, 48_000),
            (16_000, 8_000),
            (8_000, 192_000),
            (192_000, 8_001),
            (11_025, 44_101),
            (384_000, 44_100),
        ];
        for (from, to) in pairs {
            let lower = f64::from(from.min(to)) / 2.0;
            for part in [0.1, 0.85] {
                let input = tone(from, part * lower, from as usize / 4);
                let output = resample(&input, rate(from), rate(to));
                let expected = tone(to, part * lower, output.len());
                let error = decibels(output.iter().zip(&expected).map(|(a, b)| a - b));
                assert!(error < -105.0, "{part} of {lower} Hz, {from} to {to}: {error}");
            }
            // What the lower rate cannot hold is gone.
            if f64::from(from) / 2.0 > 1.05 * lower {
                let input = tone(from, 1.02 * lower, from as usize / 4);
                let left = decibels(resample(&input, rate(from), rate(to)).into_iter());
                assert!(left < -105.0, "above {lower} Hz, {from} to {to}: {left}");
            }
        }
    }

    /// The same to the bit on every machine: what came of it on one stands here.
    #[test]
    fn the_bits_are_these() {
        let mut state = 1_u32;
        let noise: Vec<f32> = (0..24_000)
            .map(|_| {
                // Marsaglia's xorshift.
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                f64::from(state) as f32 / 2_147_483_648.0 - 1.0
            })
            .collect();
        let digest = |from: u32, to: u32| {
            let resampled = resample(&noise, rate(from), rate(to));
            resampled.iter().fold(0_u64, |digest, x| digest.rotate_left(5) ^ u64::from(x.to_bits()))
        };
        let pairs = [(24_000, 44_100), (24_000, 48_000), (48_000, 8_000), (24_000, 44_101)];
        let digests = pairs.map(|(from, to)| format!("{:016x}", digest(from, to)));
        assert_eq!(
            digests,
            ["7cb30886c42443ea", "1cf6e1d0d47626c6", "0a2e3bd86a915999", "c025fbfcce66d5f6"]
        );
    }

    #[test]
    fn between_frames_are_the_numbers_of_the_whole() {
        for (hz, times) in [(8_000, 4), (44_100, 4), (64_000, 3), (96_000, 2), (192_000, 1)] {
            for length in [1, 7, 90, 10_000] {
                let samples = tone(hz, 1_234.5, length);
                let high = rate(hz * times as u32);
                let whole = resample_with(&samples, rate(hz), high, 16);
                let between = Between::new(rate(hz), times, 16);
                let each = |k: usize| between.value(&samples, k / times, k % times).to_bits();
                let each: Vec<u32> = (0..length * times).map(each).collect();
                let whole: Vec<u32> = whole.iter().map(|x| x.to_bits()).collect();
                assert!(each == whole, "{length} frames at {hz}");
            }
        }
    }

    #[test]
    fn lengths_are_exact() {
        for from in RATES {
            for to in RATES {
                for length in [1, 2, 999, 4_410, 44_100] {
                    let expected =
                        (length as f64 * f64::from(to) / f64::from(from)).ceil() as usize;
                    let resampled = resample(&vec![0.0; length], rate(from), rate(to));
                    assert_eq!(resampled.len(), expected, "{length} frames, {from} to {to}");
                }
            }
        }
    }
}
