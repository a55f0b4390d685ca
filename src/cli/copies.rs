//! The sounds that `render` makes besides WAV files: which, and what is said of them.

use std::path::{Path, PathBuf};

use crate::encode::{self, ENCODERS, Encoder, Format, Instead, Refusal};
use crate::error::{Error, Result};
use crate::timeline::Timeline;
use crate::units::{Position, SampleRate};
use crate::wav::{Bits, Channels};

/// What makes the kind of file that a name asks for; none for a WAV file.
fn encoder(path: &Path) -> Option<&'static dyn Encoder> {
    encode::named(&path.extension()?.to_string_lossy().to_lowercase())
}

/// Whether a file of sound that is made here may end so.
pub fn is_sound(ending: &str) -> bool {
    ["wav", "wave"].contains(&ending) || encode::named(ending).is_some()
}

/// What files of sound end in, such as ".wav, .flac or .mp3".
pub fn endings() -> String {
    let copies = ENCODERS.into_iter().map(|encoder| format!(".{}", encoder.name()));
    let all: Vec<String> = [".wav".to_owned()].into_iter().chain(copies).collect();
    let (last, others) = all.split_last().expect("there is .wav");
    format!("{} or {last}", others.join(", "))
}

/// The rate of the track at `path` where `asked` is asked for.
pub fn rate(path: &Path, asked: SampleRate) -> SampleRate {
    encoder(path).and_then(|encoder| encoder.only_rate()).unwrap_or(asked)
}

/// The format of the copy at `path`; none where `path` names a WAV file.
pub fn format(
    path: &Path,
    rate: SampleRate,
    bits: Bits,
    channels: Channels,
) -> Result<Option<Format>> {
    let format = encoder(path).map(|encoder| Format::new(encoder, rate, bits, channels));
    format.transpose().map_err(|refusal| refused(path, refusal))
}

fn refused(path: &Path, Refusal { why, instead }: Refusal) -> Error {
    let help = match instead {
        Instead::Rate(rate) => format!("use --rate {}", rate.hz()),
        Instead::Bits(bits) => format!(
            "use --bits {}, which is more than any ear needs, or make a WAV file only",
            bits.count()
        ),
    };
    Error::Refused { path: path.to_owned(), why, help }
}

/// What is said of the copy at `path` where it does not hold all chapters of `timeline`.
pub fn lost_chapters(path: &Path, format: &Format, timeline: &Timeline) -> Option<String> {
    let all = timeline.chapters().len();
    let most = format.encoder().most_chapters().filter(|most| all > *most)?;
    let kept = timeline.chapters_at_most(most).len();
    let path = path.display();
    Some(format!("warning: {path} has {kept} of {all} chapters, for such a file holds {most}"))
}

/// Whether all sections start at the same time in both, to the millisecond. Another rate
/// may round a clip up into the next second.
pub fn same_times(one: &Timeline, other: &Timeline) -> bool {
    let starts = |timeline: &Timeline| -> Vec<u128> {
        let starts = timeline.sections.iter().map(|section| section.range.end_exclusive());
        let time = |at: Position| timeline.sample_rate.duration_of(at.since(Position::START));
        starts.map(|at| time(at).as_millis()).collect()
    };
    let (one, other) = (starts(one), starts(other));
    one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| a.abs_diff(*b) <= 1)
}

/// What is said of a copy in which they do not.
pub fn other_times(path: &Path, rate: SampleRate) -> String {
    format!(
        "warning: at {} Hz the words of {} take a second more or less than in the track, and \
         what follows them comes at other times; use that --rate for all",
        rate.hz(),
        path.display()
    )
}

/// What there is to know of the frames.
pub fn caveat(format: &Format) -> String {
    let late = |frames| format.rate().duration_of(frames).as_millis();
    match format.latest_start() {
        Some(frames) => {
            format!(" (a player that ignores its LAME tag starts up to {} ms late)", late(frames))
        }
        None if format.encoder().only_rate().is_some() => {
            format!(" at {} Hz", format.rate().hz())
        }
        None => String::new(),
    }
}

/// Copies with their files.
pub type Copies = Vec<(PathBuf, Format)>;
