//! The card's own words: English here, in another language the titles of its voice.

use effleurage_core::routine::Vocabulary;
use effleurage_core::routine::words::Pressure;

/// Every word that a card may say by itself, in English.
pub const ALL: [&str; 21] = [
    "left",
    "right",
    "begins",
    "lasts",
    "strokes",
    "per min",
    "in all",
    "pause",
    "always upward",
    "Before you begin",
    "very light pressure",
    "light pressure",
    "moderate pressure",
    "intermittent pressure",
    "Sole",
    "Foot",
    "Ankle",
    "Calf",
    "Knee",
    "Thigh",
    "Hip",
];
/// Said of what found no room.
pub const MORE: [&str; 2] = ["more step, see the plan", "more steps, see the plan"];

/// The words on a card that are the same on every card of a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Heads the times of the left leg.
    pub left: String,
    /// Heads those of the right leg.
    pub right: String,
    /// Heads the times where both legs have the same.
    pub begins: String,
    /// Heads lengths.
    pub lasts: String,
    /// Heads numbers of strokes.
    pub strokes: String,
    /// Heads rates.
    pub per_minute: String,
    /// Stands below the length of the session.
    pub in_all: String,
    /// Stands by the arrow.
    pub upward: String,
    /// Heads the warnings.
    pub before: String,
    /// Said of one step, and of several, that found no room.
    pub more: [String; 2],
}

impl Words {
    /// Those of a voice.
    pub fn of(vocabulary: &Vocabulary) -> Words {
        let word = |english| vocabulary.title(english).to_owned();
        Words {
            left: word("left"),
            right: word("right"),
            begins: word("begins"),
            lasts: word("lasts"),
            strokes: word("strokes"),
            per_minute: word("per min"),
            in_all: word("in all"),
            upward: word("always upward"),
            before: word("Before you begin"),
            more: MORE.map(word),
        }
    }
}

/// A pressure as a card says it, in English.
pub fn pressure(pressure: Pressure) -> &'static str {
    match pressure {
        Pressure::VeryLight => "very light pressure",
        Pressure::Light => "light pressure",
        Pressure::Moderate => "moderate pressure",
        Pressure::Intermittent => "intermittent pressure",
    }
}
