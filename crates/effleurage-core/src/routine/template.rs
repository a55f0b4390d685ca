//! A file that extends a routine, with a remark for everything that can be changed.

use std::collections::BTreeSet;

use super::model::{Routine, Step};
use crate::body::Region;

const TEMPLATE: &str = include_str!("template.txt");

/// A new routine called `name` that extends `base`, by which it is found as `extends`.
/// As it is, it changes nothing: every change waits behind a `#`.
pub fn template(name: &str, extends: &str, base: &Routine) -> String {
    let ids: Vec<&str> = base.steps.iter().map(|step| step.id.as_str()).collect();
    let stroked: Vec<&Step> = base.steps.iter().filter(|step| step.is_stroked()).collect();
    let zones: BTreeSet<Region> =
        stroked.iter().flat_map(|step| step.zones()).map(|z| *z.zone).collect();
    let zones: Vec<&str> = zones.iter().map(Region::name).collect();
    let zone = zones.last().unwrap_or(&"calf");
    let step = stroked.first().map_or("calves", |step| step.id.as_str());
    let technique = base.techniques.keys().next().map_or("circles", String::as_str);
    let rate = base.techniques.get(technique).map_or(20.0, |t| t.rate.as_per_minute());
    let leave_out = format!("Steps to leave out. There are: {}.", ids.join(", "));
    let options = textwrap::Options::new(88).initial_indent("# ").subsequent_indent("# ");
    let last = ids.last().unwrap_or(&"welcome");
    let in_step = stroked.first().and_then(|step| step.zones().next());
    let in_step = in_step.map_or("calf", |zone| zone.zone.name());
    let words = [
        ("{name}", name),
        ("{extends}", &format!("{extends:?}")),
        ("{title}", &base.title),
        ("{leave_out}", &textwrap::fill(&leave_out, options)),
        ("{zones}", &zones.join(", ")),
        ("{zone}", zone),
        ("{step}", step),
        ("{in_step}", in_step),
        ("{technique}", technique),
        ("{rate}", &rate.to_string()),
        ("{last}", last),
        ("{first}", ids.first().unwrap_or(&"welcome")),
    ];
    words.iter().fold(TEMPLATE.to_owned(), |text, (key, value)| text.replace(key, value))
}

#[cfg(test)]
mod tests {
    use super::super::settings::SETTINGS;
    use super::TEMPLATE;

    #[test]
    fn every_setting_has_a_line_that_can_be_taken_up() {
        for setting in SETTINGS {
            let line = format!("\n# {} = ", setting.key);
            assert!(TEMPLATE.contains(&line), "{}", setting.key);
        }
    }
}
