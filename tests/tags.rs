//! What players show of a track.

use std::fs;
use std::path::Path;

use crate::support::{effleurage, names, stderr, stdout};
use effleurage::riff;
use id3::TagLike;

/// The shortest of routines.
const CALF: &str = include_str!("batch/calf.toml");
/// Every tag.
const ALL: [&str; 18] = [
    "--title",
    "{title} ({minutes} min)",
    "--artist",
    "Fisioterapia Ñandú",
    "--album",
    "{routine}: {title}",
    "--track",
    "3/12",
    "--year",
    "2026",
    "--genre",
    "Relaxation",
    "--comment",
    "{length}, {voice}",
    "--language",
    "es-MX",
    "--copyright",
    "2026 Ñandú",
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("calf.toml"), CALF).unwrap();
    folder
}

#[track_caller]
fn render(folder: &Path, arguments: &[&str]) {
    let all = [&["render", "calf.toml", "--rate", "8000", "-q"], arguments].concat();
    let told = effleurage(folder, &all);
    assert!(told.status.success(), "{}", stderr(&told));
}

/// The content of the first chunk of this name.
fn chunk(file: &Path, id: &riff::Id, starts: &[u8]) -> Option<Vec<u8>> {
    let mut file = fs::File::open(file).unwrap();
    let (chunks, faults) = riff::walk(&mut file).unwrap();
    assert_eq!(faults, []);
    let mut contents = chunks.iter().filter(|chunk| chunk.id == *id).map(|chunk| {
        let content = chunk.read(&mut file, 1 << 20).unwrap();
        content.unwrap()
    });
    contents.find(|content| content.starts_with(starts))
}

/// The texts of `LIST INFO`, each with its name: laid out by the standard of 1991.
fn info(file: &Path) -> Vec<(String, String)> {
    let content = chunk(file, b"LIST", b"INFO").unwrap();
    let mut rest = &content[4..];
    let mut texts = Vec::new();
    while !rest.is_empty() {
        let name = String::from_utf8(rest[..4].to_vec()).unwrap();
        let length = u32::from_le_bytes(rest[4..8].try_into().unwrap()) as usize;
        let text = String::from_utf8(rest[8..8 + length - 1].to_vec()).unwrap();
        assert_eq!(rest[8 + length - 1], 0);
        texts.push((name, text));
        rest = &rest[8 + length + length % 2..];
    }
    texts
}

const SOFTWARE: &str = concat!("effleurage ", env!("CARGO_PKG_VERSION"));

#[test]
fn a_wav_file_has_its_tags_twice_and_is_made_again_with_them() {
    let folder = folder();
    let folder = folder.path();
    render(folder, &[&ALL[..], &["-o", "a.wav"]].concat());
    let file = folder.join("a.wav");
    let expected = [
        ("INAM", "The calf (1 min)"),
        ("IART", "Fisioterapia Ñandú"),
        ("IPRD", "calf: The calf (1 min)"),
        ("ITRK", "3/12"),
        ("ICRD", "2026"),
        ("IGNR", "Relaxation"),
        ("ICMT", "0:41, en"),
        ("ILNG", "es-MX"),
        ("ICOP", "2026 Ñandú"),
        ("ISFT", SOFTWARE),
    ];
    let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(info(&file), expected);
    assert_id3(&chunk(&file, b"id3 ", b"ID3").unwrap());
    // Its plan is still that of its session, and holds against it.
    assert!(stdout(&effleurage(folder, &["show", "a.wav"])).starts_with("The calf\n"));
    let told = effleurage(folder, &["verify", "a.wav"]);
    assert!(told.status.success(), "{}", stderr(&told));
    // What it carries has its tags.
    let routine = effleurage(folder, &["show", "a.wav", "--routine"]);
    fs::write(folder.join("again.toml"), &routine.stdout).unwrap();
    let again = ["render", "again.toml", "--rate", "8000", "-o", "again.wav"];
    assert!(effleurage(folder, &again).status.success());
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    assert!(read("again.wav") == read("a.wav"));
}

#[test]
fn a_wav_file_that_is_asked_nothing_has_no_more_than_before() {
    let folder = folder();
    render(folder.path(), &["-o", "a.wav"]);
    let file = folder.path().join("a.wav");
    let comment = "Voice en. Made from the routine calf; `effleurage show` tells how.";
    let expected = [("INAM", "The calf"), ("ICMT", comment), ("ISFT", SOFTWARE)];
    assert_eq!(info(&file), expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
    assert_eq!(chunk(&file, b"id3 ", b""), None);
    assert!(names(folder.path()).contains(&"a.wav".to_owned()));
}

/// Read by somebody else's reader.
#[track_caller]
fn assert_id3(bytes: &[u8]) {
    let tag = id3::Tag::read_from2(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(tag.version(), id3::Version::Id3v24);
    let text = |id: &str| tag.get(id).and_then(|frame| frame.content().text().map(str::to_owned));
    for (id, expected) in [
        ("TIT2", "The calf (1 min)"),
        ("TPE1", "Fisioterapia Ñandú"),
        ("TALB", "calf: The calf (1 min)"),
        ("TRCK", "3/12"),
        ("TDRC", "2026"),
        ("TCON", "Relaxation"),
        ("TLAN", "spa"),
        ("TCOP", "2026 Ñandú"),
        ("TSSE", SOFTWARE),
    ] {
        assert_eq!(text(id).as_deref(), Some(expected), "{id}");
    }
    let comments: Vec<_> = tag.comments().collect();
    assert_eq!(comments.len(), 1);
    assert_eq!((&*comments[0].lang, &*comments[0].text), ("spa", "0:41, en"));
}

#[test]
fn copies_have_them_in_their_own_way() {
    let folder = folder();
    let folder = folder.path();
    render(folder, &[&ALL[..], &["-o", "a.wav", "--also", "flac,mp3,opus,m4a"]].concat());
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    assert_id3(&read("a.mp3"));
    for name in ["a.flac", "a.opus"] {
        let bytes = read(name);
        for comment in [
            "TITLE=The calf (1 min)",
            "ARTIST=Fisioterapia Ñandú",
            "ALBUM=calf: The calf (1 min)",
            "TRACKNUMBER=3",
            "TRACKTOTAL=12",
            "DATE=2026",
            "GENRE=Relaxation",
            "DESCRIPTION=0:41, en",
            "LANGUAGE=es-MX",
            "COPYRIGHT=2026 Ñandú",
        ] {
            // Its length stands before it, in four bytes with the little end first.
            let comment = [&(comment.len() as u32).to_le_bytes(), comment.as_bytes()].concat();
            let is_there = bytes.windows(comment.len()).any(|window| window == comment);
            assert!(is_there, "{name}: {}", String::from_utf8_lossy(&comment));
        }
    }
}

/// Words of a file are those of flags; flags win, and so does a file over one that it extends.
#[test]
fn a_file_asks_for_tags_and_flags_win() {
    let folder = folder();
    let folder = folder.path();
    let base = format!("{CALF}\n[tags]\nartist = 'A'\nalbum = 'B'\ngenre = 'C'\n");
    fs::write(folder.join("calf.toml"), base).unwrap();
    let mine = "name = 'calf'\nextends = 'calf.toml'\n[tags]\nalbum = 'D'\nyear = 2026\n";
    fs::write(folder.join("mine.toml"), mine).unwrap();
    let arguments = ["mine.toml", "--rate", "8000", "--genre", "E", "-o", "a.wav"];
    let told = effleurage(folder, &[&["render"], &arguments[..]].concat());
    assert!(told.status.success(), "{}", stderr(&told));
    let texts = info(&folder.join("a.wav"));
    let of = |name: &str| texts.iter().find(|(id, _)| id == name).map(|(_, text)| text.as_str());
    assert_eq!(
        ["IART", "IPRD", "ICRD", "IGNR"].map(of),
        [Some("A"), Some("D"), Some("2026"), Some("E")]
    );
}

#[test]
fn what_cannot_be_a_tag_is_explained() {
    let folder = folder();
    let long = "x".repeat(1001);
    for (flag, value, expected) in [
        ("--title", "", "this title says nothing; write it, or take it out"),
        (
            "--title",
            "a\nb",
            "this title has the end of a line, a tab, or what nobody sees, in it; ",
        ),
        ("--artist", "a\u{7}b", "a character that nobody sees stands here (U+0007); "),
        ("--comment", &long, "this comment has 1001 letters; "),
        ("--title", "{titel}", "no field of a tag is called `{titel}`; "),
        ("--album", "{title", "this album has a brace that is not closed; "),
        ("--year", "soon", "`soon` is no year; "),
        ("--year", "20261", "`20261` is no year; "),
        ("--year", "0026", "`0026` is no year; "),
        ("--track", "13/12", "`13/12` is no place of a track; "),
        ("--language", "Spanish", "`Spanish` is no language; "),
        ("--language", "e", "`e` is no language; "),
    ] {
        let told = effleurage(folder.path(), &["render", "calf.toml", flag, value]);
        assert_eq!(told.status.code(), Some(2), "{flag} {value}");
        let expected = format!(": {expected}").replace('`', "'");
        assert!(stderr(&told).contains(&expected), "{expected}\n{}", stderr(&told));
    }
    assert_eq!(names(folder.path()), ["calf.toml"]);
}

#[test]
fn mistakes_in_a_file_stand_in_their_lines() {
    let folder = folder();
    let text = format!("{CALF}\n[tags]\ntitle = 5\nyear = '26'\nartits = 'x'\ntrack = 0\n");
    fs::write(folder.path().join("calf.toml"), text).unwrap();
    let told = stderr(&effleurage(folder.path(), &["check", "calf.toml"]));
    for (line, message) in [
        (23, "`title` cannot be the number 5"),
        (24, "`26` is no year"),
        (25, "unknown key `artits`"),
        (26, "`0` is no place of a track"),
    ] {
        assert!(told.contains(message) && told.contains(&format!("calf.toml:{line}:")), "{told}");
    }
}

/// A PNG of one black dot: the smallest there is, written by hand (PNG, third edition).
const DOT: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N',
    b'D', 0xae, 0x42, 0x60, 0x82,
];

#[test]
fn copies_carry_the_cover_as_it_is() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("dot.png"), DOT).unwrap();
    render(folder, &["--cover", "dot.png", "-o", "a.wav", "--also", "flac,mp3,m4a,m4b,opus"]);
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let holds =
        |name: &str, part: &[u8]| read(name).windows(part.len()).any(|window| window == part);
    assert!(!holds("a.wav", DOT));
    // ID3v2.4, section 4.14; RFC 9639, section 8.8; iTunes' `covr`, in which 14 is PNG.
    let mp3 = [&b"\x03image/png\0\x03\0"[..], DOT].concat();
    assert!(holds("a.mp3", &mp3));
    let numbers = [1_u32, 1, 8, 0, DOT.len() as u32].map(u32::to_be_bytes).concat();
    let picture = [&b"\0\0\0\x03\0\0\0\x09image/png\0\0\0\0"[..], &numbers, DOT].concat();
    assert!(holds("a.flac", &picture));
    let size = (DOT.len() as u32 + 16).to_be_bytes();
    let covr = [&b"covr"[..], &size, b"data\0\0\0\x0e\0\0\0\0", DOT].concat();
    assert!(holds("a.m4a", &covr) && holds("a.m4b", &covr));
    // Base64 of the same block of FLAC; its first and its last letters.
    let opus = b"METADATA_BLOCK_PICTURE=AAAAAwAAAAlpbWFnZS9wbmcAAAAAAAAAAQAAAAEAAAAIAAAAAAAAAE";
    assert!(holds("a.opus", &opus[..60]));
}

#[test]
fn a_cover_is_drawn_where_none_is_at_hand() {
    let folder = folder();
    render(folder.path(), &["--cover", "card", "-o", "a.mp3"]);
    let tag = id3::Tag::read_from_path(folder.path().join("a.mp3")).unwrap();
    let picture = tag.pictures().next().unwrap();
    assert_eq!(picture.picture_type, id3::frame::PictureType::CoverFront);
    // Width and height of a PNG are its fifth and sixth numbers.
    let number = |at: usize| u32::from_be_bytes(picture.data[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), (1400, 1400));
}

#[test]
fn what_cannot_be_a_cover_is_explained() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("text.png"), "no picture").unwrap();
    fs::write(folder.join("cut.png"), &DOT[..40]).unwrap();
    fs::write(folder.join("large.jpg"), vec![0xff; (4 << 20) + 1]).unwrap();
    for (name, expected) in [
        ("text.png", "error: cannot read text.png: it is no PNG and no JPEG picture\n"),
        ("cut.png", "error: cannot read cut.png: the picture in it is damaged\n"),
        ("large.jpg", "error: cannot read large.jpg: it is larger than 4 MiB"),
        ("none.png", "error: cannot read none.png: no such file"),
    ] {
        let told = effleurage(folder, &["render", "calf.toml", "--cover", name, "-o", "a.mp3"]);
        assert_eq!(told.status.code(), Some(3), "{name}");
        assert!(stderr(&told).contains(expected), "{expected}\n{}", stderr(&told));
        assert!(!folder.join("a.mp3").exists());
    }
    let over = ["render", "calf.toml", "--cover", "cut.png", "-o", "cut.png"];
    assert!(!effleurage(folder, &over).status.success());
}

/// Stands before all other chunks, and tells how loud the file is; the rest of the file is as
/// without it.
#[test]
fn a_wav_file_tells_broadcasters_how_loud_it_is() {
    let folder = folder();
    let folder = folder.path();
    render(folder, &["-o", "plain.wav"]);
    render(folder, &["--broadcast", "-o", "a.wav"]);
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let (plain, file) = (read("plain.wav"), read("a.wav"));
    assert_eq!(&file[12..16], b"bext");
    let length = u32::from_le_bytes(file[16..20].try_into().unwrap()) as usize;
    assert!(file[20 + length + length % 2..] == plain[12..]);
    let bext = chunk(&folder.join("a.wav"), b"bext", b"The calf\0").unwrap();
    let value = |at: usize| f64::from(i16::from_le_bytes([bext[at], bext[at + 1]])) / 100.0;
    let loud: Vec<f64> = (412..422).step_by(2).map(value).collect();
    let [integrated, range, peak, momentary, short_term] = loud[..] else { panic!() };
    // At 44.1 kHz, ffmpeg's meter hears -19.8 LUFS.
    assert!((-20.3..-19.3).contains(&integrated), "{loud:?}");
    assert!((0.0..30.0).contains(&range) && (-20.0..0.0).contains(&peak), "{loud:?}");
    assert!(momentary >= short_term && short_term >= integrated, "{loud:?}");
    assert!(effleurage(folder, &["verify", "a.wav"]).status.success());
}
