//! Files and folders, with errors that tell which.

use std::fs;
use std::path::{Path, PathBuf};

/// What is in a file.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// The same, of a text.
pub fn read_text(path: &Path) -> Result<String, String> {
    String::from_utf8(read(path)?).map_err(|_| format!("{} is not UTF-8", path.display()))
}

/// Writes a file, and the folders that it lies in.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let why = |error| format!("{} cannot be written: {error}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).map_err(why)?;
    fs::write(path, bytes).map_err(why)
}

/// Every file in a folder and those inside of it, in order of their names.
pub fn all(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let why = |error| format!("{} cannot be read: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(why)? {
        let path = entry.map_err(why)?.path();
        match path.is_dir() {
            true => paths.extend(all(&path)?),
            false => paths.push(path),
        }
    }
    paths.sort();
    Ok(paths)
}

/// A path as seen from `folder`, in words of the web.
pub fn relative(folder: &Path, path: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}
