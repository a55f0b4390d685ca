//! Clips with every kind of damage: whatever comes of them, it is no panic and no
//! long wait, and what is read from them can be used.
//!
//! `FUZZ_CASES` and `FUZZ_SEED` make the search longer, and another.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::Random;
use effleurage::routine::words::Room;
use effleurage::units::SampleRate;
use effleurage::voice;
use effleurage::voice::decode::decode;
use effleurage::voice::trim::trim;

/// How many damaged files to try.
const CASES: u64 = 10_000;
/// Nobody should wait longer than this for an error. The tests of a whole program
/// run at once and share the processor, so this is generous.
const LONGEST: Duration = Duration::from_secs(30);
/// Numbers that break what counts with them.
const HARD_NUMBERS: [u32; 12] =
    [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/// A place in `bytes`, every other time among the first, where the headers are.
fn place(random: &mut Random, bytes: &[u8]) -> usize {
    let end = if random.next().is_multiple_of(2) { bytes.len().min(200) } else { bytes.len() };
    random.below(end)
}

/// `bytes` with one to four kinds of damage; `others` lend theirs.
fn damaged(bytes: &[u8], others: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        damage(&mut bytes, others, random);
    }
    bytes
}

fn damage(bytes: &mut Vec<u8>, others: &[Vec<u8>], random: &mut Random) {
    let at = place(random, bytes);
    let length = 1 + random.below(64);
    match random.below(7) {
        0 => flip(bytes, at, random),
        1 => bytes.truncate(at),
        2 => drop(bytes.drain(at..(at + length).min(bytes.len()))),
        3 => overwrite(bytes, at, &vec![random.next() as u8; length]),
        4 => {
            let number = HARD_NUMBERS[random.below(HARD_NUMBERS.len())];
            let ends = [number.to_le_bytes(), number.to_be_bytes()];
            overwrite(bytes, at, &ends[random.below(2)][..1 << random.below(3)]);
        }
        5 => {
            let other = &others[random.below(others.len())];
            let from = place(random, other);
            let part = &other[from..(from + 4 * length).min(other.len())];
            bytes.splice(at..at, part.iter().copied());
        }
        _ => {
            let part = bytes[at..(at + 4 * length).min(bytes.len())].to_vec();
            bytes.splice(at..at, part);
        }
    }
}

fn flip(bytes: &mut [u8], at: usize, random: &mut Random) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << random.below(8);
    }
}

fn overwrite(bytes: &mut [u8], at: usize, with: &[u8]) {
    for (byte, new) in bytes[at..].iter_mut().zip(with) {
        *byte = *new;
    }
}

fn fixtures() -> Vec<Vec<u8>> {
    let entries = fs::read_dir(Path::new("tests/clips")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension != "sh"));
    paths.sort();
    assert!(paths.len() >= 20);
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// What is decoded can be made ready, and comes out sound.
///
/// Returns whether there was anything to be made ready.
fn try_clip(bytes: &[u8], prepare: bool) -> bool {
    let Ok(recording) = decode(bytes) else { return false };
    assert!(!recording.samples.is_empty());
    assert!(recording.samples.len() as u64 <= 60 * u64::from(recording.rate.hz()));
    assert!(recording.samples.iter().all(|sample| sample.is_finite()));
    let Ok(trimmed) = trim(&recording) else { return false };
    // Half a minute of anything is as good as ten seconds, and takes longer.
    let short = trimmed.samples.len() as u64 <= 10 * u64::from(trimmed.rate.hz());
    if prepare && short {
        let foretold = voice::length(&trimmed, SampleRate::CD);
        let Ok(clip) = voice::prepare(
            &trimmed,
            SampleRate::CD,
            Room::Off,
            voice::level::LoudnessTarget::USUAL,
        ) else {
            return false;
        };
        assert_eq!(clip.samples.len() as u64, foretold.0);
        assert!(clip.samples.iter().all(|sample| sample.abs() <= 1.0));
    }
    true
}

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn no_damage_makes_a_decoder_panic_or_hang() {
    let (cases, seed) = (number("FUZZ_CASES", CASES), number("FUZZ_SEED", 1));
    let fixtures = fixtures();
    let (mut slowest, mut usable) = (Duration::ZERO, 0);
    for case in 0..cases {
        let mut random = Random(seed << 32 | case);
        let bytes = damaged(&fixtures[case as usize % fixtures.len()], &fixtures, &mut random);
        let start = Instant::now();
        // Making ready takes longest, so only some of the clips are.
        usable += u64::from(try_clip(&bytes, case % 8 == 0));
        let took = start.elapsed();
        assert!(took < LONGEST, "case {case} of seed {seed} took {took:?}");
        slowest = slowest.max(took);
    }
    println!("{cases} cases, {usable} of them usable, the slowest took {slowest:?}");
    assert!(usable > cases / 20, "only {usable} of {cases} were usable: too much damage");
}
