//! How fast the strokes are.

use super::Customised;
use super::zones::unknown_name;
use crate::diagnostic::Diagnostic;
use crate::routine::Changes;
use crate::routine::asked::Setting;
use crate::routine::changes::{Layer, PaceChange, WantedPace};
use crate::routine::spanned::Spanned;
use crate::units::StrokeRate;

/// Gives every technique the rate that is asked for it.
pub fn change(work: &mut Customised, changes: &Changes) {
    let names: Vec<String> = work.routine.techniques.keys().cloned().collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let named = changes.0.iter().flat_map(|layer| &layer.pace).filter_map(|c| c.technique.as_ref());
    let strangers = named.filter(|name| !known.contains(&name.as_str()));
    work.mistakes.extend(strangers.map(|name| unknown_name("technique", name, &known)));
    for (name, technique) in &mut work.routine.techniques {
        let written = *technique.rate;
        let mut asked = None;
        // From the bottom up: a factor is one of what the file asks, not of its base.
        for wanted in changes.0.iter().rev().filter_map(|layer| wanted(layer, name)) {
            match paced(*technique.rate, wanted.value) {
                Some(rate) => technique.rate = wanted.with(rate),
                None => work.mistakes.push(beyond(name, *technique.rate, wanted)),
            }
            asked = Some(wanted.value);
        }
        if let Some(asked) = asked {
            let asked = match asked {
                WantedPace::Rate(rate) => format!("{rate}/min"),
                WantedPace::Times(factor) => factor.to_string(),
            };
            let what = format!("pace of {}", technique.title);
            let written = format!("{written}/min");
            let comes_out = format!("{}/min", *technique.rate);
            let pace = Some((name.clone(), *technique.rate));
            work.asked.settings.push(Setting { what, written, asked, comes_out, pace });
        }
    }
}

fn paced(rate: StrokeRate, wanted: WantedPace) -> Option<StrokeRate> {
    match wanted {
        WantedPace::Rate(rate) => Some(rate),
        WantedPace::Times(factor) => rate.scaled(factor),
    }
}

fn beyond(name: &str, rate: StrokeRate, wanted: &Spanned<WantedPace>) -> Diagnostic {
    let message = format!("this takes `{name}` beyond 1 to 240 strokes a minute");
    let help = format!("it has {rate} without this; choose a factor nearer to 1x");
    Diagnostic::error(wanted.span.clone(), message).help(help)
}

/// What one layer asks of a technique: by its name, or else of all.
fn wanted<'a>(layer: &'a Layer, technique: &str) -> Option<&'a Spanned<WantedPace>> {
    let by = |name: Option<&str>| {
        let named = |change: &&PaceChange| change.technique.as_ref().map(|n| n.as_str()) == name;
        layer.pace.iter().find(named).map(|change| &change.wanted)
    };
    by(Some(technique)).or(by(None))
}
