//! A clip of which only as much is made as nobody remembers.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::cache::{Cache, Key};
use super::level::Aim;
use super::resample::resampled_length;
use super::{Clip, ClipFile, Recording};
use crate::error::{ClipFault, Error, Result};
use crate::units::{Length, Lufs, SampleRate};

/// More than any clip has: five minutes at the highest rate.
const MOST_FRAMES: u64 = 300 * 384_000;

/// A clip's file whose length is known, and whose samples are decoded once somebody
/// needs them.
pub struct Take {
    file: ClipFile,
    /// What the file's bytes are known by; `None` where nothing is remembered.
    known_by: Option<Key>,
    cache: Arc<Cache>,
    recorded: Recorded,
    recording: OnceLock<Recording>,
}

/// What a plan needs of a trimmed recording.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Recorded {
    rate: SampleRate,
    frames: u64,
}

impl Take {
    /// The take in `file`, decoded unless `cache` knows how long it is.
    ///
    /// # Errors
    ///
    /// [`Error::BadClip`] where it cannot be decoded.
    pub fn new(file: ClipFile, cache: Arc<Cache>) -> Result<Take> {
        let known_by = cache.is_on().then(|| Key::of(&[b"clip", &file.bytes]));
        let key = known_by.map(|known_by| Key::of(&[b"recorded", known_by.bytes()]));
        let remembered = key.and_then(|key| Recorded::from_bytes(&cache.get(&key)?));
        let recording = OnceLock::new();
        let recorded = match remembered {
            Some(recorded) => recorded,
            None => {
                let decoded = super::recording(&file)?;
                let recorded = Recorded::of(&decoded);
                key.inspect(|key| cache.put(key, &recorded.to_bytes()));
                recording.get_or_init(|| decoded);
                recorded
            }
        };
        Ok(Take { file, known_by, cache, recorded, recording })
    }

    /// Where the clip lies.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// How long it is at `rate`.
    pub fn length(&self, rate: SampleRate) -> Length {
        let Recorded { rate: recorded_at, frames } = self.recorded;
        Length(resampled_length(frames as usize, recorded_at, rate) as u64)
    }

    /// The clip made ready at `rate`; it has the [`length`](Take::length) that was
    /// foretold.
    ///
    /// # Errors
    ///
    /// [`Error::BadClip`] where it cannot be decoded, or is silent.
    pub fn prepare(&self, rate: SampleRate, aim: Aim) -> Result<Clip> {
        let key = self.known_by.map(|known_by| prepared_key(&known_by, rate, aim));
        if let Some(clip) = key.and_then(|key| self.remembered(&key, rate)) {
            return Ok(clip);
        }
        let bad = |fault: ClipFault| Error::BadClip { path: self.path().to_owned(), fault };
        let clip = super::prepare(self.recording()?, rate, aim).map_err(bad)?;
        key.inspect(|key| self.cache.put(key, &to_bytes(&clip)));
        Ok(clip)
    }

    fn recording(&self) -> Result<&Recording> {
        if let Some(recording) = self.recording.get() {
            return Ok(recording);
        }
        let decoded = super::recording(&self.file)?;
        Ok(self.recording.get_or_init(|| decoded))
    }

    fn remembered(&self, key: &Key, rate: SampleRate) -> Option<Clip> {
        let clip = from_bytes(&self.cache.get(key)?)?;
        (clip.samples.len() as u64 == self.length(rate).0).then_some(clip)
    }
}

fn prepared_key(known_by: &Key, rate: SampleRate, aim: Aim) -> Key {
    let [loudness, ceiling] = [aim.loudness.0, aim.ceiling.0].map(f64::to_le_bytes);
    Key::of(&[b"prepared", known_by.bytes(), &rate.hz().to_le_bytes(), &loudness, &ceiling])
}

impl Recorded {
    fn of(recording: &Recording) -> Recorded {
        Recorded { rate: recording.rate, frames: recording.samples.len() as u64 }
    }

    fn to_bytes(self) -> Vec<u8> {
        [&self.rate.hz().to_le_bytes()[..], &self.frames.to_le_bytes()[..]].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Recorded> {
        let (rate, frames) = bytes.split_first_chunk()?;
        let rate = SampleRate::new(u32::from_le_bytes(*rate))?;
        let frames = u64::from_le_bytes(frames.try_into().ok()?);
        (frames <= MOST_FRAMES).then_some(Recorded { rate, frames })
    }
}

/// Its loudness, and then its samples: numbers of 8 and 4 bytes, little end first.
fn to_bytes(clip: &Clip) -> Vec<u8> {
    let mut bytes = clip.loudness.0.to_le_bytes().to_vec();
    bytes.extend(clip.samples.iter().flat_map(|sample| sample.to_le_bytes()));
    bytes
}

fn from_bytes(bytes: &[u8]) -> Option<Clip> {
    let (loudness, samples) = bytes.split_first_chunk()?;
    let (samples, rest) = samples.as_chunks();
    let samples = samples.iter().map(|sample| f32::from_le_bytes(*sample)).collect();
    let loudness = Lufs(f64::from_le_bytes(*loudness));
    rest.is_empty().then_some(Clip { samples, loudness })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone of half a second in a WAV file.
    fn file() -> ClipFile {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 8_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        for n in 0..4_000 {
            writer.write_sample(((f64::from(n) * 0.7).sin() * 8_000.0) as i16).unwrap();
        }
        writer.finalize().unwrap();
        ClipFile { path: "tone.wav".into(), bytes: bytes.into_inner().into() }
    }

    fn take(cache: &Arc<Cache>) -> Take {
        Take::new(file(), cache.clone()).unwrap()
    }

    #[test]
    fn what_is_remembered_is_what_was_made() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Arc::new(Cache::in_folder(folder.path()));
        let off = Arc::new(Cache::default());
        let first = take(&cache);
        assert!(first.recording.get().is_some(), "nothing is remembered yet");
        for (hz, loudness) in [(8_000, -16.0), (44_100, -16.0), (44_100, -20.0)] {
            let rate = SampleRate::new(hz).unwrap();
            let aim = Aim { loudness: Lufs(loudness), ..Aim::USUAL };
            let made = take(&off).prepare(rate, aim).unwrap();
            assert_eq!(first.prepare(rate, aim).unwrap(), made);
            let second = take(&cache);
            assert_eq!(second.prepare(rate, aim).unwrap(), made);
            assert_eq!(second.length(rate).0, made.samples.len() as u64);
            assert!(second.recording.get().is_none(), "nothing was decoded again");
        }
        // One of its length, and one for each rate and loudness.
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
    }
}
