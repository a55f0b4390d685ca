//! The voice `pt-BR` of effleurage: Brazilian Portuguese, a woman. Who speaks, and how it may be used, stands in
//! its manifest.

use include_dir::{Dir, include_dir};

/// Its folder: the manifest, the clips, how long they are; and this package itself.
pub static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR");
