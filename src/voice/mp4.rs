//! The boxes of an MP4 (ISO/IEC 14496-12), as far as symphonia must be watched.

use crate::error::ClipFault;

/// A box of an MP4.
pub struct Mp4Box<'a> {
    /// What it is, in four letters.
    pub name: [u8; 4],
    /// What is in it.
    pub body: &'a [u8],
    /// How many bytes it takes, its header included.
    pub size: usize,
}

/// The boxes in `bytes`, up to the first that does not fit.
pub fn boxes(bytes: &[u8]) -> impl Iterator<Item = Mp4Box<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let name = rest.get(4..8)?.try_into().ok()?;
        let (head, size) = match u32_at(rest, 0)? {
            0 => (8, rest.len()),
            1 => (16, usize::try_from(u64_at(rest, 8)?).ok()?),
            size => (8, size as usize),
        };
        let body = rest.get(head..size)?;
        rest = &rest[size..];
        Some(Mp4Box { name, body, size })
    })
}

/// What is in the first box of this name.
pub fn find<'a>(bytes: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(bytes).find(|b| b.name == *name).map(|b| b.body)
}

/// The 32-bit number at `at`.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The 64-bit number at `at`.
pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// Refuses what symphonia would take for whole, or would take for ever over.
pub fn check(bytes: &[u8]) -> Result<(), ClipFault> {
    if is_cut(bytes) {
        return Err(ClipFault::Truncated);
    }
    if sample_counts(bytes).any(|count| count as usize > bytes.len()) {
        return Err(ClipFault::Malformed("it counts more samples than it can hold".to_owned()));
    }
    Ok(())
}

/// Whether a box says that it goes on after the end of `bytes`.
///
/// A fragmented file that is cut off would otherwise just be shorter.
fn is_cut(bytes: &[u8]) -> bool {
    let whole: usize = boxes(bytes).map(|b| b.size).sum();
    let rest = bytes.get(whole..).unwrap_or_default();
    matches!(rest.get(4..8), Some(b"moov" | b"moof" | b"mdat"))
}

/// How many samples each fragment and each track says that it has. symphonia adds up
/// their sizes one by one, four billion of them if need be.
fn sample_counts(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let runs = all(bytes, b"moof").flat_map(|b| all(b, b"traf")).flat_map(|b| all(b, b"trun"));
    let tables = all(bytes, b"moov")
        .flat_map(|b| all(b, b"trak"))
        .filter_map(|b| find(find(find(find(b, b"mdia")?, b"minf")?, b"stbl")?, b"stsz"));
    runs.filter_map(|run| u32_at(run, 4)).chain(tables.filter_map(|table| u32_at(table, 8)))
}

/// What is in each box of this name.
fn all<'a>(bytes: &'a [u8], name: &'static [u8; 4]) -> impl Iterator<Item = &'a [u8]> {
    boxes(bytes).filter(move |b| b.name == *name).map(|b| b.body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_goes_on_after_the_end_is_cut() {
        let file = b"\0\0\0\x0cftypM4A \0\0\0\x0cmdat1234".as_slice();
        assert_eq!(check(file), Ok(()));
        assert_eq!(check(&file[..file.len() - 1]), Err(ClipFault::Truncated));
        assert_eq!(check(&[file, &[0; 20]].concat()), Ok(()), "padding is no box");
    }

    #[test]
    fn no_file_has_more_samples_than_bytes() {
        let fragment = |count: u32| {
            let run = [b"\0\0\0\x10trun\0\0\0\0".as_slice(), &count.to_be_bytes()].concat();
            [b"\0\0\0\x20moof\0\0\0\x18traf".as_slice(), &run].concat()
        };
        assert_eq!(check(&fragment(32)), Ok(()));
        assert!(matches!(check(&fragment(33)), Err(ClipFault::Malformed(_))));
    }
}
