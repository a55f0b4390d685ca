//! A table of values by dotted names, such as `[zones]` with `knuckles.calf = "90s"`.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::cursor::{Cursor, Read, Value};
use super::leaf::Scalar;
use super::spanned::Spanned;

/// A value, or a table of further ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// A value.
    Leaf(Scalar),
    /// Values by name.
    Branch(Branch),
}

/// Values by name.
pub type Branch = BTreeMap<Spanned<String>, Spanned<Tree>>;

/// A value of a tree with the names that lead to it.
pub type Entry = (Vec<Spanned<String>>, Spanned<Scalar>);

/// Every value below `branch`, each with its path.
pub fn entries(branch: &Branch) -> Vec<Entry> {
    let mut found = Vec::new();
    for (name, tree) in branch {
        match &tree.value {
            Tree::Leaf(value) => found.push((vec![name.clone()], tree.with(value.clone()))),
            Tree::Branch(below) => {
                for (mut path, value) in entries(below) {
                    path.insert(0, name.clone());
                    found.push((path, value));
                }
            }
        }
    }
    found
}

impl Read for Tree {
    fn read(value: &Value<'_>, cursor: &mut Cursor<'_>) -> Option<Tree> {
        match value.get_ref() {
            DeValue::Table(_) => Branch::read(value, cursor).map(Tree::Branch),
            _ => Scalar::read(value, cursor).map(Tree::Leaf),
        }
    }
}
