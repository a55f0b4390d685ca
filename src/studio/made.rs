//! Tracks and copies, as streams of bytes that are made as they are read.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::cancel::CancelToken;
use crate::encode::{self, Encoder};
use crate::error::{Error, Result};
use crate::routine::Request;
use crate::session::{self, Prepared, Session};
use crate::units::SampleRate;
use crate::voice::Pack;
use crate::wav::{Bits, Format, Frames, Stopped, Track, Watch};

/// Bytes that are made at once: about three seconds of a track.
const PIECE_BYTES: u64 = 256 << 10;
/// Any signal will do: nobody is told of it.
const GONE: i32 = 1;

/// A session of which any bytes can be had.
pub struct Ready {
    session: Prepared,
    format: Format,
    chunks: Vec<u8>,
    size: u64,
    /// One of the few that may be alive.
    _alive: OwnedSemaphorePermit,
}

impl Ready {
    /// Makes every sound of a session ready.
    ///
    /// # Errors
    ///
    /// Why it cannot be had.
    pub fn make(
        request: &Request<'_>,
        pack: &Pack,
        rate: SampleRate,
        alive: OwnedSemaphorePermit,
    ) -> Result<Ready> {
        let session = Session::plan(request, pack, rate)?;
        let format = Format::usual(&session.timeline);
        let chunks = session.chunks(request, pack)?;
        let session = session.prepare(&CancelToken::default(), &|_, _| ())?;
        let size = Track::new(&session.mixer()?, format, &chunks)?.size();
        Ok(Ready { session, format, chunks, size, _alive: alive })
    }

    /// How many bytes the track has.
    pub fn size(&self) -> u64 {
        self.size
    }

    fn bytes(&self, range: Range<u64>) -> Result<Vec<u8>> {
        Track::new(&self.session.mixer()?, self.format, &self.chunks)?.bytes(range)
    }
}

/// Bytes of the track of `ready`, each piece made once the one before it was taken.
pub fn track(ready: Arc<Ready>, range: Range<u64>, work: Arc<Semaphore>) -> Body {
    Body::from_stream(stream::try_unfold(range.start, move |at| {
        let (ready, work) = (ready.clone(), work.clone());
        let end = range.end;
        async move {
            if at >= end {
                return Ok(None);
            }
            let to = end.min(at + PIECE_BYTES);
            let piece = at_work(work, move || ready.bytes(at..to)).await?;
            Ok::<_, io::Error>(Some((Bytes::from(piece), to)))
        }
    }))
}

/// The copy of `ready` that `encoder` makes, whole: its size, and its bytes.
///
/// # Errors
///
/// Where it cannot be made.
pub async fn copy(
    ready: Arc<Ready>,
    encoder: &'static dyn Encoder,
    work: Arc<Semaphore>,
) -> Result<(u64, Body)> {
    let gone = StopWhenDropped(CancelToken::default());
    let cancel = gone.0.clone();
    let made = at_work(work, move || encoded(&ready, encoder, cancel)).await;
    let ours = |why: io::Error| Error::Ours { what: why.to_string() };
    let mut file = made.map_err(ours)?;
    let size = file.seek(SeekFrom::End(0)).map_err(ours)?;
    file.rewind().map_err(ours)?;
    let body = stream::try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::new();
            Read::by_ref(&mut file).take(PIECE_BYTES).read_to_end(&mut piece)?;
            Ok::<_, io::Error>((piece, file))
        });
        let (piece, file) = read.await.map_err(io::Error::other)??;
        Ok::<_, io::Error>((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
    });
    Ok((size, Body::from_stream(body)))
}

/// A copy goes back to its start when it is done, so it is made in a file that has no name.
fn encoded(ready: &Ready, encoder: &'static dyn Encoder, cancel: CancelToken) -> Result<File> {
    let ours = |why: io::Error| Error::Ours { what: why.to_string() };
    let rate = ready.format.rate;
    let format = encode::Format::new(encoder, rate, Bits::Sixteen, ready.format.channels);
    let format = format.map_err(|refusal| Error::Ours { what: refusal.why })?;
    let mixer = ready.session.mixer()?;
    let frames = Frames::of(ready.session.timeline.range(), &mixer);
    let mut file = tempfile::tempfile().map_err(ours)?;
    let watch = Watch { progress: &|_| (), cancel };
    match format.write(&mut file, &session::about(&ready.session, None), &frames, &watch) {
        Ok(()) => Ok(file),
        Err(Stopped::Io(why)) => Err(ours(why)),
        Err(Stopped::Told(error)) => Err(error),
    }
}

/// The rate at which a session is planned for what `encoder` makes.
pub fn rate(encoder: &dyn Encoder) -> SampleRate {
    encoder.only_rate().unwrap_or(SampleRate::CD)
}

/// Nobody waits any more for what is being made.
struct StopWhenDropped(CancelToken);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.cancel(GONE);
    }
}

/// Does `work` on a thread that may take long, once one of those `at_work` is free.
async fn at_work<T: Send + 'static>(
    at_work: Arc<Semaphore>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> io::Result<T> {
    let permit = at_work.acquire_owned().await.map_err(io::Error::other)?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    });
    done.await.map_err(io::Error::other)?.map_err(|error| io::Error::other(error.to_string()))
}
