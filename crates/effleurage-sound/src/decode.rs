//! A recording's bytes → samples at its own rate.
//!
//! symphonia decodes most of it; everything around it is distrust: recordings come from
//! phones, converters and strangers. What an encoder put before and after the sound is
//! removed where the file tells how much.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use super::container::Container;
use super::recording::Recording;
use super::stream::{Stream, source};
use super::wave::{self, Wave};
use super::{flac, foreign, frames, loas, matroska, mp4, ogg};
use crate::fault::ClipFault;
use crate::gathered::{Gathered, Mix, check_length};

/// A clip lasts at most this long.
const LONGEST_SECONDS: u64 = 60;

/// Decodes the clip in `bytes`, of a minute at most, whatever its name says that it is.
///
/// Never panics: where a decoder does, the clip is [`ClipFault::Malformed`].
pub fn decode(bytes: &[u8]) -> Result<Recording, ClipFault> {
    decode_up_to(bytes, LONGEST_SECONDS)
}

/// Decodes a recording of at most so many seconds.
///
/// Several channels become one, their mean; where that would lose the sound, because they
/// take each other away, the loudest of them.
pub fn decode_up_to(bytes: &[u8], most_seconds: u64) -> Result<Recording, ClipFault> {
    quietly(|| decode_trusting(bytes, most_seconds))
}

/// The same, and of two channels that become their mean and are not the same: how much more than
/// it the left one has, sample by sample.
pub fn decode_sides_up_to(
    bytes: &[u8],
    most_seconds: u64,
) -> Result<(Recording, Option<Vec<f32>>), ClipFault> {
    quietly(|| {
        let middle = gathered(bytes, most_seconds)?;
        let mut side = None;
        if middle.is_mean_of_two() {
            let mut gathered = Gathered::new(Mix::Side, most_seconds);
            gather(bytes, &mut gathered)?;
            side = Some(gathered.samples).filter(|side| side.iter().any(|x| *x != 0.0));
        }
        Ok((recording(middle, most_seconds)?, side))
    })
}

/// Of a file, so many bytes are enough to tell whether it is one of sound.
pub const ENOUGH_TO_TELL: usize = 1 << 17;

/// Whether the file that begins with these `bytes` is one of sound: of a kind that is read,
/// or of one that is not.
pub fn is_sound(bytes: &[u8]) -> bool {
    Container::find(bytes).is_some() || foreign::name(bytes).is_some()
}

/// What comes of a decoder, or that it panicked.
pub(crate) fn quietly<T>(decode: impl FnOnce() -> Result<T, ClipFault>) -> Result<T, ClipFault> {
    keep_panics_of_decoders_quiet();
    DECODING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(decode));
    DECODING.set(false);
    outcome.unwrap_or_else(|_| Err(ClipFault::Malformed("it confuses the decoder".to_owned())))
}

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// A panic inside a decoder becomes an error; its text is for nobody.
fn keep_panics_of_decoders_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !DECODING.get() {
                usual(info);
            }
        }));
    });
}

fn decode_trusting(bytes: &[u8], most_seconds: u64) -> Result<Recording, ClipFault> {
    recording(gathered(bytes, most_seconds)?, most_seconds)
}

/// All of a file, mixed so that nothing is lost.
fn gathered(bytes: &[u8], most_seconds: u64) -> Result<Gathered, ClipFault> {
    if bytes.is_empty() {
        return Err(ClipFault::Empty);
    }
    let mut gathered = Gathered::new(Mix::Mean, most_seconds);
    gather(bytes, &mut gathered)?;
    if let Some(loudest) = gathered.cancelled() {
        // Both would not fit into memory where the recording is long.
        gathered = Gathered::new(Mix::Only(loudest), most_seconds);
        gather(bytes, &mut gathered)?;
    }
    Ok(gathered)
}

fn recording(gathered: Gathered, most_seconds: u64) -> Result<Recording, ClipFault> {
    let rate = gathered.rate.filter(|_| gathered.length() > 0).ok_or(ClipFault::Empty)?;
    check_length(gathered.length(), rate, most_seconds)?;
    let mut samples = gathered.samples;
    // What is spare after a minute's worth of growing would stay until the mix.
    samples.shrink_to_fit();
    Ok(Recording { rate, samples })
}

/// Adds the sound of the file in `bytes` to `gathered`.
fn gather(bytes: &[u8], gathered: &mut Gathered) -> Result<(), ClipFault> {
    let strange = || match foreign::name(bytes) {
        Some(name) => ClipFault::Unsupported(name.to_owned()),
        None => ClipFault::NotAudio,
    };
    let (container, start) = Container::find(bytes).ok_or_else(strange)?;
    let bytes = &bytes[start..];
    match container {
        Container::Wave => match wave::open(bytes)? {
            Wave::Samples(samples) => return samples.decode(gathered),
            Wave::Mpeg(frames) => return frames::decode(frames, gathered),
        },
        Container::Flac => return flac::decode(bytes, gathered),
        Container::Mpeg => return frames::decode(bytes, gathered),
        Container::Loas => return loas::decode(bytes, gathered),
        Container::Mp4 => mp4::check(bytes)?,
        Container::Matroska => matroska::check(bytes)?,
        Container::Ogg => ogg::check(bytes)?,
    }
    let is_open = container == Container::Matroska;
    let stream = Stream { bytes, container, is_open };
    stream.decode(source(container, bytes), gathered).map(drop)
}
