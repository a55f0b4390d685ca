//! A voice of one's own: what to record, what a phone made of it, and whether it is good.

pub mod clean;
pub mod highpass;
pub mod import;
pub mod kit;
pub mod length;
pub mod listen;
pub mod mark;
pub mod measure;
pub mod names;
pub mod originals;
pub mod run;
pub mod sayings;
pub mod script;
pub mod speak;
pub mod store;
pub mod take;
pub mod verdict;
