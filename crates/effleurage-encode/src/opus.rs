//! Opus in Ogg, by opus-pure.

use std::io;

use opus_pure::{Application, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead, OpusTags};

use crate::picture;
use crate::vorbis_comments::{self, comments};
use crate::{About, Encoder, Format, Out};
use effleurage_core::units::{Length, SampleRate};
use effleurage_engine::wav::{Block, Channels, Frames, Stopped, Watch, each_block};

/// Bits a second on average, where something sounds all the time: speech, ticks and chimes
/// are well above where errors are heard.
const MONO_BITS: i32 = 64_000;
/// Two channels with the same sound take little more than one.
const STEREO_BITS: i32 = 80_000;
/// By how much more there may be where silence comes between, which takes next to none: so
/// what sounds is as near to the session as if the encoder had saved them up there.
const BESIDE_SILENCE: f32 = 1.25;
/// 20 ms, the length for which the encoder is made.
const PACKET_FRAMES: usize = 960;
/// A packet of silence has no more bytes.
const SILENT_BYTES: usize = 8;
/// After so many of them an encoder has nothing left to remember: 0.2 s.
const ENOUGH_SILENCE: usize = 10;
/// The first byte of a packet of CELT, or more (RFC 6716, section 3.1).
const FIRST_OF_CELT: u8 = 16 << 3;
/// A page holds so many (RFC 3533, section 6).
const PAGE_BYTES: usize = 255 * 255;
/// As many as a comment takes.
const ROOM_BYTES: usize = 1024;
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
        about: &About<'_>,
        frames: &Frames<'_>,
        watch: &Watch<'_>,
    ) -> Result<(), Stopped> {
        let mut packer = Packer::new(out, format, about, frames.range.length)?;
        each_block(format.rate(), format.channels(), frames, watch, |block| {
            Ok(packer.push(&block)?)
        })?;
        Ok(packer.finish()?)
    }
}

/// A name and a value.
type Comment = (String, String);

fn with_cover(mut comments: Vec<Comment>, about: &About<'_>) -> Vec<Comment> {
    let cover = about.cover.map(|cover| (picture::NAME.to_owned(), picture::comment(cover)));
    comments.extend(cover);
    comments
}

/// With room on the last page for whoever adds a comment later: where they would need another
/// page, all that follow would need other numbers.
fn with_room(mut comments: Vec<Comment>, vendor: &str) -> Vec<Comment> {
    let sizes = comments.iter().map(|(name, value)| 4 + name.len() + 1 + value.len());
    let packet = 8 + 4 + vendor.len() + 4 + sizes.sum::<usize>();
    if packet % PAGE_BYTES > PAGE_BYTES - ROOM_BYTES {
        comments.push(("PADDING".to_owned(), " ".repeat(ROOM_BYTES)));
    }
    comments
}

/// Makes packets of blocks.
struct Packer<'a> {
    encoder: Encoding,
    writer: OggOpusWriter<&'a mut dyn Out>,
    channels: usize,
    /// What does not fill a packet yet, channel beside channel.
    pending: Vec<f32>,
    /// Packets to come.
    left: u64,
    /// Where the last one ends, with what comes before the sound.
    end: u64,
}

impl<'a> Packer<'a> {
    fn new(
        out: &'a mut dyn Out,
        format: &Format,
        about: &About<'_>,
        length: Length,
    ) -> io::Result<Self> {
        let (channels, bits) = match format.channels() {
            Channels::Mono => (1, MONO_BITS),
            Channels::Stereo => (2, STEREO_BITS),
        };
        let more = if about.timeline.bed.is_none() { BESIDE_SILENCE } else { 1.0 };
        let hz = format.rate().hz();
        let mut encoder =
            OpusEncoder::new(hz as i32, channels, Application::Audio).map_err(io_error)?;
        encoder.bitrate_bps = (bits as f32 * more) as i32;
        let head = OpusHead::for_encoder(&encoder, hz);
        let mut tags = OpusTags::new();
        for (name, value) in with_room(with_cover(comments(about), about), &tags.vendor) {
            tags.push(&name, &value).map_err(io_error)?;
        }
        // The encoder gives back what it gets so much later.
        let end = u64::from(head.pre_skip) + length.0;
        let writer = OggOpusWriter::with_serial(out, head, tags, SERIAL).map_err(io_error)?;
        Ok(Packer {
            encoder: Encoding { encoder, packet: vec![0; MAX_PACKET_BYTES], made: 0, repeated: 0 },
            writer,
            channels,
            pending: Vec::new(),
            left: end.div_ceil(PACKET_FRAMES as u64),
            end,
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
            let bytes = self.encoder.packet(&self.pending[n..n + samples]).map_err(io_error)?;
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

/// An encoder, and the packet that it made last.
struct Encoding {
    encoder: OpusEncoder,
    packet: Vec<u8>,
    /// How many bytes of it were made.
    made: usize,
    /// How often silence has come out as the very same packet.
    repeated: usize,
}

impl Encoding {
    /// The packet of these samples.
    ///
    /// In silence every packet of CELT is the same few bytes, which say that nothing is to be
    /// heard and leave a decoder as it was (RFC 6716, section 4.3.2.1: the energy falls to its
    /// floor). So once some came out, the last is given again, and the encoder sleeps until
    /// there is something to hear.
    fn packet(&mut self, samples: &[f32]) -> opus_pure::Result<&[u8]> {
        let is_silent = samples.iter().all(|sample| *sample == 0.0);
        if !is_silent {
            self.repeated = 0;
        }
        if self.repeated < ENOUGH_SILENCE {
            let before = self.packet[..self.made].to_vec();
            self.made = self.encoder.encode(samples, PACKET_FRAMES, &mut self.packet)?;
            let is_rest = self.made <= SILENT_BYTES && self.packet[0] >= FIRST_OF_CELT;
            let same = is_silent && is_rest && before == self.packet[..self.made];
            self.repeated = if same { self.repeated + 1 } else { 0 };
        }
        Ok(&self.packet[..self.made])
    }
}

fn io_error(error: opus_pure::Error) -> io::Error {
    match error {
        opus_pure::Error::Io(error) => error,
        other => io::Error::other(other),
    }
}
