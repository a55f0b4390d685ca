//! The shape of a file → a [`Routine`], with every wrong value at once.
//!
//! A wrong value is reported and something harmless takes its place, so that the
//! laws can still be checked on the rest. What comes of a file with mistakes is
//! good for finding more mistakes only.

use std::fmt::Display;
use std::ops::Range;
use std::time::Duration;

use super::at::At;
use super::duration;
use super::file::{ClosingFile, RoutineFile, StepFile, TechniqueFile, ZoneFile};
use super::leaf::{Leaf, MOST_STROKES, MOST_STROKES_PER_PASS, Scalar};
use super::model::{Closing, Extent, Routine, Step, Technique, Turn, ZoneStep};
use super::name::{self, is_name};
use super::suggest;
use super::words::{Audience, Leg, Legs, Motion, Pattern, PatternFault, Pressure, Word, Zone};
use crate::diagnostic::Diagnostic;
use crate::units::StrokeRate;

/// Types the values of `file` and reports those that are wrong or missing.
pub fn resolve(file: RoutineFile) -> (Routine, Vec<Diagnostic>) {
    let mut judge = Judge::default();
    let top = Place { what: "the file", span: 0..0 };
    let name = judge.name(&file.name, "name", &top);
    let routine = Routine {
        title: judge.title(&file.title, &top).unwrap_or_default(),
        audience: judge.word(&file.audience, "for", &top).map_or(Audience::OneSelf, |w| w.value),
        techniques: file
            .techniques
            .iter()
            .map(|(name, technique)| (name.value.clone(), judge.technique(name, technique)))
            .collect(),
        steps: file.steps.iter().map(|step| judge.step(step)).collect(),
        closing: file.closing.as_ref().map(|closing| judge.closing(closing)).unwrap_or_default(),
        name: name.value,
    };
    (routine, judge.mistakes)
}

/// The table in which a key is missing.
struct Place {
    what: &'static str,
    span: Range<usize>,
}

#[derive(Default)]
struct Judge {
    mistakes: Vec<Diagnostic>,
}

impl Judge {
    fn technique(&mut self, name: &At<String>, file: &At<TechniqueFile>) -> Technique {
        let place = Place { what: "this technique", span: name.span.clone() };
        if !is_name(name) {
            self.refuse_name(&name.value, name.span.clone());
        }
        let default_rate = StrokeRate::per_minute(20.0).expect("20 is within 1 to 240");
        let default_ticks = Pattern::parse("X").expect("X sounds");
        let title = file.title.is_some().then(|| self.title(&file.title, &place)).flatten();
        Technique {
            title: title.unwrap_or_else(|| name.replace('-', " ")),
            rate: self
                .rate(&file.strokes_per_minute, &place)
                .unwrap_or_else(|| name.with(default_rate)),
            ticks: self.pattern(&file.ticks, &place).unwrap_or_else(|| name.with(default_ticks)),
            motion: self.word(&file.motion, "motion", &place).map_or(Motion::Circle, |w| w.value),
            pressure: self
                .word(&file.pressure, "pressure", &place)
                .map_or(Pressure::Light, |w| w.value),
            strokes_per_pass: self.strokes_per_pass(&file.strokes_per_pass, &place),
        }
    }

    fn step(&mut self, file: &At<StepFile>) -> Step {
        let place = Place { what: "this step", span: file.span.clone() };
        let id = self.name(&file.id, "id", &place);
        let legs = self.legs(file, &place);
        Step {
            title: self.title(&file.title, &place).unwrap_or_default(),
            say: self.prompts(&file.say),
            lead_in: self.duration(&file.lead_in),
            changeover: self.duration(&file.changeover),
            turns: turns(&legs, file.zones.iter().filter_map(|zone| self.zone(zone)).collect()),
            pause: self.duration(&file.pause).map(|pause| pause.value),
            id,
        }
    }

    /// Where zones have no legs, both of them stand in, so that the zones are judged.
    fn legs(&mut self, file: &StepFile, place: &Place) -> Option<At<Legs>> {
        let both = file.zones.first().map(|zone| At::new(Legs::Both, zone.span.clone()));
        match (&file.legs, &both) {
            (None, None) => None,
            (None, Some(zone)) => {
                let place = Place { what: "a step with zones", span: zone.span.clone() };
                self.missing("legs", &place, "say \"left\", \"right\", \"each\" or \"both\"");
                both
            }
            (Some(_), _) => self.word::<Legs>(&file.legs, "legs", place).or(both),
        }
    }

    fn zone(&mut self, file: &At<ZoneFile>) -> Option<ZoneStep> {
        let place = Place { what: "this zone", span: file.span.clone() };
        let zone = self.word::<Zone>(&file.zone, "zone", &place);
        let technique = self.required_text(&file.technique, "technique", &place);
        let extent = self.extent(file, &place);
        let say = self.prompts(&file.say);
        let lead_in = self.duration(&file.lead_in);
        Some(ZoneStep { zone: zone?, technique: technique?, extent: extent?, say, lead_in })
    }

    fn extent(&mut self, file: &ZoneFile, place: &Place) -> Option<At<Extent>> {
        match (&file.lasts, &file.strokes) {
            (None, None) => {
                self.missing("lasts", place, "say how long: lasts = \"2m\", or strokes = 40");
                None
            }
            (Some(_), None) => {
                let lasts = self.duration(&file.lasts)?;
                Some(lasts.with(Extent::Time(lasts.value)))
            }
            (None, Some(strokes)) => {
                let limits = 1.0..=f64::from(MOST_STROKES);
                let count = self.whole_number(strokes, "strokes", limits)?;
                Some(strokes.with(Extent::Strokes(count)))
            }
            (Some(_), Some(strokes)) => {
                let both = "this zone has both `lasts` and `strokes`";
                self.refuse(strokes, both, "keep one of the two");
                None
            }
        }
    }

    fn closing(&mut self, file: &ClosingFile) -> Closing {
        Closing { say: self.prompts(&file.say), lasts: self.duration(&file.lasts) }
    }

    fn prompts(&mut self, say: &[At<Scalar>]) -> Vec<At<String>> {
        let help = "name a prompt of the voice pack, like \"halfway\"";
        say.iter().filter_map(|prompt| self.text(prompt, "a prompt", help)).collect()
    }

    fn strokes_per_pass(&mut self, leaf: &Leaf, place: &Place) -> u64 {
        let help = "say how many strokes lead once up the zone, like 6";
        let written = self.required(leaf, "strokes_per_pass", place, help);
        let limits = 1.0..=f64::from(MOST_STROKES_PER_PASS);
        written.and_then(|n| self.whole_number(n, "strokes_per_pass", limits)).unwrap_or(1)
    }

    fn rate(&mut self, leaf: &Leaf, place: &Place) -> Option<At<StrokeRate>> {
        let help = "give a number from 1 to 240, like 20";
        let written = self.required(leaf, "strokes_per_minute", place, help)?;
        let Scalar::Number(number) = written.value else {
            self.refuse(written, format!("{} is not a number", shown(&written.value)), help);
            return None;
        };
        let rate = StrokeRate::per_minute(number);
        if rate.is_none() {
            let message = format!("{number} strokes a minute are too few or too many");
            self.refuse(written, message, help);
        }
        rate.map(|rate| written.with(rate))
    }

    fn pattern(&mut self, leaf: &Leaf, place: &Place) -> Option<At<Pattern>> {
        let help = r#"use X strong, x weak and . silent, like "X", "Xx" or "XxXx..""#;
        let written = self.required(leaf, "ticks", place, help)?;
        let text = self.text(written, "`ticks`", help)?;
        let message = match Pattern::parse(&text) {
            Ok(pattern) => return Some(text.with(pattern)),
            Err(PatternFault::Stranger(character)) => format!("`{character}` is not a tick"),
            Err(PatternFault::NoSound) => format!("nothing sounds in the pattern {:?}", *text),
            Err(PatternFault::TooLong) => {
                format!("a pattern has at most {} ticks and silences", Pattern::MAX_SLOTS)
            }
        };
        self.refuse(written, message, help);
        None
    }

    fn duration(&mut self, leaf: &Leaf) -> Option<At<Duration>> {
        let written = leaf.as_ref()?;
        let text = match &written.value {
            Scalar::Text(text) => text.clone(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Other(_) => {
                return self.not_text(written, "a length of time", duration::HOW_TO_WRITE);
            }
        };
        match duration::parse(&text) {
            Ok(duration) => Some(written.with(duration)),
            Err(fault) => {
                self.refuse(written, fault.message(&text), fault.help(&text));
                None
            }
        }
    }

    fn whole_number(
        &mut self,
        written: &At<Scalar>,
        key: &str,
        limits: std::ops::RangeInclusive<f64>,
    ) -> Option<u64> {
        match written.value {
            Scalar::Number(n) if n.fract() == 0.0 && limits.contains(&n) => Some(n as u64),
            _ => {
                let message = format!("`{key}` cannot be {}", shown(&written.value));
                let (least, most) = limits.into_inner();
                self.refuse(
                    written,
                    message,
                    format!("give a whole number from {least} to {most}"),
                );
                None
            }
        }
    }

    fn word<W: Word>(&mut self, leaf: &Leaf, key: &str, place: &Place) -> Option<At<W>> {
        let words = W::ALL.iter().map(|(word, _)| *word);
        let all = words.clone().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
        let help = format!("add it: {key} = one of {all}");
        let written = self.required(leaf, key, place, &help)?;
        let text = self.text(written, &format!("`{key}`"), &format!("it is one of {all}"))?;
        let word = W::from_word(&text);
        if word.is_none() {
            let message = format!("no {} is called `{}`", W::KIND, *text);
            self.refuse(written, message, suggest::advice(&text, words));
        }
        word.map(|word| text.with(word))
    }

    /// A name that can stand in a file name and in a section's id. Where it is
    /// missing or wrong, an empty one takes its place.
    fn name(&mut self, leaf: &Leaf, key: &str, place: &Place) -> At<String> {
        let nameless = At::new(String::new(), place.span.clone());
        let Some(text) = self.required_text(leaf, key, place) else { return nameless };
        if is_name(&text) {
            return text;
        }
        self.refuse_name(&text.value, text.span.clone());
        nameless
    }

    fn refuse_name(&mut self, name: &str, span: Range<usize>) {
        let message = format!("`{name}` cannot be a name");
        self.mistakes.push(Diagnostic::error(span, message).help(name::HOW_TO_WRITE));
    }

    fn title(&mut self, leaf: &Leaf, place: &Place) -> Option<String> {
        let title = self.required_text(leaf, "title", place)?;
        if title.trim().is_empty() || title.chars().any(char::is_control) {
            let help = "write a few words on one line";
            self.mistakes
                .push(Diagnostic::error(title.span, "this title cannot be read").help(help));
            return None;
        }
        Some(title.value)
    }

    fn required_text(&mut self, leaf: &Leaf, key: &str, place: &Place) -> Option<At<String>> {
        let help = "write it between double quotes";
        let written = self.required(leaf, key, place, &format!("add {key} = \"…\""))?;
        self.text(written, &format!("`{key}`"), help)
    }

    fn text(&mut self, written: &At<Scalar>, what: &str, help: &str) -> Option<At<String>> {
        match &written.value {
            Scalar::Text(text) => Some(written.with(text.clone())),
            _ => self.not_text(written, what, help),
        }
    }

    fn not_text<T>(&mut self, written: &At<Scalar>, what: &str, help: &str) -> Option<T> {
        let message = format!("{what} cannot be {}", shown(&written.value));
        self.refuse(written, message, help);
        None
    }

    fn required<'a>(
        &mut self,
        leaf: &'a Leaf,
        key: &str,
        place: &Place,
        help: &str,
    ) -> Option<&'a At<Scalar>> {
        if leaf.is_none() {
            self.missing(key, place, help);
        }
        leaf.as_ref()
    }

    fn missing(&mut self, key: &str, place: &Place, help: &str) {
        let message = format!("{} has no `{key}`", place.what);
        self.mistakes.push(Diagnostic::error(place.span.clone(), message).help(help));
    }

    fn refuse(&mut self, at: &At<Scalar>, message: impl Display, help: impl Into<String>) {
        self.mistakes.push(Diagnostic::error(at.span.clone(), message.to_string()).help(help));
    }
}

/// The turns of `legs` in a step with these zones.
fn turns(legs: &Option<At<Legs>>, zones: Vec<ZoneStep>) -> Vec<Turn> {
    let Some(legs) = legs else { return Vec::new() };
    let turn = |leg: &Leg| Turn { leg: legs.with(*leg), zones: zones.clone() };
    legs.in_order().iter().map(turn).collect()
}

fn shown(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => format!("the text {text:?}"),
        Scalar::Number(number) => format!("the number {number}"),
        Scalar::Other(what) => (*what).to_owned(),
    }
}
