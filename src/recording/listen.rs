//! What a recogniser of speech, which a person names, hears in a recording.

use std::path::Path;
use std::time::Duration;

use super::clean::clean_line;
use super::import::frames;
use super::run::{Program, printed};
use super::sayings::{alike, words};
use super::script::Line;
use super::store::write;
use super::take::{Doubt, Found, Reading};
use crate::cancel::CancelToken;
use crate::voice::Recording;

/// A command with `{wav}` for the file to listen to; it prints what it hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    program: Program,
}

/// It takes no longer for one line.
const LIMIT: Duration = Duration::from_secs(120);
/// What was heard is a line if so many of the letters are the same, …
const SAME: f64 = 0.75;
/// … and no other line is as near as by this.
const NEARER: f64 = 0.1;

/// What was heard is a line but for a word if so many are.
const NEARLY: f64 = 0.6;
/// A word that shares so many of its letters is the same, misheard.
const SAME_WORD: f64 = 0.7;

/// What was heard, held against the lines of a script.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The words of the line.
    Same,
    /// The line, but for a word.
    Nearly,
    /// Those of the line with this index.
    Other(usize),
    /// No line of the script.
    None,
}

impl Listener {
    /// Reads a command as a shell would split it; no shell ever runs it. Or what is wrong
    /// with it.
    pub fn parse(command: &str) -> Result<Listener, &'static str> {
        let program = Program::parse(command)?;
        if !program.mentions("{wav}") {
            return Err("it has no {wav}, where the sound file goes");
        }
        Ok(Listener { program })
    }

    /// What it hears in the file `wav`; or why it heard nothing.
    pub fn hear(&self, wav: &Path, cancel: &CancelToken) -> Result<String, String> {
        let filled = [("{wav}", &*wav.to_string_lossy())];
        let printed = printed(&self.program, &filled, LIMIT, cancel)?;
        // Some recognisers tell the times in brackets before the words.
        let inside = |text: String, open: char, close: char| {
            text.split(open)
                .map(|part| part.split_once(close).map_or(part, |(_, after)| after).to_owned())
                .collect::<Vec<String>>()
                .join(" ")
        };
        Ok(inside(printed, '[', ']').trim().to_owned())
    }
}

/// Lets a program listen to all that was found in a take, and takes away or adds doubts by the
/// words that it hears; tells these. To those as well that are sure: who says another sentence in
/// the same voice may be sure by sound alone.
///
/// # Errors
///
/// Why it could not listen, or that it was asked to stop.
pub fn listen(
    listener: &Listener,
    take: &Recording,
    lines: &[Line],
    Reading { found, slips, .. }: &mut Reading,
    cancel: &CancelToken,
) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let texts = lines.iter().map(|line| line.text.as_str());
    let texts: Vec<&str> = texts.chain(slips.iter().map(String::as_str)).collect();
    let mut all = Vec::new();
    for found in found {
        let wav = folder.path().join(format!("{}.wav", lines[found.line].id));
        let (voice, free) = (frames(found.voice), frames(found.free));
        let heard = match clean_line(take, &voice, &free) {
            // Nothing can be heard in silence.
            Err(_) => String::new(),
            Ok(samples) => {
                let file = std::fs::File::create(&wav).map_err(|error| error.to_string())?;
                write(&file, &samples, take.rate).map_err(|error| error.to_string())?;
                listener.hear(&wav, cancel)?
            }
        };
        weigh(found, verdict(&heard, found.line, &texts));
        all.push(heard);
    }
    Ok(all)
}

/// What the words that were heard do to the doubts of a line. A recogniser that hears nothing it
/// knows proves nothing.
fn weigh(found: &mut Found, verdict: Verdict) {
    match verdict {
        Verdict::Same => {
            // What was broken off has the same words as far as it goes.
            let stays = |doubt: &Doubt| matches!(doubt, Doubt::Edges | Doubt::PartOf(_));
            found.doubts.retain(stays);
        }
        Verdict::Other(other) if found.doubts.is_empty() => found.doubts.push(Doubt::Like(other)),
        Verdict::Nearly if found.doubts.is_empty() => found.doubts.push(Doubt::Sound),
        Verdict::Other(_) | Verdict::Nearly | Verdict::None => {}
    }
}

/// Which of `texts` was `heard`, where the one at `line` should have been.
pub fn verdict(heard_words: &str, line: usize, texts: &[&str]) -> Verdict {
    let heard = words(heard_words).concat();
    let alike: Vec<f64> = texts.iter().map(|text| alike(&heard, &words(text).concat())).collect();
    let others = (0..texts.len()).filter(|other| words(texts[*other]) != words(texts[line]));
    let best = others.max_by(|a, b| alike[*a].total_cmp(&alike[*b]));
    match best {
        Some(other) if alike[other] >= SAME && alike[other] > alike[line] => Verdict::Other(other),
        Some(other) if alike[line] >= SAME && alike[line] < alike[other] + NEARER => Verdict::None,
        _ if alike[line] >= NEARLY && says_another_word(heard_words, texts[line]) => {
            Verdict::Nearly
        }
        _ if alike[line] >= SAME => Verdict::Same,
        _ => Verdict::None,
    }
}

/// Whether a word was heard that is not in the text, or the other way round. How words are
/// parted does not matter.
fn says_another_word(heard: &str, text: &str) -> bool {
    let (heard, text) = (words(heard), words(text));
    if heard.concat() == text.concat() {
        return false;
    }
    let is_in = |word: &String, all: &[String]| {
        // Not so short a word as "no", which is in many.
        let is_part = word.chars().count() >= 4 && all.concat().contains(word.as_str());
        is_part || all.iter().any(|one| alike(one, word) >= SAME_WORD)
    };
    heard.iter().any(|word| !is_in(word, &text)) || text.iter().any(|word| !is_in(word, &heard))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_heard_is_a_line_or_another_or_none() {
        let texts = ["Now the left leg.", "Now the right leg.", "Halfway."];
        assert_eq!(verdict("now the left leg", 0, &texts), Verdict::Same);
        assert_eq!(verdict("Now the right leg!", 0, &texts), Verdict::Other(1));
        assert_eq!(verdict("Thank you for watching.", 0, &texts), Verdict::None);
        assert_eq!(verdict("half way", 2, &texts), Verdict::Same);
        assert_eq!(verdict("", 2, &texts), Verdict::None);
        // One word makes it another line, even if no line has it.
        assert_eq!(verdict("Now the heft leg", 0, &texts[..1]), Verdict::Same);
        assert_eq!(verdict("Now the right leg.", 0, &texts[..1]), Verdict::Nearly);
        assert_eq!(verdict("Forty seconds.", 0, &["Thirty seconds."]), Verdict::Nearly);
        assert_eq!(verdict("Never press hard on it.", 0, &["Press hard on it."]), Verdict::Nearly);
        // Two lines of the same words are no rivals.
        assert_eq!(verdict("halfway", 0, &["Halfway.", "halfway"]), Verdict::Same);
    }

    #[test]
    fn letters_are_counted() {
        assert!((alike("kitten", "sitting") - (1.0 - 3.0 / 7.0)).abs() < 1e-12);
        assert!((alike("", "") - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_command_says_where_the_file_goes() {
        assert!(Listener::parse("whisper-cli -nt -f {wav}").is_ok());
        assert_eq!(Listener::parse("hear"), Err("it has no {wav}, where the sound file goes"));
    }
}
