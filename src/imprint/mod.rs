//! What a finished track says of itself: the routine it was made from, in one file; the
//! voice that speaks; the plan.
//!
//! It stands in a chunk of our own behind the sound, as JSON (`effleurage-track/1`), and
//! is enough to make the track again and to check that it is as planned.

mod chunk;
mod plan;

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use chunk::ID;
pub use plan::{Event, Plan, Section};

use crate::error::{Error, Result};
use crate::riff::{self, Marker};
use crate::timeline::Timeline;
use crate::timeline::cue_sheet::{self, Outcome};

/// The program that writes tracks.
pub const SOFTWARE: &str = concat!("effleurage ", env!("CARGO_PKG_VERSION"));
/// The format of what is written here.
const FORMAT: &str = "effleurage-track/1";

/// What a finished track says of itself.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Imprint {
    /// Always `effleurage-track/1`.
    format: String,
    /// The program that made it, and its version.
    pub software: String,
    /// The voice that speaks, by its name.
    pub voice: String,
    /// The routine with all its changes, as one file.
    pub routine: String,
    /// The plan (`effleurage-plan/1`).
    pub plan: Plan,
}

/// The same while it is written: the plan is written event by event.
#[derive(Serialize)]
struct Written<'a, P> {
    format: &'a str,
    software: &'a str,
    voice: &'a str,
    routine: &'a str,
    plan: P,
}

/// The chunks that stand behind the sound: markers, what players show, and the imprint.
///
/// # Errors
///
/// Where the plan cannot be written, which is a fault of ours.
pub fn chunks(timeline: &Timeline, outcomes: &[Outcome], routine: &str) -> Result<Vec<u8>> {
    let mut out = riff::markers(&markers(timeline));
    let comment = format!(
        "Voice {}. Made from the routine {}; `effleurage show` tells how.",
        timeline.voice, timeline.routine
    );
    let info = [(*b"INAM", timeline.title.as_str()), (*b"ICMT", &comment), (*b"ISFT", SOFTWARE)];
    out.extend(riff::info(&info));
    let plan = cue_sheet::document(timeline, outcomes);
    let voice = &timeline.voice;
    let written = Written { format: FORMAT, software: SOFTWARE, voice, routine, plan };
    let content =
        chunk::packed(&written).map_err(|error| Error::Ours { what: error.to_string() })?;
    riff::push(&mut out, ID, &content);
    Ok(out)
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

impl Imprint {
    /// Reads what the track at `path` says of itself; `None` where it says nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] where it is no WAVE file, or what it says is damaged.
    pub fn read(path: &Path) -> Result<Option<Imprint>> {
        let mut file = BufReader::new(open(path)?);
        match find(&mut file, None).map_err(|error| Error::unreadable(path, &error))? {
            Found::NotWave => {
                Err(unreadable(path, "it is no WAV file", "name a track that effleurage made"))
            }
            Found::Nothing => Ok(None),
            Found::Damaged => Err(unreadable(
                path,
                "what it says of itself is damaged",
                "take a copy that was not changed, or make the track again",
            )),
            Found::Whole(imprint) => Ok(Some(*imprint)),
        }
    }

    /// The imprint among the [`chunks`] that we made, of whatever size.
    pub fn in_chunks(chunks: &[u8]) -> Option<Imprint> {
        match find(&mut Cursor::new(riff::file_of(chunks)), Some(u64::MAX)) {
            Ok(Found::Whole(imprint)) => Some(*imprint),
            _ => None,
        }
    }
}

enum Found {
    NotWave,
    Nothing,
    Damaged,
    Whole(Box<Imprint>),
}

/// Finds the imprint in `file`; one of more than `most` bytes as JSON is none.
fn find(file: &mut (impl Read + Seek), most: Option<u64>) -> std::io::Result<Found> {
    let (chunks, faults) = riff::walk(file)?;
    if faults.contains(&riff::Fault::NotWave) {
        return Ok(Found::NotWave);
    }
    let Some(chunk) = chunks.iter().find(|chunk| chunk.id == ID) else { return Ok(Found::Nothing) };
    // No plan is larger than the sound it speaks of, but for the shortest.
    let sound = chunks.iter().find(|chunk| &chunk.id == b"data").map_or(0, |data| data.length);
    let most = most.unwrap_or(sound + chunk::LEAST_ROOM_BYTES);
    let content = chunk.read(file, most)?;
    let imprint = content.and_then(|content| chunk::unpacked(&content, most));
    Ok(imprint.map_or(Found::Damaged, |imprint| Found::Whole(Box::new(imprint))))
}

/// A text of an imprint, which anybody may have written, as a line for a terminal.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Opens a file, and never waits for a pipe or a device.
pub fn open(path: &Path) -> Result<File> {
    let told = |error| Error::unreadable(path, &error);
    let metadata = std::fs::metadata(path).map_err(told)?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "it is a folder" } else { "it is a pipe or a device" };
        return Err(unreadable(path, what, "name a file"));
    }
    File::open(path).map_err(told)
}

fn unreadable(path: &Path, why: &str, help: &str) -> Error {
    Error::Unreadable { path: path.to_owned(), why: why.to_owned(), help: help.to_owned() }
}
