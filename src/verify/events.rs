//! What moved, changed or does not belong, where the sound is not as planned.
//!
//! A sound is judged by itself: from the file is taken away everything else that is
//! planned there, and what is left is correlated with the sound, at every distance that
//! it may have moved.

use std::path::Path;

use super::frames::Frames;
use super::report::Miss;
use super::sound::Difference;
use crate::cancel::CancelToken;
use crate::error::{Error, Result};
use crate::mix::{Event, Mixer};
use crate::timeline::{ChimeKind, SectionKind, Timeline};
use crate::units::{Decibels, FrameRange, Length, Position};
use crate::wav::Mixed;

/// A sound is looked for so far from its place, as a share of a second.
const FARTHEST: u32 = 50;
/// So much of a sound is correlated, around its loudest frame.
const MOST_CORRELATED: usize = 8_192;
/// What is more alike than this needs no better place.
const THE_SAME: f64 = 0.999_9;
/// A sound that is alone in having moved is told by itself; more are told together.
const TOLD_TOGETHER: usize = 4;
/// So many sounds are judged one by one.
const MOST_JUDGED: usize = 400;

/// How like what is planned a sound must be.
#[derive(Clone, Copy, Debug)]
pub struct Likeness {
    /// Whether each sound is looked at, and not only those where something differs.
    every_sound: bool,
    /// What is less alike than this is another sound.
    alike: f64,
    /// What is more alike than this in its place, and than beside it, is there.
    in_place: f64,
    /// A change of level that is told as such, in decibels.
    louder: f64,
}

impl Likeness {
    /// Sample by sample.
    pub const EXACT: Likeness =
        Likeness { every_sound: false, alike: 0.9, in_place: THE_SAME, louder: 0.05 };
    /// With what an encoder changes.
    pub const NEAR: Likeness =
        Likeness { every_sound: true, alike: 0.6, in_place: 0.97, louder: 1.0 };
}

/// What became of a sound.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    /// It stands so many frames behind its place; before it, if that is negative.
    Moved(i64),
    /// It is so much louder.
    Louder(f64),
    /// Something else sounds in its place.
    Other,
    /// It is there, with something that is not planned.
    Disturbed(f32),
    /// The file ends before it.
    Missing,
    /// So much is wrong already that nobody looked.
    NotJudged,
}

/// Tells what is behind the `differences` of the file at `path`, of `length`.
pub fn judge(
    path: &Path,
    sound: &mut dyn Frames,
    mixer: &Mixer<'_>,
    likeness: Likeness,
    differences: &[Difference],
    length: Length,
    cancel: &CancelToken,
) -> Result<Vec<Miss>> {
    let told = |error| Error::unreadable(path, &error);
    let end = Position::START + length;
    let events = mixer.events();
    let mut explained = vec![false; differences.len()];
    let mut verdicts: Vec<(&Event<'_>, Verdict)> = Vec::new();
    for event in &events {
        let range = event.range();
        if range.start >= end {
            verdicts.push((event, Verdict::Missing));
            continue;
        }
        let touching = touching(differences, range);
        if touching.is_empty() && !likeness.every_sound {
            continue;
        }
        cancel.check()?;
        if verdicts.len() >= MOST_JUDGED {
            explained[touching].fill(true);
            verdicts.push((event, Verdict::NotJudged));
            continue;
        }
        let worst = differences[touching.clone()].iter().map(|d| d.peak).reduce(f32::max);
        let verdict = of_event(sound, mixer, likeness, event, length).map_err(told)?;
        explained[touching].fill(true);
        let verdict = verdict.or(worst.map(Verdict::Disturbed));
        verdicts.extend(verdict.map(|verdict| (event, verdict)));
    }
    drop_undisturbed(&mut verdicts);
    let mut misses = together(mixer.timeline(), &verdicts);
    let strangers = differences.iter().zip(explained).filter(|(_, explained)| !explained);
    misses.extend(strangers.map(|(difference, _)| stranger(mixer.timeline(), difference)));
    misses.sort_by_key(|miss| miss.at);
    Ok(misses)
}

/// Where a sound moved or changed, those that sound with it are not disturbed besides. Nor
/// does a chime, soft and long as it is, tell anything over a tick or a word that did.
fn drop_undisturbed(verdicts: &mut Vec<(&Event<'_>, Verdict)>) {
    let is_told = |verdict: &Verdict| {
        matches!(verdict, Verdict::Moved(_) | Verdict::Louder(_) | Verdict::Other)
    };
    let is_chime = |event: &Event<'_>| matches!(event, Event::Chime(_));
    let ranges = |verdicts: &[(&Event<'_>, Verdict)], chimes: bool| -> Vec<FrameRange> {
        let told = verdicts.iter().filter(|(event, v)| is_told(v) && (chimes || !is_chime(event)));
        told.map(|(event, _)| event.range()).collect()
    };
    let over = ranges(verdicts, false);
    verdicts.retain(|(event, _)| {
        let with = |other: &FrameRange| other.intersection(event.range()).is_some();
        !is_chime(event) || !over.iter().any(with)
    });
    let told = ranges(verdicts, true);
    verdicts.retain(|(event, verdict)| {
        let with = |other: &FrameRange| other.intersection(event.range()).is_some();
        !matches!(verdict, Verdict::Disturbed(_)) || !told.iter().any(with)
    });
}

/// The differences that have a frame in `range`.
fn touching(differences: &[Difference], range: FrameRange) -> std::ops::Range<usize> {
    let first = differences.partition_point(|d| d.range.end_exclusive() <= range.start);
    let after = differences.partition_point(|d| d.range.start < range.end_exclusive());
    first..after.max(first)
}

/// What became of `event`; `None` where it stands in its place as it should.
fn of_event(
    sound: &mut dyn Frames,
    mixer: &Mixer<'_>,
    likeness: Likeness,
    event: &Event<'_>,
    length: Length,
) -> std::io::Result<Option<Verdict>> {
    let own = mixer.alone(event);
    let reach = Length(u64::from(mixer.timeline().sample_rate.hz() / FARTHEST).max(4));
    let start = event.range().start.before(reach).unwrap_or(Position::START);
    let before = event.range().start.since(start).0 as usize;
    let count = before + own.len() + reach.0 as usize;
    let count = count.min(length.0.saturating_sub(start.since(Position::START).0) as usize);
    let mut left = sound.mono(start, count)?;
    let mut planned = Mixed::default();
    planned.mix(FrameRange::new(start, Length(left.len() as u64)), sound.channels(), mixer);
    for (n, (left, planned)) in left.iter_mut().zip(planned.block().samples).enumerate() {
        let its = n.checked_sub(before).and_then(|n| own.get(n)).unwrap_or(&0.0);
        *left -= planned - its;
    }
    let window = loudest(&own);
    Ok(placed(&left, before + window.start, &own[window], reach.0 as usize, likeness))
}

/// The stretch around the loudest sample.
fn loudest(sound: &[f32]) -> std::ops::Range<usize> {
    let loudest = (0..sound.len()).max_by(|a, b| sound[*a].abs().total_cmp(&sound[*b].abs()));
    let start = loudest.unwrap_or(0).saturating_sub(MOST_CORRELATED / 2);
    start..sound.len().min(start + MOST_CORRELATED)
}

/// Where in `left` the `sound` is that should stand at `place`, and how loud it is.
fn placed(
    left: &[f32],
    place: usize,
    sound: &[f32],
    reach: usize,
    likeness: Likeness,
) -> Option<Verdict> {
    let power = dot(sound, sound);
    let mut best = (f64::NEG_INFINITY, 0_i64, 1.0);
    for distance in 0..=reach as i64 {
        for lag in if distance == 0 { vec![0] } else { vec![-distance, distance] } {
            let Some(at) = place.checked_add_signed(lag as isize) else { continue };
            let Some(heard) = left.get(at..at + sound.len()) else { continue };
            let (product, heard) = (dot(heard, sound), dot(heard, heard));
            let alike = product / (heard * power).sqrt().max(f64::MIN_POSITIVE);
            if alike > best.0 {
                best = (alike, lag, product / power);
            }
        }
        let is_in_place = best.1 == 0 && distance > 0 && best.0 > likeness.in_place;
        if is_in_place || best.0 > THE_SAME {
            break;
        }
    }
    let (alike, lag, gain) = best;
    let louder = Decibels::from_amplitude(gain.max(1e-9)).0;
    match () {
        () if alike < likeness.alike => Some(Verdict::Other),
        () if lag != 0 => Some(Verdict::Moved(lag)),
        () if louder.abs() > likeness.louder => Some(Verdict::Louder(louder)),
        () => None,
    }
}

fn dot(one: &[f32], other: &[f32]) -> f64 {
    one.iter().zip(other).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// Tells each verdict, and runs of the same in one line.
fn together(timeline: &Timeline, verdicts: &[(&Event<'_>, Verdict)]) -> Vec<Miss> {
    let mut misses = Vec::new();
    for run in verdicts.chunk_by(|(_, one), (_, other)| one == other) {
        let (first, verdict) = &run[0];
        let at = first.range().start;
        match run.len() {
            1..TOLD_TOGETHER => misses.extend(run.iter().map(|(event, verdict)| {
                let what = format!("{} {}", name(timeline, event), told(*verdict, false));
                Miss::at(event.range().start, what)
            })),
            many => {
                let what = format!(
                    "{} and the {} sounds after it {}",
                    name(timeline, first),
                    many - 1,
                    told(*verdict, true)
                );
                misses.push(Miss::at(at, what));
            }
        }
    }
    misses
}

fn told(verdict: Verdict, many: bool) -> String {
    let (is, stands, s) = if many { ("are", "their places", "") } else { ("is", "its place", "s") };
    match verdict {
        Verdict::Moved(lag) => {
            let frames = if lag.abs() == 1 { "frame" } else { "frames" };
            let way = if lag < 0 { "early" } else { "late" };
            format!("{is} {} {frames} {way}", lag.abs())
        }
        Verdict::Louder(db) if db > 0.0 => format!("{is} {db:.2} dB too loud"),
        Verdict::Louder(db) => format!("{is} {:.2} dB too soft", -db),
        Verdict::Other => format!("{is} not heard in {stands}"),
        Verdict::Disturbed(peak) => {
            let level = Decibels::from_amplitude(f64::from(peak)).0;
            format!("sound{s} other than planned, by up to {level:.0} dBFS")
        }
        Verdict::Missing => format!("{is} missing"),
        Verdict::NotJudged => format!("{is} not as planned, either"),
    }
}

fn name(timeline: &Timeline, event: &Event<'_>) -> String {
    match event {
        Event::Prompt(prompt) => format!("the prompt `{}`", prompt.clip),
        Event::Chime(chime) => chime_name(chime.kind).to_owned(),
        Event::Tick(tick) => {
            let sections = &timeline.sections;
            let after = sections.partition_point(|section| section.range.start <= tick.at);
            let section = after.checked_sub(1).and_then(|n| sections.get(n));
            let id = section.map_or("", |section| section.id.as_str());
            match section.map(|section| &section.kind) {
                Some(SectionKind::Zone(_)) => {
                    format!("the {} of stroke {} of {id}", tick.tick.sound.name(), tick.stroke + 1)
                }
                _ => format!("a tick that counts in, in {id}"),
            }
        }
    }
}

fn chime_name(kind: ChimeKind) -> &'static str {
    match kind {
        ChimeKind::Opening => "the opening chime",
        ChimeKind::Closing => "the closing chime",
        ChimeKind::PauseStart => "the chime before a pause",
        ChimeKind::PauseEnd => "the chime after a pause",
        ChimeKind::Soon => "the chime near the end of a zone",
    }
}

fn stranger(timeline: &Timeline, difference: &Difference) -> Miss {
    let level = Decibels::from_amplitude(f64::from(difference.peak)).0;
    let what = match (difference.in_silence, &timeline.bed) {
        (true, _) => "what is planned as silence is not silent",
        (false, Some(_)) => "the background is not as planned",
        (false, None) => "something sounds that is not planned",
    };
    let lasts = timeline.sample_rate.duration_of(difference.range.length).as_millis();
    Miss::at(difference.range.start, format!("{what}, for {lasts} ms, by up to {level:.0} dBFS"))
}
