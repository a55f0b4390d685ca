//! Mixes a track block by block.

use std::io::{self, Write};
use std::path::Path;

use super::bytes::encode;
use super::format::{Channels, Format};
use super::pieces::in_order;
use effleurage_sound::quantise::{AT_ONCE, quantise};

use crate::cancel::CancelToken;
use crate::error::Error;
use crate::mix::Source;
use crate::units::{FrameRange, Length, Position, SampleRate, clock};

/// Frames mixed at once. Any number gives the same file.
pub const BLOCK: usize = 1 << 14;

/// Pieces are of so many blocks, which are as many bytes as are well written at once.
const BLOCKS: u64 = 8;

/// Frames of a track: all, or some in a row.
pub struct Frames<'a> {
    /// Which.
    pub range: FrameRange,
    /// Where they come from.
    pub source: &'a dyn Source,
    /// Frames to mix at once; `None` for a good number.
    pub block: Option<usize>,
}

impl<'a> Frames<'a> {
    /// The frames of `range`.
    pub fn of(range: FrameRange, source: &'a dyn Source) -> Frames<'a> {
        Frames { range, source, block: None }
    }
}

/// Who looks on while a track is written.
pub struct Watch<'a> {
    /// Told how much is written.
    pub progress: &'a dyn Fn(Length),
    /// Asked whether to stop, block by block.
    pub cancel: CancelToken,
}

/// Why writing stopped.
pub enum Stopped {
    /// The disk or the pipe.
    Io(io::Error),
    /// What was written, or who asked to stop.
    Told(Error),
}

impl Stopped {
    /// The error, of writing to `path`.
    pub fn at(self, path: &Path) -> Error {
        match self {
            Stopped::Io(why) => Error::Unwritable { path: path.to_owned(), why },
            Stopped::Told(error) => error,
        }
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Stopped {
        Stopped::Io(error)
    }
}

/// Some frames of a track, mixed.
pub struct Block<'a> {
    /// Where they stand.
    pub at: Position,
    /// One sample a frame, full scale at 1 and none beyond: of the left, or of both.
    pub samples: &'a [f32],
    /// Those of the right, where they are others.
    pub right: Option<&'a [f32]>,
    /// Whether any may be other than zero.
    pub heard: bool,
}

impl<'a> Block<'a> {
    /// The samples of one channel.
    pub fn channel(&self, channel: usize) -> &'a [f32] {
        self.right.filter(|_| channel == 1).unwrap_or(self.samples)
    }

    /// What is not digital silence in a channel, in pieces of at most [`AT_ONCE`] samples and
    /// with the place of each.
    pub fn heard_pieces(&self, channel: usize) -> impl Iterator<Item = (Position, &'a [f32])> {
        let samples = if self.heard { self.channel(channel) } else { &[] };
        let places = (self.at.0..).step_by(AT_ONCE).map(Position);
        // A zero that is negative is zero as an integer, and itself as a float.
        let is_heard = |piece: &[f32]| piece.iter().fold(0, |all, s| all | s.to_bits()) != 0;
        places.zip(samples.chunks(AT_ONCE)).filter(move |(_, piece)| is_heard(piece))
    }

    /// Adds the samples to `codes` as integers of `bits` bits, as every file of that depth has
    /// them, all channels of a frame together.
    pub fn codes(&self, bits: u16, channels: Channels, codes: &mut Vec<i32>) {
        let (start, count) = (codes.len(), usize::from(channels.count()));
        codes.resize(start + self.samples.len() * count, 0);
        for channel in 0..count {
            for (at, samples) in self.heard_pieces(channel) {
                let mut made = [0; AT_ONCE];
                quantise(samples, bits, at.0, &mut made);
                let place = start + at.since(self.at).0 as usize * count + channel;
                let places = codes[place..].iter_mut().step_by(count);
                places.zip(&made[..samples.len()]).for_each(|(place, code)| *place = *code);
            }
        }
    }
}

/// Mixes all `frames`, so many a second, and gives them to `take` block by block.
///
/// # Errors
///
/// What `take` returns, [`Error::Interrupted`], and [`Error::Ours`] for a sample beyond
/// full scale.
pub fn each_block(
    rate: SampleRate,
    channels: Channels,
    frames: &Frames<'_>,
    watch: &Watch<'_>,
    mut take: impl FnMut(Block<'_>) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let size = frames.block.unwrap_or(BLOCK) as u64;
    let make =
        |range: FrameRange, made: &mut Mixed| made.fill(range, rate, channels, frames.source);
    in_order(frames.range, Length(size), watch, make, |made| take(made.block()))
}

/// Writes the samples of all `frames`, without a header.
pub fn write(
    mut out: impl Write,
    format: &Format,
    frames: &Frames<'_>,
    watch: &Watch<'_>,
) -> Result<(), Stopped> {
    let size = frames.block.unwrap_or(BLOCK) as u64;
    let make = |range: FrameRange, (mixed, bytes): &mut (Mixed, Vec<u8>)| {
        bytes.clear();
        for block in range.pieces(Length(size)) {
            mixed.fill(block, format.rate, format.channels, frames.source)?;
            encode(&mixed.block(), format, bytes);
        }
        Ok(())
    };
    let piece = Length(size.saturating_mul(BLOCKS));
    in_order(frames.range, piece, watch, make, |(_, bytes)| Ok(out.write_all(bytes)?))
}

/// A place for a block.
#[derive(Default)]
pub struct Mixed {
    at: Position,
    samples: Vec<f32>,
    /// Empty where both channels are the same.
    right: Vec<f32>,
    heard: bool,
}

impl Mixed {
    /// Mixes the frames of `range`, none of which may be beyond full scale.
    ///
    /// # Errors
    ///
    /// [`Error::Ours`] for a sample that is.
    pub fn fill(
        &mut self,
        range: FrameRange,
        rate: SampleRate,
        channels: Channels,
        source: &dyn Source,
    ) -> Result<(), Error> {
        self.mix(range, channels, source);
        beyond_full_scale(&self.block(), rate).map_or(Ok(()), Err)
    }

    /// Mixes the frames of `range`.
    pub fn mix(&mut self, range: FrameRange, channels: Channels, source: &dyn Source) {
        self.at = range.start;
        self.samples.resize(range.length.0 as usize, 0.0);
        self.heard = source.mix(range.start, &mut self.samples);
        self.right.clear();
        if source.is_wide() && channels == Channels::Stereo {
            self.right.resize(self.samples.len(), 0.0);
            self.heard |= source.side(range.start, &mut self.right);
            for (left, right) in self.samples.iter_mut().zip(&mut self.right) {
                (*left, *right) = (*left + *right, *left - *right);
            }
        }
    }

    /// What was mixed.
    pub fn block(&self) -> Block<'_> {
        let right = (!self.right.is_empty()).then_some(self.right.as_slice());
        Block { at: self.at, samples: &self.samples, right, heard: self.heard }
    }
}

/// Why a block cannot be written as integers, if any of its samples is beyond full scale or none.
fn beyond_full_scale(block: &Block<'_>, rate: SampleRate) -> Option<Error> {
    let channels = [Some(block.samples), block.right];
    let beyond = |samples: &[f32]| {
        // All of them at once, which is quick; which one it is matters seldom.
        let is_held = samples.iter().fold(true, |held, sample| held & in_full_scale(*sample));
        if is_held { None } else { samples.iter().position(|sample| !in_full_scale(*sample)) }
    };
    let n = channels.into_iter().flatten().filter(|_| block.heard).find_map(beyond)?;
    let at = clock(rate.duration_of((block.at + Length(n as u64)).since(Position::START)));
    let is_lost = channels.into_iter().flatten().any(|samples| samples[n].is_nan());
    let what = if is_lost { "a planned sound was lost" } else { "the sound exceeds full scale" };
    Some(Error::Ours { what: format!("{what} at {at}") })
}

/// What is no number is not, either.
fn in_full_scale(sample: f32) -> bool {
    (-1.0..=1.0).contains(&sample)
}

/// hound's other errors say that the caller gave it the wrong kind of sample.
pub fn io_error(error: hound::Error) -> io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    }
}
