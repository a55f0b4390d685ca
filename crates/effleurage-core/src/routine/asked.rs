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
    /// How it was asked for; empty where it follows from something else.
    pub asked: String,
    /// What has become of it.
    pub comes_out: String,
    /// The technique whose pace it is, if it is one.
    pub technique: Option<String>,
}

impl Asked {
    /// Notes that `what` was `written` and is now as it was asked for, where that is a
    /// difference.
    pub fn set(&mut self, what: &str, written: impl Display, is_now: impl Display) {
        self.follow(what, written, is_now, true);
    }

    /// The same for what may only follow from something that was `asked` for.
    pub fn follow(&mut self, what: &str, written: impl Display, is_now: impl Display, asked: bool) {
        let (written, comes_out) = (written.to_string(), is_now.to_string());
        if written != comes_out {
            let asked = if asked { comes_out.clone() } else { String::new() };
            let what = what.to_owned();
            self.settings.push(Setting { what, written, asked, comes_out, technique: None });
        }
    }
}
