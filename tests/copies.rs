//! Copies for phones, decoded again.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use crate::support::{built_in, effleurage, lengths, names, plan, rate, read, stderr, stdout};

use effleurage::cancel::CancelToken;
use effleurage::encode::{self, About, Format};
use effleurage::tags::Tags;
use effleurage::timeline::Timeline;
use effleurage::units::{FrameRange, Length, Position};
use effleurage::voice::decode::decode_up_to;
use effleurage::wav::{self, Bits, Channels};
use id3::TagLike;

/// Noise that no frame of which is like another, and whose highest half is soft, so that
/// every encoder keeps it.
fn noise(at: Position, block: &mut [f32]) -> bool {
    let white = |n: u64| {
        let hash = (n.wrapping_add(1)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (hash >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    for (n, sample) in block.iter_mut().enumerate() {
        let at = at.0 + n as u64;
        *sample = (0..8).map(|n| white(at + n)).sum::<f32>() / 16.0;
    }
    true
}

fn samples(length: u64) -> Vec<f32> {
    let mut samples = vec![0.0; length as usize];
    noise(Position::START, &mut samples);
    samples
}

/// The first `length` frames of a session.
fn timeline(hz: u32, length: u64) -> Timeline {
    let mut timeline = plan(&read(&built_in("self-short").text), rate(hz), &lengths(rate(hz), 60));
    timeline.sections.retain(|section| section.range.start.0 < length);
    let last = timeline.sections.last_mut().unwrap();
    last.range.length = Length(length - last.range.start.0);
    timeline
}

fn watch<'a>() -> wav::Watch<'a> {
    wav::Watch { progress: &|_| (), cancel: CancelToken::default() }
}

fn write(
    path: &Path,
    format: &Format,
    length: u64,
    watch: &wav::Watch<'_>,
    block: Option<usize>,
) -> effleurage::error::Result<()> {
    let timeline = timeline(format.rate().hz(), length);
    let frames = wav::Frames {
        range: FrameRange::new(Position::START, Length(length)),
        source: &noise,
        block,
    };
    encode::write_to_file(path, format, &about(&timeline, &tags(&timeline)), &frames, watch)
}

/// What a track is called that is asked nothing.
fn tags(timeline: &Timeline) -> Tags {
    let (title, language) = (timeline.title.clone(), "en".to_owned());
    Tags { title, language, ..Tags::default() }
}

fn about<'a>(timeline: &'a Timeline, tags: &'a Tags) -> About<'a> {
    About { timeline, tags, cover: None }
}

/// Which copy.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Flac(Bits),
    Mp3,
    Opus,
}

fn format(kind: Kind, hz: u32, channels: Channels) -> Format {
    let (name, bits) = match kind {
        Kind::Flac(bits) => ("flac", bits),
        Kind::Mp3 => ("mp3", Bits::Sixteen),
        Kind::Opus => ("opus", Bits::Sixteen),
    };
    let encoder = encode::named(name).unwrap();
    Format::new(encoder, rate(hz), bits, channels).unwrap()
}

/// The bytes of a copy of `length` frames of noise.
fn copy_of(format: &Format, length: u64) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy");
    write(&path, format, length, &watch(), None).unwrap();
    fs::read(path).unwrap()
}

const CHANNELS: [Channels; 2] = [Channels::Mono, Channels::Stereo];
const FLAC: Kind = Kind::Flac(Bits::Sixteen);

/// As the WAV file of the same depth has them: compared code by code.
#[test]
fn flac_holds_the_samples_of_the_wav_file() {
    let folder = tempfile::tempdir().unwrap();
    for hz in [8_000, 11_025, 22_050, 44_100, 48_000, 65_537, 96_000, 100_001, 192_000] {
        for (bits, channels) in [Bits::Sixteen, Bits::TwentyFour].into_iter().zip(CHANNELS) {
            for length in [1, 2, 15, 16, 4_095, 4_096, 4_097, 20_001] {
                let copy = copy_of(&format(Kind::Flac(bits), hz, channels), length);
                let decoded = decode_up_to(&copy, 60).unwrap();
                let path = folder.path().join("x.wav");
                let wave = wav::Format { rate: rate(hz), bits, channels };
                let frames = wav::Frames {
                    range: FrameRange::new(Position::START, Length(length)),
                    source: &noise,
                    block: None,
                };
                wav::write_to_file(&path, &wave, &frames, wav::Chunks::default(), &watch())
                    .unwrap();
                let codes = hound::WavReader::open(&path).unwrap().into_samples::<i32>();
                let channels = usize::from(channels.count());
                let codes: Vec<i32> = codes.step_by(channels).map(Result::unwrap).collect();
                let full_scale = f64::from(1 << (bits.count() - 1));
                let of = |sample: &f32| (f64::from(*sample) * full_scale) as i32;
                let found: Vec<i32> = decoded.samples.iter().map(of).collect();
                assert!(found == codes, "{hz} {bits:?} {length}");
                assert_eq!(decoded.rate.hz(), hz);
            }
        }
    }
}

/// Bytes of STREAMINFO (RFC 9639, section 8.2).
#[test]
fn flac_tells_its_length_and_checksum() {
    let copy = copy_of(&format(FLAC, 44_100, Channels::Stereo), 100_000);
    assert_eq!(&copy[..8], b"fLaC\0\0\0\x22");
    let info = &copy[8..42];
    let packed = u64::from_be_bytes(info[10..18].try_into().unwrap());
    assert_eq!(packed >> 44, 44_100);
    assert_eq!((packed >> 41 & 7) + 1, 2);
    assert_eq!((packed >> 36 & 31) + 1, 16);
    assert_eq!(packed & ((1 << 36) - 1), 100_000);
    assert!(info[18..].iter().any(|byte| *byte != 0), "the MD5 is missing");
}

#[test]
fn what_is_said_of_a_copy_tells_who_keeps_to_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let said = stderr(&run(folder.path(), &["--rate", "22050", "-o", "x.mp3"]));
    let start = "x.mp3: 0:06:00.000, 7938000 frames (a player that ignores its LAME tag starts up \
                 to 74 ms late), ";
    assert!(said.starts_with(start), "{said}");
    let output = run(folder.path(), &["--rate", "8000", "--also", "json,opus"]);
    let said = stderr(&output);
    let said: Vec<&str> = said.lines().collect();
    assert!(said[0].starts_with("self-short.wav: 0:06:00.000, 2880000 frames, "), "{said:?}");
    let start = "self-short.opus: 0:06:00.000, 17280000 frames at 48000 Hz, ";
    assert!(said[1].starts_with(start), "{said:?}");
    assert_eq!(said[2..], ["self-short.json: the plan"]);
    // The same as when it is the track, whatever the rate of the others.
    let alone = run(folder.path(), &["--rate", "8000", "-q", "-o", "x.opus", "--also", "json"]);
    assert!(alone.status.success());
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("x.opus") == read("self-short.opus"));
    let text = String::from_utf8(read("x.json")).unwrap();
    assert!(text.contains("\"sample_rate\": 48000"), "{}", &text[..300]);
}

/// The comments of a FLAC or Opus file: each has its length before it.
fn comments(bytes: &[u8]) -> Vec<(String, String)> {
    let start = bytes.windows(6).position(|six| six == b"TITLE=").unwrap() - 4;
    let mut rest = &bytes[start..];
    let mut comments = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let text = after.get(..length).and_then(|text| std::str::from_utf8(text).ok());
        let Some((name, value)) = text.and_then(|text| text.split_once('=')) else { break };
        comments.push((name.to_owned(), value.to_owned()));
        rest = &after[length..];
    }
    comments
}

#[track_caller]
fn assert_comments(bytes: &[u8]) {
    let found = comments(bytes);
    let found: Vec<(&str, &str)> = found.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(
        found,
        [
            ("TITLE", "Leg self-massage in six minutes"),
            ("LANGUAGE", "en"),
            ("ENCODER", concat!("effleurage ", env!("CARGO_PKG_VERSION"))),
            ("CHAPTER000", "00:00:00.000"),
            ("CHAPTER000NAME", "Opening chime"),
            ("CHAPTER001", "00:00:01.000"),
            ("CHAPTER001NAME", "When not to do it"),
        ]
    );
}

#[test]
fn flac_has_title_and_chapters() {
    assert_comments(&copy_of(&format(FLAC, 8_000, Channels::Mono), 20_000));
}

/// Where `copy` fits `original` best: by how many frames it is late.
fn lag(original: &[f32], copy: &[f32]) -> i64 {
    const FARTHEST: usize = 2_500;
    let window = &original[FARTHEST..original.len() - FARTHEST];
    let fit = |start: usize| -> f32 {
        let part = &copy[start..start + window.len()];
        window.iter().zip(part).map(|(a, b)| a * b).sum()
    };
    let fits = (0..=2 * FARTHEST).map(|start| (start, fit(start)));
    let best = fits.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
    best as i64 - FARTHEST as i64
}

/// By how many decibels the sound is louder than what the copy has changed.
fn fidelity(original: &[f32], copy: &[f32]) -> f64 {
    let power = |samples: &mut dyn Iterator<Item = f32>| -> f64 {
        samples.map(|sample| f64::from(sample).powi(2)).sum()
    };
    let changed = power(&mut original.iter().zip(copy).map(|(a, b)| a - b));
    10.0 * (power(&mut original.iter().copied()) / changed).log10()
}

/// To the frame, and no frame too early or too late.
#[track_caller]
fn assert_gapless(format: &Format, length: u64) {
    let what = format!("{format:?}, {length} frames");
    let decoded = decode_up_to(&copy_of(format, length), 60);
    let decoded = decoded.unwrap_or_else(|fault| panic!("{what}: {fault:?}"));
    assert_eq!(decoded.rate, format.rate(), "{what}");
    assert_eq!(decoded.samples.len() as u64, length, "{what}");
    if length > 6_000 {
        let original = samples(length);
        assert_eq!(lag(&original, &decoded.samples), 0, "{what}");
        let fidelity = fidelity(&original, &decoded.samples);
        assert!(fidelity > 8.0, "{what}: {fidelity:.1} dB");
    }
}

const MP3_RATES: [u32; 9] = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

#[test]
fn mp3_gives_back_the_frames_of_the_plan_at_every_rate() {
    for hz in MP3_RATES {
        for channels in CHANNELS {
            let format = format(Kind::Mp3, hz, channels);
            for length in [1, 2, 94, 95, 575, 576, 577, 1_151, 1_152, 1_153, 3_457, 20_011] {
                assert_gapless(&format, length);
            }
        }
    }
}

#[test]
fn opus_gives_back_the_frames_of_the_plan() {
    for channels in CHANNELS {
        let format = format(Kind::Opus, 48_000, channels);
        for length in [1, 2, 311, 312, 647, 648, 649, 960, 961, 1_608, 1_609, 20_011, 500_009] {
            assert_gapless(&format, length);
        }
    }
}

#[test]
fn opus_has_title_and_chapters() {
    assert_comments(&copy_of(&format(Kind::Opus, 48_000, Channels::Mono), 120_000));
}

#[test]
fn mp3_has_title_and_chapters() {
    let copy = copy_of(&format(Kind::Mp3, 8_000, Channels::Mono), 20_000);
    let tag = id3::Tag::read_from2(std::io::Cursor::new(copy)).unwrap();
    assert_eq!(tag.title(), Some("Leg self-massage in six minutes"));
    let maker = tag.get("TSSE").and_then(|frame| frame.content().text());
    assert_eq!(maker, Some(concat!("effleurage ", env!("CARGO_PKG_VERSION"))));
    let chapters: Vec<(u32, u32, &str)> =
        tag.chapters().map(|c| (c.start_time, c.end_time, c.title().unwrap())).collect();
    assert_eq!(chapters, [(0, 1_000, "Opening chime"), (1_000, 2_500, "When not to do it")]);
    let contents: Vec<_> = tag.tables_of_contents().collect();
    assert_eq!(contents.len(), 1);
    let ids: Vec<&str> = tag.chapters().map(|chapter| chapter.element_id.as_str()).collect();
    assert_eq!(contents[0].elements, ids);
}

/// A table of contents in MP3 has 255 entries at most, comments are numbered to 999.
#[test]
fn more_chapters_than_a_format_holds_become_steps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy");
    let mut timeline = timeline(8_000, 360 * 8_000);
    let sections = timeline.sections.clone();
    for _ in 1..60 {
        let at = timeline.length();
        timeline.sections.extend(sections.iter().cloned().map(|mut section| {
            section.range.start += at;
            section
        }));
    }
    let steps = timeline.chapters().iter().filter(|c| c.begins_step).count();
    for (kind, most) in [(Kind::Mp3, 255), (FLAC, 1_000)] {
        let frames = wav::Frames {
            range: FrameRange::new(Position::START, Length(9)),
            source: &noise,
            block: None,
        };
        let format = format(kind, 8_000, Channels::Mono);
        let tags = tags(&timeline);
        let about = about(&timeline, &tags);
        encode::write_to_file(&path, &format, &about, &frames, &watch()).unwrap();
        let bytes = fs::read(&path).unwrap();
        let found = match kind {
            Kind::Mp3 => {
                id3::Tag::read_from2(std::io::Cursor::new(bytes)).unwrap().chapters().count()
            }
            _ => (comments(&bytes).len() - 3) / 2,
        };
        assert_eq!(found, (steps + 1).min(most), "{kind:?}");
    }
}

const ALL: [Kind; 3] = [FLAC, Kind::Mp3, Kind::Opus];

#[test]
fn copies_are_the_same_bytes_however_they_are_mixed() {
    let folder = tempfile::tempdir().unwrap();
    for kind in ALL {
        let format = format(kind, 48_000, Channels::Stereo);
        let once = copy_of(&format, 30_000);
        for block in [1, 7, 64, 4_096] {
            let path = folder.path().join("again");
            write(&path, &format, 30_000, &watch(), Some(block)).unwrap();
            assert!(fs::read(&path).unwrap() == once, "{kind:?} {block}");
        }
    }
}

#[test]
fn an_interrupted_copy_leaves_the_old_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy");
    for kind in ALL {
        fs::write(&path, "old").unwrap();
        // Four pieces of MP3, eight of FLAC, and 250 blocks of Opus.
        let (length, pieces) = (250_000, if kind == Kind::Mp3 { 4 } else { 8 });
        for pieces in (0..=pieces).chain([u64::MAX]) {
            let cancel = CancelToken::default();
            let cancel_at = |done| {
                if done == pieces {
                    cancel.cancel(2);
                }
            };
            let done = Cell::new(0);
            cancel_at(0);
            let told = Cell::new(Length(0));
            let progress = |so_far| {
                assert!(so_far >= told.replace(so_far), "{kind:?}");
                done.set(done.get() + 1);
                cancel_at(done.get());
            };
            let watch = wav::Watch { progress: &progress, cancel: cancel.clone() };
            let format = format(kind, 48_000, Channels::Mono);
            let stopped = write(&path, &format, length, &watch, Some(1_000));
            if pieces < u64::MAX && told.get() < Length(length) {
                assert_eq!(
                    stopped.unwrap_err().to_string(),
                    "stopped; no file was left half-written"
                );
                assert_eq!(fs::read(&path).unwrap(), b"old");
            } else {
                stopped.unwrap();
                assert_eq!(told.get(), Length(length), "{kind:?}");
                assert_ne!(fs::read(&path).unwrap(), b"old");
                fs::write(&path, "old").unwrap();
            }
            assert_eq!(names(folder.path()), ["copy"]);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told() {
    for kind in ALL {
        let format = format(kind, 48_000, Channels::Mono);
        let path = Path::new("/dev/full");
        let error = write(path, &format, 500_000, &watch(), None).unwrap_err();
        assert_eq!(error.to_string(), "cannot write /dev/full: no space left on device");
    }
}

#[test]
fn a_sound_beyond_full_scale_is_no_copy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy");
    let loud = |_: Position, block: &mut [f32]| {
        block.fill(1.5);
        true
    };
    for kind in ALL {
        let frames = wav::Frames {
            range: FrameRange::new(Position::START, Length(10)),
            source: &loud,
            block: None,
        };
        let format = format(kind, 48_000, Channels::Mono);
        let timeline = timeline(48_000, 10);
        let error = encode::write_to_file(
            &path,
            &format,
            &about(&timeline, &tags(&timeline)),
            &frames,
            &watch(),
        );
        let told = error.unwrap_err().to_string();
        assert_eq!(told, "the sound exceeds full scale at 0:00:00.000");
        assert!(names(folder.path()).is_empty());
    }
}

// The program

fn run(folder: &Path, words: &[&str]) -> std::process::Output {
    effleurage(folder, &[&["render", "self-short"], words].concat())
}

#[track_caller]
fn assert_refused(words: &[&str], code: i32, message: &str) {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), words);
    assert_eq!((stderr(&output).as_str(), output.status.code()), (message, Some(code)));
    assert_eq!(stdout(&output), "");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn copies_are_made_instead_of_the_track_or_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let quick = ["--rate", "8000"];
    let output = run(folder.path(), &[&["-o", "a.flac", "--also", "flac"], &quick[..]].concat());
    let said = stderr(&output);
    let start = "a.flac: 0:06:00.000, 2880000 frames, ";
    assert!(said.starts_with(start) && said.lines().count() == 1, "{said}");
    assert_eq!(names(folder.path()), ["a.flac"]);
    let output = run(folder.path(), &[&["-o", "b.wav", "--also", "flac"], &quick[..]].concat());
    assert!(output.status.success());
    assert_eq!(names(folder.path()), ["a.flac", "b.flac", "b.wav"]);
    let [a, b] = ["a.flac", "b.flac"].map(|name| fs::read(folder.path().join(name)).unwrap());
    assert!(a == b);
}

#[test]
fn what_a_format_cannot_hold_is_refused_before_anything_is_made() {
    let message = "error: x.flac is not written: FLAC holds integers, and 32 bits are floating \
                   point\n\
                   help: use --bits 24, which is more than any ear needs, or make a WAV file only\n";
    assert_refused(&["-o", "x.flac", "--bits", "32"], 2, message);
    assert_refused(&["-o", "x.wav", "--also", "flac", "--bits", "32"], 2, message);
    let told = |hz: u32, nearest: u32| {
        format!(
            "error: x.mp3 is not written: MP3 does not hold {hz} frames a second\n\
             help: use --rate {nearest}\n"
        )
    };
    assert_refused(&["-o", "x.mp3", "--rate", "96000"], 2, &told(96_000, 48_000));
    assert_refused(&["-o", "x.flac", "--also", "mp3", "--rate", "9000"], 2, &told(9_000, 8_000));
    assert_refused(&["-o", "x.mp3", "--rate", "31999"], 2, &told(31_999, 32_000));
    let opus = format(Kind::Opus, 44_100, Channels::Mono);
    assert_eq!(opus.rate().hz(), 48_000, "it has no other");
}

#[cfg(unix)]
#[test]
fn a_pipe_gets_the_whole_copy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe.flac");
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let reader = {
        let path = path.clone();
        std::thread::spawn(move || fs::read(path).unwrap())
    };
    assert!(run(folder.path(), &["-q", "--rate", "8000", "-o", "pipe.flac"]).status.success());
    let piped = reader.join().unwrap();
    assert!(run(folder.path(), &["-q", "--rate", "8000", "-o", "file.flac"]).status.success());
    assert!(piped == fs::read(folder.path().join("file.flac")).unwrap());
}

/// One that cannot be written keeps no other back, and what is made is told.
#[test]
fn what_fails_keeps_no_other_back() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("a.mp3")).unwrap();
    let flags = ["--rate", "8000", "-o", "a.wav", "--also", "mp3,flac,vtt"];
    let output = run(folder.path(), &flags);
    assert_eq!(output.status.code(), Some(3));
    let told = stderr(&output);
    let beginnings: Vec<&str> =
        told.lines().map(|line| line.split_once(": ").map_or(line, |(first, _)| first)).collect();
    assert_eq!(beginnings, ["a.wav", "a.flac", "a.vtt", "error", "help"], "{told}");
    assert!(told.contains("error: cannot write a.mp3: "), "{told}");
    assert_eq!(names(folder.path()), ["a.flac", "a.mp3", "a.vtt", "a.wav"]);
}
