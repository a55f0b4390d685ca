//! What kind of file a recording is, told by its content alone.
//!
//! Only files that begin like a format we read reach a decoder: symphonia would
//! search a whole megabyte of anything for something that looks like sound.

use super::{flac, foreign, loas, mpeg, tags, wave};

/// Behind a tag that says a wrong size, sound is looked for no farther than this.
const FARTHEST: usize = 1 << 24;

/// The formats, by what holds the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// RIFF/WAVE.
    Wave,
    /// FLAC.
    Flac,
    /// Ogg.
    Ogg,
    /// MP4 (M4A).
    Mp4,
    /// Matroska (WebM).
    Matroska,
    /// MPEG frames one after the other: MP3, or AAC as ADTS.
    Mpeg,
    /// AAC in frames of LOAS.
    Loas,
}

impl Container {
    /// The container in the file in `bytes`, and where it begins: behind all tags.
    pub fn find(bytes: &[u8]) -> Option<(Container, usize)> {
        let start = tags::length(bytes);
        let begins = |at: usize| Some((Container::at_start(&bytes[at..])?, at));
        begins(start).or_else(|| mpeg_frames(bytes, start)).or_else(|| match start {
            0 => other_frames(bytes),
            // A tag whose size is wrong hides the sound behind it, or a part of it.
            _ => (10..bytes.len().min(FARTHEST)).find_map(|at| {
                let plain = matches!(bytes[at], b'R' | b'f');
                plain.then(|| begins(at)).flatten()
            }),
        })
    }

    /// The container that `bytes` begin like, if that is beyond doubt.
    fn at_start(bytes: &[u8]) -> Option<Container> {
        match bytes {
            bytes if wave::is_wave(bytes) => Some(Container::Wave),
            [b'f', b'L', b'a', b'C', ..] => Some(Container::Flac),
            [b'O', b'g', b'g', b'S', ..] => Some(Container::Ogg),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] if !foreign::is_picture(bytes) => {
                Some(Container::Mp4)
            }
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Container::Matroska),
            bytes if loas::is_loas(bytes) => Some(Container::Loas),
            bytes if flac::is_frame(bytes) => Some(Container::Flac),
            _ => None,
        }
    }
}

/// Frames of other kinds in a stream that was caught in the middle of one.
fn other_frames(bytes: &[u8]) -> Option<(Container, usize)> {
    let loas = loas::first_frame(bytes).map(|at| (Container::Loas, at));
    loas.or_else(|| flac::first_whole_frame(bytes).map(|at| (Container::Flac, at)))
}

/// Where MPEG frames begin: at `start`, behind zeros, or in the middle of a stream.
fn mpeg_frames(bytes: &[u8], start: usize) -> Option<(Container, usize)> {
    let zeros = bytes[start..].iter().take_while(|byte| **byte == 0).count();
    let after = start + zeros;
    let rest = &bytes[after..];
    let farther = mpeg::first_frame(rest).map(|frame| after + frame);
    let farther = farther.or_else(|| mpeg::is_free(rest).then_some(after));
    let farther = farther.or_else(|| mpeg::first_frame(bytes));
    // A single frame, or one that is cut off, fits together with nothing.
    let alone = || mpeg::Header::read(rest).filter(mpeg::Header::is_usual).map(|_| after);
    farther.or_else(alone).map(|at| (Container::Mpeg, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file, and what is found in it where.
    type Case = (Vec<u8>, Option<(Container, usize)>);

    #[test]
    fn files_are_known_by_how_they_begin() {
        let tag = b"ID3\x04\x00\x00\x00\x00\x01\x02".as_slice();
        let tagged = |rest: &[u8]| [tag, [7; 130].as_slice(), rest].concat();
        let lying = |rest: &[u8]| [b"ID3\x04\0\0\x7f\0\0\0", [7; 13].as_slice(), rest].concat();
        let mp3 = [&[0xff, 0xfb, 0x10, 0xc0][..], &[0; 100]].concat().repeat(3);
        let cases: [Case; 21] = [
            (b"RIFF....WAVEfmt ".to_vec(), Some((Container::Wave, 0))),
            (b"RF64....WAVEds64".to_vec(), Some((Container::Wave, 0))),
            (b"RIFF....AVI LIST".to_vec(), None),
            (b"fLaC\0\0".to_vec(), Some((Container::Flac, 0))),
            (b"OggS\0".to_vec(), Some((Container::Ogg, 0))),
            (b"\0\0\0\x20ftypM4A ".to_vec(), Some((Container::Mp4, 0))),
            (b"\0\0\0\x18ftypheic".to_vec(), None),
            (b"\x1a\x45\xdf\xa3\x9f".to_vec(), Some((Container::Matroska, 0))),
            (vec![0xff, 0xfb, 0x90, 0x64], Some((Container::Mpeg, 0))),
            (vec![0, 0, 0, 0xff, 0xfb, 0x90, 0x64], Some((Container::Mpeg, 3))),
            (mp3[50..].to_vec(), Some((Container::Mpeg, 54))),
            (tagged(b"fLaC"), Some((Container::Flac, 140))),
            (tagged(b"RIFF....WAVE"), Some((Container::Wave, 140))),
            (tagged(&tagged(b"fLaC")), Some((Container::Flac, 280))),
            (tagged(&[0, 0, 0xff, 0xfb, 0x90, 0x64]), Some((Container::Mpeg, 142))),
            (lying(b"RIFF....WAVE"), Some((Container::Wave, 23))),
            (lying(&mp3), Some((Container::Mpeg, 23))),
            (vec![0xff, 0xfe, 0x48, 0], None),
            (vec![0; 100], None),
            (b"\x89PNG\r\n".to_vec(), None),
            (tag[..9].to_vec(), None),
        ];
        for (bytes, container) in cases {
            assert_eq!(Container::find(&bytes), container, "{bytes:?}");
        }
    }
}
