//! Changes as they are written → [`Layer`], with every wrong value at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use super::changes::{Layer, PaceChange, Wanted, WantedPace, ZoneChange};
use super::leaf::{Leaf, MOST_STROKES, Scalar};
use super::model::{BedSound, ClosingCue, Extent, TickSound};
use super::settings::settings;
use super::spanned::Spanned;
use super::suggest;
use super::tree::Entry;
use super::validator::{Place, Validator, shown};
use super::words::{BedNoise, Pan, Room, TickKit, Word};
use crate::units::{Decibels, Factor, SlowDown, StrokeRate};

/// Changes as flags or a file write them.
#[derive(Debug, Default)]
pub struct Written {
    /// What `[zones]` or `--zone` say.
    pub zones: Vec<Entry>,
    /// What `[pace]` or `--pace` say.
    pub pace: Vec<Entry>,
    /// What `[tags]` says, or flags of the same names.
    pub tags: BTreeMap<&'static str, Spanned<Scalar>>,
    /// Everything else, by its key in a file.
    pub leaves: BTreeMap<&'static str, Spanned<Scalar>>,
}

impl Written {
    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
            && self.pace.is_empty()
            && self.tags.is_empty()
            && self.leaves.is_empty()
    }
}

/// The key of `[pace]` that speaks of all techniques.
pub const ALL: &str = "all";
/// More ticks than these would not count in, but be counted.
const MOST_COUNT_IN: f64 = 8.0;

macro_rules! reader {
    ($($(#[$doc:meta])* $key:ident: $type:ty, $schema:ty, $read:ident($($with:expr),*);
        $value:literal, $negative:literal, $help:literal;)+) => {
        impl Validator {
            /// Types what is `written`.
            pub fn layer(&mut self, written: &Written) -> Layer {
                let leaf = |key: &str| -> Leaf { written.leaves.get(key).cloned() };
                Layer {
                    zones: self.zone_changes(&written.zones),
                    pace: self.pace_changes(&written.pace),
                    $($key: self.$read(&leaf(stringify!($key)) $(, $with)*),)+
                }
            }
        }
    };
}
settings!(reader);

impl Validator {
    /// A word of some, where one is written.
    fn one_of<W: Word>(&mut self, leaf: &Leaf, key: &str) -> Option<Spanned<W>> {
        leaf.as_ref()?;
        self.word(leaf, key, &Place { what: "this", span: 0..0 })
    }

    fn tick_sound(&mut self, leaf: &Leaf) -> Option<Spanned<TickSound>> {
        let (at, known) = self.sound::<TickKit>(leaf)?;
        Some(at.with(match known {
            Some(kit) => TickSound::BuiltIn(kit),
            None => TickSound::File(PathBuf::from(&at.value)),
        }))
    }

    fn zone_changes(&mut self, entries: &[Entry]) -> Vec<ZoneChange> {
        let mut seen = BTreeSet::new();
        let mut changes = Vec::new();
        for (names, value) in entries {
            let path: Vec<Spanned<String>> = names.iter().flat_map(segments).collect();
            let shown = path.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".");
            if path.len() > 3 || path.iter().any(|name| name.is_empty()) {
                let help = "write a zone, like calf, left.calf, knuckles.calf or knuckles.left.calf, or a step";
                self.refuse(value, format!("`{shown}` names no zone"), help);
            } else if !seen.insert(shown.clone()) {
                self.refuse(value, format!("`{shown}` is told twice"), "keep one of the two");
            } else if let Some(wanted) = self.wanted(value) {
                changes.push(ZoneChange { path, wanted });
            }
        }
        changes
    }

    fn wanted(&mut self, value: &Spanned<Scalar>) -> Option<Spanned<Wanted>> {
        let text = match &value.value {
            Scalar::Text(text) => text.trim(),
            _ => "",
        };
        if is_off(&value.value) {
            return Some(value.with(Wanted::Off));
        }
        let count = text.strip_suffix("strokes").or_else(|| text.strip_suffix("stroke"));
        if let Some(count) = count {
            let number = value.with(Scalar::typed(count.trim()));
            let limits = 1.0..=f64::from(MOST_STROKES);
            let strokes = self.whole_number(&number, "strokes", limits)?;
            return Some(value.with(Wanted::Lasts(Extent::Strokes(strokes))));
        }
        if let Some(percent) = text.strip_suffix('%') {
            return self.share_of_itself(value, percent);
        }
        let sign = if text.starts_with('-') { -1 } else { 1 };
        let Some(change) = text.strip_prefix(['+', '-']) else {
            let lasts = self.duration(&Some(value.clone()))?;
            return Some(lasts.with(Wanted::Lasts(Extent::Time(lasts.value))));
        };
        let change = self.duration(&Some(value.with(Scalar::typed(change.trim_start()))))?;
        // A day has fewer nanoseconds than an i64 holds.
        let nanos = i64::try_from(change.as_nanos()).unwrap_or(i64::MAX);
        Some(change.with(Wanted::By(sign * nanos)))
    }

    /// "150%" of what a zone lasts.
    fn share_of_itself(
        &mut self,
        value: &Spanned<Scalar>,
        percent: &str,
    ) -> Option<Spanned<Wanted>> {
        let number = percent.trim_end().parse::<f64>().ok();
        let factor = number.and_then(|percent| Factor::new(percent / 100.0));
        if factor.is_none() {
            let message = format!("{} is no share that fits", quoted(&value.value));
            self.refuse(value, message, "give 25% to 400%, like 150%");
        }
        factor.map(|factor| value.with(Wanted::Times(factor)))
    }

    fn pace_changes(&mut self, entries: &[Entry]) -> Vec<PaceChange> {
        let mut changes: Vec<PaceChange> = Vec::new();
        for entry in entries {
            let Some(change) = self.pace_change(entry) else { continue };
            if changes.iter().any(|known| known.technique == change.technique) {
                let name = change.technique.as_ref().map_or(ALL, |name| name.as_str());
                let message = format!("the pace of `{name}` is told twice");
                self.refuse(&entry.1, message, "keep one of the two");
            }
            changes.push(change);
        }
        changes
    }

    fn pace_change(&mut self, (path, value): &Entry) -> Option<PaceChange> {
        let help = "give strokes a minute for a technique, like circles = 18, or all = \"0.9x\"";
        let (name, []) = path.split_first()? else {
            self.refuse(value, "this names no technique", help);
            return None;
        };
        let technique = Some(name).filter(|name| name.value != ALL).cloned();
        let wanted = match &value.value {
            Scalar::Number(number) if technique.is_some() => {
                StrokeRate::per_minute(*number).map(WantedPace::Rate)
            }
            Scalar::Text(text) => times(text).map(WantedPace::Times),
            _ => None,
        };
        if wanted.is_none() {
            let message = format!("{} is no pace", quoted(&value.value));
            let help = "give strokes a minute for a technique, 1 to 240, like circles=18; \
                        or a factor, 0.25x to 4x, like 0.9x";
            self.refuse(value, message, help);
        }
        Some(PaceChange { technique, wanted: value.with(wanted?) })
    }

    fn slow_down(&mut self, leaf: &Leaf) -> Option<Spanned<SlowDown>> {
        let written = leaf.as_ref()?;
        let slower = match &written.value {
            off if is_off(off) => Some(SlowDown::NONE),
            Scalar::Text(text) => {
                let number = text.trim().strip_suffix('%').and_then(|n| n.trim_end().parse().ok());
                number.and_then(SlowDown::percent)
            }
            _ => None,
        };
        if slower.is_none() {
            let message = format!("{} is no share to slow down by", quoted(&written.value));
            self.refuse(written, message, "give 1% to 50%, like 10%, or off");
        }
        slower.map(|slower| written.with(slower))
    }

    fn on_off(&mut self, leaf: &Leaf) -> Option<Spanned<bool>> {
        let written = leaf.as_ref()?;
        match &written.value {
            Scalar::Truth(truth) => Some(written.with(*truth)),
            Scalar::Text(text) if text == "on" => Some(written.with(true)),
            off if is_off(off) => Some(written.with(false)),
            other => {
                self.refuse(
                    written,
                    format!("{} is neither on nor off", quoted(other)),
                    "say on or off",
                );
                None
            }
        }
    }

    fn count_in(&mut self, leaf: &Leaf) -> Option<Spanned<u64>> {
        let written = leaf.as_ref()?;
        if is_off(&written.value) {
            return Some(written.with(0));
        }
        let count = match written.value {
            Scalar::Number(n) if n.fract() == 0.0 && (0.0..=MOST_COUNT_IN).contains(&n) => n as u64,
            _ => {
                let message = format!("{} is no number of ticks", quoted(&written.value));
                self.refuse(written, message, format!("give 1 to {MOST_COUNT_IN}, or off"));
                return None;
            }
        };
        Some(written.with(count))
    }

    fn duration_or_off(&mut self, leaf: &Leaf) -> Option<Spanned<Option<Duration>>> {
        let written = leaf.as_ref()?;
        if is_off(&written.value) {
            return Some(written.with(None));
        }
        let duration = self.duration(leaf)?;
        Some(duration.with(Some(duration.value)))
    }

    fn closing_cue(&mut self, leaf: &Leaf) -> Option<Spanned<ClosingCue>> {
        let written = leaf.as_ref()?;
        let bell = matches!(&written.value, Scalar::Text(text) if text.trim() == "bell");
        if bell || written.value == Scalar::Truth(true) {
            return Some(written.with(ClosingCue::Bell));
        }
        let cue = self.duration_or_off(leaf)?;
        Some(cue.with(cue.value.map_or(ClosingCue::Off, ClosingCue::Spoken)))
    }

    fn decibels(&mut self, leaf: &Leaf, least: f64, most: f64) -> Option<Spanned<Decibels>> {
        let written = leaf.as_ref()?;
        let number = match &written.value {
            Scalar::Number(number) => Some(*number),
            Scalar::Text(text) => {
                let text = text.trim().to_lowercase();
                text.strip_suffix("db").and_then(|number| number.trim_end().parse().ok())
            }
            _ => None,
        };
        let fits = number.filter(|number| (least..=most).contains(number));
        if fits.is_none() {
            let message = format!("{} is no level that fits", quoted(&written.value));
            self.refuse(
                written,
                message,
                format!("give decibels from {least} to +{most}, like -3"),
            );
        }
        fits.map(|number| written.with(Decibels(number)))
    }

    fn bed(&mut self, leaf: &Leaf) -> Option<Spanned<BedSound>> {
        if leaf.as_ref().is_some_and(|written| is_off(&written.value)) {
            return leaf.as_ref().map(|written| written.with(BedSound::Off));
        }
        let (at, known) = self.sound::<BedNoise>(leaf)?;
        let bed = match known {
            Some(noise) => BedSound::Noise(noise),
            None => BedSound::File(PathBuf::from(&at.value)),
        };
        Some(at.with(bed))
    }

    fn one_of_or_off<W: Word>(&mut self, leaf: &Leaf, key: &str, off: W) -> Option<Spanned<W>> {
        let written = leaf.as_ref()?;
        if is_off(&written.value) { Some(written.with(off)) } else { self.one_of(leaf, key) }
    }

    /// A built-in sound, or else what must be a file: its name has a dot or a folder.
    fn sound<W: Word>(&mut self, leaf: &Leaf) -> Option<(Spanned<String>, Option<W>)> {
        let written = leaf.as_ref()?;
        let text = self.text(written, "a sound", "write it between double quotes")?;
        let known = W::from_word(&text);
        if known.is_none() && !text.contains(['.', '/', '\\']) {
            let words: Vec<&str> = W::ALL.iter().map(|(word, _)| *word).collect();
            let message = format!("no {} is called `{}` ({})", W::KIND, *text, words.join(", "));
            let help = match suggest::nearest(&text, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name one of them, or a sound file, like my-sound.wav".to_owned(),
            };
            self.refuse(written, message, help);
            return None;
        }
        Some((text, known))
    }
}

/// A value as it was written, or what kind of thing it is.
fn quoted(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => format!("`{text}`"),
        Scalar::Number(number) => format!("`{number}`"),
        other => shown(other),
    }
}

fn is_off(value: &Scalar) -> bool {
    match value {
        Scalar::Truth(truth) => !truth,
        Scalar::Text(text) => text.trim().eq_ignore_ascii_case("off"),
        _ => false,
    }
}

/// "0.9x" as a factor.
fn times(text: &str) -> Option<Factor> {
    let number = text.trim().strip_suffix(['x', '×'])?;
    Factor::new(number.trim_end().parse().ok()?)
}

/// The names in a key such as `left.thigh`.
fn segments(key: &Spanned<String>) -> Vec<Spanned<String>> {
    key.split('.').map(|name| key.with(name.trim().to_lowercase())).collect()
}
