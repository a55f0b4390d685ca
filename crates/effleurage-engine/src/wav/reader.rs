//! A WAV file → its frames, block by block.

use std::io::{self, Read, Seek};

use super::format::{Bits, Channels, Format};
use crate::units::{Length, Position, SampleRate};

/// The sound of a track's file: hound reads what stands before it, and the samples are read
/// here, many at once.
pub struct Reader<R> {
    /// How it is written.
    pub format: Format,
    /// How many frames its header tells of.
    pub length: Length,
    from: Counted<R>,
    /// Where its samples begin, in bytes from where it was opened.
    start: u64,
    bytes: Vec<u8>,
}

/// Counts what is read.
struct Counted<R> {
    reader: R,
    count: u64,
}

impl<R: Read> Reader<R> {
    /// Begins to read `from`; `None` where that is not a file that effleurage writes.
    pub fn new(from: R) -> Option<Reader<R>> {
        let reader = hound::WavReader::new(Counted { reader: from, count: 0 }).ok()?;
        let spec = reader.spec();
        let bits = Bits::of(spec.bits_per_sample)?;
        let channels = Channels::of(spec.channels)?;
        let rate = SampleRate::new(spec.sample_rate)?;
        let format = Format { rate, bits, channels };
        if spec != format.spec() {
            return None;
        }
        let length = Length(u64::from(reader.duration()));
        let from = reader.into_inner();
        let start = from.count;
        Some(Reader { format, length, from, start, bytes: Vec::new() })
    }

    /// Fills `block` with the next samples, all channels of a frame together, full scale
    /// at 1; returns how many whole frames there were. Fewer than asked for is the end,
    /// be it that of the sound or of a file that was cut off.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read.
    pub fn read(&mut self, block: &mut [f32]) -> io::Result<usize> {
        let end = self.start + self.format.data_bytes(self.length);
        let wanted = block.len() as u64 * u64::from(self.format.bits.count() / 8);
        let wanted = wanted.min(end.saturating_sub(self.from.count));
        self.bytes.clear();
        Read::by_ref(&mut self.from).take(wanted).read_to_end(&mut self.bytes)?;
        match self.format.bits {
            Bits::Sixteen => fill(block, &self.bytes, |code| {
                f32::from(i16::from_le_bytes(code)) * (1.0 / 32_768.0)
            }),
            Bits::TwentyFour => fill(block, &self.bytes, |[low, middle, high]| {
                (i32::from_le_bytes([0, low, middle, high]) >> 8) as f32 * (1.0 / 8_388_608.0)
            }),
            Bits::ThirtyTwo => fill(block, &self.bytes, f32::from_le_bytes),
        }
        Ok(self.bytes.len() / self.format.bytes_per_frame() as usize)
    }
}

impl<R: Read + Seek> Reader<R> {
    /// The first channel of so many frames from `start` on, or of as many as there are.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read.
    pub fn mono(&mut self, start: Position, count: usize) -> io::Result<Vec<f32>> {
        let place = self.start + start.0.min(self.length.0) * self.format.bytes_per_frame();
        self.from.reader.seek_relative(place as i64 - self.from.count as i64)?;
        self.from.count = place;
        let channels = usize::from(self.format.channels.count());
        let mut block = vec![0.0; count * channels];
        let frames = self.read(&mut block)?;
        Ok(block.chunks_exact(channels).take(frames).map(|frame| frame[0]).collect())
    }
}

fn fill<const N: usize>(block: &mut [f32], bytes: &[u8], sample: impl Fn([u8; N]) -> f32) {
    let samples = bytes.as_chunks().0.iter().map(|code| sample(*code));
    block.iter_mut().zip(samples).for_each(|(place, sample)| *place = sample);
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}
