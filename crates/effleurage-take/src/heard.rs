//! A take as it is heard: its sounds, and how they sound.

use crate::dtw::Spoken;
use crate::features::{Feature, features, normalise};
use crate::room::{Room, loudest};
use crate::sounds::{Moments, sounds, standing_out};
use crate::spectrum::{Look, Powers, Spectrum, WORDS};
use crate::voiced::Voicing;

/// Words are compared once for so many moments.
const STRIDE: usize = 2;
/// So many samples are a moment.
pub const MOMENT: usize = WORDS.step;
/// The shortest word has so many moments.
const WORD: usize = 12;
/// A consonant stands no further apart from its vowel than by so many.
const CONSONANT: usize = 14;
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
        let kept = without(&voices(samples, &sounds), skipped);
        let (pieces, features) = pieces(&powers, &kept);
        let loudest = loudest(&powers);
        Heard { pieces, features, noise: room.mean(), loudest, sounds }
    }
}

/// The sounds that may be words: those with a pitch, and those near to such a one. Whoever
/// whispers has no pitch at all.
fn voices(samples: &[f32], sounds: &[Moments]) -> Vec<Moments> {
    let voicing = Voicing::new();
    let in_samples =
        |sound: &Moments| &samples[sound.start * MOMENT..(sound.end * MOMENT).min(samples.len())];
    let voiced: Vec<bool> = sounds.iter().map(|s| voicing.is_voiced(in_samples(s))).collect();
    let long = |n: &usize| sounds[*n].len() >= WORD;
    let words = (0..sounds.len()).filter(long).count();
    if 2 * voiced.iter().filter(|voiced| **voiced).count() < words {
        return sounds.to_vec();
    }
    let is_near = |n: usize| {
        let before = n.checked_sub(1).map(|m| (m, sounds[n].start - sounds[m].end));
        let after = sounds.get(n + 1).map(|next| (n + 1, next.start - sounds[n].end));
        [before, after].into_iter().flatten().any(|(m, gap)| voiced[m] && gap < CONSONANT)
    };
    let kept = (0..sounds.len()).filter(|n| voiced[*n] || is_near(*n));
    kept.map(|n| sounds[n].clone()).collect()
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
    let lines: Vec<Spoken> = powers
        .into_iter()
        .map(|mut powers| {
            for moment in &mut powers {
                for (power, noise) in moment.iter_mut().zip(&heard.noise) {
                    *power = *power * gain + noise * SOFTER;
                }
            }
            if powers.is_empty() { Spoken::default() } else { spoken(powers, &heard.noise) }
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

/// Another speaker may say softly what this one says aloud: what could be heard in a noise that is
/// softer by this belongs to a line …
const SOFTER: f32 = 0.1;
/// … although at its ends, it may be missing where it does not stand out of the noise so far.
const HIDDEN: f32 = 0.4;
/// A pause of so many moments is one in which people breathe.
const REST: usize = 14;

fn spoken(mut powers: Vec<Powers>, noise: &Powers) -> Spoken {
    let softer = Room::silent(noise.map(|noise| noise * SOFTER));
    let sounds = sounds(&standing_out(&powers, &softer));
    for moment in &mut powers {
        moment.iter_mut().zip(noise).for_each(|(power, noise)| *power += noise * (1.0 - SOFTER));
    }
    let all = features(&powers);
    let louder = standing_out(&powers, &Room::silent(*noise));
    let mut spoken = Spoken::default();
    let mut is_hidden = Vec::new();
    let mut end = None;
    for sound in sounds {
        if end.is_some_and(|end| sound.start - end >= REST) {
            spoken.rests.push(spoken.features.len());
        }
        end = Some(sound.end);
        for n in sound.step_by(STRIDE) {
            spoken.features.push(all[n]);
            is_hidden.push(louder[n] < HIDDEN);
        }
    }
    let hidden = |flags: &mut dyn Iterator<Item = &bool>| flags.take_while(|is| **is).count();
    spoken.hidden = (hidden(&mut is_hidden.iter()), hidden(&mut is_hidden.iter().rev()));
    spoken
}
