//! How near the sound of a file is to what it was made from, where an encoder has changed it.

use crate::units::Decibels;

/// So many frames are looked at together.
pub const WINDOW: usize = 2_048;
/// Below this, on average over a window, nobody hears what an encoder adds or leaves out.
pub const HEARD: Decibels = Decibels(-50.0);
/// What differs by more than this share of the louder of both, as power, is another sound: where
/// one is missing it differs by all of it, where one moved by the sum of both. Of speech and rain
/// at the bit rates of copies, no window differed by more than 0.53.
const OTHER: f64 = 0.75;

/// What was looked at so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nearness {
    planned: f64,
    changed: f64,
}

impl Nearness {
    /// Looks at one channel of a window. Returns the greatest difference of two samples where it
    /// is another sound.
    pub fn look<'a>(
        &mut self,
        heard: impl Iterator<Item = &'a f32>,
        planned: &[f32],
    ) -> Option<f32> {
        let (mut sums, mut greatest) = ([0.0_f64; 3], 0.0_f32);
        for (heard, planned) in heard.zip(planned) {
            let change = heard - planned;
            let squares = [planned * planned, heard * heard, change * change];
            sums.iter_mut().zip(squares).for_each(|(sum, square)| *sum += f64::from(square));
            greatest = greatest.max(change.abs());
        }
        let [planned_power, heard_power, changed] = sums;
        self.planned += planned_power;
        self.changed += changed;
        let louder = planned_power.max(heard_power);
        let audible = HEARD.as_amplitude().powi(2) * planned.len() as f64;
        // What is no number is another sound, too.
        let is_near = louder < audible || changed <= OTHER * louder;
        (!is_near).then_some(greatest)
    }

    /// How far the sound is above what was changed of it.
    pub fn above_changes(&self) -> Decibels {
        let changed = self.changed.max(f64::MIN_POSITIVE);
        Decibels::from_amplitude((self.planned / changed).sqrt())
    }
}
