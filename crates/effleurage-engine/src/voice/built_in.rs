//! The voices that are part of the program: each is a package of its own, and a feature.

use std::path::Path;
use std::sync::LazyLock;

use include_dir::Dir;

use super::lengths::TABLE as LENGTHS;
use super::pack::Pack;
use super::store::{BuiltIn, MANIFEST};
use crate::error::Result;
use crate::files::Embedded;

/// Where they came from.
const FOLDER: &str = "voice-clips";

/// A voice: its name, and its files by name.
type Voice = (&'static str, Vec<(&'static str, &'static [u8])>);

/// Each voice of which the feature is on.
static BUILT_IN: LazyLock<Vec<Voice>> = LazyLock::new(|| {
    vec![
        #[cfg(feature = "voice-en")]
        ("en", files(&effleurage_voice_en::FOLDER)),
        #[cfg(feature = "voice-en-m")]
        ("en-m", files(&effleurage_voice_en_m::FOLDER)),
        #[cfg(feature = "voice-es")]
        ("es", files(&effleurage_voice_es::FOLDER)),
        #[cfg(feature = "voice-fr")]
        ("fr", files(&effleurage_voice_fr::FOLDER)),
        #[cfg(feature = "voice-it")]
        ("it", files(&effleurage_voice_it::FOLDER)),
        #[cfg(feature = "voice-pt-br")]
        ("pt-BR", files(&effleurage_voice_pt_br::FOLDER)),
    ]
});

/// The files of a voice, without those of its package.
#[allow(dead_code, reason = "no voice may be on")]
fn files(folder: &'static Dir) -> Vec<(&'static str, &'static [u8])> {
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
    let Some((name, files)) = BUILT_IN.iter().find(|(known, _)| *known == name) else {
        return Ok(None);
    };
    let folder = Path::new(FOLDER).join(name);
    let store = BuiltIn { folder: folder.clone(), files: Embedded(files) };
    Pack::new(name, &folder, Box::new(store)).map(Some)
}
