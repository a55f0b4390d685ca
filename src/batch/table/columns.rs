//! What a row may say: its own columns, every setting, tags.

use crate::routine::settings::{SETTINGS, Setting};
use crate::routine::tags::Tag;
use crate::routine::{self, suggest};

/// Columns that are no settings. A `note` is the author's own, and may be a part of names.
const OWN: [&str; 13] = [
    "routine",
    "name",
    "voice",
    "formats",
    "rate",
    "bits",
    "channels",
    "loudness",
    "cover",
    "broadcast",
    "zone",
    "pace",
    "note",
];
/// Columns that become tags of the files.
const TAGS: [Tag; routine::tags::TAGS.len()] = routine::tags::TAGS;
/// Settings that may name a sound file, which is looked for beside the table.
pub const SOUNDS: [&str; 2] = ["ticks", "bed"];

/// Every column, in the order in which they are told; a new setting is one of them.
pub const ALL: [&str; OWN.len() + TAGS.len() + SETTINGS.len()] = {
    let mut all = [""; OWN.len() + TAGS.len() + SETTINGS.len()];
    let mut n = 0;
    while n < all.len() {
        all[n] = if n < OWN.len() {
            OWN[n]
        } else if n < OWN.len() + TAGS.len() {
            TAGS[n - OWN.len()].key
        } else {
            SETTINGS[n - OWN.len() - TAGS.len()].key
        };
        n += 1;
    }
    all
};

/// The column that a heading names, written as a key or as a flag, in any case.
pub fn named(heading: &str) -> Option<&'static str> {
    let key = heading.trim().trim_start_matches("--").to_lowercase().replace(['-', ' '], "_");
    ALL.into_iter().find(|column| *column == key)
}

/// What to do about a heading that names none.
pub fn advice(heading: &str) -> String {
    let heading = heading.trim().to_lowercase().replace(['-', ' '], "_");
    match suggest::nearest(&heading, ALL) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "call it `note` if it is your own, or take it out; \
                 `effleurage batch --help` names all columns"
            .to_owned(),
    }
}

/// The setting of this column, if it is one.
pub fn setting(column: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_a_column_once() {
        for setting in SETTINGS {
            assert_eq!(named(&setting.flag()), Some(setting.key));
            assert_eq!(ALL.iter().filter(|column| **column == setting.key).count(), 1);
        }
        assert_eq!(named(" Count-In "), Some("count_in"));
        assert_eq!(named("client"), None);
    }
}
