//! Prompts that another program says.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A command with `{text}` and `{out}` for what to say and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    program: String,
    arguments: Vec<String>,
}

/// Of what a failing program says, so much is shown.
const MOST_WORDS_BYTES: u64 = 600;
/// How often a running program is looked at.
const GLANCE: Duration = Duration::from_millis(20);

impl Speaker {
    /// Reads a command as a shell would split it; no shell ever runs it. Or what is wrong
    /// with it.
    pub fn parse(command: &str) -> Result<Speaker, &'static str> {
        let words = shlex::split(command).ok_or("a quote is not closed")?;
        let (program, arguments) = words.split_first().ok_or("it is empty")?;
        let says = |what: &str| arguments.iter().any(|word| word.contains(what));
        match (says("{text}"), says("{out}")) {
            (true, true) => {}
            (false, _) => return Err("it has no {text}, where the words go"),
            (true, false) => return Err("it has no {out}, where the sound file goes"),
        }
        Ok(Speaker { program: program.clone(), arguments: arguments.to_vec() })
    }

    /// Says `text` into the file `out`, within `limit`; or why it did not.
    pub fn say(&self, text: &str, out: &Path, limit: Duration) -> Result<(), String> {
        let out = out.to_string_lossy();
        let fill = |word: &String| word.replace("{out}", &out).replace("{text}", text);
        let mut words = tempfile::tempfile().map_err(|error| error.to_string())?;
        let stderr = words.try_clone().map_err(|error| error.to_string())?;
        let mut child = Command::new(&self.program)
            .args(self.arguments.iter().map(fill))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .map_err(|error| format!("`{}` cannot be started: {error}", self.program))?;
        match wait(&mut child, limit) {
            Some(status) if status.success() => Ok(()),
            Some(status) => {
                Err(format!("`{}` failed ({status}){}", self.program, said(&mut words)))
            }
            None => {
                let seconds = limit.as_secs();
                Err(format!("`{}` took longer than {seconds} s and was stopped", self.program))
            }
        }
    }
}

/// Waits for `child`; stops it at the `limit`.
fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let since = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if since.elapsed() < limit => std::thread::sleep(GLANCE),
            _ => {
                // One that has ended meanwhile needs no stopping.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

/// The first words of a program on standard error.
fn said(words: &mut File) -> String {
    let mut text = Vec::new();
    let read = words
        .seek(SeekFrom::Start(0))
        .and_then(|_| words.take(MOST_WORDS_BYTES).read_to_end(&mut text));
    let text = String::from_utf8_lossy(&text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if read.is_err() || text.is_empty() { String::new() } else { format!(": {text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_says_where_words_and_sound_go() {
        let espeak = Speaker::parse("espeak-ng -v 'en us' -w {out} {text}").unwrap();
        assert_eq!(espeak.program, "espeak-ng");
        assert_eq!(espeak.arguments, ["-v", "en us", "-w", "{out}", "{text}"]);
        assert_eq!(Speaker::parse("say {text}"), Err("it has no {out}, where the sound file goes"));
        assert_eq!(Speaker::parse("say -o {out}"), Err("it has no {text}, where the words go"));
        assert_eq!(Speaker::parse("say 'x"), Err("a quote is not closed"));
        assert_eq!(Speaker::parse(""), Err("it is empty"));
    }
}
