//! Predictions: each sample from the eight before it, with weights that learn on the way, just
//! as those of a decoder do.

/// How many samples a prediction looks back at.
pub const COEFFICIENTS: usize = 8;
/// By how many bits a weighed sum is too large.
pub const SHIFT: u32 = 9;
/// Half of what is shifted out.
const HALF: i32 = 1 << (SHIFT - 1);

/// The weights.
#[derive(Clone)]
pub struct Coefficients([i32; COEFFICIENTS]);

impl Default for Coefficients {
    /// Those that fit most sounds, in sixteenths.
    fn default() -> Coefficients {
        let sixteenths = [38, -29, -2, 0, 0, 0, 0, 0];
        Coefficients(sixteenths.map(|weight| (weight << SHIFT) >> 4))
    }
}

impl Coefficients {
    /// The weights, that of the sample just before first.
    pub fn weights(&self) -> impl Iterator<Item = i32> {
        self.0.into_iter()
    }

    /// The weights after an `error` learn by one step each, from the oldest sample on, until
    /// what they have learned makes up for it. `differences` are those of the samples looked
    /// back at, from the one before them all.
    fn learn(&mut self, error: i32, differences: &[i32; COEFFICIENTS]) {
        let mut left = error;
        for n in (0..COEFFICIENTS).rev() {
            if left.signum() != error.signum() || left == 0 {
                return;
            }
            let toward = differences[n].signum() * error.signum();
            // A decoder keeps them in 16 bits.
            self.0[n] = i32::from((self.0[n] + toward) as i16);
            let learned = differences[n].abs().wrapping_mul(error.signum()) >> SHIFT;
            left = left.wrapping_sub(learned.wrapping_mul((COEFFICIENTS - n) as i32));
        }
    }
}

/// By how much predictions of `samples`, which have `width` bits, are wrong. The first are
/// predicted to be as the one before them.
pub fn errors(samples: &[i32], width: u32, coefficients: &mut Coefficients, errors: &mut [i32]) {
    let within = |value: i32| value << (32 - width) >> (32 - width);
    let first = samples.len().min(COEFFICIENTS + 1);
    for n in 0..first {
        let before = if n == 0 { 0 } else { samples[n - 1] };
        errors[n] = within(samples[n].wrapping_sub(before));
    }
    for (window, error) in samples.windows(COEFFICIENTS + 2).zip(&mut errors[first..]) {
        let (start, sample) = (window[0], window[COEFFICIENTS + 1]);
        let mut differences = [0; COEFFICIENTS];
        let mut sum = HALF;
        for (n, difference) in differences.iter_mut().enumerate() {
            *difference = window[COEFFICIENTS - n].wrapping_sub(start);
            sum = sum.wrapping_add(difference.wrapping_mul(coefficients.0[n]));
        }
        let predicted = start.wrapping_add(sum >> SHIFT);
        *error = within(sample.wrapping_sub(predicted));
        coefficients.learn(*error, &differences);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rises_evenly_is_predicted_after_a_while() {
        let samples: Vec<i32> = (0..4_096).map(|n| n * 7).collect();
        let mut wrong = vec![0; samples.len()];
        errors(&samples, 16, &mut Coefficients::default(), &mut wrong);
        assert_eq!(wrong[..3], [0, 7, 7]);
        assert!(wrong[2_000..].iter().all(|error| error.abs() <= 2), "{:?}", &wrong[2_000..2_010]);
    }
}
