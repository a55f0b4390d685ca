//! The elements of a Matroska or WebM file (RFC 9559), as far as symphonia must be
//! watched: it takes a file that is cut off for whole, and what an encoder put behind the
//! sound for sound.

use crate::fault::ClipFault;

const HEAD: u32 = 0x1a45_dfa3;
const SEGMENT: u32 = 0x1853_8067;
const CLUSTER: u32 = 0x1f43_b675;
const BLOCK_GROUP: u32 = 0xa0;
const BLOCK: u32 = 0xa1;
const SIMPLE_BLOCK: u32 = 0xa3;
const DISCARD_PADDING: u32 = 0x75a2;

/// Refuses a file that ends within an element.
///
/// One that was written as it was recorded does not say where its clusters end, or where
/// it does. Cut off between two elements, it cannot be told from a whole one.
pub fn check(bytes: &[u8]) -> Result<(), ClipFault> {
    let is_head = |element: &Element<'_>| matches!(element, Element::Whole { id: HEAD, .. });
    if elements(bytes).filter(is_head).take(2).count() > 1 {
        return Err(ClipFault::several());
    }
    if elements(bytes).any(|element| element == Element::Cut) {
        Err(ClipFault::Truncated)
    } else {
        Ok(())
    }
}

/// How many nanoseconds at the end of the last block of the track with this number are no
/// sound (RFC 9559, section 5.1.3.5.7).
pub fn padding(bytes: &[u8], track: u32) -> u64 {
    let (mut ours, mut padding) = (false, 0);
    for element in elements(bytes) {
        match element {
            Element::Whole { id: BLOCK | SIMPLE_BLOCK, data } => {
                ours = number(data).is_some_and(|(of, _)| of == Some(track.into()));
                padding = if ours { 0 } else { padding };
            }
            Element::Whole { id: DISCARD_PADDING, data } if ours => padding = signed(data),
            _ => (),
        }
    }
    // What is negative is at the start of its block, where encoders put none.
    u64::try_from(padding).unwrap_or(0)
}

#[derive(Debug, PartialEq, Eq)]
enum Element<'a> {
    /// All of it is there.
    Whole { id: u32, data: &'a [u8] },
    /// One whose elements follow.
    Opened,
    /// It goes on after the end of the file.
    Cut,
}

/// The elements in `bytes`, each after the one that it is in, up to what is none.
fn elements(bytes: &[u8]) -> impl Iterator<Item = Element<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        // Zeros fill a file up; no element begins with one (RFC 8794, section 5).
        let size_of_id = rest.first().map(|first| first.leading_zeros() as usize + 1)?;
        if size_of_id > 4 {
            return None;
        }
        let element = element(rest, size_of_id);
        rest = element.as_ref().map_or(&[][..], |(_, rest)| *rest);
        Some(element.map_or(Element::Cut, |(element, _)| element))
    })
}

/// The first element of `bytes`, and what follows; nothing if it is cut off.
fn element(bytes: &[u8], size_of_id: usize) -> Option<(Element<'_>, &[u8])> {
    let id = bytes.get(..size_of_id)?.iter().fold(0, |id, byte| id << 8 | u32::from(*byte));
    let (size, length) = number(&bytes[size_of_id..])?;
    let data = &bytes[size_of_id + length..];
    let is_cut = size.is_some_and(|size| size > data.len() as u64);
    match (id, size) {
        _ if is_cut => None,
        (SEGMENT | CLUSTER | BLOCK_GROUP, _) => Some((Element::Opened, data)),
        (_, size) => {
            let (data, rest) = data.split_at(size.map_or(data.len(), |size| size as usize));
            Some((Element::Whole { id, data }, rest))
        }
    }
}

/// The number that `bytes` begin with, and how many bytes it takes (RFC 8794, section 4).
/// One of nothing but ones means: unknown.
fn number(bytes: &[u8]) -> Option<(Option<u64>, usize)> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    let mask = (1_u64 << (7 * length.min(8))) - 1;
    let value = bytes.get(..length).filter(|_| length <= 8)?;
    let value = value.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)) & mask;
    Some((Some(value).filter(|value| *value != mask), length))
}

/// A signed integer of up to eight bytes (RFC 8794, section 7.1); 0 of more.
fn signed(data: &[u8]) -> i64 {
    let negative = data.first().is_some_and(|first| first & 0x80 != 0);
    let start = if negative { -1 } else { 0 };
    match data.len() {
        ..=8 => data.iter().fold(start, |value, byte| value << 8 | i64::from(*byte)),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two clusters of unknown size; the last block ends in 500 ns that are no sound.
    const FILE: &[u8] = b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff\
        \x1f\x43\xb6\x75\xff\xa0\x88\xa1\x82\x81\x55\x75\xa2\x81\x09\
        \x1f\x43\xb6\x75\xff\xa3\x82\x82\x55\xa0\x89\xa1\x82\x81\x55\x75\xa2\x82\x01\xf4";

    #[test]
    fn a_file_that_ends_between_elements_is_whole() {
        assert_eq!(check(FILE), Ok(()));
        assert_eq!(check(&[FILE, &[0; 9]].concat()), Ok(()), "zeros are no element");
        let boundaries: Vec<usize> =
            (5..FILE.len()).filter(|end| check(&FILE[..*end]).is_ok()).collect();
        assert_eq!(boundaries, [5, 17, 22, 32, 37, 41]);
    }

    #[test]
    fn a_second_file_behind_the_first_is_seen() {
        assert_eq!(check(&[FILE, FILE].concat()), Err(ClipFault::several()));
    }

    #[test]
    fn padding_counts_in_the_last_block_of_the_track() {
        assert_eq!(padding(FILE, 1), 500);
        assert_eq!(padding(FILE, 2), 0);
        assert_eq!(padding(&FILE[..FILE.len() - 11], 1), 9, "that of another track is not ours");
        let blocks = [FILE, b"\xa3\x82\x81\x55"].concat();
        assert_eq!(padding(&blocks, 1), 0, "it goes on");
    }

    #[test]
    fn numbers_are_of_any_length() {
        assert_eq!(number(b"\x81"), Some((Some(1), 1)));
        assert_eq!(number(b"\x41\x02\x03"), Some((Some(0x102), 2)));
        assert_eq!(number(b"\xff"), Some((None, 1)));
        assert_eq!(number(b"\x01\xff\xff\xff\xff\xff\xff\xff"), Some((None, 8)));
        assert_eq!((number(b""), number(b"\x40"), number(&[0; 9])), (None, None, None));
        assert_eq!((signed(b""), signed(b"\x01\xf4"), signed(b"\xff\xfe")), (0, 500, -2));
        assert_eq!((signed(&[0x80; 8]) < 0, signed(&[1; 9])), (true, 0));
    }
}
