//! The prompts and titles of this project, with what each takes for granted.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::claims::Claims;
use super::cursor::table;
use super::parse::parse;
use super::prompt::Variant;

table! {
schemaless
/// Prompts without claims; claims by the id of a prompt, or by a pattern of ids such as
/// `up-to-{region}`; and by the English words of a title.
pub struct Catalogue {
    /// Prompts that take nothing for granted.
    pub plain: Vec<String>,
    /// Claims of prompts.
    pub prompt: BTreeMap<String, Claims>,
    /// Claims of titles.
    pub title: BTreeMap<String, Claims>,
}
}

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let text = include_str!("../../prompts.toml");
        let (catalogue, mistakes) = parse(text, 0);
        debug_assert!(mistakes.is_empty(), "{mistakes:?}");
        catalogue.unwrap_or_default()
    })
}

/// What a prompt takes for granted.
pub struct Found<'a> {
    /// Its claims.
    pub claims: Cow<'a, Claims>,
    /// Whether it says in few words what another says in many, whose claims these are.
    pub brief: bool,
}

/// What the prompt `id` takes for granted, by `own` claims of a voice or by those of this
/// project.
pub fn prompt<'a>(id: &str, own: &'a BTreeMap<String, Claims>) -> Option<Found<'a>> {
    let claims = own.get(id).map(Cow::Borrowed).or_else(|| known(id));
    match (claims, Variant::Brief.base(id)) {
        (Some(claims), long) => Some(Found { claims, brief: long.is_some() }),
        (None, Some(long)) => {
            let claims = own.get(long).map(Cow::Borrowed).or_else(|| known(long))?;
            Some(Found { claims, brief: true })
        }
        (None, None) => None,
    }
}

/// Whether a prompt of this project is called `id`.
pub fn is_ours(id: &str) -> bool {
    let id = Variant::Brief.base(id).filter(|_| known(id).is_none()).unwrap_or(id);
    let mut plain = catalogue().plain.iter();
    known(id).is_some() || plain.any(|pattern| pattern == id || captured(pattern, id).is_some())
}

/// What a title takes for granted.
pub fn title(english: &str) -> Option<&'static Claims> {
    catalogue().title.get(english)
}

fn known(id: &str) -> Option<Cow<'static, Claims>> {
    let prompts = &catalogue().prompt;
    let family = || {
        let mut families = prompts.iter().filter(|(pattern, _)| pattern.contains('{'));
        families.find_map(|(pattern, claims)| {
            let words = captured(pattern, id)?;
            Some(Cow::Owned(claims.filled(&words)))
        })
    };
    prompts.get(id).map(Cow::Borrowed).or_else(family)
}

/// The words of `id` at the places that `pattern` names; hyphens end them.
fn captured(pattern: &str, id: &str) -> Option<Vec<(String, String)>> {
    let (mut pattern, mut id, mut words) = (pattern, id, Vec::new());
    while let Some((plain, rest)) = pattern.split_once('{') {
        let (name, after) = rest.split_once('}')?;
        id = id.strip_prefix(plain)?;
        let end = id.find('-').unwrap_or(id.len());
        words.push((name.to_owned(), id[..end].to_owned()));
        (pattern, id) = (after, &id[end..]);
    }
    (pattern == id).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::super::words::Motion;
    use super::*;
    use crate::body::Region;

    #[test]
    fn every_claim_of_the_catalogue_can_hold() {
        let Catalogue { prompt, title, .. } = catalogue();
        let plain = prompt.iter().filter(|(id, _)| !id.contains('{'));
        for (id, claims) in plain.chain(title) {
            assert!(claims.named().all(|name| Region::of_leg(name).is_some()), "{id}");
            assert_ne!(*claims, Claims::default(), "{id} claims nothing");
        }
    }

    #[test]
    fn a_pattern_speaks_of_every_region() {
        let own = BTreeMap::new();
        for region in Region::BUILT_IN {
            let found = prompt(&format!("up-to-{region}"), &own).unwrap();
            assert_eq!(found.claims.regions, [region.name()]);
        }
        let way = prompt("way-ankle-thigh", &own).unwrap().claims;
        assert_eq!((way.from.as_deref(), way.to.as_deref()), (Some("ankle"), Some("thigh")));
        assert!(prompt("way-ankle", &own).is_none() && prompt("up-to-calf-now", &own).is_none());
    }

    #[test]
    fn few_words_claim_what_many_do_and_a_voice_may_know_better() {
        let mut own = BTreeMap::new();
        let brief = prompt("self-circles-brief", &own).unwrap();
        assert!(brief.brief && brief.claims.motion == Some(Motion::Circle));
        own.insert("self-circles".to_owned(), Claims { many: true, ..Claims::default() });
        assert!(prompt("self-circles", &own).unwrap().claims.many);
        assert!(prompt("my-own-words", &own).is_none());
    }
}
