//! The look of the zones: one table for every picture that shows them.
//!
//! They differ in colour, in lightness and in the direction of their hatching, so that
//! they can be told apart in black and white as well; and a letter stands on each.

use super::hatch::Hatch;
use super::shape::Colour;
use effleurage_core::body::Region;
use effleurage_core::routine::words::Leg;

/// How a zone looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZoneLook {
    /// Its colour.
    pub fill: Colour,
    /// The colour of the lines across it.
    pub line: Colour,
    /// The lines across it.
    pub hatch: Hatch,
    /// The colour of its letter on its own colour.
    pub ink: Colour,
}

/// From the bottom up, in the hues of the timeline: blue, cyan, green, yellow and magenta.
const LOOKS: [ZoneLook; Region::BUILT_IN.len()] = [
    ZoneLook {
        fill: Colour(0x2F, 0x44, 0x7E),
        line: Colour(0x74, 0x8A, 0xC4),
        hatch: Hatch::Upright,
        ink: PAPER,
    },
    ZoneLook {
        fill: Colour(0x9C, 0xB2, 0xE6),
        line: Colour(0x5E, 0x78, 0xBC),
        hatch: Hatch::Square,
        ink: INK,
    },
    ZoneLook {
        fill: Colour(0x9F, 0xD3, 0xE6),
        line: Colour(0x4E, 0x98, 0xB3),
        hatch: Hatch::Level,
        ink: INK,
    },
    ZoneLook {
        fill: Colour(0x5F, 0xA9, 0x72),
        line: Colour(0x3B, 0x7D, 0x4D),
        hatch: Hatch::Rising,
        ink: INK,
    },
    ZoneLook {
        fill: Colour(0xFA, 0xEA, 0xA8),
        line: Colour(0xC9, 0xA8, 0x3A),
        hatch: Hatch::Crossed,
        ink: INK,
    },
    ZoneLook {
        fill: Colour(0x8E, 0x3F, 0x80),
        line: Colour(0xC4, 0x8A, 0xB9),
        hatch: Hatch::Falling,
        ink: PAPER,
    },
    ZoneLook {
        fill: Colour(0xB4, 0x60, 0x6E),
        line: Colour(0xB4, 0x60, 0x6E),
        hatch: Hatch::None,
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
/// What is behind all on a cover.
pub const BACKGROUND: Colour = Colour(0xE4, 0xEC, 0xF2);
/// A leg where nothing is done.
pub const SKIN: Colour = Colour(0xF4, 0xF1, 0xEC);

/// How `region` looks. Those that a routine brought look like those of the leg, in turn.
pub fn look(region: Region) -> &'static ZoneLook {
    &LOOKS[region.rank() % LOOKS.len()]
}

/// A region's letter on `leg`: on the right leg it is a capital, as in the timeline.
pub fn on_leg(letter: char, leg: Leg) -> char {
    if leg == Leg::Right { letter.to_ascii_uppercase() } else { letter }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_can_be_told_apart_in_black_and_white() {
        let looks = Region::BUILT_IN.map(|region| (region, look(region)));
        for (n, (region, one)) in looks.iter().enumerate() {
            for (another, other) in &looks[n + 1..] {
                let apart = (one.fill.lightness() - other.fill.lightness()).abs();
                assert!(apart >= 8.0, "{region} and {another}: {apart}");
                assert_ne!(one.hatch, other.hatch, "{region} and {another}");
            }
            let readable = (one.fill.lightness() - one.ink.lightness()).abs();
            assert!(readable >= 45.0, "{region}: {readable}");
        }
    }
}
