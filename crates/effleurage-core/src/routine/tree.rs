//! A table of values by dotted names, such as `[zones]` with `knuckles.calf = "90s"`.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

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

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

/// Writes the visits of single values, which a [`Scalar`] takes as well.
macro_rules! leaves {
    ($($visit:ident($type:ty) => $scalar:expr),+ $(,)?) => {
        $(fn $visit<E>(self, value: $type) -> Result<Tree, E> {
            Ok(Tree::Leaf($scalar(value)))
        })+
    };
}

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    leaves!(
        visit_str(&str) => |text: &str| Scalar::Text(text.to_owned()),
        visit_i64(i64) => |number| Scalar::Number(number as f64),
        visit_u64(u64) => |number| Scalar::Number(number as f64),
        visit_i128(i128) => |number| Scalar::Number(number as f64),
        visit_u128(u128) => |number| Scalar::Number(number as f64),
        visit_f64(f64) => Scalar::Number,
        visit_bool(bool) => Scalar::Truth,
    );
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Tree, A::Error> {
        let list = serde::de::value::SeqAccessDeserializer::new(list);
        Scalar::deserialize(list).map(Tree::Leaf)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Tree, A::Error> {
        let mut branch = Branch::new();
        while let Some((name, value)) = table.next_entry()? {
            branch.insert(name, value);
        }
        Ok(Tree::Branch(branch))
    }
}
