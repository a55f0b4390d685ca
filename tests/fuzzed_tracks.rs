//! Tracks with every kind of damage behind and before their sound: reading what they say
//! of themselves gives an answer or an error, never a panic, and never takes much more
//! memory than the file has bytes.
//!
//! `FUZZ_CASES` and `FUZZ_SEED` make the search longer, and another.

mod support;

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use effleurage::error::Result;
use effleurage::provenance::Provenance;
use peak_alloc::PeakAlloc;
use support::Random;

/// Counts what is allocated at once. The tests of this file take turns, so that each
/// counts its own.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;
static TURN: Mutex<()> = Mutex::new(());

/// What reading the file at `path` gives, and how many bytes it took at once.
fn read(path: &Path) -> (Result<Option<Provenance>>, usize) {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let read = effleurage::provenance::read(path);
    (read, ALLOCATOR.peak_usage().saturating_sub(before))
}

const HARD_NUMBERS: [u32; 8] =
    [0, 1, 0x7f, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

fn damaged(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let end = bytes.len().min(at + 1 + random.below(40));
        match random.below(6) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << random.below(8)),
            3 => bytes[at..end].iter_mut().for_each(|byte| *byte = random.next() as u8),
            4 if at + 4 <= bytes.len() => {
                let number = HARD_NUMBERS[random.below(HARD_NUMBERS.len())];
                bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
            }
            _ => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
        }
    }
    bytes
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

/// A whole track without most of its sound, so that damage meets what is told of it.
fn track(compressed: bool) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let render = ["render", "self-short", "--rate", "8000", "-q", "-o", "track.wav"];
    assert!(support::effleurage(folder.path(), &render).status.success());
    let bytes = fs::read(folder.path().join("track.wav")).unwrap();
    let data = 44..44 + 2 * 360 * 8_000;
    let mut chunks = bytes[data.end..].to_vec();
    let provenance = Provenance::in_chunks(&chunks).unwrap();
    if !compressed {
        let at = chunks.windows(8).rposition(|window| window.starts_with(b"effl")).unwrap();
        let json = serde_json::json!({
            "format": "effleurage-track/1", "software": provenance.software, "voice": provenance.voice,
            "routine": "short", "plan": provenance.plan,
        });
        chunks.truncate(at);
        effleurage::riff::push(&mut chunks, *b"effl", format!("json{json}").as_bytes());
    }
    let mut file = bytes[..data.start + 2_000].to_vec();
    file[40..44].copy_from_slice(&2_000_u32.to_le_bytes());
    file.extend(chunks);
    let size = file.len() as u32 - 8;
    file[4..8].copy_from_slice(&size.to_le_bytes());
    file
}

#[test]
fn damage_gives_an_answer_or_an_error() {
    let _turn = TURN.lock();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.wav");
    let (mut told, mut refused, mut silent) = (0, 0, 0);
    let mut random = Random(setting("FUZZ_SEED", 1));
    let cases = setting("FUZZ_CASES", 4_000);
    for compressed in [true, false] {
        let whole = track(compressed);
        for _ in 0..cases / 2 {
            let bytes = damaged(&whole, &mut random);
            fs::write(&path, &bytes).unwrap();
            let (read, took) = read(&path);
            match read {
                Ok(Some(_)) => told += 1,
                Ok(None) => silent += 1,
                Err(_) => refused += 1,
            }
            // A plan of eight megabytes of JSON at most, as entries of a few words each.
            assert!(took < 64 << 20, "{took} bytes for {} of a file", bytes.len());
        }
    }
    // The damage is neither so small nor so great that only one of these is tested.
    for count in [told, refused, silent] {
        assert!(count > cases / 50, "{told} told, {refused} refused, {silent} silent");
    }
}

#[test]
fn what_promises_more_than_it_has_takes_no_memory() {
    let _turn = TURN.lock();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.wav");
    // 400 MB of a text in a compressed chunk of 400 kB.
    let mut bomb = flate2::write::ZlibEncoder::new(b"zlib".to_vec(), Default::default());
    let mut text = std::io::Read::take(std::io::repeat(b'a'), 400 << 20);
    std::io::Write::write_all(&mut bomb, b"{\"routine\":\"").unwrap();
    std::io::copy(&mut text, &mut bomb).unwrap();
    let mut chunks = Vec::new();
    effleurage::riff::push(&mut chunks, *b"effl", &bomb.finish().unwrap());
    fs::write(&path, effleurage::riff::file_of(&chunks)).unwrap();
    let (read, took) = read(&path);
    assert!(read.is_err() && took < 40 << 20, "{took} bytes");
}
