//! A voice pack: a folder with a manifest and one clip for each prompt.
//!
//! The packs of this project are embedded in the program; any other is a folder. What one
//! lacks, another may say in its place.

use std::borrow::Cow;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cache::Cache;
use super::manifest::Manifest;
use super::take::Take;
use crate::diagnostic::{Report, Source};
use crate::error::{ClipFault, Error, Result};
use crate::routine::{Vocabulary, suggest};

/// The endings of sound files. Some of them cannot be read; but a clip in such a file
/// is a clip to be converted, not one that is missing.
const EXTENSIONS: [&str; 18] = [
    "flac", "wav", "wave", "mp3", "ogg", "oga", "m4a", "m4b", "mp4", "aac", "opus", "webm", "wma",
    "aif", "aiff", "caf", "amr", "3gp",
];
/// A minute of the largest recordings that anybody makes.
const LARGEST_CLIP_BYTES: u64 = 128 << 20;
/// A manifest larger than this is none.
const LARGEST_MANIFEST_BYTES: u64 = 1 << 20;

/// What every voice pack has.
const MANIFEST: &str = "manifest.toml";
/// The voice that knows every prompt of the program.
const FIRST: &str = "en";
/// Where the embedded packs came from.
const EMBEDDED_FOLDER: &str = "voice-clips";

/// Files by name.
type Files = &'static [(&'static str, &'static [u8])];

/// The folders of `voice-clips`, listed by the build script.
static BUILT_IN: &[(&str, Files)] = include!(concat!(env!("OUT_DIR"), "/built_in_voices.rs"));

/// A voice.
pub struct Pack {
    /// The name by which people ask for it: `en`, or the folder's name.
    pub id: String,
    /// What it says of itself.
    pub manifest: Manifest,
    /// The text of its manifest.
    pub source: Source,
    /// What it can say.
    pub vocabulary: Vocabulary,
    store: Store,
    /// Who says what this voice has no clip for.
    fallback: Option<Box<Pack>>,
    /// What is remembered of clips.
    cache: Arc<Cache>,
}

enum Store {
    Embedded { folder: PathBuf, files: Files },
    Folder { path: PathBuf, names: Vec<String> },
}

/// A clip as it lies in its pack.
pub struct ClipFile {
    /// Its path, for messages.
    pub path: PathBuf,
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
}

impl Pack {
    /// The prompts that this voice or the first built-in one knows. What only the latter
    /// knows is no slip in a routine, but a clip that is still to be recorded. Titles are its own.
    pub fn known(&self) -> Result<Vocabulary> {
        let own =
            self.vocabulary.ids().map(|id| (id.to_owned(), self.vocabulary.text(id).to_owned()));
        let first = Pack::open_one(Path::new(FIRST))?.vocabulary;
        Ok(first.overlaid(own.collect::<Vec<_>>()).with_titles(self.manifest.titles()))
    }

    /// The names of the voices that are built in.
    pub fn built_in() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// The voice that is asked for: a built-in one by its name, any other by its folder;
    /// or several, with commas between, each of which says what those before it lack.
    pub fn open(voice: &Path) -> Result<Pack> {
        let several = voice.to_str().filter(|names| names.contains(',') && !voice.exists());
        let names: Vec<&Path> = match several {
            Some(names) => names.split(',').map(|name| Path::new(name.trim())).collect(),
            None => vec![voice],
        };
        let mut packs = names.into_iter().map(Pack::open_one).collect::<Result<Vec<Pack>>>()?;
        let mut voice = packs.pop().ok_or_else(|| no_pack(voice, "this names no voice"))?;
        while let Some(pack) = packs.pop() {
            voice = pack.with_fallback(voice);
        }
        Ok(voice)
    }

    fn open_one(voice: &Path) -> Result<Pack> {
        let built_in = BUILT_IN.iter().find(|(name, _)| voice == Path::new(name));
        if let Some((name, files)) = built_in {
            let folder = Path::new(EMBEDDED_FOLDER).join(name);
            return Pack::new(name, &folder.clone(), Store::Embedded { folder, files });
        }
        Pack::open_folder(voice)
    }

    /// The voice in the folder at `voice`, even where a built-in one has that name.
    pub fn open_folder(voice: &Path) -> Result<Pack> {
        let folder = fs::metadata(voice).map_err(|error| not_found(voice, &error))?;
        if !folder.is_dir() {
            return Err(no_pack(voice, "this is not a folder"));
        }
        let name = voice.canonicalize().ok();
        let name = name.as_ref().and_then(|path| path.file_name()).and_then(|name| name.to_str());
        Pack::new(name.unwrap_or("voice"), voice, Store::folder(voice)?)
    }

    /// This voice, and `fallback` for what it has no clip for. Titles stay its own.
    fn with_fallback(self, fallback: Pack) -> Pack {
        let own = self
            .vocabulary
            .ids()
            .filter(|id| self.store_has(id) || !fallback.vocabulary.contains(id));
        let own: Vec<(String, String)> =
            own.map(|id| (id.to_owned(), self.vocabulary.text(id).to_owned())).collect();
        let vocabulary =
            fallback.vocabulary.clone().overlaid(own).with_titles(self.manifest.titles());
        let id = format!("{},{}", self.id, fallback.id);
        Pack { id, vocabulary, fallback: Some(Box::new(fallback)), ..self }
    }

    fn new(id: &str, folder: &Path, store: Store) -> Result<Pack> {
        let Some(bytes) = store.read(MANIFEST, LARGEST_MANIFEST_BYTES)? else {
            return Err(no_pack(folder, "there is no manifest.toml in it"));
        };
        let path = folder.join(MANIFEST);
        if bytes.len() as u64 > LARGEST_MANIFEST_BYTES {
            return Err(no_pack(&path, "it is larger than 1 MiB"));
        }
        let source = Source::from_bytes(path.display().to_string(), &bytes)
            .map_err(|line| Error::not_text(&path, line))?;
        let manifest = Manifest::parse(&source)
            .map_err(|mistakes| Error::Mistakes(Box::new(Report::new(source.clone(), mistakes))))?;
        let vocabulary = manifest.vocabulary();
        Ok(Pack {
            id: id.to_owned(),
            vocabulary,
            manifest,
            source,
            store,
            fallback: None,
            cache: Arc::default(),
        })
    }

    /// The same voice, whose clips are looked up in `cache` before they are made.
    pub fn remembering(self, cache: Cache) -> Pack {
        Pack { cache: Arc::new(cache), ..self }
    }

    /// The clip of `prompt`, on its way into a track, or `None` where the pack has none.
    pub fn take(&self, prompt: &str) -> Result<Option<Take>> {
        let file = self.clip(prompt)?;
        file.map(|file| Take::new(file, self.cache.clone())).transpose()
    }

    /// Every file of the voice.
    pub fn files(&self) -> Box<dyn Iterator<Item = PathBuf> + '_> {
        let own = self.store.names().map(|name| self.store.path(name));
        Box::new(own.chain(self.fallback.iter().flat_map(|pack| pack.files())))
    }

    /// Whether this voice itself has a file for the clip of `prompt`.
    fn store_has(&self, prompt: &str) -> bool {
        self.store.names().any(|name| is_clip_of(name, prompt))
    }

    /// The folder of a voice that is not built in.
    pub fn folder(&self) -> Option<&Path> {
        match &self.store {
            Store::Embedded { .. } => None,
            Store::Folder { path, .. } => Some(path),
        }
    }

    /// Sound files in the folder that are no prompt's clip.
    pub fn strangers(&self) -> Vec<&str> {
        let holds_sound = |name: &&str| {
            let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
            ending.is_some_and(is_sound)
        };
        let ids = self.manifest.in_order();
        let known = |name: &str| ids.iter().any(|id| is_clip_of(name, id));
        self.store.names().filter(holds_sound).filter(|name| !known(name)).collect()
    }

    /// Every file in this voice itself that is a clip of `prompt`, by name.
    pub fn own_clips(&self, prompt: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.store.names().filter(|name| is_clip_of(name, prompt)).collect();
        names.sort_unstable();
        names
    }

    /// Whether there is a file for the clip of `prompt`.
    pub fn has_clip(&self, prompt: &str) -> bool {
        self.store_has(prompt) || self.fallback.as_ref().is_some_and(|pack| pack.has_clip(prompt))
    }

    /// The clip of `prompt`, or `None` where the pack has none.
    pub fn clip(&self, prompt: &str) -> Result<Option<ClipFile>> {
        match self.own_clips(prompt).as_slice() {
            [] => self.fallback.as_ref().map_or(Ok(None), |pack| pack.clip(prompt)),
            [name] => self.store.clip(name),
            [first, second, ..] => Err(Error::Unreadable {
                path: self.store.path(second),
                why: format!("`{prompt}` has another clip, {first}"),
                help: "keep one of the two".to_owned(),
            }),
        }
    }
}

/// Whether a file of this `name` holds the clip of `prompt`.
fn is_clip_of(name: &str, prompt: &str) -> bool {
    let ending = name.strip_prefix(prompt).and_then(|ending| ending.strip_prefix('.'));
    ending.is_some_and(is_sound)
}

/// Whether files of this `ending` hold sounds, even if of a kind that cannot be read.
pub fn is_sound(ending: &str) -> bool {
    EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

impl Store {
    /// The files in the folder at `path`.
    fn folder(path: &Path) -> Result<Store> {
        let entries = fs::read_dir(path).map_err(|error| Error::unreadable(path, &error))?;
        // A name that is not UTF-8 is none that we look for.
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        Ok(Store::Folder { path: path.to_owned(), names: names.collect() })
    }

    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Store::Embedded { files, .. } => Box::new(files.iter().map(|(name, _)| *name)),
            Store::Folder { names, .. } => Box::new(names.iter().map(String::as_str)),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        match self {
            Store::Embedded { folder, .. } => folder.join(name),
            Store::Folder { path, .. } => path.join(name),
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
        match self {
            Store::Embedded { files, .. } => {
                let file = files.iter().find(|(known, _)| *known == name);
                Ok(file.map(|(_, bytes)| Cow::Borrowed(*bytes)))
            }
            Store::Folder { names, .. } if !names.iter().any(|known| known == name) => Ok(None),
            Store::Folder { .. } => read_file(&self.path(name), limit).map(Some),
        }
    }
}

/// The first bytes of the file at `path`, one more than `limit` at most.
pub(super) fn read_file(path: &Path, limit: u64) -> Result<Cow<'static, [u8]>> {
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

fn no_pack(path: &Path, why: &str) -> Error {
    Error::Unreadable { path: path.to_owned(), why: why.to_owned(), help: what_a_voice_is() }
}

/// A folder that is not there may be a slip in the name of a built-in voice.
fn not_found(voice: &Path, error: &std::io::Error) -> Error {
    match Error::unreadable(voice, error) {
        Error::Unreadable { path, why, .. } if error.kind() == std::io::ErrorKind::NotFound => {
            Error::Unreadable { path, why, help: what_a_voice_is() }
        }
        other => other,
    }
}

fn what_a_voice_is() -> String {
    let built_in: Vec<&str> = Pack::built_in().collect();
    format!(
        "a voice is a folder with a manifest.toml and a clip for each prompt; built in are {}",
        suggest::list(&built_in)
    )
}
