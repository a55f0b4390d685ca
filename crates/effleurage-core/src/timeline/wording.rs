//! Which words are said and printed, so that they are true of the session that is planned.

use super::truth::Scene;
use crate::body::{Body, Region};
use crate::routine::catalogue;
use crate::routine::check::WARNINGS;
use crate::routine::claims::fill;
use crate::routine::prompt::{Saying, Variant};
use crate::routine::{PromptId, Vocabulary};

/// What is said where `asked` was asked for: that prompt, or others that hold in its
/// stead; `None` where nothing that the voice knows does. Warnings are always said.
pub fn spoken(scene: &Scene<'_>, asked: &str, vocabulary: &Vocabulary) -> Option<Vec<PromptId>> {
    let as_asked = || Some(vec![asked.to_owned()]);
    let Some(found) = vocabulary.claims(asked) else { return as_asked() };
    if WARNINGS.contains(&asked) || scene.holds(&found.claims) {
        return as_asked();
    }
    let words = scene.fillings();
    let said = |part: &str| {
        let id = fill(part.trim(), &words);
        let may_be_brief = found.brief && Variant::Brief.base(&id).is_none();
        let brief = may_be_brief.then(|| Variant::Brief.of(&id));
        let known = [brief, Some(id)].into_iter().flatten().find(|id| vocabulary.contains(id));
        known.filter(|id| vocabulary.claims(id).is_none_or(|found| scene.holds(&found.claims)))
    };
    let mut others = found.claims.otherwise.iter();
    others.find_map(|other| other.split('+').map(said).collect())
}

/// Every prompt that may come to be said where `asked` is asked for, whatever holds.
pub fn possible(asked: &str, body: &Body, vocabulary: &Vocabulary) -> Vec<PromptId> {
    let mut ids = vec![asked.to_owned()];
    let Some(found) = vocabulary.claims(asked) else { return ids };
    let zones = || body.regions().iter();
    for part in found.claims.otherwise.iter().flat_map(|other| other.split('+')) {
        for (first, second) in zones().flat_map(|first| zones().map(move |second| (first, second)))
        {
            let words = [("from", first), ("to", second), ("mostly", first), ("region", first)];
            let id = fill(part.trim(), &words);
            ids.extend([Variant::Brief.of(&id), id]);
        }
    }
    ids.sort();
    ids.dedup();
    ids.retain(|id| id == asked || vocabulary.contains(id));
    ids
}

/// The title `english`, or another that holds in its stead, in the language of the voice.
/// Where none does, it is as it was.
pub fn title(scene: &Scene<'_>, english: &str, vocabulary: &Vocabulary) -> String {
    let holds = |title: &str| catalogue::title(title).is_none_or(|claims| scene.holds(claims));
    let otherwise = catalogue::title(english).map_or(&[][..], |claims| &claims.otherwise);
    let all = [english].into_iter().chain(otherwise.iter().map(String::as_str));
    let mut held = all.filter(|title| holds(title.trim_end_matches(LIST)));
    let title = held.next().unwrap_or(english);
    let Some(title) = title.strip_suffix(LIST) else { return vocabulary.title(title).to_owned() };
    let body = &scene.timings.routine.body;
    let regions: Vec<&str> =
        scene.regions().iter().map(|region| title_in_text(*region, body, vocabulary)).collect();
    let words = [("title", vocabulary.title(title)), ("regions", &regions.join(", "))];
    if regions.is_empty() {
        vocabulary.title(title).to_owned()
    } else {
        vocabulary.filled("{title}: {regions}", &words)
    }
}

/// The title of a region within a line.
fn title_in_text<'a>(region: Region, body: &'a Body, vocabulary: &'a Vocabulary) -> &'a str {
    match body.title(region) {
        Some(own) => vocabulary.title(own),
        None => BUILT_IN_TITLES
            .iter()
            .find(|(known, ..)| *known == region)
            .map_or("", |titles| vocabulary.title(titles.1)),
    }
}

/// The title of a region where it stands alone.
pub fn region_title(region: Region, body: &Body, vocabulary: &Vocabulary) -> String {
    let built_in = BUILT_IN_TITLES.iter().find(|(known, ..)| *known == region);
    let english = body.title(region).or(built_in.map(|titles| titles.2));
    english.map_or(String::new(), |english| vocabulary.title(english).to_owned())
}

/// Words for the prompts by which a voice would announce the regions that a routine brought,
/// for those who record them.
pub fn own_prompts(body: &Body, vocabulary: &Vocabulary) -> Vec<(PromptId, String)> {
    let own = body.regions().iter().filter(|region| region.is_own());
    let prompts = own.flat_map(|region| {
        let title = [("region", region_title(*region, body, vocabulary))];
        [
            (Saying::Zone(*region).id(), vocabulary.filled("{region}.", &title)),
            (Saying::UpTo(*region).id(), vocabulary.filled("Now up: {region}.", &title)),
        ]
    });
    prompts.filter(|(id, _)| !vocabulary.contains(id)).collect()
}

/// What the regions of the leg are called in English, within a line and alone.
const BUILT_IN_TITLES: [(Region, &str, &str); Region::BUILT_IN.len()] = [
    (Region::SOLE, "sole", "Sole"),
    (Region::FOOT, "foot", "Foot"),
    (Region::ANKLE, "ankle", "Ankle"),
    (Region::CALF, "calf", "Calf"),
    (Region::KNEE, "knee", "Knee"),
    (Region::THIGH, "thigh", "Thigh"),
    (Region::HIP, "hip", "Hip"),
];

/// Ends a title that the regions follow which are stroked.
const LIST: &str = ": {regions}";
