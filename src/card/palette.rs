//! The look of the zones: one table for every picture that shows them.
//!
//! They differ in colour, in lightness and in the direction of their hatching, so that
//! they can be told apart in black and white as well; and a letter stands on each.

use super::hatch::Hatch;
use super::shape::Colour;
use crate::routine::words::{Leg, Zone};

/// How a zone looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZoneLook {
    /// Which zone.
    pub zone: Zone,
    /// Its name, in English.
    pub name: &'static str,
    /// Its letter on the left leg; on the right leg it is a capital, as in the timeline.
    pub letter: char,
    /// Its colour.
    pub fill: Colour,
    /// The colour of the lines across it.
    pub line: Colour,
    /// The lines across it.
    pub hatch: Hatch,
    /// The colour of its letter on its own colour.
    pub ink: Colour,
}

/// From the bottom up, in the hues of the timeline: cyan, green, yellow and magenta.
pub const ZONES: [ZoneLook; 4] = [
    ZoneLook {
        zone: Zone::Ankle,
        name: "Ankle",
        letter: 'a',
        fill: Colour(0x9F, 0xD3, 0xE6),
        line: Colour(0x4E, 0x98, 0xB3),
        hatch: Hatch::Level,
        ink: INK,
    },
    ZoneLook {
        zone: Zone::Calf,
        name: "Calf",
        letter: 'c',
        fill: Colour(0x5F, 0xA9, 0x72),
        line: Colour(0x3B, 0x7D, 0x4D),
        hatch: Hatch::Rising,
        ink: INK,
    },
    ZoneLook {
        zone: Zone::Knee,
        name: "Knee",
        letter: 'k',
        fill: Colour(0xFA, 0xEA, 0xA8),
        line: Colour(0xC9, 0xA8, 0x3A),
        hatch: Hatch::Crossed,
        ink: INK,
    },
    ZoneLook {
        zone: Zone::Thigh,
        name: "Thigh",
        letter: 't',
        fill: Colour(0x8E, 0x3F, 0x80),
        line: Colour(0xC4, 0x8A, 0xB9),
        hatch: Hatch::Falling,
        ink: PAPER,
    },
];

/// Text and outlines.
pub const INK: Colour = Colour(0x1C, 0x1C, 0x20);
/// What matters less.
pub const GREY: Colour = Colour(0x58, 0x58, 0x5F);
/// Rules between parts.
pub const RULE: Colour = Colour(0xB4, 0xB4, 0xBA);
/// The sheet.
pub const PAPER: Colour = Colour(0xFF, 0xFF, 0xFF);
/// A leg where nothing is done.
pub const SKIN: Colour = Colour(0xF4, 0xF1, 0xEC);

/// How `zone` looks.
pub fn look(zone: Zone) -> &'static ZoneLook {
    // The table is in the order of the zones.
    &ZONES[zone as usize]
}

impl ZoneLook {
    /// Its letter on `leg`.
    pub fn letter_on(&self, leg: Leg) -> char {
        if leg == Leg::Right { self.letter.to_ascii_uppercase() } else { self.letter }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routine::words::Word;

    #[test]
    fn every_zone_has_its_own_look() {
        for (_, zone) in Zone::ALL {
            assert_eq!(look(*zone).zone, *zone);
        }
    }

    #[test]
    fn zones_can_be_told_apart_in_black_and_white() {
        for (n, one) in ZONES.iter().enumerate() {
            for other in &ZONES[n + 1..] {
                let apart = (one.fill.lightness() - other.fill.lightness()).abs();
                assert!(apart >= 8.0, "{} and {}: {apart}", one.name, other.name);
                assert_ne!(one.hatch, other.hatch, "{} and {}", one.name, other.name);
            }
            let readable = (one.fill.lightness() - one.ink.lightness()).abs();
            assert!(readable >= 45.0, "{}: {readable}", one.name);
        }
    }
}
