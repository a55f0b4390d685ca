//! The regions of a file → a [`Body`], and the names of zones → its regions.

use super::file::Regions;
use super::leaf::Leaf;
use super::name::is_name;
use super::spanned::Spanned;
use super::suggest;
use super::validator::{Place, Validator};
use super::words::{Leg, Word};
use crate::body::{Body, Region};
use crate::diagnostic::Diagnostic;

impl Validator {
    /// The regions that the file speaks of: those of the leg, and those that it brings;
    /// `steps` are the ids of its steps.
    pub fn body(&mut self, regions: &Regions, steps: &[&str]) -> Body {
        let mut own: Vec<(&str, String)> = Vec::new();
        for (name, region) in regions {
            let place = Place { what: "this region", span: name.span.clone() };
            let title = region.title.is_some().then(|| self.title(&region.title, &place)).flatten();
            let title = title.unwrap_or_else(|| title_of(name));
            match may_be_a_region(name, own.len(), steps) {
                Ok(()) => own.push((&name.value, title)),
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
        Body::with(own.iter().map(|(name, title)| (*name, title.as_str())))
    }

    pub fn region(&mut self, leaf: &Leaf, body: &Body, place: &Place) -> Option<Spanned<Region>> {
        let words = body.regions().iter().map(Region::name);
        let all = words.clone().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
        let written =
            self.required(leaf, "zone", place, &format!("add it: zone = one of {all}"))?;
        let text = self.text(written, "`zone`", &format!("it is one of {all}"))?;
        let region = body.region(&text);
        if region.is_none() {
            let message = format!("no zone is called `{}`", *text);
            self.refuse(written, message, suggest::advice(&text, words));
        }
        region.map(|region| text.with(region))
    }
}

fn may_be_a_region(
    name: &Spanned<String>,
    before: usize,
    steps: &[&str],
) -> Result<(), Diagnostic> {
    let refused = |message: String, help: String| {
        Err(Diagnostic::error(name.span.clone(), message).help(help))
    };
    let named = format!("`{}`", **name);
    if !is_name(name) {
        return refused(format!("{named} cannot be a name"), how_to_write());
    }
    // A section is called so, behind the names of its step and its leg.
    if **name == "lead-in" {
        return refused(format!("{named} cannot be a region"), how_to_write());
    }
    if steps.contains(&name.as_str()) {
        let help = "give one of the two another name; --zone would not know which is meant";
        return refused(format!("a step is called {named} already"), help.to_owned());
    }
    if Leg::from_word(name).is_some() {
        let help = "every region has a left and a right side already; name it without";
        return refused(format!("{named} is a side and no region"), help.to_owned());
    }
    if Region::of_leg(name).is_some() {
        let help = "use it as it is, without a heading of its own, or choose another name";
        return refused(format!("{named} is a region already"), help.to_owned());
    }
    if name.len() > Region::LONGEST_NAME {
        return refused(format!("{named} is too long for the name of a region"), how_to_write());
    }
    if before >= Region::MOST_OWN {
        let help = "put those that are massaged together into one".to_owned();
        let most = Region::MOST_OWN;
        return refused(format!("a routine brings at most {most} regions"), help);
    }
    Ok(())
}

fn how_to_write() -> String {
    let most = Region::LONGEST_NAME;
    format!("use small letters, digits and hyphens, at most {most}, like `upper-arm`")
}

/// The title of a region that has none: its name, as people write it.
fn title_of(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let first = words.chars().next().map_or(String::new(), |first| first.to_uppercase().collect());
    first + words.get(1..).unwrap_or_default()
}
