//! The notes of a plan, by their English words: each is a title that a voice translates.

use crate::routine::Vocabulary;

/// A cue that is longer than what is left of its zone.
pub const OUTLASTS: &str = "“{text}” is left out, it would outlast the zone";
/// A cue where another is said.
pub const COLLIDES: &str = "“{text}” is left out, it would run into another cue";
/// Words that take for granted what is not so.
pub const UNTRUE: &str = "“{text}” is left out, it would not be true here";
/// Strokes that are slower or faster than their author asked.
pub const BENT: &str = "{strokes}, {pace} a minute instead of {asked}";
/// Words that need more time than their author gave them.
pub const GAVE_WAY: &str = "lasts {lasts} instead of {key} = {asked}, for its words";
/// A length for which a voice has no words.
pub const UNSAYABLE: &str = "lasts {lasts}, which the voice cannot say; it is not announced";
/// A length for which a voice has only other words.
pub const ANNOUNCED: &str = "announced as “{text}”, lasts {lasts}";

/// A number of strokes.
pub fn strokes(vocabulary: &Vocabulary, count: u64) -> String {
    match count {
        1 => vocabulary.title("1 stroke").to_owned(),
        n => vocabulary.filled("{n} strokes", &[("n", n)]),
    }
}
