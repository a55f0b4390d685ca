//! Text broken into lines that fit.

use super::font::{Run, Weight, set};

/// What ends a text that was cut.
const CUT: &str = "…";

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// How strong.
    pub weight: Weight,
    /// How large, in points.
    pub size: f32,
}

impl Style {
    /// On one line, as long as it comes.
    pub fn set(self, text: &str) -> Run {
        set(text, self.weight, self.size)
    }

    /// On one line that is at most `width` long; what does not fit is cut.
    pub fn fitted(self, text: &str, width: f32) -> Run {
        let whole = self.set(text);
        if whole.width <= width { whole } else { self.cut(&whole.text, width) }
    }

    /// On lines that are at most `width` long, and no more than `most` of them.
    pub fn wrapped(self, text: &str, width: f32, most: usize) -> Vec<Run> {
        let mut lines = Vec::new();
        let text = super::font::printable(text);
        let mut rest = text.as_str();
        while !rest.is_empty() && lines.len() < most {
            let (line, after) = rest.split_at(self.break_in(rest, width));
            let last = lines.len() + 1 == most && !after.trim().is_empty();
            lines.push(if last { self.cut(rest, width) } else { self.set(line) });
            rest = after.trim_start();
        }
        lines
    }

    /// Where the first line of `text` ends: after a word, or within one that is longer
    /// than a line.
    fn break_in(self, text: &str, width: f32) -> usize {
        let fits = |end: usize| self.set(&text[..end]).width <= width;
        let spaces = text.match_indices(' ').map(|(at, _)| at).chain([text.len()]);
        let within = text.char_indices().skip(1).map(|(at, _)| at);
        let first = text.chars().next().map_or(0, char::len_utf8);
        let longest = |ends: &mut dyn Iterator<Item = usize>| ends.take_while(|e| fits(*e)).last();
        longest(&mut spaces.into_iter())
            .or_else(|| longest(&mut within.into_iter()))
            .unwrap_or(first)
    }

    /// As much of `text` as fits on a line before the sign that there is more.
    fn cut(self, text: &str, width: f32) -> Run {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        let with_sign = |end: usize| self.set(&format!("{}{CUT}", text[..end].trim_end()));
        let runs = ends.map(with_sign).take_while(|run| run.width <= width);
        runs.last().unwrap_or_else(|| self.set(CUT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { weight: Weight::Regular, size: 10.0 };

    fn lines(text: &str, most: usize) -> Vec<String> {
        let runs = STYLE.wrapped(text, 60.0, most);
        assert!(runs.iter().all(|run| run.width <= 60.0));
        runs.into_iter().map(|run| run.text).collect()
    }

    #[test]
    fn lines_end_after_words() {
        assert_eq!(lines("one two three four five", 9), ["one two", "three four", "five"]);
        assert_eq!(lines("", 9), Vec::<String>::new());
    }

    #[test]
    fn a_long_word_is_broken_and_a_long_text_cut() {
        let long = lines(&"w".repeat(30), 9);
        assert_eq!(long.concat(), "w".repeat(30));
        let cut = lines("one two three four five", 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…'), "{cut:?}");
    }
}
