//! The frames of a whole file, as a player gives them: channel beside channel, block after block.
//!
//! [`decode`](mod@crate::decode) gathers a recording, mixed to one channel. A track may last ten
//! hours and have two, so this reads on while it is asked, and only what tracks are copied as:
//! FLAC, MP3, Opus in Ogg, and Apple Lossless in MP4. What an encoder added is left out.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_ALAC, CODEC_ID_MP3, CODEC_ID_OPUS};
use symphonia::core::formats::{FormatReader, Track, TrackType};
use symphonia::core::io::MediaSource;

use effleurage_core::units::SampleRate;

use crate::container::Container;
use crate::decode::quietly;
use crate::fault::ClipFault;
use crate::flac::FlacStream;
use crate::gathered::{checked_channels, checked_rate};
use crate::{codec, gapless, stream, tags};

/// So much of a file tells what it is.
const START: u64 = 4_096;
/// No encoder leaves more packets empty behind the sound.
const MOST_EMPTY: usize = 4;

/// What a file's sound is encoded as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// FLAC, which has the very samples.
    Flac,
    /// Apple Lossless, which has them, too.
    AppleLossless,
    /// MP3.
    Mp3,
    /// Opus.
    Opus,
}

impl Coding {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Coding::Flac => "FLAC",
            Coding::AppleLossless => "Apple Lossless",
            Coding::Mp3 => "MP3",
            Coding::Opus => "Opus",
        }
    }

    /// Whether it has the very samples that it was given.
    pub fn is_lossless(self) -> bool {
        matches!(self, Coding::Flac | Coding::AppleLossless)
    }
}

/// A file that is played.
pub struct Played {
    /// What its sound is encoded as.
    pub coding: Coding,
    /// Frames a second.
    pub rate: SampleRate,
    /// How many channels a frame has.
    pub channels: usize,
    /// The depth of its samples, where they are integers.
    pub bits: Option<u32>,
    packets: Box<dyn Packets>,
    /// What was decoded and nobody took, channel beside channel, and how much of it was taken.
    decoded: Vec<f32>,
    taken: usize,
}

/// What a file holds, piece by piece.
trait Packets {
    /// The samples of the next piece, channel beside channel; `false` at the end, where all is
    /// well.
    fn next(&mut self, interleaved: &mut Vec<f32>) -> Result<bool, ClipFault>;
}

impl Played {
    /// Begins to play the file that `source` reads.
    ///
    /// # Errors
    ///
    /// [`ClipFault::Unsupported`] where it is no kind of copy, and those of a damaged file.
    pub fn open(mut source: impl Read + Seek + Send + Sync + 'static) -> Result<Played, ClipFault> {
        quietly(|| {
            let (tags, start) = start(&mut source).map_err(|_| ClipFault::Truncated)?;
            match Container::find(&start) {
                Some((Container::Flac, 0)) => Played::flac(FlacStream::open(source)?),
                Some((Container::Ogg | Container::Mp4, 0)) if tags == 0 => {
                    Played::stream(source, true)
                }
                Some((Container::Mpeg, _)) => Played::stream(source, false),
                _ => Err(ClipFault::NotAudio),
            }
        })
    }

    fn flac(stream: FlacStream<impl Read + Send + Sync + 'static>) -> Result<Played, ClipFault> {
        Ok(Played {
            coding: Coding::Flac,
            rate: checked_rate(stream.hz())?,
            channels: checked_channels(stream.channels())?,
            bits: Some(stream.bits()),
            packets: Box::new(stream),
            decoded: Vec::new(),
            taken: 0,
        })
    }

    fn stream(
        mut source: impl Read + Seek + Send + Sync + 'static,
        can_seek: bool,
    ) -> Result<Played, ClipFault> {
        let length = length(&mut source).map_err(|_| ClipFault::Truncated)?;
        let reader = stream::open(Whole { source, length, can_seek })?;
        let track = reader.default_track(TrackType::Audio).ok_or(ClipFault::NotAudio)?.clone();
        let told = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
        let told = told.ok_or(ClipFault::NotAudio)?;
        let hz = told.sample_rate.unwrap_or(0);
        let (coding, hz, bits) = match told.codec {
            CODEC_ID_ALAC => (Coding::AppleLossless, hz, told.bits_per_sample),
            CODEC_ID_MP3 => (Coding::Mp3, hz, None),
            // Whatever was recorded is decoded at this rate.
            CODEC_ID_OPUS => (Coding::Opus, SampleRate::OPUS.hz(), None),
            _ => return Err(ClipFault::Unsupported("no kind of copy".to_owned())),
        };
        let channels = told.channels.as_ref().map_or(1, |channels| channels.count());
        let (rate, channels) = (checked_rate(hz)?, checked_channels(channels)?);
        let decoder = codec::decoder(&track)?.ok_or(ClipFault::NotAudio)?;
        let before = gapless::pre_skip(&track);
        let decoding =
            Decoding { reader, decoder, track, rate, channels, before, count: 0, empty: 0 };
        let (packets, decoded) = (Box::new(decoding), Vec::new());
        Ok(Played { coding, rate, channels, bits, packets, decoded, taken: 0 })
    }

    /// Fills `block` with the next samples, all channels of a frame together, full scale at 1;
    /// returns how many whole frames there were. Fewer than asked for is the end.
    ///
    /// # Errors
    ///
    /// Where the file is damaged, is cut off, or goes on behind its end.
    pub fn read(&mut self, block: &mut [f32]) -> Result<usize, ClipFault> {
        quietly(|| {
            let mut filled = 0;
            while filled < block.len() {
                if self.taken == self.decoded.len() {
                    self.taken = 0;
                    self.decoded.clear();
                    if !self.packets.next(&mut self.decoded)? {
                        break;
                    }
                }
                let count = (block.len() - filled).min(self.decoded.len() - self.taken);
                let from = &self.decoded[self.taken..self.taken + count];
                block[filled..filled + count].copy_from_slice(from);
                filled += count;
                self.taken += count;
            }
            Ok(filled / self.channels)
        })
    }
}

impl<R: Read> Packets for FlacStream<R> {
    fn next(&mut self, interleaved: &mut Vec<f32>) -> Result<bool, ClipFault> {
        FlacStream::next(self, interleaved)
    }
}

/// How many bytes there are in all.
fn length(source: &mut impl Seek) -> io::Result<u64> {
    let at = source.stream_position()?;
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(at))?;
    Ok(length)
}

/// Goes to where `source` begins behind its tags, which may be longer than anybody reads at once;
/// tells how long they are, and what comes there.
fn start(source: &mut (impl Read + Seek)) -> io::Result<(u64, Vec<u8>)> {
    let mut at = 0;
    loop {
        let mut start = Vec::new();
        source.seek(SeekFrom::Start(at))?;
        source.by_ref().take(START).read_to_end(&mut start)?;
        match tags::size(&start) {
            Some(size) => at += size as u64,
            None => {
                source.seek(SeekFrom::Start(at))?;
                return Ok((at, start));
            }
        }
    }
}

/// What symphonia reads.
struct Decoding {
    reader: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: Track,
    rate: SampleRate,
    channels: usize,
    /// Frames that still come before the sound.
    before: u64,
    /// Frames that were decoded by now.
    count: u64,
    /// Packets of which nothing is left.
    empty: usize,
}

impl Packets for Decoding {
    fn next(&mut self, interleaved: &mut Vec<f32>) -> Result<bool, ClipFault> {
        let Some(packet) = self.reader.next_packet().map_err(|error| stream::fault(&error))? else {
            return match self.track.num_frames {
                Some(promised) if self.count < promised => Err(ClipFault::Truncated),
                _ => Ok(false),
            };
        };
        if packet.track_id != self.track.id {
            return Ok(true);
        }
        let decoded = self.decoder.decode(&packet).map_err(|error| stream::fault(&error))?;
        let spec = decoded.spec();
        if spec.channels().count() != self.channels || spec.rate() != self.rate.hz() {
            return Err(ClipFault::Unsupported("it changes half-way".to_owned()));
        }
        let frames = decoded.frames() as u64;
        self.count += frames;
        self.empty += usize::from(frames == 0);
        if self.empty > MOST_EMPTY {
            return Err(ClipFault::Malformed("something stands behind its end".to_owned()));
        }
        interleaved.resize(decoded.samples_interleaved(), 0.0);
        decoded.copy_to_slice_interleaved(&mut *interleaved);
        let before = self.before.min(frames);
        self.before -= before;
        interleaved.drain(..before as usize * self.channels);
        Ok(true)
    }
}

/// All of a file, as symphonia wants it.
struct Whole<R> {
    source: R,
    length: u64,
    /// MPEG frames are read as a stream: from a file, symphonia would guess the length by the
    /// first frames, and cut the sound to its guess.
    can_seek: bool,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.source.read(into)
    }
}

impl<R: Seek> Seek for Whole<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}

impl<R: Read + Seek + Send + Sync> MediaSource for Whole<R> {
    fn is_seekable(&self) -> bool {
        self.can_seek
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}
