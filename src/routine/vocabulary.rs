//! The prompts that a voice can say: their ids and their words.

use std::collections::BTreeMap;

/// The name of a prompt, such as `halfway`.
pub type PromptId = String;

/// Prompt ids with their texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary(BTreeMap<PromptId, String>);

impl Vocabulary {
    /// Whether the voice has this prompt.
    pub fn contains(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// The prompt's words; its id where the voice does not have it.
    pub fn text<'a>(&'a self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, String::as_str)
    }

    /// All ids, in alphabetical order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<I: Into<String>, T: Into<String>> FromIterator<(I, T)> for Vocabulary {
    fn from_iter<S: IntoIterator<Item = (I, T)>>(prompts: S) -> Self {
        Vocabulary(prompts.into_iter().map(|(id, text)| (id.into(), text.into())).collect())
    }
}
