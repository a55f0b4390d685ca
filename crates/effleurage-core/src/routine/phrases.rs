//! Lengths of time in recorded words.
//!
//! A voice says lengths with prompts such as `length-1m30s` ("A minute and a half.") and
//! what is left with such as `left-2m` ("Two minutes left.").

use std::time::Duration;

use super::prompt::Saying;
use super::vocabulary::{PromptId, Vocabulary};

/// A rounding larger than a twentieth of the length would mislead.
const FURTHEST: u32 = 20;

/// A length of time as a voice says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The prompt that says it.
    pub prompt: PromptId,
    /// The length that it says.
    pub says: Duration,
}

/// The lengths of time that a voice can say, each list from short to long.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    lengths: Vec<Phrase>,
    left: Vec<Phrase>,
}

impl Phrases {
    /// Those of a voice with `vocabulary`.
    pub fn of(vocabulary: &Vocabulary) -> Phrases {
        Phrases { lengths: all(vocabulary, Saying::length), left: all(vocabulary, Saying::left) }
    }

    /// The phrase that comes nearest to `duration`, the shorter of two that are equally
    /// near; `None` where all are more than a twentieth off.
    pub fn length(&self, duration: Duration) -> Option<&Phrase> {
        let near = self.lengths.iter().min_by_key(|phrase| phrase.says.abs_diff(duration))?;
        (near.says.abs_diff(duration) * FURTHEST <= duration).then_some(near)
    }

    /// The phrase that says that just `duration` is left.
    pub fn left(&self, duration: Duration) -> Option<&Phrase> {
        self.left.iter().find(|phrase| phrase.says == duration)
    }

    /// Every prompt that says a length, or what is left.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.lengths.iter().chain(&self.left).map(|phrase| phrase.prompt.as_str())
    }

    /// Every time that can be said to be left.
    pub fn all_left(&self) -> impl Iterator<Item = Duration> {
        self.left.iter().map(|phrase| phrase.says)
    }
}

/// The prompts of which `says` tells a length, from short to long.
fn all(vocabulary: &Vocabulary, says: fn(&str) -> Option<Duration>) -> Vec<Phrase> {
    let known =
        vocabulary.ids().filter_map(|id| Some(Phrase { prompt: id.to_owned(), says: says(id)? }));
    let mut phrases: Vec<Phrase> = known.collect();
    phrases.sort_by_key(|phrase| phrase.says);
    phrases.dedup_by_key(|phrase| phrase.says);
    phrases
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases() -> Phrases {
        let ids = [
            "length-30s",
            "length-1m",
            "length-1m30s",
            "length-2m",
            "length-10m",
            "length-12m",
            "halfway",
            "length-of-it",
            "left-1m",
            "left-leg",
            "ten-seconds-left",
        ];
        Phrases::of(&ids.into_iter().map(|id| (id, "")).collect())
    }

    fn says(seconds: u64) -> Option<u64> {
        phrases().length(Duration::from_secs(seconds)).map(|phrase| phrase.says.as_secs())
    }

    #[test]
    fn the_nearest_phrase_is_said() {
        assert_eq!(says(60), Some(60));
        assert_eq!(says(63), Some(60));
        assert_eq!(says(58), Some(60));
        assert_eq!(says(125), Some(120));
        assert_eq!(says(630), Some(600));
    }

    #[test]
    fn a_misleading_phrase_is_not_said() {
        assert_eq!(says(29), Some(30));
        assert_eq!(says(28), None);
        assert_eq!(says(94), Some(90)); // a twentieth, to the second
        assert_eq!(says(95), None);
        assert_eq!(says(632), None);
        assert_eq!(says(660), None);
        assert_eq!(Phrases::default().length(Duration::from_secs(60)), None);
    }

    #[test]
    fn what_is_left_is_said_exactly_or_not_at_all() {
        let left = |seconds| {
            let phrases = phrases();
            phrases.left(Duration::from_secs(seconds)).map(|phrase| phrase.prompt.clone())
        };
        assert_eq!(left(10), Some("ten-seconds-left".to_owned()));
        assert_eq!(left(60), Some("left-1m".to_owned()));
        assert_eq!(left(61), None);
    }
}
