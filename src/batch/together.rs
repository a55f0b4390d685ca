//! One mix for all files of a session: each block is mixed once, measured, and handed to every
//! encoder, which works on a thread of its own.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::meter::Meter;
use super::stamp::Measured;
use crate::cancel::CancelToken;
use crate::error::{Error, Result};
use crate::session::Prepared;
use crate::units::{FrameRange, Length, Position};
use crate::wav::{Frames, Watch, each_block};

/// So many blocks wait for a slow encoder at most; each is 64 KiB.
const WAITING: usize = 8;

/// Some frames, mixed.
struct Block {
    at: Position,
    length: usize,
    /// None of silence.
    samples: Vec<f32>,
}

/// Who takes the frames of a session, and what comes of it.
pub type Taker<'a, T> = Box<dyn FnOnce(&mut Frames<'_>) -> Result<T> + Send + 'a>;

/// Mixes `session` once for all `takers`; gives what came of each, and how loud it is.
///
/// # Errors
///
/// Where it cannot be mixed at all.
pub fn mixed<T: Send>(
    session: &Prepared,
    takers: Vec<Taker<'_, T>>,
    watch: &Watch<'_>,
) -> Result<(Vec<Result<T>>, Measured)> {
    thread::scope(|scope| {
        let range = session.timeline.range();
        let (senders, threads): (Vec<_>, Vec<_>) = takers
            .into_iter()
            .map(|taker| {
                let (sender, receiver) = sync_channel(WAITING);
                (sender, scope.spawn(move || take(taker, range, receiver)))
            })
            .unzip();
        let measured = mix(session, senders, watch);
        let results =
            threads.into_iter().map(|taken| taken.join().unwrap_or_else(|p| resume_unwind(p)));
        let results = results.collect();
        measured.map(|measured| (results, measured))
    })
}

/// Mixes and measures all blocks, and hands them out.
fn mix(
    session: &Prepared,
    mut senders: Vec<SyncSender<Arc<Block>>>,
    watch: &Watch<'_>,
) -> Result<Measured> {
    let rate = session.timeline.sample_rate;
    let mixer = session.mixer()?;
    let mut meter = Meter::new(rate)?;
    let mut mix = |at: Position, block: &mut [f32]| mixer.mix(at, block);
    let mut frames = Frames { range: session.timeline.range(), mix: &mut mix, block: None };
    let name = std::path::Path::new(&session.timeline.routine);
    each_block(rate, &mut frames, watch, |block| {
        meter.hear(block.samples).map_err(crate::wav::Stopped::Told)?;
        let samples = if block.heard { block.samples.to_vec() } else { Vec::new() };
        let block = Arc::new(Block { at: block.at, length: block.samples.len(), samples });
        // Who cannot write any more takes nothing; what is wrong, that thread tells.
        senders.retain(|sender| sender.send(block.clone()).is_ok());
        Ok(())
    })
    .map_err(|stopped| stopped.at(name))?;
    Ok(meter.measured())
}

/// Lets `taker` take the blocks as if it mixed them itself.
fn take<T>(taker: Taker<'_, T>, range: FrameRange, blocks: Receiver<Arc<Block>>) -> Result<T> {
    let lost = Cell::new(false);
    let mut next = |at: Position, into: &mut [f32]| {
        let block = blocks.recv().ok();
        match block.filter(|block| block.at == at && block.length == into.len()) {
            Some(block) if block.samples.is_empty() => {
                into.fill(0.0);
                false
            }
            Some(block) => {
                into.copy_from_slice(&block.samples);
                true
            }
            None => {
                lost.set(true);
                false
            }
        }
    };
    let taken = taker(&mut Frames { range, mix: &mut next, block: None })?;
    if lost.get() {
        // It was not mixed to its end; why, the mix tells.
        return Err(Error::Ours { what: "a part of the track was not mixed".to_owned() });
    }
    Ok(taken)
}

/// A watch that nobody looks at, which stops with `cancel`.
pub fn unseen<'a>(cancel: &CancelToken) -> Watch<'a> {
    Watch { progress: &|_: Length| (), cancel: cancel.clone() }
}
