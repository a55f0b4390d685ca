//! The packets of a file that symphonia reads, decoded and gathered.

use std::borrow::Cow;
use std::io::ErrorKind;

use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

use effleurage_core::units::SampleRate;

use super::container::Container;
use super::segments::Segments;
use super::{codec, gapless, mp4, ogg};
use crate::fault::ClipFault;
use crate::gathered::Gathered;

/// A file of a known format.
pub struct Stream<'a> {
    /// All of it.
    pub bytes: &'a [u8],
    /// Its format.
    pub container: Container,
    /// Whether the file's end is the sound's end.
    pub is_open: bool,
}

impl<'a> Stream<'a> {
    /// Adds the sound of the file, of which `source` is what symphonia is to see, to
    /// `gathered`; and tells how many packets nothing was left of.
    pub fn decode(
        &self,
        source: Segments<'a>,
        gathered: &mut Gathered,
    ) -> Result<usize, ClipFault> {
        let mut reader = open(source)?;
        let (mut track, mut decoder) = self.track(reader.as_ref())?;
        let empty_packets = self.packets(reader.as_mut(), &track, decoder.as_mut(), gathered)?;
        let rate = gathered.rate.ok_or(ClipFault::Empty)?;
        count_at(&mut track, rate);
        self.check_completeness(&track, gathered.length())?;
        if decoder.finalize().verify_ok == Some(false) {
            return Err(ClipFault::Malformed("its checksum is wrong".to_owned()));
        }
        gapless::trim(self.container, self.bytes, &track, gathered)?;
        Ok(empty_packets)
    }

    /// Decodes the packets of `track`, and tells how many nothing was left of.
    fn packets(
        &self,
        reader: &mut dyn FormatReader,
        track: &Track,
        decoder: &mut dyn AudioDecoder,
        gathered: &mut Gathered,
    ) -> Result<usize, ClipFault> {
        let mut empty_packets = 0;
        let mut interleaved = Vec::new();
        while let Some(packet) = self.next_packet(reader)? {
            if packet.track_id == track.id {
                let decoded = decoder.decode(&packet).map_err(|error| fault(&error))?;
                empty_packets += usize::from(decoded.frames() == 0);
                add(gathered, &decoded, &mut interleaved)?;
            }
        }
        Ok(empty_packets)
    }

    /// The first track of sound that can be decoded, the one before others that the file
    /// says is for everybody.
    fn track(
        &self,
        reader: &dyn FormatReader,
    ) -> Result<(Track, Box<dyn AudioDecoder>), ClipFault> {
        let usual = reader.default_track(TrackType::Audio);
        let mut fault = None;
        for track in usual.into_iter().chain(reader.tracks()) {
            match codec::decoder(track) {
                Ok(Some(decoder)) => return Ok((track.clone(), decoder)),
                Ok(None) => {}
                Err(other) => fault = fault.or(Some(other)),
            }
        }
        let named = || match self.container {
            Container::Mp4 => mp4::codec(self.bytes),
            _ => None,
        };
        match (fault, named()) {
            (Some(ClipFault::Unsupported(_)) | None, Some(name)) => {
                Err(ClipFault::Unsupported(name.to_owned()))
            }
            (fault, _) => Err(fault.unwrap_or(ClipFault::NotAudio)),
        }
    }

    fn next_packet(&self, reader: &mut dyn FormatReader) -> Result<Option<Packet>, ClipFault> {
        match reader.next_packet() {
            Ok(packet) => Ok(packet),
            Err(SymphoniaError::IoError(error))
                if self.is_open && error.kind() == ErrorKind::UnexpectedEof =>
            {
                Ok(None)
            }
            Err(error) => Err(fault(&error)),
        }
    }

    /// Compares the frames that were decoded with those that the file promised.
    fn check_completeness(&self, track: &Track, decoded: usize) -> Result<(), ClipFault> {
        let Some(promised) = track.num_frames.filter(|_| !self.is_open) else { return Ok(()) };
        let decoded = decoded as u64;
        match self.container {
            _ if decoded >= promised => Ok(()),
            Container::Ogg => {
                // A stream that was caught in the middle counts from where it began.
                let before = u64::try_from(track.start_ts.get()).unwrap_or(0);
                match () {
                    () if decoded >= promised.saturating_sub(before) => Ok(()),
                    () if decoded > 0 && ogg::is_one_page(self.bytes) => Ok(()),
                    // It says so where its end is missing; what lacks here lacks inside.
                    () if decoded > 0 => {
                        Err(ClipFault::Malformed("some of its sound is missing".to_owned()))
                    }
                    () => Err(ClipFault::Truncated),
                }
            }
            _ => Err(ClipFault::Truncated),
        }
    }
}

/// Counts the frames of `track` at `rate`: of HE-AAC, a file may tell the half.
fn count_at(track: &mut Track, rate: SampleRate) {
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let told = parameters.and_then(|parameters| parameters.sample_rate).unwrap_or(0);
    if told > 0 && told != rate.hz() {
        let count = |frames: u64| u128::from(frames) * u128::from(rate.hz()) / u128::from(told);
        track.num_frames = track.num_frames.map(|n| u64::try_from(count(n)).unwrap_or(u64::MAX));
    }
}

/// Adds what was `decoded` of a packet; `interleaved` is room to do it in.
pub fn add(
    gathered: &mut Gathered,
    decoded: &GenericAudioBufferRef<'_>,
    interleaved: &mut Vec<f32>,
) -> Result<(), ClipFault> {
    interleaved.resize(decoded.samples_interleaved(), 0.0);
    decoded.copy_to_slice_interleaved(&mut *interleaved);
    let spec = decoded.spec();
    gathered.add(spec.rate(), spec.channels().count(), interleaved)
}

/// What symphonia is to see of an Ogg, MP4 or Matroska file.
pub fn source(container: Container, bytes: &[u8]) -> Segments<'_> {
    Segments::file(match container {
        Container::Ogg => ogg::without_tags(bytes),
        Container::Mp4 => mp4::without_tags(bytes),
        _ => vec![Cow::Borrowed(bytes)],
    })
}

/// Finds out what `source` holds.
pub fn open<'a>(source: impl MediaSource + 'a) -> Result<Box<dyn FormatReader + 'a>, ClipFault> {
    let stream = MediaSourceStream::new(Box::new(source), MediaSourceStreamOptions::default());
    let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
    let probe = symphonia::default::get_probe();
    probe.probe(&Hint::new(), stream, format, metadata).map_err(|error| match error {
        SymphoniaError::IoError(error) if error.kind() != ErrorKind::UnexpectedEof => {
            ClipFault::NotAudio
        }
        SymphoniaError::Unsupported(why) if why.starts_with("core (probe)") => ClipFault::NotAudio,
        SymphoniaError::Unsupported("isomp4: missing moov atom") => ClipFault::Truncated,
        other => fault(&other),
    })
}

/// What an error of symphonia means to whoever recorded the file.
pub fn fault(error: &SymphoniaError) -> ClipFault {
    match error {
        SymphoniaError::IoError(e) if e.kind() == ErrorKind::UnexpectedEof => ClipFault::Truncated,
        SymphoniaError::ResetRequired => ClipFault::several(),
        SymphoniaError::Unsupported(what) => ClipFault::Unsupported((*what).to_owned()),
        SymphoniaError::DecodeError(what) | SymphoniaError::LimitError(what) => {
            ClipFault::Malformed((*what).to_owned())
        }
        other => ClipFault::Malformed(other.to_string()),
    }
}
