//! Of all voices at hand, the one that sounds most like the speaker of a take.

use rayon::prelude::*;

use crate::dtw::Spoken;
use crate::features::{Feature, distance};
use crate::find::Line;
use crate::heard::{Heard, in_room};

/// By what factors the tones of a voice are tried: throats are of many lengths.
const WARPS: [f64; 9] = [0.8, 0.84, 0.88, 0.93, 1.0, 1.07, 1.13, 1.18, 1.24];
/// A moment is usually as far from a script as from this share of its moments that are nearest.
const NEAREST: f64 = 0.06;
/// So many moments of a script are looked at for that.
const SAMPLE: usize = 1_500;
/// So many lines of a voice tell enough to choose it.
const FEW: usize = 16;
/// One of so many moments of a take tells enough to choose a voice.
const SOME: usize = 5;

/// A script as a voice says it.
pub struct Voice {
    /// How its lines sound.
    pub lines: Vec<Spoken>,
    /// How its other words sound, which are none of the lines.
    pub others: Vec<Spoken>,
}

/// The voice whose moments are nearest to those of the take, with its tones as high; and how
/// it says the lines, and `others`.
pub fn nearest(heard: &Heard, lines: &[Line], others: &[Line]) -> Voice {
    let voices = lines.iter().map(|line| line.spoken.len()).max().unwrap_or(0);
    let tries: Vec<(usize, f64)> =
        (0..voices).flat_map(|voice| WARPS.map(|warp| (voice, warp))).collect();
    let tried = tries.par_iter().map(|(voice, warp)| {
        let said = clips(lines, *voice).filter(|clip| !clip.is_empty());
        let said: Vec<&[f32]> = said.collect();
        let few = said.iter().step_by(said.len().div_ceil(FEW).max(1)).copied();
        let script = in_room(few, heard, *warp);
        let usual = usual(heard.features.iter().step_by(SOME), &script);
        let apart: f64 = usual.iter().map(|apart| f64::from(*apart)).sum();
        (script.iter().any(Spoken::is_said).then_some(apart), *voice, *warp)
    });
    let tried: Vec<(Option<f64>, usize, f64)> = tried.collect();
    let said = tried.into_iter().filter_map(|(apart, voice, warp)| Some((apart?, voice, warp)));
    match said.min_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((_, index, warp)) => {
            let sound = |lines| in_room(clips(lines, index), heard, warp);
            Voice { lines: sound(lines), others: sound(others) }
        }
        None => Voice { lines: vec![Spoken::default(); lines.len()], others: Vec::new() },
    }
}

/// How a voice says each line; nothing, where it does not.
fn clips(lines: &[Line], voice: usize) -> impl Iterator<Item = &[f32]> {
    lines.iter().map(move |line| line.spoken.get(voice).map_or(&[][..], Vec::as_slice))
}

/// How far each moment is usually from the nearest of a script.
pub fn usual<'a>(take: impl Iterator<Item = &'a Feature>, script: &[Spoken]) -> Vec<f32> {
    let all: Vec<&Feature> = script.iter().flat_map(|line| &line.features).collect();
    let step = (all.len() / SAMPLE).max(1);
    let some: Vec<&Feature> = all.into_iter().step_by(step).collect();
    let take: Vec<&Feature> = take.collect();
    if some.is_empty() {
        return vec![0.0; take.len()];
    }
    let nearest = (some.len() as f64 * NEAREST) as usize;
    let usual = |own: &&Feature| {
        let mut all: Vec<f32> = some.iter().map(|other| distance(own, other)).collect();
        *all.select_nth_unstable_by(nearest, f32::total_cmp).1
    };
    take.par_iter().map(usual).collect()
}
