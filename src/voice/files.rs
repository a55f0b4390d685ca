//! The files of a voice that is not built in: in a folder, or in one package.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use zip::ZipArchive;

use effleurage_engine::voice::{MANIFEST, Store};

use crate::error::{Error, Result};
use crate::files::{Bytes, Files, Unread};

/// A package with more files than this is none.
const MOST_FILES: usize = 10_000;

/// Files that lie in a folder.
pub struct Folder {
    path: PathBuf,
    names: Vec<String>,
}

/// Files that lie in a zip file.
pub struct Package {
    path: PathBuf,
    /// The whole names of its entries, by those without folders.
    entries: BTreeMap<String, String>,
    /// One reader for all threads.
    archive: Mutex<ZipArchive<File>>,
}

/// Whether a voice at `path` is a package.
pub fn is_package(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

impl Folder {
    /// The files in the folder at `path`.
    pub fn open(path: &Path) -> Result<Folder> {
        let entries = fs::read_dir(path).map_err(|error| Error::unreadable(path, &error))?;
        // A name that is not UTF-8 is none that we look for.
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        Ok(Folder { path: path.to_owned(), names: names.collect() })
    }
}

impl Files for Folder {
    fn read(&self, name: &Path, limit: u64) -> std::result::Result<Option<Bytes>, Unread> {
        if !self.names.iter().any(|known| Path::new(known) == name) {
            return Ok(None);
        }
        read_file(&self.path.join(name), limit).map(Some).map_err(unread)
    }
}

impl Store for Folder {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.names.iter().map(String::as_str))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.path)
    }
}

impl Package {
    /// The files in the package at `path`: those at its top, or those in its only folder.
    pub fn open(path: &Path) -> Result<Package> {
        let file = File::open(path).map_err(|error| Error::unreadable(path, &error))?;
        let is_file = file.metadata().is_ok_and(|found| found.is_file());
        let archive = if is_file { ZipArchive::new(file).ok() } else { None };
        let archive = archive.filter(|archive| archive.len() <= MOST_FILES);
        let broken = || Error::Unreadable {
            path: path.to_owned(),
            why: "this is no zip file that can be read".to_owned(),
            help: ZIP_AGAIN.to_owned(),
        };
        let archive = archive.ok_or_else(broken)?;
        // A name that cannot be read is none that we look for.
        let names: Vec<String> = archive.file_names().flatten().map(String::from).collect();
        let manifest = |name: &&String| name.rsplit('/').next() == Some(MANIFEST);
        let top = names.iter().filter(manifest).min_by_key(|name| name.len());
        let top = top.map_or("", |name| name.trim_end_matches(MANIFEST)).to_owned();
        let named = names.iter().filter_map(|whole| {
            let name = whole.strip_prefix(&top)?;
            (!name.is_empty() && !name.contains('/')).then(|| (name.to_owned(), whole.clone()))
        });
        let entries = named.collect();
        Ok(Package { path: path.to_owned(), entries, archive: Mutex::new(archive) })
    }
}

const ZIP_AGAIN: &str = "zip the folder of the voice again";

impl Files for Package {
    fn read(&self, name: &Path, limit: u64) -> std::result::Result<Option<Bytes>, Unread> {
        let whole = name.to_str().and_then(|name| self.entries.get(name));
        let Some(whole) = whole else { return Ok(None) };
        let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = entry(&mut archive, whole, limit);
        bytes.map(Some).map_err(|why| Unread { why, help: ZIP_AGAIN.to_owned() })
    }
}

impl Store for Package {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.entries.keys().map(String::as_str))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// The first bytes of an entry, one more than `limit` at most.
fn entry(
    archive: &mut ZipArchive<File>,
    name: &str,
    limit: u64,
) -> std::result::Result<Bytes, String> {
    let entry = archive.by_name(name).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    entry.take(limit + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(Cow::Owned(bytes))
}

/// The first bytes of the file at `path`, one more than `limit` at most.
pub fn read_file(path: &Path, limit: u64) -> Result<Bytes> {
    let metadata = fs::metadata(path).map_err(|error| Error::unreadable(path, &error))?;
    if !metadata.is_file() {
        // To open a pipe could take for ever.
        let what = if metadata.is_dir() { "a folder" } else { "a pipe or a device" };
        return Err(Error::Unreadable {
            path: path.to_owned(),
            why: format!("it is {what}"),
            help: "put a file in its place".to_owned(),
        });
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(|error| Error::unreadable(path, &error))?;
    Ok(Cow::Owned(bytes))
}

/// All files, by their paths.
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, limit: u64) -> std::result::Result<Option<Bytes>, Unread> {
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => read_file(path, limit).map(Some).map_err(unread),
        }
    }
}

fn unread(error: Error) -> Unread {
    Unread { why: error.why(), help: error.help() }
}
