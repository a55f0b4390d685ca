//! A token by which long work is asked to stop, from another thread or a signal's handler.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{Error, Result};

/// Asked now and then by whatever takes long. Its copies are one token.
///
/// ```
/// use effleurage_engine::cancel::CancelToken;
///
/// let token = CancelToken::default();
/// assert!(token.check().is_ok());
/// token.clone().cancel(2);
/// assert!(token.check().is_err());
/// ```
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicUsize>);

impl CancelToken {
    /// Asks the work to stop, because of `signal`, which is not 0.
    pub fn cancel(&self, signal: i32) {
        self.0.store(signal as usize, Ordering::Relaxed);
    }

    /// The signal by which it was asked to stop, if it was.
    pub fn signal(&self) -> Option<i32> {
        Some(self.0.load(Ordering::Relaxed) as i32).filter(|signal| *signal != 0)
    }

    /// Goes on, unless somebody asked to stop.
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`], once it was cancelled.
    pub fn check(&self) -> Result<()> {
        self.signal().map_or(Ok(()), |signal| Err(Error::Interrupted(signal)))
    }

    /// What a signal's handler may set, to the number of its signal.
    pub fn flag(&self) -> Arc<AtomicUsize> {
        self.0.clone()
    }
}
