//! A file read as if some of its parts were others, or were not there; nothing of the rest
//! is copied.

use std::borrow::Cow;
use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// Parts, read one after the other.
pub struct Segments<'a> {
    parts: Vec<Cow<'a, [u8]>>,
    at: u64,
    /// MPEG frames are read as a stream, which cannot seek: from a file, symphonia would
    /// guess the length by the first frames, and cut the sound to its guess.
    can_seek: bool,
}

impl<'a> Segments<'a> {
    /// These `parts`, as a file.
    pub fn file(parts: Vec<Cow<'a, [u8]>>) -> Segments<'a> {
        Segments { parts, at: 0, can_seek: true }
    }

    /// These `parts`, as a stream.
    pub fn stream(parts: Vec<Cow<'a, [u8]>>) -> Segments<'a> {
        Segments { parts, at: 0, can_seek: false }
    }

    fn length(&self) -> u64 {
        self.parts.iter().map(|part| part.len() as u64).sum()
    }

    /// What is left of the part that is read.
    fn rest(&self) -> &[u8] {
        let mut at = self.at;
        for part in &self.parts {
            match usize::try_from(at).ok().and_then(|at| part.get(at..)) {
                Some([]) | None => at -= part.len() as u64,
                Some(rest) => return rest,
            }
        }
        &[]
    }
}

impl Read for Segments<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.rest().read(into)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Segments<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let strange = || io::Error::new(io::ErrorKind::InvalidInput, "before the start");
        // Past the end there is nothing; and where that is, is of no matter.
        self.at = at.ok_or_else(strange)?.min(self.length());
        Ok(self.at)
    }
}

impl MediaSource for Segments<'_> {
    fn is_seekable(&self) -> bool {
        self.can_seek
    }

    fn byte_len(&self) -> Option<u64> {
        self.can_seek.then(|| self.length())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_one() {
        let parts = || ["ab", "", "cde", "f"].map(|part| Cow::Borrowed(part.as_bytes())).to_vec();
        let mut all = String::new();
        Segments::stream(parts()).read_to_string(&mut all).unwrap();
        assert_eq!(all, "abcdef");
        let mut file = Segments::file(parts());
        for (to, rest) in [
            (SeekFrom::Start(1), "bcdef"),
            (SeekFrom::Start(2), "cdef"),
            (SeekFrom::End(-1), "f"),
            (SeekFrom::Current(-3), "def"),
            (SeekFrom::Start(99), ""),
        ] {
            file.seek(to).unwrap();
            let mut read = String::new();
            file.read_to_string(&mut read).unwrap();
            assert_eq!(read, rest, "{to:?}");
        }
        assert!(file.seek(SeekFrom::End(-7)).is_err());
        assert_eq!(file.byte_len(), Some(6));
    }
}
