//! How much memory a batch takes, and so how many rows at once.

use std::fs;

use crate::batch::order::Order;

/// What a row takes while it is rendered at the rate of CDs: its clips, its background, what its
/// encoders hold. Measured: 40 to 90 MB.
const ROW_BYTES: u64 = 96 << 20;
const ROW_HZ: u64 = 44_100;
/// Clips that are ready take so much at most: those of three voices at two loudnesses.
const CLIP_BYTES: u64 = 256 << 20;
/// What the program takes besides: itself, its table, recordings that it has decoded.
const BASE_BYTES: u64 = 64 << 20;
/// What there is where nobody tells.
const USUAL: u64 = 2 << 30;

/// A limit of memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory(pub u64);

impl Memory {
    /// `800M` or `4G`.
    ///
    /// # Errors
    ///
    /// What to write instead.
    pub fn parse(text: &str) -> Result<Memory, String> {
        let help = || "give megabytes or gigabytes, like 800M or 4G; 192M at least".to_owned();
        let gigabytes = text.strip_suffix(['G', 'g']).map(|number| (number, 1 << 30));
        let megabytes = text.strip_suffix(['M', 'm']).map(|number| (number, 1 << 20));
        let (number, unit) = gigabytes.or(megabytes).ok_or_else(help)?;
        let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
        bytes.filter(|bytes| *bytes >= 192 << 20).map(Memory).ok_or_else(help)
    }

    /// Half of what is free, as far as the system tells.
    pub fn half_of_free() -> Memory {
        let text = |path| fs::read_to_string(path).ok();
        let free = text("/proc/meminfo").and_then(|text| available(&text));
        // What a container may have (control groups, version 2).
        let most = text("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse().ok());
        Memory(free.into_iter().chain(most).min().unwrap_or(USUAL) / 2)
    }

    /// How many bytes clips may take.
    pub fn for_clips(self) -> usize {
        (self.0 / 4).min(CLIP_BYTES) as usize
    }

    /// How many of `jobs` fit, one at least.
    pub fn jobs(self, jobs: usize, orders: &[Order]) -> usize {
        let rates = orders.iter().flat_map(Order::rates).map(|rate| u64::from(rate.hz()));
        let row = ROW_BYTES * rates.max().unwrap_or(ROW_HZ).max(ROW_HZ) / ROW_HZ;
        let fit = self.0.saturating_sub(self.for_clips() as u64 + BASE_BYTES) / row;
        jobs.min(fit as usize).max(1)
    }
}

/// What is free, of what Linux tells of its memory.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_told_in_megabytes_or_gigabytes() {
        assert_eq!(Memory::parse("800M"), Ok(Memory(800 << 20)));
        assert_eq!(Memory::parse("4G"), Ok(Memory(4 << 30)));
        for wrong in ["", "4", "G", "128M", "4T", "-1G", "99999999999999999G", "4\u{e9}"] {
            assert!(Memory::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn fewer_rows_at_once_where_there_is_less_memory() {
        assert_eq!(Memory(8 << 30).jobs(64, &[]), 64);
        assert_eq!(Memory(1 << 30).jobs(64, &[]), 7);
        assert_eq!(Memory(128 << 20).jobs(64, &[]), 1);
        assert_eq!(available("MemFree: 1 kB\nMemAvailable:     2048 kB\n"), Some(2 << 20));
    }
}
