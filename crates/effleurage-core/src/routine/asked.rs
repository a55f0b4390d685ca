//! What was asked for, to be shown beside what was written and what came of it.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::time::Duration;

use super::duration::plain;
use super::model::Extent;
use super::words::Leg;
use crate::body::Region;
use crate::units::StrokeRate;

/// All that was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// What was asked of each zone.
    pub zones: BTreeMap<ZoneId, AskedZone>,
    /// What was asked of the whole track.
    pub total: Option<Duration>,
    /// Everything else that is now other than it was written.
    pub settings: Vec<Setting>,
}

/// A zone of a routine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ZoneId {
    /// Its step, by its id.
    pub step: String,
    /// The leg, or both.
    pub leg: Leg,
    /// Where.
    pub zone: Region,
}

/// As the section of the zone is called.
impl Display for ZoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.step, self.leg, self.zone)
    }
}

/// What was asked of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedZone {
    /// To leave it out.
    Off,
    /// To last so long.
    Lasts(Extent),
}

/// As a file or a flag asks for it.
impl Display for AskedZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AskedZone::Off => f.write_str("off"),
            AskedZone::Lasts(Extent::Time(duration)) => f.write_str(&plain(*duration)),
            AskedZone::Lasts(Extent::Strokes(1)) => f.write_str("1 stroke"),
            AskedZone::Lasts(Extent::Strokes(strokes)) => write!(f, "{strokes} strokes"),
        }
    }
}

/// A thing that is other than it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// What it is.
    pub what: String,
    /// How it was written.
    pub written: String,
    /// How it was asked for; empty where it follows from something else.
    pub asked: String,
    /// What has become of it.
    pub comes_out: String,
    /// The technique whose pace it is, if it is one, and its strokes a minute now.
    pub pace: Option<(String, StrokeRate)>,
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
            self.settings.push(Setting { what, written, asked, comes_out, pace: None });
        }
    }
}
