//! A routine file that builds on another: what it adds, replaces and removes.

use super::at::At;
use super::file::{RoutineFile, StepFile};
use super::leaf::{Leaf, Scalar};
use super::suggest;
use crate::diagnostic::Diagnostic;

/// `file` put onto the `base` that it extends, and what is wrong with that.
///
/// A step with the id of one of the base takes its place; a new one comes where it
/// says, or behind the step that stands before it in `file`, or last. Techniques and the
/// closing replace those of the base as wholes.
pub fn stack(file: RoutineFile, base: RoutineFile) -> (RoutineFile, Vec<Diagnostic>) {
    let mut steps = Steps { steps: base.steps, placed: Vec::new(), mistakes: Vec::new() };
    file.remove.iter().for_each(|id| steps.remove(id));
    let mut follows = None;
    for step in &file.steps {
        follows = steps.add(step, follows);
    }
    let mut techniques = base.techniques;
    for (name, technique) in file.techniques {
        // To insert a name that is there would keep the place of the old one.
        techniques.remove(&name);
        techniques.insert(name, technique);
    }
    let stacked = RoutineFile {
        title: file.title.or(base.title),
        audience: file.audience.or(base.audience),
        techniques,
        steps: steps.steps,
        closing: file.closing.or(base.closing),
        ..file
    };
    (stacked, steps.mistakes)
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
    steps: Vec<At<StepFile>>,
    /// The ids that the extending file has placed.
    placed: Vec<String>,
    mistakes: Vec<Diagnostic>,
}

impl Steps {
    fn find(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| text(&step.id) == Some(id))
    }

    /// Where the step stands that a leaf names; reports one that is not there.
    fn named(&mut self, leaf: &At<Scalar>) -> Option<usize> {
        let found = match &leaf.value {
            Scalar::Text(id) => self.find(id),
            _ => None,
        };
        if found.is_none() {
            let typed = match &leaf.value {
                Scalar::Text(id) => id.as_str(),
                _ => "",
            };
            let known = self.steps.iter().filter_map(|step| text(&step.id));
            let help = suggest::advice(typed, known);
            let message = format!("no step of the extended routine is called `{typed}`");
            self.mistakes.push(Diagnostic::error(leaf.span.clone(), message).help(help));
        }
        found
    }

    fn remove(&mut self, id: &At<Scalar>) {
        if let Some(at) = self.named(id) {
            self.steps.remove(at);
        }
    }

    /// Puts `step` into its place, by default behind the one that has the id `follows`;
    /// returns its id.
    fn add(&mut self, step: &At<StepFile>, follows: Option<String>) -> Option<String> {
        let id = text(&step.id).map(str::to_owned);
        let again = id.as_ref().is_some_and(|id| self.placed.contains(id));
        let mut stands = id.as_deref().filter(|_| !again).and_then(|id| self.find(id));
        if let Some(at) = stands {
            self.steps.remove(at);
        }
        let asked = match (&step.after, &step.before) {
            (Some(after), _) => self.named(after).map(|at| at + 1),
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

fn text(leaf: &Leaf) -> Option<&str> {
    match &leaf.as_ref()?.value {
        Scalar::Text(text) => Some(text),
        _ => None,
    }
}
