//! Any bytes of a finished WAV file, from its plan alone.

use std::io;
use std::ops::Range;

use super::chunks::Chunks;
use super::format::{Bits, Channels, Format};
use super::header::header;
use super::writer::{BLOCK, Block, Mixed};
use crate::error::{Error, Result};
use crate::mix::Mixer;
use crate::units::{FrameRange, Length, Position};
use effleurage_sound::quantise::{AT_ONCE, quantise};

/// A WAV file that need not be written to be read.
pub struct Track<'a> {
    format: Format,
    header: Vec<u8>,
    mixer: &'a Mixer<'a>,
    length: Length,
    chunks: &'a [u8],
}

impl<'a> Track<'a> {
    /// The file of a session, with `chunks` of an even length behind its sound.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] where a WAV file cannot hold it.
    pub fn new(mixer: &'a Mixer<'a>, format: Format, chunks: &'a [u8]) -> Result<Track<'a>> {
        let length = mixer.timeline().length();
        format.check_size_with(length, chunks.len())?;
        let ours = |error: io::Error| Error::Ours { what: error.to_string() };
        let header = header(&format, length, Chunks::behind(chunks)).map_err(ours)?;
        Ok(Track { format, header, mixer, length, chunks })
    }

    /// How many bytes the file has.
    pub fn size(&self) -> u64 {
        self.behind_the_sound().end
    }

    /// The bytes in `range`, as far as the file has them.
    ///
    /// # Errors
    ///
    /// [`Error::Ours`] for a sample beyond full scale.
    pub fn bytes(&self, range: Range<u64>) -> Result<Vec<u8>> {
        let range = range.start..range.end.min(self.size());
        let mut bytes = Vec::new();
        let sound = self.sound();
        let part = |of: &[u8], start: u64| {
            let within = |at: u64| at.saturating_sub(start).min(of.len() as u64) as usize;
            of[within(range.start)..within(range.end).max(within(range.start))].to_vec()
        };
        bytes.extend(part(&self.header, 0));
        self.sound_bytes(range.start.max(sound.start)..range.end.min(sound.end), &mut bytes)?;
        let padding = vec![0; self.format.padding_bytes(self.length) as usize];
        bytes.extend(part(&padding, sound.end));
        bytes.extend(part(self.chunks, self.behind_the_sound().start));
        Ok(bytes)
    }

    /// Where the samples stand.
    fn sound(&self) -> Range<u64> {
        let start = self.header.len() as u64;
        start..start + self.format.data_bytes(self.length)
    }

    /// Where the other chunks stand.
    fn behind_the_sound(&self) -> Range<u64> {
        let start = self.sound().end + self.format.padding_bytes(self.length);
        start..start + self.chunks.len() as u64
    }

    fn sound_bytes(&self, range: Range<u64>, bytes: &mut Vec<u8>) -> Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        let (start, frame) = (self.sound().start, self.format.bytes_per_frame());
        let frames = (range.start - start) / frame..(range.end - start).div_ceil(frame);
        // What is cut off from the first frame, and what the range is to hold.
        let (skip, wanted) = ((range.start - start) % frame, (range.end - range.start) as usize);
        let mut sound = Vec::with_capacity(((frames.end - frames.start) * frame) as usize);
        let range = FrameRange::new(Position(frames.start), Length(frames.end - frames.start));
        let mut mixed = Mixed::default();
        for block in range.pieces(Length(BLOCK as u64)) {
            mixed.fill(block, self.format.rate, self.format.channels, self.mixer)?;
            encode(&mixed.block(), &self.format, &mut sound);
        }
        bytes.extend(sound.into_iter().skip(skip as usize).take(wanted));
        Ok(())
    }
}

/// Adds the samples of `block`, as a file of this format has them.
///
/// What is zero stays zero in every format, and most of a track is: so zeros are laid out
/// first, and only where something sounds are they written over.
pub fn encode(block: &Block<'_>, format: &Format, out: &mut Vec<u8>) {
    let start = out.len();
    let frame = format.bytes_per_frame() as usize;
    out.resize(start + block.samples.len() * frame, 0);
    let out = &mut out[start..];
    match (format.channels, block.right) {
        (Channels::Mono, _) => encode_channel(block, 0, format, Place::Alone, out),
        (Channels::Stereo, None) => encode_channel(block, 0, format, Place::Both, out),
        (Channels::Stereo, Some(_)) => {
            (0..2).for_each(|n| encode_channel(block, n, format, Place::One(n), out))
        }
    }
}

/// Where the samples of a channel stand in a frame.
#[derive(Clone, Copy)]
enum Place {
    /// It is the only one.
    Alone,
    /// It is the same as the other.
    Both,
    /// One of two.
    One(usize),
}

fn encode_channel(
    block: &Block<'_>,
    channel: usize,
    format: &Format,
    place: Place,
    out: &mut [u8],
) {
    let frame = format.bytes_per_frame() as usize;
    for (at, samples) in block.heard_pieces(channel) {
        let start = at.since(block.at).0 as usize * frame;
        let out = &mut out[start..start + samples.len() * frame];
        let mut codes = [0; AT_ONCE];
        if format.bits != Bits::ThirtyTwo {
            quantise(samples, format.bits.count(), at.0, &mut codes);
        }
        match format.bits {
            Bits::Sixteen => put(out, place, codes.iter().map(|c| (*c as i16).to_le_bytes())),
            Bits::TwentyFour => put(out, place, codes.iter().map(|c| lowest(c.to_le_bytes()))),
            Bits::ThirtyTwo => put(out, place, samples.iter().map(|s| s.to_le_bytes())),
        }
    }
}

fn lowest([low, middle, high, _]: [u8; 4]) -> [u8; 3] {
    [low, middle, high]
}

/// Writes each sample at its place in its frame.
fn put<const N: usize>(out: &mut [u8], place: Place, samples: impl Iterator<Item = [u8; N]>) {
    let out = out.as_chunks_mut().0;
    match place {
        Place::Alone => out.iter_mut().zip(samples).for_each(|(to, sample)| *to = sample),
        Place::Both => {
            let frames = out.as_chunks_mut().0.iter_mut();
            frames.zip(samples).for_each(|(to, sample): (&mut [_; 2], _)| *to = [sample; 2]);
        }
        Place::One(channel) => {
            let frames = out.as_chunks_mut().0.iter_mut();
            frames.zip(samples).for_each(|(to, sample): (&mut [_; 2], _)| to[channel] = sample);
        }
    }
}
