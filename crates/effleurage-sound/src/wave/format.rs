//! The `fmt ` chunk of a WAV file, and what its samples are as numbers.

use crate::fault::ClipFault;

/// How samples are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Format {
    /// How many samples a frame has.
    pub channels: usize,
    /// Frames a second.
    pub hz: u32,
    /// What each of them is.
    pub kind: Kind,
}

/// What a sample is, the lowest byte first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A whole number of so many bytes; one byte alone has no sign.
    Whole(usize),
    /// A number of 32 bits with a point.
    Float,
    /// The same of 64 bits.
    Double,
    /// G.711 as in Europe.
    ALaw,
    /// G.711 as in America and Japan.
    MuLaw,
    /// No sample at all, but MPEG frames.
    Mpeg,
}

/// The number that stands for another in 24 further bytes.
const EXTENSIBLE: u16 = 0xfffe;
/// Where in these the other begins.
const SUBFORMAT: usize = 24;

impl Format {
    /// Reads what is in a `fmt ` chunk; more than is needed is passed over.
    pub fn read(chunk: &[u8]) -> Result<Format, ClipFault> {
        let number = |at: usize| {
            let bytes = chunk.get(at..at + 2).and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(0, u16::from_le_bytes)
        };
        if chunk.len() < 14 {
            return Err(ClipFault::Malformed("its format is not told".to_owned()));
        }
        let hz = u32::from(number(4)) | u32::from(number(6)) << 16;
        let (channels, align, bits) = (number(2), number(12), number(14));
        let tag = match number(0) {
            EXTENSIBLE if chunk.len() >= SUBFORMAT + 2 => number(SUBFORMAT),
            tag => tag,
        };
        // What a sample takes may be more than what it needs.
        let width = match align.checked_rem(channels) {
            Some(0) if align > 0 => align / channels,
            _ => bits.div_ceil(8),
        };
        let kind = match (tag, width) {
            (1, 1..=4) => Kind::Whole(width.into()),
            (3, 4) => Kind::Float,
            (3, 8) => Kind::Double,
            (6, 1) => Kind::ALaw,
            (7, 1) => Kind::MuLaw,
            (0x50 | 0x55, _) => Kind::Mpeg,
            // Of how many channels or none, it is told elsewhere.
            (1, _) if channels == 0 => Kind::Whole(1),
            _ => return Err(ClipFault::Unsupported(name(tag, bits))),
        };
        Ok(Format { channels: channels.into(), hz, kind })
    }
}

/// What people call what cannot be read.
fn name(tag: u16, bits: u16) -> String {
    match tag {
        1 | 3 => return format!("WAV with samples of {bits} bits"),
        2 | 0x11 | 0x14..=0x17 | 0x40 | 0x45 | 0x64 | 0x65 => "WAV with ADPCM",
        0x31 => "WAV with GSM",
        0x22 | 0x130 => "WAV with speech of an old codec",
        0xff | 0x1600..=0x1602 | 0xa106 => "WAV with AAC",
        0x160..=0x163 => "WAV with Windows Media Audio",
        0x2000 => "WAV with AC-3",
        0x566f | 0x674f..=0x6771 => "WAV with Vorbis",
        _ => return format!("WAV of kind {tag:#06x}"),
    }
    .to_owned()
}

impl Kind {
    /// How many bytes a sample takes.
    pub fn width(self) -> usize {
        match self {
            Kind::Whole(width) => width,
            Kind::Float => 4,
            Kind::Double => 8,
            Kind::ALaw | Kind::MuLaw | Kind::Mpeg => 1,
        }
    }

    /// The sample that `code`, of so many bytes, means; full scale at 1.
    pub fn sample(self, code: &[u8]) -> f32 {
        match (self, code) {
            (Kind::Whole(1), [code]) => (f32::from(*code) - 128.0) / 128.0,
            (Kind::Float, [a, b, c, d]) => f32::from_le_bytes([*a, *b, *c, *d]),
            (Kind::Double, code) => code.try_into().map_or(0.0, f64::from_le_bytes) as f32,
            (Kind::ALaw, [code]) => f32::from(a_law(*code)) / 32_768.0,
            (Kind::MuLaw, [code]) => f32::from(mu_law(*code)) / 32_768.0,
            (_, code) => {
                let high = code.iter().rev().zip([24, 16, 8, 0]);
                let whole = high.fold(0, |whole, (byte, place)| whole | i32::from(*byte) << place);
                (f64::from(whole) / 2_147_483_648.0) as f32
            }
        }
    }
}

/// ITU-T G.711, table 1, in steps of 16 bits.
fn a_law(code: u8) -> i16 {
    let code = code ^ 0x55;
    let (segment, place) = (code >> 4 & 7, i16::from(code & 0xf) << 4);
    let size = match segment {
        0 => place + 8,
        _ => (place + 0x108) << (segment - 1),
    };
    if code & 0x80 != 0 { size } else { -size }
}

/// ITU-T G.711, table 2, in steps of 16 bits.
fn mu_law(code: u8) -> i16 {
    let code = !code;
    let (segment, place) = (code >> 4 & 7, i16::from(code & 0xf) << 3);
    let size = ((place + 0x84) << segment) - 0x84;
    if code & 0x80 != 0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_what_the_standards_say() {
        // G.711: the largest of each sign, and the smallest.
        assert_eq!([0x80, 0x00, 0xff, 0x7f].map(mu_law), [32_124, -32_124, 0, 0]);
        assert_eq!([0xaa, 0x2a, 0xd5, 0x55].map(a_law), [32_256, -32_256, 8, -8]);
        let cases: [(Kind, &[u8], f32); 9] = [
            (Kind::Whole(1), &[0], -1.0),
            (Kind::Whole(1), &[192], 0.5),
            (Kind::Whole(2), &[0, 0xc0], -0.5),
            (Kind::Whole(3), &[0, 0, 0x40], 0.5),
            (Kind::Whole(3), &[1, 0, 0], 1.0 / 8_388_608.0),
            (Kind::Whole(4), &[0, 0, 0, 0x80], -1.0),
            (Kind::Whole(4), &[0, 1, 0, 0], 256.0 / 2_147_483_648.0),
            (Kind::Float, &[0, 0, 0, 0xbf], -0.5),
            (Kind::Double, &[0, 0, 0, 0, 0, 0, 0xe0, 0x3f], 0.5),
        ];
        for (kind, code, sample) in cases {
            assert_eq!(kind.sample(code), sample, "{kind:?} {code:?}");
        }
    }

    fn chunk(numbers: [u16; 8], more: &[u8]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).chain(more.iter().copied()).collect()
    }

    #[test]
    fn a_format_may_have_more_or_less_than_it_needs() {
        let whole = Format { channels: 2, hz: 48_000, kind: Kind::Whole(2) };
        let plain = [1, 2, 48_000, 0, 0, 0, 4, 16];
        for more in [&[][..], &[0, 0], &[2, 0, 0, 0], &[7; 40]] {
            assert_eq!(Format::read(&chunk(plain, more)), Ok(whole));
        }
        let long = [EXTENSIBLE, 2, 48_000, 0, 0, 0, 4, 16];
        let more = [&[22, 0, 16, 0, 3, 0, 0, 0, 1, 0][..], &[0; 14]].concat();
        assert_eq!(Format::read(&chunk(long, &more)), Ok(whole));
        // No alignment, and no size of samples.
        assert_eq!(Format::read(&chunk([1, 2, 48_000, 0, 0, 0, 0, 16], &[])), Ok(whole));
        assert_eq!(Format::read(&chunk([1, 2, 48_000, 0, 0, 0, 4, 0], &[])[..14]), Ok(whole));
        // 20 bits in three bytes.
        let wide = Format::read(&chunk([1, 1, 8_000, 0, 0, 0, 3, 20], &[])).unwrap();
        assert_eq!(wide.kind, Kind::Whole(3));
        let adpcm = Format::read(&chunk([0x11, 1, 8_000, 0, 0, 0, 256, 4], &[0; 4]));
        assert_eq!(adpcm, Err(ClipFault::Unsupported("WAV with ADPCM".to_owned())));
        assert!(matches!(Format::read(&[1, 0, 1, 0]), Err(ClipFault::Malformed(_))));
    }
}
