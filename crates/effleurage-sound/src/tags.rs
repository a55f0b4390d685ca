//! Tags around the sound, and between two parts of it: titles, pictures, lyrics.
//!
//! Programs that write one leave what is there alone, so there may be any number of them,
//! and in files of any kind. Nothing of what they say is needed.

/// An APE tag's header or footer (version 2), and an ID3v1 tag.
const APE_HEADER: usize = 32;
const ID3V1: usize = 128;

/// How many bytes the tags take that `bytes` begin with, one after the other.
pub fn length(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(size) = size(&bytes[at..]) {
        at += size.min(bytes.len() - at);
    }
    at
}

/// The size of the tag that `bytes` begin with.
pub fn size(bytes: &[u8]) -> Option<usize> {
    let size = match bytes {
        [b'I', b'D', b'3', ..] => id3v2(bytes)?,
        [b'A', b'P', b'E', b'T', b'A', b'G', b'E', b'X', ..] => ape(bytes)?,
        [b'T', b'A', b'G', b'+', ..] if bytes.len() >= 227 + ID3V1 => 227,
        [b'T', b'A', b'G', ..] if bytes.len() >= ID3V1 => ID3V1,
        [b'L', b'Y', b'R', b'I', b'C', b'S', b'B', b'E', b'G', b'I', b'N', ..] => lyrics(bytes)?,
        _ => return None,
    };
    Some(size)
}

/// ID3v2.2 to 2.4, section 3.1: a size of four times seven bits, and a footer perhaps.
fn id3v2(bytes: &[u8]) -> Option<usize> {
    let flags = bytes.get(5)?;
    let sizes = bytes.get(6..10)?;
    let size = sizes.iter().fold(0, |size, byte| size << 7 | usize::from(byte & 0x7f));
    Some(10 + size + if flags & 0x10 != 0 { 10 } else { 0 })
}

/// The size counts all but the header; behind the sound, there may be a footer alone.
fn ape(bytes: &[u8]) -> Option<usize> {
    let number = |at: usize| {
        let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let (size, is_header) = (number(12)?, number(20)? & (1 << 29) != 0);
    Some(if is_header { APE_HEADER.checked_add(size)? } else { APE_HEADER })
}

/// Lyrics3 (version 2), which ends in six digits and a word.
fn lyrics(bytes: &[u8]) -> Option<usize> {
    let end = b"LYRICS200";
    bytes.windows(end.len()).position(|window| window == end).map(|at| at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID3: &[u8] = b"ID3\x03\0\0\0\0\x01\x02";

    #[test]
    fn tags_of_any_number_and_kind_are_passed_over() {
        let id3 = [ID3, &[7; 130]].concat();
        let footed = [b"ID3\x04\0\x10\0\0\0\x05".as_slice(), &[7; 15]].concat();
        let ape = [b"APETAGEX\xd0\x07\0\0\x28\0\0\0\x01\0\0\0\0\0\0\xa0".as_slice(), &[0; 48]];
        let id3v1 = [b"TAG".as_slice(), &[b' '; 125]].concat();
        let lyrics = b"LYRICSBEGININD00002100000021LYRICS200".to_vec();
        let all = [id3.clone(), id3, footed, ape.concat(), lyrics, id3v1].concat();
        assert_eq!(length(&[&all[..], b"RIFF"].concat()), all.len());
    }

    #[test]
    fn a_tag_ends_with_the_file() {
        assert_eq!(length(ID3), 10);
        assert_eq!((length(&ID3[..9]), length(b"TAG"), length(b"")), (0, 0, 0));
        let ape = b"APETAGEX\xd0\x07\0\0\xff\xff\xff\xff\x01\0\0\0\0\0\0\xa0........";
        assert_eq!(length(ape), ape.len());
    }
}
