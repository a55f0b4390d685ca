//! The picture of a track: told by its content, whatever its name.

use std::fmt;

/// A picture that players show beside a track.
#[derive(Clone, PartialEq, Eq)]
pub struct Cover {
    kind: Kind,
    width: u32,
    height: u32,
    /// Bits of a dot.
    depth: u32,
    /// The colours of a picture that has few, and numbers them.
    colours: Option<u32>,
    bytes: Vec<u8>,
}

/// What the head of a file tells of its picture.
struct Head {
    width: u32,
    height: u32,
    depth: u32,
    colours: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Png,
    Jpeg,
}

/// Why bytes are no cover, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Why.
    pub why: String,
    /// What to do.
    pub help: &'static str,
}

impl Cover {
    /// A larger file is refused: it would stand in every track.
    pub const MOST_BYTES: usize = 4 << 20;
    /// No shop and no player asks for more dots at a side.
    pub const MOST_DOTS: u32 = 4096;

    /// The picture in a PNG or a JPEG file.
    ///
    /// # Errors
    ///
    /// Where it is neither, is damaged at its start, or is too large.
    pub fn read(bytes: Vec<u8>) -> Result<Cover, Fault> {
        let refused = |why: &str, help| Err(Fault { why: why.to_owned(), help });
        if bytes.len() > Cover::MOST_BYTES {
            let help = "save it with fewer dots, or as JPEG; 1400 by 1400 dots are enough";
            return refused("it is larger than 4 MiB, which would stand in every track", help);
        }
        let is_png = bytes.starts_with(b"\x89PNG\r\n\x1a\n");
        let (kind, head) = if is_png {
            (Kind::Png, png_head(&bytes))
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            (Kind::Jpeg, jpeg_head(&bytes))
        } else {
            return refused("it is no PNG and no JPEG picture", "save the picture as one of these");
        };
        let Some(head) = head.filter(|head| head.width > 0 && head.height > 0) else {
            return refused("the picture in it is damaged", "save it again, or take another one");
        };
        let Head { width, height, depth, colours } = head;
        if width.max(height) > Cover::MOST_DOTS {
            let why = format!("it has {width} by {height} dots");
            return Err(Fault { why, help: "save it with 4096 dots a side at most; 1400 do" });
        }
        Ok(Cover { kind, width, height, depth, colours, bytes })
    }

    /// What kind of picture it is (RFC 2046).
    pub fn mime(&self) -> &'static str {
        match self.kind {
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
        }
    }

    /// Whether it is PNG; if not, it is JPEG.
    pub fn is_png(&self) -> bool {
        self.kind == Kind::Png
    }

    /// How many dots it has across.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// How many dots it has down.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// How many bits a dot has.
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// How many colours there are, where it numbers them.
    pub fn colours(&self) -> Option<u32> {
        self.colours
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Cover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} by {}", self.mime(), self.width, self.height)
    }
}

/// What the first chunk tells (PNG, third edition, section 11.2.1), where the last one is
/// there as well.
fn png_head(bytes: &[u8]) -> Option<Head> {
    let head = bytes.get(8..26).filter(|head| head.starts_with(b"\0\0\0\x0dIHDR"))?;
    let number = |bytes: &[u8]| bytes.iter().fold(0, |all: u32, byte| all << 8 | u32::from(*byte));
    let find = |name: &[u8]| bytes.windows(4).position(|window| window == name);
    find(b"IEND")?;
    let bits = u32::from(head[16]);
    let palette = find(b"PLTE").and_then(|at| bytes.get(at - 4..at));
    let (channels, colours) = match head[17] {
        0 => (1, None),
        2 => (3, None),
        3 => (1, palette.map(|length| number(length) / 3)),
        4 => (2, None),
        6 => (4, None),
        _ => return None,
    };
    let (width, height) = (number(&head[8..12]), number(&head[12..16]));
    Some(Head { width, height, depth: bits * channels, colours })
}

/// What the header of the frame tells (ITU-T T.81, annex B), to which the segments before it
/// lead, where the picture ends as such.
fn jpeg_head(bytes: &[u8]) -> Option<Head> {
    const END: [u8; 2] = [0xff, 0xd9];
    let mut at = 2;
    loop {
        while bytes.get(at..at + 2)? == [0xff, 0xff] {
            at += 1;
        }
        let &[0xff, marker, high, low] = bytes.get(at..at + 4)? else { return None };
        let is_frame = (0xc0..=0xcf).contains(&marker) && ![0xc4, 0xc8, 0xcc].contains(&marker);
        if is_frame {
            let &[bits, h1, h2, w1, w2, channels] = bytes.get(at + 4..at + 10)? else {
                return None;
            };
            let number = |high, low| u32::from(high) << 8 | u32::from(low);
            let depth = u32::from(bits) * u32::from(channels);
            let is_whole = bytes[at..].windows(2).any(|window| window == END);
            let head = Head { width: number(w1, w2), height: number(h1, h2), depth, colours: None };
            return is_whole.then_some(head);
        }
        let length = usize::from(high) << 8 | usize::from(low);
        // Dots without a frame before them, or a segment that does not hold its own length.
        if marker == 0xda || length < 2 {
            return None;
        }
        at += 2 + length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x0b\x08\x01\x02\x03\x04\x01\x01\x11\0\xff\xda\0\x02x\xff\xd9";

    fn png(width: u32, height: u32) -> Vec<u8> {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &size, b"\x08\x02\0\0\0crc!\0\0\0\0IEND"].concat()
    }

    fn why(bytes: impl Into<Vec<u8>>) -> String {
        Cover::read(bytes.into()).unwrap_err().why
    }

    #[test]
    fn a_picture_is_known_by_its_content() {
        let cover = Cover::read(png(600, 400)).unwrap();
        assert_eq!((cover.mime(), cover.width(), cover.height()), ("image/png", 600, 400));
        assert_eq!((cover.depth(), cover.colours()), (24, None));
        let cover = Cover::read(JPEG.to_vec()).unwrap();
        let size = (cover.mime(), cover.width(), cover.height());
        assert_eq!(size, ("image/jpeg", 0x0304, 0x0102));
        assert_eq!(cover.depth(), 8);
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused() {
        assert_eq!(why("GIF89a"), "it is no PNG and no JPEG picture");
        assert_eq!(why(""), "it is no PNG and no JPEG picture");
        assert_eq!(why(png(0, 5)), "the picture in it is damaged");
        assert_eq!(why(&png(5, 5)[..40]), "the picture in it is damaged");
        assert_eq!(why(png(5000, 5)), "it has 5000 by 5 dots");
        assert!(why(vec![0; Cover::MOST_BYTES + 1]).starts_with("it is larger than 4 MiB"));
        for cut in 3..JPEG.len() {
            assert_eq!(why(&JPEG[..cut]), "the picture in it is damaged", "{cut}");
        }
    }
}
