//! The voices of this project, and what is theirs in their folders, which are packages, too.

use std::path::{Path, PathBuf};

use crate::files;

const MANIFEST: &str = "manifest.toml";
/// How long the clips are, so that a plan needs none of them.
const LENGTHS: &str = "lengths.txt";

/// The folder of each voice in `clips`.
pub fn folders(clips: &Path) -> Result<Vec<PathBuf>, String> {
    let manifests = files::all(clips)?.into_iter().filter(|path| path.ends_with(MANIFEST));
    Ok(manifests.filter_map(|path| path.parent().map(Path::to_owned)).collect())
}

/// The files of the voice in `folder`: its manifest, its clips, how long they are.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let is_its = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ending == "opus")
            || path.ends_with(MANIFEST)
            || path.ends_with(LENGTHS)
    };
    Ok(files::all(folder)?.into_iter().filter(is_its).collect())
}
