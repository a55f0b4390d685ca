//! The cover of a track: drawn as its card is, or a picture of one's own.

use std::path::{Path, PathBuf};

pub use effleurage_engine::cover::*;

use crate::card::{self, Card, Paper};
use crate::error::{Error, Result};
use crate::timeline::Timeline;
use crate::voice::{Pack, read_file};

/// Which cover somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One that is drawn: the legs, the title, the length.
    Drawn,
    /// The picture in this file.
    File(PathBuf),
}

/// What asks for one that is drawn. A file of that name is `./card`.
pub const DRAWN: &str = "card";

impl Wanted {
    /// The cover that a person's word asks for.
    pub fn of(word: &Path) -> Wanted {
        if word == Path::new(DRAWN) { Wanted::Drawn } else { Wanted::File(word.to_owned()) }
    }

    /// The file that it is in.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Wanted::Drawn => None,
            Wanted::File(path) => Some(path),
        }
    }

    /// The cover of the session of `timeline`, spoken by `pack`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] where the file cannot be read, or holds no picture that can be
    /// a cover.
    pub fn picture(&self, timeline: &Timeline, pack: &Pack) -> Result<Cover> {
        match self {
            Wanted::Drawn => drawn(timeline, pack),
            Wanted::File(path) => read(path),
        }
    }
}

/// The picture in the file at `path`.
///
/// # Errors
///
/// As of [`Wanted::picture`].
pub fn read(path: &Path) -> Result<Cover> {
    let bytes = read_file(path, Cover::MOST_BYTES as u64)?.into_owned();
    Cover::read(bytes).map_err(|Fault { why, help }| Error::Unreadable {
        path: path.to_owned(),
        why,
        help: help.to_owned(),
    })
}

fn drawn(timeline: &Timeline, pack: &Pack) -> Result<Cover> {
    let card = Card::of(timeline, pack.known()?, &pack.manifest.language);
    let png = card::png(&card::page(&card, Paper::Square));
    let ours = |what: String| Error::Ours { what };
    let png = png.map_err(|error| ours(error.to_string()))?;
    Cover::read(png).map_err(|fault| ours(format!("our own cover: {}", fault.why)))
}
