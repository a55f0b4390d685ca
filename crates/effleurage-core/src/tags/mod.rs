//! What a track is called: title, artist and the like, as players show them.
//!
//! A person asks for them with patterns such as `{title}, {minutes} min`; the session fills
//! them.

mod language;
mod pattern;

use std::collections::BTreeMap;

pub use language::iso_639_2;
pub use pattern::{Part, parts};

/// What may stand between braces in a tag, with what it stands for.
pub const FIELDS: [(&str, &str); 6] = [
    ("title", "the title of the session, in the language of its voice"),
    ("routine", "the name of the routine"),
    ("voice", "the voice"),
    ("language", "its language, like es or pt-BR"),
    ("minutes", "how long the session is, in whole minutes"),
    ("length", "how long it is to the second, like 12:30"),
];

/// What is asked for: a text or a pattern by the name of its tag.
pub type Asked = BTreeMap<&'static str, String>;

/// What a session knows of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its title.
    pub title: String,
    /// The name of its routine.
    pub routine: String,
    /// Its voice.
    pub voice: String,
    /// The language of its voice, as BCP 47 writes it.
    pub language: String,
    /// How many seconds it lasts, to the nearest.
    pub seconds: u64,
}

/// A finished track's tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// What it is called.
    pub title: String,
    /// Who made it.
    pub artist: Option<String>,
    /// What it is a part of.
    pub album: Option<String>,
    /// Its place there.
    pub track: Option<Number>,
    /// The year in which it came out, in four digits.
    pub year: Option<String>,
    /// What kind of recording it is.
    pub genre: Option<String>,
    /// Whatever else there is to say.
    pub comment: Option<String>,
    /// The language that is spoken, as BCP 47 writes it.
    pub language: String,
    /// Whose it is.
    pub copyright: Option<String>,
    /// Whether anybody asked for any of them.
    pub is_asked: bool,
}

/// The place of a track, such as 3 of 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Which.
    pub number: u16,
    /// Of how many, where that is known.
    pub of: Option<u16>,
}

impl Number {
    /// The highest that is told: all formats hold it.
    pub const MOST: u16 = 9999;

    /// Reads `3` or `3/12`.
    pub fn parse(text: &str) -> Option<Number> {
        let (number, of) = match text.split_once('/') {
            Some((number, of)) => (number, Some(of)),
            None => (text, None),
        };
        let count = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let count = text.parse().ok().filter(|_| digits)?;
            (1..=Number::MOST).contains(&count).then_some(count)
        };
        let number = count(number.trim())?;
        let of = match of {
            Some(of) => Some(count(of.trim()).filter(|of| *of >= number)?),
            None => None,
        };
        Some(Number { number, of })
    }

    /// `3` or `3/12`.
    pub fn text(self) -> String {
        match self.of {
            Some(of) => format!("{}/{of}", self.number),
            None => self.number.to_string(),
        }
    }
}

impl Tags {
    /// What is `asked` for, filled with what a session knows of itself. Every pattern may
    /// name the title and the language that come of it; these name the session's own.
    pub fn of(asked: &Asked, facts: &Facts) -> Tags {
        let filled =
            |key: &str, facts: &Facts| asked.get(key).map(|text| pattern::filled(text, facts));
        let title = filled("title", facts).unwrap_or_else(|| facts.title.clone());
        let language = filled("language", facts).unwrap_or_else(|| facts.language.clone());
        let facts = &Facts { title, language, ..facts.clone() };
        let other = |key| filled(key, facts);
        Tags {
            artist: other("artist"),
            album: other("album"),
            track: asked.get("track").and_then(|text| Number::parse(text)),
            year: other("year"),
            genre: other("genre"),
            comment: other("comment"),
            copyright: other("copyright"),
            title: facts.title.clone(),
            language: facts.language.clone(),
            is_asked: !asked.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            title: "Automasaje de piernas".to_owned(),
            routine: "self".to_owned(),
            voice: "es".to_owned(),
            language: "es".to_owned(),
            seconds: 3_629,
        }
    }

    fn tags(asked: &[(&'static str, &str)]) -> Tags {
        let asked = asked.iter().map(|(key, text)| (*key, (*text).to_owned())).collect();
        Tags::of(&asked, &facts())
    }

    #[test]
    fn a_track_that_is_asked_nothing_is_called_like_its_session() {
        let expected = Tags {
            title: "Automasaje de piernas".to_owned(),
            language: "es".to_owned(),
            ..Tags::default()
        };
        assert_eq!(tags(&[]), expected);
    }

    #[test]
    fn patterns_are_filled_and_know_the_title_that_came_of_it() {
        let tags = tags(&[
            ("title", "{title}, {minutes} min"),
            ("album", "{title} ({language})"),
            ("comment", "{routine}, {voice}, {length}"),
            ("language", "es-MX"),
            ("track", " 3 / 12 "),
        ]);
        assert_eq!(tags.title, "Automasaje de piernas, 60 min");
        assert_eq!(tags.album.as_deref(), Some("Automasaje de piernas, 60 min (es-MX)"));
        assert_eq!(tags.comment.as_deref(), Some("self, es, 1:00:29"));
        assert_eq!(tags.track, Some(Number { number: 3, of: Some(12) }));
        assert!(tags.is_asked);
    }

    #[test]
    fn a_number_is_one_or_a_place_among_several() {
        assert_eq!(Number::parse("7").map(Number::text).as_deref(), Some("7"));
        assert_eq!(Number::parse("07/12").map(Number::text).as_deref(), Some("7/12"));
        for wrong in ["", "0", "3/0", "4/3", "+3", "3/", "/3", "1/2/3", "10000", "three"] {
            assert_eq!(Number::parse(wrong), None, "{wrong}");
        }
    }
}
