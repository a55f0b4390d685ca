//! The voices that are part of the program.

use std::path::Path;

use super::pack::Pack;
use super::store::{Embedded, Files};
use crate::error::Result;

/// Where they came from.
const FOLDER: &str = "voice-clips";

/// The folders of `voice-clips`, listed by the build script.
#[cfg(feature = "built-in-voices")]
static BUILT_IN: &[(&str, Files)] = include!(concat!(env!("OUT_DIR"), "/built_in_voices.rs"));
#[cfg(not(feature = "built-in-voices"))]
static BUILT_IN: &[(&str, Files)] = &[];

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
    let store = Embedded { folder: folder.clone(), files };
    Pack::new(name, &folder, Box::new(store)).map(Some)
}
