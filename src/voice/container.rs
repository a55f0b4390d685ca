//! What kind of file a clip is, and whether all of it is there.
//!
//! Only files that begin like a format we read reach a decoder: symphonia would
//! search a whole megabyte of anything for something that looks like sound.

use std::borrow::Cow;

/// A WAV whose `data` chunk claims this much or more was written to a pipe, by a
/// program that did not know how much would follow.
const UNKNOWN_SIZE: u32 = 0x7fff_0000;

/// A tag after the sound is not looked through beyond this many bytes.
const LONGEST_TAG: usize = 1 << 20;

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
}

impl Container {
    /// The container that `bytes` begin like.
    pub fn of(bytes: &[u8]) -> Option<Container> {
        let sound = &bytes[tag_length(bytes)..];
        match sound {
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => {
                Some(Container::Wave)
            }
            [b'f', b'L', b'a', b'C', ..] => Some(Container::Flac),
            [b'O', b'g', b'g', b'S', ..] => Some(Container::Ogg),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Container::Mp4),
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Container::Matroska),
            // Some encoders leave zeros between a tag and the first frame.
            _ => match sound.iter().position(|byte| *byte != 0).map(|start| &sound[start..]) {
                Some([0xff, second, ..]) if second & 0xe0 == 0xe0 => Some(Container::Mpeg),
                _ => None,
            },
        }
    }
}

/// How many bytes an ID3v2 tag at the start of `bytes` takes.
fn tag_length(bytes: &[u8]) -> usize {
    let [b'I', b'D', b'3', _, _, flags, sizes @ ..] = bytes else { return 0 };
    let Some(sizes) = sizes.get(..4) else { return 0 };
    let size = sizes.iter().fold(0, |size, byte| size << 7 | usize::from(byte & 0x7f));
    let footer = if flags & 0x10 != 0 { 10 } else { 0 };
    (10 + size + footer).min(bytes.len())
}

/// A WAV file whose sizes can be trusted.
pub struct Wave<'a> {
    /// The file, its header mended.
    pub bytes: Cow<'a, [u8]>,
    /// Whether the sound goes on until the file ends, however long that is.
    pub is_open: bool,
}

/// Mends the sizes in the header of a WAV.
///
/// A program that writes to a pipe, or that was killed, leaves placeholders for
/// the size of the file and of the sound. And where only the file's size is wrong,
/// the sound is none the worse for it.
pub fn wave(bytes: &[u8]) -> Wave<'_> {
    let file_size = u32_at(bytes, 4).map_or(0, |size| size as usize + 8);
    let whole = file_size == bytes.len();
    let mut is_open = false;
    let mut mended = Cow::Borrowed(bytes);
    if !whole {
        // To symphonia this means: unknown.
        set_u32(mended.to_mut(), 4, u32::MAX);
    }
    if let Some((at, size)) = data_size(bytes) {
        is_open = size >= UNKNOWN_SIZE || (size == 0 && !whole);
        if is_open {
            set_u32(mended.to_mut(), at, u32::MAX);
        }
    }
    Wave { bytes: mended, is_open }
}

/// Where the size of the `data` chunk stands, and what it is.
fn data_size(bytes: &[u8]) -> Option<(usize, u32)> {
    let mut at = 12;
    loop {
        let name = bytes.get(at..at + 4)?;
        let size = u32_at(bytes, at + 4)?;
        if name == b"data" {
            return Some((at + 4, size));
        }
        at += 8 + (size as usize).next_multiple_of(2);
    }
}

/// Whether `packet`, the last one of a stream of frames, is followed by the
/// beginning of another frame: one that was cut off.
pub fn is_cut_after(packet: &[u8], bytes: &[u8]) -> bool {
    if packet.is_empty() {
        return false;
    }
    let tail = &bytes[bytes.len().saturating_sub(4 * packet.len() + LONGEST_TAG)..];
    let end = tail.windows(packet.len()).rposition(|window| window == packet);
    end.is_some_and(|start| tail.get(start + packet.len()) == Some(&0xff))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn set_u32(bytes: &mut [u8], at: usize, value: u32) {
    if let Some(place) = bytes.get_mut(at..at + 4) {
        place.copy_from_slice(&value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_how_they_begin() {
        let tag = b"ID3\x04\x00\x00\x00\x00\x01\x02".as_slice();
        let tagged = |rest: &[u8]| [tag, [7; 130].as_slice(), rest].concat();
        let cases: [(Vec<u8>, Option<Container>); 13] = [
            (b"RIFF....WAVEfmt ".to_vec(), Some(Container::Wave)),
            (b"RIFF....AVI LIST".to_vec(), None),
            (b"fLaC\0\0".to_vec(), Some(Container::Flac)),
            (b"OggS\0".to_vec(), Some(Container::Ogg)),
            (b"\0\0\0\x20ftypM4A ".to_vec(), Some(Container::Mp4)),
            (b"\x1a\x45\xdf\xa3\x9f".to_vec(), Some(Container::Matroska)),
            (vec![0xff, 0xfb, 0x90], Some(Container::Mpeg)),
            (vec![0, 0, 0, 0xff, 0xf1], Some(Container::Mpeg)),
            (tagged(b"fLaC"), Some(Container::Flac)),
            (tagged(&[0, 0, 0xff, 0xfb]), Some(Container::Mpeg)),
            (vec![0; 100], None),
            (b"\x89PNG\r\n".to_vec(), None),
            (tag[..9].to_vec(), None),
        ];
        for (bytes, container) in cases {
            assert_eq!(Container::of(&bytes), container, "{bytes:?}");
        }
    }

    fn wave_file(file_size: u32, data_size: u32) -> Vec<u8> {
        let mut bytes = b"RIFF....WAVEfmt \x03\0\0\0abc\0data....1234".to_vec();
        set_u32(&mut bytes, 4, file_size);
        set_u32(&mut bytes, 28, data_size);
        bytes
    }

    #[test]
    fn placeholders_of_a_wav_are_mended() {
        let right = wave_file(28, 4);
        assert_eq!(right.len(), 36);
        assert!(matches!(wave(&right), Wave { bytes: Cow::Borrowed(_), is_open: false }));
        let unknown = wave_file(u32::MAX, u32::MAX);
        for (file, data) in [(u32::MAX, u32::MAX), (0, 0), (0x7fff_0024, 0x7fff_0000)] {
            let mended = wave(&wave_file(file, data)).bytes.into_owned();
            assert_eq!(mended, unknown, "{file:x} {data:x}");
        }
        assert_eq!(wave(&wave_file(0, 4)).bytes.as_ref(), wave_file(u32::MAX, 4));
        assert!(!wave(&wave_file(28, 0)).is_open, "an empty WAV is empty");
    }
}
