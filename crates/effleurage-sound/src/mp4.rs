//! The boxes of an MP4 (ISO/IEC 14496-12), as far as symphonia must be watched.

use std::borrow::Cow;

use crate::fault::ClipFault;

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
    if all(bytes, b"moov").take(2).count() > 1 {
        return Err(ClipFault::several());
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

/// The track with this number (`track_ID`; ISO/IEC 14496-12, 8.3.2).
pub fn track(bytes: &[u8], id: u32) -> Option<&[u8]> {
    let number = |track: &[u8]| {
        let header = find(track, b"tkhd")?;
        u32_at(header, if *header.first()? == 1 { 20 } else { 12 })
    };
    all(find(bytes, b"moov")?, b"trak").find(|track| number(track) == Some(id))
}

/// What people call what is in the first sound track, by the name of its sample entry.
pub fn codec(bytes: &[u8]) -> Option<&'static str> {
    let tracks = all(find(bytes, b"moov")?, b"trak");
    let mut entries = tracks.filter_map(|track| {
        let media = find(track, b"mdia")?;
        let is_sound = find(media, b"hdlr")?.get(8..12) == Some(b"soun");
        let table = find(find(find(media, b"minf")?, b"stbl")?, b"stsd")?;
        is_sound.then(|| table.get(12..16)).flatten()
    });
    Some(match entries.next()? {
        b"samr" => "AMR",
        b"sawb" | b"sawp" => "AMR-WB",
        b"sqcp" | b"Qclp" | b"sevc" | b"secb" => "speech of an old codec",
        b"ac-3" => "AC-3",
        b"ec-3" => "E-AC-3",
        b"ac-4" => "AC-4",
        b"apac" => "Apple spatial audio",
        b"mha1" | b"mhm1" => "MPEG-H",
        b"dtsc" | b"dtsh" | b"dtsl" | b"dtse" | b"dtsx" => "DTS",
        b"ima4" | b"ms\0\x02" | b"ms\0\x11" => "ADPCM",
        b"QDM2" | b"QDMC" | b"MAC3" | b"MAC6" | b"agsm" => "a codec of old QuickTime",
        b"enca" | b"drms" => "sound that is locked",
        _ => return None,
    })
}

/// The file in `bytes` as far as it is sound. Titles, pictures and the like may be wrong in
/// any way: their boxes are called free space. So are edits, which symphonia does not use.
pub fn without_tags(bytes: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    let mut at = 0;
    for Mp4Box { name, size, body } in boxes(bytes) {
        if &name == b"moov" || &name == b"meta" {
            let (before, after) = rest.split_at(at);
            let mut copy = after[..size].to_vec();
            let head = size - body.len();
            match &name {
                b"moov" => free(&mut copy[head..], 0),
                _ => copy[4..8].copy_from_slice(b"free"),
            }
            parts.extend([Cow::Borrowed(before), Cow::Owned(copy)]);
            (rest, at) = (&after[size..], 0);
        } else {
            at += size;
        }
    }
    parts.push(Cow::Borrowed(rest));
    parts
}

/// Calls boxes in a `moov` or a `trak` that are no sound free space.
fn free(body: &mut [u8], depth: usize) {
    let mut at = 0;
    let sizes: Vec<([u8; 4], usize, usize)> =
        boxes(body).map(|b| (b.name, b.size, b.size - b.body.len())).collect();
    for (name, size, head) in sizes {
        let own = &mut body[at..at + size];
        match &name {
            b"udta" | b"meta" | b"edts" | b"tref" | b"iods" => {
                own[4..8].copy_from_slice(b"free");
            }
            b"trak" if depth == 0 => free(&mut own[head..], 1),
            _ => {}
        }
        at += size;
    }
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
    fn boxes_that_are_no_sound_are_free_space() {
        let boxed = |name: &[u8], body: &[u8]| {
            [&(body.len() as u32 + 8).to_be_bytes(), name, body].concat()
        };
        let track = boxed(b"trak", &[boxed(b"edts", b"1"), boxed(b"mdia", b"2")].concat());
        let movie = boxed(b"moov", &[track, boxed(b"udta", b"3")].concat());
        let file = [boxed(b"ftyp", b"M4A "), movie, boxed(b"mdat", b"4")].concat();
        let text = String::from_utf8(file.clone()).unwrap();
        let expected = text.replace("edts", "free").replace("udta", "free");
        assert_eq!(without_tags(&file).concat(), expected.into_bytes());
        for end in 0..file.len() {
            assert_eq!(without_tags(&file[..end]).concat().len(), end);
        }
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
