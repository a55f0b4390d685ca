//! Clips that are ready, shared by all tracks of a run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::voice::{Key, Memory};

/// Keeps what was used last in memory, before a slower memory behind it.
#[derive(Clone)]
pub struct Bank(Arc<Shared>);

struct Shared {
    behind: Box<dyn Memory>,
    most_bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: BTreeMap<Vec<u8>, Entry>,
    bytes: usize,
    uses: u64,
}

struct Entry {
    content: Arc<[u8]>,
    last_use: u64,
}

impl Bank {
    /// An empty one of so many bytes at most, before `behind`, which is asked for what is not in
    /// it.
    pub fn before(behind: impl Memory + 'static, most_bytes: usize) -> Bank {
        let kept = Mutex::default();
        Bank(Arc::new(Shared { behind: Box::new(behind), most_bytes, kept }))
    }

    fn kept<T>(&self, with: impl FnOnce(&mut Kept) -> T) -> T {
        with(&mut self.0.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Memory for Bank {
    fn is_on(&self) -> bool {
        true
    }

    fn get(&self, key: &Key, see: &mut dyn FnMut(&[u8])) {
        if let Some(content) = self.kept(|kept| kept.get(key)) {
            return see(&content);
        }
        self.0.behind.get(key, &mut |content| {
            self.kept(|kept| kept.put(key, content, self.0.most_bytes));
            see(content);
        });
    }

    fn put(&self, key: &Key, content: &[u8]) -> bool {
        self.kept(|kept| kept.put(key, content, self.0.most_bytes));
        self.0.behind.put(key, content)
    }
}

impl Kept {
    fn get(&mut self, key: &Key) -> Option<Arc<[u8]>> {
        self.uses += 1;
        let entry = self.entries.get_mut(key.bytes())?;
        entry.last_use = self.uses;
        Some(entry.content.clone())
    }

    fn put(&mut self, key: &Key, content: &[u8], most_bytes: usize) {
        self.uses += 1;
        let entry = Entry { content: content.into(), last_use: self.uses };
        self.bytes += content.len();
        let old = self.entries.insert(key.bytes().to_vec(), entry);
        self.bytes -= old.map_or(0, |old| old.content.len());
        while self.bytes > most_bytes {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.last_use);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else { break };
            self.bytes -= self.entries.remove(&key).map_or(0, |entry| entry.content.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::{Forgetful, recalled};

    fn got(bank: &Bank, key: &Key) -> Option<Vec<u8>> {
        recalled(bank, key, |kept| Some(kept.to_vec()))
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let bank = Bank::before(Forgetful, 10);
        let key = |n: u8| Key::of(&[&[n]]);
        let known = || -> Vec<u8> { (0..5).filter(|n| got(&bank, &key(*n)).is_some()).collect() };
        for n in 0..3 {
            bank.put(&key(n), &[n; 3]);
        }
        assert_eq!(got(&bank, &key(0)), Some(vec![0; 3]));
        bank.put(&key(3), &[3; 3]);
        assert_eq!(known(), [0, 2, 3]);
        bank.put(&key(3), &[4; 4]);
        assert_eq!((got(&bank, &key(3)), known()), (Some(vec![4; 4]), vec![0, 2, 3]));
        bank.put(&key(4), &[5; 11]);
        assert!(known().is_empty(), "what is larger than all is not kept");
    }

    #[test]
    fn what_is_behind_is_asked_and_told() {
        let behind = Bank::before(Forgetful, 100);
        let key = Key::of(&[b"clip"]);
        behind.put(&key, b"known");
        let bank = Bank::before(behind.clone(), 100);
        assert_eq!(got(&bank, &key), Some(b"known".to_vec()));
        let other = Key::of(&[b"other"]);
        bank.put(&other, b"new");
        assert_eq!(got(&behind, &other), Some(b"new".to_vec()));
    }
}
