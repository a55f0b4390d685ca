//! A request as one routine file that needs no other: what it extends and what flags
//! change stands in it.

use std::path::{Component, Path, PathBuf};

use super::asked::Asked;
use super::file::{ClosingFile, RoutineFile, StepFile, TechniqueFile, ZoneFile};
use super::include_chain::IncludeChain;
use super::leaf::{Leaf, Scalar, text};
use super::request::Request;
use super::resolve_changes::Written;
use super::settings::SETTINGS;
use super::spanned::Spanned;
use super::words::{BedNoise, Leg, Legs, TickKit, Word};
use super::{flags, tree};
use crate::diagnostic::Sources;

/// `request`, which has no mistakes, as the text of one file. To render that gives the
/// same track; and this of it is the same text again.
///
/// A file without changes stays as its author wrote it, remarks and all. Where it is
/// changed in one place only, the changes are written into it; otherwise it is written
/// anew. `asked` settles what several places ask of the same zones.
pub fn flatten(request: &Request<'_>, asked: &Asked) -> String {
    let mut family = IncludeChain::read(request);
    let flags = flags::written(&request.flags, &mut Sources::default(), &mut Vec::new());
    let own: Vec<Written> = family.files.iter().map(RoutineFile::changes).collect();
    let alone = family.files.len() == 1;
    if alone && flags.is_empty() {
        return request.source.text.clone();
    }
    // Even a table without entries is in the way of another.
    let tables = |file: &RoutineFile| file.zones.is_some() || file.pace.is_some();
    let untouched = alone && own.iter().all(Written::is_empty) && !family.files.iter().any(tables);
    let folders = folders(&family, request);
    let stacked = family.stacked();
    let changes = one_layer([flags].into_iter().chain(own).collect(), &folders, asked, &stacked);
    match untouched {
        true => changes.written_into(&request.source.text),
        false => file(&stacked, &changes),
    }
}

/// The flags and the file that was named: what these ask of a zone that is not there is a
/// mistake.
const OWN_LAYERS: usize = 2;

/// Lines of a file, for the changes at its top and for the tables of them.
struct Changes {
    leaves: String,
    tables: String,
}

impl Changes {
    /// `text` with these changes: single ones before its first key, tables at its end.
    fn written_into(&self, text: &str) -> String {
        let is_remark = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
        let head: usize = text.split_inclusive('\n').take_while(is_remark).map(str::len).sum();
        let (head, rest) = text.split_at(head);
        let newline = if rest.ends_with('\n') { "" } else { "\n" };
        format!("{head}{}{rest}{newline}{}", self.leaves, self.tables)
    }
}

/// What all layers ask together. What stands first wins.
fn one_layer(
    layers: Vec<Written>,
    folders: &[PathBuf],
    asked: &Asked,
    stacked: &RoutineFile,
) -> Changes {
    let mut leaves = String::new();
    for key in SETTINGS.iter().map(|setting| setting.key) {
        let top =
            layers.iter().zip(folders).find_map(|(layer, f)| Some((layer.leaves.get(key)?, f)));
        leaves += &top.map_or(String::new(), |(value, folder)| match (key, &value.value) {
            ("ticks" | "bed", Scalar::Text(sound)) => {
                entry(key, &Scalar::Text(seen(sound, folder)))
            }
            (_, value) => entry(key, value),
        });
    }
    // What only a file further below asks may speak of zones that are no more, which is
    // no mistake there; what came of it is asked for here.
    let own = layers.len().min(OWN_LAYERS);
    let below = layers[own..].iter().any(|layer| !layer.zones.is_empty());
    let zones = match sole(&layers[..own], |layer| !layer.zones.is_empty()) {
        _ if below => asked_zones(asked, stacked),
        Sole::One(layer) => entries(&layer.zones),
        Sole::Several => asked_zones(asked, stacked),
        Sole::None => String::new(),
    };
    let pace = match sole(&layers, |layer| !layer.pace.is_empty()) {
        Sole::One(layer) => entries(&layer.pace),
        Sole::Several => asked_paces(asked),
        Sole::None => String::new(),
    };
    let tables =
        [("zones", zones), ("pace", pace)].into_iter().filter(|(_, lines)| !lines.is_empty());
    let tables = tables.map(|(name, lines)| format!("\n[{name}]\n{lines}")).collect();
    Changes { leaves, tables }
}

/// From the folder of the file that was named to that of each layer.
fn folders(family: &IncludeChain, request: &Request<'_>) -> Vec<PathBuf> {
    let to = |folder: Option<&Path>| folder.unwrap_or(Path::new("")).to_owned();
    let own = to(request.source.folder());
    let files = family.sources.iter().map(|source| to(source.folder()));
    [PathBuf::new()].into_iter().chain(files).map(|folder| way(&own, &folder)).collect()
}

/// The way from one folder to another; absolute where there is none.
fn way(from: &Path, to: &Path) -> PathBuf {
    if from == to {
        return PathBuf::new();
    }
    // An empty path is the folder that the program runs in.
    let whole = |path: &Path| std::path::absolute(Path::new(".").join(path));
    let (Ok(from), Ok(to)) = (whole(from), whole(to)) else {
        return to.to_owned();
    };
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// A sound as it is called from there: a file, but not one that is built in.
fn seen(sound: &str, folder: &Path) -> String {
    let built_in = sound == "off"
        || TickKit::from_word(sound).is_some()
        || BedNoise::from_word(sound).is_some();
    match built_in || folder == Path::new("") {
        true => sound.to_owned(),
        false => folder.join(sound).display().to_string(),
    }
}

/// How many layers speak of something.
enum Sole<'a> {
    None,
    One(&'a Written),
    Several,
}

fn sole(layers: &[Written], speaks: impl Fn(&Written) -> bool) -> Sole<'_> {
    let mut speaking = layers.iter().filter(|layer| speaks(layer));
    match (speaking.next(), speaking.next()) {
        (None, _) => Sole::None,
        (Some(layer), None) => Sole::One(layer),
        (Some(_), Some(_)) => Sole::Several,
    }
}

fn entries(entries: &[tree::Entry]) -> String {
    let line = |(path, value): &tree::Entry| {
        let path: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
        entry(&path.join("."), &value.value)
    };
    entries.iter().map(line).collect()
}

/// What was asked of every zone that is left.
fn asked_zones(asked: &Asked, stacked: &RoutineFile) -> String {
    asked.zones.iter().map(|(id, wanted)| asked_zone(id, wanted, stacked)).collect()
}

/// What was asked of the zone in the section `id`: by step and leg, but by the step alone
/// where it does not take one leg after the other.
fn asked_zone(id: &str, wanted: &str, stacked: &RoutineFile) -> String {
    let each = |step: &str| {
        let step = stacked.steps.iter().find(|known| text(&known.id) == Some(step));
        step.and_then(|step| text(&step.legs)).is_some_and(|legs| legs == Legs::Each.word())
    };
    let parts: Vec<&str> = id.split('.').collect();
    let path = match parts.as_slice() {
        [step, leg, zone] if Leg::from_word(leg).is_some() && !each(step) => {
            format!("{step}.{zone}")
        }
        _ => id.to_owned(),
    };
    entry(&path, &Scalar::Text(wanted.to_owned()))
}

/// The paces that came of all layers together.
fn asked_paces(asked: &Asked) -> String {
    let paces = asked.settings.iter().filter_map(|setting| {
        let rate = setting.comes_out.strip_suffix("/min")?;
        Some(entry(setting.technique.as_ref()?, &Scalar::typed(rate)))
    });
    paces.collect()
}

/// The whole file, written anew.
fn file(file: &RoutineFile, changes: &Changes) -> String {
    let mut text = leaves(&[("name", &file.name), ("title", &file.title), ("for", &file.audience)]);
    text += &list("remind", &file.remind);
    text += &changes.leaves;
    text += &changes.tables;
    for (name, region) in &file.regions {
        text += &format!("\n[regions.{}]\n{}", key(name), leaves(&[("title", &region.title)]));
    }
    for (name, technique) in &file.techniques {
        text += &format!("\n[techniques.{}]\n{}", key(name), self::technique(technique));
    }
    text.extend(file.steps.iter().map(|step| format!("\n[[step]]\n{}", self::step(step))));
    text.extend(
        file.closing.iter().map(|closing| format!("\n[closing]\n{}", self::closing(closing))),
    );
    text
}

fn technique(technique: &TechniqueFile) -> String {
    let TechniqueFile { title, strokes_per_minute, ticks, motion, pressure, strokes_per_pass } =
        technique;
    leaves(&[
        ("title", title),
        ("strokes_per_minute", strokes_per_minute),
        ("ticks", ticks),
        ("motion", motion),
        ("pressure", pressure),
        ("strokes_per_pass", strokes_per_pass),
    ])
}

/// Steps stand in their order already, so `after` and `before` have nothing more to say.
fn step(step: &StepFile) -> String {
    let StepFile { id, title, say, lead_in, legs, changeover, zones, pause, after: _, before: _ } =
        step;
    let mut text = leaves(&[("id", id), ("title", title)]) + &list("say", say);
    text += &leaves(&[("lead_in", lead_in), ("legs", legs), ("changeover", changeover)]);
    if !zones.is_empty() {
        let zones: String =
            zones.iter().map(|zone| format!("  {{ {} }},\n", self::zone(zone))).collect();
        text += &format!("zones = [\n{zones}]\n");
    }
    text + &leaves(&[("pause", pause)])
}

/// On one line, as within braces.
fn zone(zone: &ZoneFile) -> String {
    let ZoneFile { zone, technique, lasts, strokes, min, max, say, lead_in } = zone;
    let text = leaves(&[
        ("zone", zone),
        ("technique", technique),
        ("lasts", lasts),
        ("strokes", strokes),
        ("min", min),
        ("max", max),
    ]);
    let text = text + &list("say", say) + &leaves(&[("lead_in", lead_in)]);
    text.lines().collect::<Vec<_>>().join(", ")
}

fn closing(closing: &ClosingFile) -> String {
    list("say", &closing.say) + &leaves(&[("lasts", &closing.lasts)])
}

fn leaves(leaves: &[(&str, &Leaf)]) -> String {
    let set = leaves.iter().filter_map(|(key, leaf)| Some((key, leaf.as_ref()?)));
    set.map(|(key, leaf)| entry(key, &leaf.value)).collect()
}

fn list(key: &str, values: &[Spanned<Scalar>]) -> String {
    let values: Vec<String> = values.iter().map(|value| shown(&value.value)).collect();
    match values.is_empty() {
        true => String::new(),
        false => format!("{key} = [{}]\n", values.join(", ")),
    }
}

fn entry(name: &str, value: &Scalar) -> String {
    format!("{} = {}\n", key(name), shown(value))
}

/// A key, between quotes where it is not a plain word.
fn key(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match !name.is_empty() && name.chars().all(plain) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

fn shown(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => quoted(text),
        Scalar::Number(number) => number.to_string(),
        Scalar::Truth(truth) => truth.to_string(),
        // No routine without mistakes has such a value.
        Scalar::Other(what) => quoted(what),
    }
}

/// A basic string of TOML 1.0: that of JSON (RFC 8259), which leaves one control
/// character as it is.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}
