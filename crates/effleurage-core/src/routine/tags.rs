//! What a person wants a track to be called: `[tags]` in a file, flags of the same names.

use std::collections::BTreeMap;

use super::cursor::table;
use super::leaf::{LanguageText, Leaf, LeafOf, Scalar, TrackText, YearText};
use super::spanned::Spanned;
use super::suggest;
use super::validator::Validator;
use crate::tags::{Asked, FIELDS, Number, Part, parts};
use crate::text;

/// A tag: what a file and the command line call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its key below `[tags]`; its flag is called the same.
    pub key: &'static str,
    /// What the flag's value is called.
    pub value_name: &'static str,
    /// What is told of the flag.
    pub help: &'static str,
}

/// No player shows more letters.
const MOST_LETTERS: usize = 1000;
/// A track of another year is none.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2999;

macro_rules! tags {
    ($($(#[$doc:meta])* $key:ident: $schema:ty, $value:literal, $help:literal;)+) => {
        /// Every tag, in the order in which they are told.
        pub const TAGS: [Tag; [$($value),+].len()] = [$(Tag {
            key: stringify!($key),
            value_name: $value,
            help: $help,
        }),+];

        table! {
            #[derive(Clone)]
            /// What a track is called, as players show it.
            #[schemars(rename = "Tags")]
            pub struct TagsFile {
                $($(#[$doc])* #[schemars(default)] pub $key: LeafOf<$schema>,)+
            }
        }

        impl TagsFile {
            /// What is written, by key.
            pub fn written(&self) -> BTreeMap<&'static str, Spanned<Scalar>> {
                let leaves: [(&'static str, &Leaf); TAGS.len()] =
                    [$((stringify!($key), &self.$key.leaf)),+];
                leaves.into_iter().filter_map(|(key, leaf)| Some((key, leaf.clone()?))).collect()
            }
        }
    };
}

tags! {
    /// The title; `{title}` is that of the session: "{title}, {minutes} min".
    title: String, "TEXT", "What players show as its title, like \"{title}, {minutes} min\"";
    /// Who made it.
    artist: String, "TEXT", "Who made it: a practice, an author";
    /// What it is a part of.
    album: String, "TEXT", "What it is a part of";
    /// Its place there: 3, or "3/12".
    track: TrackText, "N", "Its place there: 3, or 3/12";
    /// The year in which it came out.
    year: YearText, "YEAR", "The year in which it came out, like 2026";
    /// What kind of recording it is.
    genre: String, "TEXT", "What kind of recording it is, like Relaxation";
    /// Whatever else there is to say.
    comment: String, "TEXT", "Whatever else there is to say, in one line";
    /// The language that is spoken; without it, that of the voice.
    language: LanguageText, "CODE", "The language that is spoken, like es-MX [default: the voice's]";
    /// Whose it is.
    copyright: String, "TEXT", "Whose it is, like \"2026 Leg Clinic\"";
}

/// The tag of this key.
pub fn tag(key: &str) -> Option<&'static Tag> {
    TAGS.iter().find(|tag| tag.key == key)
}

impl Validator {
    /// Types what the layers ask for; of each tag, what the highest of them says.
    pub fn tags(&mut self, layers: &[BTreeMap<&'static str, Spanned<Scalar>>]) -> Asked {
        let mut asked = Asked::new();
        for tag in &TAGS {
            for (n, written) in layers.iter().enumerate() {
                let Some(text) = written.get(tag.key).and_then(|value| self.tag(tag.key, value))
                else {
                    continue;
                };
                if layers[..n].iter().all(|higher| !higher.contains_key(tag.key)) {
                    asked.insert(tag.key, text);
                }
            }
        }
        asked
    }

    fn tag(&mut self, key: &str, written: &Spanned<Scalar>) -> Option<String> {
        let text = match (key, &written.value) {
            ("track" | "year", Scalar::Number(number)) => number.to_string(),
            (_, Scalar::Text(text)) => text.trim().to_owned(),
            _ => {
                let help = "write it between double quotes";
                return self.not_text(written, &format!("`{key}`"), help);
            }
        };
        let fault = match key {
            "track" => track_fault(&text),
            "year" => year_fault(&text),
            "language" => language_fault(&text),
            _ => text_fault(key, &text),
        };
        match fault {
            None => Some(text),
            Some((message, help)) => {
                self.refuse(written, message, help);
                None
            }
        }
    }
}

/// What is wrong with a value, and what to do.
type Fault = Option<(String, String)>;

fn text_fault(key: &str, written: &str) -> Fault {
    if written.is_empty() {
        return Some((format!("this {key} says nothing"), "write it, or take it out".to_owned()));
    }
    if written.chars().any(text::is_hidden) {
        let message =
            format!("this {key} has the end of a line, a tab, or what nobody sees, in it");
        return Some((message, "write it on one line, with spaces between the words".to_owned()));
    }
    let letters = written.chars().count();
    if letters > MOST_LETTERS {
        let message = format!("this {key} has {letters} letters");
        return Some((message, format!("no player shows more than {MOST_LETTERS}; shorten it")));
    }
    let Some(parts) = parts(written) else {
        let message = format!("this {key} has a brace that is not closed");
        return Some((message, "write fields between braces, like {title}".to_owned()));
    };
    let unknown = parts.iter().find_map(|part| match part {
        Part::Field(field) if FIELDS.iter().all(|(known, _)| known != field) => Some(*field),
        _ => None,
    })?;
    let fields: Vec<String> = FIELDS.iter().map(|(field, _)| format!("{{{field}}}")).collect();
    let help = match suggest::nearest(unknown, FIELDS.iter().map(|(field, _)| *field)) {
        Some(near) => format!("did you mean `{{{near}}}`?"),
        None => format!("there are {}", fields.join(", ")),
    };
    Some((format!("no field of a tag is called `{{{unknown}}}`"), help))
}

fn track_fault(text: &str) -> Fault {
    if Number::parse(text).is_some() {
        return None;
    }
    let help = format!("give a number from 1 to {}, or two, like 3/12", Number::MOST);
    Some((format!("`{text}` is no place of a track"), help))
}

fn year_fault(text: &str) -> Fault {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let year: Option<u32> = text.parse().ok().filter(|year| digits && YEARS.contains(year));
    match year {
        Some(_) => None,
        None => Some((format!("`{text}` is no year"), "give four digits, like 2026".to_owned())),
    }
}

/// What BCP 47 (RFC 5646, section 2.1) has of most languages: a code of two or three letters,
/// and then script, region or variant.
fn language_fault(text: &str) -> Fault {
    let mut parts = text.split('-');
    let code = parts.next().unwrap_or_default();
    let is_code = (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphabetic());
    let is_more = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if is_code && parts.all(is_more) && text.len() <= 35 {
        return None;
    }
    let help = "give a code like es, pt-BR or de-AT".to_owned();
    Some((format!("`{text}` is no language"), help))
}
