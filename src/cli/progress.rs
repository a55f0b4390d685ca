//! A progress bar for those who wait longer than half a second.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::units::Length;

const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears only after a while, on a terminal.
pub struct Progress {
    since: Instant,
    total: Length,
    shown: bool,
    done: AtomicU64,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// A bar for `total` frames of somebody who waits `since`; never seen unless `shown`.
    pub fn new(total: Length, since: Instant, shown: bool) -> Progress {
        Progress { since, total, shown, done: AtomicU64::new(0), bar: OnceLock::new() }
    }

    /// So much more is done.
    pub fn add(&self, more: Length) {
        self.done.fetch_add(more.0, Ordering::Relaxed);
        if self.shown && self.since.elapsed() > PATIENCE {
            let bar = self.bar.get_or_init(|| bar(self.total));
            bar.set_position(self.done.load(Ordering::Relaxed));
        }
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn bar(total: Length) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:20} {percent:>3} %  {eta} left");
    ProgressBar::new(total.0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
