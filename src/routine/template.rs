//! A file that extends a routine, with a remark for everything that can be changed.

use std::collections::BTreeSet;

use super::model::{Routine, Step};
use super::words::{Word, Zone};

/// A new routine called `name` that extends `base`, by which it is found as `extends`.
/// As it is, it changes nothing: every change waits behind a `#`.
pub fn template(name: &str, extends: &str, base: &Routine) -> String {
    let ids: Vec<&str> = base.steps.iter().map(|step| step.id.as_str()).collect();
    let stroked: Vec<&Step> =
        base.steps.iter().filter(|step| step.zones().next().is_some()).collect();
    let zones: BTreeSet<Zone> =
        stroked.iter().flat_map(|step| step.zones()).map(|z| *z.zone).collect();
    let zones: Vec<&str> = zones.into_iter().map(Zone::word).collect();
    let zone = zones.last().unwrap_or(&"calf");
    let step = stroked.first().map_or("calves", |step| step.id.as_str());
    let technique = base.techniques.keys().next().map_or("circles", String::as_str);
    let rate = base.techniques.get(technique).map_or(20.0, |t| t.rate.as_per_minute());
    let leave_out = format!("Steps to leave out. There are: {}.", ids.join(", "));
    let options = textwrap::Options::new(88).initial_indent("# ").subsequent_indent("# ");
    let last = ids.last().unwrap_or(&"welcome");
    let in_step = stroked.first().and_then(|step| step.zones().next());
    let in_step = in_step.map_or("calf", |zone| zone.zone.word());
    format!(
        r##"# {title}, made yours.
#
# This file says only what is different. Take the # away from a line to make a change,
# then listen: effleurage render {name}.toml
# What came of it:               effleurage plan {name}.toml
#
# A flag of the same name wins over a line here: --total 15m

name = "{name}"
extends = {extends:?}
# title = "{title}"

# The whole track lasts exactly this long; zones stretch or shrink in proportion.
# total = "20m"

# How much is said: "full", "brief", or "ticks" for nothing but warnings.
# talk = "brief"

# Only one leg, "left" or "right"; or which of the two comes first.
# legs = "left"
# first = "right"

# For varicose or spider veins: light circles, and nothing presses.
# gentle = "on"

# The warnings in one sentence, for those who know them.
# i_know_the_warnings = "on"

# Ticks that count in before each zone; whether its middle is told; how long before its
# end that is told; how often the time that is left is told.
# count_in = 3
# halfway = "off"
# closing_cue = "off"
# time_left = "1m"

# Strokes slow toward the end of each zone.
# slow_down = "10%"

# Louder or softer, in decibels.
# tick_level = -3
# voice_level = 2
# bed_level = -3

# The sound of the ticks ("soft", "wood", "drop", or a short sound file beside this one)
# and a quiet background ("rain", "brown", or a sound file beside this one).
# ticks = "wood"
# bed = "rain"

{leave_out}
# remove = ["{last}"]

# How long zones last: by zone, by leg and zone, or by step and zone; "off" leaves one
# out. There are: {zones}.
# [zones]
# {zone} = "1m30s"
# left.{zone} = "40s"
# {step}.{in_step} = "30strokes"

# Strokes a minute: of one technique, and a factor for the others.
# [pace]
# {technique} = {rate}
# all = "0.9x"

# A step of your own. With the id of one that is there, it takes its place.
# [[step]]
# id = "rest"
# title = "A rest"
# say = ["take-your-time"]
# pause = "30s"
# after = "{last}"
"##,
        title = base.title,
        leave_out = textwrap::fill(&leave_out, options),
        zones = zones.join(", "),
    )
}
