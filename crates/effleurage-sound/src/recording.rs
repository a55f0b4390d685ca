//! What a microphone heard.

use effleurage_core::units::SampleRate;

/// A recording: mono samples, full scale at 1, and their rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Frames a second.
    pub rate: SampleRate,
    /// One sample a frame.
    pub samples: Vec<f32>,
}
