//! A second look at each line that was found, by what the others tell of the speaker.
//!
//! The map to a speaker is learnt from all lines that were found; one that was wrong among them
//! would have taught it to sound right. So each line is held against all others once more, with
//! what was learnt without it.

use rayon::prelude::*;

use crate::arcs::{Known, LATER, Script, features, gain_of_length};
use crate::dtw;
use crate::features::{Feature, SIZE};
use crate::heard::Heard;
use crate::lattice::Arc;
use crate::speaker::{Map, Pairs};

/// A cost that no line has in the mean: what is nearer is a gain.
const USUAL: f32 = 3.0 * SIZE as f32;

/// Of each of `arcs`, the line that sounds most like it beside its own, and by how much less, as
/// a logarithm; none where it has no rival. `pairs` are what each told of the speaker.
pub fn rivals(
    heard: &Heard,
    script: &Script<'_>,
    (arcs, pairs): (&[&Arc], &[Pairs]),
    known: &Known,
) -> Vec<Option<(usize, f64)>> {
    let all = pairs.iter().fold(Pairs::default(), |all, own| all.with(own, 1.0));
    let rival = |n: usize| {
        let arc = arcs[n];
        if !script[arc.line].is_said() {
            return None;
        }
        // Other times of the same line may be wrong with it.
        let same = (0..arcs.len()).filter(|other| arcs[*other].line == arc.line);
        let others = same.fold(all.clone(), |all, own| all.with(&pairs[own], -1.0));
        let map = Map::new(&others);
        let own = features(&heard.pieces, &arc.pieces);
        let take: Vec<Feature> = heard.features[own].iter().map(|own| map.scaled(own)).collect();
        let gain = |line: usize, whole: Whole| {
            gain(heard, &take, (line, arc), (&map, script), known, whole)
        };
        let rivals = (0..script.len()).filter(|line| *line != arc.line && script[*line].is_said());
        let rivals = rivals.map(|line| (line, gain(line, Whole::All)));
        // It may as well be the beginning of what is said next, broken off.
        let next = next(arcs, arc).filter(|line| script[*line].is_said());
        let begun = next.map(|line| (line, gain(line, Whole::Begun)));
        let best = rivals.chain(begun).max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((best.0, gain(arc.line, Whole::All) - best.1))
    };
    (0..arcs.len()).into_par_iter().map(rival).collect()
}

/// The line that is said next, if that is another.
fn next(arcs: &[&Arc], own: &Arc) -> Option<usize> {
    let after = arcs.iter().filter(|arc| arc.pieces.start >= own.pieces.end);
    let next = after.min_by_key(|arc| arc.pieces.start)?.line;
    (next != own.line).then_some(next)
}

/// How much of a line is compared.
#[derive(Clone, Copy, PartialEq)]
enum Whole {
    All,
    /// As much of it as a stretch has.
    Begun,
}

/// How well a stretch goes along with a line, as the speaker would say it.
fn gain(
    heard: &Heard,
    take: &[Feature],
    (line, arc): (usize, &Arc),
    (map, script): (&Map, &Script<'_>),
    known: &Known,
    whole: Whole,
) -> f64 {
    let raw = &script[line];
    let length = match whole {
        Whole::All => gain_of_length(take.len(), raw.features.len(), known),
        Whole::Begun => 0.0,
    };
    // What is far too long or too short is no rival.
    if length < -40.0 {
        return f64::NEG_INFINITY;
    }
    let spoken = dtw::Spoken {
        features: raw.features.iter().map(|own| map.of(own)).collect(),
        rests: raw.rests.clone(),
        hidden: match whole {
            Whole::All => raw.hidden,
            Whole::Begun => (raw.hidden.0, raw.features.len()),
        },
    };
    let start = heard.pieces[arc.pieces.start].features.start;
    let ends = crate::arcs::ends(&heard.pieces[arc.pieces.clone()], start);
    let gains = dtw::gains(take, &spoken, &vec![USUAL; take.len()], 0, &ends);
    match gains.len() == ends.len() {
        true => {
            gains.last().map_or(f64::NEG_INFINITY, |gain| f64::from(*gain) * 0.5 * LATER + length)
        }
        false => f64::NEG_INFINITY,
    }
}
