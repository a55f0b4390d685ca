//! How long the clips of a built-in voice are, so that a plan needs none of them.

use std::collections::BTreeMap;

use super::store::{self, Store};
use crate::error::Result;
use crate::routine::PromptId;
use crate::units::SampleRate;

/// At what rate the lengths count frames.
pub const RATE: SampleRate = SampleRate::OPUS;
/// Each line is the id of a prompt and the frames of its trimmed clip.
pub const TABLE: &str = "lengths.txt";
const LARGEST_TABLE_BYTES: u64 = 1 << 20;

/// The lengths of clips, where they are written down.
#[derive(Debug, Default)]
pub struct Lengths(BTreeMap<PromptId, u64>);

impl Lengths {
    /// Those of a voice that is part of the program. Clips in a folder may be recorded anew
    /// by anybody, so no table is believed there.
    pub fn of(store: &dyn Store) -> Result<Lengths> {
        if !store.is_fixed() {
            return Ok(Lengths::default());
        }
        let bytes = store::read(store, TABLE, LARGEST_TABLE_BYTES)?.unwrap_or_default();
        let text = str::from_utf8(&bytes).unwrap_or_default();
        let line = |line: &str| {
            let (id, frames) = line.split_once(' ')?;
            Some((id.to_owned(), frames.parse().ok()?))
        };
        Ok(Lengths(text.lines().filter_map(line).collect()))
    }

    /// How many frames the clip of `prompt` has, at [`RATE`].
    pub fn of_clip(&self, prompt: &str) -> Option<u64> {
        self.0.get(prompt).copied()
    }
}
