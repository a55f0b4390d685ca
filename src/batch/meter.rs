//! How loud a whole track is, while it is mixed.

use ebur128::{EbuR128, Mode};

use super::stamp::Measured;
use crate::error::{Error, Result};
use crate::units::SampleRate;
use crate::voice::loudness::{heard, meter};

/// Frames that are looked at together.
const CHUNK: usize = 1 << 10;
/// Between samples, a sound rises at most so many times as high as the highest of them: the
/// weights of the meter's filter, all taken positive, add up to less.
const MOST_RISE: f32 = 3.0;
/// More frames than the meter's filter reaches back.
const REACH: usize = 64;
/// Once there was silence for so many steps of 100 ms, the filters of loudness rest.
const REST: usize = 10;

/// Listens to the frames of a track, in order; mono, as heard from two loudspeakers.
pub struct Meter {
    loudness: EbuR128,
    peak: EbuR128,
    /// The highest peak by now.
    highest: f64,
    /// The last frames of what was heard.
    last: Vec<f32>,
    /// Whether the peak meter has heard them.
    is_near: bool,
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
    /// [`Error::Ours`] where there is none.
    pub fn new(rate: SampleRate) -> Result<Meter> {
        let meter = |mode| meter(rate, mode).map_err(ours);
        let (loudness, peak) = (meter(Mode::I)?, meter(Mode::TRUE_PEAK)?);
        // As the meter counts them.
        let step = (rate.hz() as usize + 5) / 10;
        let (highest, last, is_near, silent, unheard) = (0.0, Vec::new(), false, 0, 0);
        Ok(Meter { loudness, peak, highest, last, is_near, silent, unheard, step })
    }

    /// Hears the next frames.
    ///
    /// # Errors
    ///
    /// [`Error::Ours`] where they cannot be measured.
    pub fn hear(&mut self, samples: &[f32]) -> Result<()> {
        samples.chunks(CHUNK).try_for_each(|chunk| self.hear_some(chunk)).map_err(ours)
    }

    /// Whole steps of silence, which is below every gate, change nothing: they are left out.
    fn hear_some(&mut self, chunk: &[f32]) -> std::result::Result<(), ebur128::Error> {
        let highest = chunk.iter().fold(0.0, |highest: f32, sample| highest.max(sample.abs()));
        self.look(chunk, highest)?;
        if highest > 0.0 {
            let rest = vec![0.0; std::mem::take(&mut self.unheard) % self.step];
            self.loudness.add_frames_f32(&rest)?;
            self.silent = 0;
            return self.loudness.add_frames_f32(chunk);
        }
        self.silent += chunk.len();
        if self.silent > REST * self.step {
            self.unheard += chunk.len();
            return Ok(());
        }
        self.loudness.add_frames_f32(chunk)
    }

    /// Looks for a peak between samples, which takes long, only where there can be one.
    fn look(&mut self, chunk: &[f32], highest: f32) -> std::result::Result<(), ebur128::Error> {
        if f64::from(highest * MOST_RISE) > self.highest {
            if !self.is_near {
                self.peak.add_frames_f32(&self.last)?;
            }
            self.measure(chunk)?;
            self.is_near = true;
        } else if std::mem::take(&mut self.is_near) {
            // The end of what came before is heard only with what follows it.
            self.measure(&chunk[..chunk.len().min(REACH)])?;
        }
        let all = self.last.len() + chunk.len();
        self.last.extend(chunk);
        self.last.drain(..all.saturating_sub(REACH));
        Ok(())
    }

    fn measure(&mut self, frames: &[f32]) -> std::result::Result<(), ebur128::Error> {
        self.peak.add_frames_f32(frames)?;
        self.highest = self.highest.max(self.peak.prev_true_peak(0)?);
        Ok(())
    }

    /// What was heard.
    pub fn measured(&self) -> Measured {
        let hundredth = |number: f64| (number * 100.0).round() / 100.0;
        let finite = |number: f64| Some(number).filter(|n| n.is_finite()).map(hundredth);
        Measured {
            loudness: heard(&self.loudness).map(|lufs| hundredth(lufs.0)),
            true_peak: finite(20.0 * libm::log10(self.highest)),
        }
    }
}

fn ours(error: ebur128::Error) -> Error {
    Error::Ours { what: format!("the track cannot be measured: {error}") }
}

#[cfg(test)]
mod tests {
    use ebur128::Channel;

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
    fn what_is_skipped_has_no_peak() {
        for hz in [8_000, 44_100, 48_000, 96_000, 192_000] {
            let rate = SampleRate::new(hz).unwrap();
            for (from, to) in [(90_011, 90_911), (0, usize::MAX), (150_000, usize::MAX)] {
                let sounds = sounds();
                let sounds = &sounds[from..to.min(sounds.len())];
                let mut whole = EbuR128::new(1, hz, Mode::I | Mode::TRUE_PEAK).unwrap();
                whole.set_channel(0, Channel::DualMono).unwrap();
                whole.add_frames_f32(sounds).unwrap();
                let peak = 20.0 * whole.true_peak(0).unwrap().log10();
                let mut meter = Meter::new(rate).unwrap();
                sounds.chunks(1 << 14).for_each(|block| meter.hear(block).unwrap());
                let measured = meter.measured();
                assert_eq!(measured.true_peak, Some((peak * 100.0).round() / 100.0), "{hz}");
                let loudness = (whole.loudness_global().unwrap() * 100.0).round() / 100.0;
                assert_eq!(measured.loudness, Some(loudness).filter(|l| l.is_finite()));
            }
        }
    }

    #[test]
    fn silence_has_neither_loudness_nor_peak() {
        let mut meter = Meter::new(SampleRate::CD).unwrap();
        meter.hear(&[0.0; 100_000]).unwrap();
        assert_eq!(meter.measured(), Measured { loudness: None, true_peak: None });
    }
}
