//! What an encoder put before and after the sound, where symphonia leaves it there.
//!
//! symphonia trims MP3 and Ogg Vorbis by itself. It ignores what Opus says of its start
//! (`pre_skip` of RFC 7845, section 4.2), the edit list of MP4 (ISO/IEC 14496-12, 8.6.6),
//! for which older files of Apple's have an `iTunSMPB` tag instead, and what Matroska
//! says of its end (RFC 9559, section 5.1.3.5.7).

use symphonia::core::formats::Track;

use super::container::Container;
use super::matroska;
use super::mp4::{boxes, find, u32_at, u64_at};
use super::opus::Head;
use super::recording::Recording;

/// Cuts `recording`, decoded from `track` of the file in `bytes`, to the sound.
pub fn trim(container: Container, bytes: &[u8], track: &Track, recording: &mut Recording) {
    let rate = u128::from(recording.rate.hz());
    let start = pre_skip(track);
    let whole = Sound { start, end: recording.samples.len() as u64 };
    let sound = match container {
        // What is said of the whole file goes before what is said of its Opus.
        Container::Mp4 => sound_in_mp4(bytes, rate, track.num_frames).unwrap_or_else(|| {
            let length = track.num_frames.filter(|frames| *frames > 0);
            Sound { end: length.unwrap_or(whole.end), ..whole }
        }),
        Container::Matroska => {
            let padding = nearest_frames(matroska::padding(bytes, track.id), rate);
            Sound { end: whole.end.saturating_sub(padding), ..whole }
        }
        _ => whole,
    };
    cut(recording, &sound);
}

/// How many frames come before the sound of an Opus track; none of any other.
fn pre_skip(track: &Track) -> u64 {
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    parameters.and_then(Head::of).map_or(0, |head| head.pre_skip.into())
}

fn cut(recording: &mut Recording, sound: &Sound) {
    let samples = &mut recording.samples;
    let end = sound.end.min(samples.len() as u64) as usize;
    let start = sound.start.min(end as u64) as usize;
    samples.truncate(end);
    samples.drain(..start);
}

/// The frames that are sound.
#[derive(Debug, PartialEq, Eq)]
struct Sound {
    start: u64,
    end: u64,
}

/// What the MP4 in `bytes` says of its sound. `num_frames` is the length of the track,
/// encoder delay included, where it is known.
fn sound_in_mp4(bytes: &[u8], rate: u128, num_frames: Option<u64>) -> Option<Sound> {
    edit(bytes, rate, num_frames).or_else(|| apple_tag(bytes))
}

/// How many frames so many nanoseconds last; encoders round them down.
fn nearest_frames(nanoseconds: u64, rate: u128) -> u64 {
    u64::try_from((u128::from(nanoseconds) * rate + 500_000_000) / 1_000_000_000)
        .unwrap_or(u64::MAX)
}

fn edit(bytes: &[u8], rate: u128, num_frames: Option<u64>) -> Option<Sound> {
    let movie = find(bytes, b"moov")?;
    let track = boxes(movie).filter(|b| b.name == *b"trak").map(|b| b.body).find(is_sound)?;
    let media_header = find(find(track, b"mdia")?, b"mdhd")?;
    let ticks_media = timescale(media_header)?;
    let ticks_movie = timescale(find(movie, b"mvhd")?)?;
    let (segment, start) = first_edit(find(find(track, b"edts")?, b"elst")?)?;
    let start = frames(start, rate, ticks_media);
    let end = num_frames.filter(|frames| *frames > start).unwrap_or(u64::MAX);
    // The movie's clock is often coarse, so its length counts only where it says
    // that more than one of its own ticks is missing.
    let by_edit = start.saturating_add(frames(segment, rate, ticks_movie));
    let tick = frames(1, rate, ticks_movie).saturating_add(1);
    let end = if segment > 0 && by_edit.saturating_add(tick) < end { by_edit } else { end };
    Some(Sound { start, end })
}

/// How many frames `ticks` of a clock last.
fn frames(ticks: u64, rate: u128, ticks_a_second: u128) -> u64 {
    u64::try_from(u128::from(ticks) * rate / ticks_a_second).unwrap_or(u64::MAX)
}

fn is_sound(track: &&[u8]) -> bool {
    let handler = find(track, b"mdia").and_then(|media| find(media, b"hdlr"));
    handler.and_then(|handler| handler.get(8..12)) == Some(b"soun")
}

/// The `timescale` of a `mvhd` or `mdhd` box: ticks a second.
fn timescale(header: &[u8]) -> Option<u128> {
    let at = if *header.first()? == 1 { 20 } else { 12 };
    Some(u128::from(u32_at(header, at)?)).filter(|ticks| *ticks > 0)
}

/// Length (in ticks of the movie) and start (in ticks of the media) of the first
/// edit that is not empty: one that is would only put silence before the sound.
fn first_edit(list: &[u8]) -> Option<(u64, u64)> {
    let wide = *list.first()? == 1;
    let size = if wide { 20 } else { 12 };
    let edits = list.get(8..)?.chunks_exact(size).map(|edit| match wide {
        true => Some((u64_at(edit, 0)?, u64_at(edit, 8)? as i64)),
        false => Some((u64::from(u32_at(edit, 0)?), i64::from(u32_at(edit, 4)? as i32))),
    });
    let (segment, start) = edits.flatten().find(|(_, start)| *start >= 0)?;
    Some((segment, start as u64))
}

/// ` 00000000 DELAY PADDING LENGTH …` in hexadecimal, as iTunes writes it.
fn apple_tag(bytes: &[u8]) -> Option<Sound> {
    let name = b"iTunSMPB";
    let at = bytes.windows(name.len()).position(|window| window == name)? + name.len();
    let text = bytes.get(at..(at + 160).min(bytes.len()))?;
    let words = text.split(|byte| !byte.is_ascii_hexdigit()).filter(|word| word.len() >= 8);
    let mut numbers = words.map(|word| {
        std::str::from_utf8(word).ok().and_then(|word| u64::from_str_radix(word, 16).ok())
    });
    let (delay, _padding, length) = (numbers.nth(1)??, numbers.next()??, numbers.next()??);
    Some(Sound { start: delay, end: delay.checked_add(length)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleRate;

    fn mp4_box(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes(), name.as_slice(), body].concat()
    }

    /// A file with one sound track: 44,100 ticks a second, a movie clock of
    /// `movie` ticks, one edit.
    fn file(movie: u32, segment: u32, start: i32) -> Vec<u8> {
        let header = |ticks: u32| [&[0; 12], ticks.to_be_bytes().as_slice(), &[0; 4]].concat();
        let numbers = [0, 1, segment, start as u32, 0];
        let edit: Vec<u8> = numbers.iter().flat_map(|n| n.to_be_bytes()).collect();
        let media = [
            mp4_box(b"mdhd", &header(44_100)),
            mp4_box(b"hdlr", &[&[0; 8], b"soun".as_slice(), &[0; 12]].concat()),
        ];
        let track = [mp4_box(b"edts", &mp4_box(b"elst", &edit)), mp4_box(b"mdia", &media.concat())];
        let movie = [mp4_box(b"mvhd", &header(movie)), mp4_box(b"trak", &track.concat())];
        [mp4_box(b"ftyp", b"M4A "), mp4_box(b"moov", &movie.concat())].concat()
    }

    fn recording(length: usize) -> Recording {
        Recording { rate: SampleRate::CD, samples: (0..length).map(|n| n as f32).collect() }
    }

    fn trim(bytes: &[u8], num_frames: Option<u64>, recording: &mut Recording) {
        let rate = u128::from(recording.rate.hz());
        if let Some(sound) = sound_in_mp4(bytes, rate, num_frames) {
            cut(recording, &sound);
        }
    }

    fn sound(bytes: &[u8], num_frames: u64) -> (f32, usize) {
        let mut recording = recording(100_000);
        trim(bytes, Some(num_frames), &mut recording);
        (recording.samples[0], recording.samples.len())
    }

    #[test]
    fn sound_starts_where_the_edit_list_says_and_ends_with_the_track() {
        // 1.234 s by a millisecond clock is only near 54,400 frames: the track counts.
        assert_eq!(sound(&file(1_000, 1_234, 1_024), 55_424), (1024.0, 54_400));
    }

    #[test]
    fn an_edit_that_ends_well_before_the_track_counts() {
        assert_eq!(sound(&file(44_100, 40_000, 2_112), 55_424), (2112.0, 40_000));
    }

    #[test]
    fn an_edit_counts_where_the_length_of_the_track_is_unknown() {
        let mut recording = recording(60_000);
        trim(&file(1_000, 0, 1_024), None, &mut recording);
        assert_eq!((recording.samples[0], recording.samples.len()), (1024.0, 58_976));
    }

    #[test]
    fn an_edit_is_in_ticks_of_the_media_not_in_frames() {
        let mut recording =
            Recording { rate: SampleRate::new(22_050).unwrap(), ..recording(60_000) };
        trim(&file(1_000, 0, 2_048), None, &mut recording);
        assert_eq!((recording.samples[0], recording.samples.len()), (1024.0, 58_976));
    }

    #[test]
    fn an_apple_tag_counts_where_there_is_no_edit_list() {
        let text =
            b"....iTunSMPB....data........ 00000000 00000840 000001CA 00000000000003E8 00000000";
        let bytes = [mp4_box(b"ftyp", b"M4A "), text.to_vec()].concat();
        assert_eq!(sound(&bytes, 55_424), (2112.0, 1_000));
    }

    #[test]
    fn damage_changes_nothing() {
        let whole = file(1_000, 1_234, 1_024);
        for end in 0..whole.len() {
            let mut recording = recording(10);
            trim(&whole[..end], Some(10), &mut recording);
            assert_eq!(recording.samples.len(), 10);
        }
    }
}
