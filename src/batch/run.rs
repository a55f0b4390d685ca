//! All orders of a share, side by side: what is there is left alone, what is not is made.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::make::{self, Maker, Whole};
use super::order::Order;
use super::plan::Planned;
use super::prove::Proof;
use super::report::Entry;
use super::stamp::Stamp;
use super::voices::Voices;
use crate::cancel::CancelToken;
use crate::error::{Error, Result};
use crate::units::{Decibels, Length};
use crate::voice::Pack;

/// Orders with their plans, and where their files go.
pub struct Batch<'a> {
    /// What is made, and what is known of it.
    pub work: Vec<(&'a Order, Planned)>,
    /// Where it goes.
    pub folder: &'a Path,
    /// The voices.
    pub voices: &'a Voices,
    /// What an earlier run told, by file: what need not be read again.
    pub known: BTreeMap<String, Entry>,
    /// Whether every file is proved.
    pub verify: bool,
    /// So many orders are made at once.
    pub jobs: usize,
}

/// Who looks on.
pub trait Watcher: Sync {
    /// So many more frames of files are there, or were there.
    fn frames(&self, more: Length);
    /// A file is there, or is not.
    fn file(&self, file: &Finished);
    /// A file that is there is not what it should be, and is made anew.
    fn changed(&self, name: &str, why: &str);
    /// A clip comes out quieter than it should.
    fn quiet(&self, clip: &Path, missing: Decibels);
}

/// A file, and what came of it.
pub struct Finished {
    /// Its path in the folder.
    pub name: String,
    /// What is told of it, or why it is not there.
    pub result: Result<Entry>,
    /// Whether this run made it.
    pub is_new: bool,
}

impl Batch<'_> {
    /// Makes what is not there, the longest first, and tells of every file in the order of the
    /// table. What fails does not stop the rest.
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`].
    pub fn run(&self, watcher: &dyn Watcher, cancel: &CancelToken) -> Result<Vec<Finished>> {
        let mut queue: Vec<usize> = (0..self.work.len()).collect();
        queue.sort_by_key(|n| (std::cmp::Reverse(weight(&self.work[*n])), *n));
        let next = AtomicUsize::new(0);
        let finished = Mutex::new(Vec::new());
        let work = || {
            while let Some(n) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
                if cancel.signal().is_some() {
                    break;
                }
                for file in self.order(*n, watcher, cancel) {
                    watcher.file(&file.1);
                    finished.lock().unwrap_or_else(PoisonError::into_inner).push(file);
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..self.jobs.clamp(1, queue.len().max(1)) {
                scope.spawn(work);
            }
        });
        cancel.check()?;
        let mut finished = finished.into_inner().unwrap_or_else(PoisonError::into_inner);
        finished.sort_by_key(|(place, _)| *place);
        Ok(finished.into_iter().map(|(_, file)| file).collect())
    }

    /// The files of one order, each with its place.
    fn order(
        &self,
        n: usize,
        watcher: &dyn Watcher,
        cancel: &CancelToken,
    ) -> Vec<((usize, usize), Finished)> {
        let (order, planned) = &self.work[n];
        let all = 0..order.files.len();
        let found = all.clone().filter_map(|k| Some((k, (self.found(order, planned, k)?, false))));
        let mut told: Told = found.collect();
        if self.verify || told.len() < order.files.len() {
            match self.voices.named(&order.voice) {
                Ok(pack) => {
                    let maker = &Maker {
                        folder: self.folder,
                        progress: &|more| watcher.frames(more),
                        quiet: &|clip, missing| watcher.quiet(clip, missing),
                        cancel: cancel.clone(),
                    };
                    Work { order, planned, pack: &pack, maker }.finish(&mut told, self, watcher);
                }
                Err((why, help)) => {
                    told.extend(all.map(|k| (k, (Err(order.refused(k, &why, &help)), true))));
                }
            }
        }
        let finished = told.into_iter().map(|(k, (result, is_new))| {
            if !is_new {
                watcher.frames(planned.files[k].frames);
            }
            let name = order.files[k].name.clone();
            ((n, k), Finished { name, result, is_new })
        });
        finished.collect()
    }

    /// The stamp of a file that is there already, and is what it should be.
    pub fn stamp(&self, order: &Order, planned: &Planned, k: usize) -> Option<Stamp> {
        let stamp = Stamp::of(&self.folder.join(&order.files[k].name));
        stamp.filter(|stamp| stamp.identity == planned.files[k].identity)
    }

    /// What is told of such a file.
    fn found(&self, order: &Order, planned: &Planned, k: usize) -> Option<Result<Entry>> {
        self.told(order, planned, k, self.stamp(order, planned, k)?)
    }

    /// What is told of a file with this `stamp`, which is what it should be.
    pub fn told(
        &self,
        order: &Order,
        planned: &Planned,
        k: usize,
        stamp: Stamp,
    ) -> Option<Result<Entry>> {
        let (file, planned) = (&order.files[k], &planned.files[k]);
        let path = self.folder.join(&file.name);
        let told = self.known.get(&file.name);
        let told = told.filter(|told| told.made_from == planned.identity.to_string());
        if let Some(told) = told.filter(|told| told.bytes == stamp.bytes) {
            return Some(Ok(Entry { row: order.row + 1, ..told.clone() }));
        }
        let summed = File::open(&path).and_then(|mut file| make::sum(&[], &mut file));
        let (bytes, sha256) = match summed {
            Ok(summed) => summed,
            Err(why) => return Some(Err(Error::unreadable(&path, &why))),
        };
        let voice = self.voices.named(&order.voice).ok()?;
        let whole = Whole { bytes, sha256, sound: stamp.sound };
        Some(Ok(whole.entry(order, file, planned, &voice.id)))
    }
}

/// What is told of files by their index in their order, and whether they are new.
type Told = BTreeMap<usize, (Result<Entry>, bool)>;

/// What is done for one order.
struct Work<'a> {
    order: &'a Order,
    planned: &'a Planned,
    pack: &'a Pack,
    maker: &'a Maker<'a>,
}

impl Work<'_> {
    /// Makes all files that nothing is told of; where all shall be proved, those that are
    /// there but not what they should be, too.
    fn finish(&self, told: &mut Told, batch: &Batch<'_>, watcher: &dyn Watcher) {
        if batch.verify {
            let there = told.iter().filter(|(_, (told, _))| told.is_ok()).map(|(k, _)| *k);
            for (k, proof) in self.proofs(&there.collect::<Vec<_>>()) {
                match proof {
                    Ok(None) => {}
                    Ok(Some(why)) => {
                        watcher.changed(&self.order.files[k].name, &why);
                        told.remove(&k);
                    }
                    Err(error) => drop(told.insert(k, (Err(error), false))),
                }
            }
        }
        let wanted = 0..self.order.files.len();
        let wanted: Vec<usize> = wanted.filter(|k| !told.contains_key(k)).collect();
        let made = self.maker.make(self.order, self.planned, &wanted, self.pack);
        let new: Vec<usize> =
            made.iter().filter(|(_, made)| made.is_ok()).map(|(k, _)| *k).collect();
        told.extend(made.into_iter().map(|(k, made)| (k, (made, true))));
        if batch.verify {
            for (k, proof) in self.proofs(&new) {
                let path = batch.folder.join(&self.order.files[k].name);
                let error = match proof {
                    Ok(None) => continue,
                    Ok(Some(why)) => {
                        let why = format!("what is read is not what was written: {why}");
                        Error::Unwritable { path, why: std::io::Error::other(why) }
                    }
                    Err(error) => error,
                };
                told.insert(k, (Err(error), true));
            }
        }
    }

    fn proofs(&self, there: &[usize]) -> Vec<(usize, Result<Proof>)> {
        self.maker.prove(self.order, self.planned, there, self.pack)
    }
}

/// How many frames an order still takes at most.
fn weight((_, planned): &(&Order, Planned)) -> u64 {
    planned.files.iter().map(|file| file.frames.0).sum()
}
