//! FLAC, by flac-codec.

mod frames;
mod metadata;

use std::io::{self, SeekFrom};

use flac_codec::metadata::{BlockList, SeekPoint, SeekTable, Streaminfo, write_blocks};

use crate::{About, Encoder, Format, Instead, Out, Refusal, vorbis_comments};
use effleurage_core::units::{FrameRange, Length, Position, SampleRate};
use effleurage_engine::error::{Error, Result};
use effleurage_engine::wav::{Bits, Frames, Mixed, Stopped, Watch, in_order};
use frames::{FrameEncoder, Unnumbered};

/// Samples of a frame of FLAC.
const BLOCK: u64 = 4096;
/// Frames of FLAC that are made at once.
const FRAMES: u64 = 8;

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
        about: &About<'_>,
        frames: &Frames<'_>,
        watch: &Watch<'_>,
    ) -> std::result::Result<(), Stopped> {
        let FrameRange { start, length } = frames.range;
        let mut blocks = metadata::blocks(format, about, length).map_err(io_error)?;
        let start_of_file = out.stream_position()?;
        write_blocks(&mut *out, blocks.blocks()).map_err(io_error)?;
        let stream = Stream::new(format, blocks.streaminfo().clone(), start)?;
        let mut written = Written::default();
        let make = |range, place: &mut Piece| stream.make(range, frames, place);
        in_order(frames.range, Length(FRAMES * BLOCK), watch, make, |piece| {
            written.add(piece);
            Ok(piece.frames.iter().try_for_each(|frame| out.write_all(frame))?)
        })?;
        written.told(&mut blocks, metadata::points(format, length), length);
        out.seek(SeekFrom::Start(start_of_file))?;
        write_blocks(&mut *out, blocks.blocks()).map_err(io_error)?;
        out.seek(SeekFrom::End(0))?;
        Ok(())
    }
}

/// Some frames of FLAC in a row, and what they are made from.
#[derive(Default)]
struct Piece {
    mixed: Mixed,
    codes: Vec<i32>,
    /// The samples as the sum over all of them has them.
    bytes: Vec<u8>,
    frames: Vec<Vec<u8>>,
}

/// What all pieces of a stream have in common.
struct Stream {
    format: Format,
    info: Streaminfo,
    start: Position,
    silent: Unnumbered,
}

impl Stream {
    fn new(format: &Format, info: Streaminfo, start: Position) -> io::Result<Stream> {
        let silence = vec![0; samples(format)];
        let silent = FrameEncoder::new(&info).encode(&silence).map_err(io_error)?;
        Ok(Stream { format: *format, info, start, silent })
    }

    fn make(&self, range: FrameRange, frames: &Frames<'_>, piece: &mut Piece) -> Result<()> {
        let (bits, channels) = (self.format.bits().count(), self.format.channels());
        piece.mixed.fill(range, self.format.rate(), channels, frames.source)?;
        piece.codes.clear();
        piece.mixed.block().codes(bits, channels, &mut piece.codes);
        let bytes = usize::from(bits / 8);
        piece.bytes.clear();
        piece.codes.iter().for_each(|code| piece.bytes.extend(&code.to_le_bytes()[..bytes]));
        let first = range.start.since(self.start).0 / BLOCK;
        let whole = samples(&self.format);
        let mut encoder = FrameEncoder::new(&self.info);
        let frame = |(codes, number): (&[i32], u64)| {
            if codes.len() == whole && codes.iter().all(|code| *code == 0) {
                return self.silent.numbered(number, &self.info);
            }
            encoder.encode(codes)?.numbered(number, &self.info)
        };
        let frames = piece.codes.chunks(whole).zip(first..).map(frame);
        let ours = |error: flac_codec::Error| Error::Ours { what: error.to_string() };
        piece.frames = frames.collect::<std::result::Result<_, _>>().map_err(ours)?;
        Ok(())
    }
}

/// How many samples a whole frame of FLAC has, all channels together.
fn samples(format: &Format) -> usize {
    BLOCK as usize * usize::from(format.channels().count())
}

/// What is known of all frames once they are written.
struct Written {
    md5: md5::Context,
    /// The bytes of each frame.
    sizes: Vec<u32>,
}

impl Default for Written {
    fn default() -> Written {
        Written { md5: md5::Context::new(), sizes: Vec::new() }
    }
}

impl Written {
    fn add(&mut self, piece: &Piece) {
        self.md5.consume(&piece.bytes);
        self.sizes.extend(piece.frames.iter().map(|frame| frame.len() as u32));
    }

    /// Writes down in `blocks` what could not be known before.
    fn told(self, blocks: &mut BlockList, points: impl Iterator<Item = u64>, length: Length) {
        let mut starts = vec![0];
        for size in &self.sizes {
            starts.push(starts[starts.len() - 1] + u64::from(*size));
        }
        let point = |number: u64| SeekPoint::Defined {
            sample_offset: number * BLOCK,
            byte_offset: starts[number as usize],
            frame_samples: (length.0 - number * BLOCK).min(BLOCK) as u16,
        };
        let points: Vec<SeekPoint> = points.map(point).collect();
        blocks.insert(SeekTable { points: points.try_into().unwrap_or_default() });
        let info = blocks.streaminfo_mut();
        let size = |size: Option<&u32>| size.copied().and_then(std::num::NonZero::new);
        info.minimum_frame_size = size(self.sizes.iter().min());
        info.maximum_frame_size = size(self.sizes.iter().max());
        info.md5 = Some(self.md5.finalize().0);
    }
}

fn io_error(error: flac_codec::Error) -> io::Error {
    match error {
        flac_codec::Error::Io(error) => error,
        other => io::Error::other(other),
    }
}
