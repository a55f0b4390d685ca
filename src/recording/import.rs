//! What a phone made of a script → the clips of a voice.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::clean::{clean, clean_line};
use super::measure::{Measured, measure};
use super::script::{self, Line};
use super::store::Staging;
use super::take::Found;
use super::verdict::faults;
use crate::cancel::CancelToken;
use crate::error::{ClipFault, Error, Result};
use crate::units::{Decibels, FrameRange, SampleRate};
use crate::voice::{Pack, Recording, sound_file};

/// The noise of no room.
const SILENT: Decibels = Decibels(-120.0);

/// The voice that recordings are put into.
pub struct Target {
    /// Its folder.
    pub folder: PathBuf,
    /// The language of its lines, as BCP 47 writes it.
    pub language: String,
    /// Its script.
    pub lines: Vec<Line>,
    pack: Pack,
}

/// How recordings are put into a voice.
pub struct How<'a> {
    /// Whether new clips take the place of old ones.
    pub replace: bool,
    /// The signal that asked to stop, if any.
    pub cancel: &'a CancelToken,
}

/// What was done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The prompts that have new clips.
    pub written: Vec<String>,
    /// The clips that were there before and stay as they are.
    pub left: Vec<PathBuf>,
    /// What is wrong with a recording, and a clip made of it does not show any more, with its
    /// prompt.
    pub faults: Vec<(String, String)>,
}

impl Target {
    /// The voice in `folder`; it may have no clip yet.
    ///
    /// # Errors
    ///
    /// Where `folder` has no manifest that can be read, and where it is the name of a
    /// voice that is built in.
    pub fn open(folder: &Path) -> Result<Target> {
        if crate::voice::built_in_names().any(|name| folder == Path::new(name)) {
            return Err(Error::Refused {
                path: folder.to_owned(),
                why: "this is a voice that is built in".to_owned(),
                help: format!(
                    "name the folder of your own voice; ./{} if it is called so",
                    folder.display()
                ),
            });
        }
        let pack = crate::voice::open_folder(folder)?;
        let lines = script::of(&pack.manifest);
        let language = pack.manifest.language.clone();
        Ok(Target { folder: folder.to_owned(), language, lines, pack })
    }

    /// Whether the voice has a clip of this line.
    pub fn has_clip(&self, line: &Line) -> bool {
        self.pack.has_clip(&line.id)
    }

    /// Cleans files with a line each and puts them into the voice; all, or none.
    pub fn import_files(&self, files: &[(usize, PathBuf)], how: &How<'_>) -> Result<Imported> {
        let mut work = self.work(how)?;
        let mut problems = Vec::new();
        for (line, path) in files {
            match self.import_file(&mut work, &self.lines[*line], path) {
                Err(error @ (Error::BadClip { .. } | Error::Unreadable { .. })) => {
                    problems.push(format!("{}: {}; {}", path.display(), error.why(), error.help()));
                }
                other => other?,
            }
        }
        match problems.is_empty() {
            true => work.done(),
            false => Err(Error::NotImported { problems, help: String::new() }),
        }
    }

    fn import_file(&self, work: &mut Work<'_>, line: &Line, path: &Path) -> Result<()> {
        if self.is_inside(path) {
            return Err(Error::Unreadable {
                path: path.to_owned(),
                why: "it lies in the voice itself".to_owned(),
                help: "keep recordings in a folder of their own".to_owned(),
            });
        }
        if work.is_left(line) {
            return Ok(());
        }
        let recording = sound_file::line(path)?;
        work.tell(line, &measure(&recording));
        work.clip(line, path, recording.rate, || clean(&recording))?;
        work.staging.original(path)
    }

    /// Whether a recording is, by its place, a clip of the voice.
    fn is_inside(&self, path: &Path) -> bool {
        let home = path.canonicalize().ok();
        let home = home.as_deref().and_then(Path::parent);
        home.is_some() && home == self.folder.canonicalize().ok().as_deref()
    }

    /// Cuts the `found` ones of `lines` out of a `take`, cleans them, and puts them into
    /// the voice; all, or none. `path` is the take's file.
    pub fn import_take(
        &self,
        path: &Path,
        take: &Recording,
        (lines, found): (&[Line], &[&Found]),
        how: &How<'_>,
    ) -> Result<Imported> {
        let mut work = self.work(how)?;
        for found in found {
            let line = &lines[found.line];
            if !work.is_left(line) {
                let (voice, free) = (frames(found.voice), frames(found.free));
                work.tell(line, &of_line(take, &voice));
                work.clip(line, path, take.rate, || clean_line(take, &voice, &free))?;
            }
        }
        work.staging.original(path)?;
        work.done()
    }

    fn work<'a>(&'a self, how: &'a How<'a>) -> Result<Work<'a>> {
        let staging = Staging::new(&self.folder)?;
        Ok(Work { target: self, how, staging, imported: Imported::default() })
    }
}

/// What the line at `voice` in a `take` is like, but for its ends, which others have cut, and
/// the noise, which a check of its clip tells as well.
fn of_line(take: &Recording, voice: &Range<usize>) -> Measured {
    let end = voice.end.min(take.samples.len());
    let samples = take.samples[voice.start.min(end)..end].to_vec();
    let measured = measure(&Recording { rate: take.rate, samples });
    Measured { floor: SILENT, cut_at_start: false, cut_at_end: false, ..measured }
}

/// The indices of the samples in a range.
pub fn frames(range: FrameRange) -> Range<usize> {
    range.start.0 as usize..range.end_exclusive().0 as usize
}

/// An import that is going on.
struct Work<'a> {
    target: &'a Target,
    how: &'a How<'a>,
    staging: Staging<'a>,
    imported: Imported,
}

impl Work<'_> {
    /// Notes whether `line` has a clip that nobody asked to replace.
    fn is_left(&mut self, line: &Line) -> bool {
        let old = self.target.pack.own_clips(&line.id);
        let left = !self.how.replace && !old.is_empty();
        if left {
            self.imported.left.extend(old.iter().map(|name| self.target.folder.join(name)));
        }
        left
    }

    /// Notes what is wrong with the recording of `line`.
    fn tell(&mut self, line: &Line, measured: &Measured) {
        let faults = faults(measured, &line.text, measured.lasts, None);
        self.imported.faults.extend(faults.into_iter().map(|fault| (line.id.clone(), fault)));
    }

    /// Writes the clip of `line`, which is what `clean` gives, from the recording at `path`.
    fn clip(
        &mut self,
        line: &Line,
        path: &Path,
        rate: SampleRate,
        clean: impl FnOnce() -> std::result::Result<Vec<i16>, ClipFault>,
    ) -> Result<()> {
        self.how.cancel.check()?;
        let samples = clean().map_err(|fault| Error::BadClip { path: path.to_owned(), fault })?;
        let old = self.target.pack.own_clips(&line.id);
        self.staging.clip(&line.id, &samples, rate, &old)?;
        self.imported.written.push(line.id.clone());
        Ok(())
    }

    /// Where no clip is new, no original is kept either.
    fn done(self) -> Result<Imported> {
        if !self.imported.written.is_empty() {
            self.staging.commit()?;
        }
        Ok(self.imported)
    }
}
