//! The sounds that `render` makes besides WAV files: which, where, and what is said.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::output::Output;
use super::progress::Progress;
use super::signals::Signals;
use crate::encode::{self, Encoder, Format};
use crate::error::Result;
use crate::session::{self, Prepared};
use crate::timeline::Timeline;
use crate::units::{Length, Position, SampleRate, clock};
use crate::wav::{Bits, Channels, Watch};

/// What makes the kind of file that a name asks for; none for a WAV file.
fn encoder(path: &Path) -> Option<&'static dyn Encoder> {
    encode::named(&path.extension()?.to_string_lossy().to_lowercase())
}

/// The rate of the track at `path` where `asked` is asked for.
pub fn rate(path: &Path, asked: SampleRate) -> SampleRate {
    encoder(path).and_then(|encoder| encoder.only_rate()).unwrap_or(asked)
}

/// The format of the copy at `path`; none where `path` names a WAV file.
pub fn format(
    path: &Path,
    rate: SampleRate,
    bits: Bits,
    channels: Channels,
) -> Result<Option<Format>> {
    encoder(path).map(|encoder| Format::new(encoder, rate, bits, channels, path)).transpose()
}

/// Makes copies, one after the other.
pub struct Copier<'a> {
    /// Where it is told what was made.
    pub output: &'a Output,
    /// Who may stop it.
    pub signals: &'a Signals,
}

impl Copier<'_> {
    /// Makes the copy of `session` at `path`, as a person waits for it since `since`.
    pub fn make(
        &self,
        session: &Prepared,
        path: &Path,
        format: &Format,
        since: Instant,
    ) -> Result<()> {
        let length = session.timeline.length();
        let progress = Progress::new(length, since, self.output.shows_progress());
        let stop = || self.signals.caught();
        let watch = Watch { progress: &|done| progress.at(done), stop: &stop };
        session::copy_to_file(session, path, format, &watch)?;
        drop(progress);
        self.output.say(&told(path, format, length, since));
        let all = session.timeline.chapters().len();
        if let Some(most) = format.encoder().most_chapters().filter(|most| all > *most) {
            let kept = session.timeline.chapters_at_most(most).len();
            let path = path.display();
            self.output.say(&format!(
                "warning: {path} has {kept} of {all} chapters, for such a file holds {most}"
            ));
        }
        Ok(())
    }
}

/// File, length, frames and who keeps to them, size, and how many times faster than real time.
fn told(path: &Path, format: &Format, length: Length, since: Instant) -> String {
    let duration = format.rate().duration_of(length);
    let bytes = std::fs::metadata(path).map_or(0, |file| file.len());
    let times = duration.as_secs_f64() / since.elapsed().as_secs_f64().max(1e-9);
    format!(
        "{}: {}, {} frames{}, {:.1} MB, {times:.0} times faster than real time",
        path.display(),
        clock(duration),
        length.0,
        caveat(format),
        bytes as f64 / 1e6,
    )
}

/// Whether all sections start at the same time in both, to the millisecond. Another rate
/// may round a clip up into the next second.
pub fn same_times(one: &Timeline, other: &Timeline) -> bool {
    let starts = |timeline: &Timeline| -> Vec<u128> {
        let starts = timeline.sections.iter().map(|section| section.range.end_exclusive());
        let time = |at: Position| timeline.sample_rate.duration_of(at.since(Position::START));
        starts.map(|at| time(at).as_millis()).collect()
    };
    let (one, other) = (starts(one), starts(other));
    one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| a.abs_diff(*b) <= 1)
}

/// What is said of a copy in which they do not.
pub fn other_times(path: &Path, format: &Format) -> String {
    format!(
        "warning: at {} Hz the words of {} take a second more or less than in the track, and \
         what follows them comes at other times; use that --rate for all",
        format.rate().hz(),
        path.display()
    )
}

/// What there is to know of the frames.
fn caveat(format: &Format) -> String {
    let late = |frames| format.rate().duration_of(frames).as_millis();
    match format.latest_start() {
        Some(frames) => {
            format!(" (a player that ignores its LAME tag starts up to {} ms late)", late(frames))
        }
        None if format.encoder().only_rate().is_some() => {
            format!(" at {} Hz", format.rate().hz())
        }
        None => String::new(),
    }
}

/// Copies with their files.
pub type Copies = Vec<(PathBuf, Format)>;
