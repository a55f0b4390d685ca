//! The voices that are part of the program.

use std::path::Path;

use super::pack::Pack;
use super::store::BuiltIn;
use crate::error::Result;
use crate::files::Embedded;

/// Where they came from.
const FOLDER: &str = "voice-clips";

/// A folder of a voice: its name, and its files by name.
type Folder = (&'static str, &'static [(&'static str, &'static [u8])]);

/// The folders of `voice-clips`, listed by the build script.
#[cfg(feature = "built-in-voices")]
static BUILT_IN: &[Folder] = include!(concat!(env!("OUT_DIR"), "/built_in_voices.rs"));
#[cfg(not(feature = "built-in-voices"))]
static BUILT_IN: &[Folder] = &[];

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
