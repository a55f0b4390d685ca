//! The spectrum of two real signals at once.

use std::f64::consts::PI;

/// A transform of `size` samples, a power of two (Cooley and Tukey, "An algorithm for the
/// machine calculation of complex Fourier series", Math. Comp. 19, 1965). Its sums have one
/// order on every machine.
pub struct Fft {
    size: usize,
    /// e^(-2πi·n/size), the first half of the circle.
    turns: Vec<(f32, f32)>,
}

impl Fft {
    /// For `size` samples.
    pub fn new(size: usize) -> Fft {
        let turn = |n: usize| {
            let angle = -2.0 * PI * n as f64 / size as f64;
            (libm::cos(angle) as f32, libm::sin(angle) as f32)
        };
        Fft { size, turns: (0..size / 2).map(turn).collect() }
    }

    /// How many samples it takes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The powers of the lines of two signals, the first as real and the second as imaginary
    /// parts of `pair`, from the lowest line to half of the rate, without that.
    pub fn powers(&self, pair: &mut [(f32, f32)]) -> Vec<(f32, f32)> {
        self.transform(pair);
        let other = |n: usize| pair[(self.size - n) % self.size];
        let line = |n: usize| {
            let ((re, im), (re_far, im_far)) = (pair[n], other(n));
            let one = ((re + re_far) / 2.0, (im - im_far) / 2.0);
            let two = ((im + im_far) / 2.0, (re_far - re) / 2.0);
            (one.0 * one.0 + one.1 * one.1, two.0 * two.0 + two.1 * two.1)
        };
        (0..self.size / 2).map(line).collect()
    }

    fn transform(&self, values: &mut [(f32, f32)]) {
        let shift = usize::BITS - self.size.trailing_zeros();
        for n in 0..self.size {
            let mirrored = n.reverse_bits() >> shift;
            if n < mirrored {
                values.swap(n, mirrored);
            }
        }
        let mut half = 1;
        while half < self.size {
            let stride = self.size / (2 * half);
            for block in values.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for (n, (a, b)) in low.iter_mut().zip(high).enumerate() {
                    let (cos, sin) = self.turns[n * stride];
                    let turned = (b.0 * cos - b.1 * sin, b.0 * sin + b.1 * cos);
                    *b = (a.0 - turned.0, a.1 - turned.1);
                    *a = (a.0 + turned.0, a.1 + turned.1);
                }
            }
            half *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_lie_at_their_lines_each_signal_by_itself() {
        let tone = |line: f64, n: usize| libm::cos(2.0 * PI * line * n as f64 / 64.0) as f32;
        let mut pair: Vec<(f32, f32)> =
            (0..64).map(|n| (tone(5.0, n), 0.5 * tone(9.0, n))).collect();
        let powers = Fft::new(64).powers(&mut pair);
        for (line, (one, two)) in powers.iter().enumerate() {
            // A cosine of amplitude a has the power (a · size / 2)² in its line.
            let expected =
                (if line == 5 { 1_024.0 } else { 0.0 }, if line == 9 { 256.0 } else { 0.0 });
            assert!((one - expected.0).abs() < 0.01, "{line}: {one}");
            assert!((two - expected.1).abs() < 0.01, "{line}: {two}");
        }
    }
}
