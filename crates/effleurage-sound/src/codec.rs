//! Decoders for what is in a track.

use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_AC3, CODEC_ID_ALAC, CODEC_ID_DCA, CODEC_ID_EAC3, CODEC_ID_OPUS,
    CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::Track;

use super::stream::fault;
use super::{aac, opus, vorbis};
use crate::fault::ClipFault;
use crate::gathered::{checked_channels, checked_rate};

/// An MP4 has no room for a rate above 65,535; and its codec knows better.
const UNTOLD: u32 = 0;

/// A decoder for `track`; `None` where it is not one of sound.
pub fn decoder(track: &Track) -> Result<Option<Box<dyn AudioDecoder>>, ClipFault> {
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let Some(parameters) = parameters else { return Ok(None) };
    // Before there is a decoder, because it would make room for them all.
    if let Some(rate) = parameters.sample_rate.filter(|rate| *rate > UNTOLD) {
        checked_rate(rate)?;
    }
    if let Some(channels) = &parameters.channels {
        checked_channels(channels.count())?;
    }
    if parameters.codec == CODEC_ID_VORBIS && !is_harmless(parameters) {
        return Err(ClipFault::Malformed("its Vorbis setup is none".to_owned()));
    }
    make(parameters).map(Some).map_err(|error| match error {
        SymphoniaError::Unsupported(_) => ClipFault::Unsupported(name(parameters).to_owned()),
        other => fault(&other),
    })
}

/// Whether the decoder survives the headers of a Vorbis stream.
fn is_harmless(parameters: &AudioCodecParameters) -> bool {
    let headers = parameters.extra_data.as_deref().unwrap_or_default();
    let setup = headers.windows(vorbis::SETUP.len()).position(|word| word == vorbis::SETUP);
    setup.is_none_or(|at| vorbis::is_harmless(&headers[at..]))
}

/// A decoder for what has these `parameters`.
pub fn make(
    parameters: &AudioCodecParameters,
) -> symphonia::core::errors::Result<Box<dyn AudioDecoder>> {
    if parameters.codec == CODEC_ID_OPUS {
        return Ok(Box::new(opus::Decoder::new(parameters)?));
    }
    if parameters.codec == CODEC_ID_AAC {
        return Ok(Box::new(aac::Decoder::new(parameters)?));
    }
    let options = AudioDecoderOptions::default().gapless(true).verify(true);
    symphonia::default::get_codecs().make_audio_decoder(parameters, &options)
}

/// What people call a codec that cannot be decoded.
fn name(parameters: &AudioCodecParameters) -> &'static str {
    match parameters.codec {
        CODEC_ID_OPUS => "Opus of more than two channels",
        CODEC_ID_AAC => aac::name(parameters),
        CODEC_ID_ALAC => "Apple Lossless of an odd kind",
        CODEC_ID_AC3 => "AC-3",
        CODEC_ID_EAC3 => "E-AC-3",
        CODEC_ID_DCA => "DTS",
        _ => "a codec that is not known here",
    }
}
