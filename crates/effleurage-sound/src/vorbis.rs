//! The setup header of Vorbis (Vorbis I specification, section 4.2.4), as far as symphonia must
//! be watched: over some codebooks and floors it panics, which no page could survive.
//!
//! In symphonia 0.6.1: `lookup1_values` in `symphonia-format-ogg/src/mappings/vorbis.rs` and in
//! `symphonia-codec-vorbis/src/codebook.rs` asserts what rounding and overflow break; and
//! `Floor1::try_read` in `symphonia-codec-vorbis/src/floor.rs` lets a second point stand at 0,
//! which `render_line` divides by.

use symphonia::core::io::{BitReaderRtl, ReadBitsRtl};

/// What a setup header begins with.
pub const SETUP: &[u8] = b"\x05vorbis";
const CODEBOOK: u32 = 0x56_4342;

/// Whether symphonia survives the header in `setup`. Of one that breaks off, or is wrong in
/// what is not looked at, it says so itself.
pub fn is_harmless(setup: &[u8]) -> bool {
    let Some(content) = setup.strip_prefix(SETUP) else { return true };
    Header(BitReaderRtl::new(content)).is_harmless().unwrap_or(true)
}

/// Reads on; `None` where nothing is left to be read, or nothing more can be told.
struct Header<'a>(BitReaderRtl<'a>);

impl Header<'_> {
    fn bits(&mut self, count: u32) -> Option<u32> {
        self.0.read_bits_leq32(count).ok()
    }

    fn skip(&mut self, count: u32) -> Option<()> {
        self.0.ignore_bits(count).ok()
    }

    fn is_harmless(&mut self) -> Option<bool> {
        for _ in 0..=self.bits(8)? {
            if !self.codebook()? {
                return Some(false);
            }
        }
        for _ in 0..=self.bits(6)? {
            // Transforms of time, of which there are none.
            self.skip(16)?;
        }
        for _ in 0..=self.bits(6)? {
            let is_harmless = match self.bits(16)? {
                0 => self.floor_0()?,
                1 => self.floor_1()?,
                _ => return None,
            };
            if !is_harmless {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Section 3.2.1.
    fn codebook(&mut self) -> Option<bool> {
        if self.bits(24)? != CODEBOOK {
            return None;
        }
        let (dimensions, entries) = (self.bits(16)?, self.bits(24)?);
        match self.bits(1)? {
            0 => self.lengths(entries)?,
            _ => self.ordered_lengths(entries)?,
        }
        let values = match self.bits(4)? {
            0 => return Some(true),
            1 => values(entries, dimensions),
            2 => entries.checked_mul(dimensions),
            _ => return None,
        };
        self.skip(32 + 32)?;
        let bits = self.bits(4)? + 1;
        self.skip(1)?;
        // Where it wraps around, symphonia goes on in another place.
        let Some(bits) = values.and_then(|values| values.checked_mul(bits)) else {
            return Some(false);
        };
        self.skip(bits)?;
        Some(true)
    }

    fn lengths(&mut self, entries: u32) -> Option<()> {
        let is_sparse = self.bits(1)? == 1;
        (0..entries).try_for_each(|_| match is_sparse && self.bits(1)? == 0 {
            true => Some(()),
            false => self.skip(5),
        })
    }

    fn ordered_lengths(&mut self, entries: u32) -> Option<()> {
        self.skip(5)?;
        let mut left = entries;
        while left > 0 {
            left = left.checked_sub(self.bits(u32::BITS - left.leading_zeros())?)?;
        }
        Some(())
    }

    /// Section 6.2.1.
    fn floor_0(&mut self) -> Option<bool> {
        self.skip(8 + 16 + 16 + 6 + 8)?;
        let books = self.bits(4)? + 1;
        self.skip(8 * books)?;
        Some(true)
    }

    /// Section 7.2.2.
    fn floor_1(&mut self) -> Option<bool> {
        let count = self.bits(5)?;
        let partitions = (0..count).map(|_| self.bits(4)).collect::<Option<Vec<u32>>>()?;
        let classes = partitions.iter().max().map_or(0, |most| most + 1);
        let classes = (0..classes).map(|_| self.class()).collect::<Option<Vec<u32>>>()?;
        self.skip(2)?;
        let range = self.bits(4)?;
        for class in partitions {
            for _ in 0..classes[class as usize] {
                if self.bits(range)? == 0 {
                    return Some(false);
                }
            }
        }
        Some(true)
    }

    /// How many points a class of a floor has.
    fn class(&mut self) -> Option<u32> {
        let (points, subclasses) = (self.bits(3)? + 1, self.bits(2)?);
        if subclasses > 0 {
            self.skip(8)?;
        }
        self.skip(8 << subclasses)?;
        Some(points)
    }
}

/// How many values a codebook of kind 1 is made of, where symphonia can tell: reckoned as
/// it does, with what it asserts.
fn values(entries: u32, dimensions: u32) -> Option<u32> {
    let root = (entries as f32).powf(1.0 / dimensions as f32).floor() as u32;
    let is_below = root.checked_pow(dimensions)? <= entries;
    let is_next_above = root.checked_add(1)?.checked_pow(dimensions)? > entries;
    (is_below && is_next_above).then_some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers with their bits, the lowest first, as Vorbis packs them (section 2.1.4).
    fn packed(numbers: &[(u32, u32)]) -> Vec<u8> {
        let bits: Vec<bool> = numbers
            .iter()
            .flat_map(|(number, count)| (0..*count).map(move |bit| number >> bit & 1 == 1))
            .collect();
        let byte =
            |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        [SETUP, &bits.chunks(8).map(byte).collect::<Vec<u8>>()].concat()
    }

    /// A codebook of kind 1 without lengths that are used, and a multiplicand of 1 bit for each
    /// of so many `values`.
    fn codebook(dimensions: u32, entries: u32, values: u32) -> Vec<(u32, u32)> {
        let mut numbers =
            vec![(0, 8), (CODEBOOK, 24), (dimensions, 16), (entries, 24), (0, 1), (1, 1)];
        numbers.extend((0..entries).map(|_| (0, 1)));
        numbers.extend([(1, 4), (0, 32), (0, 32), (0, 4), (0, 1)]);
        numbers.extend((0..values).map(|_| (0, 1)));
        numbers
    }

    /// A floor of kind 1 with one class of points at `points`.
    fn with_floor(points: &[u32]) -> Vec<u8> {
        let mut numbers = codebook(2, 9, 3);
        numbers.extend([(0, 6), (0, 16), (0, 6), (1, 16), (1, 5), (0, 4)]);
        numbers.extend([(points.len() as u32 - 1, 3), (0, 2), (0, 8), (0, 2), (7, 4)]);
        numbers.extend(points.iter().map(|point| (*point, 7)));
        packed(&numbers)
    }

    #[test]
    fn codebooks_whose_root_is_not_what_is_asserted_are_refused() {
        for (dimensions, entries, values) in
            [(2, 9, 3), (2, 15, 3), (4, 81, 3), (1, 7, 7), (31, 5, 1)]
        {
            assert!(
                is_harmless(&packed(&codebook(dimensions, entries, values))),
                "{dimensions} {entries}"
            );
        }
        // No dimensions, or so many that a power overflows.
        for (dimensions, entries) in [(0, 9), (32, 5), (40, 9), (0xffff, 1)] {
            assert!(
                !is_harmless(&packed(&codebook(dimensions, entries, 0))),
                "{dimensions} {entries}"
            );
        }
    }

    #[test]
    fn a_floor_with_a_second_point_at_its_beginning_is_refused() {
        assert!(is_harmless(&with_floor(&[12, 46, 4])));
        assert!(!is_harmless(&with_floor(&[12, 0, 4])));
    }

    #[test]
    fn what_breaks_off_is_left_to_the_decoder() {
        let whole = with_floor(&[12, 0, 4]);
        for end in 0..whole.len() - 2 {
            assert!(is_harmless(&whole[..end]), "{end}");
        }
        assert!(is_harmless(b"\x05vorbis\xff\xff\xff"));
        assert!(is_harmless(b"\x01vorbis"));
    }
}
