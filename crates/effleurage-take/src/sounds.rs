//! Where anything stands out from the noise of the room.

use std::ops::Range;

use crate::room::Room;
use crate::spectrum::{BANDS, Powers};

/// A range of moments, half-open.
pub type Moments = Range<usize>;

/// How far a sound stands out, in nepers of power over all bands: where it begins, and as long
/// as it goes on.
const BEGINS: f32 = 0.9;
const GOES_ON: f32 = 0.4;
/// No band counts more than this.
const MOST: f32 = 5.0;
/// A shorter gap, in moments, is part of a sound; what is shorter than the second is none.
const GAP: usize = 7;
const SHORTEST: usize = 4;

/// How far each moment stands out.
pub fn standing_out(moments: &[Powers], room: &Room) -> Vec<f32> {
    let near = |n: usize| n.saturating_sub(1)..(n + 2).min(moments.len());
    let stands = |n: usize| {
        let noise = room.noise(n);
        let band = |band: usize| {
            let near = near(n);
            let count = near.len() as f32;
            let power = near.map(|n| moments[n][band]).sum::<f32>() / count;
            libm::logf((power + 1e-12) / (noise[band] + 1e-12)).clamp(0.0, MOST)
        };
        (0..BANDS).map(band).sum::<f32>() / BANDS as f32
    };
    (0..moments.len()).map(stands).collect()
}

/// The stretches in which something stands out so far.
pub fn sounds(levels: &[f32]) -> Vec<Moments> {
    let mut all: Vec<Moments> = Vec::new();
    for n in (0..levels.len()).filter(|n| levels[*n] >= GOES_ON) {
        match all.last_mut() {
            Some(last) if last.end == n => last.end = n + 1,
            _ => all.push(n..n + 1),
        }
    }
    all.retain(|sound| sound.clone().any(|n| levels[n] >= BEGINS) && sound.len() >= SHORTEST);
    let mut joined: Vec<Moments> = Vec::new();
    for sound in all {
        match joined.last_mut() {
            Some(last) if sound.start - last.end < GAP => last.end = sound.end,
            _ => joined.push(sound),
        }
    }
    joined
}
