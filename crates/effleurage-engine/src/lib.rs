//! From a request to the bytes of a track: the one place where the stages meet.
//!
//! [`session`] plans a request in the words of a [`voice`] and makes its sounds ready;
//! [`wav`] gives any bytes of the finished file, which tells by its [`provenance`] what it
//! is. Files come by name from whoever has them ([`Files`](effleurage_core::files::Files)): the program
//! from folders and packages, a page from memory. So this builds for
//! `wasm32-unknown-unknown`, where it works on one thread.

pub mod cancel;
pub mod cover;
pub mod error;
pub mod provenance;
pub mod session;
pub mod voice;
pub mod wav;

// The crates below, under the names that they have everywhere.
use effleurage_core::{
    bed, chime, customise, diagnostic, files, mix, routine, tags, tick, timeline, units,
};
use effleurage_sound::riff;
