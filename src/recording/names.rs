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
    let mut placed: BTreeMap<usize, PathBuf> = BTreeMap::new();
    for file in files {
        match line_of(&file, lines) {
            Err(why) => problems.push(format!("{}: {why}", file.display())),
            Ok(line) => match placed.get(&line) {
                Some(other) => problems.push(twice(&file, other, &lines[line])),
                None => drop(placed.insert(line, file)),
            },
        }
    }
    match problems.is_empty() {
        true => Ok(Recordings::Files(placed.into_iter().collect())),
        false => Err(Error::NotImported { problems, help: how_to_name(lines) }),
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

/// The index of the line that the name of `file` tells: by its id, which wins, or number; or why
/// it tells none.
pub fn line_of(file: &Path, lines: &[Line]) -> std::result::Result<usize, String> {
    let name = file.file_stem().and_then(|name| name.to_str());
    let name = name.ok_or("its name is not UTF-8 text; rename it")?.trim().to_lowercase();
    let (number, rest) = numbered(&name);
    let by_id = [name.as_str(), rest].into_iter().find_map(|name| with_id(name, lines));
    match (by_id, number) {
        (Some(line), _) => Ok(line),
        (None, Some(number)) => lines
            .iter()
            .position(|line| line.number == number)
            .ok_or_else(|| format!("there is no line {number}; the script has {}", lines.len())),
        (None, None) => Err(stranger(&name, lines)),
    }
}

fn with_id(name: &str, lines: &[Line]) -> Option<usize> {
    let spoken = name.replace(' ', "-");
    lines.iter().position(|line| line.id == name || line.id == spoken)
}

fn stranger(name: &str, lines: &[Line]) -> String {
    match suggest::nearest(name, lines.iter().map(|line| line.id.as_str())) {
        Some(near) => format!("its name is no prompt and no number; did you mean `{near}`?"),
        None => "its name is no prompt and no number".to_owned(),
    }
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
        let why = |name: &str| line_of(Path::new(name), &lines()).unwrap_err();
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
}
