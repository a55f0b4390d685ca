//! All files of a session side by side, each on a thread of its own, while another hears how
//! loud it is.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use super::meter::Meter;
use super::stamp::Measured;
use crate::cancel::CancelToken;
use crate::error::Result;
use crate::session::{self, Prepared};
use crate::units::Length;
use crate::wav::{Channels, Frames, Stopped, Watch, each_block};

/// Who takes the frames of a session, tells how many are done, and what comes of it.
pub type Taker<'a, T> = Box<dyn FnOnce(&Frames<'_>, &Watch<'_>) -> Result<T> + Send + 'a>;

/// Gives the frames of `session` to all `takers`, and tells `progress` how many more were
/// taken; gives what came of each, and how loud the session is.
///
/// # Errors
///
/// Where it cannot be mixed at all.
pub fn taken<T: Send>(
    session: &Prepared,
    takers: Vec<Taker<'_, T>>,
    progress: &(dyn Fn(Length) + Sync),
    cancel: &CancelToken,
) -> Result<(Vec<Result<T>>, Measured)> {
    thread::scope(|scope| {
        let take = |taker: Taker<'_, T>| {
            let before = Cell::new(Length::ZERO);
            let progress = |done: Length| progress(Length(done.0 - before.replace(done).0));
            let watch = Watch { progress: &progress, cancel: cancel.clone() };
            session::mixed(session, session.timeline.range(), |frames| taker(frames, &watch))
        };
        let start = |taker| scope.spawn(move || take(taker));
        let threads: Vec<_> = takers.into_iter().map(start).collect();
        let measured = measured(session, cancel);
        let results =
            threads.into_iter().map(|taken| taken.join().unwrap_or_else(|p| resume_unwind(p)));
        let results = results.collect();
        measured.map(|measured| (results, measured))
    })
}

/// How loud a session is, from its first frame to its last.
fn measured(session: &Prepared, cancel: &CancelToken) -> Result<Measured> {
    let rate = session.timeline.sample_rate;
    let mut meter = Meter::new(rate)?;
    let watch = Watch { progress: &|_| (), cancel: cancel.clone() };
    let name = Path::new(&session.timeline.routine);
    session::mixed(session, session.timeline.range(), |frames| {
        let hear = |block: crate::wav::Block<'_>| meter.hear(block.samples).map_err(Stopped::Told);
        each_block(rate, Channels::Mono, frames, &watch, hear).map_err(|stopped| stopped.at(name))
    })?;
    Ok(meter.measured())
}
