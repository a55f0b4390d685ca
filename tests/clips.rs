//! Clips of every kind are decoded exactly: each frame where it was recorded.
//!
//! The files of `tests/clips` were made by the encoders that people use, all from
//! the same rising tone; `tests/clips/make.sh` says how.

use std::f64::consts::TAU;
use std::path::Path;

use effleurage::routine::words::Room;
use effleurage::units::{Decibels, Lufs, SampleRate};
use effleurage::voice;
use effleurage::voice::loudness::{loudness, true_peak};
use effleurage::voice::resample::resample;
use effleurage::voice::trim::trim;
use effleurage::voice::{Recording, decode::decode};

/// What is known of a file in `tests/clips`.
struct Fixture {
    name: &'static str,
    hz: u32,
    /// The mean of its channels' levels.
    level: f64,
    /// The least signal-to-noise ratio, in decibels, that its codec should reach.
    fidelity: f64,
}

const fn fixture(name: &'static str, hz: u32, level: f64, fidelity: f64) -> Fixture {
    Fixture { name, hz, level, fidelity }
}

/// Files that say where their sound starts and ends.
const EXACT: [Fixture; 22] = [
    fixture("8000-8bit.wav", 8_000, 1.0, 35.0),
    fixture("8000-mulaw.wav", 8_000, 1.0, 30.0),
    fixture("8000-piped.wav", 8_000, 1.0, 80.0),
    fixture("8000-piped.flac", 8_000, 1.0, 80.0),
    fixture("8000-six.wav", 8_000, 3.1 / 6.0, 80.0),
    fixture("8000.ogg", 8_000, 1.0, 20.0),
    fixture("11025-24bit.wav", 11_025, 1.0, 120.0),
    fixture("11025.mp3", 11_025, 1.0, 20.0),
    fixture("44100.flac", 44_100, 1.0, 80.0),
    fixture("44100-cbr.mp3", 44_100, 1.0, 20.0),
    fixture("44100-titled.mp3", 44_100, 1.0, 20.0),
    fixture("44100.ogg", 44_100, 1.0, 20.0),
    fixture("44100.m4a", 44_100, 1.0, 20.0),
    fixture("48000-stereo-vbr.mp3", 48_000, 0.75, 20.0),
    fixture("48000-stereo.m4a", 48_000, 0.75, 20.0),
    fixture("48000-alac.m4a", 48_000, 0.75, 80.0),
    fixture("48000-opus.ogg", 48_000, 0.75, 20.0),
    fixture("48000-60ms.opus", 48_000, 1.0, 20.0),
    fixture("48000-opus.webm", 48_000, 1.0, 20.0),
    fixture("48000-opus-recorded.webm", 48_000, 1.0, 20.0),
    fixture("48000-opus.mp4", 48_000, 0.75, 20.0),
    fixture("96000-stereo.flac", 96_000, 0.75, 120.0),
];

/// A file that does not tell all of it.
struct Inexact {
    fixture: Fixture,
    /// How many frames its sound comes late.
    late: i64,
    /// How many frames too many there are.
    surplus: usize,
}

const INEXACT: [Inexact; 7] = [
    // Without LAME's tag, the delay of encoder and decoder (576 + 529) is sound.
    Inexact {
        fixture: fixture("44100-untagged.mp3", 44_100, 1.0, 20.0),
        late: 1_105,
        surplus: 2_125,
    },
    Inexact {
        fixture: fixture("44100-untagged-vbr.mp3", 44_100, 1.0, 20.0),
        late: 1_105,
        surplus: 2_125,
    },
    // ADTS has no place for it, and fragments have no edit list unless asked for.
    Inexact { fixture: fixture("44100.aac", 44_100, 1.0, 20.0), late: 1_024, surplus: 1_485 },
    Inexact {
        fixture: fixture("44100-fragmented.mp4", 44_100, 1.0, 20.0),
        late: 1_024,
        surplus: 1_485,
    },
    Inexact {
        fixture: fixture("44100-fragmented-edit.mp4", 44_100, 1.0, 20.0),
        late: 0,
        surplus: 461,
    },
    // Its encoder's delay is taken for silence, which an empty edit makes longer.
    Inexact {
        fixture: fixture("44100-empty-edit.m4a", 44_100, 1.0, 20.0),
        late: 1_024,
        surplus: 1_024,
    },
    // Opus itself says where the sound starts.
    Inexact {
        fixture: fixture("48000-opus-fragmented.mp4", 48_000, 1.0, 20.0),
        late: 0,
        surplus: 631,
    },
];

fn read(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("tests/clips").join(name)).unwrap()
}

fn decoded(name: &str) -> Recording {
    decode(&read(name)).unwrap_or_else(|fault| panic!("{name}: {fault:?}"))
}

fn rate(hz: u32) -> SampleRate {
    SampleRate::new(hz).unwrap()
}

/// The sound of the fixtures: half a second and 17 frames of a tone that rises from
/// 300 to 3,000 Hz, and starts at full amplitude.
fn chirp(hz: u32, level: f64) -> Vec<f32> {
    let at = |n: u32| {
        let t = f64::from(n) / f64::from(hz);
        (0.6 * level * (TAU * (300.0 * t + 2_700.0 * t * t)).cos()) as f32
    };
    (0..hz / 2 + 17).map(at).collect()
}

/// How many frames later than in `reference` the sound in `samples` is.
fn lag(samples: &[f32], reference: &[f32]) -> i64 {
    let likeness = |lag: i64| {
        let shifted = |n: usize| samples.get(usize::try_from(n as i64 + lag).ok()?);
        let products = reference.iter().enumerate().map(|(n, x)| x * shifted(n).unwrap_or(&0.0));
        products.map(f64::from).sum::<f64>()
    };
    (-1_200..=1_200).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap()
}

fn energy(samples: &[f32]) -> f64 {
    samples.iter().map(|x| f64::from(*x).powi(2)).sum()
}

/// How far `samples` are from `reference`, in decibels below it.
fn fidelity(samples: &[f32], reference: &[f32]) -> f64 {
    let noise: Vec<f32> = samples.iter().zip(reference).map(|(a, b)| a - b).collect();
    10.0 * (energy(reference) / energy(&noise)).log10()
}

#[test]
fn where_the_file_tells_length_and_place_are_exact() {
    for Fixture { name, hz, level, fidelity: least } in EXACT {
        let Recording { rate, samples } = decoded(name);
        let expected = chirp(hz, level);
        assert_eq!((rate.hz(), samples.len()), (hz, expected.len()), "{name}");
        assert_eq!(lag(&samples, &expected), 0, "{name}");
        let fidelity = fidelity(&samples, &expected);
        assert!(fidelity >= least, "{name}: {fidelity:.1} dB");
        let louder = 10.0 * (energy(&samples) / energy(&expected)).log10();
        assert!(louder.abs() < 0.5, "{name}: {louder:.2} dB louder");
    }
}

#[test]
fn where_it_does_not_tell_nothing_is_lost() {
    for Inexact { fixture: Fixture { name, hz, level, fidelity: least }, late, surplus } in INEXACT
    {
        let Recording { rate, samples } = decoded(name);
        let expected = chirp(hz, level);
        assert_eq!((rate.hz(), samples.len()), (hz, expected.len() + surplus), "{name}");
        assert_eq!(lag(&samples, &expected), late, "{name}");
        let fidelity = fidelity(&samples[late as usize..], &expected);
        assert!(fidelity >= least, "{name}: {fidelity:.1} dB");
    }
}

/// `bytes` with one thing in the place of another, once.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|window| window == old).unwrap();
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

/// The MP4 in `bytes` with `more` at the end of the innermost of nested boxes.
fn with_more(bytes: &[u8], boxes: [&[u8; 4]; 4], more: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut end = 0;
    for name in boxes {
        let at = bytes.windows(4).position(|window| window == name).unwrap() - 4;
        let size = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        bytes[at..at + 4].copy_from_slice(&(size + more.len() as u32).to_be_bytes());
        end = at + size as usize;
    }
    bytes.splice(end..end, more.iter().copied());
    bytes
}

/// `44100.m4a` with these edits, lengths in milliseconds and starts in frames.
fn with_edits(edits: &[(u32, i32)]) -> Vec<u8> {
    let number = |numbers: [u32; 3]| numbers.map(u32::to_be_bytes).concat();
    let entries: Vec<u8> = edits
        .iter()
        .flat_map(|(length, start)| number([*length, *start as u32, 1 << 16]))
        .collect();
    let list = [&[0, 0, 0, 0, 0, 0, 0, edits.len() as u8], &entries[..]].concat();
    let file = read("44100.m4a");
    let old = [b"elst\0\0\0\0\0\0\0\x01".as_slice(), &number([500, 1_024, 1 << 16])].concat();
    let first = replaced(&file, &old, &[b"elst", &list[..20]].concat());
    with_more(&first, [b"moov", b"trak", b"edts", b"elst"], &list[20..])
}

#[test]
fn an_m4a_starts_where_its_edit_list_says() {
    let usual = decoded("44100.m4a");
    assert_eq!(decode(&with_edits(&[(500, 1_024)])), Ok(usual.clone()));
    for start in [1_025, 1_500, 2_112] {
        let recording = decode(&with_edits(&[(0, start)])).unwrap();
        assert!(recording.samples == usual.samples[start as usize - 1_024..], "{start}");
    }
    // Of silence before the sound nothing is kept.
    assert_eq!(decode(&with_edits(&[(250, -1), (500, 1_024)])), Ok(usual));
}

#[test]
fn an_m4a_of_itunes_starts_and_ends_where_its_tag_says() {
    let part = |name: &[u8; 4], body: &[u8]| {
        [&(body.len() as u32 + 8).to_be_bytes(), name.as_slice(), body].concat()
    };
    // Delay, padding and length: 1,024 and 461 frames around 22,067.
    let text = b"\0\0\0\x01\0\0\0\0 00000000 00000400 000001CD 0000000000005633 00000000";
    let tag = [
        part(b"mean", b"\0\0\0\0com.apple.iTunes"),
        part(b"name", b"\0\0\0\0iTunSMPB"),
        part(b"data", text),
    ];
    let file = replaced(&read("44100.m4a"), b"edts", b"free");
    assert_eq!(decode(&file).unwrap().samples.len(), 22_067 + 1_024);
    let file =
        with_more(&file, [b"moov", b"udta", b"meta", b"ilst"], &part(b"----", &tag.concat()));
    assert_eq!(decode(&file), Ok(decoded("44100.m4a")));
}

/// Chromium's WebM says that nothing comes before the sound, and its MP4 that 80 ms do.
#[test]
fn opus_starts_where_its_head_says() {
    let web = decoded("48000-opus-recorded.webm").samples;
    let none = replaced(
        &read("48000-opus-recorded.webm"),
        b"OpusHead\x01\x01\x38\x01",
        b"OpusHead\x01\x01\0\0",
    );
    assert!(decode(&none).unwrap().samples[312..] == web);
    let mp4 = decoded("48000-opus-fragmented.mp4").samples;
    let more =
        replaced(&read("48000-opus-fragmented.mp4"), b"dOps\0\x01\x01\x38", b"dOps\0\x01\x0f\0");
    assert!(decode(&more).unwrap().samples == mp4[3_840 - 312..]);
}

#[test]
fn opus_is_as_loud_as_its_head_says() {
    let file = read("48000-opus.webm");
    // 6.02 dB less, in 1/256 of a decibel.
    let quiet = replaced(&file, b"\x80\xbb\0\0\0\0\0", b"\x80\xbb\0\0\xfb\xf9\0");
    let (quiet, usual) = (decode(&quiet).unwrap(), decode(&file).unwrap());
    let half = |(quiet, usual): (&f32, &f32)| (quiet - usual / 2.0).abs() < 1e-4;
    assert!(quiet.samples.iter().zip(&usual.samples).all(half));
}

/// At low rates Opus codes speech at 16 kHz, and its resamplers are up to three frames of
/// 48 kHz ahead; libopus decodes the same file no differently.
#[test]
fn opus_for_speech_is_as_exact_as_the_codec() {
    let Recording { rate, samples } = decoded("48000-speech.ogg");
    let expected = chirp(48_000, 1.0);
    assert_eq!((rate.hz(), samples.len()), (48_000, expected.len()));
    let lag = lag(&samples, &expected);
    assert!((-3..=0).contains(&lag), "{lag}");
}

/// A WAV file of integer samples, each channel of a frame at its own level.
fn wave(hz: u32, bits: u16, levels: &[f64], mono: &[f32]) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: levels.len() as u16,
        sample_rate: hz,
        bits_per_sample: bits,
        sample_format: hound::SampleFormat::Int,
    };
    let full_scale = f64::from(1_u32 << (bits - 1)) - 1.0;
    let mut file = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
    for sample in mono {
        for level in levels {
            writer.write_sample((level * f64::from(*sample) * full_scale).round() as i32).unwrap();
        }
    }
    writer.finalize().unwrap();
    file.into_inner()
}

#[test]
fn every_width_rate_and_number_of_channels_is_exact() {
    for hz in [4_000, 8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000] {
        let mono = chirp(hz, 1.0);
        for (bits, least) in [(8, 35.0), (16, 80.0), (24, 120.0), (32, 120.0)] {
            for levels in [&[1.0][..], &[1.0, 0.5], &[0.9, 0.1, 0.2, 0.7, 0.0, 0.5]] {
                let recording = decode(&wave(hz, bits, levels, &mono)).unwrap();
                let level = levels.iter().sum::<f64>() / levels.len() as f64;
                let expected = chirp(hz, level);
                let what = format!("{hz} Hz, {bits} bits, {} channels", levels.len());
                assert_eq!(recording.samples.len(), expected.len(), "{what}");
                let fidelity = fidelity(&recording.samples, &expected);
                assert!(fidelity >= least, "{what}: {fidelity:.1} dB");
            }
        }
    }
}

/// Programs that write to a pipe, or that are killed, leave these behind.
#[test]
fn a_wav_whose_sizes_are_placeholders_is_whole() {
    let whole = wave(8_000, 16, &[1.0], &chirp(8_000, 1.0));
    let expected = decode(&whole).unwrap();
    let size = whole.len() as u32;
    let placeholders: [(u32, u32); 6] = [
        (u32::MAX, u32::MAX),
        (0x7fff_f024, 0x7fff_f000),
        (0x8000_0024, 0x8000_0000),
        (0, 0),
        (0, size - 44),
        (size - 44, size - 44),
    ];
    for (file_size, data_size) in placeholders {
        let mut bytes = whole.clone();
        bytes[4..8].copy_from_slice(&file_size.to_le_bytes());
        bytes[40..44].copy_from_slice(&data_size.to_le_bytes());
        assert_eq!(decode(&bytes), Ok(expected.clone()), "{file_size:x} {data_size:x}");
    }
}

/// The frame of the largest sample.
fn peak(samples: &[f32]) -> usize {
    (0..samples.len()).max_by(|a, b| samples[*a].total_cmp(&samples[*b])).unwrap()
}

/// How many frames later than `expected` the click in `samples` is, in fractions:
/// the delay of its low frequencies, which turn by this much.
fn delay(samples: &[f32], expected: f64) -> f64 {
    let turn = TAU * 0.02;
    let (mut cosines, mut sines) = (0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let angle = turn * (n as f64 - expected);
        cosines += f64::from(*sample) * angle.cos();
        sines += f64::from(*sample) * angle.sin();
    }
    sines.atan2(cosines) / turn
}

#[test]
fn a_click_of_one_frame_lands_where_arithmetic_says() {
    let (at, length) = (3_528, 10_000);
    let mut click = vec![0.0; length];
    click[at] = 0.9;
    for from in [8_000, 22_050, 44_100, 48_000] {
        let recording = decode(&wave(from, 16, &[1.0], &click)).unwrap();
        assert_eq!(peak(&recording.samples), at);
        for to in [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000] {
            let resampled = resample(&recording.samples, rate(from), rate(to));
            let expected = at as f64 * f64::from(to) / f64::from(from);
            let late = delay(&resampled, expected);
            assert!(late.abs() < 1e-3, "{from} to {to}: {late} frames late");
            let off = peak(&resampled) as f64 - expected;
            assert!(off.abs() <= 0.5, "{from} to {to}: the peak is {off} frames off");
        }
    }
}

#[test]
fn the_first_frame_of_the_sound_comes_a_margin_after_the_start_of_the_clip() {
    for hz in [8_000, 44_100, 48_000] {
        let (window, margin) = ((hz / 100) as usize, (hz / 100 * 6) as usize);
        for silence in [0, 3, 30, 100] {
            let mut click = vec![0.0; window * (silence + 20)];
            click[window * silence + window / 2] = 0.9;
            let trimmed = trim(&decode(&wave(hz, 16, &[1.0], &click)).unwrap()).unwrap();
            assert_eq!(peak(&trimmed.samples), margin + window / 2);
            assert_eq!(trimmed.samples.len(), margin + window + margin);
            for to in [22_050, 44_100, 48_000] {
                let clip = voice::prepare(
                    &trimmed,
                    rate(to),
                    Room::Off,
                    voice::level::LoudnessTarget::USUAL,
                )
                .unwrap();
                let expected = (margin + window / 2) as f64 * f64::from(to) / f64::from(hz);
                let late = delay(&clip.samples, expected);
                // The limiter's gain falls and rises by whole frames.
                assert!(late.abs() < 0.05, "{hz} to {to}: {late} frames late");
            }
        }
    }
}

#[test]
fn clips_have_the_length_that_was_foretold() {
    let names = EXACT.iter().map(|fixture| fixture.name);
    for name in names.chain(INEXACT.iter().map(|inexact| inexact.fixture.name)) {
        let trimmed = trim(&decoded(name)).unwrap();
        for hz in [8_000, 22_050, 44_100, 48_000, 96_000] {
            let clip =
                voice::prepare(&trimmed, rate(hz), Room::Off, voice::level::LoudnessTarget::USUAL)
                    .unwrap();
            assert_eq!(clip.samples.len() as u64, voice::length(&trimmed, rate(hz)).0, "{name}");
        }
    }
}

/// The voice that is shipped: every eighth prompt, the shortest and the softest among
/// them, at one of three rates each. (All of them at all rates were measured by hand.)
#[test]
fn the_shipped_voice_comes_out_at_one_loudness_with_silent_ends() {
    let pack = effleurage::voice::open(Path::new("en")).unwrap();
    let some = pack.vocabulary.ids().step_by(8).chain(["halfway", "length-10s", "goodbye"]);
    for (prompt, hz) in some.zip([44_100, 48_000, 22_050].into_iter().cycle()) {
        let recording = voice::recording(&pack.clip(prompt).unwrap().unwrap()).unwrap();
        let clip =
            voice::prepare(&recording, rate(hz), Room::Off, voice::level::LoudnessTarget::USUAL)
                .unwrap();
        let Lufs(lufs) = loudness(&clip.samples, rate(hz)).unwrap();
        assert!((lufs + 16.0).abs() < 0.1 && (lufs - clip.loudness.0).abs() < 0.01, "{prompt}");
        let Decibels(peak) = true_peak(&clip.samples, rate(hz));
        assert!(peak <= -2.0, "{prompt}: {peak} dBTP");
        for end in [clip.samples.first(), clip.samples.last()] {
            assert!(end.unwrap().abs() < 1e-4, "{prompt}");
        }
    }
}

/// The ends of a word are soft, and they belong to it.
#[test]
fn no_consonant_of_the_shipped_voice_is_cut() {
    let pack = effleurage::voice::open(Path::new("en")).unwrap();
    for prompt in pack.vocabulary.ids() {
        let recording = decode(&pack.clip(prompt).unwrap().unwrap().bytes).unwrap();
        let trimmed = trim(&recording).unwrap();
        let (whole, kept) = (energy(&recording.samples), energy(&trimmed.samples));
        let lost = 10.0 * ((whole - kept).max(0.0) / whole).log10();
        assert!(lost < -55.0, "{prompt}: {lost:.1} dB");
    }
}
