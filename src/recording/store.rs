//! Clips and originals into a voice: all of them, or none.
//!
//! Everything is first written into hidden temporary files in the voice's folder, and
//! renamed only when nothing can go wrong any more but the renaming. Whatever stops the
//! work before leaves the voice as it was.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::atomic_file::in_folder;
use crate::error::{Error, Result};
use crate::units::SampleRate;

/// The folder in a voice that keeps what clips were made from.
pub const ORIGINALS: &str = "originals";

/// What is about to become part of a voice.
pub struct Staging<'a> {
    folder: &'a Path,
    originals: Vec<(TempPath, PathBuf)>,
    clips: Vec<(TempPath, PathBuf)>,
    /// Clips that are replaced, and would stand beside the new ones.
    old: Vec<PathBuf>,
}

impl<'a> Staging<'a> {
    /// Nothing yet, for the voice in `folder`.
    ///
    /// # Errors
    ///
    /// Where `originals` in it is a link, or no folder.
    pub fn new(folder: &'a Path) -> Result<Staging<'a>> {
        let originals = folder.join(ORIGINALS);
        match fs::symlink_metadata(&originals) {
            Ok(found) if !found.is_dir() => Err(refused(&originals, "this is no folder")),
            _ => Ok(Staging { folder, originals: vec![], clips: vec![], old: vec![] }),
        }
    }

    /// Copies the recording at `source`, unless it lies among the originals already.
    pub fn original(&mut self, source: &Path) -> Result<()> {
        let originals = self.folder.join(ORIGINALS);
        let home = source.canonicalize().ok();
        let home = home.as_deref().and_then(Path::parent);
        if home.is_some() && home == originals.canonicalize().ok().as_deref() {
            return Ok(());
        }
        let name = source.file_name().unwrap_or("recording".as_ref());
        let target = originals.join(name);
        let told = |why| Error::NotStored { path: target.clone(), why };
        let mut from = File::open(source).map_err(|error| Error::unreadable(source, &error))?;
        let mut copy = in_folder(self.folder).map_err(told)?;
        io::copy(&mut from, copy.as_file_mut()).map_err(told)?;
        copy.as_file().sync_all().map_err(told)?;
        self.originals.push((copy.into_temp_path(), target));
        Ok(())
    }

    /// Writes the clip of `prompt`, mono `samples` at `rate`, in place of the clips called
    /// `old`, which are kept among the originals.
    pub fn clip(
        &mut self,
        prompt: &str,
        samples: &[i16],
        rate: SampleRate,
        old: &[&str],
    ) -> Result<()> {
        let target = self.folder.join(format!("{prompt}.wav"));
        check_target(&target)?;
        for name in old {
            let path = self.folder.join(name);
            check_target(&path)?;
            self.original(&path)?;
            self.old.extend(Some(path).filter(|path| *path != target));
        }
        let told = |why| Error::NotStored { path: target.clone(), why };
        let file = in_folder(self.folder).map_err(told)?;
        write(file.as_file(), samples, rate).map_err(told)?;
        file.as_file().sync_all().map_err(told)?;
        self.clips.push((file.into_temp_path(), target));
        Ok(())
    }

    /// Gives everything its name.
    pub fn commit(self) -> Result<()> {
        let originals = self.folder.join(ORIGINALS);
        let told = |path: &Path, why| Error::NotStored { path: path.to_owned(), why };
        if !self.originals.is_empty() && !originals.exists() {
            fs::create_dir(&originals).map_err(|why| told(&originals, why))?;
        }
        for (copy, target) in self.originals {
            put_beside(copy, &target).map_err(|why| told(&target, why))?;
        }
        for (clip, target) in self.clips {
            check_target(&target)?;
            clip.persist(&target).map_err(|error| told(&target, error.error))?;
        }
        for old in &self.old {
            fs::remove_file(old).map_err(|why| told(old, why))?;
        }
        // Not every system lets one ask for that.
        if let Ok(folder) = File::open(self.folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// Writes mono `samples` as a WAV file of 16 bits.
pub fn write(file: &File, samples: &[i16], rate: SampleRate) -> io::Result<()> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate.hz(),
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let told = |error| match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    };
    let buffered = io::BufWriter::new(file);
    let mut writer = hound::WavWriter::new(buffered, spec).map_err(told)?;
    samples.iter().try_for_each(|sample| writer.write_sample(*sample)).map_err(told)?;
    writer.finalize().map_err(told)
}

/// Gives `copy` the name of `target`; or `-2`, `-3`, … with it, where that is taken by another
/// file. The same one is kept once, however often a take is imported.
fn put_beside(mut copy: TempPath, target: &Path) -> io::Result<()> {
    let mut number = 1;
    loop {
        let name = numbered(target, number);
        match copy.persist_noclobber(&name) {
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                if is_same(&error.path, &name)? {
                    return Ok(());
                }
                (copy, number) = (error.path, number + 1);
            }
            other => return other.map_err(|error| error.error),
        }
    }
}

/// Whether two files have the same bytes.
fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (BufReader::new(one), BufReader::new(other));
    loop {
        let (a, b) = (one.fill_buf()?, other.fill_buf()?);
        let count = a.len().min(b.len());
        if a[..count] != b[..count] {
            return Ok(false);
        }
        if count == 0 {
            return Ok(a.len() == b.len());
        }
        one.consume(count);
        other.consume(count);
    }
}

/// `take.wav`, `take-2.wav`, `take-3.wav`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    if number == 1 {
        return path.to_owned();
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// Only plain files are replaced: a link could lead anywhere.
fn check_target(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(refused(path, "this is a link")),
        Ok(found) if !found.is_file() => Err(refused(path, "this is no file")),
        _ => Ok(()),
    }
}

fn refused(path: &Path, why: &str) -> Error {
    let help = "move it away, and try again".to_owned();
    Error::Refused { path: path.to_owned(), why: why.to_owned(), help }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_taken_get_a_number() {
        assert_eq!(numbered(Path::new("a/b.c.wav"), 1), Path::new("a/b.c.wav"));
        assert_eq!(numbered(Path::new("a/b.c.wav"), 2), Path::new("a/b.c-2.wav"));
        assert_eq!(numbered(Path::new("a/b"), 13), Path::new("a/b-13"));
    }

    #[test]
    fn what_is_not_committed_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut staging = Staging::new(folder.path()).unwrap();
        staging.clip("a", &[1, 2, 3], SampleRate::CD, &[]).unwrap();
        drop(staging);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_same_original_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("take.wav");
        let put = |content: &[u8]| {
            let copy = in_folder(folder.path()).unwrap();
            fs::write(copy.path(), content).unwrap();
            put_beside(copy.into_temp_path(), &target).unwrap();
            let mut names: Vec<_> =
                fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let (long, other) = (vec![7; 20_000], [vec![7; 19_999], vec![8]].concat());
        assert_eq!(put(&long), ["take.wav"]);
        assert_eq!(put(&long), ["take.wav"]);
        assert_eq!(put(&other), ["take-2.wav", "take.wav"]);
        assert_eq!(put(&other), ["take-2.wav", "take.wav"]);
        assert_eq!(put(b""), ["take-2.wav", "take-3.wav", "take.wav"]);
    }
}
