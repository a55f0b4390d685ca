//! WAV files, byte by byte, and what becomes of the file that was there before.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use crate::support::rate;

use effleurage::cancel::CancelToken;
use effleurage::units::{FrameRange, Length, Position};
use effleurage::wav::{self, Bits, Channels, Format};

const ALL: [(Bits, Channels); 6] = [
    (Bits::Sixteen, Channels::Mono),
    (Bits::Sixteen, Channels::Stereo),
    (Bits::TwentyFour, Channels::Mono),
    (Bits::TwentyFour, Channels::Stereo),
    (Bits::ThirtyTwo, Channels::Mono),
    (Bits::ThirtyTwo, Channels::Stereo),
];

fn ramp(at: Position, block: &mut [f32]) -> bool {
    for (n, sample) in block.iter_mut().enumerate() {
        *sample = ((at.0 + n as u64) % 100) as f32 / 128.0;
    }
    true
}

fn watch<'a>() -> wav::Watch<'a> {
    wav::Watch { progress: &|_| (), cancel: CancelToken::default() }
}

fn write(
    path: &Path,
    format: &Format,
    length: u64,
    watch: &wav::Watch<'_>,
) -> effleurage::error::Result<()> {
    let source = wav::Frames {
        range: FrameRange::new(Position::START, Length(length)),
        source: &ramp,
        block: Some(100),
    };
    wav::write_to_file(path, format, &source, wav::Chunks::default(), watch)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// Walks the chunks as the RIFF specification lays them out and checks every field
/// of the format chunk ("Multiple channel audio data and WAVE files", Microsoft, 2001).
#[test]
fn headers_are_what_the_specification_says() {
    let folder = tempfile::tempdir().unwrap();
    for (bits, channels) in ALL {
        let format = Format { rate: rate(48_000), bits, channels };
        let path = folder.path().join("track.wav");
        write(&path, &format, 251, &watch()).unwrap(); // odd, for the padding
        let bytes = fs::read(&path).unwrap();
        let block_align = bits.count() / 8 * channels.count();
        assert_eq!((&bytes[0..4], &bytes[8..12]), (b"RIFF".as_slice(), b"WAVE".as_slice()));
        assert_eq!(u32_at(&bytes, 4) as usize, bytes.len() - 8);
        let (mut at, mut seen) = (12, Vec::new());
        while at < bytes.len() {
            let size = u32_at(&bytes, at + 4) as usize;
            seen.push((bytes[at..at + 4].to_vec(), at + 8, size));
            at += 8 + size + size % 2;
        }
        assert_eq!(at, bytes.len());
        let names: Vec<&[u8]> = seen.iter().map(|(name, ..)| name.as_slice()).collect();
        assert_eq!(names, [b"fmt ", b"data"]);
        let (fmt, fmt_size) = (seen[0].1, seen[0].2);
        assert_eq!(u16_at(&bytes, fmt + 2), channels.count());
        assert_eq!(u32_at(&bytes, fmt + 4), 48_000);
        assert_eq!(u32_at(&bytes, fmt + 8), 48_000 * u32::from(block_align));
        assert_eq!(u16_at(&bytes, fmt + 12), block_align);
        assert_eq!(u16_at(&bytes, fmt + 14), bits.count());
        assert_eq!(seen[1].2, 251 * usize::from(block_align));
        if fmt_size == 40 {
            // KSAUDIO_SPEAKER_MONO is the front centre, KSAUDIO_SPEAKER_STEREO left and right.
            let mask = if channels == Channels::Mono { 0x4 } else { 0x3 };
            assert_eq!(u32_at(&bytes, fmt + 20), mask);
        } else {
            assert_eq!((fmt_size, u16_at(&bytes, fmt)), (16, 1));
        }
    }
}

#[test]
fn a_stream_gets_the_same_bytes_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    for (bits, channels) in ALL {
        let format = Format { rate: rate(44_100), bits, channels };
        let path = folder.path().join("track.wav");
        write(&path, &format, 999, &watch()).unwrap();
        let mut streamed = Vec::new();
        let source = wav::Frames {
            range: FrameRange::new(Position::START, Length(999)),
            source: &ramp,
            block: None,
        };
        wav::write_to_stream(
            Path::new("-"),
            &mut streamed,
            &format,
            &source,
            wav::Chunks::default(),
            &watch(),
        )
        .unwrap();
        assert!(streamed == fs::read(&path).unwrap(), "{bits:?} {channels:?}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

const CD: Format = Format {
    rate: effleurage::units::SampleRate::CD,
    bits: Bits::Sixteen,
    channels: Channels::Mono,
};

#[test]
fn an_interrupted_render_leaves_the_old_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.wav");
    fs::write(&path, "old").unwrap();
    for blocks in 0..12 {
        let cancel = CancelToken::default();
        let cancel_at = |done| {
            if done == blocks {
                cancel.cancel(2);
            }
        };
        let done = Cell::new(0);
        cancel_at(0);
        let progress = |_| {
            done.set(done.get() + 1);
            cancel_at(done.get());
        };
        let watch = wav::Watch { progress: &progress, cancel: cancel.clone() };
        // Pieces of eight blocks are written at once.
        let stopped = write(&path, &CD, 8_000, &watch);
        if blocks < 10 {
            assert_eq!(stopped.unwrap_err().to_string(), "stopped; no file was left half-written");
            assert_eq!(fs::read(&path).unwrap(), b"old");
        } else {
            stopped.unwrap();
            assert_eq!(fs::metadata(&path).unwrap().len(), 44 + 16_000);
        }
        assert_eq!(names(folder.path()), ["track.wav"]);
    }
}

#[test]
fn while_it_renders_the_old_file_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.wav");
    fs::write(&path, "old").unwrap();
    let progress = |_| {
        assert_eq!(fs::read(&path).unwrap(), b"old");
        let names = names(folder.path());
        assert!(
            names.iter().any(|name| name.starts_with(".effleurage-") && name.ends_with(".part"))
        );
    };
    write(&path, &CD, 1_000, &wav::Watch { progress: &progress, cancel: CancelToken::default() })
        .unwrap();
    assert_eq!(names(folder.path()), ["track.wav"]);
}

#[test]
fn a_track_that_cannot_be_held_is_refused_before_it_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.wav");
    let error = write(&path, &CD, 1 << 31, &watch()).unwrap_err();
    assert_eq!(
        format!("{error}\n{}", error.help()),
        "the track is too large: 13:31:35.774 would take 4.0 GiB, and a WAV file holds 4 GiB\n\
         make it 13:31:35 at most, or take 44000 frames a second or less"
    );
    assert!(names(folder.path()).is_empty());
}

#[test]
fn an_impossible_target_is_told_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let told = |path: &Path| write(path, &CD, 10, &watch()).unwrap_err().to_string();
    let missing = folder.path().join("no/such/folder/track.wav");
    assert_eq!(
        told(&missing),
        format!("cannot write {}: no such file or directory", missing.display())
    );
    assert_eq!(
        told(folder.path()),
        format!("cannot write {}: is a directory", folder.path().display())
    );
    assert!(names(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_that_is_not_there_yet_stays_a_link() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let link = folder.path().join("link.wav");
    symlink("sub/track.wav", &link).unwrap();
    write(&link, &CD, 10, &watch()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(folder.path().join("sub/track.wav")).unwrap().len(), 44 + 20);
}

#[cfg(unix)]
#[test]
fn a_protected_file_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.wav");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let error = write(&path, &CD, 10, &watch()).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write {}: permission denied", path.display()));
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
fn the_longest_name_that_a_disk_takes_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x".repeat(251) + ".wav");
    write(&path, &CD, 10, &watch()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), 44 + 20);
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("track.wav"), folder.path().join("link.wav"));
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&file, &link).unwrap();
    write(&link, &CD, 10, &watch()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&file).unwrap().len(), 44 + 20);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told() {
    let error = write(Path::new("/dev/full"), &CD, 1_000_000, &watch()).unwrap_err();
    assert_eq!(error.to_string(), "cannot write /dev/full: no space left on device");
    assert_eq!(error.help(), "make room on the disk, or write elsewhere");
}
