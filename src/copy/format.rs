//! What kind of copy: format, channels, rate, and what each can hold.

use std::path::Path;

use crate::error::{Error, Result};
use crate::units::SampleRate;
use crate::wav::{Bits, Channels};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The same samples as a WAV file of that depth, in about half the bytes (RFC 9639).
    Flac(Bits),
}

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
            Kind::Flac(_) => Ok(Format { kind, rate, channels }),
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
}
