//! Frames of FLAC, each by itself: none needs to know of another but its number (RFC 9639,
//! section 9), so that they are made side by side, and silence once.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use crc::{CRC_16_UMTS, Crc};
use flac_codec::Error;
use flac_codec::encode::{FlacStreamWriter, Options};
use flac_codec::metadata::Streaminfo;
use flac_codec::stream::{FrameHeader, FrameNumber};

/// The sum at the end of a frame (RFC 9639, section 9.3).
const SUM: Crc<u16> = Crc::<u16>::new(&CRC_16_UMTS);
const SUM_BYTES: usize = 2;
/// With the longest number, block size and rate, and its sum.
const MOST_HEADER_BYTES: usize = 16;
/// A rate that every header can hold; the true one is written afterwards.
const ANY_RATE: u32 = 44_100;

/// Makes frames of what it is given, one after the other.
pub struct FrameEncoder<'a> {
    info: &'a Streaminfo,
    encoder: FlacStreamWriter<Made>,
    made: Made,
}

/// What an encoder writes into, for its owner to take out.
#[derive(Clone, Default)]
struct Made(Rc<RefCell<Vec<u8>>>);

/// A frame that has neither its number nor its rate yet.
pub struct Unnumbered {
    header: FrameHeader,
    body: Vec<u8>,
}

impl<'a> FrameEncoder<'a> {
    /// An encoder of frames of such a stream.
    pub fn new(info: &'a Streaminfo) -> FrameEncoder<'a> {
        let made = Made::default();
        FrameEncoder { info, encoder: FlacStreamWriter::new(made.clone(), Options::best()), made }
    }

    /// The frame of these `samples`, channel beside channel, in the fewest bytes.
    ///
    /// # Errors
    ///
    /// Where there are more samples than a frame holds.
    pub fn encode(&mut self, samples: &[i32]) -> Result<Unnumbered, Error> {
        let Streaminfo { channels, bits_per_sample, .. } = self.info;
        let bits = u32::from(*bits_per_sample);
        self.encoder.write(ANY_RATE, channels.get(), bits, samples)?;
        let mut body = std::mem::take(&mut *self.made.0.borrow_mut());
        let mut rest = body.as_slice();
        let header = FrameHeader::read_subset(&mut rest)?;
        let head = body.len() - rest.len();
        body.truncate(body.len().saturating_sub(SUM_BYTES));
        body.drain(..head);
        Ok(Unnumbered { header, body })
    }
}

impl Unnumbered {
    /// The frame as number `number` of its stream.
    ///
    /// # Errors
    ///
    /// Where a header cannot hold that number.
    pub fn numbered(&self, number: u64, info: &Streaminfo) -> Result<Vec<u8>, Error> {
        let header = FrameHeader {
            frame_number: FrameNumber(number),
            sample_rate: info.sample_rate.try_into()?,
            ..self.header
        };
        let mut frame = Vec::with_capacity(self.body.len() + MOST_HEADER_BYTES + SUM_BYTES);
        header.write(&mut frame, info)?;
        frame.extend(&self.body);
        frame.extend(SUM.checksum(&frame).to_be_bytes());
        Ok(frame)
    }
}

impl Write for Made {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
