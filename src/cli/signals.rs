//! Ctrl-C and its relatives: asked for, not obeyed at once, so that nothing is left behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

/// Remembers the signal that asked the program to stop.
#[derive(Clone)]
pub struct Signals(Arc<AtomicUsize>);

impl Signals {
    /// Catches none: they keep their usual effect.
    pub fn none() -> Signals {
        Signals(Arc::new(AtomicUsize::new(0)))
    }

    /// Catches signals from here on.
    pub fn catch() -> Signals {
        let caught = Arc::new(AtomicUsize::new(0));
        let mut signals = vec![SIGINT, SIGTERM];
        #[cfg(unix)]
        signals.push(signal_hook::consts::SIGHUP);
        for signal in signals {
            // Where the system refuses, the signal keeps its usual effect.
            let _ = signal_hook::flag::register_usize(signal, caught.clone(), signal as usize);
        }
        Signals(caught)
    }

    /// The signal that came, if any.
    pub fn caught(&self) -> Option<i32> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            signal => Some(signal as i32),
        }
    }
}
