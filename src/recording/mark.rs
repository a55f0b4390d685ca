//! Marks in a voice's manifest, which a person writes as well.

use toml_edit::{DocumentMut, Item, Table, value};

/// The table that tells which clips a program spoke.
const SPOKEN_BY: &str = "spoken_by";

/// The `manifest` with a mark that `command` spoke `id`; everything else stays as it was
/// written.
///
/// # Errors
///
/// Why it cannot be marked.
pub fn spoken_by(manifest: &str, id: &str, command: &str) -> Result<String, String> {
    let mut manifest: DocumentMut = manifest.parse().map_err(|error| format!("{error}"))?;
    let marks = manifest.entry(SPOKEN_BY).or_insert(Item::Table(Table::new()));
    let marks = marks.as_table_like_mut().ok_or("`spoken_by` is no table")?;
    marks.insert(id, value(command));
    Ok(manifest.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(manifest: &str) -> String {
        spoken_by(manifest, "b", "say '{text}'").unwrap()
    }

    #[test]
    fn what_a_program_spoke_is_marked_and_nothing_else_changes() {
        let prompts = "# Mine.\n[prompts]\na = \"A.\"   # first\nb = \"B.\"\n";
        assert_eq!(marked(prompts), format!("{prompts}\n[spoken_by]\nb = \"say '{{text}}'\"\n"));
        // A remark is no heading, and a heading may have one.
        let remark = "[prompts]\nb = \"B.\" # see\n# [spoken_by]\n";
        let made = marked(remark);
        assert!(made.starts_with("[prompts]\nb = \"B.\" # see\n"), "{made}");
        assert!(made.contains("# [spoken_by]\n") && made.contains("\n[spoken_by]\n"), "{made}");
        let headed = "[spoken_by] # who\na = \"me\"\n\n[titles]\nx = \"y\"\n";
        let expected =
            "[spoken_by] # who\na = \"me\"\nb = \"say '{text}'\"\n\n[titles]\nx = \"y\"\n";
        assert_eq!(marked(headed), expected);
    }

    /// In every way in which a table can be written, the mark is there once and the others
    /// stay.
    #[test]
    fn tables_of_every_shape_take_a_mark() {
        for marks in [
            "[spoken_by]\na = \"me\"\nb = \"old\"\n",
            "[ spoken_by ]\na = \"me\"\n",
            "[\"spoken_by\"]\na = \"me\"\n\"b\" = 'old'\n",
            "spoken_by = { a = \"me\", b = \"old\" }\n",
            "spoken_by = {a = \"me\"}\n[prompts]\nb = \"\"\"\n[spoken_by]\n\"\"\"\n",
            "spoken_by.a = \"me\"\nspoken_by.b = \"old\"\n",
            "[prompts]\nb = \"B.\"\n[spoken_by]\na = \"me\"",
            "[spoken_by]\r\na = \"me\"\r\n\r\n[prompts]\r\nb = \"B.\"\r\n",
        ] {
            let table: toml::Table = toml::from_str(&marked(marks)).unwrap();
            let spoken = table["spoken_by"].as_table().unwrap();
            assert_eq!(spoken.len(), 2, "{marks}");
            assert_eq!(spoken["a"].as_str(), Some("me"), "{marks}");
            assert_eq!(spoken["b"].as_str(), Some("say '{text}'"), "{marks}");
        }
    }

    #[test]
    fn what_is_no_table_is_told() {
        let why = spoken_by("spoken_by = 1\n", "b", "x").unwrap_err();
        assert_eq!(why, "`spoken_by` is no table");
    }
}
