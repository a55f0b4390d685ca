//! What a finished track says of itself: the routine it was made from, in one file; the
//! voice that speaks; the plan.
//!
//! It stands in a chunk of our own behind the sound, as JSON (`effleurage-track/1`), and
//! is enough to make the track again and to check that it is as planned.

pub mod bext;
mod chunk;
pub mod id3;

use std::io::{Cursor, Read, Seek};

use serde::{Deserialize, Serialize};

pub use chunk::ID;
pub use effleurage_core::timeline::document::{Event, Plan, Section};

use crate::error::{Error, Result};
use crate::riff::{self, Marker};
use crate::tags::Tags;
use crate::timeline::Timeline;
use crate::timeline::cue_sheet::Outcome;
use crate::timeline::document;

/// The chunk in which a WAV file has an ID3 tag.
pub const ID3: riff::Id = *b"id3 ";
/// The program that writes tracks.
pub const SOFTWARE: &str = concat!("effleurage ", env!("CARGO_PKG_VERSION"));
/// The format of what is written here.
const FORMAT: &str = "effleurage-track/1";

/// What a finished track says of itself.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Provenance {
    /// Always `effleurage-track/1`.
    format: String,
    /// The program that made it, and its version.
    pub software: String,
    /// The voice that speaks, by its name.
    pub voice: String,
    /// The routine with all its changes, as one file.
    pub routine: String,
    /// The plan (`effleurage-plan/2`).
    pub plan: Plan,
    /// How loud the whole was asked to be, and is; nothing where nobody asked.
    #[serde(default)]
    pub loudness: Option<Reached>,
}

/// What a track was asked to be as a whole, and what it has become: to a hundredth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reached {
    /// The loudness that was asked for, in LUFS.
    pub asked: f64,
    /// The loudness that it has, in LUFS.
    pub loudness: f64,
    /// Its true peak, in dBTP.
    pub true_peak: f64,
}

/// The same while it is written: the plan is written event by event.
#[derive(Serialize)]
struct Written<'a, P> {
    format: &'a str,
    software: &'a str,
    voice: &'a str,
    routine: &'a str,
    plan: P,
    #[serde(skip_serializing_if = "Option::is_none")]
    loudness: Option<&'a Reached>,
}

/// The chunks that stand behind the sound: markers, what players show, and the provenance.
///
/// # Errors
///
/// Where the plan cannot be written, which is a fault of ours.
pub fn chunks(
    timeline: &Timeline,
    tags: &Tags,
    outcomes: &[Outcome],
    routine: &str,
    loudness: Option<&Reached>,
) -> Result<Vec<u8>> {
    let mut out = riff::markers(&markers(timeline));
    out.extend(info(timeline, tags));
    if tags.is_asked {
        riff::push(&mut out, ID3, &id3::tag(tags));
    }
    let plan = document::document(timeline, outcomes);
    let voice = &timeline.voice;
    let written = Written { format: FORMAT, software: SOFTWARE, voice, routine, plan, loudness };
    let content =
        chunk::packed(&written).map_err(|error| Error::Ours { what: error.to_string() })?;
    riff::push(&mut out, ID, &content);
    Ok(out)
}

/// What players and editors show of a WAV file: texts that have a name of four letters
/// ("Multimedia Programming Interface and Data Specifications 1.0", chapter 2, "INFO List
/// Chunk"; `ITRK`, which is younger, is the number of a track).
fn info(timeline: &Timeline, tags: &Tags) -> Vec<u8> {
    let made = format!(
        "Voice {}. Made from the routine {}; `effleurage show` tells how.",
        timeline.voice, timeline.routine
    );
    let number = tags.track.map(|number| number.text());
    let language = tags.is_asked.then_some(&tags.language);
    let texts = [
        (*b"INAM", Some(tags.title.as_str())),
        (*b"IART", tags.artist.as_deref()),
        (*b"IPRD", tags.album.as_deref()),
        (*b"ITRK", number.as_deref()),
        (*b"ICRD", tags.year.as_deref()),
        (*b"IGNR", tags.genre.as_deref()),
        (*b"ICMT", tags.comment.as_deref().or(Some(&made))),
        (*b"ILNG", language.map(String::as_str)),
        (*b"ICOP", tags.copyright.as_deref()),
        (*b"ISFT", Some(SOFTWARE)),
    ];
    let told: Vec<_> = texts.into_iter().filter_map(|(id, text)| Some((id, text?))).collect();
    riff::info(&told)
}

/// Only the chunks that mark every section and every prompt.
pub fn marker_chunks(timeline: &Timeline) -> Vec<u8> {
    riff::markers(&markers(timeline))
}

/// Every section and every prompt, in the order in which they begin; a section before
/// the words in it.
fn markers(timeline: &Timeline) -> Vec<Marker> {
    let sections = timeline.sections.iter().map(|section| Marker {
        range: section.range,
        label: match &section.begins {
            Some(step) if *step != section.title => format!("{step}: {}", section.title),
            _ => section.title.clone(),
        },
    });
    let prompts = timeline
        .speech
        .iter()
        .map(|prompt| Marker { range: prompt.range, label: prompt.text.clone() });
    let mut all: Vec<Marker> = sections.chain(prompts).collect();
    all.sort_by_key(|marker| marker.range.start);
    all
}

impl Provenance {
    /// The provenance among the [`chunks`] that we made, of whatever size.
    pub fn in_chunks(chunks: &[u8]) -> Option<Provenance> {
        match find(&mut Cursor::new(riff::file_of(chunks)), Some(u64::MAX)) {
            Ok(Found::Whole(provenance)) => Some(*provenance),
            _ => None,
        }
    }
}

/// What a file says of itself.
pub enum Found {
    /// It is no WAVE file.
    NotWave,
    /// Nothing.
    Nothing,
    /// Something that is damaged.
    Damaged,
    /// All of it.
    Whole(Box<Provenance>),
}

/// Finds the provenance in `file`; one of more than `most` bytes as JSON is none.
pub fn find(file: &mut (impl Read + Seek), most: Option<u64>) -> std::io::Result<Found> {
    let (chunks, faults) = riff::walk(file)?;
    if faults.contains(&riff::Fault::NotWave) {
        return Ok(Found::NotWave);
    }
    let Some(chunk) = chunks.iter().find(|chunk| chunk.id == ID) else { return Ok(Found::Nothing) };
    // No plan is larger than the sound it speaks of, but for the shortest.
    let sound = chunks.iter().find(|chunk| &chunk.id == b"data").map_or(0, |data| data.length);
    let most = most.unwrap_or(sound + chunk::LEAST_ROOM_BYTES);
    let content = chunk.read(file, most)?;
    let provenance = content.and_then(|content| chunk::unpacked(&content, most));
    Ok(provenance.map_or(Found::Damaged, |provenance| Found::Whole(Box::new(provenance))))
}
