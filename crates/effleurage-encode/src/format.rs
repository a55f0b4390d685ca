//! A kind of copy that can be made: encoder, rate, depth, channels.

use std::fmt;
use std::io::{BufWriter, Seek, Write};

use crate::About;
use effleurage_core::units::{Length, SampleRate};
use effleurage_engine::wav::{Bits, Channels, Frames, Stopped, Watch};

/// What is written at once.
const BUFFER_BYTES: usize = 1 << 18;

/// Where a copy is written to.
pub trait Out: Write + Seek {}
impl<W: Write + Seek> Out for W {}

/// A kind of file. To add one is one file beside this one, and its place in
/// [`ENCODERS`](super::ENCODERS).
pub trait Encoder: Sync {
    /// What its files end in, and what `--also` calls it.
    fn name(&self) -> &'static str;

    /// What it is good for, in a few words.
    fn help(&self) -> &'static str;

    /// The only rate that it has, if it has only one. A session is planned and mixed again
    /// for another one, which is exact and costs no sound.
    fn only_rate(&self) -> Option<SampleRate> {
        None
    }

    /// Why it does not hold such samples, where it does not.
    fn refusal(&self, _rate: SampleRate, _bits: Bits) -> Option<Refusal> {
        None
    }

    /// How many frames late a player starts at the latest, if it does not know what the
    /// file says of its start; `None` where every player must know.
    fn latest_start(&self, _rate: SampleRate) -> Option<Length> {
        None
    }

    /// How many chapters it holds at most, if there is a limit.
    fn most_chapters(&self) -> Option<usize> {
        None
    }

    /// Writes `frames`, and what they are.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, or somebody stopped it.
    fn write(
        &self,
        out: &mut dyn Out,
        format: &Format,
        about: &About<'_>,
        frames: &Frames<'_>,
        watch: &Watch<'_>,
    ) -> Result<(), Stopped>;
}

/// A file that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: String,
    /// What can be made instead.
    pub instead: Instead,
}

/// What can be made instead of a file that cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// One of this rate, the nearest that there is.
    Rate(SampleRate),
    /// One of this depth, the greatest that there is.
    Bits(Bits),
}

/// A kind of copy that can be made.
#[derive(Clone, Copy)]
pub struct Format {
    encoder: &'static dyn Encoder,
    rate: SampleRate,
    bits: Bits,
    channels: Channels,
}

impl Format {
    /// The format of a copy where `rate` is asked for.
    ///
    /// # Errors
    ///
    /// Where no such file can be made.
    pub fn new(
        encoder: &'static dyn Encoder,
        rate: SampleRate,
        bits: Bits,
        channels: Channels,
    ) -> Result<Format, Refusal> {
        let rate = encoder.only_rate().unwrap_or(rate);
        match encoder.refusal(rate, bits) {
            Some(refusal) => Err(refusal),
            None => Ok(Format { encoder, rate, bits, channels }),
        }
    }

    /// What writes it.
    pub fn encoder(&self) -> &'static dyn Encoder {
        self.encoder
    }

    /// Frames a second.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// The depth of what holds integers.
    pub fn bits(&self) -> Bits {
        self.bits
    }

    /// One channel, or two with the same sound.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Writes `frames` to `out`, whole when it returns.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, or somebody stopped it.
    pub fn write(
        &self,
        out: impl Write + Seek,
        about: &About<'_>,
        frames: &Frames<'_>,
        watch: &Watch<'_>,
    ) -> Result<(), Stopped> {
        let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
        self.encoder.write(&mut out, self, about, frames, watch)?;
        Ok(out.flush()?)
    }

    /// How many frames late a player starts at the latest, if it does not know what the
    /// file says of its start; `None` where every player must know.
    pub fn latest_start(&self) -> Option<Length> {
        self.encoder.latest_start(self.rate)
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} Hz, {:?}", self.encoder.name(), self.rate.hz(), self.channels)
    }
}
