//! The pages of an Ogg file (RFC 3533), as far as symphonia must be watched: it takes a
//! codec that it does not know for none, and stumbles over what tags say, or how much.

use std::borrow::Cow;
use std::collections::BTreeMap;

use symphonia::core::checksum::Crc32;
use symphonia::core::io::Monitor;

use crate::fault::ClipFault;
use crate::vorbis;

const MARK: &[u8] = b"OggS";
/// Flags of a page: its first packet began on the page before; it is the first.
const CONTINUED: u8 = 1;
const FIRST: u8 = 2;
/// A page has so many segments at most, and a segment so many bytes.
const MOST_SEGMENTS: usize = 255;
const SEGMENT: usize = 255;
/// So many damaged pages are passed over.
const MOST_DAMAGED: usize = 1000;

/// A page.
struct Page<'a> {
    flags: u8,
    /// How much sound there is up to its end.
    position: i64,
    serial: u32,
    /// How long its segments are. A packet ends with one that is not full.
    segments: &'a [u8],
    body: &'a [u8],
    /// One past its last byte in the file.
    end: usize,
}

/// The pages of the file in `bytes`, up to what is none.
fn pages(bytes: &[u8]) -> impl Iterator<Item = Page<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let page = bytes.get(at..)?;
        let head = page.get(..27).filter(|head| head.starts_with(MARK))?;
        let segments = page.get(27..27 + usize::from(head[26]))?;
        let size = segments.iter().map(|size| usize::from(*size)).sum::<usize>();
        let start = 27 + segments.len();
        let body = page.get(start..start + size)?;
        at += start + size;
        let position = i64::from_le_bytes(*head[6..].first_chunk()?);
        let serial = u32::from_le_bytes(*head[14..].first_chunk()?);
        Some(Page { flags: head[5], position, serial, segments, body, end: at })
    })
}

/// How many packets come before the sound, of a stream whose first page has this `body`; if
/// it is one that can be read.
fn headers(body: &[u8]) -> Option<usize> {
    match body {
        [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', ..] => Some(2),
        [1, b'v', b'o', b'r', b'b', b'i', b's', ..] => Some(3),
        [0x7f, b'F', b'L', b'A', b'C', ..] => Some(0),
        _ => None,
    }
}

/// Refuses what symphonia would find nothing in, and what it would not survive.
pub fn check(bytes: &[u8]) -> Result<(), ClipFault> {
    check_codec(bytes)?;
    check_setups(&without_tags(bytes))
}

fn check_codec(bytes: &[u8]) -> Result<(), ClipFault> {
    let mut first = None;
    for page in pages(bytes).take_while(|page| page.flags & FIRST != 0) {
        match name(page.body) {
            None => return Ok(()),
            Some(name) => first = first.or(Some(name)),
        }
    }
    first.map_or(Ok(()), |name| Err(ClipFault::Unsupported(name)))
}

/// Refuses a file that holds headers which symphonia does not survive, wherever they are: it
/// reads all that it meets. The parts are what it is to see.
fn check_setups(parts: &[Cow<'_, [u8]>]) -> Result<(), ClipFault> {
    // The packet that goes on, of each stream.
    let mut begun: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    for page in parts.iter().flat_map(|part| sound_pages(part)) {
        let packet = begun.entry(page.serial).or_default();
        if page.flags & CONTINUED == 0 {
            packet.clear();
        }
        let mut body = page.body;
        for size in page.segments {
            let (segment, rest) = body.split_at(usize::from(*size));
            body = rest;
            packet.extend_from_slice(segment);
            if usize::from(*size) < SEGMENT {
                if !vorbis::is_harmless(packet) {
                    return Err(ClipFault::Malformed("its Vorbis setup is none".to_owned()));
                }
                packet.clear();
            }
        }
    }
    Ok(())
}

/// Every page with the right checksum, whatever stands between them; of a file with more
/// damage than anybody has, those before it.
fn sound_pages(bytes: &[u8]) -> impl Iterator<Item = Page<'_>> {
    let (mut at, mut damaged) = (0, 0);
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..)?;
            at += rest.windows(MARK.len()).position(|word| word == MARK)?;
            let page = pages(&bytes[at..]).next().filter(|page| {
                let told = u32::from_le_bytes([0, 1, 2, 3].map(|n| bytes[at + 22 + n]));
                let mut copy = bytes[at..at + page.end].to_vec();
                copy[22..26].fill(0);
                checksum(&copy) == told
            });
            match page {
                None if damaged == MOST_DAMAGED => return None,
                None => (at, damaged) = (at + 1, damaged + 1),
                Some(page) => {
                    at += page.end;
                    return Some(page);
                }
            }
        }
    })
}

/// What people call the codec of a stream whose first page has this `body`; `None` where it
/// can be read.
fn name(body: &[u8]) -> Option<String> {
    let name = match body {
        [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', ..] => {
            let (channels, family) = (*body.get(9)?, *body.get(18)?);
            match (channels, family) {
                (1..=2, 0 | 1) => return None,
                (_, 0 | 1) => "Opus of more than two channels".to_owned(),
                _ => format!("Opus of mapping family {family}"),
            }
        }
        _ if headers(body).is_some() => return None,
        [b'S', b'p', b'e', b'e', b'x', b' ', ..] => "Speex".to_owned(),
        [b'C', b'E', b'L', b'T', ..] => "CELT".to_owned(),
        [b'P', b'C', b'M', b' ', ..] => "PCM in Ogg".to_owned(),
        [b'f', b'L', b'a', b'C', ..] => "FLAC in an old kind of Ogg".to_owned(),
        _ => "a codec that is not known here".to_owned(),
    };
    Some(name)
}

/// Whether all sound of the first stream is on one page.
pub fn is_one_page(bytes: &[u8]) -> bool {
    let Some(first) = pages(bytes).next() else { return false };
    let ours = pages(bytes).filter(|page| page.serial == first.serial);
    // Before the sound, and where no packet ends, a position says nothing.
    ours.filter(|page| ![0, -1].contains(&page.position)).take(2).count() < 2
}

/// The file in `bytes`, with tags that say nothing in the place of its own, where it is one
/// of a single stream.
pub fn without_tags(bytes: &[u8]) -> Vec<Cow<'_, [u8]>> {
    mended(bytes).unwrap_or_else(|| vec![Cow::Borrowed(bytes)])
}

fn mended(bytes: &[u8]) -> Option<Vec<Cow<'_, [u8]>>> {
    let first = pages(bytes).next().filter(|page| page.flags & FIRST != 0)?;
    let count = headers(first.body).filter(|count| *count > 1)?;
    let mut packets: Vec<Vec<u8>> = vec![Vec::new()];
    let mut end = None;
    let mut pages_before = 0;
    for page in pages(bytes).skip(1) {
        if page.serial != first.serial || page.flags & FIRST != 0 {
            return None;
        }
        pages_before += 1;
        let mut body = page.body;
        for size in page.segments {
            let (segment, rest) = body.split_at(usize::from(*size));
            body = rest;
            packets.last_mut()?.extend_from_slice(segment);
            if usize::from(*size) < SEGMENT {
                packets.push(Vec::new());
            }
        }
        // The sound begins on a page of its own.
        if packets.len() >= count {
            end = (packets.len() == count && packets.last()?.is_empty()).then_some(page.end);
            break;
        }
    }
    let end = end?;
    packets.truncate(count - 1);
    packets[0] = empty_tags(&packets[0])?;
    let new = pages_of(&packets, first.serial, pages_before)?;
    Some(vec![Cow::Borrowed(&bytes[..first.end]), Cow::Owned(new), Cow::Borrowed(&bytes[end..])])
}

/// Tags of the same codec, by nobody, about nothing.
fn empty_tags(tags: &[u8]) -> Option<Vec<u8>> {
    match tags {
        [b'O', b'p', b'u', b's', b'T', b'a', b'g', b's', ..] => {
            Some([b"OpusTags".as_slice(), &[0; 8]].concat())
        }
        [3, b'v', b'o', b'r', b'b', b'i', b's', ..] => {
            Some([b"\x03vorbis".as_slice(), &[0; 8], &[1]].concat())
        }
        _ => None,
    }
}

/// Pages for `packets`, the last of which is the page `last` of its stream. None where they
/// would be more than there were.
fn pages_of(packets: &[Vec<u8>], serial: u32, last: u32) -> Option<Vec<u8>> {
    let mut segments: Vec<&[u8]> = Vec::new();
    for packet in packets {
        segments.extend(packet.chunks(SEGMENT));
        if packet.len().is_multiple_of(SEGMENT) {
            segments.push(&[]);
        }
    }
    let pages: Vec<&[&[u8]]> = segments.chunks(MOST_SEGMENTS).collect();
    let before = u32::try_from(pages.len()).ok()?.checked_sub(1)?;
    let numbers = last.checked_sub(before)?..;
    let mut bytes = Vec::new();
    let mut continued = false;
    for (number, segments) in numbers.zip(pages) {
        let is_ending = segments.iter().any(|segment| segment.len() < SEGMENT);
        let start = bytes.len();
        bytes.extend_from_slice(MARK);
        bytes.extend_from_slice(&[0, if continued { CONTINUED } else { 0 }]);
        // No packet ends on a page without a position.
        bytes.extend_from_slice(&(if is_ending { 0_i64 } else { -1 }).to_le_bytes());
        bytes.extend_from_slice(&serial.to_le_bytes());
        bytes.extend_from_slice(&number.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.push(segments.len() as u8);
        bytes.extend(segments.iter().map(|segment| segment.len() as u8));
        segments.iter().for_each(|segment| bytes.extend_from_slice(segment));
        let checksum = checksum(&bytes[start..]).to_le_bytes();
        bytes[start + 22..start + 26].copy_from_slice(&checksum);
        continued = segments.last().is_some_and(|segment| segment.len() == SEGMENT);
    }
    Some(bytes)
}

fn checksum(page: &[u8]) -> u32 {
    let mut checksum = Crc32::new(0);
    checksum.process_buf_bytes(page);
    checksum.crc()
}
