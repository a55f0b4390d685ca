//! FLAC (RFC 9639) in a file of its own, read by its frames alone.
//!
//! A frame tells all that is needed to decode it, and has two checksums. So nothing that
//! stands before the frames, tags and pictures above all, can spoil the sound; a rate that
//! changes is seen, and so is a second stream behind the first.

mod bits;
mod frame;
mod stream;
mod subframe;

use symphonia::core::checksum::Md5;
use symphonia::core::io::Monitor;

use self::frame::{Frame, Header, NoFrame, Usual};
pub use self::stream::FlacStream;
use crate::fault::ClipFault;
use crate::gathered::Gathered;
use crate::tags;

/// What every file begins with.
pub const MARK: &[u8] = b"fLaC";
/// The first block: how long it is, and where in it numbers begin (section 8.2).
const STREAM_INFO: usize = 34;

/// Whether `bytes` begin with a frame: a stream that was caught in the middle.
pub fn is_frame(bytes: &[u8]) -> bool {
    Header::read(bytes, None).is_some()
}

/// A stream may begin so many bytes after the start of its file.
const FARTHEST_START: usize = 1 << 16;

/// Where the first frame begins, all of which is there; near the start of `bytes`.
pub fn first_whole_frame(bytes: &[u8]) -> Option<usize> {
    let is_whole = |at: &usize| is_frame(&bytes[*at..]) && Frame::read(&bytes[*at..], None).is_ok();
    (0..bytes.len().min(FARTHEST_START)).find(is_whole)
}

/// Adds the sound of the file in `bytes` to `gathered`.
pub fn decode(bytes: &[u8], gathered: &mut Gathered) -> Result<(), ClipFault> {
    let info = bytes.starts_with(MARK).then(|| StreamInfo::find(bytes)).flatten();
    let usual = info.as_ref().map(|info| info.usual);
    let mut at = first_frame(bytes, usual).ok_or_else(|| no_frame(bytes))?;
    let mut md5 = info.as_ref().and_then(StreamInfo::checksum);
    let promised = info.as_ref().and_then(|info| info.frames);
    let mut frames = 0_u64;
    let mut last: Option<Header> = None;
    loop {
        let is_whole = promised.is_some_and(|promised| frames >= promised);
        let Some(found) = next_frame(&bytes[at..], usual, is_whole)? else { break };
        let frame = found.frame;
        match info.as_ref().filter(|info| info.fits(&frame.header)) {
            Some(_) => md5.iter_mut().for_each(|md5| take_in(md5, &frame)),
            // Of what it did not foretell, the checksum of all says nothing.
            None => md5 = None,
        }
        if last.is_some_and(|last| !last.is_before(&frame.header)) {
            return Err(missing());
        }
        frames += frame.header.length as u64;
        add(gathered, &frame)?;
        at += found.before + frame.size;
        last = Some(frame.header);
    }
    let info = info.unwrap_or_default();
    if promised.is_some_and(|promised| frames < promised) {
        return Err(ClipFault::Truncated);
    }
    match md5 {
        Some(md5) if md5.md5() != info.md5 => {
            Err(ClipFault::Malformed("its checksum is wrong".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Where the first frame begins: after the blocks, or where these are not to be trusted,
/// anywhere.
fn first_frame(bytes: &[u8], usual: Option<Usual>) -> Option<usize> {
    let after = blocks(bytes).last().map_or(0, |block| block.end);
    if Header::read(&bytes[after..], usual).is_some() {
        return Some(after);
    }
    let is_first = |at: &usize| {
        Header::read(&bytes[*at..], usual).is_some_and(|header| header.number == 0)
            && !matches!(
                Frame::read(&bytes[*at..], usual),
                Err(NoFrame::Strange | NoFrame::Damaged)
            )
    };
    (0..bytes.len()).find(is_first)
}

/// Why there is no frame at all.
fn no_frame(bytes: &[u8]) -> ClipFault {
    match blocks(bytes).last() {
        // Silence of no length, as a program leaves it that is stopped at once.
        Some(block) if block.is_last && block.end == bytes.len() => ClipFault::Empty,
        Some(block) if block.is_last && block.end < bytes.len() => {
            ClipFault::Malformed("there is no sound where it should begin".to_owned())
        }
        _ => ClipFault::Truncated,
    }
}

/// A frame, and how many bytes come before it.
struct Found {
    before: usize,
    frame: Frame,
}

/// The next frame of a stream; `None` at its end. It may be its end if it `is_whole`.
fn next_frame(
    rest: &[u8],
    usual: Option<Usual>,
    is_whole: bool,
) -> Result<Option<Found>, ClipFault> {
    let before = tags::length(rest);
    let rest = &rest[before..];
    match Frame::read(rest, usual) {
        Ok(frame) => Ok(Some(Found { before, frame })),
        Err(NoFrame::Cut) => Err(ClipFault::Truncated),
        Err(NoFrame::Strange) if rest.iter().all(|byte| *byte == 0) => Ok(None),
        Err(NoFrame::Strange) if another_stream(rest) => Err(ClipFault::several()),
        Err(NoFrame::Strange) if is_whole && !another_frame(rest) => Ok(None),
        // The first bytes of a frame, and no more of it.
        Err(NoFrame::Strange) if rest[0] == 0xff && rest.len() < 16 => Err(ClipFault::Truncated),
        Err(_) => Err(missing()),
    }
}

fn missing() -> ClipFault {
    ClipFault::Malformed("some of its sound is missing".to_owned())
}

fn another_stream(rest: &[u8]) -> bool {
    let begins = |window: &[u8]| window.starts_with(MARK) && window[4..] == [0, 0, 0, 34];
    rest.windows(8).any(|window| begins(window) || window == b"fLaC\x80\0\0\x22")
}

fn another_frame(rest: &[u8]) -> bool {
    (1..rest.len()).any(|at| is_frame(&rest[at..]) && Frame::read(&rest[at..], None).is_ok())
}

fn add(gathered: &mut Gathered, frame: &Frame) -> Result<(), ClipFault> {
    let mut interleaved = Vec::new();
    frame.interleave(&mut interleaved);
    gathered.add(frame.header.hz, frame.header.channels, &interleaved)
}

/// Lets `md5` see the samples of `frame`: whole bytes, the lowest first, channel by channel.
fn take_in(md5: &mut Md5, frame: &Frame) {
    let width = frame.header.bits.div_ceil(8) as usize;
    let mut bytes = Vec::with_capacity(frame.header.length * frame.header.channels * width);
    for n in 0..frame.header.length {
        for channel in &frame.channels {
            bytes.extend_from_slice(&channel[n].to_le_bytes()[..width]);
        }
    }
    md5.process_buf_bytes(&bytes);
}

/// A block before the frames (section 8.1).
struct Block<'a> {
    kind: u8,
    is_last: bool,
    body: &'a [u8],
    /// One past its last byte in the file.
    end: usize,
}

/// The blocks of the file in `bytes`, as far as they fit.
fn blocks(bytes: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let mut at = if bytes.starts_with(MARK) { MARK.len() } else { bytes.len() };
    std::iter::from_fn(move || {
        let [first, high, middle, low] = *bytes.get(at..)?.first_chunk()?;
        let start = at + 4;
        let size = u32::from_be_bytes([0, high, middle, low]) as usize;
        let body = bytes.get(start..start + size)?;
        let is_last = first & 0x80 != 0;
        at = if is_last { bytes.len() } else { start + size };
        Some(Block { kind: first & 0x7f, is_last, body, end: start + size })
    })
}

/// What the first block says of the stream.
#[derive(Default)]
struct StreamInfo {
    usual: Usual,
    channels: usize,
    /// How many frames there are in all, if that is known.
    frames: Option<u64>,
    /// The checksum of all samples; zeros where there is none.
    md5: [u8; 16],
}

impl StreamInfo {
    fn find(bytes: &[u8]) -> Option<StreamInfo> {
        let block = blocks(bytes).find(|block| block.kind == 0)?;
        block.body.first_chunk().map(StreamInfo::of)
    }

    fn of(body: &[u8; STREAM_INFO]) -> StreamInfo {
        let packed = u64::from_be_bytes(std::array::from_fn(|n| body[10 + n]));
        let frames = packed & 0xf_ffff_ffff;
        let bits = (packed >> 36 & 0x1f) as u32 + 1;
        StreamInfo {
            usual: Usual { hz: (packed >> 44) as u32, bits },
            channels: (packed >> 41 & 7) as usize + 1,
            frames: Some(frames).filter(|frames| *frames > 0),
            md5: std::array::from_fn(|n| body[18 + n]),
        }
    }

    /// What to take in the samples with, if there is a checksum to compare with.
    fn checksum(&self) -> Option<Md5> {
        (self.md5 != [0; 16]).then(Md5::default)
    }

    fn fits(&self, header: &Header) -> bool {
        header.bits == self.usual.bits
            && header.hz == self.usual.hz
            && header.channels == self.channels
    }
}
