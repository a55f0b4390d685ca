//! A routine that lasts exactly as long as somebody asks.
//!
//! Words cannot be stretched, so the zones are: in proportion, between the least and
//! the most of each. Their lengths are announced, so other lengths may mean other words,
//! and those may leave the zones less; lead-ins only ever grow until all of it agrees.

use std::collections::BTreeMap;
use std::time::Duration;

use super::fit::Measure;
use super::schedule::Schedule;
use super::share::{Share, share};
use super::timings::{TimedZone, Timings};
use crate::body::Region;
use crate::diagnostic::Diagnostic;
use crate::routine::duration::{LONGEST, plain};
use crate::routine::spanned::Spanned;
use crate::routine::{Bounds, Routine};
use crate::units::{Length, SampleRate};

/// No zone is made shorter than this, unless it was so already.
const SHORTEST_ZONE: Duration = Duration::from_secs(15);
/// So many zones are named that hold a total back.
const MOST_NAMED: usize = 6;
/// Lead-ins grow at most so often until they agree with the zones; nothing that people
/// write takes more than a few.
const MOST_ROUNDS: usize = 32;
/// So often they may shrink as well.
const FREE_ROUNDS: usize = 8;

/// `routine` with zones stretched or shrunk so that the track lasts `total`; the few frames
/// that zones cannot share evenly go to the closing. Or why that cannot be.
pub fn filled<'a>(
    routine: &'a Routine,
    total: &Spanned<Duration>,
    measure: &Measure<'_>,
) -> Result<Schedule<'a>, Diagnostic> {
    let written = Timings::as_written(routine);
    let zones = Zones::of(&written, measure.rate);
    let fitter = Fitter { measure, wanted: measure.rate.length_of(total.value), written, zones };
    let found = fitter.settle(None).or_else(|| fitter.settle(Some(&fitter.zones.least())));
    found.ok_or_else(|| fitter.refusal(total))
}

struct Fitter<'a, 'm> {
    measure: &'m Measure<'m>,
    wanted: Length,
    written: Timings<'a>,
    zones: Zones,
}

/// The zones of a routine in shares of equal ones.
struct Zones {
    shares: Vec<Share>,
    /// For each zone, in the order of the routine, its share.
    share_of: Vec<usize>,
}

impl Zones {
    /// Zones of one length and with the same bounds are one share, whatever their step
    /// and leg, so that what was equal stays equal to the frame.
    fn of(timings: &Timings<'_>, rate: SampleRate) -> Zones {
        let mut zones = Zones { shares: Vec::new(), share_of: Vec::new() };
        let mut known: BTreeMap<(Length, Length, Length), usize> = BTreeMap::new();
        for share in timings.zones().map(|zone| share_of(zone, rate)) {
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

/// How far a zone may stretch and shrink.
fn share_of(zone: &TimedZone<'_>, rate: SampleRate) -> Share {
    let length = |duration| rate.length_of(duration).max(Length(1));
    let weight = length(zone.lasts());
    if zone.step.kept {
        return Share::fixed(weight, 1);
    }
    let Bounds { min, max } = &zone.step.bounds;
    let least = min.as_ref().map_or(weight.min(length(SHORTEST_ZONE)), |min| length(min.value));
    let least = least.max(length(zone.technique.rate.duration_of(1)));
    let most = max.as_ref().map_or(length(LONGEST), |max| length(max.value)).max(least);
    Share { weight, count: 1, least, most }
}

impl<'a> Fitter<'a, '_> {
    /// The schedule whose zones and words agree and fill the total: words begin with what
    /// they need for zones of the lengths `first`, or as they are written.
    fn settle(&self, first: Option<&[Length]>) -> Option<Schedule<'a>> {
        let mut words = match first {
            Some(lengths) => self.with(lengths),
            None => Schedule::free(self.written.clone(), self.measure),
        }
        .words();
        for round in 0..MOST_ROUNDS {
            let spoken: Length = words.iter().copied().sum();
            let Some(lengths) = share(self.wanted.checked_sub(spoken)?, &self.zones.shares) else {
                break;
            };
            let schedule = self.with(&lengths);
            let needed = schedule.words();
            let fits = needed.len() == words.len()
                && needed.iter().zip(&words).all(|(needed, given)| needed <= given);
            if needed == words || fits && round >= FREE_ROUNDS {
                return schedule.with_words(&words).closing_at(self.wanted);
            }
            // Shorter zones may need fewer words, which leave the zones more. Where that goes
            // to and fro, words only ever grow.
            words = if round < FREE_ROUNDS || needed.len() != words.len() {
                needed
            } else {
                words.into_iter().zip(needed).map(|(a, b)| a.max(b)).collect()
            };
        }
        // So near to the shortest that longer words leave the zones too little: they stay
        // at their shortest, and what is left is quiet before the last chime.
        let schedule = self.with(first?);
        let words: Length = schedule.words().into_iter().sum();
        let room = self.wanted.checked_sub(words)?;
        (room <= self.zones.sum(&self.zones.most())).then(|| schedule.closing_at(self.wanted))?
    }

    /// The parts where the zones of each share have these lengths.
    fn with(&self, lengths: &[Length]) -> Schedule<'a> {
        let lengths = self.zones.share_of.iter().map(|share| lengths[*share]);
        Schedule::free(self.written.with(lengths, self.measure.rate), self.measure)
    }

    fn refusal(&self, total: &Spanned<Duration>) -> Diagnostic {
        let (zones, rate) = (&self.zones, self.measure.rate);
        let lasts = |lengths: &[Length]| {
            let words: Length = self.with(lengths).words().into_iter().sum();
            (words, words + zones.sum(lengths))
        };
        let (words, shortest) = lasts(&zones.least());
        let (_, longest) = lasts(&zones.most());
        let seconds = |length| rate.duration_of(rate.whole_seconds(length));
        let longest = rate.duration_of(longest).min(LONGEST);
        let whole = plain(Duration::from_secs(longest.as_secs()));
        let possible = match seconds(shortest) >= longest {
            true => vec![plain(seconds(shortest))],
            false => vec![plain(seconds(shortest)), whole],
        };
        let range = match possible.as_slice() {
            [from, to] => format!("the track can last from {from} to {to}"),
            only => format!("the track can only last {}", only.concat()),
        };
        let way_out = if self.wanted > rate.length_of(longest) {
            "to make it longer, give zones more time".to_owned()
        } else {
            self.what_is_least(words)
                + "; to make it shorter, say less with --talk brief, or leave zones out"
        };
        let refusal = Diagnostic::error(total.span.clone(), range).possible(possible);
        refusal.help(way_out + &self.what_is_held())
    }

    fn what_is_least(&self, words: Length) -> String {
        let rate = self.measure.rate;
        let shown = |length| plain(rate.duration_of(rate.whole_seconds(length)));
        let least = shown(self.zones.sum(&self.zones.least()));
        format!("words, pauses and chimes take {}, zones at least {least}", shown(words))
    }

    /// The zones that are not free to stretch or shrink, with how often each comes.
    fn what_is_held(&self) -> String {
        let mut held: BTreeMap<(Region, Duration, &str), u32> = BTreeMap::new();
        for zone in self.written.zones() {
            let Bounds { min, max } = &zone.step.bounds;
            let bounds = [("at least", min), ("at most", max)];
            let bounds =
                bounds.into_iter().filter_map(|(how, bound)| Some((bound.as_ref()?.value, how)));
            let told =
                if zone.step.kept { vec![(zone.lasts(), "as asked")] } else { bounds.collect() };
            for (lasts, how) in told {
                *held.entry((zone.zone(), lasts, how)).or_default() += 1;
            }
        }
        let told: Vec<String> =
            held.iter().map(|(what, times)| arithmetic(*what, *times)).collect();
        match told.len() {
            0 => String::new(),
            few if few <= MOST_NAMED => format!(" ({})", told.join("; ")),
            many => format!(" ({}; and {} more)", told[..MOST_NAMED].join("; "), many - MOST_NAMED),
        }
    }
}

/// "the calf comes 4 times: 4 x 5m = 20m as asked".
fn arithmetic((zone, lasts, how): (Region, Duration, &str), times: u32) -> String {
    match times {
        1 => format!("the {zone} comes once: {} {how}", plain(lasts)),
        _ => format!(
            "the {zone} comes {times} times: {times} x {} = {} {how}",
            plain(lasts),
            plain(lasts * times)
        ),
    }
}
