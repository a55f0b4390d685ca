//! A WAV file → its frames, block by block.

use std::io::{self, Read, Seek};

use super::format::{Bits, Channels, Format};
use crate::units::{Length, Position, SampleRate};

/// The sound of a track's file.
pub struct Reader<R> {
    /// How it is written.
    pub format: Format,
    /// How many frames its header tells of.
    pub length: Length,
    reader: hound::WavReader<R>,
}

impl<R: Read> Reader<R> {
    /// Begins to read `from`; `None` where that is not a file that effleurage writes.
    pub fn new(from: R) -> Option<Reader<R>> {
        let reader = hound::WavReader::new(from).ok()?;
        let spec = reader.spec();
        let bits = match (spec.bits_per_sample, spec.sample_format) {
            (16, hound::SampleFormat::Int) => Bits::Sixteen,
            (24, hound::SampleFormat::Int) => Bits::TwentyFour,
            (32, hound::SampleFormat::Float) => Bits::ThirtyTwo,
            _ => return None,
        };
        let channels = match spec.channels {
            1 => Channels::Mono,
            2 => Channels::Stereo,
            _ => return None,
        };
        let rate = SampleRate::new(spec.sample_rate)?;
        let length = Length(u64::from(reader.duration()));
        Some(Reader { format: Format { rate, bits, channels }, length, reader })
    }

    /// Fills `block` with the next samples, all channels of a frame together, full scale
    /// at 1; returns how many whole frames there were. Fewer than asked for is the end,
    /// be it that of the sound or of a file that was cut off.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read.
    pub fn read(&mut self, block: &mut [f32]) -> io::Result<usize> {
        let scale = 1.0 / (1_u32 << (self.format.bits.count() - 1)) as f32;
        let read = match self.format.bits {
            Bits::ThirtyTwo => fill(block, self.reader.samples::<f32>()),
            _ => {
                fill(block, self.reader.samples::<i32>().map(|code| code.map(|c| c as f32 * scale)))
            }
        };
        Ok(read? / usize::from(self.format.channels.count()))
    }
}

impl<R: Read + Seek> Reader<R> {
    /// The first channel of so many frames from `start` on, or of as many as there are.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read.
    pub fn mono(&mut self, start: Position, count: usize) -> io::Result<Vec<f32>> {
        self.reader.seek(start.0 as u32)?;
        let channels = usize::from(self.format.channels.count());
        let mut block = vec![0.0; count * channels];
        let frames = self.read(&mut block)?;
        Ok(block.chunks_exact(channels).take(frames).map(|frame| frame[0]).collect())
    }
}

fn fill(block: &mut [f32], samples: impl Iterator<Item = hound::Result<f32>>) -> io::Result<usize> {
    let mut count = 0;
    for (place, sample) in block.iter_mut().zip(samples) {
        match sample {
            Ok(sample) => *place = sample,
            // hound says "other" where a file ends too early.
            Err(hound::Error::IoError(error)) if error.kind() != io::ErrorKind::Other => {
                return Err(error);
            }
            Err(_) => break,
        }
        count += 1;
    }
    Ok(count)
}
