//! Texts that anybody may have written, on their way to a terminal, a table, a page.

use std::borrow::Cow;

/// What is shown in the place of a character that must not be.
const STAND_IN: char = '\u{fffd}';

/// Whether a character is not seen and changes what is: a control of terminals (C0, C1), the
/// end of a line, a change of the direction in which all around it is read (UAX #9, section
/// 2), or a hidden tag.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The first character of a text that is hidden; lines may end, and a tab may stand.
pub fn first_hidden(text: &str) -> Option<char> {
    let hidden = |(c, next): &(char, Option<char>)| is_hidden(*c) && !is_layout(*c, *next);
    with_next(text).find(hidden).map(|(c, _)| c)
}

/// A text as one line that can be shown.
pub fn line(text: &str) -> Cow<'_, str> {
    replaced(text, |c, _| is_hidden(c))
}

/// A text of several lines that can be shown.
pub fn lines(text: &str) -> Cow<'_, str> {
    replaced(text, |c, next| is_hidden(c) && !is_layout(c, next))
}

/// The same, which may be coloured: a terminal's colours (ECMA-48, SGR) stay.
pub fn styled(text: &str) -> Cow<'_, str> {
    let mut parts = text.split('\u{1b}');
    let first = lines(parts.next().unwrap_or_default());
    if first.len() == text.len() {
        return first;
    }
    let mut shown = first.into_owned();
    for part in parts {
        match part.strip_prefix('[').and_then(|codes| codes.split_once('m')) {
            Some((codes, _)) if codes.bytes().all(|c| c.is_ascii_digit() || c == b';') => {
                shown.push('\u{1b}');
            }
            _ => shown.push(STAND_IN),
        }
        shown += &lines(part);
    }
    Cow::Owned(shown)
}

/// A return alone would write over what stands in the line.
fn is_layout(c: char, next: Option<char>) -> bool {
    matches!(c, '\n' | '\t') || c == '\r' && next == Some('\n')
}

fn with_next(text: &str) -> impl Iterator<Item = (char, Option<char>)> {
    text.char_indices().map(|(n, c)| (c, text[n + c.len_utf8()..].chars().next()))
}

fn replaced(text: &str, hidden: impl Fn(char, Option<char>) -> bool) -> Cow<'_, str> {
    if with_next(text).any(|(c, next)| hidden(c, next)) {
        let shown = |(c, next)| if hidden(c, next) { STAND_IN } else { c };
        Cow::Owned(with_next(text).map(shown).collect())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_shown_as_such_and_colours_stay() {
        assert_eq!(
            line("a\u{1b}[2Jb\u{202e}c\n\u{9b}d"),
            "a\u{fffd}[2Jb\u{fffd}c\u{fffd}\u{fffd}d"
        );
        assert_eq!(lines("a\tb\r\nc\u{7}\rd\r"), "a\tb\r\nc\u{fffd}\u{fffd}d\u{fffd}");
        assert_eq!(
            line("Pantorrilla izquierda, 5 µs, 左腿, שוק"),
            "Pantorrilla izquierda, 5 µs, 左腿, שוק"
        );
        assert_eq!(
            styled("\u{1b}[1;31merror\u{1b}[0m: x\u{1b}]0;t\u{7}"),
            "\u{1b}[1;31merror\u{1b}[0m: x\u{fffd}]0;t\u{fffd}"
        );
        assert_eq!(styled("\u{1b}[2J\u{1b}[31"), "\u{fffd}[2J\u{fffd}[31");
    }
}
