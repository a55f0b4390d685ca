//! Copies that hold the very samples, decoded by somebody else's decoders.

use std::io::Cursor;

use effleurage_core::mix::Source;
use effleurage_core::tags::Tags;
use effleurage_core::timeline::{Section, SectionKind, Timeline};
use effleurage_core::units::{FrameRange, Length, Position, SampleRate};
use effleurage_encode::{About, Format, named};
use effleurage_engine::cancel::CancelToken;
use effleurage_engine::wav::{Bits, Channels, Frames, Watch};
use effleurage_sound::decode::decode_sides_up_to;

/// Sounds of every kind, one after the other: silence, noise as loud as can be, a soft tone,
/// steps, and a difference between the sides.
struct Sounds {
    is_wide: bool,
}

fn white(n: u64) -> f32 {
    let hash = (n.wrapping_add(1)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (hash >> 40) as f32 / (1 << 23) as f32 - 1.0
}

fn sample(n: u64) -> f32 {
    match n / 3_001 % 7 {
        0 | 3 => 0.0,
        1 => white(n),
        2 => (n as f32 * 0.05).sin() * 0.1,
        4 => {
            if (n / 37).is_multiple_of(2) {
                1.0
            } else {
                -1.0
            }
        }
        5 => white(n) * 0.001,
        _ => (n as f32 * 0.01).sin(),
    }
}

impl Source for Sounds {
    fn mix(&self, at: Position, block: &mut [f32]) -> bool {
        let half = if self.is_wide { 0.5 } else { 1.0 };
        block.iter_mut().zip(at.0..).for_each(|(to, n)| *to = sample(n) * half);
        true
    }

    fn is_wide(&self) -> bool {
        self.is_wide
    }

    fn side(&self, at: Position, block: &mut [f32]) -> bool {
        block.iter_mut().zip(at.0..).for_each(|(to, n)| *to = sample(n + 9_000) * 0.5);
        true
    }
}

fn timeline(rate: SampleRate, length: Length) -> Timeline {
    let section = Section {
        id: "one".to_owned(),
        title: "Uno — Ñandú".to_owned(),
        begins: None,
        kind: SectionKind::Pause,
        range: FrameRange::new(Position::START, length),
    };
    let mut timeline =
        Timeline { title: "Lossless".to_owned(), ..Timeline::empty("x", "en", rate) };
    timeline.sections.push(section);
    timeline
}

fn copy(name: &str, shape: (u32, Bits, Channels), length: u64, source: &Sounds) -> Vec<u8> {
    let (hz, bits, channels) = shape;
    let rate = SampleRate::new(hz).unwrap();
    let format = Format::new(named(name).unwrap(), rate, bits, channels).unwrap();
    let range = FrameRange::new(Position::START, Length(length));
    let timeline = timeline(rate, range.length);
    let (title, language) = (timeline.title.clone(), "en".to_owned());
    let tags = Tags { title, language, ..Tags::default() };
    let about = About { timeline: &timeline, tags: &tags, cover: None };
    let mut out = Cursor::new(Vec::new());
    let watch = Watch { progress: &|_| (), cancel: CancelToken::default() };
    let written = format.write(&mut out, &about, &Frames::of(range, source), &watch);
    assert!(written.is_ok());
    out.into_inner()
}

#[test]
fn apple_lossless_holds_the_samples_that_flac_holds() {
    for hz in [8_000, 44_100, 48_000, 96_000, 192_000] {
        for bits in [Bits::Sixteen, Bits::TwentyFour] {
            for (channels, is_wide) in
                [(Channels::Mono, false), (Channels::Stereo, false), (Channels::Stereo, true)]
            {
                let shape = (hz, bits, channels);
                let source = &Sounds { is_wide };
                for length in [1, 2, 9, 10, 4_095, 4_096, 4_097, 45_017] {
                    let what = format!("{shape:?} {is_wide} {length}");
                    let file = copy("m4a", shape, length, source);
                    if let Some(folder) = std::env::var_os("LOSSLESS") {
                        let name = format!(
                            "{hz}-{}-{}-{is_wide}-{length}.m4a",
                            bits.count(),
                            channels.count()
                        );
                        std::fs::write(std::path::Path::new(&folder).join(name), &file).unwrap();
                    }
                    let flac = copy("flac", shape, length, source);
                    let [decoded, planned] = [file, flac].map(|file| {
                        let decoded = decode_sides_up_to(&file, 60);
                        let (middle, side) = decoded.unwrap_or_else(|f| panic!("{what}: {f:?}"));
                        assert_eq!(middle.samples.len() as u64, length, "{what}");
                        (middle.rate, middle.samples, side)
                    });
                    assert!(decoded == planned, "{what}");
                }
            }
        }
    }
}
