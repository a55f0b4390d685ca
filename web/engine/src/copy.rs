//! Copies in smaller files, written while they are encoded: a page takes the bytes as they
//! come, so that memory never holds the file.

use std::io::{self, Seek, SeekFrom, Write};

use effleurage_encode::{About, Format};
use effleurage_engine::cancel::CancelToken;
use effleurage_engine::error::{Error, Result};
use effleurage_engine::wav::{Frames, Watch};

use crate::Ready;

/// Encodes a session whose words are all ready, for the page to write; `ending` is what such
/// a file's name ends in.
pub fn write(ready: &Ready, ending: &str) -> Result<()> {
    let unknown = || Error::Ours { what: format!("no copy ends in `{ending}`") };
    let encoder = effleurage_encode::named(ending).ok_or_else(unknown)?;
    let wav = ready.format;
    let format = Format::new(encoder, wav.rate, wav.bits, wav.channels)
        .ok()
        .filter(|format| format.rate() == wav.rate)
        .ok_or_else(|| Error::Ours { what: format!("a {ending} file has another rate") })?;
    let mixer = ready.session.mixer()?;
    let (timeline, tags) = (&ready.session.timeline, &ready.session.tags);
    let about = About { timeline, tags, cover: None };
    let length = timeline.length();
    let frames = Frames::of(timeline.range(), &mixer);
    let watch = Watch {
        progress: &|done| page::copied(done.0 as f64 / length.0.max(1) as f64),
        cancel: CancelToken::default(),
    };
    let written = format.write(PageFile::default(), &about, &frames, &watch);
    written.map_err(|stopped| stopped.at(ending.as_ref()))
}

/// A file that the page keeps.
#[derive(Default)]
struct PageFile {
    at: u64,
    size: u64,
}

impl Write for PageFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        page::put(self.at, bytes)?;
        self.at += bytes.len() as u64;
        self.size = self.size.max(self.at);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for PageFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(more) => self.size.checked_add_signed(more),
            SeekFrom::Current(more) => self.at.checked_add_signed(more),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// What the engine asks of the page.
#[cfg(target_family = "wasm")]
mod page {
    use std::io;

    #[link(wasm_import_module = "page")]
    unsafe extern "C" {
        #[link_name = "put"]
        fn put_bytes(at: f64, start: *const u8, bytes: usize) -> u32;
        #[link_name = "copied"]
        fn copied_share(share: f64);
    }

    /// Puts bytes into the file, at a place of it.
    pub fn put(at: u64, bytes: &[u8]) -> io::Result<()> {
        match unsafe { put_bytes(at as f64, bytes.as_ptr(), bytes.len()) } {
            1 => Ok(()),
            _ => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    /// Tells how far the copy is, from 0 to 1.
    pub fn copied(share: f64) {
        unsafe { copied_share(share) }
    }
}

/// Elsewhere there is no page, and nobody calls this.
#[cfg(not(target_family = "wasm"))]
mod page {
    use std::io;

    pub fn put(_: u64, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn copied(_: f64) {}
}
