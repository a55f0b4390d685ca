//! A voice by its name or its place.

use std::fs;
use std::io;
use std::path::Path;

use effleurage_engine::voice::{Pack, Store, WHAT_A_VOICE_IS, built_in, built_in_names};

use super::files::{Folder, Package, is_package};
use super::search;
use crate::error::{Error, Result};
use crate::routine::suggest;

/// The voice that is asked for: a built-in one by its name, any other by its folder; or
/// several, with commas between, each of which says what those before it lack.
///
/// # Errors
///
/// [`Error::Unreadable`] where there is none, [`Error::Mistakes`] where its manifest has
/// some.
pub fn open(voice: &Path) -> Result<Pack> {
    let several = voice.to_str().filter(|names| names.contains(',') && !voice.exists());
    let names: Vec<&Path> = match several {
        Some(names) => names.split(',').map(|name| Path::new(name.trim())).collect(),
        None => vec![voice],
    };
    let mut packs = names.into_iter().map(open_one).collect::<Result<Vec<Pack>>>()?;
    let mut voice = packs.pop().ok_or_else(|| Error::Unreadable {
        path: voice.to_owned(),
        why: "this names no voice".to_owned(),
        help: what_a_voice_is(),
    })?;
    while let Some(pack) = packs.pop() {
        voice = pack.with_fallback(voice);
    }
    Ok(voice)
}

fn open_one(voice: &Path) -> Result<Pack> {
    if let Some(pack) = voice.to_str().map(built_in).transpose()?.flatten() {
        return Ok(pack);
    }
    match (voice.exists(), search::named(voice)) {
        (false, Some(found)) => open_folder(&found),
        _ => open_folder(voice),
    }
}

/// The voice in the folder or the package at `voice`, even where a built-in one has that
/// name.
///
/// # Errors
///
/// As of [`open`].
pub fn open_folder(voice: &Path) -> Result<Pack> {
    let found = fs::metadata(voice).map_err(|error| not_found(voice, &error))?;
    let store: Box<dyn Store> = match (found.is_dir(), is_package(voice)) {
        (true, _) => Box::new(Folder::open(voice)?),
        (false, true) => Box::new(Package::open(voice)?),
        (false, false) => {
            return Err(Error::Unreadable {
                path: voice.to_owned(),
                why: "this is neither a folder nor a .zip".to_owned(),
                help: what_a_voice_is(),
            });
        }
    };
    let path = voice.canonicalize().ok();
    let name = path
        .as_ref()
        .and_then(|path| if found.is_dir() { path.file_name() } else { path.file_stem() });
    let name = name.and_then(|name| name.to_str()).unwrap_or("voice");
    Pack::new(name, voice, store).map_err(|error| match error {
        Error::Unreadable { path, why, help } if help == WHAT_A_VOICE_IS => {
            Error::Unreadable { path, why, help: what_a_voice_is() }
        }
        other => other,
    })
}

/// A folder that is not there may be a slip in the name of a built-in voice.
fn not_found(voice: &Path, error: &io::Error) -> Error {
    match Error::unreadable(voice, error) {
        Error::Unreadable { path, why, .. } if error.kind() == io::ErrorKind::NotFound => {
            Error::Unreadable { path, why, help: what_a_voice_is() }
        }
        other => other,
    }
}

fn what_a_voice_is() -> String {
    let mut known: Vec<String> = built_in_names().map(str::to_owned).collect();
    let found = search::all().into_keys().filter(|name| !known.contains(name));
    let found: Vec<String> = found.collect();
    known.extend(found);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    format!(
        "{WHAT_A_VOICE_IS}; at hand are {}, others are looked for {}",
        suggest::list(&known),
        search::where_to_look(),
    )
}
