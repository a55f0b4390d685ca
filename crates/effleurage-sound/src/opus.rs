//! Opus (RFC 6716) for symphonia, which reads its packets but has no decoder for them.
//!
//! Browsers and many phones record it: in Ogg (RFC 7845), in WebM and in MP4
//! ("Encapsulation of Opus in ISO Base Media File Format", 4.3.2). The voices of this
//! project are such files, too, so the decoder is one that counts in whole numbers: it
//! gives the same samples on every processor.

use ropus::DecodeMode;
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
/// No packet is longer (RFC 6716, section 3.2.5): 120 ms.
const MAX_PACKET_SAMPLES: usize = 5_760;
/// The sample whose code would be one more than the highest.
const FULL_SCALE: f32 = 32_768.0;
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

/// A decoder that has heard nothing yet.
fn decoder(head: &Head) -> Result<ropus::Decoder> {
    let channels = match head.channels {
        1 => ropus::Channels::Mono,
        _ => ropus::Channels::Stereo,
    };
    let mut decoder = ropus::Decoder::new(RATE_HZ, channels).map_err(|_| fault())?;
    decoder.set_gain(head.gain.into()).map_err(|_| fault())?;
    Ok(decoder)
}

/// Decodes packets of one or two channels, each whole but for what the container says
/// is to be trimmed off its end. What is before the sound, [`Head::pre_skip`], stays.
pub struct Decoder {
    parameters: AudioCodecParameters,
    head: Head,
    decoder: ropus::Decoder,
    interleaved: Vec<i16>,
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
        let decoder = decoder(&head)?;
        let spec = AudioSpec::new(RATE_HZ, Channels::Discrete(head.channels.into()));
        Ok(Decoder {
            parameters: parameters.clone(),
            decoder,
            interleaved: vec![0; MAX_PACKET_SAMPLES * usize::from(head.channels)],
            head,
            decoded: AudioBuffer::new(spec, MAX_PACKET_SAMPLES),
        })
    }

    fn decode_packet(&mut self, packet: &PacketRef<'_>) -> Result<()> {
        // The decoder would make up a frame for an empty packet, taking it for a lost one.
        if packet.data.is_empty() {
            return Err(fault());
        }
        let decoded = self.decoder.decode(packet.data, &mut self.interleaved, DecodeMode::Normal);
        let frames = decoded.map_err(|_| fault())?;
        self.decoded.render_uninit(Some(frames));
        let count = frames * self.decoder.channels().count();
        let samples: Vec<f32> =
            self.interleaved[..count].iter().map(|code| f32::from(*code) / FULL_SCALE).collect();
        self.decoded.copy_from_slice_interleaved(&samples.as_slice());
        self.decoded.trim(0, usize::try_from(packet.trim_end.get()).unwrap_or(frames));
        Ok(())
    }
}

impl AudioDecoder for Decoder {
    fn reset(&mut self) {
        // What could be made once can be made again.
        if let Ok(fresh) = decoder(&self.head) {
            self.decoder = fresh;
        }
    }

    fn codec_info(&self) -> &CodecInfo {
        &CodecInfo { short_name: "opus", long_name: "Opus", profiles: &[] }
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.parameters
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.decoded.clear();
        self.decode_packet(packet)?;
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
fn fault() -> Error {
    Error::DecodeError("opus: invalid packet")
}
