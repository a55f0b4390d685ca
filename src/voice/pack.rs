//! A voice pack: a folder with a manifest and one clip for each prompt.
//!
//! The default pack is embedded in the program; any other is a folder.

use std::borrow::Cow;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;
use crate::diagnostic::{Report, Source};
use crate::error::{ClipFault, Error, Result};
use crate::routine::Vocabulary;

/// The kinds of file that a clip can be, by extension.
const EXTENSIONS: [&str; 8] = ["flac", "wav", "mp3", "ogg", "oga", "m4a", "mp4", "aac"];
/// A minute of the largest recordings that anybody makes.
const LARGEST_CLIP_BYTES: u64 = 128 << 20;
/// A manifest larger than this is none.
const LARGEST_MANIFEST_BYTES: u64 = 1 << 20;

/// The files of `voice-clips/en`, listed by the build script.
static ENGLISH: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/english_clips.rs"));

/// A voice.
pub struct Pack {
    /// The name by which people ask for it: `en`, or the folder's name.
    pub id: String,
    /// What it says of itself.
    pub manifest: Manifest,
    /// What it can say.
    pub vocabulary: Vocabulary,
    store: Store,
}

enum Store {
    Embedded(&'static [(&'static str, &'static [u8])]),
    Folder(PathBuf),
}

/// A clip as it lies in its pack.
pub struct ClipFile {
    /// Its path, for messages.
    pub path: PathBuf,
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
}

impl ClipFile {
    /// The ending of its name, which hints at its format.
    pub fn extension(&self) -> &str {
        self.path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
    }
}

impl Pack {
    /// The voice that is asked for: the embedded one by its name `en`, any other
    /// by its folder.
    pub fn open(voice: &Path) -> Result<Pack> {
        if voice == Path::new("en") {
            return Pack::new("en", Path::new("voice-clips/en"), Store::Embedded(ENGLISH));
        }
        let folder = fs::metadata(voice).map_err(|error| Error::unreadable(voice, &error))?;
        if !folder.is_dir() {
            return Err(no_pack(voice, "this is not a folder"));
        }
        let name = voice.canonicalize().ok();
        let name = name.as_ref().and_then(|path| path.file_name()).and_then(|name| name.to_str());
        Pack::new(name.unwrap_or("voice"), voice, Store::Folder(voice.to_owned()))
    }

    fn new(id: &str, folder: &Path, store: Store) -> Result<Pack> {
        let path = folder.join("manifest.toml");
        let bytes = match store.read("manifest.toml", LARGEST_MANIFEST_BYTES)? {
            Some(bytes) => bytes,
            None => return Err(no_pack(folder, "there is no manifest.toml in it")),
        };
        let text = String::from_utf8(bytes.into_owned())
            .map_err(|_| no_pack(&path, "it is not UTF-8 text"))?;
        let source = Source { name: path.display().to_string(), text };
        let manifest = Manifest::parse(&source)
            .map_err(|mistakes| Error::Mistakes(Box::new(Report::new(source, mistakes))))?;
        Ok(Pack { id: id.to_owned(), vocabulary: manifest.vocabulary(), manifest, store })
    }

    /// The clip of `prompt`, or `None` where the pack has none.
    pub fn clip(&self, prompt: &str) -> Result<Option<ClipFile>> {
        let names = EXTENSIONS.iter().map(|extension| format!("{prompt}.{extension}"));
        let mut found = Vec::new();
        for name in names.filter(|name| self.store.has(name)) {
            found.push(name);
        }
        match found.as_slice() {
            [] => Ok(None),
            [name] => self.store.clip(name),
            [first, second, ..] => Err(no_pack(
                &self.store.path(second),
                &format!("the prompt has two clips, this and {first}; keep one"),
            )),
        }
    }
}

impl Store {
    fn path(&self, name: &str) -> PathBuf {
        match self {
            Store::Embedded(_) => Path::new("voice-clips/en").join(name),
            Store::Folder(folder) => folder.join(name),
        }
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Store::Embedded(files) => files.iter().any(|(known, _)| *known == name),
            Store::Folder(_) => self.path(name).is_file(),
        }
    }

    fn clip(&self, name: &str) -> Result<Option<ClipFile>> {
        let path = self.path(name);
        let bytes = self.read(name, LARGEST_CLIP_BYTES)?;
        if bytes.as_ref().is_some_and(|bytes| bytes.len() as u64 > LARGEST_CLIP_BYTES) {
            return Err(Error::BadClip { path, fault: ClipFault::TooLarge });
        }
        Ok(bytes.map(|bytes| ClipFile { path, bytes }))
    }

    /// The file's first bytes, one more than `limit` at most.
    fn read(&self, name: &str, limit: u64) -> Result<Option<Cow<'static, [u8]>>> {
        if !self.has(name) {
            return Ok(None);
        }
        match self {
            Store::Embedded(files) => {
                let file = files.iter().find(|(known, _)| *known == name);
                Ok(file.map(|(_, bytes)| Cow::Borrowed(*bytes)))
            }
            Store::Folder(_) => {
                let path = self.path(name);
                let mut bytes = Vec::new();
                fs::File::open(&path)
                    .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
                    .map_err(|error| Error::unreadable(path, &error))?;
                Ok(Some(Cow::Owned(bytes)))
            }
        }
    }
}

fn no_pack(path: &Path, why: &str) -> Error {
    Error::Unreadable {
        path: path.to_owned(),
        why: why.to_owned(),
        help: "a voice is a folder with a manifest.toml and a clip for each prompt; \
               the built-in one is called `en`"
            .to_owned(),
    }
}
