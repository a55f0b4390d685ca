//! Times as people read them in a cue sheet.

use std::time::Duration;

use crate::units::clock;

/// `0:01:30`, with milliseconds only where there are any.
pub fn short_clock(duration: Duration) -> String {
    clock(duration).trim_end_matches(".000").to_owned()
}

/// `0:08`, `1:00`, `12:30.5`, `1:00:00`: as short as it is exact to the millisecond.
pub fn short(duration: Duration) -> String {
    let text = short_clock(duration);
    let text = text.strip_prefix("0:").unwrap_or(&text);
    let text = text.strip_prefix('0').unwrap_or(text);
    if text.contains('.') { text.trim_end_matches('0').to_owned() } else { text.to_owned() }
}
