//! What a track is made from, as one number: two of the same number are the same bytes.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::order::{Kind, Order};
use crate::cover::{self, Wanted};
use crate::error::Result;
use crate::routine::{Request, flatten};
use crate::session::Session;
use crate::timeline::document;
use crate::units::Lufs;
use crate::voice::{Pack, read_file};

/// The code that makes tracks.
const PROGRAM: &str = env!("EFFLEURAGE_PROGRAM");
/// As of sounds of one's own.
const LARGEST_BYTES: u64 = 128 << 20;

/// The number of all that a file is made from: request, clips, sounds, program, format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity(pub [u8; 32]);

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What files hold, each read once in a run.
#[derive(Default)]
pub struct Digests(Mutex<BTreeMap<PathBuf, [u8; 32]>>);

impl Digests {
    /// The SHA-256 of the file at `path`; of nothing where there is none.
    fn of(&self, path: &Path) -> [u8; 32] {
        let known = |digests: &Digests| {
            digests.0.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied()
        };
        if let Some(known) = known(self) {
            return known;
        }
        let digest = Sha256::digest(read_file(path, LARGEST_BYTES).unwrap_or_default()).into();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), digest);
        digest
    }
}

/// The identities of a session's files.
pub struct Maker {
    /// What all of them are made from.
    all: Parts,
    /// What only copies have.
    cover: Vec<u8>,
    /// What only WAV files have.
    for_broadcast: bool,
}

/// What something is made from, part by part.
#[derive(Clone)]
struct Parts(Sha256);

impl Maker {
    /// Takes in what all files of `session` are made from.
    ///
    /// # Errors
    ///
    /// Where a clip cannot be read.
    pub fn of(
        session: &Session,
        order: &Order,
        request: &Request<'_>,
        pack: &Pack,
        digests: &Digests,
    ) -> Result<Maker> {
        let mut hash = Parts(Sha256::new());
        hash.add(PROGRAM.as_bytes());
        hash.add(flatten(request, &session.asked).as_bytes());
        let mut plan = Vec::new();
        // What is written to memory is written.
        let _ = document::json(&session.timeline, &[], &mut plan);
        hash.add(&plan);
        for prompt in &session.timeline.speech {
            let source = pack.clip_source(&prompt.clip)?;
            hash.add(prompt.clip.as_bytes());
            let key = source.and_then(|source| source.known_by());
            hash.add(key.as_ref().map_or(&[], |key| key.bytes()));
        }
        session.files.iter().for_each(|file| hash.add(&digests.of(file)));
        let cover = match &order.cover {
            None => Vec::new(),
            Some(Wanted::Drawn) => cover::DRAWN.into(),
            Some(Wanted::File(path)) => digests.of(path).to_vec(),
        };
        Ok(Maker { all: hash, cover, for_broadcast: order.for_broadcast })
    }

    /// The identity of the file of this kind, as loud as it is asked to be.
    pub fn file(&self, kind: &Kind, loudness: Option<Lufs>) -> Identity {
        let mut hash = self.all.clone();
        hash.add(kind.word().as_bytes());
        let bits = match kind {
            Kind::Wav(format) => format.bits,
            Kind::Copy(format) => format.bits(),
        };
        let channels = kind.channels().count();
        hash.add(&[bits.count().to_le_bytes(), channels.to_le_bytes()].concat());
        hash.add(&kind.rate().hz().to_le_bytes());
        hash.add(&loudness.map_or(Vec::new(), |lufs| lufs.0.to_le_bytes().to_vec()));
        match kind {
            Kind::Wav(_) => hash.add(&[u8::from(self.for_broadcast)]),
            Kind::Copy(_) => hash.add(&self.cover),
        }
        Identity(hash.0.finalize().into())
    }
}

impl Parts {
    fn add(&mut self, part: &[u8]) {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }
}
