//! A routine that lasts exactly as long as somebody asks.
//!
//! Words cannot be stretched, so the zones are: in proportion, between the least and
//! the most of each. Their lengths are announced, so other lengths may mean other words,
//! and those may leave the zones less; lead-ins only ever grow until all of it agrees.

use std::collections::BTreeMap;
use std::time::Duration;

use super::fit::Measure;
use super::outline::{Part, What, outline};
use super::share::{Share, share};
use crate::diagnostic::Diagnostic;
use crate::routine::at::At;
use crate::routine::duration::{LONGEST, plain};
use crate::routine::{Bounds, Extent, Routine, ZoneStep};
use crate::units::{Length, SampleRate};

/// No zone is made shorter than this, unless it was so already.
const SHORTEST_ZONE: Duration = Duration::from_secs(15);
/// So many zones are named that hold a total back.
const MOST_NAMED: usize = 6;
/// Lead-ins grow at most so often until they agree with the zones; nothing that people
/// write takes more than a few.
const MOST_ROUNDS: usize = 32;

/// `routine` with zones stretched or shrunk so that the track has its total, where it has
/// one; the few frames that zones cannot share evenly go to the closing. Or why that
/// cannot be.
pub fn fit(routine: Routine, measure: &Measure<'_>) -> Result<Routine, Diagnostic> {
    let Some(total) = routine.total.clone() else { return Ok(routine) };
    let fitter = Fitter { measure, wanted: measure.rate.length_of(total.value), routine: &routine };
    let zones = fitter.zones();
    let found = fitter.settle(&zones, None).or_else(|| fitter.settle(&zones, Some(&zones.least())));
    found.ok_or_else(|| fitter.refusal(&total, &zones))
}

struct Fitter<'a> {
    measure: &'a Measure<'a>,
    wanted: Length,
    routine: &'a Routine,
}

/// The zones of a routine in shares of equal ones.
struct Zones {
    shares: Vec<Share>,
    /// For each zone, in the order of the routine, its share.
    share_of: Vec<usize>,
}

impl Zones {
    fn least(&self) -> Vec<Length> {
        self.shares.iter().map(|share| share.least).collect()
    }

    fn most(&self) -> Vec<Length> {
        self.shares.iter().map(|share| share.most).collect()
    }

    fn sum(&self, lengths: &[Length]) -> Length {
        let zones = self.shares.iter().zip(lengths);
        zones.map(|(share, each)| Length(each.0.saturating_mul(share.count))).sum()
    }
}

impl Fitter<'_> {
    fn rate(&self) -> SampleRate {
        self.measure.rate
    }

    /// Zones of one length and with the same bounds are one share, whatever their step
    /// and leg, so that what was equal stays equal to the frame.
    fn zones(&self) -> Zones {
        let mut zones = Zones { shares: Vec::new(), share_of: Vec::new() };
        let mut known: BTreeMap<(Length, Length, Length), usize> = BTreeMap::new();
        for zone in self.routine.steps.iter().flat_map(|step| step.zones()) {
            let share = self.share(zone);
            let key = (share.weight, share.least, share.most);
            let index = *known.entry(key).or_insert(zones.shares.len());
            match zones.shares.get_mut(index) {
                Some(known) => known.count += 1,
                None => zones.shares.push(share),
            }
            zones.share_of.push(index);
        }
        zones
    }

    fn share(&self, zone: &ZoneStep) -> Share {
        let Some(technique) = self.routine.technique(zone) else {
            return Share::fixed(Length(1), 1);
        };
        let length = |duration| self.rate().length_of(duration).max(Length(1));
        let weight = length(zone.extent.duration(*technique.rate));
        if zone.kept {
            return Share::fixed(weight, 1);
        }
        let Bounds { min, max } = &zone.bounds;
        let least = min.as_ref().map_or(weight.min(length(SHORTEST_ZONE)), |min| length(min.value));
        let least = least.max(length(technique.rate.duration_of(1)));
        let most = max.as_ref().map_or(length(LONGEST), |max| length(max.value)).max(least);
        Share { weight, count: 1, least, most }
    }

    /// The routine whose zones and words agree and fill the total: words begin with what
    /// they need for zones of the lengths `first`, or as they are.
    fn settle(&self, zones: &Zones, first: Option<&[Length]>) -> Option<Routine> {
        let start = first.map_or(self.routine.clone(), |lengths| self.with(zones, lengths));
        let mut words = self.words(&start);
        for _ in 0..MOST_ROUNDS {
            let spoken: Length = words.iter().copied().sum();
            let Some(lengths) = share(self.wanted.checked_sub(spoken)?, &zones.shares) else {
                break;
            };
            let routine = self.with(zones, &lengths);
            let needed = self.words(&routine);
            if needed.iter().zip(&words).all(|(needed, given)| needed <= given) {
                let rest = self.wanted.checked_sub(spoken + zones.sum(&lengths))?;
                return Some(self.pinned(routine, &words, rest));
            }
            words = words.into_iter().zip(needed).map(|(a, b)| a.max(b)).collect();
        }
        // So near to the shortest that longer words leave the zones too little: they stay
        // at their shortest, and what is left is quiet before the last chime.
        let lengths = first?;
        let routine = self.with(zones, lengths);
        let words = self.words(&routine);
        let rest =
            self.wanted.checked_sub(words.iter().copied().sum::<Length>() + zones.sum(lengths))?;
        Some(self.pinned(routine, &words, rest))
    }

    /// The routine with zones of these lengths.
    fn with(&self, zones: &Zones, lengths: &[Length]) -> Routine {
        let mut routine = self.routine.clone();
        let all = routine.steps.iter_mut().flat_map(|step| &mut step.turns);
        let all = all.flat_map(|turn| &mut turn.zones).zip(&zones.share_of);
        for (zone, share) in all.filter(|(zone, _)| !zone.kept) {
            zone.extent.value = Extent::Time(self.rate().duration_of(lengths[*share]));
        }
        routine
    }

    /// The length of every part of `routine` that is no zone, in the order of the track.
    fn words(&self, routine: &Routine) -> Vec<Length> {
        let parts = outline(routine, self.measure.speech.vocabulary);
        let others = parts.iter().filter(|part| !is_zone(part));
        others.map(|part| self.measure.part(part)).collect()
    }

    /// Gives the lead-ins of zones the lengths `words` and the closing `rest` more than
    /// it needs.
    fn pinned(&self, mut routine: Routine, words: &[Length], rest: Length) -> Routine {
        let parts = outline(&routine, self.measure.speech.vocabulary);
        let lengths = lead_ins(&parts, words);
        let closing = parts.last().map_or(Length::ZERO, |part| self.measure.part(part));
        let span = self.routine.total.as_ref().map_or(0..0, |total| total.span.clone());
        let pin = |length| Some(At::new(self.rate().duration_of(length), span.clone()));
        let all = routine.steps.iter_mut().flat_map(|step| &mut step.turns);
        for (zone, length) in all.flat_map(|turn| &mut turn.zones).zip(lengths) {
            zone.lead_in = length.and_then(pin);
        }
        if rest > Length::ZERO {
            routine.closing.lasts = pin(closing + rest);
        }
        routine
    }

    fn refusal(&self, total: &At<Duration>, zones: &Zones) -> Diagnostic {
        let lasts = |lengths: &[Length]| {
            let words: Length = self.words(&self.with(zones, lengths)).into_iter().sum();
            (words, words + zones.sum(lengths))
        };
        let (words, shortest) = lasts(&zones.least());
        let (_, longest) = lasts(&zones.most());
        let seconds = |length| self.rate().duration_of(self.rate().whole_seconds(length));
        let longest = self.rate().duration_of(longest).min(LONGEST);
        let range = match seconds(shortest) >= longest {
            true => format!("the track can only last {}", plain(seconds(shortest))),
            false => format!(
                "the track can last from {} to {}",
                plain(seconds(shortest)),
                plain(Duration::from_secs(longest.as_secs()))
            ),
        };
        let way_out = match self.wanted > self.rate().length_of(longest) {
            true => "to make it longer, give zones more time".to_owned(),
            false => {
                self.what_is_least(words, zones)
                    + "; to make it shorter, say less with --talk brief, or leave zones out"
            }
        };
        Diagnostic::error(total.span.clone(), range).help(way_out + &self.what_is_held())
    }

    fn what_is_least(&self, words: Length, zones: &Zones) -> String {
        let shown = |length| plain(self.rate().duration_of(self.rate().whole_seconds(length)));
        let least = shown(zones.sum(&zones.least()));
        format!("words, pauses and chimes take {}, zones at least {least}", shown(words))
    }

    /// The zones that are not free to stretch or shrink, each once.
    fn what_is_held(&self) -> String {
        let mut held: Vec<String> = Vec::new();
        for step in &self.routine.steps {
            for zone in step.zones() {
                let name = format!("{}.{}", *step.id, *zone.zone);
                let bound = |key: &str, bound: &Option<At<Duration>>| {
                    bound
                        .as_ref()
                        .map(|bound| format!("{name} has a {key} of {}", plain(bound.value)))
                };
                let kept = zone.kept.then(|| format!("{name} is kept as asked"));
                let bounds = [bound("min", &zone.bounds.min), bound("max", &zone.bounds.max)];
                let told =
                    kept.map_or_else(|| bounds.into_iter().flatten().collect(), |kept| vec![kept]);
                held.extend(told);
            }
        }
        held.sort();
        held.dedup();
        match held.len() {
            0 => String::new(),
            few if few <= MOST_NAMED => format!(" ({})", held.join(", ")),
            many => format!(" ({}, and {} more)", held[..MOST_NAMED].join(", "), many - MOST_NAMED),
        }
    }
}

fn is_zone(part: &Part<'_>) -> bool {
    matches!(part.what, What::Zone(_))
}

/// For every zone of `parts`, the length of the words right before it, if there are any;
/// `words` are the lengths of all parts that are no zones.
fn lead_ins(parts: &[Part<'_>], words: &[Length]) -> Vec<Option<Length>> {
    let mut words = words.iter().copied();
    let mut before = None;
    let mut found = Vec::new();
    for part in parts {
        match &part.what {
            What::Zone(_) => found.push(before.take()),
            What::LeadIn(_) => before = words.next(),
            _ => before = words.next().and(None),
        }
    }
    found
}
