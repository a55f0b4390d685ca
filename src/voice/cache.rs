//! What was prepared once, kept between runs.
//!
//! Entries are named after all that they were made from, so none is ever out of date;
//! they are written into a temporary file and renamed, so two runs may meet. What is
//! damaged, foreign or cannot be read is as if it were not there: a cache may save work
//! but never stop it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use effleurage_engine::voice::{Key, Memory};
use etcetera::BaseStrategy;

use crate::atomic_file::in_folder;

/// The first bytes of every entry.
const MAGIC: &[u8; 8] = b"effleur1";
/// So much is kept at most.
const MOST_BYTES: u64 = 512 << 20;
/// So much is left once the oldest had to go.
const KEPT_BYTES: u64 = MOST_BYTES / 4 * 3;
/// No entry is larger: two minutes at the highest rate.
const LARGEST_BYTES: u64 = 128 << 20;
/// A use is noted no more often than this.
const NOTED_EVERY: Duration = Duration::from_secs(24 * 3600);
/// A temporary file that nobody finished in this time was left by a run that was killed.
const ABANDONED_AFTER: Duration = Duration::from_secs(3600);

/// A folder of entries; or none, which knows nothing and keeps nothing.
#[derive(Debug, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
    grew: AtomicBool,
    /// What entries are read into, again and again: to take new memory costs more than to
    /// read an entry.
    read: Mutex<Vec<Vec<u8>>>,
}

impl Cache {
    /// The one in the person's own cache folder, if the system tells where that is.
    pub fn of_user() -> Cache {
        let folder = etcetera::choose_base_strategy().ok().map(|base| base.cache_dir());
        // A relative path in XDG_CACHE_HOME is to be ignored (XDG Base Directory 0.8).
        let folder = folder.filter(|folder| folder.is_absolute());
        Cache::new(folder.map(|base| base.join("effleurage")))
    }

    /// The one in `folder`.
    pub fn in_folder(folder: &Path) -> Cache {
        Cache::new(Some(folder.to_owned()))
    }

    /// Where its entries lie.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    fn new(folder: Option<PathBuf>) -> Cache {
        Cache { folder, grew: AtomicBool::new(false), read: Mutex::default() }
    }
}

impl Memory for Cache {
    fn is_on(&self) -> bool {
        self.folder.is_some()
    }

    fn get(&self, key: &Key, see: &mut dyn FnMut(&[u8])) {
        let Some(folder) = &self.folder else { return };
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let read = read.get_or_insert_default();
        if let Some(content) = found(&folder.join(key.name()), key, read) {
            see(content);
        }
        let read = std::mem::take(read);
        self.read.lock().unwrap_or_else(PoisonError::into_inner).push(read);
    }

    fn put(&self, key: &Key, content: &[u8]) -> bool {
        let Some(folder) = &self.folder else { return false };
        let is_kept = put(folder, key, content).is_ok();
        self.grew.fetch_or(is_kept, Ordering::Relaxed);
        is_kept
    }
}

impl Drop for Cache {
    /// Whoever added something makes room.
    fn drop(&mut self) {
        if let (Some(folder), true) = (&self.folder, self.grew.load(Ordering::Relaxed)) {
            tidy(folder, MOST_BYTES, KEPT_BYTES);
        }
    }
}

fn put(folder: &Path, key: &Key, content: &[u8]) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    let mut file = in_folder(folder)?;
    let mut checksum = crc32fast::Hasher::new();
    for part in [MAGIC.as_slice(), key.bytes(), content] {
        checksum.update(part);
        file.write_all(part)?;
    }
    file.write_all(&checksum.finalize().to_le_bytes())?;
    file.persist(folder.join(key.name())).map_err(|error| error.error)?;
    Ok(())
}

/// The content of the entry at `path`, read into `bytes`, if it is whole and that of `key`.
fn found<'a>(path: &Path, key: &Key, bytes: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    let found = fs::symlink_metadata(path).ok()?;
    if !found.is_file() || found.len() > LARGEST_BYTES {
        return None;
    }
    bytes.clear();
    bytes.reserve(found.len() as usize);
    File::open(path).ok()?.take(LARGEST_BYTES).read_to_end(bytes).ok()?;
    let content = opened(bytes, key)?;
    note_use(path, &found);
    Some(content)
}

/// The content of the entry in `bytes`, if it is whole and that of `key`.
fn opened<'a>(bytes: &'a [u8], key: &Key) -> Option<&'a [u8]> {
    let (entry, checksum) = bytes.split_last_chunk()?;
    let whole = crc32fast::hash(entry) == u32::from_le_bytes(*checksum);
    let content = entry.strip_prefix(MAGIC)?.strip_prefix(key.bytes())?;
    whole.then_some(content)
}

/// Marks an entry as used of late, so that others go first.
fn note_use(path: &Path, found: &fs::Metadata) {
    let now = SystemTime::now();
    let age = found.modified().ok().and_then(|then| now.duration_since(then).ok());
    if age.is_some_and(|age| age > NOTED_EVERY) {
        let _ = File::options().write(true).open(path).and_then(|file| file.set_modified(now));
    }
}

/// Where there is more than `most` in `folder`, takes away what was not used for
/// longest until `kept` is left. What another run takes away meanwhile is gone, too.
fn tidy(folder: &Path, most: u64, kept: u64) {
    let Ok(found) = fs::read_dir(folder) else { return };
    let mut entries: Vec<(SystemTime, u64, PathBuf)> = found
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some((about.modified().ok()?, about.len(), entry.path()))
        })
        .collect();
    let now = SystemTime::now();
    entries.retain(|(then, _, path)| {
        let age = now.duration_since(*then).unwrap_or_default();
        let abandoned = path.extension().is_some() && age > ABANDONED_AFTER;
        !(abandoned && fs::remove_file(path).is_ok())
    });
    let mut bytes: u64 = entries.iter().map(|(_, bytes, _)| bytes).sum();
    if bytes <= most {
        return;
    }
    entries.sort();
    for (_, size, path) in entries {
        if bytes <= kept {
            break;
        }
        let _ = fs::remove_file(path);
        bytes -= size;
    }
}

#[cfg(test)]
mod tests {
    use effleurage_engine::voice::recalled;

    use super::*;

    fn cache() -> (tempfile::TempDir, Cache) {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::in_folder(&folder.path().join("cache"));
        (folder, cache)
    }

    fn got(cache: &Cache, key: &Key) -> Option<Vec<u8>> {
        recalled(cache, key, |kept| Some(kept.to_vec()))
    }

    fn path(cache: &Cache, key: &Key) -> PathBuf {
        cache.folder.as_ref().unwrap().join(key.name())
    }

    #[test]
    fn what_was_put_is_found_under_its_key_alone() {
        let (_folder, cache) = cache();
        let (one, other) = (Key::of(&[b"ab", b"c"]), Key::of(&[b"a", b"bc"]));
        assert_eq!(got(&cache, &one), None);
        cache.put(&one, b"something");
        assert_eq!(got(&cache, &one), Some(b"something".to_vec()));
        assert_eq!(got(&cache, &other), None, "the same letters in other parts");
        fs::rename(path(&cache, &one), path(&cache, &other)).unwrap();
        assert_eq!(got(&cache, &other), None, "an entry under a wrong name");
    }

    #[test]
    fn any_change_of_a_bit_and_any_missing_byte_is_noticed() {
        let (_folder, cache) = cache();
        let key = Key::of(&[]);
        cache.put(&key, b"content");
        let whole = fs::read(path(&cache, &key)).unwrap();
        for n in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[n] ^= 0x10;
            for damaged in [&flipped[..], &whole[..n], &[&whole[..], &[0][..]].concat()[..]] {
                fs::write(path(&cache, &key), damaged).unwrap();
                assert_eq!(got(&cache, &key), None);
            }
        }
        cache.put(&key, b"content");
        assert_eq!(fs::read(path(&cache, &key)).unwrap(), whole);
    }

    #[test]
    fn the_oldest_go_first_and_abandoned_files_always() {
        let (folder, _) = cache();
        let file = |name: &str, bytes: usize, hours: u64| {
            let path = folder.path().join(name);
            fs::write(&path, vec![0; bytes]).unwrap();
            let then = SystemTime::now() - Duration::from_secs(3600 * hours + 60);
            File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
        };
        let names = || {
            let mut names: Vec<String> = fs::read_dir(folder.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        file("a", 40, 3);
        file("b", 40, 5);
        file("c", 40, 1);
        file(".old.part", 1, 2);
        file(".new.part", 1, 0);
        tidy(folder.path(), 200, 100);
        assert_eq!(names(), [".new.part", "a", "b", "c"]);
        tidy(folder.path(), 100, 60);
        assert_eq!(names(), [".new.part", "c"]);
    }

    #[test]
    fn trouble_is_as_if_there_were_no_cache() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "not a folder").unwrap();
        let key = Key::of(&[]);
        for cache in [Cache::default(), Cache::in_folder(&file), Cache::in_folder(&file.join("x"))]
        {
            cache.put(&key, b"content");
            assert_eq!(got(&cache, &key), None);
        }
        let cache = Cache::in_folder(folder.path());
        fs::create_dir(path(&cache, &key)).unwrap();
        cache.put(&key, b"content");
        assert_eq!(got(&cache, &key), None, "a folder in the place of an entry");
    }
}
