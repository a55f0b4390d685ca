//! How far a batch is: one line that is drawn again and again on a terminal, a line a file
//! elsewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::output::Output;
use super::super::render::quiet_clip;
use crate::batch::run::{Batch, Finished, Watcher};
use crate::units::{Decibels, Length};

/// Tells how far a batch is.
pub struct Watch<'a> {
    output: &'a Output,
    since: Instant,
    /// On a terminal.
    bar: Option<ProgressBar>,
    files: usize,
    done: AtomicUsize,
    quiet: Mutex<BTreeSet<PathBuf>>,
}

impl<'a> Watch<'a> {
    /// Begins to tell of `batch`.
    pub fn new(batch: &Batch<'_>, output: &'a Output, since: Instant) -> Watch<'a> {
        let planned = || batch.work.iter().flat_map(|(_, planned)| &planned.files);
        let frames = planned().map(|file| file.frames.0).sum();
        let files = planned().count();
        let bar = output.shows_progress().then(|| bar(frames, files));
        Watch { output, since, bar, files, done: AtomicUsize::new(0), quiet: Mutex::default() }
    }

    /// Says something above the line.
    fn say(&self, text: &str) {
        let tell = || self.output.say(text);
        self.bar.as_ref().map_or_else(tell, |bar| bar.suspend(tell));
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Watcher for Watch<'_> {
    fn frames(&self, more: Length) {
        if let Some(bar) = &self.bar {
            bar.inc(more.0);
        }
    }

    fn file(&self, file: &Finished) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.bar {
            Some(bar) => bar.set_message(format!("{done} of {} files", self.files)),
            None if file.is_new => {
                let came = if file.result.is_ok() { "made" } else { "failed" };
                let after = self.since.elapsed().as_secs();
                let of = self.files;
                self.output.say(&format!("{done} of {of}: {} {came}, after {after} s", file.name));
            }
            None => {}
        }
    }

    fn changed(&self, name: &str, why: &str) {
        self.say(&format!("{name} is made anew: {why}"));
    }

    fn quiet(&self, clip: &Path, missing: Decibels) {
        let mut told = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(clip.to_owned()) {
            self.say(&quiet_clip(clip, missing));
        }
    }
}

fn bar(frames: u64, files: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:20} {percent:>3} %  {msg}  {eta} left");
    let bar = ProgressBar::with_draw_target(Some(frames.max(1)), ProgressDrawTarget::stderr());
    let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.with_message(format!("0 of {files} files"))
}
