//! Ctrl-C and its relatives: asked for, not obeyed at once, so that nothing is left behind.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::cancel::CancelToken;

/// Catches signals from here on, which cancel the token, but for a hang-up that was ignored
/// when the program was started, as `nohup` does.
pub fn catch() -> CancelToken {
    let token = CancelToken::default();
    for signal in stopping() {
        // Where the system refuses, the signal keeps its usual effect.
        let _ = signal_hook::flag::register_usize(signal, token.flag(), signal as usize);
    }
    let_writes_fail();
    token
}

/// The same, but that signals have their usual effect as long as there is nothing to clean up,
/// `idle`: nobody can go on waiting for an answer that does not come.
pub fn catch_unless(idle: &Arc<AtomicBool>) -> CancelToken {
    for signal in stopping() {
        let _ = signal_hook::flag::register_conditional_default(signal, idle.clone());
    }
    catch()
}

/// What asks a program to stop.
fn stopping() -> Vec<i32> {
    let mut stopping = vec![SIGINT, SIGTERM];
    #[cfg(unix)]
    stopping.push(signal_hook::consts::SIGQUIT);
    #[cfg(unix)]
    stopping.extend(Some(signal_hook::consts::SIGHUP).filter(|signal| !is_ignored(*signal)));
    stopping
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
