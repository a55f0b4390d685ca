//! Short names: of routines, steps, techniques and prompts.
//!
//! They become parts of file names and of section ids, so they are plain.

/// The most characters of a name.
const LONGEST: usize = 64;

/// How to write a name, for messages.
pub const HOW_TO_WRITE: &str =
    "use small letters, digits and hyphens, at most 64, like `slow-circles`";

/// Whether `text` is a name: small letters, digits, `-` and `_`, a letter or digit first.
pub fn is_name(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let first = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    first && text.chars().all(inside) && text.len() <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_folder() {
        for name in ["partner", "my-routine_2", "1st"] {
            assert!(is_name(name), "{name}");
        }
        let long = "x".repeat(65);
        for text in ["", "../x", "a/b", "a.b", "A", "-a", "ä", "a b", "con\0", &long] {
            assert!(!is_name(text), "{text}");
        }
    }
}
