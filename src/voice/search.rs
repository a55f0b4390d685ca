//! Where voices are found by name, besides those that are built in.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::files::is_package;

/// Names the folders, as `PATH` does, in which voices are looked for first.
const VARIABLE: &str = "EFFLEURAGE_VOICES";

/// The voice called `name`: a folder of that name, or a package `name.zip`.
pub fn named(name: &Path) -> Option<PathBuf> {
    let plain = name.components().count() == 1 && name.file_name() == Some(name.as_os_str());
    if !plain {
        return None;
    }
    let packed = Path::new(name).with_added_extension("zip");
    let candidates = places().into_iter().flat_map(|place| [place.join(name), place.join(&packed)]);
    candidates.into_iter().find(|path| is_voice(path))
}

/// Every voice that can be found by name, in the order of the names.
pub fn all() -> BTreeMap<String, PathBuf> {
    let mut voices = BTreeMap::new();
    for (name, path) in places().iter().flat_map(|place| voices_in(place)) {
        voices.entry(name).or_insert(path);
    }
    voices
}

/// The voices in the folder `place`, in the order of their names.
pub fn voices_in(place: &Path) -> BTreeMap<String, PathBuf> {
    let entries = fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.path());
    let named = entries.filter(|path| is_voice(path)).filter_map(|path| {
        let name = if is_package(&path) { path.file_stem() } else { path.file_name() };
        Some((name?.to_str()?.to_owned(), path))
    });
    named.collect()
}

/// Where voices are looked for, for messages.
pub fn where_to_look() -> String {
    let own = of_user().map_or(String::new(), |own| format!(" and {}", own.display()));
    format!("in ${VARIABLE}{own}")
}

fn is_voice(path: &Path) -> bool {
    is_package(path) && path.is_file() || path.join("manifest.toml").is_file()
}

/// The folders in which voices lie, the first to be asked first.
pub fn places() -> Vec<PathBuf> {
    let told = env::var_os(VARIABLE);
    let told = told.iter().flat_map(env::split_paths).filter(|place| place.is_absolute());
    let mut places: Vec<PathBuf> = Vec::new();
    for place in told.chain(of_user()).chain(of_system()).chain(beside_the_program()) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

fn of_user() -> Option<PathBuf> {
    let data = etcetera::choose_base_strategy().ok()?.data_dir();
    // A relative path in XDG_DATA_HOME is to be ignored (XDG Base Directory 0.8).
    data.is_absolute().then(|| data.join("effleurage").join("voices"))
}

/// As packages of a system put them (XDG Base Directory 0.8), wherever the program lies.
fn of_system() -> Vec<PathBuf> {
    if !cfg!(unix) {
        return Vec::new();
    }
    let told = env::var_os("XDG_DATA_DIRS").filter(|told| !told.is_empty());
    let told = told.unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let places = env::split_paths(&told).filter(|place| place.is_absolute());
    places.map(|place| place.join("effleurage").join("voices")).collect()
}

/// As a prefix has them, as an archive holds them, and as a checkout has them, whose
/// programs are built two folders below it.
fn beside_the_program() -> Vec<PathBuf> {
    let program = env::current_exe().and_then(fs::canonicalize).ok();
    let folder = program.as_ref().and_then(|program| program.parent());
    let up = |folder: &Path, n: usize| folder.ancestors().nth(n).map(Path::to_owned);
    let Some(folder) = folder else { return Vec::new() };
    let share = up(folder, 1).map(|root| root.join("share").join("effleurage").join("voices"));
    let checkout = (2..=3).filter_map(|n| Some(up(folder, n)?.join("voice-clips")));
    [folder.join("voices")].into_iter().chain(share).chain(checkout).collect()
}
