//! The files of sound that `render` makes, side by side: each reads a session that is ready,
//! on a thread of its own.

use std::cell::Cell;
use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::copies;
use super::output::Output;
use super::progress::Progress;
use crate::broadcast;
use crate::cancel::CancelToken;
use crate::cover::Cover;
use crate::encode;
use crate::error::Result;
use crate::session::{self, Prepared};
use crate::units::{FrameRange, Length, clock};
use crate::wav::{self, Watch};

/// A file to be made.
pub struct SoundFile<'a> {
    /// What is in it.
    pub session: &'a Prepared,
    /// Where it goes; `-` is standard output.
    pub path: &'a Path,
    /// What kind of file it is.
    pub kind: Kind<'a>,
}

/// A kind of file.
pub enum Kind<'a> {
    /// WAV: some of the session, with these other chunks; for broadcasters, with what they
    /// want to know.
    Wav { format: wav::Format, range: FrameRange, chunks: &'a [u8], for_broadcast: bool },
    /// A smaller one, with this cover.
    Copy(encode::Format, Option<&'a Cover>),
}

/// Makes all `files` for somebody who waits `since`, and tells of each that is made, even
/// where another fails. The first is the track, with which the others are compared.
///
/// Gives for each whether it was made, in the same order.
pub fn make(
    files: &[SoundFile<'_>],
    output: &Output,
    cancel: &CancelToken,
    since: Instant,
) -> Vec<Result<()>> {
    let Some((track, copies)) = files.split_first() else { return Vec::new() };
    let total = files.iter().map(|file| file.length().0).sum();
    let progress = &Progress::new(Length(total), since, output.shows_progress());
    let results: Vec<Result<Duration>> = thread::scope(|scope| {
        let start = |file| scope.spawn(move || write(file, progress, cancel, since));
        let threads: Vec<_> = copies.iter().map(start).collect();
        let first = write(track, progress, cancel, since);
        let joined =
            threads.into_iter().map(|made| made.join().unwrap_or_else(|p| resume_unwind(p)));
        [first].into_iter().chain(joined).collect()
    });
    progress.clear();
    let told = |(file, result): (&SoundFile<'_>, Result<Duration>)| {
        let took = result?;
        output.say(&file.summary(took));
        file.warnings(track).iter().for_each(|warning| output.say(warning));
        Ok(())
    };
    files.iter().zip(results).map(told).collect()
}

/// Writes `file`; tells how long somebody waited for it.
fn write(
    file: &SoundFile<'_>,
    progress: &Progress,
    cancel: &CancelToken,
    since: Instant,
) -> Result<Duration> {
    let told = Cell::new(Length(0));
    let progress = |done: Length| {
        progress.add(Length(done.0 - told.get().0));
        told.set(done);
    };
    file.write(&Watch { progress: &progress, cancel: cancel.clone() })?;
    Ok(since.elapsed())
}

impl SoundFile<'_> {
    fn length(&self) -> Length {
        match self.kind {
            Kind::Wav { range, .. } => range.length,
            Kind::Copy(..) => self.session.timeline.length(),
        }
    }

    fn is_stream(&self) -> bool {
        self.path == Path::new("-")
    }

    fn write(&self, watch: &Watch<'_>) -> Result<()> {
        let SoundFile { session, path, kind } = self;
        match kind {
            Kind::Copy(format, cover) => {
                session::copy_to_file(session, path, format, *cover, watch)
            }
            Kind::Wav { format, range, chunks: behind, for_broadcast } => {
                let before = if *for_broadcast {
                    broadcast::chunk(session, *range, format, &watch.cancel)?
                } else {
                    Vec::new()
                };
                let chunks = wav::Chunks { before: &before, behind };
                if !self.is_stream() {
                    return session::render_to_file(session, *range, path, format, chunks, watch);
                }
                let (name, out) = (Path::new("standard output"), io::stdout().lock());
                session::render_to_stream(session, *range, name, out, format, chunks, watch)
            }
        }
    }

    /// File, length, frames, size, and how many times faster than real time.
    fn summary(&self, took: Duration) -> String {
        let name = if self.is_stream() {
            "standard output".to_owned()
        } else {
            self.path.display().to_string()
        };
        let (caveat, bytes) = match &self.kind {
            Kind::Wav { format, .. } => (String::new(), format.data_bytes(self.length())),
            Kind::Copy(format, _) => {
                let file = std::fs::metadata(self.path);
                (copies::caveat(format), file.map_or(0, |file| file.len()))
            }
        };
        let duration = self.session.timeline.sample_rate.duration_of(self.length());
        let times = duration.as_secs_f64() / took.as_secs_f64().max(1e-9);
        format!(
            "{name}: {}, {} frames{caveat}, {:.1} MB, {times:.0} times faster than real time",
            clock(duration),
            self.length().0,
            bytes as f64 / 1e6
        )
    }

    /// What there is to know of a copy of `track`.
    fn warnings(&self, track: &SoundFile<'_>) -> Vec<String> {
        let Kind::Copy(format, _) = &self.kind else { return Vec::new() };
        let (timeline, of_track) = (&self.session.timeline, &track.session.timeline);
        let chapters = copies::lost_chapters(self.path, format, timeline);
        let times = (!copies::same_times(of_track, timeline))
            .then(|| copies::other_times(self.path, timeline.sample_rate));
        chapters.into_iter().chain(times).collect()
    }
}
