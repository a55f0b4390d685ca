//! How fast the strokes are.

use super::Customised;
use super::zones::unknown_name;
use crate::diagnostic::Diagnostic;
use crate::routine::Changes;
use crate::routine::asked::Setting;
use crate::routine::at::At;
use crate::routine::changes::{Layer, PaceChange, WantedPace};

/// Gives every technique the rate that is asked for it.
pub fn change(work: &mut Customised, changes: &Changes) {
    let names: Vec<String> = work.routine.techniques.keys().cloned().collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let named = changes.0.iter().flat_map(|layer| &layer.pace).filter_map(|c| c.technique.as_ref());
    let strangers = named.filter(|name| !known.contains(&name.as_str()));
    work.mistakes.extend(strangers.map(|name| unknown_name("technique", name, &known)));
    for (name, technique) in &mut work.routine.techniques {
        let Some(wanted) = changes.0.iter().find_map(|layer| wanted(layer, name)) else { continue };
        let rate = match wanted.value {
            WantedPace::Rate(rate) => Some(rate),
            WantedPace::Times(factor) => technique.rate.scaled(factor),
        };
        let Some(rate) = rate else {
            let message = format!("this takes `{name}` beyond 1 to 240 strokes a minute");
            let help =
                format!("it has {} as written; choose a factor nearer to 1x", *technique.rate);
            work.mistakes.push(Diagnostic::error(wanted.span.clone(), message).help(help));
            continue;
        };
        let written = format!("{}/min", *technique.rate);
        let asked = match wanted.value {
            WantedPace::Rate(_) => format!("{rate}/min"),
            WantedPace::Times(factor) => factor.to_string(),
        };
        let (what, technique_name) = (format!("pace of {}", technique.title), Some(name.clone()));
        work.asked.settings.push(Setting { what, written, asked, technique: technique_name });
        technique.rate = wanted.with(rate);
    }
}

/// What one layer asks of a technique: by its name, or else of all.
fn wanted<'a>(layer: &'a Layer, technique: &str) -> Option<&'a At<WantedPace>> {
    let by = |name: Option<&str>| {
        let named = |change: &&PaceChange| change.technique.as_ref().map(|n| n.as_str()) == name;
        layer.pace.iter().find(named).map(|change| &change.wanted)
    };
    by(Some(technique)).or(by(None))
}
