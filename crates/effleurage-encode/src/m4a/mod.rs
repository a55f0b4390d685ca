//! Apple Lossless in an MP4, for Apple's players: M4A, or M4B, which they take for a book.
//!
//! What tells of the sound stands before it, so that a player begins at once; it is written
//! again with what was not known before, once the sound is.

mod boxes;
mod movie;
mod tags;

use std::io::SeekFrom;

use crate::alac::{self, FRAMES, Shape};
use crate::{About, Encoder, Format, Instead, Out, Refusal};
use boxes::boxed;
use effleurage_core::timeline::Timeline;
use effleurage_core::units::{FrameRange, Length, SampleRate};
use effleurage_engine::error::Result;
use effleurage_engine::wav::{Bits, Frames, Mixed, Stopped, Watch, in_order};
use movie::{Movie, Packets};

/// Packets that are made at once.
const PACKETS: u64 = 8;
/// Room for whoever adds something later.
const FREE_BYTES: usize = 4096;
/// More bytes than that need larger numbers. What stands before the sound is far smaller than
/// what is left.
const LARGE_BYTES: u64 = u32::MAX as u64 - (1 << 28);

/// The same samples as a WAV file of that depth, for Apple's players.
pub struct M4a;
/// The same, which they take for a book: they go on where one stopped.
pub struct M4b;

impl Encoder for M4a {
    fn name(&self) -> &'static str {
        "m4a"
    }

    fn help(&self) -> &'static str {
        "A copy of the track for Apple's players: the same samples, Apple Lossless"
    }

    fn refusal(&self, _: SampleRate, bits: Bits) -> Option<Refusal> {
        refusal(bits)
    }

    fn write(
        &self,
        out: &mut dyn Out,
        format: &Format,
        about: &About<'_>,
        frames: &Frames<'_>,
        watch: &Watch<'_>,
    ) -> std::result::Result<(), Stopped> {
        write(out, b"M4A ", format, about, frames, watch)
    }
}

impl Encoder for M4b {
    fn name(&self) -> &'static str {
        "m4b"
    }

    fn help(&self) -> &'static str {
        "The same as a book, for players that go on where one stopped"
    }

    fn refusal(&self, _: SampleRate, bits: Bits) -> Option<Refusal> {
        refusal(bits)
    }

    fn write(
        &self,
        out: &mut dyn Out,
        format: &Format,
        about: &About<'_>,
        frames: &Frames<'_>,
        watch: &Watch<'_>,
    ) -> std::result::Result<(), Stopped> {
        write(out, b"M4B ", format, about, frames, watch)
    }
}

fn refusal(bits: Bits) -> Option<Refusal> {
    (bits == Bits::ThirtyTwo).then(|| Refusal {
        why: "Apple Lossless holds integers, and 32 bits are floating point".to_owned(),
        instead: Instead::Bits(Bits::TwentyFour),
    })
}

fn write(
    out: &mut dyn Out,
    brand: &[u8; 4],
    format: &Format,
    about: &About<'_>,
    frames: &Frames<'_>,
    watch: &Watch<'_>,
) -> std::result::Result<(), Stopped> {
    let length = frames.range.length;
    let chapters = titles(about.timeline, length);
    let frame = u64::from(format.channels().count() * format.bits().count() / 8);
    let is_large = length.0.saturating_mul(frame) > LARGE_BYTES;
    let is_book = brand == b"M4B ";
    let movie = Movie { about, format: *format, frames: length.0, chapters, is_book, is_large };
    let start = out.stream_position()?;
    let mut packets = Packets::default();
    let head = head(brand, &movie, &packets, 0);
    out.write_all(&head)?;
    packets.titles = start + head.len() as u64;
    movie.chapters.iter().try_for_each(|(title, _)| out.write_all(title))?;
    let titles: usize = movie.chapters.iter().map(|(title, _)| title.len()).sum();
    packets.start = packets.titles + titles as u64;
    let stream = Stream { format: *format, shape: movie.shape() };
    let make = |range, place: &mut Piece| stream.make(range, frames, place);
    in_order(frames.range, Length(PACKETS * FRAMES as u64), watch, make, |piece| {
        packets.sizes.extend(piece.packets.iter().map(|packet| packet.len() as u32));
        Ok(piece.packets.iter().try_for_each(|packet| out.write_all(packet))?)
    })?;
    let end = out.stream_position()?;
    out.seek(SeekFrom::Start(start))?;
    out.write_all(&self::head(brand, &movie, &packets, end - packets.titles))?;
    out.seek(SeekFrom::End(0))?;
    Ok(())
}

/// All that stands before `sound` bytes of sound and titles; always as long.
fn head(brand: &[u8; 4], movie: &Movie<'_>, packets: &Packets, sound: u64) -> Vec<u8> {
    let version = boxes::u32(0);
    let also: &[u8] = if movie.is_book { b"M4B M4A mp42isom" } else { b"M4A mp42isom" };
    let kind = boxed(b"ftyp", &[brand, &version, also]);
    let free = boxed(b"free", &[&[0; FREE_BYTES]]);
    // A box whose length has 64 bits.
    let data = [&boxes::u32(1)[..], b"mdat", &(sound + 16).to_be_bytes()].concat();
    [kind, free, movie.boxed(packets), data].concat()
}

/// The titles of all chapters, as samples: a length, the text, and that it is UTF-8; and how
/// many frames each lasts.
fn titles(timeline: &Timeline, length: Length) -> Vec<(Vec<u8>, u64)> {
    const UTF_8: [u8; 4] = [0, 0, 1, 0];
    let chapters = timeline.chapters();
    let sample = |title: &str| {
        let end = title.floor_char_boundary(usize::from(u16::MAX));
        let text = &title.as_bytes()[..end];
        let size = (text.len() as u16).to_be_bytes();
        [&size[..], text, &boxed(b"encd", &[&UTF_8])].concat()
    };
    let told = chapters.iter().map(|c| (sample(&c.title), c.range.length.0));
    let told: Vec<(Vec<u8>, u64)> = told.collect();
    // A track without a sample is none.
    if told.is_empty() { vec![(sample(&timeline.title), length.0)] } else { told }
}

/// Some packets in a row, and what they are made from.
#[derive(Default)]
struct Piece {
    mixed: Mixed,
    codes: Vec<i32>,
    packets: Vec<Vec<u8>>,
}

/// What all pieces have in common.
struct Stream {
    format: Format,
    shape: Shape,
}

impl Stream {
    fn make(&self, range: FrameRange, frames: &Frames<'_>, piece: &mut Piece) -> Result<()> {
        let (bits, channels) = (self.format.bits().count(), self.format.channels());
        piece.mixed.fill(range, self.format.rate(), channels, frames.source)?;
        piece.codes.clear();
        piece.mixed.block().codes(bits, channels, &mut piece.codes);
        let whole = FRAMES * usize::from(channels.count());
        let packets = piece.codes.chunks(whole).map(|codes| alac::packet(codes, self.shape));
        piece.packets = packets.collect();
        Ok(())
    }
}
