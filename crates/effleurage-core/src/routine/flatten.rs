//! A request as one routine file that needs no other: what it extends and what flags
//! change stands in it.

use std::path::{Component, Path, PathBuf};

use super::asked::{Asked, AskedZone, ZoneId};
use super::file::RoutineFile;
use super::include_chain::IncludeChain;
use super::leaf::{Scalar, text};
use super::request::Request;
use super::resolve_changes::Written;
use super::settings::SETTINGS;
use super::tags::{TAGS, Tag};
use super::words::{BedNoise, Legs, TickKit, Word};
use super::write::{self, Asks};
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
    let tables =
        |file: &RoutineFile| file.zones.is_some() || file.pace.is_some() || file.tags.is_some();
    let untouched = alone && own.iter().all(Written::is_empty) && !family.files.iter().any(tables);
    let folders = folders(&family, request);
    let stacked = family.stacked();
    let layers: Vec<Written> = [flags].into_iter().chain(own).collect();
    let asks = one_layer(&layers, &folders, asked, &stacked);
    let into = Some(&request.source.text).filter(|_| untouched);
    into.and_then(|text| write::into(text, &asks)).unwrap_or_else(|| write::anew(&stacked, &asks))
}

/// The flags and the file that was named: what these ask of a zone that is not there is a
/// mistake.
const OWN_LAYERS: usize = 2;

/// What all layers ask together. What stands first wins.
fn one_layer(
    layers: &[Written],
    folders: &[PathBuf],
    asked: &Asked,
    stacked: &RoutineFile,
) -> Asks {
    // What only a file further below asks may speak of zones that are no more, which is
    // no mistake there; what came of it is asked for here.
    let own = layers.len().min(OWN_LAYERS);
    let below = layers[own..].iter().any(|layer| !layer.zones.is_empty());
    let zones = match sole(&layers[..own], |layer| !layer.zones.is_empty()) {
        _ if below => asked_zones(asked, stacked),
        Sole::One(layer) => entries(&layer.zones),
        Sole::Several => asked_zones(asked, stacked),
        Sole::None => Vec::new(),
    };
    let pace = match sole(layers, |layer| !layer.pace.is_empty()) {
        Sole::One(layer) => entries(&layer.pace),
        Sole::Several => asked_paces(asked),
        Sole::None => Vec::new(),
    };
    let keys = SETTINGS.iter().map(|setting| setting.key);
    let leaves = keys.filter_map(|key| Some((key, top(key, layers, folders)?))).collect();
    let tag = |tag: &Tag| {
        let said = layers.iter().find_map(|layer| layer.tags.get(tag.key))?;
        Some((tag.key, said.value.clone()))
    };
    Asks { leaves, zones, pace, tags: TAGS.iter().filter_map(tag).collect() }
}

/// What the highest layer that speaks of a setting says of it.
fn top(key: &str, layers: &[Written], folders: &[PathBuf]) -> Option<Scalar> {
    let mut said = layers.iter().zip(folders);
    let (value, folder) = said.find_map(|(layer, f)| Some((layer.leaves.get(key)?, f)))?;
    match (key, &value.value) {
        ("ticks" | "bed", Scalar::Text(sound)) => Some(Scalar::Text(seen(sound, folder))),
        (_, value) => Some(value.clone()),
    }
}

/// From the folder of the file that was named to that of each layer.
fn folders(family: &IncludeChain, request: &Request<'_>) -> Vec<PathBuf> {
    let whole = |folder: Option<&Path>| request.here.join(folder.unwrap_or(Path::new("")));
    let own = whole(request.source.folder());
    let flags = whole(None);
    let files = family.sources.iter().map(|source| whole(source.folder()));
    [flags].into_iter().chain(files).map(|folder| way(&own, &folder)).collect()
}

/// The way from one folder to another; the other as it is, where nobody knows it: what
/// `..` leads out of may be a link.
fn way(from: &Path, to: &Path) -> PathBuf {
    // Components have no `.` between them.
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let left = || from.components().skip(shared);
    if left().any(|part| !matches!(part, Component::Normal(_))) {
        return to.to_owned();
    }
    let up = left().map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// A sound as it is called from there: a file, but not one that is built in.
fn seen(sound: &str, folder: &Path) -> String {
    let built_in = sound.trim().eq_ignore_ascii_case("off")
        || TickKit::from_word(sound).is_some()
        || BedNoise::from_word(sound).is_some();
    if built_in || folder == Path::new("") {
        sound.to_owned()
    } else {
        folder.join(sound).display().to_string()
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

fn entries(entries: &[tree::Entry]) -> Vec<(String, Scalar)> {
    let written = |(path, value): &tree::Entry| {
        let path: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
        (path.join("."), value.value.clone())
    };
    entries.iter().map(written).collect()
}

/// What was asked of every zone that is left.
fn asked_zones(asked: &Asked, stacked: &RoutineFile) -> Vec<(String, Scalar)> {
    let wanted =
        |(id, wanted): (&ZoneId, &AskedZone)| (path(id, stacked), Scalar::Text(wanted.to_string()));
    asked.zones.iter().map(wanted).collect()
}

/// How a file calls a zone: by step and leg, but by the step alone where it does not take
/// one leg after the other.
fn path(id: &ZoneId, stacked: &RoutineFile) -> String {
    let step = stacked.steps.iter().find(|step| text(&step.id) == Some(&id.step));
    let legs = step.and_then(|step| text(&step.legs));
    if legs == Some(Legs::Each.word()) {
        id.to_string()
    } else {
        format!("{}.{}", id.step, id.zone)
    }
}

/// The paces that came of all layers together.
fn asked_paces(asked: &Asked) -> Vec<(String, Scalar)> {
    let paces = asked.settings.iter().filter_map(|setting| setting.pace.as_ref());
    paces.map(|(name, rate)| (name.clone(), Scalar::typed(&rate.to_string()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_a_folder_to_another_needs_no_system() {
        for (from, to, expected) in [
            ("/a/b", "/a/b", ""),
            ("/a/b", "/a/c/d", "../c/d"),
            ("/a/b", "/a", ".."),
            ("/a/x/../b", "/a/x/../b/./c", "c"),
            ("/a/x/../b", "/a/b/c", "/a/b/c"),
            ("/a/b", "/a/b/../sounds", "../sounds"),
            ("", "sounds", "sounds"),
            ("sub/deep", "", "../.."),
            ("../beside", "../beside/sub", "sub"),
            ("../beside", "sounds", "sounds"),
        ] {
            assert_eq!(way(from.as_ref(), to.as_ref()), Path::new(expected), "{from} {to}");
        }
    }
}
