//! One frame of FLAC (RFC 9639, section 9): some hundredths of a second of every channel.

use symphonia::core::checksum::{Crc8Ccitt, Crc16Ansi};
use symphonia::core::io::Monitor;

use super::bits::Bits;
use super::subframe::subframe;

/// No frame takes more: eight channels of 65,536 samples of 33 bits, twice.
const MOST_BYTES: usize = 2 * 8 * 65_536 * 5;

/// What every frame of a stream has, unless it says otherwise itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usual {
    pub hz: u32,
    pub bits: u32,
}

/// What a frame says of itself before its samples.
#[derive(Debug, PartialEq, Eq)]
pub struct Header {
    pub hz: u32,
    pub bits: u32,
    pub channels: usize,
    /// How many samples each channel has.
    pub length: usize,
    /// How many frames, or samples of each channel, come before it.
    pub number: u64,
    stereo: Stereo,
    /// How many bytes it takes.
    size: usize,
}

/// How two channels are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stereo {
    Apart,
    LeftAndSide,
    SideAndRight,
    MidAndSide,
}

/// Why there is no frame.
#[derive(Debug, PartialEq, Eq)]
pub enum NoFrame {
    /// Nothing begins here that is one.
    Strange,
    /// One begins, and the bytes end before it does.
    Cut,
    /// One begins, and its checksum says that it is not as it was written.
    Damaged,
}

/// A frame, decoded.
pub struct Frame {
    pub header: Header,
    /// The samples of each channel, as whole numbers of [`Header::bits`] bits.
    pub channels: Vec<Vec<i64>>,
    /// How many bytes it takes.
    pub size: usize,
}

impl Frame {
    /// The frame that `bytes` begin with.
    pub fn read(bytes: &[u8], usual: Option<Usual>) -> Result<Frame, NoFrame> {
        let header = Header::read(bytes, usual).ok_or(NoFrame::Strange)?;
        let bytes = &bytes[..bytes.len().min(MOST_BYTES)];
        let mut bits = Bits::new(&bytes[header.size..]);
        let channels = channels(&header, &mut bits);
        let end = header.size + bits.bytes_read();
        let mut channels = match channels {
            Ok(channels) => channels,
            Err(NoFrame::Strange) => return Err(NoFrame::Damaged),
            Err(other) => return Err(other),
        };
        let written = bytes.get(end..end + 2).ok_or(NoFrame::Cut)?;
        let mut checksum = Crc16Ansi::new(0);
        checksum.process_buf_bytes(&bytes[..end]);
        if checksum.crc().to_be_bytes() != written {
            return Err(NoFrame::Damaged);
        }
        if let [first, second] = channels.as_mut_slice() {
            header.stereo.separate(first, second);
        }
        Ok(Frame { header, channels, size: end + 2 })
    }
}

impl Frame {
    /// Its samples, channel beside channel, full scale at 1.
    pub fn interleave(&self, interleaved: &mut Vec<f32>) {
        let scale = 1.0 / (1_u64 << (self.header.bits - 1)) as f64;
        let count = self.header.channels;
        interleaved.resize(count * self.header.length, 0.0);
        for (n, channel) in self.channels.iter().enumerate() {
            let places = interleaved[n..].iter_mut().step_by(count);
            places.zip(channel).for_each(|(place, code)| *place = (*code as f64 * scale) as f32);
        }
    }
}

fn channels(header: &Header, bits: &mut Bits<'_>) -> Result<Vec<Vec<i64>>, NoFrame> {
    let side = match header.stereo {
        Stereo::Apart => usize::MAX,
        Stereo::SideAndRight => 0,
        Stereo::LeftAndSide | Stereo::MidAndSide => 1,
    };
    let channel = |n: usize| {
        // A difference takes a bit more than what it is between.
        let size = header.bits + u32::from(n == side);
        subframe(bits, size, header.length)
    };
    (0..header.channels).map(channel).collect()
}

impl Stereo {
    /// Makes left and right of what is written in their place.
    fn separate(self, first: &mut [i64], second: &mut [i64]) {
        for (a, b) in first.iter_mut().zip(second) {
            (*a, *b) = match self {
                Stereo::Apart => (*a, *b),
                Stereo::LeftAndSide => (*a, a.wrapping_sub(*b)),
                Stereo::SideAndRight => (a.wrapping_add(*b), *b),
                Stereo::MidAndSide => {
                    let sum = a.wrapping_shl(1) | (*b & 1);
                    (sum.wrapping_add(*b) >> 1, sum.wrapping_sub(*b) >> 1)
                }
            };
        }
    }
}

impl Header {
    /// Whether a frame with the header `next` may follow; a stream that was cut together
    /// counts from the start again.
    pub fn is_before(&self, next: &Header) -> bool {
        let expected = [1, self.length as u64].map(|step| self.number.wrapping_add(step));
        next.number == 0 || expected.contains(&next.number)
    }

    /// The header that `bytes` begin with, if they do.
    pub fn read(bytes: &[u8], usual: Option<Usual>) -> Option<Header> {
        let [0xff, 0xf8 | 0xf9, sizes, forms, ..] = *bytes else { return None };
        let (length_code, rate_code) = (sizes >> 4, sizes & 0xf);
        let (channel_code, bits_code) = (forms >> 4, forms >> 1 & 7);
        let number = length_of_number(*bytes.get(4)?)?;
        let mut rest = bytes.get(4 + number..)?;
        let mut take = |count: usize| {
            let (taken, left) = rest.split_at_checked(count)?;
            rest = left;
            Some(taken.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
        };
        let length = match length_code {
            1 => 192,
            2..=5 => 576 << (length_code - 2),
            6 => take(1)? + 1,
            7 => take(2)? + 1,
            8..=15 => 1 << length_code,
            _ => return None,
        };
        let hz = match rate_code {
            0 => usual?.hz,
            12 => take(1)? * 1_000,
            13 => take(2)?,
            14 => take(2)? * 10,
            code => *RATES.get(usize::from(code) - 1)?,
        };
        let bits = match bits_code {
            0 => usual?.bits,
            code => BITS[usize::from(code)]?,
        };
        let (channels, stereo) = match channel_code {
            0..=7 => (usize::from(channel_code) + 1, Stereo::Apart),
            8 => (2, Stereo::LeftAndSide),
            9 => (2, Stereo::SideAndRight),
            10 => (2, Stereo::MidAndSide),
            _ => return None,
        };
        let size = bytes.len() - rest.len();
        let mut checksum = Crc8Ccitt::new(0);
        checksum.process_buf_bytes(&bytes[..size]);
        let right = forms & 1 == 0 && *bytes.get(size)? == checksum.crc();
        right.then_some(Header {
            hz,
            bits,
            channels,
            length: length as usize,
            number: number_of(&bytes[4..4 + number]),
            stereo,
            size: size + 1,
        })
    }
}

/// Frames a second, by code, from 1 on.
const RATES: [u32; 11] =
    [88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
/// Bits of a sample, by code.
const BITS: [Option<u32>; 8] =
    [None, Some(8), Some(12), None, Some(16), Some(20), Some(24), Some(32)];

/// The number in these bytes: six bits of each, and what the first has left.
fn number_of(bytes: &[u8]) -> u64 {
    let (first, rest) = (bytes[0], &bytes[1..]);
    let own = if rest.is_empty() { 7 } else { 6_u32.saturating_sub(rest.len() as u32) };
    let start = u64::from(first) & ((1 << own) - 1);
    rest.iter().fold(start, |number, byte| number << 6 | u64::from(byte & 0x3f))
}

/// How many bytes a number takes that begins with this one: as of UTF-8, and beyond.
fn length_of_number(first: u8) -> Option<usize> {
    match first.leading_ones() {
        0 => Some(1),
        ones @ 2..=7 => Some(ones as usize),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_of_one_to_seven_bytes() {
        // As of UTF-8: U+0041, U+00E9, U+20AC, U+1F600; and beyond, 36 bits.
        let cases: [(&[u8], u64); 5] = [
            (b"A", 0x41),
            ("é".as_bytes(), 0xe9),
            ("€".as_bytes(), 0x20ac),
            ("😀".as_bytes(), 0x1_f600),
            (&[0xfe, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf], 0xf_ffff_ffff),
        ];
        for (bytes, number) in cases {
            assert_eq!(length_of_number(bytes[0]), Some(bytes.len()));
            assert_eq!(number_of(bytes), number);
        }
        assert_eq!((length_of_number(0x80), length_of_number(0xff)), (None, None));
    }
}
