//! The sounds that are computed: made on all cores, and kept for the next run.

use std::collections::BTreeMap;
use std::fmt::Debug;

use rayon::prelude::*;

use crate::units::{Length, SampleRate};
use crate::voice::{Key, Memory, recalled, sample_bytes, samples};

/// The bytes of a sample that is kept.
const SAMPLE: usize = size_of::<f32>();

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
            let bytes = made.values().flat_map(|sound| sample_bytes(sound));
            memory.put(&key, &bytes.collect::<Vec<u8>>());
        }
        made
    })
}

/// One sound called so, of such a length at `rate`.
pub fn sound<K: Clone + Debug + Ord + Send + Sync>(
    name: &K,
    length: Length,
    rate: SampleRate,
    memory: &dyn Memory,
    make: impl Fn() -> Vec<f32> + Sync,
) -> Vec<f32> {
    let lengths = BTreeMap::from([(name.clone(), length)]);
    let mut bank = bank(&lengths, rate, memory, |_| make());
    bank.remove(name).unwrap_or_default()
}

/// What was measured of the sound called so at `rate`.
pub fn number(
    name: &impl Debug,
    rate: SampleRate,
    memory: &dyn Memory,
    measure: impl FnOnce() -> Option<f64>,
) -> Option<f64> {
    let name = format!("{name:?}");
    let key = || Key::of(&[b"measured", &rate.hz().to_le_bytes(), name.as_bytes()]);
    let key = memory.is_on().then(key);
    let read = |kept: &[u8]| Some(f64::from_le_bytes(kept.try_into().ok()?));
    key.and_then(|key| recalled(memory, &key, read)).or_else(|| {
        let measured = measure();
        if let (Some(key), Some(number)) = (key, measured) {
            memory.put(&key, &number.to_le_bytes());
        }
        measured
    })
}

/// The sounds of these lengths, one after the other.
fn from_bytes<K: Clone + Ord>(
    lengths: &BTreeMap<K, Length>,
    bytes: &[u8],
) -> Option<BTreeMap<K, Vec<f32>>> {
    let mut bank = BTreeMap::new();
    let mut rest = bytes;
    for (name, length) in lengths {
        let (sound, behind) = rest.split_at_checked(usize::try_from(length.0).ok()? * SAMPLE)?;
        bank.insert(name.clone(), samples(sound)?);
        rest = behind;
    }
    rest.is_empty().then_some(bank)
}
