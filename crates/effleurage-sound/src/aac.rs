//! AAC (ISO/IEC 14496-3): of all kinds that phones record, HE-AAC above all.
//!
//! HE-AAC is AAC at half the rate, with hints of how to make the upper half of the sound from
//! it (spectral band replication, 4.6.18), and perhaps two channels of one (parametric stereo).
//! A file may say so before the first packet, or leave it to be found in every one; decoders
//! that pass the hints over make it dull, and half as long as it says that it is.

use rusty_aac::config::{self, StreamConfig};
use rusty_aac::{DecodedAudio, Error as AacError, decode};
use symphonia::core::audio::{
    AsGenericAudioBufferRef, Audio, AudioBuffer, AudioMut, AudioSpec, Channels,
    GenericAudioBufferRef,
};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, FinalizeResult};
use symphonia::core::errors::{Error, Result};
use symphonia::core::packet::PacketRef;

use crate::fault::ClipFault;
use crate::gathered::Gathered;

/// Kinds of AAC (1.5.1.1, table 1.1): the usual one, and one of which a part would be lost.
const LOW_COMPLEXITY: u8 = 2;
const ENHANCED_LOW_DELAY: u8 = 39;

/// Decodes packets as a container holds them, without a header of their own.
pub struct Decoder {
    parameters: AudioCodecParameters,
    config: StreamConfig,
    decoder: decode::Decoder,
    decoded: AudioBuffer<f32>,
}

impl Decoder {
    /// A decoder for the stream of which `parameters` tell.
    ///
    /// Fails with [`Error::Unsupported`] where it is of a kind that is not decoded.
    pub fn new(parameters: &AudioCodecParameters) -> Result<Decoder> {
        let config = config_of(parameters).map_err(fault)?;
        if config.object_type == ENHANCED_LOW_DELAY && config.sbr {
            return Err(Error::Unsupported("aac: low delay with hints"));
        }
        Ok(Decoder {
            parameters: parameters.clone(),
            decoder: decode::Decoder::with_stream_config(config.clone()).map_err(fault)?,
            config,
            decoded: AudioBuffer::default(),
        })
    }
}

/// What is said of the stream before its first packet.
fn config_of(parameters: &AudioCodecParameters) -> rusty_aac::Result<StreamConfig> {
    match (parameters.extra_data.as_deref(), parameters.sample_rate) {
        (Some(data), _) => config::parse(data),
        (None, Some(rate)) => {
            let channels = parameters.channels.as_ref().map_or(0, Channels::count);
            let channels = u8::try_from(channels).unwrap_or(u8::MAX);
            Ok(StreamConfig::lc(LOW_COMPLEXITY, rate, channels))
        }
        (None, None) => Err(AacError::invalid("nothing is said of it")),
    }
}

impl AudioDecoder for Decoder {
    fn reset(&mut self) {
        // What could be made once can be made again.
        if let Ok(fresh) = decode::Decoder::with_stream_config(self.config.clone()) {
            self.decoder = fresh;
        }
    }

    fn codec_info(&self) -> &CodecInfo {
        &CodecInfo { short_name: "aac", long_name: "Advanced Audio Coding", profiles: &[] }
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.parameters
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.decoded.clear();
        let audio = self.decoder.decode(packet.data, None).map_err(fault)?;
        let spec = AudioSpec::new(audio.sample_rate, Channels::Discrete(audio.channels));
        // The rate may be known from the first packet on only.
        if *self.decoded.spec() != spec || self.decoded.capacity() < audio.frames() {
            self.decoded = AudioBuffer::new(spec, audio.frames());
        }
        self.decoded.render_uninit(Some(audio.frames()));
        self.decoded.copy_from_slice_interleaved(&audio.samples.as_slice());
        Ok(self.decoded.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.decoded.as_generic_audio_buffer_ref()
    }
}

/// What exactly is wrong with a packet is of no use to whoever recorded it.
fn fault(error: AacError) -> Error {
    match error {
        AacError::Unsupported(_) | AacError::Unimplemented(_) => {
            Error::Unsupported("AAC of a rare kind")
        }
        _ => Error::DecodeError("aac: invalid packet"),
    }
}

/// Adds what was `decoded` of a frame that says itself what it is.
pub fn add(
    gathered: &mut Gathered,
    decoded: rusty_aac::Result<DecodedAudio>,
) -> std::result::Result<(), ClipFault> {
    match decoded {
        Ok(audio) => gathered.add(audio.sample_rate, audio.channels.into(), &audio.samples),
        // There was nothing in it.
        Err(AacError::Again) => Ok(()),
        Err(error) => Err(crate::stream::fault(&fault(error))),
    }
}

/// What people call the AAC with these `parameters`, which is of a kind that cannot be
/// decoded (`AudioSpecificConfig`, 1.6.2.1).
pub fn name(parameters: &AudioCodecParameters) -> &'static str {
    let data = parameters.extra_data.as_deref().unwrap_or_default();
    let number = |place: usize| data.get(place).copied().map_or(0, u16::from);
    let first = number(0) << 8 | number(1);
    // Five bits, or six behind five ones.
    let kind = match first >> 11 {
        31 => 32 + (first >> 5 & 0x3f),
        kind => kind,
    };
    match kind {
        4 | 19 => "AAC LTP",
        6 | 20 => "scalable AAC",
        22 => "AAC BSAC",
        23 => "AAC-LD",
        39 => "AAC-ELD",
        42 => "xHE-AAC",
        _ => "AAC of a rare kind",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(data: &[u8]) -> AudioCodecParameters {
        let mut parameters = AudioCodecParameters::new();
        parameters.with_extra_data(data.into());
        parameters
    }

    #[test]
    fn a_stream_is_what_it_says_or_what_its_container_says() {
        // 44.1 kHz from 22.05 kHz, mono: said first, and said behind.
        for data in [&[0x2b, 0x8a, 0x08, 0x00][..], &[0x13, 0x88, 0x56, 0xe5, 0xa0]] {
            let config = config_of(&told(data)).unwrap();
            assert_eq!((config.sample_rate, config.sbr, config.channel_config), (22_050, true, 1));
        }
        let mut parameters = AudioCodecParameters::new();
        assert!(config_of(&parameters).is_err());
        parameters.with_sample_rate(16_000).with_channels(Channels::Discrete(2));
        let config = config_of(&parameters).unwrap();
        assert_eq!((config.sample_rate, config.channel_config), (16_000, 2));
        assert!(config_of(&told(&[])).is_err());
    }

    #[test]
    fn kinds_that_are_not_decoded_are_named() {
        let refused = |data: &[u8]| {
            let made = Decoder::new(&told(data)).map(drop);
            assert!(matches!(made, Err(Error::Unsupported(_))), "{data:x?}");
            name(&told(data))
        };
        assert_eq!(refused(&[0xf9, 0x46, 0x40, 0x00, 0x00, 0x00]), "xHE-AAC");
        assert_eq!(refused(&[0x31, 0x88, 0, 0, 0, 0]), "scalable AAC");
    }
}
