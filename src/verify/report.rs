//! What came of it, for people and for programs.

use serde_json::{Value, json};

use crate::units::{Position, SampleRate, clock};

/// All that was looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// One after the other.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What it is.
    pub name: &'static str,
    /// What was found.
    pub told: String,
    /// What is wrong with it.
    pub misses: Vec<Miss>,
}

/// Something that is not as planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// Where, if that can be told.
    pub at: Option<Position>,
    /// What.
    pub what: String,
}

impl Miss {
    /// A miss of the file as a whole.
    pub fn of(what: impl Into<String>) -> Miss {
        Miss { at: None, what: what.into() }
    }

    /// A miss at a place.
    pub fn at(at: Position, what: impl Into<String>) -> Miss {
        Miss { at: Some(at), what: what.into() }
    }
}

impl Check {
    /// A check in which only this one thing was found, which is wrong.
    pub fn missed(name: &'static str, what: impl Into<String>) -> Check {
        Check { name, told: String::new(), misses: vec![Miss::of(what)] }
    }
}

impl Report {
    /// So many misses are told of each check.
    const MOST_TOLD: usize = 12;

    /// How many things are not as planned.
    pub fn misses(&self) -> usize {
        self.checks.iter().map(|check| check.misses.len()).sum()
    }

    /// The report on the file called `name`, for people.
    pub fn text(&self, name: &str, rate: SampleRate) -> String {
        let verdict = match self.misses() {
            0 => "as planned".to_owned(),
            1 => "1 thing is not as planned".to_owned(),
            misses => format!("{misses} things are not as planned"),
        };
        let mut text = format!("{name}: {verdict}\n");
        for check in &self.checks {
            if !check.told.is_empty() {
                text += &format!("  {:<11}{}\n", check.name, check.told);
            }
        }
        for check in &self.checks {
            for miss in check.misses.iter().take(Self::MOST_TOLD) {
                text += &format!("miss: {}: {}\n", check.name, told(miss, rate));
            }
            if let more @ 1.. = check.misses.len().saturating_sub(Self::MOST_TOLD) {
                text += &format!("miss: {}: and {more} more\n", check.name);
            }
        }
        text
    }

    /// The same for programs (`effleurage-verify/1`), every miss.
    pub fn json(&self, rate: SampleRate) -> Value {
        let miss = |miss: &Miss| json!({"at": miss.at.map(|at| at.0), "what": miss.what});
        let check = |check: &Check| {
            let misses: Vec<Value> = check.misses.iter().map(miss).collect();
            json!({"name": check.name, "told": check.told, "misses": misses})
        };
        json!({
            "format": "effleurage-verify/1",
            "as_planned": self.misses() == 0,
            "sample_rate": rate.hz(),
            "checks": self.checks.iter().map(check).collect::<Vec<Value>>(),
        })
    }
}

fn told(miss: &Miss, rate: SampleRate) -> String {
    match miss.at {
        None => miss.what.clone(),
        Some(at) => {
            let time = clock(rate.duration_of(at.since(Position::START)));
            format!("{time} (frame {}): {}", at.0, miss.what)
        }
    }
}
