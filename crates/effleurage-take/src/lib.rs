//! One long recording of many lines: which of them is said where, and how sure that is.
//!
//! A take goes through these stages: what it is like a hundred times a second
//! (`spectrum`), what of that is no noise (`room`, `sounds`), how that sounds
//! (`features`, `heard`), how well each stretch of it goes along with each line as another
//! voice says it (`dtw`, `speaker`, `nearest`, `arcs`), which of all ways through take and
//! script are probable (`lattice`), and how sure each line is (`judge`). Where a line was
//! found, `onset` and `edges` tell its beginning and end to a few milliseconds.
//! `find` is all of it.
//!
//! It knows no files, no voices and no words.

mod arcs;
mod dtw;
mod edges;
mod features;
mod fft;
mod find;
mod heard;
mod judge;
mod lattice;
mod nearest;
mod onset;
mod room;
mod second_look;
mod sounds;
mod speaker;
mod spectrum;
mod voiced;

pub use find::{Found, Line, Reading, Unread, find};
pub use judge::Doubt;
pub use spectrum::{RATE, at_rate};
