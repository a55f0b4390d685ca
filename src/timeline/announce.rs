//! How long a zone lasts, in recorded words.
//!
//! A voice says lengths with prompts such as `length-1m30s` ("A minute and a
//! half."); the name tells the length. The nearest one is chosen.

use std::time::Duration;

use crate::routine::duration;
use crate::routine::{PromptId, Vocabulary};

/// Prompts that say a length of time start with this.
pub const PREFIX: &str = "length-";

/// A rounding larger than a fifth of the length would mislead.
const FURTHEST: u32 = 5;

/// A length of time as a voice says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The prompt that says it.
    pub prompt: PromptId,
    /// The length that it says.
    pub says: Duration,
}

/// The prompt of `vocabulary` that comes nearest to `duration`, the shorter of
/// two that are equally near; `None` where all are more than a fifth off.
pub fn announcement(duration: Duration, vocabulary: &Vocabulary) -> Option<Announcement> {
    let known = vocabulary.ids().filter_map(|id| {
        let says = duration::parse(id.strip_prefix(PREFIX)?).ok()?;
        Some(Announcement { prompt: id.to_owned(), says })
    });
    let near = known.min_by_key(|known| (known.says.abs_diff(duration), known.says))?;
    (near.says.abs_diff(duration) * FURTHEST <= duration).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(seconds: u64) -> Option<u64> {
        let ids =
            ["length-30s", "length-1m", "length-1m30s", "length-2m", "halfway", "length-of-it"];
        let vocabulary = ids.into_iter().map(|id| (id, "")).collect();
        announcement(Duration::from_secs(seconds), &vocabulary).map(|a| a.says.as_secs())
    }

    #[test]
    fn the_nearest_phrase_is_said() {
        assert_eq!(says(60), Some(60));
        assert_eq!(says(74), Some(60));
        assert_eq!(says(75), Some(60)); // a tie: the shorter
        assert_eq!(says(76), Some(90));
        assert_eq!(says(130), Some(120));
    }

    #[test]
    fn a_misleading_phrase_is_not_said() {
        assert_eq!(says(25), Some(30));
        assert_eq!(says(24), None);
        assert_eq!(says(600), None);
        assert_eq!(announcement(Duration::from_secs(60), &Vocabulary::default()), None);
    }
}
