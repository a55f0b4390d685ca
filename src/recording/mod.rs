//! A voice of one's own: what to record, what a phone made of it, and whether it is good.

pub mod clean;
mod clipping;
pub mod cut;
pub mod highpass;
pub mod import;
pub mod kit;
pub mod mark;
pub mod matching;
pub mod measure;
pub mod names;
pub mod script;
pub mod speak;
pub mod speech;
pub mod store;
pub mod take;
pub mod verdict;
