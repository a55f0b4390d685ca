//! Errors of predictions as bits: small ones in few, by a code that learns how large they are,
//! and many zeros as their number.

use super::bits::Bits;

/// What the mean of errors is taken to be at first, in units of 1/512.
pub const START: u32 = 10;
/// How fast the mean follows, in 1/512.
pub const SPEED: u32 = 40;
/// The remainder of a code has no more bits.
pub const MOST_BITS: u32 = 14;
/// The unit of the mean, as a power of two.
const UNIT: u32 = 9;
/// Beyond this, the mean is no longer followed.
const HIGHEST_MEAN: u32 = 0xffff;
/// As many ones say that a number stands as it is.
const ESCAPE: u32 = 9;
/// A code is no longer than this, but for that.
const LONGEST: u32 = 25;
/// How many bits a number of zeros has that stands as it is.
const RUN_BITS: u32 = 16;

/// Adds `errors`, which have `width` bits.
pub fn write(errors: &[i32], width: u32, bits: &mut Bits) {
    let mut mean = START;
    // Behind zeros there is no zero, so that it needs no number of its own.
    let mut behind_zeros = 0;
    let mut rest = errors;
    while let Some((error, after)) = rest.split_first() {
        rest = after;
        let length = ((mean >> UNIT) + 3).ilog2().min(MOST_BITS);
        // 0, -1, 1, -2, 2 … as 0, 1, 2, 3, 4 …
        let number = (error.unsigned_abs() << 1) - u32::from(*error < 0) - behind_zeros;
        put(number, length, (1 << length) - 1, width, bits);
        mean = SPEED * (number + behind_zeros) + mean - ((SPEED * mean) >> UNIT);
        if number > HIGHEST_MEAN {
            mean = HIGHEST_MEAN;
        }
        behind_zeros = 0;
        if mean << 2 < 1 << UNIT && !rest.is_empty() {
            let zeros = rest.iter().take_while(|error| **error == 0).count();
            rest = &rest[zeros..];
            let length = mean.leading_zeros() - 24 + ((mean + 16) >> 6);
            let divisor = ((1 << length) - 1) & ((1 << MOST_BITS) - 1);
            put(zeros as u32, length, divisor, RUN_BITS, bits);
            (mean, behind_zeros) = (0, 1);
        }
    }
}

/// Adds a number: how often the divisor goes into it, as ones and a zero, and what is left,
/// in `length` bits, or one less where nothing is. As it is, in `width` bits, where that
/// would be long.
fn put(number: u32, length: u32, divisor: u32, width: u32, bits: &mut Bits) {
    let (times, left) = (number / divisor, number % divisor);
    let count = times + length + u32::from(left != 0);
    if times < ESCAPE && count <= LONGEST {
        bits.put((1 << times) - 1, times);
        bits.put(0, 1);
        match left {
            0 => bits.put(0, length - 1),
            left => bits.put(left + 1, length),
        }
    } else {
        bits.put((1 << ESCAPE) - 1, ESCAPE);
        bits.put(number, width);
    }
}
