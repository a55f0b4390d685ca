//! The sound of files that are MPEG frames one after the other.

use std::borrow::Cow;

use rusty_aac::AacDecoder;

use super::container::Container;
use super::mpeg::{self, Frame, Kind, frames};
use super::segments::Segments;
use super::stream::Stream;
use super::{aac, tags};
use crate::fault::ClipFault;
use crate::gathered::Gathered;

/// An MP3 has no more frames than this outside of the sound that its tag tells of.
const MOST_SURPLUS_FRAMES: usize = 4;

/// Adds the sound of the frames in `bytes`, which begin with one, to `gathered`.
pub fn decode(bytes: &[u8], gathered: &mut Gathered) -> Result<(), ClipFault> {
    let found = Found::look(bytes)?;
    match found.kind {
        Kind::Adts => decode_aac(bytes, gathered)?,
        Kind::Layer { layer: 3, .. } => decode_mp3(bytes, &found, gathered)?,
        Kind::Layer { layer, .. } => {
            return Err(ClipFault::Unsupported(format!("MPEG audio of layer {layer}")));
        }
    }
    if found.is_cut { Err(ClipFault::Truncated) } else { Ok(()) }
}

/// What all frames of a file together tell.
struct Found<'a> {
    kind: Kind,
    /// The frames, where they lie one after the other.
    stretches: Vec<&'a [u8]>,
    /// How many bytes the first takes, if it holds no sound but tells of a recording.
    info: Option<usize>,
    /// Whether another such frame comes later: where another recording begins.
    another: bool,
    /// Whether a frame begins that does not end.
    is_cut: bool,
}

impl<'a> Found<'a> {
    fn look(bytes: &'a [u8]) -> Result<Found<'a>, ClipFault> {
        if mpeg::is_free(bytes) {
            return Err(ClipFault::Unsupported("MP3 of free format".to_owned()));
        }
        let first = frames(bytes).next().ok_or(ClipFault::NotAudio)?.header;
        let mut found = Found {
            kind: first.kind,
            stretches: Vec::new(),
            info: None,
            another: false,
            is_cut: false,
        };
        let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
        for (n, Frame { start, bytes: frame, header, .. }) in frames(bytes).enumerate() {
            let changes = (header.kind, header.hz) != (first.kind, first.hz);
            let turns = header.kind == Kind::Adts && header.channels != first.channels;
            if changes || turns {
                let what = if changes { "its sample rate changes" } else { "its channels change" };
                return Err(ClipFault::Unsupported(format!("{what} half-way")));
            }
            match mpeg::is_info(&header, frame) {
                true if n == 0 => found.info = Some(frame.len()),
                is_info => found.another |= is_info,
            }
            found.is_cut = header.size.is_some_and(|size| size > frame.len());
            match ranges.last_mut() {
                Some(last) if last.end == start => last.end += frame.len(),
                _ => ranges.push(start..start + frame.len()),
            }
        }
        let end = ranges.last().map_or(0, |last| last.end);
        let rest = &bytes[end..];
        // Of a last frame, there may be less than its header.
        found.is_cut |= rest[tags::length(rest)..].first() == Some(&0xff);
        found.stretches = ranges.into_iter().map(|range| &bytes[range]).collect();
        Ok(found)
    }

    fn source(&self) -> Segments<'a> {
        Segments::stream(self.stretches.iter().map(|part| Cow::Borrowed(*part)).collect())
    }
}

fn decode_mp3(bytes: &[u8], found: &Found<'_>, gathered: &mut Gathered) -> Result<(), ClipFault> {
    let stream = Stream { bytes, container: Container::Mpeg, is_open: false };
    let fresh = gathered.fresh();
    let surplus = stream.decode(found.source(), gathered)?;
    if surplus <= MOST_SURPLUS_FRAMES {
        return Ok(());
    }
    if found.another {
        return Err(ClipFault::several());
    }
    // What the first frame tells of the length is wrong; without it, all is sound.
    let Some(info) = found.info else { return Ok(()) };
    *gathered = fresh;
    let mut stretches = found.stretches.clone();
    stretches[0] = &stretches[0][info..];
    let source = Segments::stream(stretches.into_iter().map(Cow::Borrowed).collect());
    stream.decode(source, gathered).map(drop)
}

fn decode_aac(bytes: &[u8], gathered: &mut Gathered) -> Result<(), ClipFault> {
    let mut decoder = AacDecoder::new();
    let whole = |frame: &Frame<'_>| frame.header.size == Some(frame.bytes.len());
    for frame in frames(bytes).filter(whole) {
        aac::add(gathered, decoder.decode(frame.bytes, None))?;
    }
    if gathered.rate.is_none() { Err(ClipFault::Truncated) } else { Ok(()) }
}
