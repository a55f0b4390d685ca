//! An order becomes files: each whole, under its name, with its stamp; or none of it.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::order::{Kind, Order, Ordered};
use super::part::Part;
use super::plan::{Planned, PlannedFile};
use super::report::Entry;
use super::stamp::{self, Measured, Stamp};
use super::together::{self, Taker};
use crate::broadcast;
use crate::cancel::CancelToken;
use crate::cover::Cover;
use crate::encode;
use crate::error::{Error, Result};
use crate::session::{self, Prepared};
use crate::units::{Decibels, Length, SampleRate};
use crate::voice::Pack;
use crate::wav::{self, Frames, Watch};

/// The beginning of a copy, in which its stamp finds its place: with Opus, behind its cover.
const HEAD_BYTES: u64 = 8 << 20;
const BUFFER_BYTES: usize = 1 << 18;

/// What is needed to make an order.
pub struct Maker<'a> {
    /// Where its files go.
    pub folder: &'a Path,
    /// Told how many more frames of files were made, again and again.
    pub progress: &'a (dyn Fn(Length) + Sync),
    /// Told of clips that come out quieter than they should.
    pub quiet: &'a (dyn Fn(&Path, Decibels) + Sync),
    /// Asked whether to stop.
    pub cancel: CancelToken,
}

/// A file whose sound is written, and that has no stamp yet.
enum Unstamped {
    /// A WAV file with room for its stamp at its end.
    Wav(Part),
    /// The bytes of a copy, under no name.
    Copy(File),
}

impl Maker<'_> {
    /// Makes those files of an order whose indices are `wanted`; for each, whether that was
    /// possible.
    pub fn make(
        &self,
        order: &Order,
        planned: &Planned,
        wanted: &[usize],
        pack: &Pack,
    ) -> Vec<(usize, Result<Entry>)> {
        by_rate(order, wanted, |here, rate| self.at_rate(order, planned, here, pack, rate))
    }

    fn at_rate(
        &self,
        order: &Order,
        planned: &Planned,
        wanted: &[usize],
        pack: &Pack,
        rate: SampleRate,
    ) -> Result<Vec<Result<Entry>>> {
        let request = order.request();
        let session = order.session(&request, pack, rate, &self.cancel)?;
        let is_wav = |n: &usize| matches!(order.files[*n].kind, Kind::Wav(_));
        let mut chunks = Vec::new();
        if wanted.iter().any(is_wav) {
            chunks = session.chunks(&request, pack)?;
            chunks.extend(stamp::empty_chunk());
        }
        let any_copy = !wanted.iter().all(is_wav);
        let cover = if any_copy { order.picture(&session, pack)? } else { None };
        let prepared = session.prepare(&self.cancel, self.quiet)?;
        let (cover, for_broadcast) = (cover.as_ref(), order.for_broadcast);
        let sound = &Sound { prepared: &prepared, chunks: &chunks, cover, for_broadcast };
        let taker = |n: &usize| -> Taker<'_, Unstamped> {
            let file = &order.files[*n];
            let path = self.folder.join(&file.name);
            Box::new(move |frames, watch| sound.write(&path, &file.kind, frames, watch))
        };
        let takers = wanted.iter().map(taker).collect();
        let (channels, progress) = (order.channels(), self.progress);
        let (written, measured) =
            together::taken(&prepared, takers, channels, progress, &self.cancel)?;
        let finished = wanted.iter().zip(written).map(|(n, unstamped)| {
            let (file, planned) = (&order.files[*n], &planned.files[*n]);
            let told = finish(unstamped?, &self.folder.join(&file.name), file, planned, measured)?;
            Ok(told.entry(order, file, planned, &prepared.timeline.voice))
        });
        Ok(finished.collect())
    }
}

/// Does the same for all those `wanted` that have the same rate, and so the same session.
pub fn by_rate<T>(
    order: &Order,
    wanted: &[usize],
    all_at: impl Fn(&[usize], SampleRate) -> Result<Vec<Result<T>>>,
) -> Vec<(usize, Result<T>)> {
    let mut done = Vec::new();
    for rate in order.rates() {
        let at_rate = |n: &usize| order.files[*n].kind.rate() == rate;
        let here: Vec<usize> = wanted.iter().copied().filter(at_rate).collect();
        let Some((first, others)) = here.split_first() else { continue };
        match all_at(&here, rate) {
            Ok(results) => done.extend(here.into_iter().zip(results)),
            Err(error) => {
                // The same of all of them, and told once.
                let why = format!("as {}, for which it is told", order.files[*first].name);
                done.extend(others.iter().map(|n| (*n, Err(order.refused(*n, &why, "")))));
                done.push((*first, Err(error)));
            }
        }
    }
    done
}

/// What is written into the files of one rate.
struct Sound<'a> {
    prepared: &'a Prepared,
    chunks: &'a [u8],
    cover: Option<&'a Cover>,
    for_broadcast: bool,
}

impl Sound<'_> {
    fn write(
        &self,
        path: &Path,
        kind: &Kind,
        frames: &Frames<'_>,
        watch: &Watch<'_>,
    ) -> Result<Unstamped> {
        match kind {
            Kind::Wav(format) => {
                let mut before = Vec::new();
                if self.for_broadcast {
                    before = broadcast::chunk(self.prepared, frames.range, format, &watch.cancel)?;
                }
                let chunks = wav::Chunks { before: &before, behind: self.chunks };
                let mut part = Part::beside(path)?;
                wav::write_to_stream(path, part.file(), format, frames, chunks, watch)?;
                Ok(Unstamped::Wav(part))
            }
            Kind::Copy(format) => {
                let about = session::about(self.prepared, self.cover);
                encoded(&about, path, format, frames, watch).map(Unstamped::Copy)
            }
        }
    }
}

/// The bytes of the copy at `path`, without its stamp, in a file beside it without a name.
pub fn encoded(
    about: &encode::About<'_>,
    path: &Path,
    format: &encode::Format,
    frames: &Frames<'_>,
    watch: &Watch<'_>,
) -> Result<File> {
    let told = |why| Error::Unwritable { path: path.to_owned(), why };
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(told)?;
    let mut file = tempfile::tempfile_in(folder).map_err(told)?;
    let written = format.write(&mut file, about, frames, watch);
    written.map_err(|stopped| stopped.at(path))?;
    Ok(file)
}

/// What is known of a file once it is whole.
pub struct Whole {
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// How loud it is.
    pub sound: Measured,
}

impl Whole {
    /// What is told of it.
    pub fn entry(self, order: &Order, file: &Ordered, planned: &PlannedFile, voice: &str) -> Entry {
        Entry {
            file: file.name.clone(),
            row: order.row + 1,
            routine: order.named.clone(),
            voice: voice.to_owned(),
            format: file.kind.word().to_owned(),
            sample_rate: file.kind.rate().hz(),
            frames: planned.frames.0,
            bytes: self.bytes,
            loudness: self.sound.loudness,
            true_peak: self.sound.true_peak,
            sha256: self.sha256,
            made_from: planned.identity.to_string(),
        }
    }
}

/// Puts the stamp into a file, and the file into its place.
fn finish(
    unstamped: Unstamped,
    path: &Path,
    file: &Ordered,
    planned: &PlannedFile,
    sound: Measured,
) -> Result<Whole> {
    let told = |why| Error::Unwritable { path: path.to_owned(), why };
    let stamp = |bytes| Stamp { identity: planned.identity, bytes, sound };
    let mut part = match unstamped {
        Unstamped::Wav(mut part) => {
            let bytes = part.file().metadata().map_err(told)?.len();
            stamp::fill_chunk(part.file(), &stamp(bytes)).map_err(told)?;
            part
        }
        Unstamped::Copy(mut bytes) => {
            let mut part = Part::beside(path)?;
            let head = stamped_head(&mut bytes, path, file, stamp)?;
            part.file().write_all(&head).map_err(told)?;
            io::copy(&mut bytes, part.file()).map_err(told)?;
            part
        }
    };
    part.file().rewind().map_err(told)?;
    let (bytes, sha256) = sum(&[], part.file()).map_err(told)?;
    part.finish(path)?;
    Ok(Whole { bytes, sha256, sound })
}

/// The beginning of a copy with its stamp; `bytes` stands behind it.
pub fn stamped_head(
    bytes: &mut File,
    path: &Path,
    file: &Ordered,
    stamp: impl Fn(u64) -> Stamp,
) -> Result<Vec<u8>> {
    let told = |why| Error::Unwritable { path: path.to_owned(), why };
    let length = bytes.metadata().map_err(told)?.len();
    let mut head = Vec::new();
    bytes.rewind().map_err(told)?;
    bytes.take(HEAD_BYTES).read_to_end(&mut head).map_err(told)?;
    let with = stamp::stamped(&file.kind, &head, |more| stamp(length + more));
    with.ok_or_else(|| Error::Ours { what: format!("{} has no place for a stamp", file.name) })
}

/// How many bytes there are from here on behind `head`, and the SHA-256 of both in hexadecimal
/// digits.
pub fn sum(head: &[u8], file: &mut File) -> io::Result<(u64, String)> {
    let (mut hash, mut length) = (Sha256::new_with_prefix(head), 0);
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        length += count as u64;
    }
    Ok((length, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}
