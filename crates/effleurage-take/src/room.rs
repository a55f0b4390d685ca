//! The noise of the room, band by band, as it is in the quietest moments around.

use crate::spectrum::{BANDS, Powers};

/// The noise is that of the quietest moments, so many of all …
const QUIET_SHARE: f64 = 0.1;
/// … within so many moments of the place; …
const REACH: usize = 700;
/// … and is looked for once for so many.
const STEP: usize = 100;
/// A room is never more silent than this, below the loudest moments.
const SILENCE: f32 = 3e-7;
/// The loudest moments of a voice are above this share of all.
const LOUD_SHARE: f64 = 0.95;

/// What is heard where nobody speaks.
pub struct Room {
    /// One for every [`STEP`] moments.
    noises: Vec<Powers>,
}

impl Room {
    /// The room of a recording of such moments.
    pub fn of(moments: &[Powers]) -> Room {
        let levels: Vec<f32> = moments.iter().map(level).collect();
        let silence = loudest(moments) * SILENCE;
        let noise = |start: usize| {
            let (from, to) =
                (start.saturating_sub(REACH), (start + STEP + REACH).min(levels.len()));
            let mut order: Vec<usize> = (from..to).collect();
            let count = ((order.len() as f64 * QUIET_SHARE) as usize).clamp(1, order.len());
            order.select_nth_unstable_by(count - 1, |a, b| levels[*a].total_cmp(&levels[*b]));
            let quiet = &mut order[..count];
            // In one order on every machine.
            quiet.sort_unstable();
            mean(quiet.iter().map(|n| &moments[*n])).map(|power| power.max(silence))
        };
        let noises = (0..moments.len()).step_by(STEP).map(noise).collect();
        Room { noises }
    }

    /// A room with this noise all the time.
    pub fn silent(noise: Powers) -> Room {
        Room { noises: vec![noise] }
    }

    /// The noise around a moment.
    pub fn noise(&self, moment: usize) -> &Powers {
        &self.noises[(moment / STEP).min(self.noises.len() - 1)]
    }

    /// The mean of all.
    pub fn mean(&self) -> Powers {
        mean(self.noises.iter())
    }
}

/// How loud the loudest moments are.
pub fn loudest(moments: &[Powers]) -> f32 {
    let mut all: Vec<f32> = moments.iter().map(|powers| powers.iter().sum()).collect();
    let place = (all.len() as f64 * LOUD_SHARE) as usize;
    match place < all.len() {
        true => *all.select_nth_unstable_by(place, f32::total_cmp).1,
        false => 0.0,
    }
}

/// How loud a moment is, with all bands alike.
fn level(powers: &Powers) -> f32 {
    powers.iter().map(|power| libm::logf(power + 1e-12)).sum()
}

fn mean<'a>(all: impl Iterator<Item = &'a Powers>) -> Powers {
    let (mut sum, mut count) = ([0.0_f64; BANDS], 0);
    for powers in all {
        sum.iter_mut().zip(powers).for_each(|(sum, power)| *sum += f64::from(*power));
        count += 1;
    }
    sum.map(|sum| (sum / f64::from(count.max(1))) as f32)
}
