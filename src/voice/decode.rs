//! A clip's bytes → mono samples at the clip's own rate.
//!
//! symphonia decodes; everything around it is distrust: clips come from phones,
//! converters and strangers. What an encoder put before and after the sound is
//! removed where the file tells how much.

use std::cell::Cell;
use std::io::{Cursor, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_ALAC, CODEC_ID_OPUS};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::{
    MediaSource, MediaSourceStream, MediaSourceStreamOptions, ReadOnlySource,
};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

use super::container::{self, Container};
use super::recording::Recording;
use super::{gapless, matroska, mp4, opus};
use crate::error::ClipFault;
use crate::units::SampleRate;

/// A clip lasts at most this long.
const LONGEST_SECONDS: u64 = 60;
/// What an encoder adds to the sound, and takes away again, is less than this.
const LONGEST_PADDING_SECONDS: u64 = 1;
/// Two hours at 48 kHz, and what an encoder adds.
const MOST_FRAMES: u64 = (2 * 60 * 60 + LONGEST_PADDING_SECONDS) * 48_000;
/// Rates outside this range are damage, not recordings.
const RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=384_000;
/// More channels than this are damage, too.
const MOST_CHANNELS: usize = 32;
/// An MP3 has no more frames than this outside of the sound that its tag tells of. One
/// with more is two files in one, and the second would be lost without a word.
const MOST_SURPLUS_FRAMES: usize = 4;
/// Samples are near 1 at most; a float file with larger ones is damaged.
const LOUDEST_SAMPLE: f32 = 1000.0;

/// Decodes the clip in `bytes`, of a minute at most, whatever its name says that it is.
///
/// Never panics: where a decoder does, the clip is [`ClipFault::Malformed`].
pub fn decode(bytes: &[u8]) -> Result<Recording, ClipFault> {
    decode_up_to(bytes, LONGEST_SECONDS)
}

/// Decodes a recording of at most so many seconds.
pub fn decode_up_to(bytes: &[u8], most_seconds: u64) -> Result<Recording, ClipFault> {
    keep_panics_of_decoders_quiet();
    DECODING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(|| decode_trusting(bytes, most_seconds)));
    DECODING.set(false);
    outcome.unwrap_or_else(|_| Err(ClipFault::Malformed("it confuses the decoder".to_owned())))
}

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// A panic inside a decoder becomes an error; its text is for nobody.
fn keep_panics_of_decoders_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !DECODING.get() {
                usual(info);
            }
        }));
    });
}

fn decode_trusting(bytes: &[u8], most_seconds: u64) -> Result<Recording, ClipFault> {
    if bytes.is_empty() {
        return Err(ClipFault::Empty);
    }
    let container = Container::of(bytes).ok_or(ClipFault::NotAudio)?;
    match container {
        Container::Mp4 => mp4::check(bytes)?,
        Container::Matroska => matroska::check(bytes)?,
        _ => (),
    }
    let mut recording = match container {
        Container::Wave => {
            let wave = container::wave(bytes);
            Clip { bytes: &wave.bytes, container, is_open: wave.is_open, most_seconds }.decode()?
        }
        _ => {
            let is_open = container == Container::Matroska;
            Clip { bytes, container, is_open, most_seconds }.decode()?
        }
    };
    check_length(&recording, most_seconds)?;
    // What is spare after a minute's worth of growing would stay until the mix.
    recording.samples.shrink_to_fit();
    Ok(recording)
}

fn check_length(recording: &Recording, most_seconds: u64) -> Result<(), ClipFault> {
    match recording.samples.len() as u64 {
        0 => Err(ClipFault::Empty),
        // At the highest rates, hours would not fit into memory.
        frames if frames > MOST_FRAMES => Err(ClipFault::TooLong),
        frames if frames > most_seconds * u64::from(recording.rate.hz()) => Err(ClipFault::TooLong),
        _ => Ok(()),
    }
}

/// A file of a known format.
struct Clip<'a> {
    bytes: &'a [u8],
    container: Container,
    /// Whether the file's end is the sound's end.
    is_open: bool,
    most_seconds: u64,
}

impl<'a> Clip<'a> {
    fn decode(&self) -> Result<Recording, ClipFault> {
        let mut reader = self.open()?;
        let track = reader.default_track(TrackType::Audio).ok_or(ClipFault::NotAudio)?.clone();
        let mut decoder = decoder(&track)?;
        let recording = self.decode_packets(reader.as_mut(), track.id, decoder.as_mut())?;
        let decoded = recording.as_ref().map_or(0, |recording| recording.samples.len());
        self.check_completeness(track.num_frames, decoded)?;
        let mut recording = recording.ok_or(ClipFault::Empty)?;
        if decoder.finalize().verify_ok == Some(false) {
            return Err(ClipFault::Malformed("its checksum is wrong".to_owned()));
        }
        gapless::trim(self.container, self.bytes, &track, &mut recording);
        Ok(recording)
    }

    fn open(&self) -> Result<Box<dyn FormatReader + 'a>, ClipFault> {
        let stream = MediaSourceStream::new(self.source(), MediaSourceStreamOptions::default());
        let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
        let probe = symphonia::default::get_probe();
        probe.probe(&Hint::new(), stream, format, metadata).map_err(|error| match error {
            SymphoniaError::IoError(error) if error.kind() != ErrorKind::UnexpectedEof => {
                ClipFault::NotAudio
            }
            SymphoniaError::Unsupported(why) if why.starts_with("core (probe)") => {
                ClipFault::NotAudio
            }
            SymphoniaError::Unsupported("isomp4: missing moov atom") => ClipFault::Truncated,
            SymphoniaError::Unsupported("wav: missing data chunk") => ClipFault::Empty,
            other => fault(&other),
        })
    }

    /// MPEG frames are read as a stream, which cannot seek: from a file, symphonia
    /// would guess the length by the first frames, and cut the sound to its guess.
    fn source(&self) -> Box<dyn MediaSource + 'a> {
        let cursor = Cursor::new(self.bytes);
        match self.container {
            Container::Mpeg => Box::new(ReadOnlySource::new(cursor)),
            _ => Box::new(cursor),
        }
    }

    fn decode_packets(
        &self,
        reader: &mut dyn FormatReader,
        track: u32,
        decoder: &mut dyn AudioDecoder,
    ) -> Result<Option<Recording>, ClipFault> {
        let mut gathered = Gathered { most_seconds: self.most_seconds, ..Gathered::default() };
        let mut last = None;
        while let Some(packet) = self.next_packet(reader)? {
            if packet.track_id != track {
                continue;
            }
            gathered.add(decoder.decode(&packet).map_err(|error| fault(&error))?)?;
            last = Some(packet);
        }
        if self.container == Container::Mpeg && gathered.empty_packets > MOST_SURPLUS_FRAMES {
            return Err(ClipFault::Malformed("it goes on after its end".to_owned()));
        }
        let in_frames = matches!(self.container, Container::Mpeg | Container::Flac);
        match last {
            Some(last) if in_frames && container::is_cut_after(&last.data, self.bytes) => {
                Err(ClipFault::Truncated)
            }
            _ => Ok(gathered.recording),
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

    /// Compares the frames that were decoded with those that the file `promised`.
    fn check_completeness(&self, promised: Option<u64>, decoded: usize) -> Result<(), ClipFault> {
        let decoded = decoded as u64;
        match (promised, self.container) {
            (None, _) => Ok(()),
            (Some(promised), _) if self.is_open || decoded >= promised => Ok(()),
            // These say so where their end is missing; what lacks here lacks inside.
            (Some(_), Container::Flac | Container::Ogg) if decoded > 0 => {
                Err(ClipFault::Malformed("some of its sound is missing".to_owned()))
            }
            (Some(_), _) => Err(ClipFault::Truncated),
        }
    }
}

/// What the packets of a clip hold, one after the other.
#[derive(Default)]
struct Gathered {
    most_seconds: u64,
    recording: Option<Recording>,
    /// Packets of which nothing was left.
    empty_packets: usize,
    interleaved: Vec<f32>,
}

impl Gathered {
    fn add(&mut self, decoded: GenericAudioBufferRef<'_>) -> Result<(), ClipFault> {
        let spec = decoded.spec();
        let channels = checked_channels(spec.channels().count())?;
        let rate = checked_rate(spec.rate())?;
        self.empty_packets += usize::from(decoded.frames() == 0);
        self.interleaved.resize(decoded.samples_interleaved(), 0.0);
        decoded.copy_to_slice_interleaved(&mut self.interleaved);
        let recording = self.recording.get_or_insert(Recording { rate, samples: Vec::new() });
        if recording.rate != rate {
            return Err(ClipFault::Malformed("its rate changes half-way".to_owned()));
        }
        mix_to_mono(&self.interleaved, channels, &mut recording.samples)?;
        // Now, and not when all of a day has been decoded.
        match check_length(recording, self.most_seconds + LONGEST_PADDING_SECONDS) {
            Err(ClipFault::TooLong) => Err(ClipFault::TooLong),
            _ => Ok(()),
        }
    }
}

fn decoder(track: &Track) -> Result<Box<dyn AudioDecoder>, ClipFault> {
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or(ClipFault::NotAudio)?;
    // Before there is a decoder, because it would make room for them all.
    if let Some(rate) = parameters.sample_rate {
        checked_rate(rate)?;
    }
    if let Some(channels) = &parameters.channels {
        checked_channels(channels.count())?;
    }
    make_decoder(parameters).map_err(|error| match error {
        SymphoniaError::Unsupported(_) => ClipFault::Unsupported(codec_name(parameters)),
        other => fault(&other),
    })
}

fn make_decoder(
    parameters: &AudioCodecParameters,
) -> symphonia::core::errors::Result<Box<dyn AudioDecoder>> {
    if parameters.codec == CODEC_ID_OPUS {
        return Ok(Box::new(opus::Decoder::new(parameters)?));
    }
    let options = AudioDecoderOptions::default().gapless(true).verify(true);
    symphonia::default::get_codecs().make_audio_decoder(parameters, &options)
}

/// What people call a codec that cannot be decoded.
fn codec_name(parameters: &AudioCodecParameters) -> String {
    match parameters.codec {
        CODEC_ID_OPUS => "Opus of more than two channels",
        CODEC_ID_ALAC => "Apple Lossless",
        _ => "a codec that is not known here",
    }
    .to_owned()
}

fn checked_rate(hz: u32) -> Result<SampleRate, ClipFault> {
    let rate = SampleRate::new(hz).filter(|rate| RATES_HZ.contains(&rate.hz()));
    rate.ok_or_else(|| ClipFault::Malformed(format!("{hz} frames a second")))
}

fn checked_channels(channels: usize) -> Result<usize, ClipFault> {
    match channels {
        1..=MOST_CHANNELS => Ok(channels),
        _ => Err(ClipFault::Malformed(format!("{channels} channels"))),
    }
}

fn mix_to_mono(frames: &[f32], channels: usize, mono: &mut Vec<f32>) -> Result<(), ClipFault> {
    if frames.iter().any(|sample| sample.is_nan() || sample.abs() > LOUDEST_SAMPLE) {
        return Err(ClipFault::Malformed("some samples are no numbers".to_owned()));
    }
    let share = 1.0 / channels as f32;
    mono.extend(frames.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() * share));
    Ok(())
}

fn fault(error: &SymphoniaError) -> ClipFault {
    match error {
        SymphoniaError::IoError(e) if e.kind() == ErrorKind::UnexpectedEof => ClipFault::Truncated,
        SymphoniaError::ResetRequired => {
            ClipFault::Unsupported("several recordings in one file".to_owned())
        }
        SymphoniaError::Unsupported(what) => ClipFault::Unsupported((*what).to_owned()),
        SymphoniaError::DecodeError(what) | SymphoniaError::LimitError(what) => {
            ClipFault::Malformed((*what).to_owned())
        }
        other => ClipFault::Malformed(other.to_string()),
    }
}
