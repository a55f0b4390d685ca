//! `manifest.toml` of a voice pack: what it says, and who says it.

use std::collections::BTreeMap;

use crate::body::Region;
use crate::diagnostic::{Diagnostic, Source};
use crate::routine::Vocabulary;
use crate::routine::claims::Claims;
use crate::routine::cursor::{Ignored, table};
use crate::routine::leaf::Leaf;
use crate::routine::name::{self, is_name};
use crate::routine::parse::parse;
use crate::routine::prompt::{Saying, Variant};
use crate::routine::spanned::Spanned;
use crate::routine::suggest;
use crate::routine::validator::{Place, Validator};

const FORMAT: &str = "effleurage-voice/1";
/// Where a manifest lacks something.
const VOICE: Place = Place { what: "this voice", span: 0..0 };

/// What a voice pack says of itself.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// What people read.
    pub name: String,
    /// The language, as BCP 47 writes it: `en`, `es`.
    pub language: String,
    /// Who or what spoke.
    pub speaker: String,
    /// The licence of the recordings, as SPDX writes it.
    pub licence: String,
    /// Whom to thank.
    pub credit: String,
    /// Clips that a program spoke, by prompt, each with its command.
    pub spoken_by: BTreeMap<String, String>,
    prompts: BTreeMap<Spanned<String>, String>,
    titles: BTreeMap<String, String>,
    claims: BTreeMap<Spanned<String>, Claims>,
}

table! {
    schemaless
    /// The shape of the file, in which all may be missing.
    pub struct ManifestFile {
        /// `effleurage-voice/1`.
        pub format: Leaf,
        /// What people read.
        pub name: Leaf,
        /// As BCP 47 writes it.
        pub language: Leaf,
        /// Who or what spoke.
        pub speaker: Leaf,
        /// As SPDX writes it.
        pub licence: Leaf,
        /// Whom to thank.
        pub credit: String,
        /// What is said, by the names of prompts.
        pub prompts: Option<BTreeMap<Spanned<String>, String>>,
        /// Titles in the voice's language, by the English ones.
        pub titles: BTreeMap<String, String>,
        /// What prompts of the voice's own take for granted.
        pub claims: BTreeMap<Spanned<String>, Claims>,
        /// What spoke a clip, by prompt.
        pub spoken_by: BTreeMap<String, String>,
        /// How the recipe of this project speaks the voice, for the recipe alone.
        pub recipe: Ignored,
        /// The sounds of the prompts, for the recipe alone.
        pub phonemes: Ignored,
    }
}

/// Whether the prompts are there in some way, be it a wrong one of which a mistake tells already:
/// then they do not lack as well.
fn has_prompts(text: &str, mistakes: &[Diagnostic]) -> bool {
    let names_them = |line: &str| line.trim_start_matches(['[', ' ', '\t']).starts_with("prompts");
    let misspelt = |mistake: &Diagnostic| mistake.help.contains("did you mean `prompts`");
    text.lines().any(names_them) || mistakes.iter().any(misspelt)
}

impl Manifest {
    /// Reads a manifest, or says all that is wrong with it.
    ///
    /// # Errors
    ///
    /// Every mistake, at its place.
    pub fn parse(source: &Source) -> Result<Manifest, Vec<Diagnostic>> {
        let (file, mistakes) = parse::<ManifestFile>(&source.text, 0);
        let Some(file) = file else { return Err(mistakes) };
        let mut validator = Validator { mistakes };
        if file.prompts.is_none() && !has_prompts(&source.text, &validator.mistakes) {
            let help = "write [prompts], and below it what is said: halfway = \"Halfway.\"";
            validator.missing("[prompts]", &VOICE, help);
        }
        let format = text(&file.format, "format", &mut validator);
        validator.mistakes.extend(format.as_ref().and_then(misnamed));
        let mut text =
            |leaf, key| text(leaf, key, &mut validator).map_or_else(String::new, |text| text.value);
        let manifest = Manifest {
            name: text(&file.name, "name"),
            language: text(&file.language, "language"),
            speaker: text(&file.speaker, "speaker"),
            licence: text(&file.licence, "licence"),
            credit: file.credit,
            spoken_by: file.spoken_by,
            prompts: file.prompts.unwrap_or_default(),
            titles: file.titles,
            claims: file.claims,
        };
        validator.mistakes.extend(manifest.mistakes());
        if validator.mistakes.is_empty() { Ok(manifest) } else { Err(validator.mistakes) }
    }

    /// What is wrong with what is written in it.
    fn mistakes(&self) -> Vec<Diagnostic> {
        let nameless = self.prompts.keys().filter(|id| !is_name(id)).map(|id| {
            let message = format!("`{}` cannot be the name of a prompt", **id);
            Diagnostic::error(id.span.clone(), message).help(name::HOW_TO_WRITE)
        });
        let claims = self.claims.iter();
        nameless.chain(claims.filter_map(|(id, claims)| self.misclaimed(id, claims))).collect()
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

/// What stands under a key of the manifest itself.
fn text(leaf: &Leaf, key: &str, validator: &mut Validator) -> Option<Spanned<String>> {
    let help = format!("write {key} = \"…\", above the first [heading]");
    let written = validator.required(leaf, key, &VOICE, &help)?;
    validator.text(written, &format!("`{key}`"), "write a text between double quotes")
}

fn misnamed(format: &Spanned<String>) -> Option<Diagnostic> {
    let message = format!("`{}` is no manifest that can be read here", **format);
    let help = format!("write format = \"{FORMAT}\"");
    (**format != FORMAT).then(|| Diagnostic::error(format.span.clone(), message).help(help))
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

    #[test]
    fn prompts_that_are_missing_are_told_beside_other_mistakes() {
        let told = |more: &str| {
            let text =
                format!("format = \"effleurage-voice/1\"\nname = \"N\"\nlanguage = \"en\"\n{more}");
            let read = Manifest::parse(&Source::file("manifest.toml", text));
            read.err().unwrap_or_default().into_iter().map(|m| m.message).collect::<Vec<String>>()
        };
        let missing = "this voice has no `[prompts]`".to_owned();
        assert!(told("titles = 5\n").contains(&missing), "{:?}", told("titles = 5\n"));
        assert!(told("whatever = 5\n").contains(&missing));
        // What was meant to be them is told of once.
        assert!(!told("prompts = 5\n").contains(&missing));
        assert!(!told("[promts]\n").contains(&missing));
    }
}
