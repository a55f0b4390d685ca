//! The writer of routine files: the one place where one is made or changed.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::file::{RoutineFile, StepFile, TechniqueFile, ZoneFile};
use super::leaf::{Leaf, Scalar};
use super::spanned::Spanned;

/// What a file asks to be different.
pub struct Asks {
    /// Single settings, by their keys.
    pub leaves: Vec<(&'static str, Scalar)>,
    /// Lengths of zones, by their paths.
    pub zones: Vec<(String, Scalar)>,
    /// Strokes a minute, by technique.
    pub pace: Vec<(String, Scalar)>,
    /// What tracks are called, by key.
    pub tags: Vec<(&'static str, Scalar)>,
}

/// The routine file `text`, which asks for nothing yet, with what it is to ask; remarks,
/// values and ends of lines stay as their author wrote them. `None` where it is not TOML.
pub fn into(text: &str, asks: &Asks) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    add(document.as_table_mut(), asks);
    let written = document.to_string();
    if text.contains("\r\n") {
        return Some(written.replace("\r\n", "\n").replace('\n', "\r\n"));
    }
    Some(written)
}

/// A routine file, written anew, with what it is to ask.
pub fn anew(file: &RoutineFile, asks: &Asks) -> String {
    let mut document = DocumentMut::new();
    let root = document.as_table_mut();
    leaves(root, [("name", &file.name), ("title", &file.title), ("for", &file.audience)]);
    list(root, "remind", &file.remind);
    add(root, asks);
    let regions = file.regions.iter();
    let region =
        |(name, region): &(Spanned<String>, Spanned<_>)| (name.value.clone(), title(region));
    tables(root, "regions", regions.map(region));
    let kinds = file.techniques.iter();
    tables(root, "techniques", kinds.map(|(name, kind)| (name.value.clone(), technique(kind))));
    let steps: ArrayOfTables = file.steps.iter().map(|file| step(file)).collect();
    root.insert("step", Item::ArrayOfTables(steps));
    if let Some(closing) = &file.closing {
        let mut table = Table::new();
        list(&mut table, "say", &closing.say);
        leaves(&mut table, [("lasts", &closing.lasts)]);
        root.insert("closing", Item::Table(table));
    }
    document.to_string()
}

fn add(root: &mut Table, asks: &Asks) {
    root.extend(asks.leaves.iter().map(|(key, asked)| (*key, scalar(asked))));
    for (name, asked) in [("zones", &asks.zones), ("pace", &asks.pace)] {
        if !asked.is_empty() {
            let entries = asked.iter().map(|(key, asked)| (key, scalar(asked)));
            root.insert(name, Item::Table(entries.collect()));
        }
    }
    if !asks.tags.is_empty() {
        let entries = asks.tags.iter().map(|(key, asked)| (*key, scalar(asked)));
        root.insert("tags", Item::Table(entries.collect()));
    }
}

/// Tables below `name`, which has no heading of its own.
fn tables(root: &mut Table, name: &str, entries: impl Iterator<Item = (String, Table)>) {
    let mut table = Table::new();
    table.set_implicit(true);
    table.extend(entries.map(|(name, entry)| (name, Item::Table(entry))));
    if !table.is_empty() {
        root.insert(name, Item::Table(table));
    }
}

fn title(region: &super::file::RegionFile) -> Table {
    let mut table = Table::new();
    leaves(&mut table, [("title", &region.title)]);
    table
}

fn technique(file: &TechniqueFile) -> Table {
    let TechniqueFile { title, strokes_per_minute, ticks, motion, pressure, strokes_per_pass } =
        file;
    let mut table = Table::new();
    leaves(
        &mut table,
        [
            ("title", title),
            ("strokes_per_minute", strokes_per_minute),
            ("ticks", ticks),
            ("motion", motion),
            ("pressure", pressure),
            ("strokes_per_pass", strokes_per_pass),
        ],
    );
    table
}

/// Steps stand in their order already, so `after` and `before` have nothing more to say.
fn step(file: &StepFile) -> Table {
    let StepFile { id, title, say, lead_in, legs, changeover, zones, pause, after: _, before: _ } =
        file;
    let mut table = Table::new();
    leaves(&mut table, [("id", id), ("title", title)]);
    list(&mut table, "say", say);
    leaves(&mut table, [("lead_in", lead_in), ("legs", legs), ("changeover", changeover)]);
    if !zones.is_empty() {
        table.insert("zones", value(on_lines(zones.iter().map(|file| zone(file)))));
    }
    leaves(&mut table, [("pause", pause)]);
    table
}

fn zone(file: &ZoneFile) -> InlineTable {
    let ZoneFile { zone, technique, lasts, strokes, min, max, say, lead_in } = file;
    let mut table = Table::new();
    leaves(
        &mut table,
        [
            ("zone", zone),
            ("technique", technique),
            ("lasts", lasts),
            ("strokes", strokes),
            ("min", min),
            ("max", max),
        ],
    );
    list(&mut table, "say", say);
    leaves(&mut table, [("lead_in", lead_in)]);
    table.into_inline_table()
}

/// A list with each entry on a line of its own.
fn on_lines(entries: impl Iterator<Item = InlineTable>) -> Array {
    let mut list = Array::new();
    for mut entry in entries {
        entry.decor_mut().set_prefix("\n  ");
        list.push_formatted(Value::InlineTable(entry));
    }
    list.set_trailing_comma(true);
    list.set_trailing("\n");
    list
}

fn leaves<const N: usize>(table: &mut Table, leaves: [(&str, &Leaf); N]) {
    let written = leaves.into_iter().filter_map(|(key, leaf)| Some((key, leaf.as_ref()?)));
    table.extend(written.map(|(key, leaf)| (key, scalar(&leaf.value))));
}

fn list(table: &mut Table, key: &str, values: &[Spanned<Scalar>]) {
    if !values.is_empty() {
        let values: Array = values.iter().map(|value| scalar(&value.value)).collect();
        table.insert(key, value(values));
    }
}

fn scalar(written: &Scalar) -> Value {
    match written {
        Scalar::Text(text) => text.into(),
        // Every whole number of a routine is far below what an i64 holds.
        Scalar::Number(number) if number.fract() == 0.0 => (*number as i64).into(),
        Scalar::Number(number) => (*number).into(),
        Scalar::Truth(truth) => (*truth).into(),
        // No routine without mistakes has such a value.
        Scalar::Other(what) => (*what).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_author_wrote_stays() {
        let asks = Asks {
            leaves: vec![("total", Scalar::Text("9m".to_owned()))],
            zones: vec![("left.calf".to_owned(), Scalar::Text("off".to_owned()))],
            pace: vec![("circles".to_owned(), Scalar::Number(18.0))],
            tags: vec![("artist", Scalar::Text("Leg Clinic".to_owned()))],
        };
        let text =
            "# Mine.\nname = 'x'   # short\n\n# Slow.\n[techniques.circles]\nticks = \"X\"\n";
        let expected = "# Mine.\nname = 'x'   # short\ntotal = \"9m\"\n\n# Slow.\n\
                        [techniques.circles]\nticks = \"X\"\n\n[zones]\n\
                        \"left.calf\" = \"off\"\n\n[pace]\ncircles = 18\n\n[tags]\nartist = \"Leg Clinic\"\n";
        assert_eq!(into(text, &asks).unwrap(), expected);
        let windows = text.replace('\n', "\r\n");
        assert_eq!(into(&windows, &asks).unwrap(), expected.replace('\n', "\r\n"));
        assert_eq!(into("name = ", &asks), None);
    }
}
