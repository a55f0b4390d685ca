//! New folders and files, never in the place of others.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};

/// Makes the folder at `path`, which must not be there yet.
pub fn new_folder(path: &Path) -> Result<()> {
    match fs::create_dir(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(Error::Refused {
            path: path.to_owned(),
            why: "there is something of that name already".to_owned(),
            help: "choose another folder with -o".to_owned(),
        }),
        Err(why) => Err(Error::Unwritable { path: path.to_owned(), why }),
    }
}

/// Writes a file whole, or leaves what was there.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let unwritable = |why| Error::Unwritable { path: path.to_owned(), why };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(unwritable)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(unwritable)?;
    permissions(file.as_file());
    file.persist(path).map_err(|error| unwritable(error.error))?;
    Ok(())
}

/// A temporary file is for its owner alone; a finished one for whom a new file is for.
#[cfg(unix)]
fn permissions(file: &fs::File) {
    use std::os::unix::fs::PermissionsExt;
    // Where that is not possible, it stays the owner's.
    let _ = file.set_permissions(fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn permissions(_: &fs::File) {}
