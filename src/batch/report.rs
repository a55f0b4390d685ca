//! What was made, a line a file, in JSON.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::part::Part;
use super::shard::Shard;
use crate::error::{Error, Result};

/// The report of all.
const WHOLE: &str = "report.jsonl";
/// What the reports of shares begin and end with.
const PART: (&str, &str) = ("report-", ".jsonl");

/// What is told of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path in the folder, with `/`.
    pub file: String,
    /// The number of its row, from 1 on.
    pub row: usize,
    /// The routine, as the row names it.
    pub routine: String,
    /// The voice, by its name.
    pub voice: String,
    /// The format, such as `wav`.
    pub format: String,
    /// Frames a second.
    pub sample_rate: u32,
    /// How many frames it has.
    pub frames: u64,
    /// How many bytes.
    pub bytes: u64,
    /// How loud it is, in LUFS, before it was encoded; none of silence.
    pub loudness: Option<f64>,
    /// Its true peak, in dBTP, before it was encoded; none of silence.
    pub true_peak: Option<f64>,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// What it is made from: request, clips, sounds, program.
    pub made_from: String,
}

/// The report of a share in `folder`.
pub fn path(folder: &Path, shard: Shard) -> PathBuf {
    if !shard.is_part() {
        return folder.join(WHOLE);
    }
    let digits = shard.count.to_string().len();
    let (before, behind) = PART;
    folder.join(format!("{before}{:0digits$}-of-{}{behind}", shard.index + 1, shard.count))
}

/// The reports of shares in `folder`, in the order of their names.
pub fn parts(folder: &Path) -> Vec<PathBuf> {
    let is_part = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let middle = name.strip_prefix(PART.0).and_then(|name| name.strip_suffix(PART.1));
        let numbers = middle.and_then(|middle| middle.split_once("-of-"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        numbers.is_some_and(|(share, count)| is_number(share) && is_number(count))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut parts: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_part).collect();
    parts.sort();
    parts
}

/// What the report at `path` tells; without lines that tell nothing, and nothing where there
/// is none: what is not told is looked at again.
pub fn read(path: &Path) -> Vec<Entry> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Writes `entries` as the report at `path`, unless that is what it tells already.
///
/// # Errors
///
/// [`Error::Unwritable`].
pub fn write(path: &Path, entries: &[Entry]) -> Result<()> {
    let mut text = String::new();
    for entry in entries {
        let told = |error: serde_json::Error| Error::Ours { what: error.to_string() };
        text += &serde_json::to_string(entry).map_err(told)?;
        text.push('\n');
    }
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    let mut part = Part::beside(path)?;
    let told = |why| Error::Unwritable { path: path.to_owned(), why };
    part.file().write_all(text.as_bytes()).map_err(told)?;
    part.finish(path)
}

/// Takes the reports of shares away, once they are in the report of all.
///
/// # Errors
///
/// [`Error::Unwritable`].
pub fn remove(parts: &[PathBuf]) -> Result<()> {
    let remove = |path: &PathBuf| match fs::remove_file(path) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => {
            Err(Error::Unwritable { path: path.clone(), why })
        }
        _ => Ok(()),
    };
    parts.iter().try_for_each(remove)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_called_after_its_share_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let shard = |index, count| path(folder.path(), Shard { index, count });
        assert_eq!(shard(0, 1).file_name().unwrap(), "report.jsonl");
        assert_eq!(shard(2, 100).file_name().unwrap(), "report-003-of-100.jsonl");
        for path in
            [shard(0, 1), shard(11, 12), shard(1, 12), folder.path().join("report-my.jsonl")]
        {
            write(&path, &[]).unwrap();
        }
        assert_eq!(parts(folder.path()), [shard(1, 12), shard(11, 12)]);
        remove(&parts(folder.path())).unwrap();
        assert_eq!(parts(folder.path()), Vec::<PathBuf>::new());
        assert!(shard(0, 1).exists());
    }
}
