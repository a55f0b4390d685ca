//! Where ticks come from between left and right, with constant power: wherever it is, left and
//! right together have the power of a tick in the middle.
//!
//! The other side still hears it, so that nobody who listens with one ear misses a leg.

use std::sync::LazyLock;

use crate::timeline::Side;
use crate::units::Decibels;

/// How much softer a tick is on the other side.
const OTHER_SIDE: Decibels = Decibels(-12.0);

/// The factors of a tick that comes from one side: there, and on the other.
static NEAR_AND_FAR: LazyLock<(f64, f64)> = LazyLock::new(|| {
    let share = OTHER_SIDE.as_amplitude();
    let near = libm::sqrt(2.0 / (1.0 + share * share));
    (near, near * share)
});

/// The greatest factor that a tick gets on either side.
pub fn near() -> f64 {
    NEAR_AND_FAR.0
}

/// The factor of a tick from this side in the mean of left and right.
pub(super) fn in_middle(side: Option<Side>) -> f32 {
    let (near, far) = *NEAR_AND_FAR;
    side.map_or(1.0, |_| f64::midpoint(near, far) as f32)
}

/// How much of it the left has more than the mean, and the right less.
pub(super) fn in_side(side: Option<Side>) -> f32 {
    let (near, far) = *NEAR_AND_FAR;
    let more = ((near - far) / 2.0) as f32;
    match side {
        None => 0.0,
        Some(Side::Left) => more,
        Some(Side::Right) => -more,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_is_constant_and_the_other_side_is_12_db_softer() {
        for side in [None, Some(Side::Left), Some(Side::Right)] {
            let (middle, more) = (f64::from(in_middle(side)), f64::from(in_side(side)));
            let (left, right) = (middle + more, middle - more);
            assert!((left * left + right * right - 2.0).abs() < 1e-6, "{side:?}");
            let decibels = 20.0 * (left / right).log10();
            let expected = match side {
                None => 0.0,
                Some(Side::Left) => 12.0,
                Some(Side::Right) => -12.0,
            };
            assert!((decibels - expected).abs() < 1e-5, "{side:?}: {decibels}");
        }
    }
}
