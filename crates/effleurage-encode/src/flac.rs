//! FLAC, by flac-codec.

use std::io;

use flac_codec::encode::{FlacSampleWriter, Options};
use flac_codec::metadata::VorbisComment;

use crate::vorbis_comments::{self, comments};
use crate::{Encoder, Format, Instead, Out, Refusal};
use effleurage_core::timeline::Timeline;
use effleurage_core::units::SampleRate;
use effleurage_engine::wav::{Bits, Channels, Frames, Stopped, Watch, each_block};

/// The same samples as a WAV file of that depth, in far fewer bytes (RFC 9639).
pub struct Flac;

impl Encoder for Flac {
    fn name(&self) -> &'static str {
        "flac"
    }

    fn help(&self) -> &'static str {
        "A copy of the track: the same samples in far fewer bytes"
    }

    fn refusal(&self, _: SampleRate, bits: Bits) -> Option<Refusal> {
        (bits == Bits::ThirtyTwo).then(|| Refusal {
            why: "FLAC holds integers, and 32 bits are floating point".to_owned(),
            instead: Instead::Bits(Bits::TwentyFour),
        })
    }

    fn most_chapters(&self) -> Option<usize> {
        Some(vorbis_comments::MOST_CHAPTERS)
    }

    /// Writes `frames` as integers of so many bits, the very ones of the WAV file.
    ///
    /// The header tells length and MD5 of the samples (RFC 9639, section 8.2), and a seek
    /// point every ten seconds.
    fn write(
        &self,
        out: &mut dyn Out,
        format: &Format,
        timeline: &Timeline,
        frames: &Frames<'_>,
        watch: &Watch<'_>,
    ) -> Result<(), Stopped> {
        let (bits, channels) = (format.bits(), format.channels());
        let samples = frames.range.length.0 * u64::from(channels.count());
        let mut writer = FlacSampleWriter::new(
            out,
            options(timeline),
            format.rate().hz(),
            u32::from(bits.count()),
            channels.count() as u8,
            Some(samples),
        )
        .map_err(io_error)?;
        let mut codes = Vec::new();
        each_block(format.rate(), frames, watch, |block| {
            codes.clear();
            block.codes(bits.count(), &mut codes);
            if channels == Channels::Stereo {
                codes = codes.iter().flat_map(|code| [*code; 2]).collect();
            }
            Ok(writer.write(&codes).map_err(io_error)?)
        })?;
        Ok(writer.finalize().map_err(io_error)?)
    }
}

fn options(timeline: &Timeline) -> Options {
    let fields = comments(timeline).into_iter().map(|(name, value)| format!("{name}={value}"));
    Options::best().comment(VorbisComment { fields: fields.collect(), ..Default::default() })
}

fn io_error(error: flac_codec::Error) -> io::Error {
    match error {
        flac_codec::Error::Io(error) => error,
        other => io::Error::other(other),
    }
}
