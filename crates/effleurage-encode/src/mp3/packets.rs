//! Packets of MP3 made side by side.
//!
//! Without a reservoir of bits, a packet depends on nothing but its own samples and the last
//! few before them: so an encoder that hears the two packets before a piece first, and gives
//! them away, makes the very packets of one that heard all of the track.

use rusty_mp3::encode::lametag::{self, TagInfo};
use rusty_mp3::header::FrameHeader;
use rusty_mp3::{Mp3Encode, encoder_header};

use super::kbps;
use crate::Format;
use effleurage_core::units::{FrameRange, Length, Position};
use effleurage_engine::error::{Error, Result};
use effleurage_engine::wav::{Frames, Mixed};

/// Packets that an encoder hears before those that it is to make: more than its filters
/// reach back (512 samples and a granule of 576).
const BEFORE: u64 = 2;
/// Packets that are made at once.
const PACKETS: u64 = 64;

/// A stream of packets: what it is made of, and how many there are.
pub struct Stream {
    pub header: FrameHeader,
    format: Format,
    /// Frames of sound in a packet.
    packet: u64,
    /// Frames of silence before the sound of a very short track.
    before: u64,
    length: Length,
    /// The packet in the middle of silence.
    silent: Vec<u8>,
}

/// Some packets in a row, and the samples that they are made from.
#[derive(Default)]
pub struct Piece {
    mixed: Mixed,
    channels: [Vec<f32>; 2],
    pub packets: Vec<Vec<u8>>,
}

impl Stream {
    pub fn new(format: &Format, length: Length) -> rusty_mp3::Result<Stream> {
        let header = encoder_header(format.rate().hz(), format.channels().count(), 0)?;
        let frames = header.version.samples_per_frame();
        let is_short = length.0 < frames as u64;
        let before = if is_short { lametag::extra_priming(length.0, frames) as u64 } else { 0 };
        let packet = frames as u64;
        let (format, silent) = (*format, Vec::new());
        let mut stream = Stream { header, format, packet, before, length, silent };
        stream.silent = stream.encoded(&mut Mp3Encode::new(), [&vec![0.0; frames]; 2])?;
        Ok(stream)
    }

    /// How many packets there are.
    pub fn packets(&self) -> u64 {
        lametag::frames_for(self.length.0, self.delay(), self.packet as usize)
    }

    /// All frames of sound in them, with the silence at both ends.
    pub fn range(&self) -> FrameRange {
        FrameRange::new(Position::START, Length(self.packets() * self.packet))
    }

    /// How many of those are encoded at once.
    pub fn piece(&self) -> Length {
        Length(PACKETS * self.packet)
    }

    /// What a player needs to know so as to leave that silence out.
    pub fn tag_info(&self) -> TagInfo {
        let delay = self.delay();
        let padding = lametag::padding_for(self.length.0, delay, self.packet as usize);
        TagInfo { vbr: true, delay, padding: padding as usize }
    }

    fn delay(&self) -> usize {
        lametag::ENCODER_DELAY + self.before as usize
    }

    /// Makes the packets of `range`, which begins and ends with one.
    pub fn make(&self, range: FrameRange, frames: &Frames<'_>, piece: &mut Piece) -> Result<()> {
        let known = (BEFORE * self.packet).min(range.start.0);
        let from = Position(range.start.0 - known);
        self.fill(FrameRange::new(from, Length(known + range.length.0)), frames, piece)?;
        piece.packets.clear();
        let mut encoder = Mp3Encode::new();
        // Packets of silence up to now; before the track is nothing else.
        let mut silent = if from == Position::START { BEFORE } else { 0 };
        let dropped = (known / self.packet) as usize;
        let [left, right] = piece.channels.each_ref().map(|c| c.chunks_exact(self.packet as usize));
        for (n, channels) in left.zip(right).enumerate() {
            let channels: [&[f32]; 2] = channels.into();
            let is_silent = channels.iter().all(|c| c.iter().all(|sample| *sample == 0.0));
            silent = if is_silent { silent + 1 } else { 0 };
            let packet = if silent > BEFORE {
                encoder = Mp3Encode::new();
                self.silent.clone()
            } else {
                let ours = |error: rusty_mp3::Error| Error::Ours { what: error.to_string() };
                self.encoded(&mut encoder, channels).map_err(ours)?
            };
            if n >= dropped {
                piece.packets.push(packet);
            }
        }
        Ok(())
    }

    /// Fills the channels of `piece` with the frames of `range`, where the sound begins after
    /// [`before`](Self::before).
    fn fill(&self, range: FrameRange, frames: &Frames<'_>, piece: &mut Piece) -> Result<()> {
        for channel in &mut piece.channels {
            channel.clear();
            channel.resize(range.length.0 as usize, 0.0);
        }
        let sound = FrameRange::new(Position(self.before), self.length);
        let Some(heard) = sound.intersection(range) else { return Ok(()) };
        let at = frames.range.start + heard.start.since(sound.start);
        let mixed = FrameRange::new(at, heard.length);
        let Stream { format, .. } = self;
        piece.mixed.fill(mixed, format.rate(), format.channels(), frames.source)?;
        let place = heard.start.since(range.start).0 as usize;
        for (n, channel) in piece.channels.iter_mut().enumerate() {
            let samples = piece.mixed.block().channel(n);
            channel[place..place + samples.len()].copy_from_slice(samples);
        }
        Ok(())
    }

    fn encoded(&self, encoder: &mut Mp3Encode, both: [&[f32]; 2]) -> rusty_mp3::Result<Vec<u8>> {
        let channels = &both[..usize::from(self.format.channels().count())];
        encoder.encode_frame(&self.header, channels, Some(kbps(&self.format)))
    }
}
