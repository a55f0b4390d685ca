//! x
pub mod chime;
pub mod cli;
pub mod diagnostic;
pub mod error;
pub mod mix;
pub mod routine;
pub mod session;
pub mod tick;
pub mod timeline;
pub mod units;
pub mod voice;
pub mod wav;
