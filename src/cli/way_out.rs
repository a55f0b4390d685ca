//! What to do about an error, in the words of the command line.

use std::io::ErrorKind;

use crate::error::{Error, Smaller, routine_word};

/// What to do about `error`; empty where its message says it all.
pub fn of(error: &Error) -> String {
    match error {
        Error::TooLarge { instead, .. } => {
            let ways: Vec<String> = instead.iter().map(smaller).collect();
            ways.join(", or ")
        }
        Error::TooLoud { most, .. } => {
            format!("use --loudness {} or less, or softer ticks (--tick-level)", most.0)
        }
        Error::MissingPrompts { voice, routine, .. } => {
            missing_prompts(voice, &routine_word(routine.as_deref().unwrap_or_default()))
        }
        Error::Unwritable { why, .. } if why.kind() == ErrorKind::IsADirectory => {
            "name a file in it: -o folder/track.wav".to_owned()
        }
        Error::Unwritable { .. } => error.help() + " with -o",
        other => other.help(),
    }
}

fn smaller(way: &Smaller) -> String {
    match way {
        Smaller::Samples { bits, channels } => format!("use --bits {bits} --channels {channels}"),
        Smaller::Rate(rate) => format!("use --rate {} or less", rate.hz()),
        Smaller::Plain => "use --plain".to_owned(),
        other => other.to_string(),
    }
}

fn missing_prompts(voice: &str, routine: &str) -> String {
    let record = format!(
        "record them: `effleurage voice kit {routine} --lacking {voice}` makes the script for just \
         those"
    );
    if voice.split(',').any(|name| name == "en") {
        return record;
    }
    format!("let another voice say them (--voice {voice},en), or {record}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::units::{Length, SampleRate};
    use crate::wav::{Bits, Channels, Format};

    /// Whoever does what is said gets a track.
    #[test]
    fn what_would_fit_is_said_in_flags() {
        let rate = SampleRate::new(48_000).expect("it is more than 0");
        let format = Format { rate, bits: Bits::ThirtyTwo, channels: Channels::Stereo };
        let ten_hours = rate.length_of(Duration::from_secs(36_000));
        let error = format.check_size(ten_hours).expect_err("it takes 12.9 GiB");
        assert_eq!(
            of(&error),
            "make it 3:06:24 at most, or use --bits 16 --channels 1, or use --rate 14000 or less"
        );
        let fits = |rate: u32, bits, channels, seconds| {
            let rate = SampleRate::new(rate).expect("it is more than 0");
            let length = Length(seconds * u64::from(rate.hz()));
            Format { rate, bits, channels }.check_size(length).is_ok()
        };
        assert!(fits(48_000, Bits::ThirtyTwo, Channels::Stereo, 3 * 3600 + 6 * 60 + 24));
        assert!(fits(48_000, Bits::Sixteen, Channels::Mono, 36_000));
        assert!(fits(14_000, Bits::ThirtyTwo, Channels::Stereo, 36_000));
    }
}
