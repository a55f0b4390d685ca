//! Clips and voice packs that cannot be used, each with all that is said of it.

use crate::support;
use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use effleurage::error::Error;
use effleurage::routine::builtin;
use effleurage::session::Session;
use effleurage::units::SampleRate;
use effleurage::voice::{self, ClipFile};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new("tests/clips").join(name)).unwrap()
}

/// All that is said of the clip in `bytes`: the message and the advice.
fn said(name: &str, bytes: impl Into<Vec<u8>>) -> String {
    let file = ClipFile { path: PathBuf::from(name), bytes: Cow::Owned(bytes.into()) };
    match voice::recording(&file) {
        Ok(recording) => format!("{name}: {} frames", recording.samples.len()),
        Err(error) => with_help(&error),
    }
}

fn with_help(error: &Error) -> String {
    format!("{error}\n{}", error.help())
}

const AGAIN: &str = "copy or record it again";
const CONVERT: &str = "save it as WAV, FLAC, MP3, Ogg Vorbis, Opus or M4A (AAC)";
const NEARER: &str = "record it again, nearer to the microphone";
const SHORTER: &str = "cut it into prompts of a minute at most";

#[track_caller]
fn assert_said(name: &str, bytes: impl Into<Vec<u8>>, why: &str, help: &str) {
    assert_eq!(said(name, bytes), format!("cannot use the clip {name}: {why}\n{help}"));
}

/// A WAV file with one channel of 32-bit float samples.
fn float_wave(hz: u32, samples: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    wave(Format { tag: 3, channels: 1, hz, bits: 32 }, &data)
}

struct Format {
    tag: u16,
    channels: u16,
    hz: u32,
    bits: u16,
}

fn wave(format: Format, data: &[u8]) -> Vec<u8> {
    let Format { tag, channels, hz, bits } = format;
    let align = channels.wrapping_mul(bits / 8);
    let mut bytes = b"RIFF____WAVEfmt \x10\0\0\0".to_vec();
    bytes.extend(tag.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(hz.to_le_bytes());
    bytes.extend(hz.wrapping_mul(align.into()).to_le_bytes());
    bytes.extend(align.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    let size = bytes.len() as u32 - 8;
    bytes[4..8].copy_from_slice(&size.to_le_bytes());
    bytes
}

/// `amplitude` at every other frame, and its opposite between.
fn buzz(amplitude: f32, frames: usize) -> Vec<f32> {
    (0..frames).map(|n| if n % 2 == 0 { amplitude } else { -amplitude }).collect()
}

/// A fixture with one thing in the place of another of the same length.
fn replaced(name: &str, old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut bytes = fixture(name);
    let at = bytes.windows(old.len()).position(|window| window == old).unwrap();
    bytes[at..at + old.len()].copy_from_slice(new);
    bytes
}

fn first_half(name: &str) -> Vec<u8> {
    let bytes = fixture(name);
    bytes[..bytes.len() / 2].to_vec()
}

/// Bytes that look like nothing.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[test]
fn what_is_no_sound_file() {
    let no_sound = "this is no sound file that can be read";
    assert_said("empty.wav", [], "there is no sound in the file", NEARER);
    assert_said("words.wav", "Halfway. Well done!\n", no_sound, CONVERT);
    assert_said("picture.flac", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0".as_slice(), no_sound, CONVERT);
    assert_said("secret.mp3", noise(100_000), no_sound, CONVERT);
    assert_said("zeros.wav", [0; 5_000], no_sound, CONVERT);
    assert_said("film.wav", b"RIFF\x20\0\0\0AVI LIST\0\0\0\0".as_slice(), no_sound, CONVERT);
    assert_said("words.webm", "Halfway. Well done!\n", no_sound, CONVERT);
    assert_said("page.ogg", "<!DOCTYPE html><title>404</title>", no_sound, CONVERT);
    assert_said("utf16.mp3", [0xff, 0xfe, 0x48, 0, 0x69, 0], no_sound, CONVERT);
}

#[test]
fn what_cannot_be_decoded() {
    let cannot = |what: &str| format!("this kind of sound cannot be read ({what})");
    let surround = replaced("48000-opus.webm", b"OpusHead\x01\x01", b"OpusHead\x01\x06");
    assert_said("a.webm", surround, &cannot("Opus of more than two channels"), CONVERT);
    let film = replaced("48000-opus.webm", b"A_OPUS", b"A_EAC3");
    assert_said("a.webm", film, &cannot("E-AC-3"), CONVERT);
    let other = replaced("48000-opus.webm", b"webm", b"mkvX");
    assert_said("a.webm", other, &cannot("mkv: not a matroska / webm file"), CONVERT);
    let several = cannot("several recordings in one file");
    for name in [
        "8000-chained.ogg",
        "11025.mp3",
        "44100-cbr.mp3",
        "44100.flac",
        "8000-piped.flac",
        "8000-mulaw.wav",
        "8000-piped.wav",
        "44100.m4a",
        "48000-opus.webm",
        "48000-opus-recorded.webm",
    ] {
        assert_said(name, fixture(name).repeat(2), &several, CONVERT);
    }
}

#[test]
fn what_is_cut_off() {
    let cut = "the file is cut off before its end";
    for name in [
        "8000-8bit.wav",
        "8000-six.wav",
        "8000.ogg",
        "11025.mp3",
        "44100.flac",
        "44100-cbr.mp3",
        "44100-untagged.mp3",
        "44100.ogg",
        "44100.m4a",
        "44100.aac",
        "44100-fragmented.mp4",
        "48000-stereo.m4a",
        "8000-piped.flac",
        "48000-60ms.opus",
        "48000-opus.ogg",
        "48000-opus.webm",
        "48000-opus-recorded.webm",
        "48000-opus.mp4",
        "48000-opus-fragmented.mp4",
    ] {
        assert_said(name, first_half(name), cut, AGAIN);
    }
    let whole = fixture("8000-six.wav");
    assert_said("a.wav", &whole[..whole.len() - 1], cut, AGAIN);
    assert_said("a.wav", &whole[..20], cut, AGAIN);
}

#[test]
fn what_holds_no_sound() {
    let nothing = "there is no sound in the file";
    assert_said("a.wav", float_wave(8_000, &[]), nothing, NEARER);
    let silent = "the recording is silent";
    assert_said("a.wav", float_wave(8_000, &[0.0; 4_000]), silent, NEARER);
    assert_said("a.wav", float_wave(8_000, &buzz(0.000_9, 4_000)), silent, NEARER);
    assert_said("a.wav", float_wave(8_000, &[0.3; 4_000]), silent, NEARER);
    assert_said("a.wav", float_wave(8_000, &[0.0]), silent, NEARER);
    // All of the header of a fragmented MP4, and none of its fragments.
    let film = fixture("44100-fragmented.mp4");
    let header = film.windows(4).position(|name| name == b"moof").unwrap() - 4;
    assert_said("a.mp4", &film[..header], nothing, NEARER);
    // And of a recording that was stopped at once.
    let film = fixture("48000-opus-recorded.webm");
    let header = film.windows(4).position(|name| name == b"\x1f\x43\xb6\x75").unwrap();
    assert_said("a.webm", &film[..header], nothing, NEARER);
}

#[test]
fn what_is_damaged() {
    let damaged = |what: &str| format!("the file is damaged ({what})");
    let no_numbers = damaged("some samples are no numbers");
    for sample in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30] {
        let samples = [buzz(0.5, 999), vec![sample]].concat();
        assert_said("a.wav", float_wave(8_000, &samples), &no_numbers, AGAIN);
    }
    for hz in [0, 3_999, 384_001, u32::MAX] {
        let why = damaged(&format!("{hz} frames a second"));
        assert_said("a.wav", float_wave(hz, &buzz(0.5, 4_000)), &why, AGAIN);
    }
    let many = wave(Format { tag: 1, channels: 60_000, hz: 8_000, bits: 8 }, &[0; 60_000]);
    assert_said("a.wav", many, &damaged("60000 channels"), AGAIN);
    let none = wave(Format { tag: 1, channels: 0, hz: 8_000, bits: 16 }, &[0; 60_000]);
    assert_said("a.wav", none, &damaged("0 channels"), AGAIN);

    let mut flipped = fixture("44100.flac");
    flipped[5_000] ^= 0x10;
    assert_said("a.flac", flipped, &damaged("some of its sound is missing"), AGAIN);
    let mut flipped = fixture("44100.ogg");
    let middle = flipped.len() - 1_000;
    flipped[middle] ^= 0x10;
    assert_said("a.ogg", flipped, &damaged("ogg: crc mismatch"), AGAIN);
    let mut flipped = fixture("48000-60ms.opus");
    let middle = flipped.len() - 1_000;
    flipped[middle] ^= 0x10;
    assert_said("a.opus", flipped, &damaged("ogg: crc mismatch"), AGAIN);
    // The last block, of which the first frame is said to be longer than it is.
    let long = replaced("48000-opus.webm", b"\xf8\x89\xfd", b"\xfa\xff\xff");
    assert_said("a.webm", long, &damaged("opus: invalid packet"), AGAIN);
    let long = replaced("48000-opus-fragmented.mp4", b"\xf8\x89\xfd", b"\xfb\0\xfd");
    assert_said("a.mp4", long, &damaged("opus: invalid packet"), AGAIN);
}

#[test]
fn what_is_too_long() {
    let frames = 61 * 8_000;
    let long = wave(Format { tag: 1, channels: 1, hz: 8_000, bits: 8 }, &vec![200; frames]);
    assert_said("a.wav", long, "the recording is longer than a minute", SHORTER);
    let frame_too_long = float_wave(8_000, &buzz(0.5, 60 * 8_000 + 1));
    assert_said("a.wav", frame_too_long, "the recording is longer than a minute", SHORTER);
    let a_minute = float_wave(8_000, &buzz(0.5, 60 * 8_000));
    assert_eq!(said("a.wav", a_minute), "a.wav: 480960 frames");
}

/// A folder with the manifest of a voice that says `halfway`, and with these files.
struct Folder(tempfile::TempDir);

const MANIFEST: &str = r#"format = "effleurage-voice/1"
name = "Test"
language = "en"
speaker = "nobody"
licence = "CC0-1.0"

[prompts]
halfway = "Halfway."
"#;

impl Folder {
    fn new(manifest: impl AsRef<[u8]>, files: &[(&str, Vec<u8>)]) -> Folder {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("manifest.toml"), manifest).unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        Folder(folder)
    }

    /// What comes of the pack and its clip; the folder's name reads FOLDER.
    fn outcome(&self) -> String {
        let recording = effleurage::voice::open(self.0.path())
            .and_then(|pack| pack.clip("halfway"))
            .and_then(|file| file.map(|file| voice::recording(&file)).transpose());
        let outcome = match recording {
            Ok(Some(recording)) => format!("{} frames", recording.samples.len()),
            Ok(None) => "no clip".to_owned(),
            Err(error) => with_help(&error),
        };
        outcome.replace(self.0.path().to_str().unwrap(), "FOLDER")
    }
}

fn outcome(files: &[(&str, Vec<u8>)]) -> String {
    Folder::new(MANIFEST, files).outcome()
}

#[test]
fn clips_of_a_folder_are_named_in_full() {
    let good = || fixture("8000-8bit.wav");
    assert_eq!(outcome(&[]), "no clip");
    assert_eq!(outcome(&[("halfway.txt", good())]), "no clip");
    assert_eq!(outcome(&[("halfway.wav", good())]), "4977 frames");
    assert_eq!(outcome(&[("halfway.WAV", good())]), "4977 frames");
    assert_eq!(outcome(&[("halfway.flac", good())]), "4977 frames", "its name may be wrong");
    for recorded in ["48000-opus.ogg", "48000-opus.webm", "48000-opus.mp4"] {
        assert_eq!(outcome(&[("halfway.m4a", fixture(recorded))]), "29777 frames", "{recorded}");
    }
    assert_eq!(outcome(&[("halfway.webm", fixture("44100.m4a"))]), "27359 frames");
    assert_eq!(
        outcome(&[("halfway.mp3", good()), ("halfway.flac", good())]),
        "cannot read FOLDER/halfway.mp3: `halfway` has another clip, halfway.flac\n\
         keep one of the two"
    );
    assert_eq!(
        outcome(&[("halfway.mp3", first_half("11025.mp3"))]),
        format!(
            "cannot use the clip FOLDER/halfway.mp3: the file is cut off before its end\n{AGAIN}"
        )
    );
    // Known by content, where the ending tells nothing; but no text is.
    assert_eq!(outcome(&[("halfway.qta", fixture("48000-alac.m4a"))]), "29777 frames");
    assert_eq!(outcome(&[("halfway.bin", fixture("11025.mp3"))]), "6851 frames");
    assert_eq!(outcome(&[("halfway", good())]), "4977 frames");
    assert_eq!(outcome(&[("halfway.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec())]), "no clip");
    assert_eq!(
        outcome(&[("halfway.3ga", b"#!AMR\n\x3c\x91\x17".to_vec())]),
        format!(
            "cannot use the clip FOLDER/halfway.3ga: this kind of sound cannot be read (AMR)\n\
             {CONVERT}"
        )
    );
}

#[test]
fn a_folder_is_no_clip() {
    let folder = Folder::new(MANIFEST, &[]);
    fs::create_dir(folder.0.path().join("halfway.flac")).unwrap();
    assert_eq!(
        folder.outcome(),
        "cannot read FOLDER/halfway.flac: it is a folder\nput a file in its place"
    );
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_no_clip() {
    let folder = Folder::new(MANIFEST, &[]);
    std::os::unix::fs::symlink("nowhere", folder.0.path().join("halfway.flac")).unwrap();
    assert_eq!(
        folder.outcome(),
        "cannot read FOLDER/halfway.flac: no such file or directory\n\
         check its name and the folder you are in"
    );
}

#[test]
fn a_clip_larger_than_any_prompt_is_not_read() {
    let folder = Folder::new(MANIFEST, &[("halfway.wav", fixture("8000-8bit.wav"))]);
    let file = fs::File::options().write(true).open(folder.0.path().join("halfway.wav")).unwrap();
    file.set_len(1 << 40).unwrap(); // a hole: it takes no space
    assert_eq!(
        folder.outcome(),
        format!(
            "cannot use the clip FOLDER/halfway.wav: the file is larger than 128 MiB\n{SHORTER}"
        )
    );
}

#[test]
fn what_is_no_voice_pack() {
    let help = support::what_a_voice_is();
    let open = |path: &Path| with_help(&effleurage::voice::open(path).err().unwrap());
    assert_eq!(
        open(Path::new("tests/no-such-folder")),
        format!("cannot read tests/no-such-folder: no such file or directory\n{help}")
    );
    assert_eq!(
        open(Path::new("Cargo.toml")),
        format!("cannot read Cargo.toml: this is neither a folder nor a .zip\n{help}")
    );
    assert_eq!(
        open(Path::new("tests/clips")),
        format!("cannot read tests/clips: there is no manifest.toml in it\n{help}")
    );
    assert_eq!(
        Folder::new(vec![b'#'; (1 << 20) + 1], &[]).outcome(),
        format!("cannot read FOLDER/manifest.toml: it is larger than 1 MiB\n{help}")
    );
    assert_eq!(
        Folder::new([MANIFEST.as_bytes(), b"caf\xe9 = \"?\"\n"].concat(), &[]).outcome(),
        "cannot read FOLDER/manifest.toml: line 9 is not UTF-8 text\nsave the file as UTF-8"
    );
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    let manifest = format!("\u{feff}{MANIFEST}");
    let folder = Folder::new(manifest, &[("halfway.wav", fixture("8000-8bit.wav"))]);
    assert_eq!(folder.outcome(), "4977 frames");
}

#[test]
fn mistakes_in_a_manifest_are_shown_in_place() {
    let more = "\"../x\" = \"Out!\"\n\"Up\" = \"Up!\"\n";
    let manifest = MANIFEST.replace("voice/1", "voice/9") + more;
    assert_eq!(
        Folder::new(manifest, &[]).outcome(),
        r#"error: `effleurage-voice/9` is no manifest that can be read here
 --> FOLDER/manifest.toml:1:10
  |
1 | format = "effleurage-voice/9"
  |          ^^^^^^^^^^^^^^^^^^^^
  |
  = help: write format = "effleurage-voice/1"

error: `../x` cannot be the name of a prompt
 --> FOLDER/manifest.toml:9:1
  |
9 | "../x" = "Out!"
  | ^^^^^^
  |
  = help: use small letters, digits and hyphens, at most 64, like `slow-circles`

error: `Up` cannot be the name of a prompt
  --> FOLDER/manifest.toml:10:1
   |
10 | "Up" = "Up!"
   | ^^^^
   |
   = help: use small letters, digits and hyphens, at most 64, like `slow-circles`
"#
    );
}

#[test]
fn a_manifest_of_another_shape_is_explained() {
    let outcome = |manifest: String| Folder::new(manifest, &[]).outcome();
    assert_eq!(
        outcome(MANIFEST.replace("speaker", "speeker")),
        r#"error: unknown key `speeker`
 --> FOLDER/manifest.toml:4:1
  |
4 | speeker = "nobody"
  | ^^^^^^^
  |
  = help: did you mean `speaker`? (there are `format`, `name`, `language`, `speaker`, `licence`, `credit`, `prompts`, `titles`, `claims`, `spoken_by`, `recipe` and `phonemes`)
"#
    );
    assert_eq!(
        outcome(MANIFEST.replace("licence = \"CC0-1.0\"\n", "")),
        r#"error: this voice has no `licence`
 --> FOLDER/manifest.toml:1:1
  |
1 | format = "effleurage-voice/1"
  | ^
  |
  = help: write licence = "…", above the first [heading]
"#
    );
    assert_eq!(
        outcome(MANIFEST.replace("[prompts]\nhalfway = \"Halfway.\"\n", "")),
        r#"error: this voice has no `[prompts]`
 --> FOLDER/manifest.toml:1:1
  |
1 | format = "effleurage-voice/1"
  | ^
  |
  = help: write [prompts], and below it what is said: halfway = "Halfway."
"#
    );
    assert_eq!(
        outcome(MANIFEST.replace("\"Halfway.\"", "7")),
        r#"error: `7` stands where a text is expected
 --> FOLDER/manifest.toml:8:11
  |
8 | halfway = 7
  |           ^
  |
  = help: write a text between double quotes
"#
    );
    assert_eq!(
        outcome(format!("{MANIFEST}halfway = \"Twice.\"\n")),
        r#"error: this is not TOML: duplicate key
 --> FOLDER/manifest.toml:9:1
  |
9 | halfway = "Twice."
  | ^^^^^^^
  |
  = help: keep one of the two
"#
    );
}

/// One look at the file is enough, whatever is wrong in it.
#[test]
fn all_mistakes_of_a_manifest_are_told_at_once() {
    let manifest = MANIFEST.replace("name", "nmae").replace("speaker = \"nobody\"", "speaker = 7")
        + "[claims.halfway]\nmotion = \"circel\"\nstroked = \"3 hours\"\nbell = \"yes\"\nleg = \"left\"\n";
    let outcome = Folder::new(manifest, &[]).outcome();
    let told: Vec<&str> = outcome
        .lines()
        .filter(|line| line.starts_with("error") || line.contains("= help"))
        .map(str::trim_start)
        .collect();
    assert_eq!(
        told,
        [
            "error: unknown key `nmae`",
            "= help: did you mean `name`? (there are `format`, `name`, `language`, `speaker`, \
             `licence`, `credit`, `prompts`, `titles`, `claims`, `spoken_by`, `recipe` and \
             `phonemes`)",
            "error: `speaker` cannot be the number 7",
            "= help: write a text between double quotes",
            "error: no motion is called `circel`",
            "= help: did you mean `circle`? (there are `circle` and `press`)",
            "error: `\"yes\"` stands where true or false is expected",
            "= help: write true, or leave the line out",
        ]
    );
}

/// A session tells of all missing clips at once.
#[test]
fn missing_clips_are_named_together() {
    let folder = tempfile::tempdir().unwrap();
    let missing = ["goodbye.opus", "halfway.opus"];
    for entry in fs::read_dir("voice-clips/en").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if !missing.contains(&name) {
            fs::copy(&path, folder.path().join(name)).unwrap();
        }
    }
    let pack = effleurage::voice::open(folder.path()).unwrap();
    let routine = builtin::source("partner").unwrap();
    let error = Session::plan(&routine.into(), &pack, SampleRate::CD).err().unwrap();
    assert_eq!(
        with_help(&error).replace(&pack.id, "PACK"),
        "the voice `PACK` has no clip for goodbye, halfway\n\
         record them, or let another voice say them"
    );
}
