//! A pack's folder: writing its clips, or comparing them with fresh ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::clip::Studio;
use crate::manifest::Manifest;

/// The bytes of clips by file name.
type Clips = BTreeMap<String, Vec<u8>>;

/// Writes what is new or different. Deletes nothing, only names what is stale.
pub fn write(folder: &Path, manifest: &Manifest) -> Result<()> {
    let fresh = make(manifest)?;
    let stored = read(folder)?;
    for (file, clip) in unlike(&fresh, &stored) {
        let path = folder.join(file);
        fs::write(&path, clip).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{file}: written");
    }
    report_stale(&fresh, &stored);
    let bytes: usize = fresh.values().map(Vec::len).sum();
    println!("{} clips, {:.2} MB", fresh.len(), bytes as f64 / 1e6);
    Ok(())
}

/// Names every file that is not what the recipe makes today, and returns how many.
pub fn check(folder: &Path, manifest: &Manifest) -> Result<usize> {
    let fresh = make(manifest)?;
    let stored = read(folder)?;
    let wrong = report_unlike(&fresh, &stored) + report_stale(&fresh, &stored);
    println!("{} prompts, {wrong} files not as they should be", fresh.len());
    Ok(wrong)
}

/// Records every prompt.
fn make(manifest: &Manifest) -> Result<Clips> {
    let studio = Studio::for_language(&manifest.language)?;
    let prompts = manifest.prompts.iter();
    prompts
        .map(|(id, prompt)| Ok((format!("{id}.flac"), studio.make(id, prompt.text())?)))
        .collect()
}

/// Every clip in the folder, whether a prompt asks for it or not.
fn read(folder: &Path) -> Result<Clips> {
    let cannot_read = || format!("cannot read {}", folder.display());
    let mut clips = Clips::new();
    for entry in fs::read_dir(folder).with_context(cannot_read)? {
        let file = entry.with_context(cannot_read)?.file_name();
        let file = file.to_string_lossy().into_owned();
        if file.ends_with(".flac") {
            let bytes = fs::read(folder.join(&file));
            let bytes = bytes.with_context(|| format!("cannot read {file}"))?;
            clips.insert(file, bytes);
        }
    }
    Ok(clips)
}

/// Fresh clips that are missing in the folder, or other ones there.
fn unlike<'a>(
    fresh: &'a Clips,
    stored: &'a Clips,
) -> impl Iterator<Item = (&'a String, &'a Vec<u8>)> {
    fresh.iter().filter(|(file, clip)| stored.get(*file) != Some(*clip))
}

/// Says which clips are missing or differ, and returns how many.
fn report_unlike(fresh: &Clips, stored: &Clips) -> usize {
    let found = unlike(fresh, stored).map(|(file, _)| match stored.contains_key(file) {
        true => println!("{file}: differs from what the recipe makes"),
        false => println!("{file}: missing"),
    });
    found.count()
}

/// Says which clips belong to no prompt, and returns how many.
fn report_stale(fresh: &Clips, stored: &Clips) -> usize {
    let stale = stored.keys().filter(|file| !fresh.contains_key(*file));
    stale.map(|file| println!("{file}: belongs to no prompt")).count()
}
