//! Recordings as phones, recorders and converters leave them: all of the sound is taken, or
//! the file is refused for what it is.

use crate::support::sound_files::{
    FlacFrame, aac_table, adts, chunk, flac_head, format, id3, later, loas, mp4_box, packets,
    pages, riff, sealed, with_box,
};
use effleurage::voice::decode::decode;
use effleurage::voice::{Recording, trim::trim};

fn read(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new("tests/clips").join(name)).unwrap()
}

fn samples(bytes: &[u8]) -> Vec<f32> {
    decode(bytes).unwrap_or_else(|fault| panic!("{}", fault.why())).samples
}

/// Tells where two recordings differ, and not all that is in them.
#[track_caller]
fn assert_same(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let differs = found.iter().zip(expected).position(|(a, b)| a != b);
    assert_eq!(differs, None, "{what}");
}

fn refused(bytes: &[u8]) -> String {
    match decode(bytes) {
        Ok(Recording { samples, .. }) => format!("{} frames", samples.len()),
        Err(fault) => fault.why(),
    }
}

fn cannot(what: &str) -> String {
    format!("this kind of sound cannot be read ({what})")
}

/// A file of every container that begins and ends exactly.
const WHOLE: [&str; 12] = [
    "8000-mulaw.wav",
    "8000-piped.flac",
    "8000.ogg",
    "11025-24bit.wav",
    "11025.mp3",
    "44100-untagged.mp3",
    "44100.aac",
    "44100.flac",
    "44100.m4a",
    "48000-60ms.opus",
    "48000-opus.webm",
    "48000-alac.m4a",
];

#[test]
fn tags_before_the_sound_are_passed_over_in_files_of_every_kind() {
    let ape = [b"APETAGEX\xd0\x07\0\0\x28\0\0\0\x01\0\0\0\0\0\0\xa0".as_slice(), &[0; 48]].concat();
    for name in WHOLE {
        let bytes = read(name);
        let whole = samples(&bytes);
        for tags in [id3(20), [id3(300), id3(0), id3(70_000)].concat(), ape.clone()] {
            assert_same(&samples(&[tags, bytes.clone()].concat()), &whole, name);
        }
    }
}

#[test]
fn tags_after_and_within_the_sound_are_passed_over() {
    let id3v1 = [b"TAG".as_slice(), &[b' '; 125]].concat();
    for name in ["44100-untagged.mp3", "44100.aac", "44100.flac", "8000-piped.flac", "11025.mp3"] {
        let bytes = read(name);
        assert_same(&samples(&[bytes.clone(), id3v1.clone()].concat()), &samples(&bytes), name);
    }
    // Between two frames: the sound goes on as if there were none.
    let adts = read("44100.aac");
    let frame = |at: usize| {
        usize::from(adts[at + 3] & 3) << 11
            | usize::from(adts[at + 4]) << 3
            | usize::from(adts[at + 5] >> 5)
    };
    let second = frame(0);
    let tagged = [&adts[..second], &id3(500), &adts[second..]].concat();
    assert_same(&samples(&tagged), &samples(&adts), "a tag within");
}

#[test]
fn a_stream_may_begin_in_the_middle() {
    for (name, frame) in
        [("44100-untagged.mp3", 1_152), ("44100-cbr.mp3", 1_152), ("44100.aac", 1_024)]
    {
        let bytes = read(name);
        let whole = samples(&bytes).len();
        for lost in [1, 333, 700] {
            let taken = samples(&bytes[lost..]).len();
            assert!(taken + 6 * frame > whole, "{name} without {lost}: {taken} of {whole}");
        }
    }
    assert_eq!(refused(b"\0Halfway. \xff\xfb\x90 is no MP3. Well done!"), refused(b"none"));
}

#[test]
fn streams_that_change_are_refused_for_that() {
    let adts = read("44100.aac");
    // The same frames as if they were at 48 kHz, and as if they were of two channels.
    let headed = |change: &dyn Fn(&mut [u8])| {
        let (mut changed, mut at) = (adts.clone(), 0);
        while at < adts.len() {
            change(&mut changed[at..]);
            at += usize::from(adts[at + 3] & 3) << 11
                | usize::from(adts[at + 4]) << 3
                | usize::from(adts[at + 5] >> 5);
        }
        [adts.clone(), changed].concat()
    };
    let faster = headed(&|header| header[2] = header[2] & !0x3c | 3 << 2);
    assert_eq!(refused(&faster), cannot("its sample rate changes half-way"));
    let wider = headed(&|header| header[3] = header[3] & 0x3f | 0x80);
    assert_eq!(refused(&wider), cannot("its channels change half-way"));
    let (low, high) = (read("11025.mp3"), read("44100-untagged.mp3"));
    assert_eq!(refused(&[low, high].concat()), cannot("its sample rate changes half-way"));
}

#[test]
fn edits_of_an_mp4_are_all_played() {
    let file = read("44100.m4a");
    let whole = samples(&file);
    // One tick of the movie is a millisecond; the encoder's delay is 1,024 frames.
    let edited = |edits: &[(u32, i32)]| {
        let numbers = edits.iter().flat_map(|(length, start)| [*length, *start as u32, 0x1_0000]);
        let numbers = [0, edits.len() as u32].into_iter().chain(numbers);
        let list: Vec<u8> = numbers.flat_map(u32::to_be_bytes).collect();
        samples(&with_box(&file, b"elst", &mp4_box(b"elst", &list)))
    };
    let part = |from: usize, to: usize| whole[from..to].to_vec();
    let turned = edited(&[(200, 1_024 + 8_820), (100, 1_024)]);
    assert_same(&turned, &[part(8_820, 17_640), part(0, 4_410)].concat(), "turned");
    let parted = edited(&[(50, -1), (100, 1_024), (300, 1_024 + 4_400), (0, -1)]);
    assert_same(&parted, &part(0, 4_400 + 13_230), "they follow each other to the frame");
    let wide: Vec<u8> = [
        [1_u64 << 56 | 2, 100].map(u64::to_be_bytes).concat(),
        vec![0; 6],
        vec![4, 0],
        vec![0, 1, 0, 0],
        100_u64.to_be_bytes().to_vec(),
        vec![0; 6],
        vec![4, 0],
        vec![0, 1, 0, 0],
    ]
    .concat();
    let twice = samples(&with_box(&file, b"elst", &mp4_box(b"elst", &wide)));
    assert_same(&twice, &[part(0, 4_410), part(0, 4_410)].concat(), "of 64 bits");
}

#[test]
fn tags_of_an_mp4_may_say_anything() {
    let file = read("44100.m4a");
    let nonsense = mp4_box(b"udta", &mp4_box(b"meta", &[0xff; 40]));
    assert_same(&samples(&with_box(&file, b"udta", &nonsense)), &samples(&file), "nonsense");
}

/// The root of the mean square.
fn level(samples: &[f32]) -> f64 {
    let squares: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    (squares / samples.len() as f64).sqrt()
}

#[test]
fn he_aac_is_decoded_however_it_is_wrapped_and_told() {
    let file = read("44100-he-aac.m4a");
    let Recording { samples: whole, rate } = decode(&file).unwrap();
    // ffmpeg makes this of it: twice the rate and the length of what it is built on.
    assert_eq!((rate.hz(), whole.len()), (44_100, 61 * 2_048));
    assert!((level(&whole) / 0.074_599_3 - 1.0).abs() < 1e-4, "{}", level(&whole));
    let turns: Vec<f32> = whole.windows(3).map(|x| x[0] - 2.0 * x[1] + x[2]).collect();
    assert!((level(&turns) / 0.006_991_99 - 1.0).abs() < 1e-3, "{}", level(&turns));
    let high = (12_000..16_000).step_by(250).map(|hz| at_frequency(&whole, f64::from(hz)));
    let high: f64 = high.sum();
    assert!((high / 0.079_448_5 - 1.0).abs() < 0.01, "its upper half: {high}");

    let packets = packets(&file);
    assert_same(&samples(&adts(&packets)), &whole, "ADTS");
    assert_same(&samples(&loas(&packets)), &whole, "LOAS");
    // Told before the first packet, and told behind what all decoders read.
    for config in [&[0x2b, 0x8a, 0x08, 0x00][..], &[0x13, 0x88, 0x56, 0xe5, 0xa0]] {
        let told = with_box(&file, b"stsd", &aac_table(config));
        assert_same(&samples(&told), &whole, &format!("{config:x?}"));
    }
    // The clock of the file may be that of what it is built on.
    let mut slow = file.clone();
    let at = slow.windows(4).position(|window| window == b"mdhd").unwrap() + 16;
    slow[at..at + 8].copy_from_slice(&[22_050_u32, 62_464].map(u32::to_be_bytes).concat());
    let at = slow.windows(4).position(|window| window == b"stts").unwrap() + 16;
    slow[at..at + 4].copy_from_slice(&1_024_u32.to_be_bytes());
    assert_same(&samples(&slow), &whole, "at half the rate");
    let cut = adts(&packets);
    assert_eq!(refused(&cut[..cut.len() - 5]), "the file is cut off before its end");
    let cut = loas(&packets);
    assert_eq!(refused(&cut[..cut.len() - 5]), "the file is cut off before its end");
}

/// How much of a frequency is in a sound at 44.1 kHz.
fn at_frequency(samples: &[f32], hz: f64) -> f64 {
    let step = std::f64::consts::TAU * hz / 44_100.0;
    let sums = samples.iter().enumerate().fold((0.0, 0.0), |(re, im), (n, sample)| {
        let (sin, cos) = (step * n as f64).sin_cos();
        (re + f64::from(*sample) * cos, im + f64::from(*sample) * sin)
    });
    sums.0 * sums.0 + sums.1 * sums.1
}

#[test]
fn a_stream_of_loas_may_begin_in_the_middle() {
    let file = read("44100-he-aac.m4a");
    let packets = packets(&file);
    let late = [loas(&packets[..3]).split_off(50), loas(&packets)].concat();
    assert_eq!(samples(&late).len(), 61 * 2_048, "in the middle of a frame");
    let untold = loas(&packets);
    let second = 3 + (usize::from(untold[1] & 0x1f) << 8 | usize::from(untold[2]));
    let told = [&untold[second..], &loas(&packets)].concat();
    assert_eq!(samples(&told).len(), 61 * 2_048);
}

#[test]
fn an_mp4_need_not_tell_a_rate_that_it_has_no_room_for() {
    let file = read("44100-he-aac.m4a");
    let mut table = aac_table(&[0x13, 0x88]);
    let rate = table.windows(4).position(|window| window == [0xac, 0x44, 0, 0]).unwrap();
    table[rate..rate + 2].fill(0);
    assert_same(&samples(&with_box(&file, b"stsd", &table)), &samples(&file), "none told");
}

#[test]
fn what_itunes_tells_of_its_ends_is_in_ticks() {
    let file = read("44100-he-aac.m4a");
    let whole = samples(&file);
    let text = " 00000000 00000840 00000100 0000000000003E80 00000000";
    let tag = mp4_box(b"udta", &[b"iTunSMPB....data........", text.as_bytes()].concat());
    let mut file = with_box(&with_box(&file, b"udta", &tag), b"edts", &[]);
    assert_same(&samples(&file), &whole[2_112..2_112 + 16_000], "of 44.1 kHz");
    let at = file.windows(4).position(|window| window == b"mdhd").unwrap() + 16;
    file[at..at + 4].copy_from_slice(&22_050_u32.to_be_bytes());
    assert_same(&samples(&file), &whole[4_224..4_224 + 32_000], "of 22.05 kHz");
}

#[test]
fn a_wav_may_tell_its_format_at_any_length() {
    let codes: Vec<u8> = (0..=255).collect();
    let plain = samples(&riff(&[format(6, 1, 8_000, 8, &[]), chunk(b"data", &codes)]));
    assert_eq!(
        (plain[0xaa], plain[0x2a], plain[0x55]),
        (32_256.0 / 32_768.0, -32_256.0 / 32_768.0, -8.0 / 32_768.0)
    );
    let guid = [&[22, 0, 8, 0, 4, 0, 0, 0, 6, 0][..], &[0; 14]].concat();
    let ways = [
        format(6, 1, 8_000, 8, &[2, 0, 0, 0]),
        format(6, 1, 8_000, 8, &[0; 24]),
        format(0xfffe, 1, 8_000, 8, &guid),
    ];
    for way in ways {
        assert_eq!(samples(&riff(&[way, chunk(b"data", &codes)])), plain);
    }
    let adpcm = riff(&[format(2, 1, 8_000, 4, &[0; 32]), chunk(b"data", &codes)]);
    assert_eq!(refused(&adpcm), cannot("WAV with ADPCM"));
}

#[test]
fn a_wav_is_read_whatever_its_other_chunks_are() {
    let data = chunk(b"data", &[0, 64].repeat(100));
    let plain = || format(1, 1, 8_000, 16, &[]);
    let expected = vec![0.5; 100];
    let mut long = chunk(b"bext", &[7; 30]);
    long[4] = 0xff;
    for other in [chunk(b"LIST", b"INFOICMT\xff\xff\0\0a"), chunk(b"id3 ", &id3(9)), long] {
        assert_eq!(samples(&riff(&[plain(), other.clone(), data.clone()])), expected);
        assert_eq!(samples(&riff(&[other.clone(), plain(), data.clone()])), expected);
        assert_eq!(samples(&riff(&[plain(), data.clone(), other])), expected);
    }
}

/// Eight samples that differ from frame to frame, of so many bits.
fn ramp(number: i64, bits: u32) -> Vec<i64> {
    (0..8).map(|n| (number * 8 + n) << (bits - 8)).collect()
}

#[test]
fn flac_is_read_frame_by_frame() {
    let frame = |number: u8, rate: u8, bits: u32, count: usize| {
        let channels = vec![ramp(number.into(), bits); count];
        FlacFrame { number, rate, bits, channels: &channels, is_side: false }.write()
    };
    let expected: Vec<f32> = (0..24_u8).map(|n| f32::from(n) / 128.0).collect();
    let changing = [frame(0, 4, 16, 1), frame(1, 4, 24, 3), frame(2, 4, 8, 2)].concat();
    for head in [flac_head(0), flac_head(24), Vec::new()] {
        assert_eq!(samples(&[head, changing.clone()].concat()), expected, "bits and channels");
    }
    for before in [&b"\x55\xff\xf8 in the middle"[..], &changing[7..40], &[0; 9_000]] {
        assert_eq!(samples(&[before, &changing].concat()), expected, "{before:?}");
    }
    // Blocks that are wrong, and one that hides the first frame.
    let mut head = flac_head(24);
    head[4] = 0;
    for block in [&b"\x84\0\0\x04\xff\xff\xff\xff"[..], b"\x85\0\0\x01\x07", b"\x84\0\0\x20mine"] {
        assert_eq!(samples(&[&head, block, &changing].concat()), expected, "{block:?}");
    }
    let faster = [flac_head(0), frame(0, 4, 16, 1), frame(1, 5, 16, 1)].concat();
    assert_eq!(refused(&faster), cannot("its sample rate changes half-way"));
    let second = [flac_head(0), frame(0, 4, 16, 1), flac_head(0), frame(0, 4, 16, 1)].concat();
    assert_eq!(refused(&second), cannot("several recordings in one file"));
    let lacking = [flac_head(24), frame(0, 4, 16, 1), frame(2, 4, 16, 1)].concat();
    assert_eq!(refused(&lacking), "the file is damaged (some of its sound is missing)");
    let cut = [flac_head(24), frame(0, 4, 16, 1), frame(1, 4, 16, 1)].concat();
    assert_eq!(refused(&cut), "the file is cut off before its end");
    let mut flipped = [flac_head(24), changing].concat();
    flipped[60] ^= 1;
    assert_eq!(refused(&flipped), "the file is damaged (some of its sound is missing)");
}

#[test]
fn flac_of_32_bits_may_have_differences_of_33() {
    let (left, right) = (i64::from(i32::MAX), i64::from(i32::MIN));
    let channels = [vec![left; 16], vec![left - right; 16]];
    let frame = FlacFrame { number: 0, rate: 4, bits: 32, channels: &channels, is_side: true };
    // The mean of both is half a step below zero.
    let mean = samples(&[flac_head(0), frame.write()].concat());
    assert!(mean.iter().all(|sample| sample.abs() < 1e-6), "{mean:?}");
}

#[test]
fn ogg_may_count_from_anywhere() {
    for name in ["48000-60ms.opus", "44100.ogg", "8000.ogg", "48000-speech.ogg"] {
        let bytes = read(name);
        let whole = samples(&bytes).len();
        for frames in [960, 1 << 40] {
            let moved = samples(&later(&bytes, frames)).len();
            // All is on one page, so what is too much at its end is not told.
            assert!(moved >= whole && moved < whole + 6_000, "{name}: {moved} of {whole}");
        }
    }
    let parted = page_by_page(&read("48000-60ms.opus"), 2_880);
    let whole = samples(&parted);
    assert_same(&whole, &samples(&read("48000-60ms.opus")), "parted");
    for frames in [1, 2_880, 48_000_000, 1 << 40] {
        assert_same(&samples(&later(&parted, frames)), &whole, "later");
        let mut lacking = pages(&later(&parted, frames));
        lacking.remove(5);
        let told = refused(&lacking.concat());
        assert_eq!(told, "the file is damaged (some of its sound is missing)");
    }
}

/// An Ogg file whose sound is on one page, with a page for each packet of so many frames.
fn page_by_page(bytes: &[u8], frames: i64) -> Vec<u8> {
    let [first, tags, sound] = pages(bytes).try_into().unwrap();
    let count = usize::from(sound[26]);
    let (segments, mut body) = sound[27..].split_at(count);
    let packets: Vec<&[u8]> = segments.split_inclusive(|size| *size < 255).collect();
    let mut parted = vec![first, tags];
    for (n, packet) in packets.iter().enumerate() {
        let (content, rest) = body.split_at(packet.iter().map(|size| usize::from(*size)).sum());
        body = rest;
        let is_last = n + 1 == packets.len();
        let mut head = sound[..27].to_vec();
        head[5] = if is_last { 4 } else { 0 };
        if !is_last {
            head[6..14].copy_from_slice(&((n as i64 + 1) * frames).to_le_bytes());
        }
        head[18..22].copy_from_slice(&(n as u32 + 2).to_le_bytes());
        head[26] = packet.len() as u8;
        parted.push(sealed([&head[..], packet, content].concat()));
    }
    parted.concat()
}

#[test]
fn tags_of_an_ogg_may_be_large_or_wrong() {
    let bytes = read("48000-60ms.opus");
    let whole = samples(&bytes);
    let all = pages(&bytes);
    let tags = [b"OpusTags\xff\xff\xff\xff".as_slice(), &vec![7; 17 << 20]].concat();
    let mut large = vec![all[0].clone()];
    let parts: Vec<&[u8]> = tags.chunks(255 * 255).collect();
    for (n, part) in parts.iter().enumerate() {
        let mut segments = vec![255_u8; part.len() / 255];
        if n + 1 == parts.len() {
            segments.push((part.len() % 255) as u8);
        }
        let mut head = all[1][..27].to_vec();
        head[5] = u8::from(n > 0);
        head[18..22].copy_from_slice(&(n as u32 + 1).to_le_bytes());
        head[26] = segments.len() as u8;
        large.push(sealed([&head[..], &segments, part].concat()));
    }
    large.extend(all[2..].iter().cloned());
    assert_same(&samples(&large.concat()), &whole, "17 MiB of tags");
}

#[test]
fn codecs_that_are_not_read_are_named() {
    let headed = |body: &[u8]| {
        let mut bytes = read("48000-60ms.opus");
        let at = bytes.windows(8).position(|window| window == b"OpusHead").unwrap();
        bytes[at..at + body.len()].copy_from_slice(body);
        let all: Vec<Vec<u8>> = pages(&bytes).into_iter().map(sealed).collect();
        refused(&all.concat())
    };
    assert_eq!(headed(b"Speex   "), cannot("Speex"));
    assert_eq!(headed(b"\x80theora"), cannot("a codec that is not known here"));
    let ambisonic = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\x02";
    assert_eq!(headed(ambisonic), cannot("Opus of mapping family 2"));
    assert_eq!(refused(b"FORM\0\0\x10\0AIFFCOMM"), cannot("AIFF"));
    let mut free = vec![0xff, 0xfb, 0x00, 0xc0];
    free.resize(700, 0);
    assert_eq!(refused(&free.repeat(5)), cannot("MP3 of free format"));
}

#[test]
fn channels_that_cancel_each_other_are_heard() {
    let tone: Vec<f64> = (0..8_000).map(|n| (f64::from(n) * 0.31).sin() * 12_000.0).collect();
    let recorded = |gains: &[f64]| {
        let frames = tone.iter().flat_map(|x| gains.iter().map(move |gain| (x * gain) as i16));
        let codes: Vec<u8> = frames.flat_map(i16::to_le_bytes).collect();
        let head = format(1, gains.len() as u16, 8_000, 16, &[]);
        samples(&riff(&[head, chunk(b"data", &codes)]))
    };
    let alone = recorded(&[1.0]);
    let turned: Vec<f32> = alone.iter().map(|x| -x).collect();
    assert_same(&recorded(&[1.0, -1.0]), &turned, "all");
    assert_same(&recorded(&[1.0, -0.95]), &alone, "95 %");
    assert_same(&recorded(&[0.1, 1.0, -0.9, -0.2]), &alone, "four");
    let half: Vec<f32> = recorded(&[1.0, 0.0]);
    assert!(half.iter().zip(&alone).all(|(half, whole)| (half * 2.0 - whole).abs() < 1e-6));
    assert!(
        trim(&decode(&riff(&[format(1, 2, 8_000, 16, &[]), chunk(b"data", &[0; 4_000])])).unwrap())
            .is_err()
    );
}
