//! The true peaks of one channel (ITU-R BS.1770-5, Annex 2), looked for only where there can be a
//! higher one: that takes long, and most of a sound is far below its highest.

use ebur128::{EbuR128, Error, Mode};

use effleurage_core::units::SampleRate;

/// Between samples, a sound rises at most so many times as high as the highest of them: the
/// weights of the meter's filter, all taken positive, add up to 1.87 at four times the rate and
/// to 2.31 at twice.
const MOST_RISE: f32 = 2.4;
/// More frames than the meter's filter reaches back.
const REACH: usize = 64;

/// Looks for peaks in pieces of a sound that follow each other.
pub struct Peaks {
    meter: EbuR128,
    /// The last frames of what came before.
    last: Vec<f32>,
    /// Whether the meter has heard them.
    is_near: bool,
}

impl Peaks {
    /// A meter for frames of this rate.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn new(rate: SampleRate) -> Result<Peaks, Error> {
        let meter = EbuR128::new(1, rate.hz(), Mode::TRUE_PEAK)?;
        Ok(Peaks { meter, last: Vec::new(), is_near: false })
    }

    /// The highest of a `highest` peak by now and those of the next `piece`.
    ///
    /// # Errors
    ///
    /// Where it cannot be measured.
    pub fn look(&mut self, piece: &[f32], highest: f64) -> Result<f64, Error> {
        let mut peak = highest;
        if f64::from(largest(piece) * MOST_RISE) > highest {
            if !self.is_near {
                self.meter.add_frames_f32(&self.last)?;
            }
            peak = peak.max(self.measured(piece)?);
            self.is_near = true;
        } else if std::mem::take(&mut self.is_near) {
            // The end of what came before is heard only with what follows it.
            peak = peak.max(self.measured(&piece[..piece.len().min(REACH)])?);
        }
        let all = self.last.len() + piece.len();
        self.last.extend(piece);
        self.last.drain(..all.saturating_sub(REACH));
        Ok(peak)
    }

    fn measured(&mut self, frames: &[f32]) -> Result<f64, Error> {
        self.meter.add_frames_f32(frames)?;
        self.meter.prev_true_peak(0)
    }
}

/// How far from zero the sample is that is furthest.
pub fn largest(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |largest, sample| largest.max(sample.abs()))
}
