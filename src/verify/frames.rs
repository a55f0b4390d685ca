//! The frames of a file that is looked at: a track, or a copy of one.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use effleurage_sound::played::{Coding, Played};

use crate::error::{ClipFault, Error, Result};
use crate::provenance;
use crate::units::{Length, Position, SampleRate};
use crate::wav::{Channels, Reader};

/// Frames decoded at once.
const BLOCK: usize = 1 << 14;

/// The sound of a file.
pub trait Frames {
    /// How many channels it has.
    fn channels(&self) -> Channels;

    /// Fills `block` with the next samples, all channels of a frame together; returns how many
    /// whole frames there were. Fewer than asked for is the end.
    fn read(&mut self, block: &mut [f32]) -> io::Result<usize>;

    /// The first channel of so many frames from `start` on, or of as many as there are.
    fn mono(&mut self, start: Position, count: usize) -> io::Result<Vec<f32>>;
}

impl<R: Read + Seek> Frames for Reader<R> {
    fn channels(&self) -> Channels {
        self.format.channels
    }

    fn read(&mut self, block: &mut [f32]) -> io::Result<usize> {
        Reader::read(self, block)
    }

    fn mono(&mut self, start: Position, count: usize) -> io::Result<Vec<f32>> {
        Reader::mono(self, start, count)
    }
}

/// A copy of a track, which is decoded while it is read.
pub struct Copy {
    path: PathBuf,
    played: Played,
    channels: Channels,
    /// Why it ends where it does, if that is not its end.
    fault: Option<ClipFault>,
    again: Option<Again>,
}

/// The first channel, decoded once more.
struct Again {
    played: Played,
    /// Where the samples stand that are kept.
    at: Position,
    kept: Vec<f32>,
    is_over: bool,
}

impl Copy {
    /// Opens the copy at `path`; `None` where that is no kind of copy.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read.
    pub fn open(path: &Path) -> Result<Option<Copy>> {
        let Ok(played) = play(provenance::open(path)?) else { return Ok(None) };
        let count = u16::try_from(played.channels).unwrap_or(u16::MAX);
        let Some(channels) = Channels::of(count) else { return Ok(None) };
        let path = path.to_owned();
        Ok(Some(Copy { path, played, channels, fault: None, again: None }))
    }

    /// What it is encoded as.
    pub fn coding(&self) -> Coding {
        self.played.coding
    }

    /// The depth of its samples, where they are integers.
    pub fn bits(&self) -> Option<u32> {
        self.played.bits
    }

    /// How many channels it has.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Frames a second.
    pub fn rate(&self) -> SampleRate {
        self.played.rate
    }

    /// Why it could not be read to its end, if it could not.
    pub fn fault(&self) -> Option<&ClipFault> {
        self.fault.as_ref()
    }

    /// The first channel from `start` on; from the beginning, where that is before what is kept.
    fn again(&mut self, start: Position) -> Result<&mut Again> {
        let again = match self.again.take().filter(|again| again.at <= start) {
            Some(again) => again,
            None => {
                let played = play(provenance::open(&self.path)?)
                    .map_err(|fault| Error::BadClip { path: self.path.clone(), fault })?;
                Again { played, at: Position::START, kept: Vec::new(), is_over: false }
            }
        };
        Ok(self.again.insert(again))
    }
}

fn play(file: File) -> std::result::Result<Played, ClipFault> {
    Played::open(BufReader::with_capacity(1 << 16, file))
}

impl Frames for Copy {
    fn channels(&self) -> Channels {
        self.channels
    }

    /// Damage is its end, and told as what it is.
    fn read(&mut self, block: &mut [f32]) -> io::Result<usize> {
        if self.fault.is_some() {
            return Ok(0);
        }
        Ok(self.played.read(block).unwrap_or_else(|fault| {
            self.fault = Some(fault);
            0
        }))
    }

    fn mono(&mut self, start: Position, count: usize) -> io::Result<Vec<f32>> {
        let again = self.again(start).map_err(io::Error::other)?;
        let channels = again.played.channels;
        let mut block = vec![0.0; BLOCK * channels];
        loop {
            let gone = again.kept.len().min(start.since(again.at).0 as usize);
            again.kept.drain(..gone);
            again.at += Length(gone as u64);
            if again.is_over || (again.at == start && again.kept.len() >= count) {
                break;
            }
            let frames = again.played.read(&mut block).unwrap_or(0);
            again.is_over = frames < BLOCK;
            let first = block.chunks_exact(channels).take(frames).map(|frame| frame[0]);
            again.kept.extend(first);
        }
        let is_there = again.at == start;
        let kept = if is_there { &again.kept[..count.min(again.kept.len())] } else { &[] };
        Ok(kept.to_vec())
    }
}
