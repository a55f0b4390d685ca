//! `manifest.toml` of a voice pack: what it says, and who says it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::body::Region;
use crate::diagnostic::{Diagnostic, Source};
use crate::routine::Vocabulary;
use crate::routine::claims::Claims;
use crate::routine::name::{self, is_name};
use crate::routine::prompt::{Saying, Variant};
use crate::routine::spanned::Spanned;
use crate::routine::suggest;

const FORMAT: &str = "effleurage-voice/1";

/// What a voice pack says of itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: Spanned<String>,
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
    prompts: BTreeMap<Spanned<String>, String>,
    /// Titles in the voice's language, by the English ones.
    #[serde(default)]
    titles: BTreeMap<String, String>,
    /// What prompts of the voice's own take for granted.
    #[serde(default)]
    claims: BTreeMap<Spanned<String>, Claims>,
    /// Clips that a program spoke, by prompt, each with its command.
    #[serde(default)]
    pub spoken_by: BTreeMap<String, String>,
    /// How the recipe of this project speaks the voice, for the recipe alone.
    #[serde(default, rename = "recipe")]
    _recipe: IgnoredAny,
    /// The sounds of the prompts, for the recipe alone.
    #[serde(default, rename = "phonemes")]
    _phonemes: IgnoredAny,
}

impl Manifest {
    /// Reads a manifest, or says what is wrong with it.
    pub fn parse(source: &Source) -> Result<Manifest, Vec<Diagnostic>> {
        let manifest: Manifest =
            toml::from_str(&source.text).map_err(|error| vec![shape_mistake(&error)])?;
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
        mistakes.extend(
            manifest.claims.iter().filter_map(|(id, claims)| manifest.misclaimed(id, claims)),
        );
        if mistakes.is_empty() { Ok(manifest) } else { Err(mistakes) }
    }

    /// What is wrong with what a prompt claims.
    fn misclaimed(&self, id: &Spanned<String>, claims: &Claims) -> Option<Diagnostic> {
        let mut regions = claims.named().map(String::as_str);
        if let Some(region) = regions.find(|region| !self.names_region(region)) {
            let message = format!("`{}` claims `{region}`, which is no region", **id);
            let help = suggest::advice(region, Region::BUILT_IN.iter().map(Region::name));
            let own = format!("{help}; a region of your own needs its prompt, `zone-{region}`");
            let help = if is_name(region) { own } else { help };
            return Some(Diagnostic::error(id.span.clone(), message).help(help));
        }
        if self.prompts.keys().any(|known| **known == **id) {
            return None;
        }
        let message = format!("no prompt of this voice is called `{}`", **id);
        let help = suggest::advice(id, self.prompts.keys().map(|id| id.as_str()));
        Some(Diagnostic::error(id.span.clone(), message).help(help))
    }

    /// Whether there is such a region: one of the leg, or one that the voice has a name for.
    fn names_region(&self, region: &str) -> bool {
        let long = self.prompts.keys().filter(|id| Variant::Brief.base(id).is_none());
        let mut names = long.filter_map(|id| Saying::zone(id));
        Region::of_leg(region).is_some() || names.any(|name| name == region)
    }

    /// Every prompt, in the order of the file.
    pub fn in_order(&self) -> Vec<&str> {
        self.lines().into_iter().map(|(id, _)| id).collect()
    }

    /// Every prompt with its words, in the order of the file.
    fn lines(&self) -> Vec<(&str, &str)> {
        let mut lines: Vec<(&Spanned<String>, &String)> = self.prompts.iter().collect();
        lines.sort_by_key(|(id, _)| id.span.start);
        lines.into_iter().map(|(id, text)| (id.as_str(), text.as_str())).collect()
    }

    /// Titles in the voice's language, by the English ones.
    pub fn titles(&self) -> BTreeMap<String, String> {
        let told = |(_, title): &(&String, &String)| !title.is_empty();
        let titles = self.titles.iter().filter(told);
        titles.map(|(english, title)| (english.clone(), title.clone())).collect()
    }

    /// What is said, with its words, in the order of the file: that of the script.
    pub fn script(&self) -> Vec<(&str, &str)> {
        let lines = self.lines().into_iter();
        lines.filter(|(_, text)| !text.trim().is_empty()).collect()
    }

    /// The prompts with their texts.
    pub fn vocabulary(&self) -> Vocabulary {
        // A text that is still to be translated is not said.
        let said = self.prompts.iter().filter(|(_, text)| !text.trim().is_empty());
        let prompts = said.map(|(id, text)| (id.value.clone(), text.clone()));
        let claims = self.claims.iter().map(|(id, claims)| (id.value.clone(), claims.clone()));
        prompts.collect::<Vocabulary>().with_titles(self.titles()).with_claims(claims.collect())
    }
}

/// Puts serde's words ("unknown field `x`, expected one of …", "missing field `x`",
/// "invalid type: …") and those of the TOML reader into ours.
fn shape_mistake(error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match names.as_slice() {
        [unknown, known @ ..] if message.starts_with("unknown field") => {
            Diagnostic::error(span, format!("unknown key `{unknown}`"))
                .help(suggest::advice(unknown, known.iter().copied()))
        }
        ["prompts"] if message.starts_with("missing field") => {
            Diagnostic::error(span, "`[prompts]` is missing")
                .help("write [prompts], and below it what is said: halfway = \"Halfway.\"")
        }
        [missing] if message.starts_with("missing field") => {
            Diagnostic::error(span, format!("`{missing}` is missing"))
                .help(format!("write {missing} = \"…\", above the first [heading]"))
        }
        _ if message.contains("expected a string") => {
            Diagnostic::error(span, "this is no text").help("write a text between double quotes")
        }
        _ if message.contains(" is called \"") || message.contains("length of time") => {
            Diagnostic::error(span, message).help("what a prompt may claim stands in the README")
        }
        _ => Diagnostic::error(span, format!("this cannot be read: {message}")).help(
            "every line is `key = \"text\"`, a [heading], or a remark after #; no key comes twice",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(prompts: &str, claims: &str) -> Vec<String> {
        let head = "format = \"effleurage-voice/1\"\nname = \"N\"\nlanguage = \"en\"\n\
                    speaker = \"S\"\nlicence = \"CC0-1.0\"\n";
        let text = format!("{head}[prompts]\n{prompts}\n[claims]\n{claims}\n");
        let read = Manifest::parse(&Source::file("manifest.toml", text));
        read.err().unwrap_or_default().into_iter().map(|m| m.message).collect()
    }

    #[test]
    fn a_claim_names_a_region_of_the_leg_or_one_that_the_voice_has_a_name_for() {
        let up = "up = { from = \"forearm\", to = \"calf\" }";
        let none: [&str; 0] = [];
        assert_eq!(mistakes("up = \"Up.\"\nzone-forearm = \"The forearm.\"", up), none);
        let unknown = ["`up` claims `forearm`, which is no region"];
        assert_eq!(mistakes("up = \"Up.\"\nzone-arm = \"The arm.\"", up), unknown);
    }
}
