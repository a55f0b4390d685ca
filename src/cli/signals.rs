//! Ctrl-C and its relatives: asked for, not obeyed at once, so that nothing is left behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

/// Remembers the signal that asked the program to stop.
#[derive(Clone)]
pub struct Signals(Arc<AtomicUsize>);

impl Signals {
    /// Catches none: they keep their usual effect.
    pub fn none() -> Signals {
        Signals(Arc::new(AtomicUsize::new(0)))
    }

    /// Catches signals from here on, but for a hang-up that was ignored when the
    /// program was started, as `nohup` does.
    pub fn catch() -> Signals {
        let signals = Signals::none();
        let mut stopping = vec![SIGINT, SIGTERM];
        #[cfg(unix)]
        stopping.push(signal_hook::consts::SIGQUIT);
        #[cfg(unix)]
        stopping.extend(Some(signal_hook::consts::SIGHUP).filter(|signal| !is_ignored(*signal)));
        for signal in stopping {
            // Where the system refuses, the signal keeps its usual effect.
            let flag = signals.0.clone();
            let _ = signal_hook::flag::register_usize(signal, flag, signal as usize);
        }
        let_writes_fail();
        signals
    }

    /// The signal that came, if any.
    pub fn caught(&self) -> Option<i32> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            signal => Some(signal as i32),
        }
    }
}

/// Beyond a limit on the size of files, a write fails like any other, once the
/// signal that comes with it is not deadly.
fn let_writes_fail() {
    #[cfg(unix)]
    let _ =
        signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// Whether the program was started with this signal ignored. Only Linux tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
