//! Lengths of time as people write them: `90s`, `2m`, `2m30s`, `2:30`.

use std::borrow::Cow;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::fmt::friendly::{Designator, Spacing, SpanPrinter};

/// No zone, pause or lead-in lasts longer than a day.
pub const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Anything shorter is no time at all: less than a frame at the lowest rates.
const SHORTEST: Duration = Duration::from_millis(1);

/// How to write a length of time, for messages.
pub const HOW_TO_WRITE: &str = r#"write it like "90s", "2m", "2m30s" or "2:30""#;

/// Why a text is no length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not read as one.
    Unreadable,
    /// A number alone: seconds or minutes?
    NoUnit,
    /// Nothing, or next to it.
    Zero,
    /// Less than nothing.
    Negative,
    /// Longer than [`LONGEST`].
    BeyondADay,
}

impl Fault {
    /// What is wrong with `text`, in one line.
    pub fn message(self, text: &str) -> String {
        match self {
            Fault::Unreadable => format!("`{text}` is not a length of time"),
            Fault::NoUnit => format!("`{text}` has no unit"),
            Fault::Zero => format!("`{text}` is no time at all"),
            Fault::Negative => format!("`{text}` is less than no time"),
            Fault::BeyondADay => format!("`{text}` is longer than a day"),
        }
    }

    /// What to do about it.
    pub fn help(self, text: &str) -> String {
        match self {
            Fault::Unreadable => HOW_TO_WRITE.to_owned(),
            Fault::NoUnit => format!(r#"write "{text}s" for seconds or "{text}m" for minutes"#),
            Fault::Zero | Fault::Negative => "give it a second at least".to_owned(),
            Fault::BeyondADay => "the longest is \"24h\"".to_owned(),
        }
    }
}

/// Reads a length of time.
pub fn parse(text: &str) -> Result<Duration, Fault> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return Err(match number {
            0.0 => Fault::Zero,
            n if n < 0.0 => Fault::Negative,
            n if n <= LONGEST.as_secs_f64() && !text.contains(['e', 'E', '+']) => Fault::NoUnit,
            _ => Fault::Unreadable,
        });
    }
    let duration = if text.contains(':') {
        from_clock(text).ok_or(Fault::Unreadable)?
    } else {
        from_units(&with_last_unit(text))?
    };
    match duration {
        none if none < SHORTEST => Err(Fault::Zero),
        long if long > LONGEST => Err(Fault::BeyondADay),
        fits => Ok(fits),
    }
}

/// `m:ss` or `h:mm:ss`; the seconds may have decimals.
fn from_clock(text: &str) -> Option<Duration> {
    let parts: Vec<&str> = text.split(':').collect();
    let two_digits = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, decimals) = parts.last()?.split_once('.').unwrap_or((parts.last()?, "0"));
    let middle = &parts[1..parts.len() - 1];
    if parts.len() > 3
        || !two_digits(&whole)
        || !middle.iter().all(two_digits)
        || decimals.is_empty()
    {
        return None;
    }
    let mut seconds: u64 = digits(parts[0])?;
    for part in middle.iter().chain([&whole]) {
        let sixtieth = digits(part).filter(|n| *n < 60)?;
        seconds = seconds.checked_mul(60)?.checked_add(sixtieth)?;
    }
    let nanos = digits(&format!("{decimals:0<9.9}"))?;
    Some(Duration::from_secs(seconds) + Duration::from_nanos(nanos))
}

fn digits(text: &str) -> Option<u64> {
    let only_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    only_digits.then(|| text.parse().ok()).flatten()
}

/// `2m30s` and its relatives.
/// "1m30" means 1m30s, and "1h30" means 1h30m: the unit below the one that is written.
fn with_last_unit(text: &str) -> Cow<'_, str> {
    let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (before, _) = text.split_at(text.len() - digits);
    let unit = match before.chars().next_back() {
        Some('h') => "m",
        Some('m') => "s",
        _ => return text.into(),
    };
    if (1..=2).contains(&digits) { format!("{text}{unit}").into() } else { text.into() }
}

fn from_units(text: &str) -> Result<Duration, Fault> {
    let signed: SignedDuration = text.parse().map_err(|_| Fault::Unreadable)?;
    match Duration::try_from(signed) {
        Ok(duration) => Ok(duration),
        Err(_) => Err(Fault::Negative),
    }
}

/// `duration` in the shortest of the forms that [`parse`] reads.
pub fn plain(duration: Duration) -> String {
    let printer = SpanPrinter::new().designator(Designator::Compact).spacing(Spacing::None);
    match SignedDuration::try_from(duration) {
        Ok(signed) => printer.duration_to_string(&signed),
        Err(_) => format!("{}s", duration.as_secs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_may_write_a_length_of_time_in_several_ways() {
        let cases = [
            ("90s", 90_000),
            ("2m", 120_000),
            ("2m30s", 150_000),
            ("2m30", 150_000),
            ("1h30", 5_400_000),
            ("1h5m7", 3_907_000),
            ("2:30", 150_000),
            ("0:05", 5_000),
            ("1:00:00", 3_600_000),
            ("1.5m", 90_000),
            ("2m 30s", 150_000),
            ("1h", 3_600_000),
            ("24h", 86_400_000),
            ("0:01.25", 1_250),
            ("90 seconds", 90_000),
        ];
        for (text, millis) in cases {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_told_apart() {
        let cases = [
            ("", Fault::Unreadable),
            ("soon", Fault::Unreadable),
            ("2m300", Fault::Unreadable),
            ("2:3", Fault::Unreadable),
            ("2:60", Fault::Unreadable),
            (":30", Fault::Unreadable),
            ("1:2:3:4", Fault::Unreadable),
            ("1M", Fault::Unreadable),
            ("30s2m", Fault::Unreadable),
            ("-1:00", Fault::Unreadable),
            ("1:00.", Fault::Unreadable),
            ("+1:00", Fault::Unreadable),
            ("90", Fault::NoUnit),
            ("1.5", Fault::NoUnit),
            ("0", Fault::Zero),
            ("-5", Fault::Negative),
            ("1ns", Fault::Zero),
            ("inf", Fault::Unreadable),
            ("1e5", Fault::Unreadable),
            ("99999999", Fault::Unreadable),
            ("0s", Fault::Zero),
            ("0:00", Fault::Zero),
            ("-5s", Fault::Negative),
            ("25h", Fault::BeyondADay),
            ("24:00:00.1", Fault::BeyondADay),
            ("99999999999999999999:00", Fault::Unreadable),
            ("18446744073709551615:00:00", Fault::Unreadable),
        ];
        for (text, fault) in cases {
            assert_eq!(parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn the_plain_form_reads_back_as_itself() {
        for (millis, text) in
            [(90_000, "1m30s"), (120_000, "2m"), (3_600_000, "1h"), (1_500, "1s500ms")]
        {
            let duration = Duration::from_millis(millis);
            assert_eq!(plain(duration), text);
            assert_eq!(parse(text), Ok(duration));
        }
    }
}
