//! What the file says of itself, beside what it should say.

use std::fmt::Debug;
use std::io::{BufReader, Cursor};
use std::path::Path;

use super::Expected;
use super::report::{Check, Miss};
use crate::error::{Error, Result};
use crate::provenance::{self, Event, Plan, Provenance, SOFTWARE, Section};
use crate::riff;
use crate::text;
use crate::timeline::cue_sheet::Outcome;
use crate::units::{Length, Position, SampleRate, clock};

/// Looks at the plan in the file at `path`, and at its markers and texts.
pub fn check(path: &Path, expected: &Expected<'_>) -> Result<Vec<Check>> {
    let chunks = expected.chunks;
    let carried = match provenance::read(path) {
        Ok(Some(carried)) => carried,
        Ok(None) if chunks.is_empty() => return Ok(Vec::new()),
        Ok(None) if expected.may_be_plain => return Ok(vec![none()]),
        Ok(None) => return Ok(vec![Check::missed("plan", "it carries none")]),
        Err(error) => return Ok(vec![Check::missed("plan", error.why())]),
    };
    if chunks.is_empty() {
        return Ok(vec![Check::missed("plan", "it carries one, and should be plain")]);
    }
    let ours = || Error::Ours { what: "our own plan cannot be read".to_owned() };
    let planned = Provenance::in_chunks(chunks).ok_or_else(ours)?;
    let Plan { sections, events, .. } = &carried.plan;
    let told =
        format!("{} sections, {} events, as its routine has it", sections.len(), events.len());
    let planned = planned.plan.as_told_by(&carried.plan);
    if expected.may_be_plain && is_another(&carried.plan, &planned) {
        return Ok(vec![another(&carried.plan, &planned)]);
    }
    let misses = differences(&carried.plan, &planned);
    let told = if misses.is_empty() { told } else { String::new() };
    let plan = Check { name: "plan", told, misses };
    if carried.software == SOFTWARE {
        return Ok(vec![plan, markers(path, chunks)?]);
    }
    // Another version may mark other things.
    let told = format!("not looked at: {} made them", text::line(&carried.software));
    Ok(vec![plan, Check { name: "markers", told, misses: Vec::new() }])
}

/// Whether a plan is of another session, in which nothing need be where it is here.
fn is_another(carried: &Plan, expected: &Plan) -> bool {
    let ids = |plan: &Plan| -> Vec<String> {
        plan.sections.iter().map(|section| section.id.clone()).collect()
    };
    carried.routine != expected.routine || ids(carried) != ids(expected)
}

/// What a check of another session is called.
pub const ANOTHER: &str = "session";

fn another(carried: &Plan, expected: &Plan) -> Check {
    let told = |plan: &Plan| {
        let rate = SampleRate::new(plan.sample_rate).unwrap_or(SampleRate::CD);
        let lasts = clock(rate.duration_of(Length(plan.frames)));
        format!(
            "\"{}\" (`{}`, {lasts}, {} sections)",
            text::line(&plan.title),
            text::line(&plan.routine),
            plan.sections.len()
        )
    };
    let what = format!("this is another one: {} instead of {}", told(carried), told(expected));
    Check::missed(ANOTHER, what)
}

/// A plain track can be held against a routine as well.
fn none() -> Check {
    Check { name: "plan", told: "the file carries none".to_owned(), misses: Vec::new() }
}

/// The chunks of markers and texts, byte by byte.
fn markers(path: &Path, expected: &[u8]) -> Result<Check> {
    let mut file = BufReader::new(provenance::open(path)?);
    let found = behind(&mut file).map_err(|error| Error::unreadable(path, &error))?;
    let planned = behind(&mut Cursor::new(riff::file_of(expected)))
        .map_err(|error| Error::unreadable(path, &error))?;
    let missing = planned.iter().filter(|chunk| !found.contains(chunk));
    let told =
        |(what, _): &(&'static str, Vec<u8>)| Miss::of(format!("{what} are not those of its plan"));
    let mut misses: Vec<Miss> = missing.map(told).collect();
    if let more @ 1.. = found.len().saturating_sub(planned.len()) {
        misses.push(Miss::of(format!("{more} chunks of markers or texts too many")));
    }
    let told = if misses.is_empty() { "markers and texts, as planned" } else { "" };
    Ok(Check { name: "markers", told: told.to_owned(), misses })
}

/// The chunks of markers and texts in `file`, with what they are.
fn behind(
    file: &mut (impl std::io::Read + std::io::Seek),
) -> std::io::Result<Vec<(&'static str, Vec<u8>)>> {
    /// More than any track has.
    const MOST_BYTES: u64 = 64 << 20;
    let (chunks, _) = riff::walk(file)?;
    let mut found = Vec::new();
    for chunk in chunks.iter().filter(|chunk| [b"cue ", b"LIST"].contains(&&chunk.id)) {
        let Some(content) = chunk.read(file, MOST_BYTES)? else { continue };
        let what = match (&chunk.id, content.get(..4)) {
            (b"cue ", _) => "cue points",
            (_, Some(b"adtl")) => "labels",
            _ => "title, comment and software",
        };
        found.push((what, content));
    }
    Ok(found)
}

/// Every field and the first entries in which one plan differs from another.
fn differences(carried: &Plan, expected: &Plan) -> Vec<Miss> {
    let mut misses = Vec::new();
    let mut told = |what: &str, carried: &dyn Debug, expected: &dyn Debug| {
        let (carried, expected) = (format!("{carried:?}"), format!("{expected:?}"));
        if carried != expected {
            misses.push(Miss::of(format!("its {what} is {carried} instead of {expected}")));
        }
    };
    told("format", &carried.format, &expected.format);
    told("routine", &carried.routine, &expected.routine);
    told("title", &carried.title, &expected.title);
    told("voice", &carried.voice, &expected.voice);
    told("sample rate", &carried.sample_rate, &expected.sample_rate);
    told("length in frames", &carried.frames, &expected.frames);
    told("number of sections", &carried.sections.len(), &expected.sections.len());
    told("number of events", &carried.events.len(), &expected.events.len());
    let changes = |plan: &Plan| plan.changes.iter().map(change).collect::<Vec<_>>();
    misses.extend(lists("note", &carried.notes, &expected.notes));
    misses.extend(lists("change", &changes(carried), &changes(expected)));
    let sections = carried.sections.iter().zip(&expected.sections).filter(|(c, e)| c != e);
    misses.extend(sections.map(|(carried, expected)| section(carried, expected)));
    let events = carried.events.iter().zip(&expected.events).filter(|(c, e)| c != e);
    misses.extend(events.map(|(carried, expected)| event(carried, expected)));
    misses
}

fn change(outcome: &Outcome) -> String {
    let Outcome { what, written, comes_out, .. } = outcome;
    format!("{what}: {written} becomes {comes_out}")
}

/// What one list has and the other has not.
fn lists(what: &str, carried: &[String], expected: &[String]) -> Vec<Miss> {
    let only = |these: &[String], those: &[String], has: &str| -> Vec<Miss> {
        let strange = these.iter().filter(|text| !those.contains(text));
        let told = |text: &String| Miss::of(format!("it {has} the {what} {:?}", text::line(text)));
        strange.map(told).collect()
    };
    [only(carried, expected, "has"), only(expected, carried, "lacks")].concat()
}

fn section(carried: &Section, expected: &Section) -> Miss {
    let what = match carried {
        c if c.id != expected.id => format!("the section {} is called {}", expected.id, c.id),
        c if (c.at, c.frames) != (expected.at, expected.frames) => {
            format!("{} is at {} for {} frames", c.id, c.at, c.frames)
        }
        c => format!("{} is told otherwise", c.id),
    };
    Miss::at(Position(expected.at), format!("in its plan, {what}"))
}

fn event(carried: &Event, expected: &Event) -> Miss {
    let name = |event: &Event| match &event.clip {
        Some(clip) => format!("the prompt `{clip}`"),
        None => format!("a {}", event.track),
    };
    let what = match carried {
        c if name(c) != name(expected) => format!("{} stands for {}", name(c), name(expected)),
        c if (c.at, c.frames) != (expected.at, expected.frames) => {
            format!("{} is at {} for {} frames", name(c), c.at, c.frames)
        }
        c => format!("{} is told otherwise", name(c)),
    };
    Miss::at(Position(expected.at), format!("in its plan, {what}"))
}
