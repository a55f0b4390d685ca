//! How long a text lasts, said by nobody in particular.

/// What lines of eight synthetic voices in six languages last, in seconds, by least squares:
/// the beginning and the end of any line, a letter, a syllable, and the pauses after the
/// sentences inside of a line and at its commas. A line is within 8 % of it, once the pace of
/// its speaker is known, in two of three cases.
const LINE: f64 = 0.4;
const LETTER: f64 = 0.038;
const SYLLABLE: f64 = 0.033;
const SENTENCE: f64 = 0.8;
const COMMA: f64 = 0.15;
/// A digit is read out as a word of so many letters.
const LETTERS_OF_DIGIT: usize = 4;
/// A sign that is a word or a syllable by itself (漢, か) lasts as long as so many letters.
const LETTERS_OF_SIGN: usize = 4;

/// How long `text` lasts, in seconds.
pub fn usual_seconds(text: &str) -> f64 {
    let inside = text.trim().trim_end_matches(is_stop);
    let sentences = inside.chars().filter(|c| is_stop(*c)).count();
    let commas = inside.chars().filter(|c| is_comma(*c)).count();
    let (letters, syllables) = letters_and_syllables(inside);
    LINE + LETTER * letters as f64
        + SYLLABLE * syllables as f64
        + SENTENCE * sentences as f64
        + COMMA * commas as f64
}

/// How many pauses the words have inside.
pub fn pauses(text: &str) -> usize {
    let inside = text.trim().trim_end_matches(is_stop);
    inside.chars().filter(|c| is_stop(*c) || is_comma(*c)).count()
}

fn is_comma(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '،' | '、' | '，' | '；' | '：' | '–' | '—')
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '।')
}

/// The letters of `text`, and its syllables: groups of vowels, digits, and signs that are
/// no letters of an alphabet.
fn letters_and_syllables(text: &str) -> (usize, usize) {
    let (mut letters, mut syllables, mut in_vowels) = (0, 0, false);
    for c in text.chars().flat_map(char::to_lowercase) {
        let vowel = is_vowel(c);
        letters += match c {
            _ if c.is_numeric() => LETTERS_OF_DIGIT,
            _ if is_sign(c) => LETTERS_OF_SIGN,
            _ => 1,
        };
        let own = c.is_numeric() || is_sign(c);
        syllables += usize::from(own || (vowel && !in_vowels));
        in_vowels = vowel;
    }
    (letters, syllables)
}

/// The vowels of the Latin, Greek and Cyrillic alphabets, with any marks above them.
fn is_vowel(c: char) -> bool {
    "aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿāăąēĕėęěĩīĭįıōŏőũūŭůűųạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ\
     αεηιουωάέήίόύώϊϋаеёиоуыэюяіїє"
        .contains(c)
}

/// Scripts whose signs are syllables or words: kana, Hangul, Han.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_syllables_are_those_that_are_said() {
        // Spaces count as letters: they are where a voice changes its place.
        for (text, expected) in [
            ("Halfway", (7, 2)),
            ("été", (3, 2)),
            ("10", (8, 2)),
            ("左腿", (8, 2)),
            ("Нога", (4, 2)),
            ("", (0, 0)),
        ] {
            assert_eq!(letters_and_syllables(text), expected, "{text}");
        }
    }

    #[test]
    fn words_tell_the_length() {
        assert!((usual_seconds("Halfway.") - (0.4 + 7.0 * 0.038 + 2.0 * 0.033)).abs() < 1e-9);
        let pauses = usual_seconds("Press, press. Rest.") - usual_seconds("Press press Rest");
        assert!((pauses - (0.8 + 0.15 + 2.0 * 0.038)).abs() < 1e-9, "{pauses}");
    }
}
