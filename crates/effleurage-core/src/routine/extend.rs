//! A routine file that builds on another: what it adds, replaces and removes.

use super::file::{RoutineFile, StepFile, TechniqueFile};
use super::leaf::{Scalar, text};
use super::spanned::Spanned;
use super::suggest;
use super::validator::shown;
use crate::diagnostic::Diagnostic;

/// `file` put onto the `base` that it extends, and what is wrong with that.
///
/// A step with the id of one of the base takes its place; a new one comes where it
/// says, or behind the step that stands before it in `file`, or last. Techniques and the
/// closing replace those of the base as wholes.
pub fn stack(file: RoutineFile, base: RoutineFile) -> (RoutineFile, Vec<Diagnostic>) {
    let (placed, removed, mistakes) = (Vec::new(), Vec::new(), Vec::new());
    let was_stroked = is_stroked(&base.steps);
    let mut steps = Steps { steps: base.steps, placed, removed, mistakes };
    file.remove.iter().for_each(|id| steps.remove(id));
    let mut follows = None;
    for step in &file.steps {
        follows = steps.add(step, follows);
    }
    if was_stroked && !is_stroked(&steps.steps) {
        steps.mistakes.extend(nothing_left(&file));
    }
    let mut techniques = base.techniques;
    for (name, mut technique) in file.techniques {
        if let Some(known) = techniques.get(&name).filter(|_| has_only_a_rate(&technique.value)) {
            steps.mistakes.push(only_a_rate(&name, &technique.value));
            // What else it lacks would only repeat that.
            technique = known.clone();
        }
        // To insert a name that is there would keep the place of the old one.
        techniques.remove(&name);
        techniques.insert(name, technique);
    }
    let mut regions = base.regions;
    for (name, region) in file.regions {
        match regions.iter_mut().find(|(known, _)| known.value == name.value) {
            Some(known) => *known = (name, region),
            None => regions.push((name, region)),
        }
    }
    let stacked = RoutineFile {
        regions,
        title: file.title.or(base.title),
        audience: file.audience.or(base.audience),
        techniques,
        steps: steps.steps,
        closing: file.closing.or(base.closing),
        remind: if file.remind.is_empty() { base.remind } else { file.remind },
        ..file
    };
    (stacked, steps.mistakes)
}

fn is_stroked(steps: &[Spanned<StepFile>]) -> bool {
    steps.iter().any(|step| !step.zones.is_empty())
}

/// That `file` has taken away every zone, told where it began to.
fn nothing_left(file: &RoutineFile) -> Option<Diagnostic> {
    let removed = file.remove.iter().map(|id| &id.span);
    let span = removed.chain(file.steps.iter().map(|step| &step.span)).next()?;
    let mistake = Diagnostic::error(span.clone(), "no zone is left to massage");
    Some(mistake.help("remove or replace fewer steps, or add one with zones"))
}

fn has_only_a_rate(technique: &TechniqueFile) -> bool {
    let TechniqueFile { title, strokes_per_minute, ticks, motion, pressure, strokes_per_pass } =
        technique;
    let others = [title, ticks, motion, pressure, strokes_per_pass];
    strokes_per_minute.is_some() && others.iter().all(|leaf| leaf.is_none())
}

/// That a technique of the base cannot be changed in a part, but in its rate elsewhere.
fn only_a_rate(name: &Spanned<String>, technique: &TechniqueFile) -> Diagnostic {
    let rate = match technique.strokes_per_minute.as_ref().map(|leaf| &leaf.value) {
        Some(Scalar::Number(number)) => number.to_string(),
        _ => "20".to_owned(),
    };
    let message = format!("`{}` would replace the technique of the extended routine", name.value);
    Diagnostic::error(name.span.clone(), message).help(format!(
        "write [pace], and below it {} = {rate}, to change no more than its rate",
        name.value
    ))
}

/// What only a file that extends another can say, in one that does not.
pub fn misplaced(file: &RoutineFile) -> Vec<Diagnostic> {
    let placing =
        file.steps.iter().flat_map(|step| [("after", &step.after), ("before", &step.before)]);
    let keys = placing.filter_map(|(key, leaf)| Some((key, leaf.as_ref()?.span.clone())));
    let remove = file.remove.first().map(|id| ("remove", id.span.clone()));
    let mistake = |(key, span)| {
        let message = format!("`{key}` says nothing in a routine that extends no other");
        Diagnostic::error(span, message)
            .help("take it out, or begin with extends = \"partner\"; steps come as they stand here")
    };
    keys.chain(remove).map(mistake).collect()
}

/// The steps of a base while others are put among them.
struct Steps {
    steps: Vec<Spanned<StepFile>>,
    /// The ids that the extending file has placed.
    placed: Vec<String>,
    /// The ids that it has taken out.
    removed: Vec<String>,
    mistakes: Vec<Diagnostic>,
}

impl Steps {
    fn find(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| text(&step.id) == Some(id))
    }

    /// Where the step stands that a leaf names; reports one that is not there.
    fn named(&mut self, leaf: &Spanned<Scalar>) -> Option<usize> {
        let Scalar::Text(id) = &leaf.value else {
            let message = format!("a step cannot be called {}", shown(&leaf.value));
            self.refuse(leaf, message, "write its id between double quotes".to_owned());
            return None;
        };
        let found = self.find(id);
        if found.is_none() && self.removed.contains(id) {
            let message = format!("this file has removed the step `{id}`");
            self.refuse(leaf, message, "name it once, or another step".to_owned());
        } else if found.is_none() {
            let help = suggest::advice(id, self.steps.iter().filter_map(|step| text(&step.id)));
            self.refuse(leaf, format!("no step of the extended routine is called `{id}`"), help);
        }
        found
    }

    fn refuse(&mut self, leaf: &Spanned<Scalar>, message: String, help: String) {
        self.mistakes.push(Diagnostic::error(leaf.span.clone(), message).help(help));
    }

    fn remove(&mut self, id: &Spanned<Scalar>) {
        if let Some(at) = self.named(id) {
            let step = self.steps.remove(at);
            self.removed.extend(text(&step.id).map(str::to_owned));
        }
    }

    /// Puts `step` into its place, by default behind the one that has the id `follows`;
    /// returns its id.
    fn add(&mut self, step: &Spanned<StepFile>, follows: Option<String>) -> Option<String> {
        let id = text(&step.id).map(str::to_owned);
        let again = id.as_ref().is_some_and(|id| self.placed.contains(id));
        let mut stands = id.as_deref().filter(|_| !again).and_then(|id| self.find(id));
        if let Some(at) = stands {
            self.steps.remove(at);
        }
        let asked = match (&step.after, &step.before) {
            (Some(_), Some(before)) => {
                let message = "this step has both `after` and `before`".to_owned();
                self.refuse(before, message, "keep one of the two".to_owned());
                None
            }
            (Some(after), None) => self.named(after).map(|at| at + 1),
            (None, Some(before)) => self.named(before),
            (None, None) => None,
        };
        let behind = follows.and_then(|id| self.find(&id)).map(|at| at + 1);
        let at = asked.or(stands.take()).or(behind).unwrap_or(self.steps.len());
        self.steps.insert(at, step.clone());
        self.placed.extend(id.clone());
        id
    }
}
