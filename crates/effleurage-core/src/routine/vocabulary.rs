//! The prompts that a voice can say: their ids, their words, and what these take for
//! granted; and titles in its language.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::catalogue::{self, Found};
use super::claims::{self, Claims};

/// Shows how a language writes decimals.
const ONE_HALF: &str = "0.5";

/// The name of a prompt, such as `halfway`.
pub type PromptId = String;

/// Prompt ids with their texts, titles by their English ones, and a voice's own claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    prompts: BTreeMap<PromptId, String>,
    titles: BTreeMap<String, String>,
    claims: BTreeMap<PromptId, Claims>,
}

impl Vocabulary {
    /// Whether the voice has this prompt.
    pub fn contains(&self, id: &str) -> bool {
        self.prompts.contains_key(id)
    }

    /// The prompt's words; its id where the voice does not have it.
    pub fn text<'a>(&'a self, id: &'a str) -> &'a str {
        self.prompts.get(id).map_or(id, String::as_str)
    }

    /// A title in the language of the voice; as it is where the voice has none for it.
    pub fn title<'a>(&'a self, english: &'a str) -> &'a str {
        self.titles.get(english).map_or(english, String::as_str)
    }

    /// A title in the language of the voice, with every `{name}` replaced by what is told
    /// for it.
    pub fn filled<V: Display>(&self, english: &str, words: &[(&str, V)]) -> String {
        claims::fill(self.title(english), words)
    }

    /// A label and what stands behind it, as the language writes it: "steps : two" in French.
    pub fn labelled(&self, label: &str, text: &str) -> String {
        self.filled("{label}: {text}", &[("label", label), ("text", text)])
    }

    /// `text` with its decimals as the language writes them.
    pub fn number(&self, text: &str) -> String {
        let sign = if self.title(ONE_HALF).contains(',') { ',' } else { '.' };
        let digit = |n: Option<usize>| {
            n.and_then(|n| text.as_bytes().get(n)).is_some_and(u8::is_ascii_digit)
        };
        let decimal = |n: usize| digit(n.checked_sub(1)) && digit(n.checked_add(1));
        text.char_indices().map(|(n, c)| if c == '.' && decimal(n) { sign } else { c }).collect()
    }

    /// What the prompt takes for granted, where anybody says so.
    pub fn claims<'a>(&'a self, id: &str) -> Option<Found<'a>> {
        catalogue::prompt(id, &self.claims)
    }

    /// The same prompts, of which these take something else for granted than those of this
    /// project do.
    pub fn with_claims(self, claims: BTreeMap<PromptId, Claims>) -> Vocabulary {
        Vocabulary { claims, ..self }
    }

    /// The same prompts, with these titles.
    pub fn with_titles(self, titles: BTreeMap<String, String>) -> Vocabulary {
        Vocabulary { titles, ..self }
    }

    /// The claims that are a voice's own.
    pub fn own_claims(&self) -> &BTreeMap<PromptId, Claims> {
        &self.claims
    }

    /// The same, but for the prompts of `other`, which take the place of those here.
    pub fn overlaid(mut self, other: impl IntoIterator<Item = (PromptId, String)>) -> Vocabulary {
        self.prompts.extend(other);
        self
    }

    /// All ids, in alphabetical order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.prompts.keys().map(String::as_str)
    }
}

impl<I: Into<String>, T: Into<String>> FromIterator<(I, T)> for Vocabulary {
    fn from_iter<S: IntoIterator<Item = (I, T)>>(prompts: S) -> Self {
        let prompts = prompts.into_iter().map(|(id, text)| (id.into(), text.into())).collect();
        Vocabulary { prompts, ..Vocabulary::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_labels_are_written_as_the_language_does() {
        let titles = [("0.5", "0,5"), ("{label}: {text}", "{label} : {text}")];
        let titles = titles.map(|(english, title)| (english.to_owned(), title.to_owned()));
        let french = Vocabulary::default().with_titles(titles.into());
        assert_eq!(french.number("20.11/min, 0:44.75. 5 s"), "20,11/min, 0:44,75. 5 s");
        assert_eq!(french.number(".5 and 5."), ".5 and 5.");
        assert_eq!(french.labelled("pas", "deux"), "pas : deux");
        let english = Vocabulary::default();
        assert_eq!(english.number("20.11"), "20.11");
        assert_eq!(english.labelled("steps", "two"), "steps: two");
    }
}
