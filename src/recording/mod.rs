//! A voice of one's own: what to record, what a phone made of it, and whether it is good.

pub mod kit;
pub mod measure;
pub mod script;
pub mod speak;
pub mod verdict;
