//! The part of `manifest.toml` that matters here: language and prompts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Manifest {
    pub language: String,
    pub prompts: BTreeMap<String, Prompt>,
}

/// A prompt is its text, or a table with the text and things of no concern here.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a prompt is a text, or a table with a text")]
pub enum Prompt {
    Text(String),
    Table { text: String },
}

impl Prompt {
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Table { text } => text,
        }
    }
}

impl Manifest {
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("manifest.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let manifest: Self = toml::from_str(text)?;
        for (id, prompt) in &manifest.prompts {
            check_id(id)?;
            check_text(prompt.text()).with_context(|| format!("prompt `{id}`"))?;
        }
        Ok(manifest)
    }
}

/// The id becomes a file name, so it must not lead out of the folder.
fn check_id(id: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    ensure!(
        !id.is_empty() && id.chars().all(plain),
        "prompt `{id}`: use only a to z, 0 to 9 and hyphens in its name"
    );
    Ok(())
}

/// The engine takes `<` for markup and ends at a zero, so neither may pass.
fn check_text(text: &str) -> Result<()> {
    let forbidden = |c: char| matches!(c, '<' | '>' | '&' | '"') || c.is_control();
    ensure!(
        !text.contains(forbidden),
        "the text must not hold <, >, &, double quotes or line breaks"
    );
    ensure!(text.contains(char::is_alphabetic), "the text has no words");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_may_be_a_text_or_a_table() {
        let text = "language = 'en'\n[prompts]\na = 'One.'\nb = { text = 'Two.', by = 'me' }";
        let manifest = Manifest::parse(text).unwrap();
        let texts: Vec<_> = manifest.prompts.values().map(Prompt::text).collect();
        assert_eq!(texts, ["One.", "Two."]);
    }

    #[test]
    fn titles_are_not_said() {
        let text = "language = 'es'\n[prompts]\na = 'Uno.'\n[titles]\n'Not <this>' = 'Esto no'";
        let manifest = Manifest::parse(text).unwrap();
        assert_eq!(manifest.prompts.keys().collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn an_id_cannot_leave_the_folder() {
        assert!(Manifest::parse("language = 'en'\n[prompts]\n'../a' = 'One.'").is_err());
    }

    #[test]
    fn markup_in_a_text_is_refused() {
        assert!(Manifest::parse("language = 'en'\n[prompts]\na = '<b>One.'").is_err());
    }
}
