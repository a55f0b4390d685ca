//! What was prepared once and may be kept, by whoever has a place for it.

use sha2::{Digest, Sha256};

/// What the code was that made an entry: entries of another are not ours.
const CODE: &str = env!("EFFLEURAGE_CODE");

/// The name of what is kept, after all that it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of what this code makes of these `parts`.
    pub fn of(parts: &[&[u8]]) -> Key {
        let mut hash = Sha256::new_with_prefix(CODE);
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Key(hash.finalize().into())
    }

    /// Its bytes, as a part of other keys.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its bytes in hexadecimal digits.
    pub fn name(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Keeps what was made, between sessions or between runs. It may save work but never stop
/// it: what cannot be kept is made again.
pub trait Memory: Send + Sync {
    /// Whether anything can be kept, so that a key is worth making.
    fn is_on(&self) -> bool;

    /// Shows `see` what is kept under `key`, if anything is.
    fn get(&self, key: &Key, see: &mut dyn FnMut(&[u8]));

    /// Keeps `content` under `key`, if that can be done. Tells whether it is likely to be there
    /// when it is asked for.
    fn put(&self, key: &Key, content: &[u8]) -> bool;
}

/// What `read` makes of that which `memory` keeps under `key`.
pub fn recalled<T>(
    memory: &dyn Memory,
    key: &Key,
    mut read: impl FnMut(&[u8]) -> Option<T>,
) -> Option<T> {
    let mut recalled = None;
    memory.get(key, &mut |kept| recalled = read(kept));
    recalled
}

/// Samples as they are kept: each a number of 4 bytes, little end first.
pub fn sample_bytes(samples: &[f32]) -> impl Iterator<Item = u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes())
}

/// The samples in such `bytes`; `None` where the last is cut.
pub fn samples(bytes: &[u8]) -> Option<Vec<f32>> {
    let (samples, rest) = bytes.as_chunks();
    rest.is_empty().then(|| samples.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

/// Keeps nothing.
pub struct Forgetful;

impl Memory for Forgetful {
    fn is_on(&self) -> bool {
        false
    }

    fn get(&self, _: &Key, _: &mut dyn FnMut(&[u8])) {}

    fn put(&self, _: &Key, _: &[u8]) -> bool {
        false
    }
}
