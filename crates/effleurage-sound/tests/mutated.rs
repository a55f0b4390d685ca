//! Recordings with every kind of damage: whatever comes of them, it is no panic, no long wait
//! and no heap of memory, and what is read from them can be used.
//!
//! The usual few cases run with all tests. `FUZZ_CASES` and `FUZZ_SEED` make the search longer,
//! and another; `FUZZ_FILES` names a folder with more files to damage. What came of each kind of
//! file is printed (`cargo test -p effleurage-sound --test mutated -- --nocapture`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use effleurage_core::routine::words::Room;
use effleurage_core::units::SampleRate;
use effleurage_sound::decode::decode;
use effleurage_sound::level::LoudnessTarget;
use effleurage_sound::trim::trim;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// How many damaged files to try.
const CASES: u64 = 8_000;
/// Nobody should wait longer than this for an error. All tests run at once and share the
/// processor, so this is generous.
const LONGEST: Duration = Duration::from_secs(30);
/// What a file of some kilobytes may take, in megabytes, until it is decoded.
const MOST_MEGABYTES: f32 = 100.0;
/// Numbers that break what counts with them.
const HARD_NUMBERS: [u32; 12] =
    [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/// Numbers as chance would have them, the same ones from the same start (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end.max(1)
    }

    /// A place in so many bytes, every other time among the first, where the headers are.
    fn place(&mut self, length: usize) -> usize {
        let end = if self.below(2) == 0 { length.min(200) } else { length };
        self.below(end)
    }
}

/// A file to damage.
struct Whole {
    /// How its name ends, which is what is told of it.
    kind: String,
    bytes: Vec<u8>,
}

fn files() -> Vec<Whole> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clips");
    let more = std::env::var_os("FUZZ_FILES").map(PathBuf::from);
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in [Some(own), more].into_iter().flatten() {
        paths.extend(fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension != "sh"));
    paths.sort();
    let mut files: Vec<Whole> = Vec::new();
    for path in paths {
        let kind = path.extension().unwrap().to_string_lossy().into_owned();
        files.push(Whole { kind, bytes: fs::read(path).unwrap() });
    }
    assert!(files.len() >= 20);
    files
}

/// `whole` with one to four kinds of damage; `others` lend theirs.
fn damaged(whole: &Whole, others: &[Whole], random: &mut Random) -> Vec<u8> {
    let mut bytes = whole.bytes.clone();
    for _ in 0..=random.below(4) {
        damage(&mut bytes, whole, others, random);
    }
    // Checksums would hide damage from whatever comes behind them.
    if bytes.starts_with(b"OggS") && random.below(2) == 0 {
        seal_pages(&mut bytes);
    }
    bytes
}

fn damage(bytes: &mut Vec<u8>, whole: &Whole, others: &[Whole], random: &mut Random) {
    let at = random.place(bytes.len());
    let length = 1 + random.below(64);
    let part = at..(at + 4 * length).min(bytes.len());
    match random.below(9) {
        0 => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << random.below(8)),
        1 => bytes.truncate(at),
        2 => drop(bytes.drain(part)),
        3 => overwrite(bytes, at, &vec![random.next() as u8; length]),
        4 => {
            let number = HARD_NUMBERS[random.below(HARD_NUMBERS.len())];
            let ends = [number.to_le_bytes(), number.to_be_bytes()];
            overwrite(bytes, at, &ends[random.below(2)][..1 << random.below(3)]);
        }
        5 => {
            let other = &others[random.below(others.len())].bytes;
            let from = random.place(other.len());
            let lent = other[from..(from + 4 * length).min(other.len())].to_vec();
            bytes.splice(at..at, lent);
        }
        6 => {
            let twice = bytes[part].to_vec();
            bytes.splice(at..at, twice);
        }
        7 => {
            // A part changes its place.
            let moved: Vec<u8> = bytes.drain(part).collect();
            let to = random.place(bytes.len());
            bytes.splice(to..to, moved);
        }
        _ => {
            // The end of another file of the same kind.
            let same: Vec<&Whole> =
                others.iter().filter(|other| other.kind == whole.kind).collect();
            let other = &same[random.below(same.len())].bytes;
            let from = random.place(other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
    }
}

fn overwrite(bytes: &mut [u8], at: usize, with: &[u8]) {
    let places = bytes.get_mut(at..).unwrap_or_default();
    places.iter_mut().zip(with).for_each(|(byte, new)| *byte = *new);
}

/// Gives the pages of an Ogg file their checksums (RFC 3533, section 6), as far as they fit.
fn seal_pages(bytes: &mut [u8]) {
    let mut rest = bytes;
    while rest.len() > 27 && rest.starts_with(b"OggS") {
        let count = usize::from(rest[26]);
        let Some(segments) = rest.get(27..27 + count) else { return };
        let size = 27 + count + segments.iter().map(|size| usize::from(*size)).sum::<usize>();
        let Some((page, after)) = rest.split_at_mut_checked(size) else { return };
        page[22..26].fill(0);
        let checksum = page.iter().fold(0_u32, |checksum, byte| {
            (0..8).fold(checksum ^ u32::from(*byte) << 24, |checksum, _| {
                checksum << 1 ^ if checksum >> 31 == 1 { 0x04c1_1db7 } else { 0 }
            })
        });
        page[22..26].copy_from_slice(&checksum.to_le_bytes());
        rest = after;
    }
}

/// Whether what is decoded can be made ready; then, it comes out sound.
fn try_clip(bytes: &[u8], prepare: bool) -> bool {
    let Ok(recording) = decode(bytes) else { return false };
    assert!(!recording.samples.is_empty());
    assert!(recording.samples.len() as u64 <= 60 * u64::from(recording.rate.hz()));
    assert!(recording.samples.iter().all(|sample| sample.is_finite()));
    let Ok(trimmed) = trim(&recording) else { return false };
    // Half a minute of anything is as good as ten seconds, and takes longer.
    let short = trimmed.samples.len() as u64 <= 10 * u64::from(trimmed.rate.hz());
    if prepare && short {
        let rate = SampleRate::CD;
        let foretold = effleurage_sound::length(&trimmed, rate);
        let made = effleurage_sound::prepare(&trimmed, rate, Room::Off, LoudnessTarget::USUAL);
        let Ok(clip) = made else { return false };
        assert_eq!(clip.samples.len() as u64, foretold.0);
        assert!(clip.samples.iter().all(|sample| sample.abs() <= 1.0));
    }
    true
}

/// What came of the files of a kind.
#[derive(Default)]
struct Tally {
    cases: u64,
    usable: u64,
    /// How many a decoder panicked over.
    panics: u64,
    slowest: Duration,
    megabytes: f32,
}

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn no_damage_makes_a_decoder_panic_or_hang_or_fill_the_memory() {
    let (cases, seed) = (number("FUZZ_CASES", CASES), number("FUZZ_SEED", 1));
    let files = files();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for case in 0..cases {
        let mut random = Random((seed << 32 | case).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let whole = &files[case as usize % files.len()];
        let bytes = damaged(whole, &files, &mut random);
        let told = || format!("case {case} of seed {seed}, {}", whole.kind);
        let before = MEMORY.current_usage_as_mb();
        MEMORY.reset_peak_usage();
        let start = Instant::now();
        let decoded = decode(&bytes);
        let took = start.elapsed();
        let megabytes = MEMORY.peak_usage_as_mb() - before;
        assert!(took < LONGEST, "{} took {took:?}", told());
        assert!(megabytes < MOST_MEGABYTES, "{} took {megabytes} MB", told());
        let tally = tallies.entry(&whole.kind).or_default();
        tally.cases += 1;
        // Making ready takes longest, so only some of the clips are.
        let is_panic =
            matches!(&decoded, Err(fault) if fault.why().contains("confuses the decoder"));
        tally.panics += u64::from(is_panic);
        tally.usable += u64::from(decoded.is_ok() && try_clip(&bytes, case % 8 == 0));
        tally.slowest = tally.slowest.max(took);
        tally.megabytes = tally.megabytes.max(megabytes);
    }
    for (kind, Tally { cases, usable, panics, slowest, megabytes }) in &tallies {
        println!(
            "{kind}: {cases} cases, {usable} usable, {panics} panics of decoders, {slowest:?} at \
             most, {megabytes:.1} MB"
        );
    }
    let panics: u64 = tallies.values().map(|tally| tally.panics).sum();
    assert_eq!(panics, 0, "a panic ends the worker of a page");
    let usable: u64 = tallies.values().map(|tally| tally.usable).sum();
    assert!(usable > cases / 20, "only {usable} of {cases} were usable: too much damage");
}
