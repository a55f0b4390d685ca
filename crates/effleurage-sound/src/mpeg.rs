//! MPEG frames one after the other: MP3 and its elders, or AAC as ADTS.
//!
//! A stream may begin in the middle, have tags between two frames, or go on with another
//! rate: only headers that agree tell where frames are.

/// A stream may begin so many bytes after the start of its file.
const FARTHEST_START: usize = 1 << 16;
/// So many headers agree by chance in no file.
const ENOUGH: usize = 3;

/// The headers of ISO/IEC 11172-3, 2.4.1.3, and of ISO/IEC 13818-7, 6.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What kind of frame it is the header of.
    pub kind: Kind,
    /// Frames a second.
    pub hz: u32,
    /// How many channels, by the code of the kind.
    pub channels: u8,
    /// How many bytes the frame takes; none where it is of free format.
    pub size: Option<usize>,
    /// How many of them come before its sound.
    pub start: usize,
}

/// The kinds of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// MPEG-1, or 2 (half the rates), or 2.5 (a quarter), of layer 1 to 3.
    Layer {
        /// How many times the rates of MPEG-1 were halved.
        halved: u8,
        /// The layer.
        layer: u8,
    },
    /// AAC.
    Adts,
}

const ADTS_RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];

/// Kilobits a second, by layer: of MPEG-1, and of those halved.
const KILOBITS: [[[u16; 14]; 3]; 2] = [
    [
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    ],
    [
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ],
];

impl Header {
    /// The header that `bytes` begin with, if they do.
    pub fn read(bytes: &[u8]) -> Option<Header> {
        match *bytes {
            [0xff, 0xf0 | 0xf1 | 0xf8 | 0xf9, ..] => Header::adts(bytes.first_chunk()?),
            [0xff, second, ..] if second & 0xe0 == 0xe0 => Header::layer(bytes.first_chunk()?),
            _ => None,
        }
    }

    fn adts(bytes: &[u8; 7]) -> Option<Header> {
        let [_, second, third, fourth, fifth, sixth, _] = bytes.map(usize::from);
        let hz = *ADTS_RATES.get(third >> 2 & 0xf)?;
        let channels = ((third & 1) << 2 | fourth >> 6) as u8;
        let size = (fourth & 3) << 11 | fifth << 3 | sixth >> 5;
        let start = if second & 1 == 0 { 9 } else { 7 };
        (size > start).then_some(Header { kind: Kind::Adts, hz, channels, size: Some(size), start })
    }

    fn layer(bytes: &[u8; 4]) -> Option<Header> {
        let [_, second, third, fourth] = *bytes;
        let halved = [2, u8::MAX, 1, 0][usize::from(second >> 3 & 3)];
        let layer = 4 - (second >> 1 & 3);
        let hz = *[44_100_u32, 48_000, 32_000].get(usize::from(third >> 2 & 3))?;
        if halved == u8::MAX || layer == 4 {
            return None;
        }
        let hz = hz >> halved;
        let padding = usize::from(third >> 1 & 1);
        let table = &KILOBITS[usize::from(halved.min(1))][usize::from(layer) - 1];
        let size = match third >> 4 {
            0 => None,
            code => {
                let bits = 1_000 * u32::from(*table.get(usize::from(code) - 1)?);
                Some(match (layer, halved) {
                    (1, _) => 4 * ((12 * bits / hz) as usize + padding),
                    (3, 1..) => (72 * bits / hz) as usize + padding,
                    _ => (144 * bits / hz) as usize + padding,
                })
            }
        };
        let start = if second & 1 == 0 { 6 } else { 4 };
        Some(Header { kind: Kind::Layer { halved, layer }, hz, channels: fourth >> 6, size, start })
    }

    /// Whether it is the header of a kind that is in use. What of the others looks like one
    /// may be a text in UTF-16.
    pub fn is_usual(&self) -> bool {
        matches!(self.kind, Kind::Adts | Kind::Layer { layer: 3, .. })
    }

    /// Whether both can be of one stream.
    fn agrees_with(&self, other: &Header) -> bool {
        self.kind == other.kind
            && self.hz == other.hz
            && self.size.is_some() == other.size.is_some()
    }
}

/// Where the first frame is, of some that fit together; near the start of `bytes`.
pub fn first_frame(bytes: &[u8]) -> Option<usize> {
    (0..bytes.len().min(FARTHEST_START)).find(|at| fits(&bytes[*at..]))
}

/// Whether `bytes` begin with frames that fit together, some or all of them.
fn fits(bytes: &[u8]) -> bool {
    let Some(first) = Header::read(bytes) else { return false };
    let mut at = 0;
    for n in 0..ENOUGH {
        match Header::read(bytes.get(at..).unwrap_or_default()) {
            Some(Header { size: Some(size), .. })
                if Header::read(&bytes[at..]).is_some_and(|next| next.agrees_with(&first)) =>
            {
                at += size;
                at += crate::tags::length(bytes.get(at..).unwrap_or_default());
            }
            // At the end, or in the middle of a frame that is cut off.
            _ => return n > 0 && at == bytes.len() || n > 1 && at > bytes.len(),
        }
    }
    true
}

/// Whether `bytes` begin with frames of free format, whose sizes only their distance tells.
pub fn is_free(bytes: &[u8]) -> bool {
    let Some(first) = Header::read(bytes).filter(|header| header.size.is_none()) else {
        return false;
    };
    // At 640 kbit/s and 8 kHz, none is longer.
    let near = &bytes[..bytes.len().min(1 << 14)];
    let agrees = |at: &usize| Header::read(&near[*at..]).is_some_and(|h| h.agrees_with(&first));
    let places: Vec<usize> = (0..near.len()).filter(agrees).take(64).collect();
    let distant = |size: usize| {
        (1..ENOUGH).all(|n| (0..=n).any(|padding| agrees(&(size * n + padding).min(near.len()))))
    };
    places.iter().skip(1).any(|size| distant(*size))
}

/// A frame in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Where it begins.
    pub start: usize,
    /// Its header.
    pub header: Header,
    /// All of it.
    pub bytes: &'a [u8],
}

/// The frames of `bytes`, one after the other; tags and other bytes between them are passed
/// over. The last may end before its end.
pub fn frames(bytes: &[u8]) -> impl Iterator<Item = Frame<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += crate::tags::length(&bytes[at..]);
        if Header::read(&bytes[at..]).is_none() {
            at = (at..bytes.len()).find(|at| fits(&bytes[*at..]))?;
        }
        let (start, header) = (at, Header::read(&bytes[at..])?);
        at = (at + header.size?).min(bytes.len());
        Some(Frame { start, header, bytes: &bytes[start..at] })
    })
}

/// Whether a frame holds no sound but tells of a whole recording: how many frames it has,
/// and what an encoder put before and after it.
pub fn is_info(header: &Header, frame: &[u8]) -> bool {
    let Kind::Layer { halved, layer: 3 } = header.kind else { return false };
    let side = match (halved, header.channels == 3) {
        (0, false) => 32,
        (0, true) | (_, false) => 17,
        (_, true) => 9,
    };
    // With a checksum, or without.
    let tags = [4 + side, 6 + side].map(|at| frame.get(at..).unwrap_or_default());
    tags.iter().any(|tag| tag.starts_with(b"Xing") || tag.starts_with(b"Info"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of MP3 of 32 kbit/s at 44.1 kHz, mono: 104 bytes, or 105.
    fn mp3(padded: bool) -> Vec<u8> {
        let mut frame = vec![0xff, 0xfb, 0x10 | u8::from(padded) << 1, 0xc0];
        frame.resize(104 + usize::from(padded), 0x55);
        frame
    }

    #[test]
    fn headers_tell_what_frames_are() {
        let read = |bytes: &[u8]| Header::read(bytes).map(|h| (h.kind, h.hz, h.size));
        let layer = |halved, layer| Kind::Layer { halved, layer };
        assert_eq!(read(&mp3(true)), Some((layer(0, 3), 44_100, Some(105))));
        assert_eq!(read(&[0xff, 0xfd, 0xc4, 0x00]), Some((layer(0, 2), 48_000, Some(768))));
        assert_eq!(read(&[0xff, 0xf3, 0x88, 0xc4]), Some((layer(1, 3), 16_000, Some(288))));
        assert_eq!(read(&[0xff, 0xe3, 0x18, 0xc4]), Some((layer(2, 3), 8_000, Some(72))));
        assert_eq!(read(&[0xff, 0xff, 0x14, 0xc4]), Some((layer(0, 1), 48_000, Some(32))));
        assert_eq!(read(&[0xff, 0xfb, 0x00, 0xc0]), Some((layer(0, 3), 44_100, None)));
        let adts = [0xff, 0xf1, 0x50, 0x40, 0x2a, 0x5f, 0xfc];
        assert_eq!(read(&adts), Some((Kind::Adts, 44_100, Some(338))));
        for none in [[0xff, 0xfb, 0xf0, 0xc0], [0xff, 0xeb, 0x90, 0xc0], [0xff, 0xfb, 0x9c, 0xc0]] {
            assert_eq!(read(&none), None);
        }
        assert_eq!(read(&adts[..6]), None);
    }

    #[test]
    fn a_stream_may_begin_in_the_middle_of_a_frame() {
        let stream = [mp3(false), mp3(true), mp3(false), mp3(false)].concat();
        assert_eq!(first_frame(&stream), Some(0));
        assert_eq!(first_frame(&stream[50..]), Some(54));
        assert_eq!(first_frame(&[&[0xff, 0xfb, 0x90], &stream[..]].concat()), Some(3));
        assert_eq!(first_frame(&stream[..209]), Some(0), "two frames and an end");
        assert_eq!(first_frame(b"Never painful. \xff\xfb is no MP3."), None);
        let far = [vec![0x55; FARTHEST_START], stream].concat();
        assert_eq!(first_frame(&far), None);
    }

    #[test]
    fn frames_are_found_around_tags() {
        let tag = b"ID3\x04\0\0\0\0\0\x04\xff\xfb\x10\xc0";
        let stream = [&mp3(false)[..], tag, &mp3(true), &[1; 9], &mp3(false), &mp3(true)].concat();
        let starts: Vec<usize> = frames(&stream).map(|frame| frame.start).collect();
        assert_eq!(starts, [0, 118, 232, 336]);
        assert_eq!(frames(&stream[..stream.len() - 1]).last().unwrap().bytes.len(), 104);
    }

    #[test]
    fn free_format_is_told_by_distances() {
        let mut frame = vec![0xff, 0xfb, 0x00, 0xc0];
        frame.resize(1_300, 0x55);
        let mut padded = frame.clone();
        padded[2] |= 2;
        padded.push(0);
        assert!(is_free(&[&frame[..], &padded, &frame, &frame].concat()));
        assert!(!is_free(&frame));
        assert!(!is_free(&mp3(false).repeat(3)));
    }
}
