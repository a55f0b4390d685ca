//! A voice of one's own: what to record, what a phone made of it, and whether it is good.

pub mod script;
