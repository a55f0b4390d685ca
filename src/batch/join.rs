//! The shares of many machines, put together: is every file there, whole, and told of once?

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;

use super::report::{self, Entry};
use super::run::Batch;
use super::stamp::Stamp;
use crate::error::Result;

/// What is wrong with the shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The file, by its path in the folder.
    pub file: String,
    /// What is wrong with it.
    pub why: &'static str,
    /// What to do.
    pub help: &'static str,
}

const RUN_AGAIN: &str = "run its share again, or the whole table";

/// Looks at every file of a batch; all entries in the order of the table, or every gap.
///
/// # Errors
///
/// Where a file cannot be read.
pub fn join(
    batch: &Batch<'_>,
    parts: &[PathBuf],
) -> Result<std::result::Result<Vec<Entry>, Vec<Gap>>> {
    let files: Vec<(usize, usize)> = (0..batch.work.len())
        .flat_map(|n| (0..batch.work[n].0.files.len()).map(move |k| (n, k)))
        .collect();
    let looked: Vec<Result<std::result::Result<Entry, Gap>>> =
        files.into_par_iter().map(|(n, k)| look(batch, n, k)).collect();
    let (mut entries, mut gaps) = (Vec::new(), Vec::new());
    for file in looked {
        match file? {
            Ok(entry) => entries.push(entry),
            Err(gap) => gaps.push(gap),
        }
    }
    gaps.extend(told_twice(parts));
    Ok(if gaps.is_empty() { Ok(entries) } else { Err(gaps) })
}

fn look(batch: &Batch<'_>, n: usize, k: usize) -> Result<std::result::Result<Entry, Gap>> {
    let (order, planned) = &batch.work[n];
    let file = order.files[k].name.clone();
    let path = batch.folder.join(&file);
    let gap = |why| Ok(Err(Gap { file: file.clone(), why, help: RUN_AGAIN }));
    match Stamp::of(&path) {
        _ if !path.exists() => gap("is missing"),
        None => gap("is not whole, or was changed"),
        Some(stamp) if stamp.identity != planned.files[k].identity => {
            gap("was made from something else: another row, other clips, another program")
        }
        Some(stamp) => match batch.told(order, planned, k, stamp) {
            None => gap("is not whole, or was changed"),
            Some(entry) => entry.map(Ok),
        },
    }
}

/// Files that two shares tell of, and not the same.
fn told_twice(parts: &[PathBuf]) -> Vec<Gap> {
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    let mut gaps = Vec::new();
    for entry in parts.iter().flat_map(|part| report::read(part)) {
        let before = told.insert(entry.file.clone(), entry.sha256.clone());
        if before.is_some_and(|before| before != entry.sha256) {
            let why = "was made by two shares, and not the same";
            let help = "remove it and the reports of the shares, and run them all again with one \
                        table and one program";
            gaps.push(Gap { file: entry.file, why, help });
        }
    }
    gaps
}
