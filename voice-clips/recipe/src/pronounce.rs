//! Words that the engine says wrongly as they are spelt.

/// Words as the manifest writes them, and what the engine is given instead.
pub type Respellings = [(&'static str, &'static str)];

/// The text to say for a text to show. Only whole words are exchanged.
pub fn respell(text: &str, respellings: &Respellings) -> String {
    let pieces = text.split_inclusive(|c: char| !c.is_alphabetic());
    pieces.map(|piece| respell_word(piece, respellings)).collect()
}

/// One word, with the mark or the space that ends it.
fn respell_word(piece: &str, respellings: &Respellings) -> String {
    let word = piece.trim_end_matches(|c: char| !c.is_alphabetic());
    let end = &piece[word.len()..];
    let respelling = respellings.iter().find(|(shown, _)| shown.eq_ignore_ascii_case(word));
    let said = respelling.map_or(word, |(_, said)| said);
    format!("{said}{end}")
}

#[cfg(test)]
mod tests {
    use super::respell;

    #[test]
    fn only_whole_words_are_respelt() {
        let said = respell("Oil, oily oil.", &[("oil", "oyl")]);
        assert_eq!(said, "oyl, oily oyl.");
    }
}
