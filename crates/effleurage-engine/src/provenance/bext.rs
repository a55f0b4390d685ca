//! What a broadcaster wants to know of a WAV file: the chunk `bext` of version 2 (EBU Tech 3285,
//! 2011).

use super::SOFTWARE;
use crate::riff;
use crate::tags::Tags;
use crate::wav::{Bits, Channels, Format};

/// The chunk.
pub const ID: riff::Id = *b"bext";
/// Bytes of a description, of who made it, and of their own name for it.
const DESCRIPTION: usize = 256;
const ORIGINATOR: usize = 32;
/// Bytes of a date and a time, which are left empty: the same request gives the same bytes.
const DATE_AND_TIME: usize = 10 + 8;
const VERSION: u16 = 2;
/// A number that nobody has given to it (SMPTE 330M).
const UMID: usize = 64;
const RESERVED: usize = 180;
/// What stands for a value that there is not.
const NONE: i16 = 0x7fff;

/// How loud the sound of a file is (EBU R 128), each of its channels as it is; none where
/// there is only silence, or too little of anything else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loudness {
    /// Integrated, in LUFS.
    pub integrated: Option<f64>,
    /// The range, in LU.
    pub range: Option<f64>,
    /// The highest true peak, in dBTP.
    pub true_peak: Option<f64>,
    /// The highest within 400 ms, in LUFS.
    pub momentary: Option<f64>,
    /// The highest within 3 s, in LUFS.
    pub short_term: Option<f64>,
}

/// The chunk of a file that begins with the first frame of its time.
pub fn chunk(tags: &Tags, format: &Format, loudness: &Loudness) -> Vec<u8> {
    let Loudness { integrated, range, true_peak, momentary, short_term } = loudness;
    let values = [integrated, range, true_peak, momentary, short_term];
    let values: Vec<u8> = values.into_iter().flat_map(|v| hundredths(*v).to_le_bytes()).collect();
    let (no_reference, time) = (text("", ORIGINATOR), 0_u64);
    let mut history = history(format);
    // Some readers do not know that a chunk of an odd length is padded.
    if history.len() % 2 == 1 {
        history.push('\0');
    }
    let content = [
        &text(&tags.title, DESCRIPTION)[..],
        &text(SOFTWARE, ORIGINATOR),
        &no_reference,
        &[0; DATE_AND_TIME],
        &time.to_le_bytes(),
        &VERSION.to_le_bytes(),
        &[0; UMID],
        &values,
        &[0; RESERVED],
        history.as_bytes(),
    ];
    let mut chunk = Vec::new();
    riff::push(&mut chunk, ID, &content.concat());
    chunk
}

/// Letters of ASCII, filled with zeros; what is none of these stands as its nearest, or as a
/// question mark.
fn text(text: &str, length: usize) -> Vec<u8> {
    let mut letters: Vec<u8> = text.chars().map(plain).take(length).collect();
    letters.resize(length, 0);
    letters
}

fn plain(letter: char) -> u8 {
    const LIKE: [(&str, u8); 16] = [
        ("áàâãäå", b'a'),
        ("ÁÀÂÃÄÅ", b'A'),
        ("éèêë", b'e'),
        ("ÉÈÊË", b'E'),
        ("íìîï", b'i'),
        ("ÍÌÎÏ", b'I'),
        ("óòôõöø", b'o'),
        ("ÓÒÔÕÖØ", b'O'),
        ("úùûü", b'u'),
        ("ÚÙÛÜ", b'U'),
        ("ç", b'c'),
        ("Ç", b'C'),
        ("ñ", b'n'),
        ("Ñ", b'N'),
        ("–—", b'-'),
        ("“”", b'"'),
    ];
    match u8::try_from(letter) {
        Ok(ascii @ b' '..=b'~') => ascii,
        _ => LIKE.iter().find(|(like, _)| like.contains(letter)).map_or(b'?', |(_, plain)| *plain),
    }
}

fn hundredths(value: Option<f64>) -> i16 {
    let rounded = value.filter(|value| value.is_finite()).map(|value| (value * 100.0).round());
    rounded.map_or(NONE, |value| value.clamp(-9999.0, 9999.0) as i16)
}

/// How it was coded, in one line (EBU R 98).
fn history(format: &Format) -> String {
    let mode = match format.channels {
        Channels::Mono => "mono",
        Channels::Stereo => "stereo",
    };
    let float = if format.bits == Bits::ThirtyTwo { ";float" } else { "" };
    let (hz, bits) = (format.rate.hz(), format.bits.count());
    format!("A=PCM,F={hz},W={bits},M={mode},T={SOFTWARE}{float}\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleRate;

    /// The places of the fields are those of EBU Tech 3285, section 2.3, counted by hand.
    #[test]
    fn every_field_stands_where_the_standard_has_it() {
        let tags = Tags { title: "Masaje ñ — 力".to_owned(), ..Tags::default() };
        let format =
            Format { rate: SampleRate::CD, bits: Bits::TwentyFour, channels: Channels::Stereo };
        let loudness = Loudness {
            integrated: Some(-23.0),
            range: Some(12.344),
            true_peak: Some(-1.0),
            momentary: Some(0.005),
            short_term: None,
        };
        let chunk = chunk(&tags, &format, &loudness);
        let content = &chunk[8..];
        assert_eq!(&chunk[..4], b"bext");
        assert_eq!(u32::from_le_bytes(chunk[4..8].try_into().unwrap()) as usize, content.len());
        assert_eq!(&content[..14], b"Masaje n - ?\0\0");
        assert_eq!(&content[256..266], b"effleurage");
        assert!(content[288..346].iter().all(|byte| *byte == 0));
        assert_eq!(content[346..348], [2, 0]);
        let expected = [0x04, 0xf7, 0xd2, 0x04, 0x9c, 0xff, 0x01, 0x00, 0xff, 0x7f];
        assert_eq!(content[412..422], expected);
        assert!(content[422..602].iter().all(|byte| *byte == 0));
        let history = format!("A=PCM,F=44100,W=24,M=stereo,T={SOFTWARE}\r\n");
        assert!(content[602..].starts_with(history.as_bytes()));
    }
}
