//! Mixes a track block by block and hands it to hound.

use std::io::{self, Seek, Write};
use std::path::Path;

use super::format::{Bits, Format};
use super::quantise::quantise;
use crate::error::Error;
use crate::units::{Length, Position, clock};

/// Frames mixed at once. Any number gives the same file.
const BLOCK: usize = 1 << 14;

/// The frames of a track.
pub struct Frames<'a> {
    /// How many.
    pub length: Length,
    /// Fills a block with the frames from a position on, one sample a frame, and
    /// says whether any may be other than zero.
    pub mix: &'a mut dyn FnMut(Position, &mut [f32]) -> bool,
    /// Frames to mix at once; `None` for a good number.
    pub block: Option<usize>,
}

/// Who looks on while a track is written.
pub struct Watch<'a> {
    /// Told how much is written.
    pub progress: &'a dyn Fn(Length),
    /// Asked whether to stop, and by which signal.
    pub stop: &'a dyn Fn() -> Option<i32>,
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

impl From<hound::Error> for Stopped {
    fn from(error: hound::Error) -> Stopped {
        Stopped::Io(io_error(error))
    }
}

/// Writes all `frames` as `format`, header and all.
pub fn write<W: Write + Seek>(
    out: W,
    format: &Format,
    frames: &mut Frames<'_>,
    watch: &Watch<'_>,
) -> Result<(), Stopped> {
    let mut writer = hound::WavWriter::new(out, format.spec())?;
    let mut block = vec![0.0; frames.block.unwrap_or(BLOCK).max(1)];
    let mut at = Position::START;
    let end = Position::START + frames.length;
    while at < end {
        if let Some(signal) = (watch.stop)() {
            return Err(Stopped::Told(Error::Interrupted(signal)));
        }
        let count = end.since(at).0.min(block.len() as u64) as usize;
        let block = &mut block[..count];
        let heard = (frames.mix)(at, block);
        if heard && let Some(n) = block.iter().position(|sample| !in_full_scale(*sample)) {
            let at = format.rate.duration_of((at + Length(n as u64)).since(Position::START));
            let what = format!("the sound exceeds full scale at {}", clock(at));
            return Err(Stopped::Told(Error::Ours { what }));
        }
        write_block(&mut writer, format, at, block, heard)?;
        at += Length(count as u64);
        (watch.progress)(at.since(Position::START));
    }
    writer.finalize()?;
    Ok(())
}

/// What is no number is not, either.
fn in_full_scale(sample: f32) -> bool {
    (-1.0..=1.0).contains(&sample)
}

fn write_block<W: Write + Seek>(
    writer: &mut hound::WavWriter<W>,
    format: &Format,
    at: Position,
    block: &[f32],
    heard: bool,
) -> hound::Result<()> {
    let channels = usize::from(format.channels.count());
    let bits = format.bits.count();
    let code = |n: usize, sample: f32| match heard {
        true => quantise(sample, bits, at.0 + n as u64),
        false => 0,
    };
    if format.bits == Bits::Sixteen {
        // hound's quick way, which exists for 16 bits only.
        let mut samples = writer.get_i16_writer((block.len() * channels) as u32);
        for (n, sample) in block.iter().enumerate() {
            let code = code(n, *sample) as i16;
            (0..channels).for_each(|_| samples.write_sample(code));
        }
        return samples.flush();
    }
    for (n, sample) in block.iter().enumerate() {
        for _ in 0..channels {
            match format.bits {
                Bits::ThirtyTwo => writer.write_sample(*sample)?,
                _ => writer.write_sample(code(n, *sample))?,
            }
        }
    }
    Ok(())
}

/// hound's other errors say that the caller gave it the wrong kind of sample.
pub fn io_error(error: hound::Error) -> io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    }
}
