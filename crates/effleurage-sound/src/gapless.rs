//! What an encoder put before and after the sound, where symphonia leaves it there.
//!
//! symphonia trims MP3 and Ogg Vorbis by itself. It ignores what Opus says of its start
//! (`pre_skip` of RFC 7845, section 4.2), the edit list of MP4 (ISO/IEC 14496-12, 8.6.6),
//! for which older files of Apple's have an `iTunSMPB` tag instead, and what Matroska
//! says of its end (RFC 9559, section 5.1.3.5.7).

use symphonia::core::formats::Track;

use super::container::Container;
use super::matroska;
use super::mp4::{self, find, u32_at, u64_at};
use super::opus::Head;
use crate::fault::ClipFault;
use crate::gathered::{Gathered, check_length};

/// The frames that are sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sound {
    start: u64,
    end: u64,
}

/// Cuts what was `gathered`, decoded from `track` of the file in `bytes`, to the sound.
pub fn trim(
    container: Container,
    bytes: &[u8],
    track: &Track,
    gathered: &mut Gathered,
) -> Result<(), ClipFault> {
    let Some(sample_rate) = gathered.rate else { return Ok(()) };
    let rate = u128::from(sample_rate.hz());
    let whole = Sound { start: pre_skip(track), end: gathered.length() as u64 };
    let pieces = match container {
        // What is said of the whole file goes before what is said of its Opus.
        Container::Mp4 => sound_in_mp4(bytes, rate, track)?.unwrap_or_else(|| {
            let length = track.num_frames.filter(|frames| *frames > 0);
            vec![Sound { end: length.unwrap_or(whole.end), ..whole }]
        }),
        Container::Matroska => {
            let padding = nearest_frames(matroska::padding(bytes, track.id), rate);
            vec![Sound { end: whole.end.saturating_sub(padding), ..whole }]
        }
        _ => vec![whole],
    };
    let pieces: Vec<Sound> = pieces.into_iter().map(|piece| piece.within(whole.end)).collect();
    // An edit may come twice, or a million times.
    let length =
        pieces.iter().fold(0, |sum: u64, piece| sum.saturating_add(piece.end - piece.start));
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    check_length(length, sample_rate, gathered.most_seconds + 1)?;
    cut(&mut gathered.samples, &pieces);
    Ok(())
}

impl Sound {
    fn within(self, end: u64) -> Sound {
        let end = self.end.min(end);
        Sound { start: self.start.min(end), end }
    }
}

/// How many frames come before the sound of an Opus track; none of any other.
pub fn pre_skip(track: &Track) -> u64 {
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    parameters.and_then(Head::of).map_or(0, |head| head.pre_skip.into())
}

/// Leaves of `samples` these pieces, one after the other.
fn cut(samples: &mut Vec<f32>, pieces: &[Sound]) {
    match pieces {
        // In place: hours of sound need not be there twice.
        [Sound { start, end }] => {
            samples.truncate(*end as usize);
            samples.drain(..*start as usize);
        }
        pieces => {
            let piece = |piece: &Sound| &samples[piece.start as usize..piece.end as usize];
            *samples = pieces.iter().flat_map(piece).copied().collect();
        }
    }
}

/// What the MP4 in `bytes` says of the sound of `track`; `None` where it says nothing.
fn sound_in_mp4(bytes: &[u8], rate: u128, track: &Track) -> Result<Option<Vec<Sound>>, ClipFault> {
    let edits = edits(bytes, track.id).unwrap_or_default();
    if edits.iter().any(|edit| edit.speed != Edit::USUAL_SPEED && edit.speed != 0) {
        return Err(ClipFault::Unsupported("an edit that changes its speed".to_owned()));
    }
    let sounding = edits.into_iter().filter(|edit| edit.start >= 0 && edit.speed != 0);
    let sounding: Vec<Edit> = sounding.collect();
    let clocks = Clocks::of(bytes, track, rate);
    let placed = clocks.as_ref().map(|clocks| clocks.placed(&sounding));
    let tag = apple_tag(bytes).map(|sound| clocks.map_or(sound, |clocks| clocks.by_media(sound)));
    // The length of a track counts what an encoder put before it, where it is known.
    Ok(placed.filter(|pieces| !pieces.is_empty()).or_else(|| tag.map(|sound| vec![sound])))
}

/// How many frames so many nanoseconds last; encoders round them down.
fn nearest_frames(nanoseconds: u64, rate: u128) -> u64 {
    u64::try_from((u128::from(nanoseconds) * rate + 500_000_000) / 1_000_000_000)
        .unwrap_or(u64::MAX)
}

/// An entry of an edit list: what is played next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edit {
    /// How long, in ticks of the movie; 0 in a fragmented file means: to the end.
    segment: u64,
    /// From where, in ticks of the media. Below 0, nothing is played; and since that only
    /// puts silence before the sound, nothing it is.
    start: i64,
    /// How fast. At 0, time passes and nothing is heard.
    speed: u32,
}

impl Edit {
    const USUAL_SPEED: u32 = 0x1_0000;
}

/// The edits of the track with this number.
fn edits(bytes: &[u8], track: u32) -> Option<Vec<Edit>> {
    let list = find(find(mp4::track(bytes, track)?, b"edts")?, b"elst")?;
    let wide = *list.first()? == 1;
    let count = u32_at(list, 4)? as usize;
    let entries = list.get(8..)?.chunks_exact(if wide { 20 } else { 12 }).take(count);
    let edit = |entry: &[u8]| {
        if wide {
            Some(Edit {
                segment: u64_at(entry, 0)?,
                start: u64_at(entry, 8)? as i64,
                speed: u32_at(entry, 16)?,
            })
        } else {
            Some(Edit {
                segment: u32_at(entry, 0)?.into(),
                start: (u32_at(entry, 4)? as i32).into(),
                speed: u32_at(entry, 8)?,
            })
        }
    };
    entries.map(edit).collect()
}

/// The clocks by which edits are written, and the frames that they become.
struct Clocks {
    rate: u128,
    movie: u128,
    media: u128,
    /// How many frames the track has, what an encoder put before it included; where known.
    length: Option<u64>,
}

impl Clocks {
    fn of(bytes: &[u8], track: &Track, rate: u128) -> Option<Clocks> {
        let movie = timescale(find(find(bytes, b"moov")?, b"mvhd")?)?;
        let media = find(find(mp4::track(bytes, track.id)?, b"mdia")?, b"mdhd")?;
        let length = track.num_frames.filter(|frames| *frames > 0);
        Some(Clocks { rate, movie, media: timescale(media)?, length })
    }

    /// The frames that these `edits` play.
    fn placed(&self, edits: &[Edit]) -> Vec<Sound> {
        let start = |edit: &Edit| frames(edit.start as u64, self.rate, self.media);
        // The movie's clock is often coarse, so its lengths count only where they say that
        // more than one of its own ticks is missing.
        let tick = frames(1, self.rate, self.movie).saturating_add(1);
        let piece = |(n, edit): (usize, &Edit)| {
            let next = edits.get(n + 1).map(start);
            let start = start(edit);
            let by_edit = start.saturating_add(frames(edit.segment, self.rate, self.movie));
            let end = self.length.unwrap_or(u64::MAX);
            let is_near = |other: u64| other > start && by_edit.abs_diff(other) <= tick;
            let end = match next {
                // One edit goes on where the other ended.
                Some(next) if is_near(next) => next,
                Some(_) if edit.segment == 0 => start,
                None if edit.segment == 0 => end,
                _ if by_edit.saturating_add(tick) < end => by_edit,
                _ => end,
            };
            Sound { start, end }.within(self.length.unwrap_or(u64::MAX))
        };
        edits.iter().enumerate().map(piece).collect()
    }

    /// What is told in ticks of the media; of HE-AAC, they may be two frames each.
    fn by_media(&self, sound: Sound) -> Sound {
        let [start, end] = [sound.start, sound.end].map(|at| frames(at, self.rate, self.media));
        Sound { start, end }
    }
}

/// How many frames `ticks` of a clock last.
fn frames(ticks: u64, rate: u128, ticks_a_second: u128) -> u64 {
    u64::try_from(u128::from(ticks) * rate / ticks_a_second).unwrap_or(u64::MAX)
}

/// The `timescale` of a `mvhd` or `mdhd` box: ticks a second.
fn timescale(header: &[u8]) -> Option<u128> {
    let at = if *header.first()? == 1 { 20 } else { 12 };
    Some(u128::from(u32_at(header, at)?)).filter(|ticks| *ticks > 0)
}

/// ` 00000000 DELAY PADDING LENGTH …` in hexadecimal, as iTunes writes it, in ticks of the media.
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
    use crate::gathered::Mix;

    fn mp4_box(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes(), name.as_slice(), body].concat()
    }

    /// A file with a sound track of 44,100 ticks a second, a movie clock of `movie` ticks,
    /// and edits: their lengths and starts.
    fn edited(movie: u32, edits: &[(u32, i32)]) -> Vec<u8> {
        let header = |ticks: u32| [&[0; 12], ticks.to_be_bytes().as_slice(), &[0; 4]].concat();
        let numbers = edits.iter().flat_map(|(segment, start)| [*segment, *start as u32, 0x1_0000]);
        let numbers = [0, edits.len() as u32].into_iter().chain(numbers);
        let edits: Vec<u8> = numbers.flat_map(u32::to_be_bytes).collect();
        let track = [
            // The number of the track.
            mp4_box(b"tkhd", &header(7)),
            mp4_box(b"edts", &mp4_box(b"elst", &edits)),
            mp4_box(b"mdia", &mp4_box(b"mdhd", &header(44_100))),
        ];
        let movie = [mp4_box(b"mvhd", &header(movie)), mp4_box(b"trak", &track.concat())];
        [mp4_box(b"ftyp", b"M4A "), mp4_box(b"moov", &movie.concat())].concat()
    }

    fn file(movie: u32, segment: u32, start: i32) -> Vec<u8> {
        edited(movie, &[(segment, start)])
    }

    /// So many frames, each of which is its own number.
    fn gathered(hz: u32, length: usize) -> Gathered {
        let mut gathered = Gathered::new(Mix::Mean, 60);
        gathered.add(hz, 1, &[0.0]).unwrap();
        gathered.samples = (0..length).map(|n| n as f32).collect();
        gathered
    }

    fn trimmed(bytes: &[u8], num_frames: Option<u64>, mut gathered: Gathered) -> Vec<f32> {
        let mut track = Track::new(7);
        track.num_frames = num_frames;
        trim(Container::Mp4, bytes, &track, &mut gathered).unwrap();
        gathered.samples
    }

    fn sound(bytes: &[u8], num_frames: u64) -> (f32, usize) {
        let samples = trimmed(bytes, Some(num_frames), gathered(44_100, 100_000));
        (samples[0], samples.len())
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
        let samples = trimmed(&file(1_000, 0, 1_024), None, gathered(44_100, 60_000));
        assert_eq!((samples[0], samples.len()), (1024.0, 58_976));
    }

    #[test]
    fn an_edit_is_in_ticks_of_the_media_not_in_frames() {
        let samples = trimmed(&file(1_000, 0, 2_048), None, gathered(22_050, 60_000));
        assert_eq!((samples[0], samples.len()), (1024.0, 58_976));
    }

    #[test]
    fn all_edits_are_played_in_their_order() {
        // By the clock of the track: from 1,024 on, then from 30,000 back to 20,000.
        let parts = edited(44_100, &[(500, -1), (100, 30_000), (200, 20_000), (0, 5)]);
        let samples = trimmed(&parts, Some(55_424), gathered(44_100, 60_000));
        let expected = (30_000..30_100).chain(20_000..20_200).chain(5..55_424);
        assert!(samples.iter().copied().eq(expected.map(|n| n as f32)));
        // Edits that follow each other do so to the frame, however coarse the clock is:
        // 100 ms are 4,410 frames, and 4,400 is where the second begins.
        let parts = edited(1_000, &[(100, 1_024), (900, 5_424)]);
        assert_eq!(sound(&parts, 45_100), (1024.0, 45_100 - 1_024));
        // What is beyond the end is not there.
        let parts = edited(44_100, &[(100, 60_000), (100, 0)]);
        assert_eq!(sound(&parts, 50_000), (0.0, 100));
    }

    #[test]
    fn edits_of_one_track_are_not_those_of_another() {
        let samples = |track: u32| {
            let (mut gathered, mut about) = (gathered(44_100, 100), Track::new(track));
            about.num_frames = Some(100);
            trim(Container::Mp4, &file(44_100, 50, 10), &about, &mut gathered).unwrap();
            gathered.length()
        };
        assert_eq!((samples(7), samples(8)), (50, 100));
    }

    #[test]
    fn a_million_edits_are_too_long() {
        let edits = vec![(40_000, 0); 1_000_000];
        let (mut gathered, mut track) = (gathered(44_100, 50_000), Track::new(7));
        track.num_frames = Some(50_000);
        let told = trim(Container::Mp4, &edited(44_100, &edits), &track, &mut gathered);
        assert_eq!(told, Err(ClipFault::TooLong));
    }

    #[test]
    fn an_edit_at_another_speed_is_refused() {
        let mut bytes = file(44_100, 100, 0);
        let at = bytes.windows(4).rposition(|window| window == [0, 1, 0, 0]).unwrap();
        bytes[at + 1] = 2;
        let (mut gathered, track) = (gathered(44_100, 100), Track::new(7));
        let told = trim(Container::Mp4, &bytes, &track, &mut gathered);
        assert!(matches!(told, Err(ClipFault::Unsupported(_))));
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
            assert_eq!(trimmed(&whole[..end], Some(10), gathered(44_100, 10)).len(), 10);
        }
    }
}
