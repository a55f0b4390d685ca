//! The voices that are part of the program: each is a package of its own, and a feature.

use std::path::Path;
use std::sync::OnceLock;

use include_dir::Dir;

use super::lengths::TABLE as LENGTHS;
use super::pack::Pack;
use super::store::{BuiltIn, MANIFEST};
use crate::error::Result;
use crate::files::Embedded;

/// Where they came from.
const FOLDER: &str = "voice-clips";

/// A voice's files, by name.
type NamedFiles = Vec<(&'static str, &'static [u8])>;

/// Each voice of which the feature is on.
static BUILT_IN: &[(&str, &Dir)] = &[
    #[cfg(feature = "voice-en")]
    ("en", &effleurage_voice_en::FOLDER),
    #[cfg(feature = "voice-en-m")]
    ("en-m", &effleurage_voice_en_m::FOLDER),
    #[cfg(feature = "voice-es")]
    ("es", &effleurage_voice_es::FOLDER),
    #[cfg(feature = "voice-fr")]
    ("fr", &effleurage_voice_fr::FOLDER),
    #[cfg(feature = "voice-it")]
    ("it", &effleurage_voice_it::FOLDER),
    #[cfg(feature = "voice-pt-br")]
    ("pt-BR", &effleurage_voice_pt_br::FOLDER),
];

/// The files of each. Their names lie between what is in them, so that to look at all is to read
/// much of the program: it waits until a voice is asked for.
static FILES: [OnceLock<NamedFiles>; BUILT_IN.len()] = [const { OnceLock::new() }; BUILT_IN.len()];

/// The files of a voice, without those of its package.
fn files(folder: &'static Dir) -> NamedFiles {
    let is_its = |name: &str| name.ends_with(".opus") || [MANIFEST, LENGTHS].contains(&name);
    let named = folder.files().filter_map(|file| Some((file.path().to_str()?, file.contents())));
    let mut files: Vec<_> = named.filter(|(name, _)| is_its(name)).collect();
    files.sort_unstable_by_key(|(name, _)| *name);
    files
}

/// The names of the voices that are built in.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// The built-in voice called `name`; `None` where none is called that.
///
/// # Errors
///
/// Where its manifest has mistakes, which the tests rule out.
pub fn built_in(name: &str) -> Result<Option<Pack>> {
    let known = BUILT_IN.iter().zip(&FILES).find(|((known, _), _)| *known == name);
    let Some(((name, folder), its)) = known else { return Ok(None) };
    let its = its.get_or_init(|| files(folder));
    let folder = Path::new(FOLDER).join(name);
    let store = BuiltIn { folder: folder.clone(), files: Embedded(its) };
    Pack::new(name, &folder, Box::new(store)).map(Some)
}
