//! The bits of a FLAC frame, the highest of each byte first.

/// What is left to read of some bytes.
pub struct Bits<'a> {
    bytes: &'a [u8],
    /// How many bits were read.
    at: usize,
}

/// No more than this are read at once.
const MOST: u32 = 57;

impl<'a> Bits<'a> {
    /// All bits of `bytes`, which are fewer than fit into memory eight times.
    pub fn new(bytes: &'a [u8]) -> Bits<'a> {
        Bits { bytes, at: 0 }
    }

    /// The next bits, [`MOST`] at least, the first of them highest; zeros after the end.
    fn window(&self) -> u64 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        let whole = match rest.first_chunk() {
            Some(bytes) => u64::from_be_bytes(*bytes),
            None => (0..8).fold(0, |bits, n| bits << 8 | u64::from(*rest.get(n).unwrap_or(&0))),
        };
        whole << (self.at % 8)
    }

    /// A number of so many bits, [`MOST`] at most; `None` where they are not all there.
    pub fn number(&mut self, bits: u32) -> Option<u64> {
        let end = self.at + bits as usize;
        if bits == 0 || bits > MOST || end > self.bytes.len() * 8 {
            return (bits == 0).then_some(0);
        }
        let number = self.window() >> (64 - bits);
        self.at = end;
        Some(number)
    }

    /// The same in two's complement.
    pub fn signed(&mut self, bits: u32) -> Option<i64> {
        let number = self.number(bits)?;
        let unused = 64 - bits.max(1);
        Some((number << unused) as i64 >> unused)
    }

    /// How many zeros come before the next one, which is read, too.
    pub fn zeros(&mut self) -> Option<u64> {
        let mut zeros = 0;
        loop {
            let seen = self.window().leading_zeros().min(MOST);
            zeros += u64::from(seen);
            self.at += seen as usize;
            if self.at >= self.bytes.len() * 8 {
                return None;
            }
            if seen < MOST {
                self.at += 1;
                return Some(zeros);
            }
        }
    }

    /// How many bytes were read, the last of them perhaps in part.
    pub fn bytes_read(&self) -> usize {
        self.at.div_ceil(8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_the_highest_bit() {
        let mut bits = Bits::new(&[0b1011_0001, 0b1111_0000, 0xff]);
        assert_eq!((bits.number(3), bits.number(0), bits.number(7)), (Some(5), Some(0), Some(71)));
        assert_eq!((bits.signed(4), bits.bytes_read()), (Some(-4), 2));
        assert_eq!((bits.number(11), bits.number(10), bits.number(1)), (None, Some(255), None));
    }

    #[test]
    fn zeros_are_counted_up_to_a_one() {
        let bytes = [[0; 9].as_slice(), &[0b0010_0100]].concat();
        let mut bits = Bits::new(&bytes);
        assert_eq!((bits.zeros(), bits.zeros(), bits.zeros()), (Some(74), Some(2), None));
        assert_eq!(Bits::new(&[]).zeros(), None);
    }
}
