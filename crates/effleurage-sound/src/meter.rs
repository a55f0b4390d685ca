//! How loud a whole track is, and how high its peaks are, heard bit by bit.

pub use ebur128::Error;
use ebur128::{Channel, EbuR128, Mode};

use super::loudness::heard;
use super::peaks::Peaks;
use effleurage_core::units::{Decibels, Lufs, SampleRate};

/// Frames that are looked at together.
const CHUNK: usize = 1 << 10;
/// Once there was silence for so many steps of 100 ms, the filters of loudness rest.
const REST: usize = 10;

/// What a meter hears, which counts the channels of a file (ITU-R BS.1770-5, Annex 1): the same
/// sound is 3 LU louder on two than on one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// One channel.
    One,
    /// Two that are the same.
    Same,
    /// Two.
    Two,
}

/// Listens to the frames of a track, in order.
pub struct Meter {
    loudness: EbuR128,
    /// The peaks of each channel; of one, where two are the same.
    peaks: Vec<Peaks>,
    /// The highest peak by now.
    highest: f64,
    /// Silent frames that were heard last, and that the meter of loudness has not heard yet.
    silent: usize,
    unheard: usize,
    /// Frames of a step in which loudness is measured: 100 ms.
    step: usize,
}

impl Meter {
    /// A meter for frames of this rate.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn new(rate: SampleRate, heard: Heard) -> Result<Meter, Error> {
        let channels = if heard == Heard::Two { 2 } else { 1 };
        let mut loudness = EbuR128::new(channels, rate.hz(), Mode::I)?;
        if channels == 1 {
            let channel = if heard == Heard::Same { Channel::DualMono } else { Channel::Left };
            loudness.set_channel(0, channel)?;
        }
        let peaks = (0..channels).map(|_| Peaks::new(rate)).collect::<Result<_, Error>>()?;
        // As the meter counts them.
        let step = (rate.hz() as usize + 5) / 10;
        Ok(Meter { loudness, peaks, highest: 0.0, silent: 0, unheard: 0, step })
    }

    /// Hears the next frames: of one channel, or of the left and the `right`.
    ///
    /// # Errors
    ///
    /// Where they cannot be measured.
    pub fn hear(&mut self, left: &[f32], right: Option<&[f32]>) -> Result<(), Error> {
        let right = right.unwrap_or(left);
        for (left, right) in left.chunks(CHUNK).zip(right.chunks(CHUNK)) {
            let channels = [left, right];
            self.hear_some(&channels[..self.peaks.len()])?;
        }
        Ok(())
    }

    /// Whole steps of silence, which is below every gate, change nothing: they are left out.
    fn hear_some(&mut self, channels: &[&[f32]]) -> Result<(), Error> {
        for (peaks, channel) in self.peaks.iter_mut().zip(channels) {
            self.highest = peaks.look(channel, self.highest)?;
        }
        let length = channels[0].len();
        if channels.iter().any(|channel| channel.iter().any(|sample| *sample != 0.0)) {
            let rest = vec![0.0; std::mem::take(&mut self.unheard) % self.step];
            self.loudness.add_frames_planar_f32(&vec![rest.as_slice(); channels.len()])?;
            self.silent = 0;
            return self.loudness.add_frames_planar_f32(channels);
        }
        self.silent += length;
        if self.silent > REST * self.step {
            self.unheard += length;
            return Ok(());
        }
        self.loudness.add_frames_planar_f32(channels)
    }

    /// The gated, integrated loudness of all that was heard; none of silence.
    pub fn loudness(&self) -> Option<Lufs> {
        heard(&self.loudness)
    }

    /// The true peak of all that was heard; none of silence.
    pub fn true_peak(&self) -> Option<Decibels> {
        (self.highest > 0.0).then(|| Decibels::from_amplitude(self.highest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps of noise, tones and silence, none as loud as another.
    fn sounds() -> Vec<f32> {
        let mut noise = 1_u32;
        let mut white = move || {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let mut all = Vec::new();
        for n in 0..400_usize {
            let loud = (n * 7 % 31) as f32 / 60.0;
            let tone = |k: usize| (k as f32 * (0.3 + n as f32 / 160.0)).sin();
            match n % 4 {
                0 => all.extend(std::iter::repeat_n(0.0, if n % 16 == 0 { 90_011 } else { 700 })),
                1 => all.extend((0..513).map(|_| white() * loud)),
                2 => all.extend((0..1_900).map(|k| tone(k) * loud)),
                _ => all.extend((0..3).map(|_| loud)),
            }
        }
        all
    }

    /// The reference hears all at once and skips nothing.
    #[test]
    fn what_is_skipped_changes_nothing() {
        for hz in [8_000, 44_100, 48_000, 96_000, 192_000] {
            let rate = SampleRate::new(hz).unwrap();
            for (from, to) in [(90_011, 90_911), (0, usize::MAX), (150_000, usize::MAX)] {
                let left = sounds();
                let left = &left[from..to.min(left.len())];
                let right: Vec<f32> = left.iter().rev().map(|sample| sample * 1.1).collect();
                for (heard, channels) in [
                    (Heard::One, vec![left]),
                    (Heard::Same, vec![left, left]),
                    (Heard::Two, vec![left, &right]),
                ] {
                    let count = channels.len() as u32;
                    let mut whole = EbuR128::new(count, hz, Mode::I | Mode::TRUE_PEAK).unwrap();
                    whole.set_channel(0, Channel::Left).unwrap();
                    whole.add_frames_planar_f32(&channels).unwrap();
                    let peaks = (0..count).map(|n| whole.true_peak(n).unwrap());
                    let peak = 20.0 * peaks.fold(0.0, f64::max).log10();
                    let loudness = whole.loudness_global().unwrap();
                    let mut meter = Meter::new(rate, heard).unwrap();
                    for (n, block) in channels[0].chunks(1 << 14).enumerate() {
                        let at = n << 14;
                        let right = channels.get(1).map(|right| &right[at..at + block.len()]);
                        meter.hear(block, right).unwrap();
                    }
                    assert!((meter.true_peak().unwrap().0 - peak).abs() < 1e-9, "{hz} {heard:?}");
                    let measured = meter.loudness().map(|lufs| (lufs.0 - loudness).abs() < 1e-6);
                    assert_eq!(measured, loudness.is_finite().then_some(true), "{hz} {heard:?}");
                }
            }
        }
    }

    #[test]
    fn silence_has_neither_loudness_nor_peak() {
        let mut meter = Meter::new(SampleRate::CD, Heard::One).unwrap();
        meter.hear(&[0.0; 100_000], None).unwrap();
        assert_eq!((meter.loudness(), meter.true_peak()), (None, None));
    }
}
