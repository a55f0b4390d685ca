//! A clip's bytes → mono samples at the clip's own rate.
//!
//! symphonia decodes; everything around it is distrust: clips come from phones,
//! converters and strangers. What an encoder put before and after the sound is
//! removed where the file tells how much.

use std::cell::Cell;
use std::io::{Cursor, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::gapless;
use crate::error::ClipFault;
use crate::units::SampleRate;

/// A clip lasts at most this long.
const LONGEST_SECONDS: u64 = 60;
/// Rates outside this range are damage, not recordings.
const RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=384_000;
/// More channels than this are damage, too.
const MOST_CHANNELS: usize = 32;
/// Samples are near 1 at most; a float file with larger ones is damaged.
const LOUDEST_SAMPLE: f32 = 1000.0;

/// A recording: mono samples, full scale at 1, and their rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Frames a second.
    pub rate: SampleRate,
    /// One sample a frame.
    pub samples: Vec<f32>,
}

/// Decodes the clip in `bytes`. `extension` is a hint of its format.
///
/// Never panics: where a decoder does, the clip is [`ClipFault::Malformed`].
pub fn decode(bytes: &[u8], extension: &str) -> Result<Recording, ClipFault> {
    keep_panics_of_decoders_quiet();
    DECODING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(|| decode_trusting(bytes, extension)));
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

fn decode_trusting(bytes: &[u8], extension: &str) -> Result<Recording, ClipFault> {
    if bytes.is_empty() {
        return Err(ClipFault::Empty);
    }
    let mut reader = open(bytes, extension)?;
    let track = reader.default_track(TrackType::Audio).ok_or(ClipFault::NotAudio)?.clone();
    let mut decoder = decoder(&track)?;
    let mut recording = decode_packets(reader.as_mut(), &track, decoder.as_mut())?;
    gapless::trim(bytes, track.num_frames, &mut recording.samples);
    match recording.samples.is_empty() {
        true => Err(ClipFault::Empty),
        false => Ok(recording),
    }
}

fn open<'a>(bytes: &'a [u8], extension: &str) -> Result<Box<dyn FormatReader + 'a>, ClipFault> {
    let source = Box::new(Cursor::new(bytes));
    let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension(extension);
    let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
    symphonia::default::get_probe().probe(&hint, stream, format, metadata).map_err(|e| match e {
        SymphoniaError::IoError(e) if e.kind() == ErrorKind::UnexpectedEof => ClipFault::Truncated,
        SymphoniaError::Unsupported(_) | SymphoniaError::IoError(_) => ClipFault::NotAudio,
        SymphoniaError::DecodeError(why) if why.contains("moov") => ClipFault::Truncated,
        other => fault(&other),
    })
}

fn decoder(track: &Track) -> Result<Box<dyn AudioDecoder>, ClipFault> {
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or(ClipFault::NotAudio)?;
    let options = AudioDecoderOptions::default().gapless(true);
    symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &options)
        .map_err(|error| fault(&error))
}

fn decode_packets(
    reader: &mut dyn FormatReader,
    track: &Track,
    decoder: &mut dyn AudioDecoder,
) -> Result<Recording, ClipFault> {
    let mut samples = Vec::new();
    let mut interleaved: Vec<f32> = Vec::new();
    let mut rate = None;
    while let Some(packet) = reader.next_packet().map_err(|error| fault(&error))? {
        if packet.track_id != track.id {
            continue;
        }
        let decoded = decoder.decode(&packet).map_err(|error| fault(&error))?;
        let spec = decoded.spec();
        let channels = spec.channels().count();
        let packet_rate = checked_rate(spec.rate(), channels)?;
        if *rate.get_or_insert(packet_rate) != packet_rate {
            return Err(ClipFault::Malformed("its rate changes half-way".to_owned()));
        }
        interleaved.resize(decoded.samples_interleaved(), 0.0);
        decoded.copy_to_slice_interleaved(&mut interleaved);
        mix_to_mono(&interleaved, channels, &mut samples)?;
        if samples.len() as u64 > LONGEST_SECONDS * u64::from(packet_rate.hz()) {
            return Err(ClipFault::TooLong);
        }
    }
    if track.num_frames.is_some_and(|promised| promised > samples.len() as u64) {
        return Err(if samples.is_empty() { ClipFault::Empty } else { ClipFault::Truncated });
    }
    let rate = rate.ok_or(ClipFault::Empty)?;
    Ok(Recording { rate, samples })
}

fn checked_rate(hz: u32, channels: usize) -> Result<SampleRate, ClipFault> {
    if channels == 0 || channels > MOST_CHANNELS {
        return Err(ClipFault::Malformed(format!("{channels} channels")));
    }
    let rate = SampleRate::new(hz).filter(|rate| RATES_HZ.contains(&rate.hz()));
    rate.ok_or_else(|| ClipFault::Malformed(format!("{hz} frames a second")))
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
        SymphoniaError::Unsupported(what) => ClipFault::Unsupported((*what).to_owned()),
        SymphoniaError::DecodeError(what) | SymphoniaError::LimitError(what) => {
            ClipFault::Malformed((*what).to_owned())
        }
        other => ClipFault::Malformed(other.to_string()),
    }
}
