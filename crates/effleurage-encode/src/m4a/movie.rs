//! What stands before the sound of an MP4 (ISO/IEC 14496-12, section 8): how long everything
//! is and where it stands.

use super::boxes::{boxed, full, table, u16, u32};
use super::tags;
use crate::alac::{self, FRAMES, Shape};
use crate::{About, Format};
use effleurage_core::tags::iso_639_2;

/// Packets that are told to stand together.
const TOGETHER: usize = 32;
/// The numbers of the tracks.
const SOUND: u32 = 1;
const CHAPTERS: u32 = 2;
/// Enabled, and a part of what is played and of what is shown before that.
const PLAYED: u32 = 7;
/// A part of what is there, which nobody plays.
const NOT_PLAYED: u32 = 0;
/// As loud as it is, and played at once.
const WHOLE: u32 = 0x1_0000;
/// Nothing is turned, moved or stretched.
const MATRIX: [u32; 9] = [WHOLE, 0, 0, 0, WHOLE, 0, 0, 0, 0x4000_0000];

/// A movie of a session.
pub struct Movie<'a> {
    /// What it says of itself.
    pub about: &'a About<'a>,
    /// What its samples are.
    pub format: Format,
    /// How many frames it has.
    pub frames: u64,
    /// The title of each chapter as a sample of its track, and how many frames it lasts.
    pub chapters: Vec<(Vec<u8>, u64)>,
    /// Whether it is told to be a book.
    pub is_book: bool,
    /// Whether it may have more than 4 GiB.
    pub is_large: bool,
}

/// What is known once all packets are made.
#[derive(Default)]
pub struct Packets {
    /// How many bytes each has.
    pub sizes: Vec<u32>,
    /// Where the first of them stands.
    pub start: u64,
    /// Where the first title stands.
    pub titles: u64,
}

/// How many packets so many frames take.
pub fn packets(frames: u64) -> usize {
    frames.div_ceil(FRAMES as u64) as usize
}

impl Movie<'_> {
    /// What samples are.
    pub fn shape(&self) -> Shape {
        Shape {
            bits: u32::from(self.format.bits().count()),
            rate: self.format.rate().hz(),
            channels: u32::from(self.format.channels().count()),
        }
    }

    /// The box of the movie, which always has as many bytes.
    pub fn boxed(&self, packets: &Packets) -> Vec<u8> {
        let next_track = u32(CHAPTERS + 1);
        let head = [
            &self.times(true),
            &u32(WHOLE)[..],
            &u16(0x100),
            &[0; 10],
            &matrix(),
            &[0; 24],
            &next_track,
        ];
        let head = full(b"mvhd", self.version(), 0, &head);
        let tags = tags::user_data(self.about, self.is_book);
        boxed(b"moov", &[&head, &self.sound(packets), &self.titles(packets), &tags])
    }

    /// Times take 32 bits where that is enough, for there are old players.
    fn version(&self) -> u8 {
        u8::from(u32::try_from(self.frames).is_err())
    }

    fn time(&self, frames: u64) -> Vec<u8> {
        match self.version() {
            0 => u32(frames as u32).to_vec(),
            _ => frames.to_be_bytes().to_vec(),
        }
    }

    /// When it was made and changed, which nobody knows, so that bytes repeat; units a second;
    /// how many of them it lasts.
    fn times(&self, with_units: bool) -> Vec<u8> {
        let unknown = self.time(0);
        let units = if with_units { &u32(self.format.rate().hz())[..] } else { &[] };
        [&unknown, &unknown, units, &self.time(self.frames)].concat()
    }

    fn track_head(&self, number: u32, flags: u32) -> Vec<u8> {
        let unknown = self.time(0);
        let volume = if number == SOUND { 0x100 } else { 0 };
        let content = [
            &unknown,
            &unknown,
            &u32(number)[..],
            &u32(0),
            &self.time(self.frames),
            &[0; 8],
            // In front, in no group.
            &[0; 4],
            &u16(volume),
            &u16(0),
            &matrix(),
            // No width and no height.
            &[0; 8],
        ];
        full(b"tkhd", self.version(), flags, &content)
    }

    /// All of it is played, from the first frame to the last.
    fn edits(&self) -> Vec<u8> {
        let entry = [self.time(self.frames), self.time(0), u32(WHOLE).to_vec()].concat();
        boxed(b"edts", &[&full(b"elst", self.version(), 0, &[&u32(1), &entry])])
    }

    /// The head of what is in a track, in which language, and who knows what to do with it.
    fn media(&self, handler: &[u8; 4], name: &str, information: &[u8]) -> Vec<u8> {
        let language = language(&self.about.tags.language);
        let times = self.times(true);
        let head = full(b"mdhd", self.version(), 0, &[&times, &u16(language), &u16(0)]);
        let handler = full(b"hdlr", 0, 0, &[&u32(0), handler, &[0; 12], name.as_bytes(), &[0]]);
        boxed(b"mdia", &[&head, &handler, information])
    }

    fn sound(&self, packets: &Packets) -> Vec<u8> {
        let chapters = boxed(b"tref", &[&boxed(b"chap", &[&u32(CHAPTERS)])]);
        let balance = full(b"smhd", 0, 0, &[&u32(0)]);
        let tables = boxed(b"stbl", &[&self.alac(packets), &self.packet_tables(packets)]);
        let information = boxed(b"minf", &[&balance, &here(), &tables]);
        let media = self.media(b"soun", "Sound", &information);
        let head = self.track_head(SOUND, PLAYED);
        boxed(b"trak", &[&head, &self.edits(), &chapters, &media])
    }

    /// What packets are.
    fn alac(&self, packets: &Packets) -> Vec<u8> {
        let shape = self.shape();
        let largest = packets.sizes.iter().copied().max().unwrap_or(0);
        let bytes: u64 = packets.sizes.iter().map(|size| u64::from(*size)).sum();
        let a_second =
            u128::from(bytes) * 8 * u128::from(shape.rate) / u128::from(self.frames.max(1));
        let config = alac::config(shape, largest, u32::try_from(a_second).unwrap_or(0));
        // A number of 16 bits before the point; what is more stands in the configuration.
        let rate = u16::try_from(shape.rate).map_or(0, u32::from) << 16;
        let entry = [
            &[0; 6][..],
            &u16(1),
            &[0; 8],
            &u16(shape.channels as u16),
            &u16(shape.bits as u16),
            &[0; 4],
            &u32(rate),
            &full(b"alac", 0, 0, &[&config]),
        ];
        full(b"stsd", 0, 0, &[&u32(1), &boxed(b"alac", &entry)])
    }

    /// How long packets are, how they stand together, their bytes, and where they stand.
    fn packet_tables(&self, packets: &Packets) -> Vec<u8> {
        let whole = self.frames / FRAMES as u64;
        let rest = self.frames % FRAMES as u64;
        let runs = [(whole, FRAMES as u64), (1.min(rest), rest)];
        let runs: Vec<[u8; 8]> = runs
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, frames)| pair(count as u32, frames as u32))
            .collect();
        let count = self::packets(self.frames);
        let (groups, left) = (count / TOGETHER, count % TOGETHER);
        let together = [(1, TOGETHER, groups), (groups + 1, left, left)];
        let together: Vec<[u8; 12]> = together
            .into_iter()
            .filter(|(_, _, is_there)| *is_there > 0)
            .map(|(first, each, _)| triple(first as u32, each as u32, 1))
            .collect();
        let sizes = |n: usize| u32(packets.sizes.get(n).copied().unwrap_or(0));
        let sizes: Vec<u8> = (0..count).flat_map(sizes).collect();
        let sizes = full(b"stsz", 0, 0, &[&u32(0), &u32(count as u32), &sizes]);
        let mut at = packets.start;
        let places = (0..count).step_by(TOGETHER).map(|first| {
            let here = at;
            let group = packets.sizes.iter().skip(first).take(TOGETHER);
            at += group.map(|size| u64::from(*size)).sum::<u64>();
            here
        });
        let places = places.collect();
        [
            table(b"stts", runs.into_iter()),
            table(b"stsc", together.into_iter()),
            sizes,
            self.places(places),
        ]
        .concat()
    }

    fn places(&self, places: Vec<u64>) -> Vec<u8> {
        if self.is_large {
            table(b"co64", places.into_iter().map(u64::to_be_bytes))
        } else {
            table(b"stco", places.into_iter().map(|at| u32(at as u32)))
        }
    }

    /// The track of chapters: titles, each as long as its chapter ("QuickTime File Format",
    /// "Chapter Lists").
    fn titles(&self, packets: &Packets) -> Vec<u8> {
        let entry = [
            &[0; 6][..],
            &u16(1),
            // How it looks, which nobody sees: flags, and to the left.
            &u32(0),
            &u32(1),
            // A background, a box, a font, a colour, and no name of a font.
            &[0; 35],
        ];
        let entry = full(b"stsd", 0, 0, &[&u32(1), &boxed(b"text", &entry)]);
        let lengths = self.chapters.iter().map(|(_, frames)| pair(1, *frames as u32));
        let sizes: Vec<u8> =
            self.chapters.iter().flat_map(|(title, _)| u32(title.len() as u32)).collect();
        let count = u32(self.chapters.len() as u32);
        let together = triple(1, self.chapters.len() as u32, 1);
        let tables = [
            entry,
            table(b"stts", lengths),
            table(b"stsc", [together].into_iter()),
            full(b"stsz", 0, 0, &[&u32(0), &count, &sizes]),
            self.places(vec![packets.titles]),
        ];
        let no_picture = full(b"gmin", 0, 0, &[&u16(0x40), &[0x80, 0, 0x80, 0, 0x80, 0], &[0; 4]]);
        let text = boxed(b"text", &[&matrix()]);
        let generic = boxed(b"gmhd", &[&no_picture, &text]);
        let tables = boxed(b"stbl", &[&tables.concat()]);
        let information = boxed(b"minf", &[&generic, &here(), &tables]);
        let media = self.media(b"text", "Chapters", &information);
        let head = self.track_head(CHAPTERS, NOT_PLAYED);
        boxed(b"trak", &[&head, &self.edits(), &media])
    }
}

/// What is told of stands in this very file.
fn here() -> Vec<u8> {
    let this_file = full(b"url ", 0, 1, &[]);
    boxed(b"dinf", &[&full(b"dref", 0, 0, &[&u32(1), &this_file])])
}

fn matrix() -> [u8; 36] {
    let mut bytes = [0; 36];
    for (number, into) in MATRIX.iter().zip(bytes.as_chunks_mut().0) {
        *into = u32(*number);
    }
    bytes
}

fn pair(one: u32, other: u32) -> [u8; 8] {
    (u64::from(one) << 32 | u64::from(other)).to_be_bytes()
}

fn triple(one: u32, two: u32, three: u32) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&pair(one, two));
    bytes[8..].copy_from_slice(&u32(three));
    bytes
}

/// Three letters in fifteen bits (section 8.4.2.3).
fn language(language: &str) -> u16 {
    iso_639_2(language).bytes().fold(0, |all, letter| all << 5 | u16::from(letter - 0x60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_packed_as_the_standard_says() {
        // "und" and "eng", as players write them.
        assert_eq!((language("xx"), language("en-GB")), (0x55c4, 0x15c7));
    }
}
