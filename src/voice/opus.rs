//! Opus (RFC 6716) for symphonia, which reads its packets but has no decoder for them.
//!
//! Browsers and many phones record it: in Ogg (RFC 7845), in WebM and in MP4
//! ("Encapsulation of Opus in ISO Base Media File Format", 4.3.2).

use opus_pure::{Error as OpusError, MAX_PACKET_SAMPLES};
use symphonia::core::audio::{
    AsGenericAudioBufferRef, AudioBuffer, AudioMut, AudioSpec, Channels, GenericAudioBufferRef,
};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, FinalizeResult};
use symphonia::core::errors::{Error, Result};
use symphonia::core::packet::PacketRef;

/// Whatever was recorded, Opus counts and decodes at this rate (RFC 7845, section 4).
const RATE_HZ: u32 = 48_000;
/// Of more than these, several streams are woven into one (RFC 7845, section 5.1.1).
const MOST_CHANNELS: u8 = 2;

/// What a file says of its Opus stream, once, before the first packet.
#[derive(Debug, PartialEq, Eq)]
pub struct Head {
    channels: u8,
    /// How many frames at 48 kHz come before the sound.
    pub pre_skip: u16,
    /// What to change the level by, in 1/256 of a decibel.
    gain: i16,
    /// How channels are divided among streams.
    family: u8,
}

impl Head {
    /// The head in `parameters`, if they are those of Opus and it is whole.
    ///
    /// It is `OpusHead` (RFC 7845, section 5.1), little-endian and of version 1; in MP4
    /// it is a `dOps` box behind the same eight letters, big-endian and of version 0.
    pub fn of(parameters: &AudioCodecParameters) -> Option<Head> {
        let data =
            parameters.extra_data.as_deref().filter(|_| parameters.codec == CODEC_ID_OPUS)?;
        let data = data.strip_prefix(b"OpusHead")?.first_chunk::<11>()?;
        let number = |at: usize| match data[0] {
            0 => u16::from_be_bytes([data[at], data[at + 1]]),
            _ => u16::from_le_bytes([data[at], data[at + 1]]),
        };
        Some(Head {
            channels: data[1],
            pre_skip: number(2),
            gain: number(8) as i16,
            family: data[10],
        })
    }

    /// Of a stream that comes without one: nothing but its channels is known.
    fn unknown(parameters: &AudioCodecParameters) -> Head {
        let channels = parameters.channels.as_ref().map_or(1, Channels::count);
        let channels = u8::try_from(channels).unwrap_or(u8::MAX);
        Head { channels, pre_skip: 0, gain: 0, family: 0 }
    }
}

/// Decodes packets of one or two channels, each whole but for what the container says
/// is to be trimmed off its end. What is before the sound, [`Head::pre_skip`], stays.
pub struct Decoder {
    parameters: AudioCodecParameters,
    decoder: opus_pure::OpusDecoder,
    interleaved: Vec<f32>,
    decoded: AudioBuffer<f32>,
}

impl Decoder {
    /// A decoder for the stream of which `parameters` tell.
    ///
    /// Fails with [`Error::Unsupported`] where there are more than two channels.
    pub fn new(parameters: &AudioCodecParameters) -> Result<Decoder> {
        let head = Head::of(parameters).unwrap_or_else(|| Head::unknown(parameters));
        if head.family > 1 || !(1..=MOST_CHANNELS).contains(&head.channels) {
            return Err(Error::Unsupported("opus: more than two channels"));
        }
        let channels = usize::from(head.channels);
        let mut decoder = opus_pure::OpusDecoder::new(RATE_HZ as i32, channels).map_err(fault)?;
        decoder.gain_q8 = head.gain.into();
        let spec = AudioSpec::new(RATE_HZ, Channels::Discrete(head.channels.into()));
        Ok(Decoder {
            parameters: parameters.clone(),
            decoder,
            interleaved: vec![0.0; MAX_PACKET_SAMPLES * channels],
            decoded: AudioBuffer::new(spec, MAX_PACKET_SAMPLES),
        })
    }

    fn decode_packet(&mut self, packet: &PacketRef<'_>) -> opus_pure::Result<()> {
        // The decoder would make up 120 ms for an empty packet, taking it for a lost one.
        opus_pure::packet::samples(packet.data, RATE_HZ as i32)?;
        let frames = self.decoder.decode(packet.data, MAX_PACKET_SAMPLES, &mut self.interleaved)?;
        self.decoded.render_uninit(Some(frames));
        let samples = &self.interleaved[..frames * self.decoder.channels()];
        self.decoded.copy_from_slice_interleaved(&samples);
        self.decoded.trim(0, usize::try_from(packet.trim_end.get()).unwrap_or(frames));
        Ok(())
    }
}

impl AudioDecoder for Decoder {
    fn reset(&mut self) {
        // Fails never: it only forgets.
        let _ = self.decoder.reset_state();
    }

    fn codec_info(&self) -> &CodecInfo {
        &CodecInfo { short_name: "opus", long_name: "Opus", profiles: &[] }
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.parameters
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.decoded.clear();
        self.decode_packet(packet).map_err(fault)?;
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
fn fault(_: OpusError) -> Error {
    Error::DecodeError("opus: invalid packet")
}
