//! Voices as they lie on a disk: found, opened, remembered.
//!
//! What a voice is, and how its clips become sounds, is told in `effleurage_engine`.

mod cache;
mod files;
mod open;
pub mod search;
pub mod sound_file;

pub use cache::Cache;
pub use effleurage_engine::voice::*;
pub use files::{Disk, read_file};
pub use open::{open, open_folder};
