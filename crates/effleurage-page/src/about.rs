//! What there is to choose from: the routines, and the table of settings.

use std::time::Duration;

use effleurage_core::routine::settings::{SETTINGS, Setting};
use effleurage_core::routine::{Request, builtin, schema};
use effleurage_core::units::SampleRate;
use effleurage_engine::error::Result;
use effleurage_engine::session::Session;
use effleurage_engine::voice::Pack;
use serde::Serialize;
use serde_json::Value;

/// All that a page offers.
#[derive(Serialize)]
pub struct About {
    routines: Vec<BuiltIn>,
    settings: Vec<Offered>,
}

/// A routine that is built in.
#[derive(Serialize)]
struct BuiltIn {
    name: &'static str,
    title: String,
    seconds: f64,
    text: String,
}

/// A setting, once for all controls.
#[derive(Serialize)]
struct Offered {
    /// Its flag, without hyphens before it.
    flag: String,
    /// What its value is called; empty for a switch.
    value: &'static str,
    help: &'static str,
    /// The only values there are, where they are words.
    choices: Vec<String>,
    /// Values of which any may be meant.
    examples: Vec<String>,
}

impl About {
    /// The routines that `pack` can speak.
    ///
    /// # Errors
    ///
    /// Where it can speak none: why not the first.
    pub fn of(pack: &Pack) -> Result<About> {
        let routine = |name: &'static str| {
            let source = builtin::source(name)?;
            let text = source.text.clone();
            let session = Session::plan(&Request::from(source), pack, SampleRate::CD);
            Some(session.map(|session| BuiltIn {
                name,
                title: session.timeline.title.clone(),
                seconds: seconds(
                    session.timeline.sample_rate.duration_of(session.timeline.length()),
                ),
                text,
            }))
        };
        let schema: Value = serde_json::from_str(&schema()).unwrap_or_default();
        Ok(About {
            routines: spoken(builtin::names().filter_map(routine))?,
            settings: SETTINGS.iter().map(|setting| Offered::of(setting, &schema)).collect(),
        })
    }
}

/// All that there are; or why the first is not.
fn spoken(routines: impl Iterator<Item = Result<BuiltIn>>) -> Result<Vec<BuiltIn>> {
    let (spoken, failed): (Vec<_>, Vec<_>) = routines.partition(Result::is_ok);
    let spoken: Vec<BuiltIn> = spoken.into_iter().flatten().collect();
    match failed.into_iter().next() {
        Some(Err(why)) if spoken.is_empty() => Err(why),
        _ => Ok(spoken),
    }
}

impl Offered {
    fn of(setting: &Setting, schema: &Value) -> Offered {
        let key = &schema["properties"][setting.key];
        let words = |list: &Value| {
            let words = list.as_array().into_iter().flatten().filter_map(Value::as_str);
            words.map(str::to_owned).collect()
        };
        Offered {
            flag: setting.flag().trim_start_matches('-').to_owned(),
            value: setting.value_name,
            help: setting.help,
            choices: words(&key["enum"]),
            examples: words(&key["examples"]),
        }
    }
}

/// A length of time as JavaScript counts it.
fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
