//! A voice pack: a folder with a manifest and one clip for each prompt.
//!
//! Some packs of this project are embedded in the program; any other is a folder, or such a
//! folder in one file. What one lacks, another may say in its place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::Manifest;
use super::built_in::built_in;
use super::clip_source::ClipSource;
use super::decode;
use super::lengths::{self, Lengths};
use super::memory::{Forgetful, Memory};
use super::store::{self, ClipFile, MANIFEST, Store};
use crate::diagnostic::{Report, Source};
use crate::error::{Error, Result};
use crate::routine::{PromptId, Vocabulary};

/// The usual endings of sound files. Some of them cannot be read; but a clip in such a file
/// is a clip to be converted, not one that is missing. Of any other file, its content tells.
const EXTENSIONS: [&str; 18] = [
    "flac", "wav", "wave", "mp3", "ogg", "oga", "m4a", "m4b", "mp4", "aac", "opus", "webm", "wma",
    "aif", "aiff", "caf", "amr", "3gp",
];
/// The endings of texts, into which nobody looks for a sound.
const TEXTS: [&str; 10] =
    ["toml", "txt", "md", "json", "csv", "html", "htm", "lab", "srt", "textgrid"];
/// A manifest larger than this is none.
const LARGEST_MANIFEST_BYTES: u64 = 1 << 20;

/// The voice that knows every prompt of the program.
const FIRST: &str = "en";

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
    store: Box<dyn Store>,
    /// Who says what this voice has no clip for.
    fallback: Option<Box<Pack>>,
    /// What is remembered of clips.
    memory: Arc<dyn Memory>,
    /// How long the clips are, where that is written down.
    lengths: Lengths,
    /// The clips that were asked for by now, for all sessions of a run.
    bank: Mutex<BTreeMap<PromptId, Arc<ClipSource>>>,
    /// The prompts that this voice or the first built-in one knows.
    known: OnceLock<Vocabulary>,
}

impl Pack {
    /// The prompts that this voice or the first built-in one knows. What only the latter
    /// knows is no slip in a routine, but a clip that is still to be recorded. Titles are its own.
    pub fn known(&self) -> Result<&Vocabulary> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let known = self.with_first()?;
        Ok(self.known.get_or_init(|| known))
    }

    fn with_first(&self) -> Result<Vocabulary> {
        let own =
            self.vocabulary.ids().map(|id| (id.to_owned(), self.vocabulary.text(id).to_owned()));
        // Where none is built in, a voice speaks for itself.
        let first = built_in(FIRST)?.map_or(Vocabulary::default(), |first| first.vocabulary);
        Ok(first.overlaid(own.collect::<Vec<_>>()).with_titles(self.manifest.titles()))
    }

    /// This voice, which knows these prompts as well, although nobody has words for them yet.
    pub fn with_lines_to_come(self, ids: &[PromptId]) -> Pack {
        let ids = ids.iter().filter(|id| !self.vocabulary.contains(id));
        let lines: Vec<(PromptId, String)> = ids.map(|id| (id.clone(), String::new())).collect();
        let vocabulary = self.vocabulary.overlaid(lines);
        Pack { vocabulary, known: OnceLock::new(), ..self }
    }

    /// Where what is made for this voice is kept.
    pub fn memory(&self) -> Arc<dyn Memory> {
        self.memory.clone()
    }

    /// The languages that are spoken, without their regions, each once.
    pub fn languages(&self) -> BTreeSet<&str> {
        let language = self.manifest.language.split('-').next().unwrap_or_default();
        let others = self.fallback.iter().flat_map(|pack| pack.languages());
        others.chain([language]).collect()
    }

    /// This voice, and `fallback` for what it has no clip for. Titles stay its own.
    pub fn with_fallback(self, fallback: Pack) -> Pack {
        let own = self
            .vocabulary
            .ids()
            .filter(|id| self.store_has(id) || !fallback.vocabulary.contains(id));
        let own: Vec<(String, String)> =
            own.map(|id| (id.to_owned(), self.vocabulary.text(id).to_owned())).collect();
        let mut claims = fallback.vocabulary.own_claims().clone();
        claims.extend(self.vocabulary.own_claims().clone());
        let vocabulary = fallback.vocabulary.clone().overlaid(own);
        let vocabulary = vocabulary.with_titles(self.manifest.titles()).with_claims(claims);
        let id = format!("{},{}", self.id, fallback.id);
        let (bank, known) = (Mutex::default(), OnceLock::new());
        Pack { id, vocabulary, fallback: Some(Box::new(fallback)), bank, known, ..self }
    }

    /// The voice called `id` whose files `store` has; it lies in `folder`, for messages.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] where it has no manifest, [`Error::Mistakes`] where that has
    /// some.
    pub fn new(id: &str, folder: &Path, store: Box<dyn Store>) -> Result<Pack> {
        let Some(bytes) = store::read(store.as_ref(), MANIFEST, LARGEST_MANIFEST_BYTES)? else {
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
        let lengths = Lengths::of(store.as_ref())?;
        Ok(Pack {
            id: id.to_owned(),
            vocabulary,
            manifest,
            source,
            store,
            fallback: None,
            memory: Arc::new(Forgetful),
            lengths,
            bank: Mutex::default(),
            known: OnceLock::new(),
        })
    }

    /// The same voice, whose clips are looked up in `memory` before they are made.
    pub fn remembering(self, memory: impl Memory + 'static) -> Pack {
        self.remembering_in(Arc::new(memory))
    }

    fn remembering_in(self, memory: Arc<dyn Memory>) -> Pack {
        let fallback = self.fallback.map(|pack| Box::new(pack.remembering_in(Arc::clone(&memory))));
        Pack { memory, fallback, bank: Mutex::default(), ..self }
    }

    /// The clip of `prompt`, on its way into a track, or `None` where the pack has none.
    pub fn clip_source(&self, prompt: &str) -> Result<Option<Arc<ClipSource>>> {
        if let (false, Some(fallback)) = (self.store_has(prompt), &self.fallback) {
            return fallback.clip_source(prompt);
        }
        if let Some(known) = self.bank().get(prompt) {
            return Ok(Some(known.clone()));
        }
        let Some(file) = self.clip(prompt)? else { return Ok(None) };
        let memory = self.memory.clone();
        let source = match self.lengths.of_clip(prompt) {
            Some(frames) => ClipSource::of_length(file, memory, lengths::RATE, frames),
            None => ClipSource::new(file, memory)?,
        };
        Ok(Some(self.bank().entry(prompt.to_owned()).or_insert(Arc::new(source)).clone()))
    }

    fn bank(&self) -> MutexGuard<'_, BTreeMap<PromptId, Arc<ClipSource>>> {
        self.bank.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every file of the voice.
    pub fn files(&self) -> Box<dyn Iterator<Item = PathBuf> + '_> {
        let own = self.store.names().map(|name| self.store.path(name));
        Box::new(own.chain(self.fallback.iter().flat_map(|pack| pack.files())))
    }

    /// Whether this voice itself has a file for the clip of `prompt`.
    fn store_has(&self, prompt: &str) -> bool {
        self.store.names().any(|name| self.is_clip_of(name, prompt))
    }

    /// The folder of a voice that is not built in.
    pub fn folder(&self) -> Option<&Path> {
        self.store.folder()
    }

    /// Sound files in the folder that are no prompt's clip.
    pub fn strangers(&self) -> Vec<&str> {
        let ids = self.manifest.in_order();
        let known = |name: &str| ids.iter().any(|id| is_named(name, id));
        let strange = self.store.names().filter(|name| !known(name));
        strange.filter(|name| self.holds_sound(name)).collect()
    }

    /// Whether a file of this `name` in this voice itself holds the clip of `prompt`.
    fn is_clip_of(&self, name: &str, prompt: &str) -> bool {
        is_named(name, prompt) && self.holds_sound(name)
    }

    /// Whether there is a sound in the file of this name; even if of a kind that cannot be
    /// read.
    fn holds_sound(&self, name: &str) -> bool {
        may_hold_sound(name).unwrap_or_else(|| {
            let start = self.store.read(name.as_ref(), decode::ENOUGH_TO_TELL as u64);
            matches!(start, Ok(Some(bytes)) if decode::is_sound(&bytes))
        })
    }

    /// Every file in this voice itself that is a clip of `prompt`, by name.
    pub fn own_clips(&self, prompt: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.store.names().filter(|name| self.is_clip_of(name, prompt)).collect();
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
            [name] => store::clip(self.store.as_ref(), name),
            [first, second, ..] => Err(Error::Unreadable {
                path: self.store.path(second),
                why: format!("`{prompt}` has another clip, {first}"),
                help: "keep one of the two".to_owned(),
            }),
        }
    }
}

/// Whether a file of this `name` is called after `prompt`.
fn is_named(name: &str, prompt: &str) -> bool {
    let ending = name.strip_prefix(prompt);
    ending.is_some_and(|ending| ending.is_empty() || ending.starts_with('.'))
}

/// Whether there is a sound in a file of this `name`, if that alone tells.
pub fn may_hold_sound(name: &str) -> Option<bool> {
    let is = |endings: &[&str]| {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        endings.iter().any(|known| known.eq_ignore_ascii_case(ending))
    };
    if name.starts_with('.') || is(&TEXTS) {
        return Some(false);
    }
    is(&EXTENSIONS).then_some(true)
}

/// What to do where there is no voice.
pub const WHAT_A_VOICE_IS: &str =
    "a voice is a folder or a .zip with a manifest.toml and a clip for each prompt";

fn no_pack(path: &Path, why: &str) -> Error {
    let help = WHAT_A_VOICE_IS.to_owned();
    Error::Unreadable { path: path.to_owned(), why: why.to_owned(), help }
}
