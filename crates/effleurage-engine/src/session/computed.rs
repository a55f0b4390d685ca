//! The sounds that are computed: made on all cores, and kept for the next run.

use std::collections::BTreeMap;
use std::fmt::Debug;

use rayon::prelude::*;

use crate::units::{Length, SampleRate};
use crate::voice::{Key, Memory, recalled};

/// The sounds called so, each of its length at `rate`: those that `memory` has, or else what
/// `make` makes of their names, which must tell all that they are made from.
pub fn bank<K: Clone + Debug + Ord + Send + Sync>(
    lengths: &BTreeMap<K, Length>,
    rate: SampleRate,
    memory: &dyn Memory,
    make: impl Fn(&K) -> Vec<f32> + Sync,
) -> BTreeMap<K, Vec<f32>> {
    let key = memory.is_on().then(|| {
        let names = format!("{lengths:?}");
        Key::of(&[b"computed", &rate.hz().to_le_bytes(), names.as_bytes()])
    });
    let recalled = key.and_then(|key| recalled(memory, &key, |kept| from_bytes(lengths, kept)));
    recalled.unwrap_or_else(|| {
        let made: BTreeMap<K, Vec<f32>> =
            lengths.par_iter().map(|(name, _)| (name.clone(), make(name))).collect();
        if let Some(key) = key {
            let bytes = made.values().flatten().flat_map(|sample| sample.to_le_bytes());
            memory.put(&key, &bytes.collect::<Vec<u8>>());
        }
        made
    })
}

/// One sound after the other, each sample a number of 4 bytes, little end first.
fn from_bytes<K: Clone + Ord>(
    lengths: &BTreeMap<K, Length>,
    bytes: &[u8],
) -> Option<BTreeMap<K, Vec<f32>>> {
    let (mut samples, []) = bytes.as_chunks() else { return None };
    let mut bank = BTreeMap::new();
    for (name, length) in lengths {
        let (sound, rest) = samples.split_at_checked(usize::try_from(length.0).ok()?)?;
        bank.insert(name.clone(), sound.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect());
        samples = rest;
    }
    samples.is_empty().then_some(bank)
}
