//! The words a routine is written in: legs, zones, pressures, motions, patterns.

use std::fmt;

/// A set of words of which an author picks one.
pub trait Word: Copy + PartialEq + Sized + 'static {
    /// What a person calls such a word, to be used after "no … is called".
    const KIND: &'static str;
    /// Every word with what it stands for, in the order to print them.
    const ALL: &'static [(&'static str, Self)];

    /// What `text` stands for.
    fn from_word(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
    }

    /// How it is written.
    fn word(self) -> &'static str {
        let pair = Self::ALL.iter().find(|(_, value)| *value == self);
        pair.map_or("", |(word, _)| word)
    }
}

/// Writes `impl Word`, `Display` and `Read` from a table of words.
macro_rules! words {
    ($type:ident, $kind:literal, $($word:literal => $value:ident),+ $(,)?) => {
        impl Word for $type {
            const KIND: &'static str = $kind;
            const ALL: &'static [(&'static str, Self)] = &[$(($word, $type::$value)),+];
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
        impl $crate::routine::cursor::Read for $type {
            fn read(
                value: &$crate::routine::cursor::Value<'_>,
                cursor: &mut $crate::routine::cursor::Cursor<'_>,
            ) -> Option<Self> {
                $crate::routine::cursor::word(value, cursor)
            }
        }
    };
}
pub(super) use words;

/// Whom a routine is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// One person massages their own legs.
    OneSelf,
    /// A giver massages a receiver.
    Partner,
}
words!(Audience, "audience", "self" => OneSelf, "partner" => Partner);

/// Which legs a step is for, as the author says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Legs {
    /// The left leg only.
    Left,
    /// The right leg only.
    Right,
    /// One leg after the other: the left, then the right.
    Each,
    /// Both at once.
    Both,
}
words!(Legs, "choice of legs",
    "left" => Left, "right" => Right, "each" => Each, "both" => Both);

impl Legs {
    /// The legs in the order in which they are massaged.
    pub fn in_order(self) -> &'static [Leg] {
        match self {
            Legs::Left => &[Leg::Left],
            Legs::Right => &[Leg::Right],
            Legs::Each => &[Leg::Left, Leg::Right],
            Legs::Both => &[Leg::Both],
        }
    }
}

/// What is under the hands at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leg {
    /// The left leg.
    Left,
    /// The right leg.
    Right,
    /// Both at once.
    Both,
}
words!(Leg, "leg", "left" => Left, "right" => Right, "both" => Both);

/// One of the two legs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
}
words!(Side, "side", "left" => Left, "right" => Right);

impl Side {
    /// The leg on this side.
    pub fn leg(self) -> Leg {
        match self {
            Side::Left => Leg::Left,
            Side::Right => Leg::Right,
        }
    }
}

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talk {
    /// Everything.
    Full,
    /// Position, leg, zone and technique, in a few words.
    Brief,
    /// Nothing but warnings.
    Ticks,
}
words!(Talk, "amount of talk", "full" => Full, "brief" => Brief, "ticks" => Ticks);

/// A background noise that is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BedNoise {
    /// Soft rain.
    Rain,
    /// Brown noise, like a distant waterfall.
    Brown,
    /// Waves on a shore, from afar.
    Waves,
    /// A soft chord that stands still.
    Pad,
}
words!(BedNoise, "bed",
    "rain" => Rain, "brown" => Brown, "waves" => Waves, "pad" => Pad);

/// The room in which the voice speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Room {
    /// None: the clips as they are.
    #[default]
    Off,
    /// A small, warm one.
    Warm,
}
words!(Room, "room", "off" => Off, "warm" => Warm);

/// From which side ticks come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pan {
    /// From the middle.
    Off,
    /// From the side of the leg that is massaged.
    Legs,
}
words!(Pan, "pan", "off" => Off, "legs" => Legs);

impl Pan {
    /// The side from which the ticks of `leg` come; none where that is the middle.
    pub fn side(self, leg: Leg) -> Option<Side> {
        match (self, leg) {
            (Pan::Off, _) | (_, Leg::Both) => None,
            (Pan::Legs, Leg::Left) => Some(Side::Left),
            (Pan::Legs, Leg::Right) => Some(Side::Right),
        }
    }
}

/// How firmly a technique touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressure {
    /// Almost a caress.
    VeryLight,
    /// Light.
    Light,
    /// Firm enough to knead, never painful.
    Moderate,
    /// Pressing and letting go.
    Intermittent,
}
words!(Pressure, "pressure",
    "very light" => VeryLight, "light" => Light,
    "moderate" => Moderate, "intermittent" => Intermittent);

impl Pressure {
    /// Whether it presses, so that the warnings must have been said before.
    pub fn presses(self) -> bool {
        matches!(self, Pressure::Moderate | Pressure::Intermittent)
    }
}

/// What the hands do in one stroke, and so how it sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Motion {
    /// A circle, with one kind of tick.
    Circle,
    /// Pressing (strong ticks) and letting go (weak ticks).
    Press,
}
words!(Motion, "motion", "circle" => Circle, "press" => Press);

/// What the ticks that are computed sound like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TickKit {
    /// Soft tones, as of a small bell under felt.
    Soft,
    /// A wood block, struck calmly.
    Wood,
    /// Drops of water.
    Drop,
}
words!(TickKit, "tick sound", "soft" => Soft, "wood" => Wood, "drop" => Drop);

/// What one slot of a pattern holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// `X`
    Strong,
    /// `x`
    Weak,
    /// `.`
    Silent,
}

/// The ticks of one stroke, in slots of equal length: `X` strong, `x` weak, `.` silent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern(Vec<Slot>);

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternFault {
    /// A character other than `X`, `x` and `.`.
    Stranger(char),
    /// Nothing that sounds.
    NoSound,
    /// More than [`Pattern::MAX_SLOTS`] slots.
    TooLong,
}

impl Pattern {
    /// A stroke has at most this many slots.
    pub const MAX_SLOTS: usize = 16;

    /// Reads a pattern such as `"XxXx.."`.
    pub fn parse(text: &str) -> Result<Pattern, PatternFault> {
        let slots = text.chars().map(|character| match character {
            'X' => Ok(Slot::Strong),
            'x' => Ok(Slot::Weak),
            '.' => Ok(Slot::Silent),
            other => Err(PatternFault::Stranger(other)),
        });
        let slots: Vec<Slot> = slots.collect::<Result<_, _>>()?;
        if slots.len() > Self::MAX_SLOTS {
            return Err(PatternFault::TooLong);
        }
        if slots.iter().all(|slot| *slot == Slot::Silent) {
            return Err(PatternFault::NoSound);
        }
        Ok(Pattern(slots))
    }

    /// The slots of one stroke, in order. At least one of them sounds.
    pub fn slots(&self) -> &[Slot] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_as_itself() {
        fn round_trip<W: Word + fmt::Debug>() {
            for (word, value) in W::ALL {
                assert_eq!(W::from_word(word), Some(*value));
                assert_eq!(value.word(), *word);
            }
        }
        round_trip::<Audience>();
        round_trip::<Legs>();
        round_trip::<Leg>();
        round_trip::<Pressure>();
        round_trip::<Motion>();
        round_trip::<TickKit>();
        round_trip::<BedNoise>();
        round_trip::<Room>();
        round_trip::<Talk>();
        round_trip::<Side>();
    }

    #[test]
    fn a_pattern_is_made_of_strong_weak_and_silent() {
        use Slot::{Silent, Strong, Weak};
        assert_eq!(Pattern::parse("Xx.").unwrap().slots(), [Strong, Weak, Silent]);
        assert_eq!(Pattern::parse("X-x"), Err(PatternFault::Stranger('-')));
        assert_eq!(Pattern::parse("..."), Err(PatternFault::NoSound));
        assert_eq!(Pattern::parse(""), Err(PatternFault::NoSound));
        assert_eq!(Pattern::parse(&"X".repeat(17)), Err(PatternFault::TooLong));
    }
}
