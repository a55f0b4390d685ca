//! What kind of WAV file: depth, channels, rate, and what fits into one.

use crate::error::{Error, Result};
use crate::units::{Length, SampleRate, clock};

/// How a sample is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bits {
    /// 16-bit integers, dithered.
    Sixteen,
    /// 24-bit integers, dithered.
    TwentyFour,
    /// 32-bit floating point.
    ThirtyTwo,
}

/// How many channels. The track is mono; on two channels it is the same on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// One.
    Mono,
    /// Two.
    Stereo,
}

/// A kind of WAV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Frames a second.
    pub rate: SampleRate,
    /// Depth.
    pub bits: Bits,
    /// Channels.
    pub channels: Channels,
}

/// The RIFF size field counts 32 bits; the longest header of ours has 68 bytes.
const MOST_DATA_BYTES: u64 = u32::MAX as u64 - 68;

impl Bits {
    /// Bits a sample.
    pub fn count(self) -> u16 {
        match self {
            Bits::Sixteen => 16,
            Bits::TwentyFour => 24,
            Bits::ThirtyTwo => 32,
        }
    }
}

impl Channels {
    /// Channels a frame.
    pub fn count(self) -> u16 {
        match self {
            Channels::Mono => 1,
            Channels::Stereo => 2,
        }
    }
}

impl Format {
    /// The bytes that `length` takes, without the header.
    pub fn data_bytes(&self, length: Length) -> u64 {
        length.0.saturating_mul(self.bytes_per_frame())
    }

    fn bytes_per_frame(&self) -> u64 {
        u64::from(self.bits.count() / 8 * self.channels.count())
    }

    /// Refuses a track that a WAV file cannot hold.
    pub fn check_size(&self, length: Length) -> Result<()> {
        let bytes = self.data_bytes(length);
        if bytes <= MOST_DATA_BYTES {
            return Ok(());
        }
        let shown = |length| clock(self.rate.duration_of(length));
        let gibibytes = bytes as f64 / f64::from(1 << 30);
        let longest = Length(MOST_DATA_BYTES / self.bytes_per_frame());
        let why =
            format!("{} would take {gibibytes:.1} GiB, and a WAV file holds 4 GiB", shown(length));
        let mut ways = vec![format!("make it shorter than {}", shown(longest))];
        if self.channels == Channels::Stereo {
            ways.push("use --channels 1".to_owned());
        }
        if self.bits != Bits::Sixteen {
            ways.push("use --bits 16".to_owned());
        }
        ways.push(format!("use a --rate below {}", self.rate.hz()));
        Err(Error::TooLarge { why, help: ways.join(", or ") })
    }

    /// The same, as hound says it.
    pub(super) fn spec(&self) -> hound::WavSpec {
        hound::WavSpec {
            channels: self.channels.count(),
            sample_rate: self.rate.hz(),
            bits_per_sample: self.bits.count(),
            sample_format: match self.bits {
                Bits::Sixteen | Bits::TwentyFour => hound::SampleFormat::Int,
                Bits::ThirtyTwo => hound::SampleFormat::Float,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_gibibytes_are_the_limit() {
        let format =
            Format { rate: SampleRate::CD, bits: Bits::TwentyFour, channels: Channels::Stereo };
        let most = MOST_DATA_BYTES / 6;
        assert!(format.check_size(Length(most)).is_ok());
        let error = format.check_size(Length(most + 1)).unwrap_err();
        assert_eq!(
            format!("{error}; {}", error.help()),
            "the track is too large: 4:30:31.925 would take 4.0 GiB, and a WAV file holds 4 GiB; \
             make it shorter than 4:30:31.925, or use --channels 1, or use --bits 16, \
             or use a --rate below 44100"
        );
    }

    #[test]
    fn absurd_lengths_do_not_overflow() {
        let format = Format { rate: SampleRate::CD, bits: Bits::Sixteen, channels: Channels::Mono };
        assert!(format.check_size(Length(u64::MAX)).is_err());
    }
}
