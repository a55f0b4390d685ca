//! HE-AAC, told from the AAC that it is built on.
//!
//! Phones record it: AAC at half the rate, with hints of how to make the upper half of the
//! sound from it (spectral band replication, ISO/IEC 14496-3, 4.6.18). symphonia passes the
//! hints over. What it decodes is dull, and where the container counts the frames of the
//! whole sound, it is too short as well; so such a file is better refused for what it is.
//!
//! A file may say so before the first packet, or leave it to be found in every one.

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;

use crate::fault::ClipFault;

/// So many packets are looked at.
const ENOUGH: usize = 64;
/// Of so many, nine have hints where it is HE-AAC. By chance one in a hundred looks so.
const PARTS: usize = 10;

/// The packets of a stream, looked at as they come.
#[derive(Default)]
pub struct Watch {
    is_aac: bool,
    seen: usize,
    hinting: usize,
}

impl Watch {
    /// Watches the stream with these `parameters`.
    pub fn of(parameters: Option<&AudioCodecParameters>) -> Watch {
        let is_aac = parameters.is_some_and(|parameters| parameters.codec == CODEC_ID_AAC);
        Watch { is_aac, ..Watch::default() }
    }

    /// Looks at a packet.
    pub fn see(&mut self, packet: &[u8]) {
        if self.is_aac && self.seen < ENOUGH {
            self.seen += 1;
            self.hinting += usize::from(has_hints(packet));
        }
    }

    /// What came of the stream, `outcome`; or, where it is HE-AAC, that it is.
    pub fn judge<T>(&self, outcome: Result<T, ClipFault>) -> Result<T, ClipFault> {
        let is_high = self.hinting > 0 && self.hinting * PARTS >= self.seen * (PARTS - 1);
        if is_high { Err(ClipFault::Unsupported("HE-AAC".to_owned())) } else { outcome }
    }
}

const FILL: u32 = 0b110;
const END: u32 = 0b111;

/// Whether `packet` ends in hints of an upper half: in an element that fills it up (4.4.2.7,
/// `ID_FIL`) and holds them, perhaps in others that only fill, and in one that ends it.
///
/// Where elements begin, only decoding the sound would tell. But these say how long they
/// are, so they must end where all ends.
fn has_hints(packet: &[u8]) -> bool {
    (0..packet.len() * 8).any(|at| begins_with_hints(packet, at) == Some(true))
}

fn begins_with_hints(packet: &[u8], at: usize) -> Option<bool> {
    const HINTS: [u32; 2] = [0b1101, 0b1110];
    let (start, mut after) = filling(packet, at)?;
    if after == start || !HINTS.contains(&bits(packet, start, 4)?) {
        return None;
    }
    while let Some((_, end)) = filling(packet, after) {
        after = end;
    }
    let rest = (packet.len() * 8).checked_sub(after + 3).filter(|rest| *rest < 8)?;
    Some(bits(packet, after, 3)? == END && bits(packet, after + 3, rest)? == 0)
}

/// From where to where is what fills the packet, in an element that begins at `at`.
fn filling(packet: &[u8], at: usize) -> Option<(usize, usize)> {
    if bits(packet, at, 3) != Some(FILL) {
        return None;
    }
    let (count, start) = match bits(packet, at + 3, 4)? {
        15 => (14 + bits(packet, at + 7, 8)?, at + 15),
        count => (count, at + 7),
    };
    Some((start, start + count as usize * 8))
}

/// The number in so many bits, 25 at most.
fn bits(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    if at + count > bytes.len() * 8 {
        return None;
    }
    let byte = |n: usize| u32::from(*bytes.get(at / 8 + n).unwrap_or(&0));
    let word = byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
    Some((word << (at % 8)).checked_shr(32 - count as u32).unwrap_or(0))
}

/// What people call the AAC with these `parameters`, which is of a kind that cannot be
/// decoded (`AudioSpecificConfig`, 1.6.2.1).
pub fn name(parameters: &AudioCodecParameters) -> &'static str {
    let data = parameters.extra_data.as_deref().unwrap_or_default();
    let kind = match bits(data, 0, 5) {
        Some(31) => bits(data, 5, 6).map(|more| 32 + more),
        kind => kind,
    };
    // Behind what every decoder reads: 0x2b7, the kind that is meant, and that it is there.
    let is_high = bits(data, 16, 17) == Some(0x2b7 << 6 | 5 << 1 | 1);
    match kind {
        Some(5 | 29) => "HE-AAC",
        Some(2) if is_high => "HE-AAC",
        Some(1) => "AAC Main",
        Some(3) => "AAC SSR",
        Some(4 | 19) => "AAC LTP",
        Some(23) => "AAC-LD",
        Some(39) => "AAC-ELD",
        Some(42) => "xHE-AAC",
        Some(2) => "AAC of more than two channels",
        _ => "AAC of a rare kind",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte of nothing.
    const FILLED: &str = "110000100010101";

    /// Some sound of so many bits, an element that fills up with `kind` and so many bytes,
    /// another that fills up with nothing, and the end.
    fn packet(sound: usize, kind: u32, count: u32) -> Vec<u8> {
        let mut text = "10".repeat(sound)[..sound].to_owned();
        text += &match count {
            15.. => format!("1101111{:08b}", count - 14),
            count => format!("110{count:04b}"),
        };
        text += &format!("{kind:04b}{}{FILLED}111", "0110".repeat(count as usize * 2 - 1));
        text += &"0".repeat(text.len().next_multiple_of(8) - text.len());
        let digits: Vec<u8> = text.bytes().map(|digit| digit - b'0').collect();
        digits.chunks(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | bit)).collect()
    }

    #[test]
    fn hints_are_found_at_the_end_of_packets() {
        for sound in [3, 100, 1_001, 4_007] {
            for count in [1, 14, 15, 40, 269] {
                assert!(has_hints(&packet(sound, 0b1101, count)), "{sound} bits, {count}");
                assert!(has_hints(&packet(sound, 0b1110, count)), "{sound} bits, {count}");
                assert!(!has_hints(&packet(sound, 0b0000, count)), "{sound} bits, {count}");
                let whole = packet(sound, 0b1101, count);
                assert!(!has_hints(&whole[..whole.len() - 1]), "cut: {sound} bits, {count}");
            }
        }
        assert!(!has_hints(&[]));
    }

    #[test]
    fn a_stream_is_judged_by_most_of_its_packets() {
        let judged = |with: usize, without: usize| {
            let mut watch = Watch { is_aac: true, ..Watch::default() };
            (0..with).for_each(|_| watch.see(&packet(100, 0b1101, 20)));
            (0..without).for_each(|_| watch.see(&packet(100, 0, 20)));
            watch.judge(Ok(())).is_err()
        };
        assert!(judged(1, 0) && judged(60, 0) && judged(18, 2));
        assert!(!judged(0, 0) && !judged(0, 9) && !judged(2, 10));
    }

    #[test]
    fn kinds_are_named() {
        let named = |data: &[u8]| {
            let mut parameters = AudioCodecParameters::new();
            parameters.with_extra_data(data.into());
            name(&parameters)
        };
        // 44.1 kHz from 22.05 kHz, mono; the same told behind; and of six channels.
        assert_eq!(named(&[0x2b, 0x8a, 0x08, 0x00]), "HE-AAC");
        assert_eq!(named(&[0x13, 0x88, 0x56, 0xe5, 0xa0]), "HE-AAC");
        assert_eq!(named(&[0x11, 0xb0]), "AAC of more than two channels");
        assert_eq!(named(&[0xf8, 0xe6, 0x40, 0x00]), "AAC-ELD");
        assert_eq!(named(&[]), "AAC of a rare kind");
    }
}
