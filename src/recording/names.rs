//! Which file is the recording of which line, told by its name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::script::Line;
use crate::error::{Error, Result};
use crate::routine::suggest;
use crate::voice::sound_file;

/// What people write before the number of a line.
const BEFORE_NUMBER: [&str; 3] = ["line", "linea", "línea"];
/// What people write between the parts of a name.
const BETWEEN: [char; 5] = [' ', '-', '_', '.', '('];
/// So many files are named of those whose names tell nothing.
const MOST_NAMED: usize = 5;

/// What there is to import.
#[derive(Debug)]
pub enum Recordings {
    /// One file with many lines.
    Take(PathBuf),
    /// Files with one line each; with the index of the line.
    Files(Vec<(usize, PathBuf)>),
}

/// The files of a person, and what was passed over.
#[derive(Debug, Default)]
pub struct Files {
    /// Those that are named, and those in folders that hold a sound, whatever their names.
    pub recordings: Vec<PathBuf>,
    /// Those in folders that hold none, but for texts.
    pub passed_over: Vec<PathBuf>,
}

/// The files at `paths`, and the sound files in those that are folders, in the order of
/// their names. Hidden files are nobody's recordings.
pub fn files(paths: &[PathBuf]) -> Result<Files> {
    let mut files = Files::default();
    for path in paths {
        match fs::metadata(path).map_err(|error| Error::unreadable(path, &error))?.is_dir() {
            true => in_folder(path, &mut files)?,
            false => files.recordings.push(path.clone()),
        }
    }
    Ok(files)
}

fn in_folder(folder: &Path, files: &mut Files) -> Result<()> {
    let told = |error: std::io::Error| Error::unreadable(folder, &error);
    let entries = fs::read_dir(folder).map_err(told)?.collect::<std::io::Result<Vec<_>>>();
    let mut paths: Vec<PathBuf> = entries.map_err(told)?.iter().map(|e| e.path()).collect();
    let is_hidden =
        |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    paths.retain(|path| !is_hidden(path) && !path.is_dir());
    paths.sort();
    let (recordings, others): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.into_iter().partition(|path| sound_file::is_one(path));
    if recordings.is_empty() {
        return Err(Error::Unreadable {
            path: folder.to_owned(),
            why: "there is no sound file in it".to_owned(),
            help: "name the folder or the files that the phone made".to_owned(),
        });
    }
    files.recordings.extend(recordings);
    files.passed_over.extend(others.into_iter().filter(|path| !sound_file::is_text(path)));
    Ok(())
}

/// Which of `lines` each file is; or, where there is one that is none of them, that it is a
/// take of many.
pub fn place(files: Vec<PathBuf>, lines: &[Line]) -> Result<Recordings> {
    if let [only] = files.as_slice() {
        return Ok(match line_of(only, lines) {
            Ok(line) => Recordings::Files(vec![(line, only.clone())]),
            Err(_) => Recordings::Take(only.clone()),
        });
    }
    let mut problems = Vec::new();
    let mut strangers = Vec::new();
    let mut placed: BTreeMap<usize, PathBuf> = BTreeMap::new();
    for file in files {
        match line_of(&file, lines) {
            Err(Unplaced::Stranger) => strangers.push(file),
            Err(why) => problems.push(format!("{}: {}", file.display(), why.told(lines))),
            Ok(line) => match placed.get(&line) {
                Some(other) => problems.push(twice(&file, other, &lines[line])),
                None => drop(placed.insert(line, file)),
            },
        }
    }
    problems.extend(asked(&strangers));
    match problems.is_empty() {
        true => Ok(Recordings::Files(placed.into_iter().collect())),
        false => Err(Error::NotImported { problems, help: how_to_name(lines) }),
    }
}

/// One question for all files whose names tell no line, as phones and messengers give them.
fn asked(strangers: &[PathBuf]) -> Option<String> {
    let names = |files: &[PathBuf]| {
        files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
    };
    match strangers {
        [] => None,
        [only] => Some(format!("{}: {}", only.display(), Unplaced::Stranger.told(&[]))),
        many if many.len() <= MOST_NAMED => Some(format!(
            "which lines are these {}? Their names are no prompts and no numbers: {}",
            many.len(),
            names(many)
        )),
        many => Some(format!(
            "which lines are these {}? Their names are no prompts and no numbers: {}, … to {}",
            many.len(),
            names(&many[..MOST_NAMED - 1]),
            many[many.len() - 1].display()
        )),
    }
}

fn twice(file: &Path, other: &Path, line: &Line) -> String {
    let (file, other) = (file.display(), other.display());
    format!("{file}: {other} is `{}`, too; keep one of the two", line.id)
}

fn how_to_name(lines: &[Line]) -> String {
    let (id, number) = lines.first().map_or(("halfway", 1), |line| (&line.id, line.number));
    format!(
        "name each file after its prompt ({id}.m4a) or its number in the script ({number}.m4a); \
         one long take is imported alone"
    )
}

/// Why a name tells no line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unplaced {
    /// It cannot be read.
    NoText,
    /// It is a number that no line has.
    NoSuchLine(usize),
    /// It is nearly this prompt.
    Nearly(String),
    /// It is one that a recorder gave, or anything else.
    Stranger,
}

impl Unplaced {
    fn told(&self, lines: &[Line]) -> String {
        match self {
            Unplaced::NoText => "its name is not UTF-8 text; rename it".to_owned(),
            Unplaced::NoSuchLine(number) => {
                format!("there is no line {number}; the script has {}", lines.len())
            }
            Unplaced::Nearly(near) => {
                format!("its name is no prompt and no number; did you mean `{near}`?")
            }
            Unplaced::Stranger => "its name is no prompt and no number".to_owned(),
        }
    }
}

/// The index of the line that the name of `file` tells: by its id, which wins, or number; or why
/// it tells none.
pub fn line_of(file: &Path, lines: &[Line]) -> std::result::Result<usize, Unplaced> {
    let name = file.file_stem().and_then(|name| name.to_str()).ok_or(Unplaced::NoText)?;
    let name = name.trim().to_lowercase();
    let (number, rest) = numbered(&name);
    let number = number.filter(|_| !tells_time(&name));
    let by_id = [name.as_str(), rest].into_iter().find_map(|name| with_id(name, lines));
    match (by_id, number) {
        (Some(line), _) => Ok(line),
        (None, Some(number)) => {
            lines.iter().position(|line| line.number == number).ok_or(Unplaced::NoSuchLine(number))
        }
        (None, None) => Err(stranger(&name, lines)),
    }
}

/// Whether a name tells when something was recorded, as recorders write it: that a day is the
/// second of a month does not make it line 2.
fn tells_time(name: &str) -> bool {
    let groups: Vec<&str> =
        name.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let is_year = |group: &&str| matches!(group.as_bytes(), [b'1', b'9', ..] | [b'2', b'0', ..]);
    let of = |size: usize| groups.iter().filter(|group| group.len() == size).count();
    // A date or a clock in one, or a count of milliseconds; and else parted by anything.
    let in_one = groups.iter().any(|group| [6, 8].contains(&group.len()) || group.len() >= 10);
    let year = groups.iter().any(|group| group.len() == 4 && is_year(group)) && groups.len() > 1;
    in_one || year || of(2) >= 3 || (groups.len() == 2 && of(2) == 2)
}

fn with_id(name: &str, lines: &[Line]) -> Option<usize> {
    let spoken = name.replace(' ', "-");
    lines.iter().position(|line| line.id == name || line.id == spoken)
}

fn stranger(name: &str, lines: &[Line]) -> Unplaced {
    let near = suggest::nearest(name, lines.iter().map(|line| line.id.as_str()));
    near.map_or(Unplaced::Stranger, |near| Unplaced::Nearly(near.to_owned()))
}

/// The number that `name` begins with, and what comes after it: `line 12`, `012 halfway`.
fn numbered(name: &str) -> (Option<usize>, &str) {
    let after = BEFORE_NUMBER.iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name);
    let after = after.trim_start_matches(BETWEEN);
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let (digits, rest) = after.split_at(end);
    match digits.parse() {
        Ok(number) if rest.is_empty() || rest.starts_with(BETWEEN) => {
            (Some(number), rest.trim_start_matches(BETWEEN))
        }
        _ => (None, name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<Line> {
        let ids = ["welcome", "halfway", "ten-seconds-left"];
        let line = |(n, id): (usize, &&str)| Line {
            number: n + 1,
            id: (*id).to_owned(),
            text: String::new(),
            how: "",
            longest: None,
        };
        ids.iter().enumerate().map(line).collect()
    }

    #[test]
    fn names_tell_lines() {
        let cases = [
            ("halfway.m4a", 1),
            ("Halfway.M4A", 1),
            ("2.wav", 1),
            ("002.wav", 1),
            ("002 halfway.m4a", 1),
            ("Line 2.wav", 1),
            ("line-2.wav", 1),
            ("2 (1).wav", 1),
            ("02_whatever.wav", 1),
            ("1 halfway.wav", 1),
            ("Ten seconds left.mp3", 2),
            ("../../x/halfway.wav", 1),
        ];
        for (name, line) in cases {
            assert_eq!(line_of(Path::new(name), &lines()), Ok(line), "{name}");
        }
    }

    #[test]
    fn other_names_tell_none() {
        let why = |name: &str| line_of(Path::new(name), &lines()).unwrap_err().told(&lines());
        assert_eq!(why("4.wav"), "there is no line 4; the script has 3");
        assert_eq!(why("0.wav"), "there is no line 0; the script has 3");
        assert_eq!(
            why("halfwy.wav"),
            "its name is no prompt and no number; did you mean `halfway`?"
        );
        for name in ["Recording 2.m4a", "2nd.wav", "99999999999999999999999.wav", "..wav", "…"] {
            assert_eq!(why(name), "its name is no prompt and no number", "{name}");
        }
    }

    /// Names as phones, recorders and messengers give them.
    const RECORDED: [&str; 24] = [
        "WhatsApp Ptt 2026-11-30 at 10.05.07.ogg",
        "PTT-20261130-WA0001.opus",
        "AUD-20261130-WA0002.m4a",
        "signal-2026-11-30-10-05-07-123.m4a",
        "audio_2026-11-30_10-05-07.ogg",
        "audio_1@30-11-2026_10-05-07.ogg",
        "New Recording 3.m4a",
        "Neue Aufnahme 2.m4a",
        "Voice 001.m4a",
        "Voice_261130_1.m4a",
        "Nov 30 at 10-05.m4a",
        "My recording #1.m4a",
        "audioclip-1764497107000-2304.mp4",
        "REC001.wav",
        "ZOOM0002.WAV",
        "DR0000_0001.wav",
        "261130_0012.mp3",
        "20261130 100507.m4a",
        "20261130_100507.m4a",
        "2026-11-30 10.05.07.m4a",
        "02-12-2026 10.05.m4a",
        "2.12.2026.m4a",
        "1 Dec 2026.m4a",
        "02-05.m4a",
    ];

    #[test]
    fn names_of_recorders_tell_no_line() {
        for name in RECORDED {
            let told = line_of(Path::new(name), &lines());
            assert_eq!(told, Err(Unplaced::Stranger), "{name}");
        }
    }

    #[test]
    fn all_of_them_are_asked_about_at_once() {
        let files = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        let problems = |names: &[&str]| match place(files(names), &lines()) {
            Err(Error::NotImported { problems, .. }) => problems,
            other => panic!("{other:?}"),
        };
        let all = problems(&RECORDED);
        let [only] = all.as_slice() else { panic!("{all:?}") };
        assert!(only.starts_with("which lines are these 24? "), "{only}");
        assert!(only.ends_with("signal-2026-11-30-10-05-07-123.m4a, … to 02-05.m4a"), "{only}");
        assert_eq!(
            problems(&["halfway.m4a", "Voice 001.m4a", "halfwy.m4a", "Voice 002.m4a"]),
            [
                "halfwy.m4a: its name is no prompt and no number; did you mean `halfway`?",
                "which lines are these 2? Their names are no prompts and no numbers: Voice 001.m4a, \
                 Voice 002.m4a"
            ]
        );
    }
}
