//! A take as it is heard: its sounds, and how they sound.

use crate::dtw::Spoken;
use crate::features::{Feature, features, normalise};
use crate::room::{Room, loudest};
use crate::sounds::{Moments, sounds, standing_out};
use crate::spectrum::{Look, Powers, Spectrum, WORDS};

/// Words are compared once for so many moments.
const STRIDE: usize = 2;
/// So many samples are a moment.
pub const MOMENT: usize = WORDS.step;
/// Sounds with fewer moments between belong to each other.
const JOINED: usize = 30;

/// A sound of a take.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Where it is, in moments.
    pub moments: Moments,
    /// Where its features are among all.
    pub features: std::ops::Range<usize>,
}

/// What is heard in a take.
#[derive(Default)]
pub struct Heard {
    /// Its sounds, in order.
    pub pieces: Vec<Piece>,
    /// How they sound, one after the other, without the pauses.
    pub features: Vec<Feature>,
    /// The noise of the room.
    pub noise: Powers,
    /// How loud the voice is.
    pub loudest: f32,
    /// All sounds, those that were left out as well.
    pub sounds: Vec<Moments>,
}

impl Heard {
    /// What is heard in `samples`; at the places `skipped` is nothing to be looked at.
    pub fn new(samples: &[f32], skipped: &[usize]) -> Heard {
        let powers = Spectrum::new(WORDS).powers(samples);
        if powers.is_empty() {
            return Heard::default();
        }
        let room = Room::of(&powers);
        let levels = standing_out(&powers, &room);
        let sounds = sounds(&levels);
        let (pieces, features) = pieces(&powers, &without(&sounds, skipped));
        let loudest = loudest(&powers);
        Heard { pieces, features, noise: room.mean(), loudest, sounds }
    }
}

/// The sounds without those at these samples, each with those that belong to it.
fn without(sounds: &[Moments], places: &[usize]) -> Vec<Moments> {
    let mut left = sounds.to_vec();
    for place in places.iter().map(|sample| sample / MOMENT) {
        let apart =
            |own: &Moments| own.start.saturating_sub(place).max(place.saturating_sub(own.end));
        let Some(near) = (0..left.len()).min_by_key(|n| apart(&left[*n])) else { break };
        let is_joined = |pair: &&[Moments]| pair[1].start - pair[0].end < JOINED;
        let before = left[..=near].windows(2).rev().take_while(is_joined).count();
        let after = left[near..].windows(2).take_while(is_joined).count();
        left.drain(near - before..=near + after);
    }
    left
}

fn pieces(powers: &[Powers], sounds: &[Moments]) -> (Vec<Piece>, Vec<Feature>) {
    let all = features(powers);
    let (mut pieces, mut kept) = (Vec::new(), Vec::new());
    for sound in sounds {
        let start = kept.len();
        kept.extend(sound.clone().step_by(STRIDE).map(|n| all[n]));
        pieces.push(Piece { moments: sound.clone(), features: start..kept.len() });
    }
    normalise(&mut kept);
    (pieces, kept)
}

/// How the clips of another speaker would sound in the room of a take: what a line sounds like.
pub fn in_room<'a>(
    clips: impl Iterator<Item = &'a [f32]>,
    heard: &Heard,
    warp: f64,
) -> Vec<Spoken> {
    let spectrum = Spectrum::new(Look { warp, ..WORDS });
    let powers: Vec<Vec<Powers>> = clips.map(|clip| spectrum.powers(clip)).collect();
    let gain = heard.loudest / loudest(&powers.concat()).max(1e-12);
    let room = Room::silent(heard.noise);
    let lines: Vec<Spoken> = powers
        .into_iter()
        .map(|mut powers| {
            for moment in &mut powers {
                for (power, noise) in moment.iter_mut().zip(&heard.noise) {
                    *power = *power * gain + noise;
                }
            }
            if powers.is_empty() { Spoken::default() } else { spoken(&powers, &room) }
        })
        .collect();
    let mut all: Vec<Feature> = lines.iter().flat_map(|line| line.features.clone()).collect();
    normalise(&mut all);
    let mut rest = all.as_slice();
    lines
        .into_iter()
        .map(|line| {
            let (own, others) = rest.split_at(line.features.len());
            rest = others;
            Spoken { features: own.to_vec(), ..line }
        })
        .collect()
}

/// A pause of so many moments is one in which people breathe.
const REST: usize = 14;

fn spoken(powers: &[Powers], room: &Room) -> Spoken {
    let sounds = sounds(&standing_out(powers, room));
    let all = features(powers);
    let mut spoken = Spoken::default();
    let mut end = None;
    for sound in sounds {
        if end.is_some_and(|end| sound.start - end >= REST) {
            spoken.rests.push(spoken.features.len());
        }
        end = Some(sound.end);
        spoken.features.extend(sound.step_by(STRIDE).map(|n| all[n]));
    }
    spoken
}
