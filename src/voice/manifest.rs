//! `manifest.toml` of a voice pack: what it says, and who says it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Source};
use crate::routine::Vocabulary;
use crate::routine::at::At;
use crate::routine::name::{self, is_name};

const FORMAT: &str = "effleurage-voice/1";

/// What a voice pack says of itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: At<String>,
    /// What people read.
    pub name: String,
    /// The language, as BCP 47 writes it: `en`, `es`.
    pub language: String,
    /// Who or what spoke.
    pub speaker: String,
    /// The licence of the recordings, as SPDX writes it.
    pub licence: String,
    /// Whom to thank.
    #[serde(default)]
    pub credit: String,
    prompts: BTreeMap<At<String>, String>,
}

impl Manifest {
    /// Reads a manifest, or says what is wrong with it.
    pub fn parse(source: &Source) -> Result<Manifest, Vec<Diagnostic>> {
        let manifest: Manifest = toml::from_str(&source.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            vec![Diagnostic::error(span, message).help(
                "a voice pack's manifest has format, name, language, speaker, licence and [prompts]",
            )]
        })?;
        let mut mistakes = Vec::new();
        if *manifest.format != FORMAT {
            let message = format!("`{}` is no manifest that can be read here", *manifest.format);
            let help = format!("write format = \"{FORMAT}\"");
            mistakes.push(Diagnostic::error(manifest.format.span.clone(), message).help(help));
        }
        let nameless = manifest.prompts.keys().filter(|id| !is_name(id));
        mistakes.extend(nameless.map(|id| {
            let message = format!("`{}` cannot be the name of a prompt", **id);
            Diagnostic::error(id.span.clone(), message).help(name::HOW_TO_WRITE)
        }));
        if mistakes.is_empty() { Ok(manifest) } else { Err(mistakes) }
    }

    /// The prompts with their texts.
    pub fn vocabulary(&self) -> Vocabulary {
        self.prompts.iter().map(|(id, text)| (id.value.clone(), text.clone())).collect()
    }
}
