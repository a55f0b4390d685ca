//! What kind of WAV file: depth, channels, rate, and what fits into one.

use std::time::Duration;

use crate::error::{Error, Result, Smaller};
use crate::timeline::Timeline;
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

/// How many channels. What is heard of one is the mean of two, which are the same but for a
/// background that is not, and for ticks that come from their side.
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

/// The RIFF size field counts 32 bits; the longest header of ours has 68 bytes, and
/// there may be a byte of padding.
const MOST_DATA_BYTES: u64 = u32::MAX as u64 - 69;
/// The rates of a track.
pub const RATES_HZ: std::ops::RangeInclusive<u32> = 8_000..=192_000;

impl Bits {
    const ALL: [Bits; 3] = [Bits::Sixteen, Bits::TwentyFour, Bits::ThirtyTwo];

    /// So many bits a sample, if a track can have them.
    pub fn of(count: u16) -> Option<Bits> {
        Bits::ALL.into_iter().find(|bits| bits.count() == count)
    }

    /// The same of a person's `text`, which is a number as it is usually written.
    pub fn parse(text: &str) -> Option<Bits> {
        Bits::ALL.into_iter().find(|bits| bits.count().to_string() == text)
    }

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
    const ALL: [Channels; 2] = [Channels::Mono, Channels::Stereo];

    /// So many channels, if a track can have them.
    pub fn of(count: u16) -> Option<Channels> {
        Channels::ALL.into_iter().find(|channels| channels.count() == count)
    }

    /// The same of a person's `text`, which is a number as it is usually written.
    pub fn parse(text: &str) -> Option<Channels> {
        Channels::ALL.into_iter().find(|channels| channels.count().to_string() == text)
    }

    /// As many as a track needs where nobody says how many: two where its ticks come from
    /// sides.
    pub fn usual(timeline: &Timeline) -> Channels {
        if timeline.has_sides() { Channels::Stereo } else { Channels::Mono }
    }

    /// Channels a frame.
    pub fn count(self) -> u16 {
        match self {
            Channels::Mono => 1,
            Channels::Stereo => 2,
        }
    }
}

impl Format {
    /// What a session becomes where nobody says otherwise, at its rate: 16 bits.
    pub fn usual(timeline: &Timeline) -> Format {
        let (rate, channels) = (timeline.sample_rate, Channels::usual(timeline));
        Format { rate, bits: Bits::Sixteen, channels }
    }

    /// A chunk of an odd length is followed by one byte that belongs to no chunk
    /// ("Multimedia Programming Interface and Data Specifications 1.0", IBM and
    /// Microsoft, 1991, chapter 2).
    pub fn padding_bytes(&self, length: Length) -> u64 {
        self.data_bytes(length) % 2
    }

    /// The bytes that `length` takes, without the header.
    pub fn data_bytes(&self, length: Length) -> u64 {
        length.0.saturating_mul(self.bytes_per_frame())
    }

    /// The bytes of one frame, all channels together.
    pub fn bytes_per_frame(&self) -> u64 {
        u64::from(self.bits.count() / 8 * self.channels.count())
    }

    /// Refuses a track that a WAV file cannot hold.
    pub fn check_size(&self, length: Length) -> Result<()> {
        let bytes = self.data_bytes(length);
        if bytes <= MOST_DATA_BYTES {
            return Ok(());
        }
        let lasts = clock(self.rate.duration_of(length));
        let gibibytes = bytes as f64 / f64::from(1 << 30);
        let why = format!("{lasts} would take {gibibytes:.1} GiB, and a WAV file holds 4 GiB");
        Err(Error::TooLarge { why, instead: self.ways_to_fit(length) })
    }

    /// Refuses a track that a WAV file cannot hold together with so many bytes of other
    /// chunks.
    pub fn check_size_with(&self, length: Length, chunks: usize) -> Result<()> {
        self.check_size(length)?;
        if self.data_bytes(length) + chunks as u64 <= MOST_DATA_BYTES {
            return Ok(());
        }
        let why = "a WAV file holds 4 GiB, which leaves no room for its plan".to_owned();
        let longest = Smaller::Length(self.longest());
        Err(Error::TooLarge { why, instead: vec![longest, Smaller::Plain] })
    }

    /// What a person can change so that a track of this length fits.
    fn ways_to_fit(&self, length: Length) -> Vec<Smaller> {
        let smaller = [
            (self.bits, Channels::Mono),
            (Bits::Sixteen, self.channels),
            (Bits::Sixteen, Channels::Mono),
        ];
        let fits = smaller.into_iter().find(|(bits, channels)| {
            Format { bits: *bits, channels: *channels, ..*self }.data_bytes(length)
                <= MOST_DATA_BYTES
        });
        let seconds = length.0.div_ceil(u64::from(self.rate.hz()));
        let rate = MOST_DATA_BYTES / self.bytes_per_frame() / seconds.max(1) / 1000 * 1000;
        let rate = u32::try_from(rate).ok().filter(|rate| RATES_HZ.contains(rate));
        [Smaller::Length(self.longest())]
            .into_iter()
            .chain(fits.map(|(bits, channels)| Smaller::Samples {
                bits: bits.count(),
                channels: channels.count(),
            }))
            .chain(rate.and_then(SampleRate::new).map(Smaller::Rate))
            .collect()
    }

    /// How many whole seconds of such samples a WAV file holds.
    fn longest(&self) -> Duration {
        Duration::from_secs(MOST_DATA_BYTES / self.bytes_per_frame() / u64::from(self.rate.hz()))
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

    fn refused(format: Format, frames: u64) -> String {
        let error = format.check_size(Length(frames)).unwrap_err();
        format!("{error}; {}", error.help())
    }

    #[test]
    fn four_gibibytes_are_the_limit() {
        let format =
            Format { rate: SampleRate::CD, bits: Bits::TwentyFour, channels: Channels::Stereo };
        let most = (u64::from(u32::MAX) - 69) / 6;
        assert!(format.check_size(Length(most)).is_ok());
        assert_eq!(
            refused(format, most + 1),
            "the track is too large: 4:30:31.925 would take 4.0 GiB, and a WAV file holds 4 GiB; \
             make it 4:30:31 at most, or take 24 bits, mono, or take 44000 frames a \
             second or less"
        );
    }

    #[test]
    fn only_ways_that_fit_are_told() {
        let rate = SampleRate::new(48_000).unwrap();
        let format = Format { rate, bits: Bits::ThirtyTwo, channels: Channels::Stereo };
        // Ten hours: 12.9 GiB; half of that is still too much, a quarter is not.
        assert_eq!(
            refused(format, 36_000 * 48_000),
            "the track is too large: 10:00:00.000 would take 12.9 GiB, and a WAV file holds 4 GiB; \
             make it 3:06:24 at most, or take 16 bits, mono, or take 14000 frames a \
             second or less"
        );
        // A day in mono at 16 bits: only a lower rate helps.
        let format = Format { bits: Bits::Sixteen, channels: Channels::Mono, rate };
        assert_eq!(
            refused(format, 86_400 * 48_000),
            "the track is too large: 24:00:00.000 would take 7.7 GiB, and a WAV file holds 4 GiB; \
             make it 12:25:39 at most, or take 24000 frames a second or less"
        );
    }

    #[test]
    fn absurd_lengths_do_not_overflow() {
        let format = Format { rate: SampleRate::CD, bits: Bits::Sixteen, channels: Channels::Mono };
        assert!(format.check_size(Length(u64::MAX)).is_err());
    }
}
