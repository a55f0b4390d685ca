//! A timeline in the files that other programs read beside a track.
//!
//! Each format has a function from a [`Timeline`] to text, and none knows of another.
//! The same inputs give the same bytes. Titles and words come as one line each; what a
//! format gives a meaning of its own is escaped in its way, or replaced where it has none.
//! JSON and CSV are the cue sheets of [`cue_sheet`](crate::timeline::cue_sheet).
//!
//! [`Timeline`]: crate::timeline::Timeline

mod captions;
mod chapters;
mod cue;
mod labels;
mod lyrics;

pub use captions::captions;
pub use chapters::chapters;
pub use cue::cue;
pub use labels::labels;
pub use lyrics::lyrics;

use std::time::Duration;

use crate::timeline::Timeline;
use crate::units::{Position, round_div};

/// `text` in one line: whatever breaks or steers a line becomes a space.
fn one_line(text: &str) -> String {
    let steers = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.replace("\r\n", " ").chars().map(|c| if steers(c) { ' ' } else { c }).collect()
}

/// When `position` comes, from the start of the track.
fn time(timeline: &Timeline, position: Position) -> Duration {
    timeline.sample_rate.duration_of(position.since(Position::START))
}

/// `position` in the nearest whole parts of a second, half up; `parts` make a second.
fn nearest(timeline: &Timeline, position: Position, parts: u32) -> u64 {
    let hz = u128::from(timeline.sample_rate.hz());
    round_div(u128::from(position.0) * u128::from(parts), hz) as u64
}
