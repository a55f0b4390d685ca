//! The samples of words: at hand, or fetched from where they are kept when they sound.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::units::Length;

/// One clip, one sample a frame.
///
/// Words are the most of what a session holds, and few sound at a time: where somebody keeps
/// them, a session of many words needs no more memory than one of few.
#[derive(Clone, Debug)]
pub enum ClipSamples {
    /// At hand.
    Here(Vec<f32>),
    /// Kept elsewhere.
    Kept(Arc<dyn Kept>),
}

/// Where a clip is kept.
pub trait Kept: Send + Sync {
    /// How long it is.
    fn length(&self) -> Length;

    /// Its samples, as many as its length and the same at every call. If they are lost, none is
    /// a number: no track is written with them, and none that has something there is proved.
    fn fetch(&self) -> Arc<Vec<f32>>;
}

impl ClipSamples {
    /// How long it is.
    pub fn length(&self) -> Length {
        match self {
            ClipSamples::Here(samples) => Length(samples.len() as u64),
            ClipSamples::Kept(kept) => kept.length(),
        }
    }

    /// The samples, for as long as somebody looks at them.
    pub fn get(&self) -> Samples<'_> {
        match self {
            ClipSamples::Here(samples) => Samples::Here(samples),
            ClipSamples::Kept(kept) => Samples::Fetched(kept.fetch()),
        }
    }
}

impl From<Vec<f32>> for ClipSamples {
    fn from(samples: Vec<f32>) -> ClipSamples {
        ClipSamples::Here(samples)
    }
}

impl fmt::Debug for dyn Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.length())
    }
}

/// What [`ClipSamples::get`] gives.
pub enum Samples<'a> {
    /// What is at hand.
    Here(&'a [f32]),
    /// What was fetched.
    Fetched(Arc<Vec<f32>>),
}

impl Deref for Samples<'_> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match self {
            Samples::Here(samples) => samples,
            Samples::Fetched(samples) => samples,
        }
    }
}
