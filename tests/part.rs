//! A part of a track: the very frames of the whole.

use std::fs;

use crate::support::{effleurage, stderr};

/// The samples of a WAV file, by the fields of its header (RIFF, "WAVE", "data").
fn samples(bytes: &[u8]) -> &[u8] {
    let field = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!(field(4), bytes.len() - 8, "the size of the whole file");
    let mut at = 12;
    while &bytes[at..at + 4] != b"data" {
        at += 8 + field(at + 4) + field(at + 4) % 2;
    }
    &bytes[at + 8..at + 8 + field(at + 4)]
}

#[test]
fn a_part_has_the_frames_of_the_whole_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let run = |flags: &str| {
        let words = "render self-short --rate 8000 --bits 24 --channels 2 --bed rain -q ";
        let words: Vec<String> = (words.to_owned() + flags).split(' ').map(str::to_owned).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = effleurage(folder.path(), &words);
        assert!(output.status.success(), "{flags}: {}", stderr(&output));
        output.stdout
    };
    run("-o whole.wav");
    let whole = fs::read(path("whole.wav")).unwrap();
    let whole = samples(&whole);
    // 8000 frames a second, 6 bytes each; the whole lasts six minutes.
    assert_eq!(whole.len(), 360 * 8000 * 6);
    for (flags, from, to) in [
        ("--from 1:00 --to 1:07.25", 60 * 8000, 67 * 8000 + 2000),
        ("--to 1ms", 0, 8),
        ("--from 5m59s999ms", 360 * 8000 - 8, 360 * 8000),
        ("--from 2m --to 1h", 120 * 8000, 360 * 8000),
    ] {
        run(flags);
        let part = fs::read(path("self-short-part.wav")).unwrap();
        assert!(samples(&part) == &whole[from * 6..to * 6], "{flags}");
        assert!(run(&format!("{flags} -o -")) == part, "{flags} to standard output");
        let after = part.len() - samples(&part).len();
        assert!(after < 100, "a header and nothing else, {after} bytes");
    }
}

#[test]
fn a_part_that_cannot_be_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    for (flags, expected) in [
        (
            "--from 6m",
            "error: self-short-part.wav is not written: nothing sounds from 0:06:00.000 to \
             0:06:00.000\nhelp: the track lasts 0:06:00.000; give two times within it\n",
        ),
        (
            "--from 2m --to 1m",
            "error: self-short-part.wav is not written: nothing sounds from 0:02:00.000 to \
             0:01:00.000\nhelp: the track lasts 0:06:00.000; give two times within it\n",
        ),
        (
            "--from 1m -o part.mp3",
            "error: part.mp3 is not written: only WAV files are made in part\nhelp: give it a name that ends in \
             .wav, or leave --from and --to out\n",
        ),
    ] {
        let words = format!("render self-short --rate 8000 {flags}");
        let output = effleurage(folder.path(), &words.split(' ').collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(2), "{flags}");
        assert_eq!(stderr(&output), expected, "{flags}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{flags}");
    }
}
