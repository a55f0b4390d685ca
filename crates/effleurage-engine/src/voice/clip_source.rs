//! A clip of which only as much is made as nobody remembers.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::level::LoudnessTarget;
use super::memory::{Key, Memory, recalled, sample_bytes, samples};
use super::resample::resampled_length;
use super::{Clip, ClipFile, Recording};
use crate::error::{ClipFault, Error, Result};
use crate::routine::words::{Room, Word};
use crate::units::{Length, Lufs, SampleRate};

/// More than any clip has: five minutes at the highest rate.
const MOST_FRAMES: u64 = 300 * 384_000;

/// A clip's file whose length is known, and whose samples are decoded once somebody
/// needs them.
pub struct ClipSource {
    file: ClipFile,
    /// What the file's bytes are known by; `None` where nothing is remembered.
    known_by: OnceLock<Option<Key>>,
    memory: Arc<dyn Memory>,
    recorded: Recorded,
    recording: OnceLock<Recording>,
}

/// A clip that can be had at any time.
pub struct Ready {
    /// How loud it comes out.
    pub loudness: Lufs,
    /// Its samples; none where they are remembered.
    pub samples: Option<Vec<f32>>,
}

/// What a plan needs of a trimmed recording.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Recorded {
    rate: SampleRate,
    frames: u64,
}

impl ClipSource {
    /// The clip in `file`, decoded unless `memory` knows how long it is.
    ///
    /// # Errors
    ///
    /// [`Error::BadClip`] where it cannot be decoded.
    pub fn new(file: ClipFile, memory: Arc<dyn Memory>) -> Result<ClipSource> {
        let unknown = Recorded { rate: SampleRate::CD, frames: 0 };
        let mut source = ClipSource::of(file, memory, unknown);
        let key = source.known_by().map(|known_by| Key::of(&[b"recorded", known_by.bytes()]));
        let remembered = key.and_then(|key| recalled(&*source.memory, &key, Recorded::from_bytes));
        source.recorded = match remembered {
            Some(recorded) => recorded,
            None => {
                let recorded = Recorded::of(source.recording()?);
                if let Some(key) = key {
                    source.memory.put(&key, &recorded.to_bytes());
                }
                recorded
            }
        };
        Ok(source)
    }

    /// The clip in `file`, of which somebody wrote down that it has so many frames at `rate`
    /// once it is trimmed.
    pub fn of_length(
        file: ClipFile,
        memory: Arc<dyn Memory>,
        rate: SampleRate,
        frames: u64,
    ) -> ClipSource {
        ClipSource::of(file, memory, Recorded { rate, frames })
    }

    fn of(file: ClipFile, memory: Arc<dyn Memory>, recorded: Recorded) -> ClipSource {
        let (known_by, recording) = (OnceLock::new(), OnceLock::new());
        ClipSource { file, known_by, memory, recorded, recording }
    }

    /// What its file is known by, whatever that is called; `None` where nothing is remembered.
    pub fn known_by(&self) -> Option<Key> {
        let key = || self.memory.is_on().then(|| Key::of(&[b"clip", &self.file.bytes]));
        *self.known_by.get_or_init(key)
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

    /// The clip made ready at `rate`, spoken in `room`; it has the [`length`](ClipSource::length)
    /// that was foretold.
    ///
    /// # Errors
    ///
    /// [`Error::BadClip`] where it cannot be decoded, or is silent.
    pub fn prepare(&self, rate: SampleRate, room: Room, aim: LoudnessTarget) -> Result<Clip> {
        Ok(self.made_ready(rate, room, aim)?.0)
    }

    /// The same, and whether it is remembered from now on.
    fn made_ready(
        &self,
        rate: SampleRate,
        room: Room,
        aim: LoudnessTarget,
    ) -> Result<(Clip, bool)> {
        let key = self.known_by().map(|known_by| prepared_key(&known_by, rate, room, aim));
        if let Some(clip) = key.and_then(|key| self.remembered(&key, rate)) {
            return Ok((clip, true));
        }
        let bad = |fault: ClipFault| Error::BadClip { path: self.path().to_owned(), fault };
        let clip = super::prepare(self.recording()?, rate, room, aim).map_err(bad)?;
        if clip.samples.len() as u64 != self.length(rate).0 {
            let path = self.path().display();
            let what = format!("{path} has not the length that is written down of it");
            return Err(Error::Ours { what });
        }
        let is_kept = key.is_some_and(|key| self.memory.put(&key, &to_bytes(&clip)));
        Ok((clip, is_kept))
    }

    /// How loud the clip comes out that [`prepare`](ClipSource::prepare) makes of it; it is made
    /// only where nobody remembers that.
    ///
    /// # Errors
    ///
    /// As of [`prepare`](ClipSource::prepare).
    pub fn loudness(&self, rate: SampleRate, room: Room, aim: LoudnessTarget) -> Result<Lufs> {
        Ok(self.ready(rate, room, aim)?.loudness)
    }

    /// Sees to it that [`prepare`](ClipSource::prepare) is quick and does not fail, or tells its
    /// samples where nobody remembers them.
    ///
    /// # Errors
    ///
    /// As of [`prepare`](ClipSource::prepare).
    pub fn ready(&self, rate: SampleRate, room: Room, aim: LoudnessTarget) -> Result<Ready> {
        let key = self.known_by().map(|known_by| prepared_key(&known_by, rate, room, aim));
        let key = key.map(|prepared| Key::of(&[b"loudness", prepared.bytes()]));
        let read = |bytes: &[u8]| Some(Lufs(f64::from_le_bytes(bytes.try_into().ok()?)));
        if let Some(loudness) = key.and_then(|key| recalled(&*self.memory, &key, read)) {
            return Ok(Ready { loudness, samples: None });
        }
        let (Clip { samples, loudness }, is_kept) = self.made_ready(rate, room, aim)?;
        if let Some(key) = key {
            self.memory.put(&key, &loudness.0.to_le_bytes());
        }
        Ok(Ready { loudness, samples: (!is_kept).then_some(samples) })
    }

    fn recording(&self) -> Result<&Recording> {
        if let Some(recording) = self.recording.get() {
            return Ok(recording);
        }
        let decoded = super::recording(&self.file)?;
        Ok(self.recording.get_or_init(|| decoded))
    }

    fn remembered(&self, key: &Key, rate: SampleRate) -> Option<Clip> {
        let clip = recalled(&*self.memory, key, from_bytes)?;
        (clip.samples.len() as u64 == self.length(rate).0).then_some(clip)
    }
}

fn prepared_key(known_by: &Key, rate: SampleRate, room: Room, aim: LoudnessTarget) -> Key {
    let [loudness, ceiling] = [aim.loudness.0, aim.ceiling.0].map(f64::to_le_bytes);
    let (rate, room) = (rate.hz().to_le_bytes(), room.word().as_bytes());
    Key::of(&[b"prepared", known_by.bytes(), &rate, room, &loudness, &ceiling])
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

/// Its loudness, a number of 8 bytes, little end first, and then its samples.
fn to_bytes(clip: &Clip) -> Vec<u8> {
    let loudness = clip.loudness.0.to_le_bytes();
    loudness.into_iter().chain(sample_bytes(&clip.samples)).collect()
}

fn from_bytes(bytes: &[u8]) -> Option<Clip> {
    let (loudness, rest) = bytes.split_first_chunk()?;
    let loudness = Lufs(f64::from_le_bytes(*loudness));
    samples(rest).map(|samples| Clip { samples, loudness })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use super::super::memory::Forgetful;
    use super::*;

    /// Keeps everything.
    #[derive(Default)]
    struct Kept(Mutex<BTreeMap<String, Vec<u8>>>);

    impl Memory for Kept {
        fn is_on(&self) -> bool {
            true
        }

        fn get(&self, key: &Key, see: &mut dyn FnMut(&[u8])) {
            if let Some(kept) = self.0.lock().unwrap().get(&key.name()) {
                see(kept);
            }
        }

        fn put(&self, key: &Key, content: &[u8]) -> bool {
            self.0.lock().unwrap().insert(key.name(), content.to_vec());
            true
        }
    }

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

    fn source(memory: &Arc<dyn Memory>) -> ClipSource {
        ClipSource::new(file(), memory.clone()).unwrap()
    }

    #[test]
    fn a_run_decodes_a_built_in_clip_once_and_for_no_plan() {
        let pack = crate::voice::built_in("en").unwrap().unwrap();
        let source = pack.clip_source("halfway").unwrap().unwrap();
        let foretold = source.length(SampleRate::CD);
        assert!(source.recording.get().is_none());
        let prepare = || source.prepare(SampleRate::CD, Room::Off, LoudnessTarget::USUAL).unwrap();
        assert_eq!(prepare().samples.len() as u64, foretold.0);
        let again = pack.clip_source("halfway").unwrap().unwrap();
        assert!(Arc::ptr_eq(&source, &again) && again.recording.get().is_some());
    }

    #[test]
    fn what_is_remembered_is_what_was_made() {
        let kept = Arc::new(Kept::default());
        let memory: Arc<dyn Memory> = kept.clone();
        let off: Arc<dyn Memory> = Arc::new(Forgetful);
        let first = source(&memory);
        assert!(first.recording.get().is_some(), "nothing is remembered yet");
        let cases = [
            (8_000, Room::Off, -16.0),
            (44_100, Room::Off, -16.0),
            (44_100, Room::Off, -20.0),
            (44_100, Room::Warm, -16.0),
        ];
        let mut all = Vec::new();
        for (hz, room, loudness) in cases {
            let rate = SampleRate::new(hz).unwrap();
            let aim = LoudnessTarget { loudness: Lufs(loudness), ..LoudnessTarget::USUAL };
            let made = source(&off).prepare(rate, room, aim).unwrap();
            assert!(!all.contains(&made.samples), "another clip for each");
            all.push(made.samples.clone());
            assert_eq!(first.prepare(rate, room, aim).unwrap(), made);
            let second = source(&memory);
            assert_eq!(second.prepare(rate, room, aim).unwrap(), made);
            assert_eq!(second.length(rate).0, made.samples.len() as u64);
            assert_eq!(second.loudness(rate, room, aim).unwrap(), made.loudness);
            kept.0.lock().unwrap().retain(|_, kept| kept.len() < 1_000);
            let third = source(&memory);
            assert_eq!(third.loudness(rate, room, aim).unwrap(), made.loudness);
            assert!(third.recording.get().is_none(), "that is remembered by itself");
            assert!(second.recording.get().is_none(), "nothing was decoded again");
        }
        // Its length, and how loud it is at each rate, in each room and at each loudness.
        assert_eq!(kept.0.lock().unwrap().len(), 5);
    }
}
