//! What kind of copy: format, channels, rate, and what each can hold.

use std::path::Path;

use crate::error::{Error, Result};
use crate::units::{Length, SampleRate};
use crate::wav::{Bits, Channels};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The same samples as a WAV file of that depth, in far fewer bytes (RFC 9639).
    Flac(Bits),
    /// What every player plays (ISO/IEC 11172-3 and 13818-3, layer III).
    Mp3,
    /// The smallest, for phones and browsers (RFC 6716), in Ogg (RFC 7845).
    Opus,
}

/// Opus has this rate and no other.
const OPUS_RATE: SampleRate = match SampleRate::new(48_000) {
    Some(rate) => rate,
    None => SampleRate::CD,
};

impl Kind {
    /// The rate of a copy of this kind where `asked` is asked for. A session is planned
    /// and mixed again for another one, which is exact and costs no sound.
    pub fn rate(self, asked: SampleRate) -> SampleRate {
        match self {
            Kind::Opus => OPUS_RATE,
            Kind::Flac(_) | Kind::Mp3 => asked,
        }
    }
}

/// The rates of MPEG-1, MPEG-2 and, unofficially, "MPEG-2.5".
const MP3_RATES_HZ: [u32; 9] =
    [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/// A kind of copy that can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    kind: Kind,
    rate: SampleRate,
    channels: Channels,
}

impl Format {
    /// The format of the copy at `path`, which is for messages.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] where no such file can be made.
    pub fn new(kind: Kind, rate: SampleRate, channels: Channels, path: &Path) -> Result<Format> {
        let refused = |why: &str, help: &str| {
            let (path, why, help) = (path.to_owned(), why.to_owned(), help.to_owned());
            Err(Error::Refused { path, why, help })
        };
        match kind {
            Kind::Flac(Bits::ThirtyTwo) => refused(
                "FLAC holds integers, and 32 bits are floating point",
                "use --bits 24, which is more than any ear needs, or make a WAV file only",
            ),
            Kind::Mp3 if !MP3_RATES_HZ.contains(&rate.hz()) => {
                let nearest = MP3_RATES_HZ.into_iter().min_by_key(|hz| hz.abs_diff(rate.hz()));
                refused(
                    &format!("MP3 does not hold {} frames a second", rate.hz()),
                    &format!("use --rate {}", nearest.unwrap_or_default()),
                )
            }
            Kind::Opus if rate != OPUS_RATE => refused(
                &format!("Opus does not hold {} frames a second", rate.hz()),
                &format!("use --rate {}", OPUS_RATE.hz()),
            ),
            Kind::Flac(_) | Kind::Mp3 | Kind::Opus => Ok(Format { kind, rate, channels }),
        }
    }

    /// What kind of file.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Frames a second.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// One channel, or two with the same sound.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// How many frames late a player starts at the latest, if it does not know what the
    /// file says of its start; `None` where every player must know.
    pub fn latest_start(&self) -> Option<Length> {
        match self.kind {
            Kind::Flac(_) | Kind::Opus => None,
            Kind::Mp3 => Some(super::mp3::latest_start(self.rate)),
        }
    }
}
