//! What a WAV file holds besides its sound.

/// Other chunks of a WAV file, each of an even length.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chunks<'a> {
    /// Those that stand before all others.
    pub before: &'a [u8],
    /// Those that stand behind the sound.
    pub behind: &'a [u8],
}

impl<'a> Chunks<'a> {
    /// Chunks that all stand behind the sound.
    pub fn behind(behind: &'a [u8]) -> Chunks<'a> {
        Chunks { before: &[], behind }
    }

    /// How many bytes they take.
    pub fn bytes(self) -> usize {
        self.before.len() + self.behind.len()
    }
}
