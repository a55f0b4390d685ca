//! MP3, by rusty_mp3.

mod packets;

use std::io::{self, SeekFrom};

use rusty_mp3::encode::lametag::{self, TagStats};
use rusty_mp3::header::MpegVersion;

use crate::{About, Encoder, Format, Instead, Out, Refusal};
use effleurage_core::units::{Length, SampleRate};
use effleurage_engine::provenance::id3;
use effleurage_engine::wav::{Bits, Channels, Frames, Stopped, Watch, in_order};
use packets::{Piece, Stream};

/// Kilobits a second of mono, where it sounds; silence takes a third. So what is changed of
/// a session stays 40 to 48 dB below it, at every rate (38 with rain in the background).
const KBPS: f32 = 96.0;
/// Of the lower rates.
const KBPS_MPEG2: f32 = 64.0;
const KBPS_MPEG2_5: f32 = 48.0;
/// Two channels may use twice as many; with the same sound on both, they take an eighth more.
const STEREO: f32 = 2.0;

/// The rates of MPEG-1, MPEG-2 and, unofficially, "MPEG-2.5".
const RATES_HZ: [u32; 9] = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/// What every player plays (ISO/IEC 11172-3 and 13818-3, layer III).
pub struct Mp3;

impl Encoder for Mp3 {
    fn name(&self) -> &'static str {
        "mp3"
    }

    fn help(&self) -> &'static str {
        "A copy of the track for every player"
    }

    fn refusal(&self, rate: SampleRate, _: Bits) -> Option<Refusal> {
        let nearest = RATES_HZ.into_iter().min_by_key(|hz| hz.abs_diff(rate.hz()))?;
        let nearest = SampleRate::new(nearest).filter(|nearest| *nearest != rate)?;
        let why = format!("MP3 does not hold {} frames a second", rate.hz());
        Some(Refusal { why, instead: Instead::Rate(nearest) })
    }

    fn latest_start(&self, rate: SampleRate) -> Option<Length> {
        let frame = version(rate).samples_per_frame();
        Some(Length((frame + lametag::ENCODER_DELAY + lametag::DECODER_DELAY) as u64))
    }

    fn most_chapters(&self) -> Option<usize> {
        Some(id3::MOST_CHAPTERS)
    }

    /// Writes tags and chapters, the LAME tag, and `frames`.
    ///
    /// The tag ("Mp3 Info Tag revision 1", G. Bouvigne) says how much a decoder must remove
    /// at both ends, so that it gives the very frames of the plan. Variable bit rate, because
    /// the encoder would keep a whole track of constant rate in memory.
    fn write(
        &self,
        out: &mut dyn Out,
        format: &Format,
        about: &About<'_>,
        frames: &Frames<'_>,
        watch: &Watch<'_>,
    ) -> Result<(), Stopped> {
        out.write_all(&id3::tag_with_chapters(about.timeline, about.tags, about.cover))?;
        let start = out.stream_position()?;
        let length = frames.range.length;
        let stream = Stream::new(format, length).map_err(io::Error::other)?;
        let (header, info) = (lametag::tag_header(&stream.header), stream.tag_info());
        let mut told = TagStats::new(header.frame_size());
        out.write_all(&lametag::tag_frame(&header, &told, &info))?;
        let progress = |done: Length| (watch.progress)(done.min(length));
        let within = Watch { progress: &progress, cancel: watch.cancel.clone() };
        let make = |range, place: &mut Piece| stream.make(range, frames, place);
        in_order(stream.range(), stream.piece(), &within, make, |piece| {
            piece.packets.iter().for_each(|packet| told.add_frame(packet));
            Ok(piece.packets.iter().try_for_each(|packet| out.write_all(packet))?)
        })?;
        out.seek(SeekFrom::Start(start))?;
        out.write_all(&lametag::tag_frame(&header, &told, &info))?;
        out.seek(SeekFrom::End(0))?;
        Ok(())
    }
}

fn kbps(format: &Format) -> f32 {
    let mono = match version(format.rate()) {
        MpegVersion::V1 => KBPS,
        MpegVersion::V2 => KBPS_MPEG2,
        MpegVersion::V2_5 => KBPS_MPEG2_5,
    };
    match format.channels() {
        Channels::Mono => mono,
        Channels::Stereo => mono * STEREO,
    }
}

fn version(rate: SampleRate) -> MpegVersion {
    match rate.hz() {
        ..16_000 => MpegVersion::V2_5,
        16_000..32_000 => MpegVersion::V2,
        32_000.. => MpegVersion::V1,
    }
}
