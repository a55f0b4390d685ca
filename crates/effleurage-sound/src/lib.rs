//! Sound as bytes: recordings of every kind decoded, and clips made ready to be mixed.
//!
//! Bytes in and bytes out; it knows no files and no system. A clip's way:
//! [`decode`](mod@decode) to mono samples, [`trim`](mod@trim) to an even margin,
//! [`resample`](mod@resample) to the track's rate, [`level`](mod@level) to one loudness.
//! Where a routine asks for a room, it speaks in one before it is levelled. Its length is
//! known after the second step, which is all that a plan needs.
//!
//! [`played`] reads whole tracks again, block after block. [`quantise`](mod@quantise) makes samples of a track the integers of a file, and
//! [`riff`] reads and writes what stands in a WAV file beside them.

mod aac;
pub mod clipping;
mod codec;
mod container;
pub mod decode;
mod fault;
mod flac;
mod foreign;
mod frames;
mod gapless;
mod gathered;
pub mod level;
mod limit;
mod loas;
pub mod loudness;
mod matroska;
pub mod meter;
mod mp4;
mod mpeg;
mod ogg;
mod opus;
mod peaks;
pub mod played;
pub mod quantise;
mod recording;
pub mod resample;
pub mod riff;
pub mod room;
mod segments;
mod stream;
mod tags;
pub mod trim;
mod vorbis;
mod wave;

pub use fault::ClipFault;
pub use recording::Recording;

use effleurage_core::routine::words::Room;
use effleurage_core::units::{Length, Lufs, SampleRate};
use level::LoudnessTarget;

/// A clip made ready at the rate of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    /// One sample a frame, full scale at 1.
    pub samples: Vec<f32>,
    /// How loud it came out.
    pub loudness: Lufs,
}

/// How long `recording` is at `rate`.
pub fn length(recording: &Recording, rate: SampleRate) -> Length {
    Length(resample::resampled_length(recording.samples.len(), recording.rate, rate) as u64)
}

/// Makes `recording` ready at `rate`, spoken in `room`; it has the [`length`] that was
/// foretold.
///
/// # Errors
///
/// [`ClipFault::Silent`] where nothing in it can be heard.
pub fn prepare(
    recording: &Recording,
    rate: SampleRate,
    room: Room,
    aim: LoudnessTarget,
) -> Result<Clip, ClipFault> {
    let mut samples = resample::resample(&recording.samples, recording.rate, rate);
    if room == Room::Warm {
        room::warm(&mut samples, rate);
    }
    let (samples, loudness) = level::level(&samples, rate, aim).ok_or(ClipFault::Silent)?;
    Ok(Clip { samples, loudness })
}
