//! The prompts that a voice can say: their ids and their words; and titles in its language.

use std::collections::BTreeMap;

/// The name of a prompt, such as `halfway`.
pub type PromptId = String;

/// Prompt ids with their texts, and titles by their English ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    prompts: BTreeMap<PromptId, String>,
    titles: BTreeMap<String, String>,
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

    /// The same prompts, with these titles.
    pub fn with_titles(self, titles: BTreeMap<String, String>) -> Vocabulary {
        Vocabulary { titles, ..self }
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
        Vocabulary { prompts, titles: BTreeMap::new() }
    }
}
