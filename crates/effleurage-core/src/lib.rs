//! The core of effleurage: what a session is, when everything in it sounds, and how.
//!
//! It opens no files and knows no threads, clock or process, and builds for
//! `wasm32-unknown-unknown`.
//!
//! Data flows one way, and each stage is a function from one value to the next:
//!
//! 1. [`routine`]: what an author wrote, as types, or every mistake in it at once.
//! 2. [`customise`](mod@customise): routine + changes → routine. Flags and files ask for
//!    changes in the same words.
//! 3. [`timeline`]: what sounds when, to the frame. Cue sheets are written from it, and the
//!    mix, and each [`sidecar`] of a track.
//! 4. [`tick`], [`chime`] and [`bed`]: the sounds that are computed.
//! 5. [`mix`](mod@mix): any range of frames of a timeline, from its position alone.
//!
//! Below them stand [`units`] (time is a whole number of frames), [`body`] (the regions,
//! from the bottom up), [`diagnostic`] (a mistake in somebody's file), [`files`]
//! (where they come from), [`text`] (what may be shown of one) and [`fade`];
//! [`manifest`] is what a voice says of itself, and [`tags`] what a track is called.

pub mod bed;
pub mod body;
pub mod chime;
pub mod customise;
pub mod diagnostic;
pub mod fade;
pub mod files;
pub mod manifest;
pub mod mix;
pub mod routine;
pub mod sidecar;
pub mod tags;
pub mod text;
pub mod tick;
pub mod timeline;
pub mod units;
