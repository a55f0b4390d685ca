//! The shape of a file → a [`Routine`], with every wrong value at once.
//!
//! A wrong value is reported and something harmless takes its place, so that the
//! laws can still be checked on the rest. What comes of a file with mistakes is
//! good for finding more mistakes only.

use super::duration::plain;
use super::file::{ClosingFile, RoutineFile, StepFile, TechniqueFile, ZoneFile};
use super::leaf::{MOST_STROKES, Scalar, text};
use super::model::{
    Bounds, Closing, Extent, Guidance, Routine, SoundSettings, Step, Technique, Turn, ZoneStep,
};
use super::name::is_name;
use super::spanned::Spanned;
use super::validator::{Place, Validator};
use super::words::{Audience, Leg, Legs, Motion, Pattern, Pressure};
use crate::body::Body;
use crate::diagnostic::Diagnostic;
use crate::units::StrokeRate;

/// Types the values of `file` and reports those that are wrong or missing.
pub fn resolve(file: &RoutineFile) -> (Routine, Vec<Diagnostic>) {
    let mut validator = Validator::default();
    let top = Place { what: "the file", span: 0..0 };
    let name = validator.name(&file.name, "name", &top);
    let steps: Vec<&str> = file.steps.iter().filter_map(|step| text(&step.id)).collect();
    let body = validator.body(&file.regions, &steps);
    let routine = Routine {
        title: validator.title(&file.title, &top).unwrap_or_default(),
        audience: validator
            .word(&file.audience, "for", &top)
            .map_or(Audience::OneSelf, |w| w.value),
        techniques: file
            .techniques
            .iter()
            .map(|(name, technique)| (name.value.clone(), validator.technique(name, technique)))
            .collect(),
        steps: file.steps.iter().map(|step| validator.step(step, &body)).collect(),
        body,
        closing: file
            .closing
            .as_ref()
            .map(|closing| validator.closing(closing))
            .unwrap_or_default(),
        remind: validator.prompts(&file.remind),
        guidance: Guidance::default(),
        sound: SoundSettings::default(),
        total: None,
        name: name.value,
    };
    (routine, validator.mistakes)
}

impl Validator {
    fn technique(&mut self, name: &Spanned<String>, file: &Spanned<TechniqueFile>) -> Technique {
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

    fn step(&mut self, file: &Spanned<StepFile>, body: &Body) -> Step {
        let place = Place { what: "this step", span: file.span.clone() };
        let id = self.name(&file.id, "id", &place);
        let legs = self.legs(file, &place);
        Step {
            title: self.title(&file.title, &place).unwrap_or_default(),
            say: self.prompts(&file.say),
            lead_in: self.duration(&file.lead_in),
            changeover: self.duration(&file.changeover),
            was_stroked: !file.zones.is_empty(),
            softened: false,
            turns: turns(
                &legs,
                file.zones.iter().filter_map(|zone| self.zone(zone, body)).collect(),
            ),
            pause: self.duration(&file.pause).map(|pause| pause.value),
            id,
        }
    }

    /// Where zones have no legs, both of them stand in, so that the zones are judged.
    fn legs(&mut self, file: &StepFile, place: &Place) -> Option<Spanned<Legs>> {
        let both = file.zones.first().map(|zone| Spanned::new(Legs::Both, zone.span.clone()));
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

    fn zone(&mut self, file: &Spanned<ZoneFile>, body: &Body) -> Option<ZoneStep> {
        let place = Place { what: "this zone", span: file.span.clone() };
        let zone = self.region(&file.zone, body, &place);
        let technique = self.required_text(&file.technique, "technique", &place);
        let extent = self.extent(file, &place);
        let bounds = self.bounds(file, extent.as_ref());
        let say = self.prompts(&file.say);
        let lead_in = self.duration(&file.lead_in);
        let (zone, technique, extent) = (zone?, technique?, extent?);
        Some(ZoneStep { zone, technique, extent, bounds, kept: false, say, lead_in })
    }

    /// Where `min` and `max` are told, a length written beside them lies between.
    fn bounds(&mut self, file: &ZoneFile, extent: Option<&Spanned<Extent>>) -> Bounds {
        let (min, max) = (self.duration(&file.min), self.duration(&file.max));
        if let Some(Spanned { value: Extent::Time(lasts), span }) = extent {
            let low = min.as_ref().filter(|min| min.value > *lasts).map(|min| ("min", min));
            let high = max.as_ref().filter(|max| max.value < *lasts).map(|max| ("max", max));
            if let Some((key, bound)) = low.or(high) {
                let message = format!("{} is beyond the `{key}` of this zone", plain(*lasts));
                let help = format!("`{key}` is {}; change one of the two", plain(bound.value));
                self.mistakes.push(Diagnostic::error(span.clone(), message).help(help));
            }
        }
        Bounds { min, max }
    }

    fn extent(&mut self, file: &ZoneFile, place: &Place) -> Option<Spanned<Extent>> {
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

    fn prompts(&mut self, say: &[Spanned<Scalar>]) -> Vec<Spanned<String>> {
        let help = "name a prompt of the voice pack, like \"halfway\"";
        say.iter().filter_map(|prompt| self.text(prompt, "a prompt", help)).collect()
    }
}

/// The turns of `legs` in a step with these zones.
fn turns(legs: &Option<Spanned<Legs>>, zones: Vec<ZoneStep>) -> Vec<Turn> {
    let Some(legs) = legs else { return Vec::new() };
    let turn = |leg: &Leg| Turn { leg: legs.with(*leg), zones: zones.clone() };
    legs.in_order().iter().map(turn).collect()
}
