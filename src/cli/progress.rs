//! A progress bar for those who wait longer than half a second.

use std::cell::OnceCell;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::units::Length;

const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears only after a while, on a terminal.
pub struct Progress {
    since: Instant,
    total: Length,
    shown: bool,
    bar: OnceCell<ProgressBar>,
}

impl Progress {
    /// A bar for `total` frames of somebody who waits `since`; never seen unless `shown`.
    pub fn new(total: Length, since: Instant, shown: bool) -> Progress {
        Progress { since, total, shown, bar: OnceCell::new() }
    }

    /// So much is done.
    pub fn at(&self, done: Length) {
        if self.shown && self.since.elapsed() > PATIENCE {
            self.bar.get_or_init(|| bar(self.total)).set_position(done.0);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: Length) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:20} {percent:>3} %  {eta} left");
    ProgressBar::new(total.0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
