//! What was asked for, to be shown beside what was written and what came of it.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::time::Duration;

/// All that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What was asked of a zone, by the id of its section.
    pub zones: BTreeMap<String, String>,
    /// What was asked of the whole track.
    pub total: Option<Duration>,
    /// Everything else that is now other than it was written.
    pub settings: Vec<Setting>,
}

/// A thing that is other than it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What it is.
    pub what: String,
    /// How it was written.
    pub written: String,
    /// How it was asked for.
    pub asked: String,
    /// The technique whose pace it is, if it is one.
    pub technique: Option<String>,
}

impl Asked {
    /// Notes that `what` was `written` and shall be `asked`, where that is a difference.
    pub fn set(&mut self, what: impl Into<String>, written: impl Display, asked: impl Display) {
        let (what, written, asked) = (what.into(), written.to_string(), asked.to_string());
        if written != asked {
            self.settings.push(Setting { what, written, asked, technique: None });
        }
    }
}
