//! A recording kit: a script to read from, and the empty pack that the recordings fill.

use std::time::Duration;

use super::script::Line;
use crate::routine::duration::plain;

/// What a kit is for, to be shown at its head.
pub struct Heading {
    /// The routines, or all of them.
    pub title: String,
    /// The language of the lines, as BCP 47 writes it.
    pub language: String,
}

/// How to record, told to somebody who never did.
const ADVICE: [&str; 5] = [
    "Choose a quiet room with soft things in it, and lay the phone a hand's breadth from your mouth.",
    "Read the lines in this order. Between two lines, be silent for two seconds.",
    "A slip? Be silent for two seconds and say the whole line again, then tell which one it was.",
    "One long recording is fine; so is a file for each line, named after its number or its id.",
    "Then: effleurage voice import RECORDING --into FOLDER, and effleurage voice check FOLDER.",
];

/// The script as Markdown.
pub fn markdown(heading: &Heading, lines: &[Line]) -> String {
    let advice: String = ADVICE.iter().map(|advice| format!("- {advice}\n")).collect();
    let line = |line: &Line| {
        format!(
            "{}. **{}**  \n   `{}` · {}{}\n\n",
            line.number,
            line.text,
            line.id,
            line.how,
            longest(line)
        )
    };
    let lines: String = lines.iter().map(line).collect();
    format!("# {} ({})\n\n{advice}\n{lines}", heading.title, heading.language)
}

/// A clip has margins, and in a noisy room it fades slowly: it is longer than its words by this.
const AROUND_WORDS: Duration = Duration::from_millis(300);

fn longest(line: &Line) -> String {
    let seconds = line.longest.map(|longest| {
        // To a tenth of a second, and never more than there is.
        let words = longest.saturating_sub(AROUND_WORDS).as_millis() as u64;
        Duration::from_millis(words / 100 * 100)
    });
    seconds.map_or(String::new(), |longest| format!(" · at most {}", plain(longest)))
}

/// The look of the page: large type, a line never broken over two pages.
const STYLE: &str = "\
body { font: 13pt/1.5 Georgia, serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } ul { padding-left: 1.2rem; font-size: 0.85rem; }
table { border-collapse: collapse; width: 100%; }
td { padding: 0.45rem 0.4rem; vertical-align: top; border-top: 1px solid #bbb; }
td:first-child { text-align: right; color: #555; width: 2.2rem; }
small { display: block; color: #555; font: 0.68rem/1.4 sans-serif; }
tr { break-inside: avoid; }
@page { size: A4; margin: 15mm; }
@media print { body { margin: 0; font-size: 12pt; max-width: none; } }
";

/// The script as a page to print.
pub fn html(heading: &Heading, lines: &[Line]) -> String {
    let advice: String =
        ADVICE.iter().map(|advice| format!("<li>{}</li>\n", escaped(advice))).collect();
    let line = |line: &Line| {
        format!(
            "<tr><td>{}</td><td>{}<small><code>{}</code> · {}{}</small></td></tr>\n",
            line.number,
            escaped(&line.text),
            line.id,
            escaped(line.how),
            longest(line)
        )
    };
    let lines: String = lines.iter().map(line).collect();
    let (title, language) = (escaped(&heading.title), escaped(&heading.language));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<ul>\n{advice}</ul>\n\
         <table>\n{lines}</table>\n</body>\n</html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The manifest of a pack whose clips are still to be recorded, its prompts in the order of
/// the script.
pub fn manifest(name: &str, language: &str, lines: &[Line]) -> String {
    let prompts: String =
        lines.iter().map(|line| format!("{} = {}\n", line.id, quoted(&line.text))).collect();
    format!(
        "# A voice of your own. Write who speaks, and under which licence others may use it.\n\
         # A line of [prompts] is one clip beside this file, called after its id.\n\n\
         format = \"effleurage-voice/1\"\nname = {}\nlanguage = {}\nspeaker = \"\"\nlicence = \"\"\n\n\
         [prompts]\n{prompts}",
        quoted(name),
        quoted(language)
    )
}

/// A text as TOML writes it; what JSON makes of it is a basic string of TOML as well.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The manifest of a voice in another language, from the `text` of one that is complete,
/// and from that of a `translated` one: every prompt waits for its translation, with the
/// words to translate beside it, and so does every title, which is its own key.
pub fn to_translate(text: &str, translated: &str, language: &str) -> String {
    let mut made = String::new();
    let mut in_table = false;
    for line in text.lines().skip_while(|line| line.starts_with('#') || line.is_empty()) {
        in_table |= line.starts_with('[');
        let pair = line.split_once(" = ").filter(|(key, _)| !key.starts_with('#'));
        made += &match pair {
            Some((key, words)) if in_table => {
                format!("# {}\n{key} = \"\"\n", words.trim_matches('"'))
            }
            Some(("format", format)) => format!("format = {format}\n"),
            Some(("language", _)) => format!("language = {}\n", quoted(language)),
            Some((key, _)) => format!("{key} = \"\"\n"),
            None => format!("{line}\n"),
        };
    }
    format!(
        "# A voice to be translated. Write each line in your own language between the quotes,\n\
         # for the ear and not word by word; what stays empty is not said. Then make the script:\n\
         # effleurage voice kit --all --voice FOLDER\n\n{made}\n{}",
        titles_to_translate(translated)
    )
}

/// The table of titles in the manifest `text`, each with nothing beside it.
fn titles_to_translate(text: &str) -> String {
    let (_, titles) = text.split_once("\n[titles]\n").unwrap_or_default();
    let titles = titles.lines().take_while(|line| !line.starts_with('['));
    let waiting = |line: &str| match line.split_once("\" = ") {
        Some((title, _)) => format!("{title}\" = \"\"\n"),
        None => format!("{line}\n"),
    };
    let head = "# What people read. A title that stays empty is shown in English.\n[titles]\n";
    head.to_owned() + &titles.map(waiting).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_translated_stands_beside_its_key() {
        let english = "# English.\n\nformat = \"effleurage-voice/1\"\nname = \"English\"\n\
                       language = \"en\"\n\n[prompts]\n# --- Cues ---\nhalfway = \"Halfway.\"\n";
        let spanish = "[prompts]\nhalfway = \"La mitad.\"\n\n[titles]\n# --- Legs ---\n\"Left leg\" = \"Pierna \
                       izquierda\"\n\n[spoken_by]\nhalfway = \"me\"\n";
        let french = to_translate(english, spanish, "fr");
        let expected = "format = \"effleurage-voice/1\"\nname = \"\"\nlanguage = \"fr\"\n\n\
                        [prompts]\n# --- Cues ---\n# Halfway.\nhalfway = \"\"\n\n\
                        # What people read. A title that stays empty is shown in English.\n\
                        [titles]\n# --- Legs ---\n\"Left leg\" = \"\"\n\n";
        assert!(french.ends_with(expected), "{french}");
    }

    #[test]
    fn a_page_takes_every_text() {
        let line = Line {
            number: 7,
            id: "halfway".to_owned(),
            text: "Half <way> & \"back\".".to_owned(),
            how: "short",
            longest: Some(std::time::Duration::from_millis(1_289)),
        };
        let heading = Heading { title: "Mine".to_owned(), language: "en".to_owned() };
        let page = html(&heading, std::slice::from_ref(&line));
        assert!(page.contains("Half &lt;way&gt; &amp; &quot;back&quot;."), "{page}");
        assert!(page.contains("at most 900ms"), "{page}");
        let toml: toml::Table = toml::from_str(&manifest("Mine", "en", &[line])).unwrap();
        assert_eq!(toml["prompts"]["halfway"].as_str(), Some("Half <way> & \"back\"."));
    }
}
