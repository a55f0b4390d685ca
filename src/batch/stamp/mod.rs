//! What a file says of what it was made from, so that a later run knows it by itself, without
//! a list beside it and whatever its time is.
//!
//! It is a text of one length, where each kind of file has a place for what programs note:
//! a chunk of a WAV file, an `APPLICATION` block of FLAC, a `PRIV` frame of ID3, a comment of
//! Opus, a `uuid` box of an MP4. Players pass it over.

mod flac;
mod mp3;
mod mp4;
mod opus;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::identity::Identity;
use super::order::Kind;
use crate::riff;
use crate::session::Whole;

/// The chunk of a WAV file, the last one.
const CHUNK: riff::Id = *b"eflb";
/// What every stamp begins with.
const MAGIC: &str = "effleurage-batch/1 ";
/// The bytes of a stamp.
const LENGTH: usize = MAGIC.len() + 64 + 1 + 16 + 1 + 7 + 1 + 7;
/// In other files it stands within so many bytes.
const HEAD_BYTES: u64 = 1 << 20;

/// What a file says of itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stamp {
    /// What it was made from.
    pub identity: Identity,
    /// How long it is, in bytes, so that one that was cut is known.
    pub bytes: u64,
    /// How loud it is.
    pub sound: Measured,
}

/// How loud the sound of a track is, before it is encoded, as a meter tells that counts its
/// channels: to a hundredth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// In LUFS, integrated over the whole (ITU-R BS.1770); none of silence.
    pub loudness: Option<f64>,
    /// The true peak, in dBTP; none of silence.
    pub true_peak: Option<f64>,
}

impl From<Whole> for Measured {
    fn from(whole: Whole) -> Measured {
        let hundredth = |number: f64| (number * 100.0).round() / 100.0;
        Measured {
            loudness: whole.loudness.map(|lufs| hundredth(lufs.0)),
            true_peak: whole.true_peak.map(|peak| hundredth(peak.0)),
        }
    }
}

impl Stamp {
    /// A text of always the same length.
    fn text(&self) -> String {
        let number = |number: Option<f64>| {
            number.map_or("   none".to_owned(), |number| format!("{number:>7.2}"))
        };
        let Measured { loudness, true_peak } = self.sound;
        let (loudness, peak) = (number(loudness), number(true_peak));
        format!("{MAGIC}{} {:016x} {loudness} {peak}", self.identity, self.bytes)
    }

    fn parsed(text: &str) -> Option<Stamp> {
        let mut parts = text.strip_prefix(MAGIC)?.split_ascii_whitespace();
        let identity = parts.next().filter(|hex| hex.len() == 64 && hex.is_ascii())?;
        let byte = |n: usize| u8::from_str_radix(&identity[2 * n..2 * n + 2], 16).ok();
        let mut bytes = [0; 32];
        for (n, into) in bytes.iter_mut().enumerate() {
            *into = byte(n)?;
        }
        let length = u64::from_str_radix(parts.next()?, 16).ok()?;
        let mut number = || match parts.next()? {
            "none" => Some(None),
            number => number.parse().ok().map(Some),
        };
        let sound = Measured { loudness: number()?, true_peak: number()? };
        Some(Stamp { identity: Identity(bytes), bytes: length, sound })
    }

    /// The stamp of the file at `path`, if it has one and is as long as that says.
    pub fn of(path: &Path) -> Option<Stamp> {
        let mut file = crate::provenance::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        let stamp = found(&mut file, length).ok()??;
        (stamp.bytes == length).then_some(stamp)
    }
}

/// The chunk in which a stamp will stand at the end of a WAV file.
pub fn empty_chunk() -> Vec<u8> {
    let mut chunk = Vec::new();
    riff::push(&mut chunk, CHUNK, &[b' '; LENGTH]);
    chunk
}

/// Puts `stamp` into the chunk at the end of a WAV file.
pub fn fill_chunk(file: &mut File, stamp: &Stamp) -> io::Result<()> {
    let padding = LENGTH as i64 % 2;
    file.seek(SeekFrom::End(-(LENGTH as i64) - padding))?;
    io::Write::write_all(file, stamp.text().as_bytes())
}

/// How many bytes longer a copy becomes by its stamp, and its beginning, once `head` has the
/// stamp in it; nothing where that is no such file.
pub fn stamped(kind: &Kind, head: &[u8], stamp: impl Fn(u64) -> Stamp) -> Option<Vec<u8>> {
    let insert: fn(&[u8], &str) -> Option<Vec<u8>> = match kind.word() {
        "flac" => flac::stamped,
        "mp3" => mp3::stamped,
        "opus" => opus::stamped,
        "m4a" | "m4b" => mp4::stamped,
        _ => return None,
    };
    // Every stamp has the same length, so the first try tells by how much the file grows.
    let grown = insert(head, &stamp(0).text())?.len() - head.len();
    insert(head, &stamp(grown as u64).text())
}

fn found(file: &mut File, length: u64) -> io::Result<Option<Stamp>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(LENGTH as u64 + LENGTH as u64 % 2)))?;
    file.take(HEAD_BYTES).read_to_end(&mut bytes)?;
    if let Some(stamp) = within(&bytes) {
        return Ok(Some(stamp));
    }
    bytes.clear();
    file.rewind()?;
    file.take(HEAD_BYTES).read_to_end(&mut bytes)?;
    Ok(within(&bytes))
}

fn within(bytes: &[u8]) -> Option<Stamp> {
    let at = bytes.windows(MAGIC.len()).position(|window| window == MAGIC.as_bytes())?;
    let text = bytes.get(at..at + LENGTH)?;
    Stamp::parsed(str::from_utf8(text).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_has_one_length_and_comes_back() {
        for (loudness, true_peak) in
            [(Some(-23.456), Some(0.0)), (Some(-70.0), Some(-101.5)), (None, None)]
        {
            let sound = Measured { loudness, true_peak };
            let stamp = Stamp { identity: Identity([0xa7; 32]), bytes: u64::MAX, sound };
            assert_eq!(stamp.text().len(), LENGTH);
            let again = Stamp::parsed(&stamp.text()).unwrap();
            assert_eq!((again.identity, again.bytes), (stamp.identity, stamp.bytes));
            assert_eq!(again.text(), stamp.text());
        }
        for text in ["", MAGIC, "effleurage-batch/1 a7 10 none none", "effleurage-batch/2 "] {
            assert_eq!(Stamp::parsed(text), None);
        }
    }
}
