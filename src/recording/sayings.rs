//! How other voices say the lines of a script.

use std::path::{Path, PathBuf};

use super::script::Line;
use crate::voice::{self, Pack, search};

/// More voices are not compared with.
const MOST_VOICES: usize = 4;
/// What has as many words as a line, and shares so many of its letters, may be said in its
/// place.
const SLIP: f64 = 0.6;

/// The voices at hand that speak a language.
pub struct Sayings {
    voices: Vec<Pack>,
}

impl Sayings {
    /// Those that speak `language`, as BCP 47 writes it, in whatever country, but for the one in
    /// `folder`. One that cannot be read is passed over: another says the same, or nobody.
    pub fn in_language(language: &str, folder: &Path) -> Sayings {
        let own = folder.canonicalize().ok();
        let built_in = voice::built_in_names().map(PathBuf::from);
        let names = built_in.chain(search::all().into_values().filter(|path| {
            let is_built_in = voice::built_in_names().any(|name| path.ends_with(name));
            !is_built_in && path.canonicalize().ok() != own
        }));
        let spoken = names.filter_map(|name| voice::open(&name).ok());
        let same = spoken.filter(|pack| base(&pack.manifest.language) == base(language));
        Sayings { voices: same.take(MOST_VOICES).collect() }
    }

    /// What somebody may say by a slip in the place of one of `lines`, such as the other leg or
    /// another length: all that these voices say, is nearly the same, and none of the lines.
    pub fn slips(&self, lines: &[Line]) -> Vec<Line> {
        let known: Vec<Vec<String>> = lines.iter().map(|line| words(&line.text)).collect();
        let Some(voice) = self.voices.first() else { return Vec::new() };
        let slip = |id: &str| {
            let text = voice.vocabulary.text(id);
            let own = words(text);
            let is_near = |line: &Vec<String>| {
                line.len() == own.len() && alike(&line.concat(), &own.concat()) >= SLIP
            };
            let is_slip = !known.contains(&own) && known.iter().any(is_near);
            is_slip.then(|| Line {
                number: 0,
                id: id.to_owned(),
                text: text.to_owned(),
                how: "",
                longest: None,
            })
        };
        voice.vocabulary.ids().filter_map(slip).collect()
    }

    /// How each voice says a line; empty where one has no clip of the same words.
    pub fn of(&self, line: &Line) -> Vec<Vec<f32>> {
        self.voices.iter().map(|pack| said(pack, line).unwrap_or_default()).collect()
    }
}

/// Which share of two texts is the same: 1 less the letters to be changed, put in or left out
/// (Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals", 1966)
/// for each letter of the longer one.
pub fn alike(one: &str, other: &str) -> f64 {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let longer = one.len().max(other.len()).max(1);
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (n, a) in one.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], n + 1);
        for (m, b) in other.iter().enumerate() {
            let changed = corner + usize::from(a != b);
            corner = row[m + 1];
            row[m + 1] = changed.min(row[m] + 1).min(corner + 1);
        }
    }
    1.0 - row[other.len()] as f64 / longer as f64
}

/// The language without its country.
fn base(language: &str) -> String {
    language.split('-').next().unwrap_or_default().to_lowercase()
}

fn said(pack: &Pack, line: &Line) -> Option<Vec<f32>> {
    if words(pack.vocabulary.text(&line.id)) != words(&line.text) {
        return None;
    }
    let file = pack.clip(&line.id).ok()??;
    Some(effleurage_take::at_rate(&voice::recording(&file).ok()?))
}

/// The words of a text, without stops and capitals.
pub fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_said_by_those_who_have_its_words() {
        let line = |text: &str| Line {
            number: 1,
            id: "halfway".to_owned(),
            text: text.to_owned(),
            how: "",
            longest: None,
        };
        let english = Sayings::in_language("en-GB", Path::new("nowhere"));
        assert!(english.of(&line("halfway"))[0].len() > 4_000);
        assert!(english.of(&line("Half of it."))[0].is_empty());
        assert!(Sayings::in_language("xx", Path::new("nowhere")).of(&line("Halfway.")).is_empty());
    }
}
