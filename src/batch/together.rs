//! All files of a session side by side, each on a thread of its own, while another hears how
//! loud it is.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::thread;

use super::stamp::Measured;
use crate::cancel::CancelToken;
use crate::error::Result;
use crate::session::Prepared;
use crate::units::Length;
use crate::wav::{Channels, Frames, Watch};

/// Who takes the frames of a session, tells how many are done, and what comes of it.
pub type Taker<'a, T> = Box<dyn FnOnce(&Frames<'_>, &Watch<'_>) -> Result<T> + Send + 'a>;

/// Gives the frames of `session` to all `takers`, and tells `progress` how many more were
/// taken; gives what came of each, and how loud the session is on so many `channels`.
///
/// # Errors
///
/// Where it cannot be mixed at all.
pub fn taken<T: Send>(
    session: &Prepared,
    takers: Vec<Taker<'_, T>>,
    channels: Channels,
    progress: &(dyn Fn(Length) + Sync),
    cancel: &CancelToken,
) -> Result<(Vec<Result<T>>, Measured)> {
    thread::scope(|scope| {
        let take = |taker: Taker<'_, T>| {
            let before = Cell::new(Length::ZERO);
            let progress = |done: Length| progress(Length(done.0 - before.replace(done).0));
            let watch = Watch { progress: &progress, cancel: cancel.clone() };
            let mixer = session.mixer()?;
            taker(&Frames::of(session.timeline.range(), &mixer), &watch)
        };
        let start = |taker| scope.spawn(move || take(taker));
        let threads: Vec<_> = takers.into_iter().map(start).collect();
        let measured = session.heard(channels, cancel).map(Measured::from);
        let results =
            threads.into_iter().map(|taken| taken.join().unwrap_or_else(|p| resume_unwind(p)));
        let results = results.collect();
        measured.map(|measured| (results, measured))
    })
}
