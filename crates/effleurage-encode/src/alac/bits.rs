//! Bits one after the other, the highest of a byte first.

/// Bits that become bytes.
#[derive(Default)]
pub struct Bits {
    bytes: Vec<u8>,
    /// Those that do not fill a byte yet, and how many there are.
    rest: u64,
    count: u32,
}

impl Bits {
    /// Adds the lowest `count` bits of `value`, 32 at most.
    pub fn put(&mut self, value: u32, count: u32) {
        let mask = (1_u64 << count) - 1;
        self.rest = self.rest << count | u64::from(value) & mask;
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.rest >> self.count) as u8);
        }
    }

    /// The bytes, the last of them filled with zeros.
    pub fn into_bytes(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_fill_bytes_from_the_highest_on() {
        let mut bits = Bits::default();
        bits.put(0b101, 3);
        bits.put(0xffff_ffff, 32);
        bits.put(0, 1);
        bits.put(0b1, 1);
        assert_eq!(bits.into_bytes(), [0b1011_1111, 0xff, 0xff, 0xff, 0b1110_1000]);
    }
}
