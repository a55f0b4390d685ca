//! Opus in Ogg, by opus-pure.

use std::io;

use opus_pure::{Application, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead, OpusTags};

use crate::vorbis_comments::{self, comments};
use crate::{Encoder, Format, Out};
use effleurage_core::timeline::Timeline;
use effleurage_core::units::{Length, SampleRate};
use effleurage_engine::wav::{Block, Channels, Frames, Stopped, Watch, each_block};

/// Bits a second on average: speech, ticks and chimes are well above where errors are
/// heard in either.
const MONO_BITS: i32 = 64_000;
/// Two channels with the same sound take little more than one.
const STEREO_BITS: i32 = 80_000;
/// 20 ms, the length for which the encoder is made.
const PACKET_FRAMES: usize = 960;
/// Any number would do (RFC 3533, section 6); one, so that bytes repeat.
const SERIAL: u32 = 0x6566_666c;

/// The smallest, for phones and browsers (RFC 6716), in Ogg (RFC 7845).
pub struct Opus;

impl Encoder for Opus {
    fn name(&self) -> &'static str {
        "opus"
    }

    fn help(&self) -> &'static str {
        "A copy of the track, smaller still, for phones and browsers"
    }

    fn only_rate(&self) -> Option<SampleRate> {
        Some(SampleRate::OPUS)
    }

    fn most_chapters(&self) -> Option<usize> {
        Some(vorbis_comments::MOST_CHAPTERS)
    }

    /// Writes title and chapters, and `frames`, which are 48000 a second.
    ///
    /// The header says how many frames come before the sound, and the last page how many
    /// there are in all (RFC 7845, sections 4.2 and 4.4); so every player gives the very
    /// frames of the plan.
    fn write(
        &self,
        out: &mut dyn Out,
        format: &Format,
        timeline: &Timeline,
        frames: &Frames<'_>,
        watch: &Watch<'_>,
    ) -> Result<(), Stopped> {
        let mut packer = Packer::new(out, format, timeline, frames.range.length)?;
        each_block(format.rate(), format.channels(), frames, watch, |block| {
            Ok(packer.push(&block)?)
        })?;
        Ok(packer.finish()?)
    }
}

/// Makes packets of blocks.
struct Packer<'a> {
    encoder: OpusEncoder,
    writer: OggOpusWriter<&'a mut dyn Out>,
    channels: usize,
    /// What does not fill a packet yet, channel beside channel.
    pending: Vec<f32>,
    /// Packets to come.
    left: u64,
    /// Where the last one ends, with what comes before the sound.
    end: u64,
    packet: Vec<u8>,
}

impl<'a> Packer<'a> {
    fn new(
        out: &'a mut dyn Out,
        format: &Format,
        timeline: &Timeline,
        length: Length,
    ) -> io::Result<Self> {
        let (channels, bits) = match format.channels() {
            Channels::Mono => (1, MONO_BITS),
            Channels::Stereo => (2, STEREO_BITS),
        };
        let hz = format.rate().hz();
        let mut encoder =
            OpusEncoder::new(hz as i32, channels, Application::Audio).map_err(io_error)?;
        encoder.bitrate_bps = bits;
        let head = OpusHead::for_encoder(&encoder, hz);
        let mut tags = OpusTags::new();
        for (name, value) in comments(timeline) {
            tags.push(&name, &value).map_err(io_error)?;
        }
        // The encoder gives back what it gets so much later.
        let end = u64::from(head.pre_skip) + length.0;
        let writer = OggOpusWriter::with_serial(out, head, tags, SERIAL).map_err(io_error)?;
        Ok(Packer {
            encoder,
            writer,
            channels,
            pending: Vec::new(),
            left: end.div_ceil(PACKET_FRAMES as u64),
            end,
            packet: vec![0; MAX_PACKET_BYTES],
        })
    }

    fn push(&mut self, block: &Block<'_>) -> io::Result<()> {
        for n in 0..block.samples.len() {
            self.pending.extend((0..self.channels).map(|channel| block.channel(channel)[n]));
        }
        self.write_packets()
    }

    /// What the encoder still holds comes out with silence behind it.
    fn finish(mut self) -> io::Result<()> {
        let wanted = self.left as usize * PACKET_FRAMES * self.channels;
        self.pending.resize(wanted, 0.0);
        self.write_packets()?;
        self.writer.finish().map(drop).map_err(io_error)
    }

    fn write_packets(&mut self) -> io::Result<()> {
        let samples = PACKET_FRAMES * self.channels;
        let whole = self.pending.len() / samples * samples;
        for n in (0..whole).step_by(samples) {
            let packet = &self.pending[n..n + samples];
            let bytes = self.encoder.encode(packet, PACKET_FRAMES, &mut self.packet);
            let bytes = &self.packet[..bytes.map_err(io_error)?];
            self.left = self.left.saturating_sub(1);
            let written = match self.left {
                0 => {
                    let frames = self.end.saturating_sub(self.writer.granule() as u64);
                    self.writer.write_packet_with_duration(bytes, frames as u32)
                }
                _ => self.writer.write_packet(bytes),
            };
            written.map_err(io_error)?;
        }
        self.pending.drain(..whole);
        Ok(())
    }
}

fn io_error(error: opus_pure::Error) -> io::Error {
    match error {
        opus_pure::Error::Io(error) => error,
        other => io::Error::other(other),
    }
}
