//! Another program, run without a shell and not for ever.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::cancel::CancelToken;

/// A program and its arguments, with names in braces for what is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    name: String,
    arguments: Vec<String>,
}

/// Of what a failing program says, so much is shown; and of what another prints, so much read.
const MOST_WORDS_BYTES: u64 = 600;
const MOST_PRINTED_BYTES: u64 = 1 << 16;
/// How often a running program is looked at.
const GLANCE: Duration = Duration::from_millis(20);

impl Program {
    /// Reads a command as a shell would split it; or what is wrong with it.
    pub fn parse(command: &str) -> Result<Program, &'static str> {
        let words = shlex::split(command).ok_or("a quote is not closed")?;
        let (name, arguments) = words.split_first().ok_or("it is empty")?;
        Ok(Program { name: name.clone(), arguments: arguments.to_vec() })
    }

    /// Whether `what` is filled in.
    pub fn mentions(&self, what: &str) -> bool {
        self.arguments.iter().any(|word| word.contains(what))
    }
}

/// Runs `program` with each name of `filled` replaced by its text, one after the other, within
/// `limit`; or why it failed.
pub fn run(
    program: &Program,
    filled: &[(&str, &str)],
    limit: Duration,
    cancel: &CancelToken,
) -> Result<(), String> {
    run_to(program, filled, (limit, cancel), Stdio::null())
}

/// The same, and what it prints.
pub fn printed(
    program: &Program,
    filled: &[(&str, &str)],
    limit: Duration,
    cancel: &CancelToken,
) -> Result<String, String> {
    let (mut printed, out) = scratch()?;
    run_to(program, filled, (limit, cancel), out)?;
    Ok(beginning(&mut printed, MOST_PRINTED_BYTES))
}

fn run_to(
    program: &Program,
    filled: &[(&str, &str)],
    (limit, cancel): (Duration, &CancelToken),
    out: Stdio,
) -> Result<(), String> {
    let fill = |word: &String| {
        filled.iter().fold(word.clone(), |word, (name, text)| word.replace(name, text))
    };
    let (mut words, error) = scratch()?;
    let mut child = Command::new(&program.name)
        .args(program.arguments.iter().map(fill))
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(error)
        .spawn()
        .map_err(|error| format!("`{}` cannot be started: {error}", program.name))?;
    match wait(&mut child, limit, cancel) {
        Some(status) if status.success() => Ok(()),
        Some(status) => {
            let said = beginning(&mut words, MOST_WORDS_BYTES);
            let said = if said.is_empty() { said } else { format!(": {said}") };
            Err(format!("`{}` failed ({status}){said}", program.name))
        }
        None if cancel.signal().is_some() => Err(format!("`{}` was stopped", program.name)),
        None => {
            let seconds = limit.as_secs();
            Err(format!("`{}` took longer than {seconds} s and was stopped", program.name))
        }
    }
}

/// A file without a name, and what writes into it.
fn scratch() -> Result<(File, Stdio), String> {
    let file = tempfile::tempfile().map_err(|error| error.to_string())?;
    let copy = file.try_clone().map_err(|error| error.to_string())?;
    Ok((file, Stdio::from(copy)))
}

/// Waits for `child`; stops it at the `limit`, and when it is asked to stop.
fn wait(child: &mut Child, limit: Duration, cancel: &CancelToken) -> Option<ExitStatus> {
    let since = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if since.elapsed() < limit && cancel.signal().is_none() => {
                std::thread::sleep(GLANCE)
            }
            _ => {
                // One that has ended meanwhile needs no stopping.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

/// The first words in a file, in one line.
fn beginning(file: &mut File, most: u64) -> String {
    let mut text = Vec::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(most).read_to_end(&mut text));
    let text = String::from_utf8_lossy(&text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if read.is_err() { String::new() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        let program = Program::parse("say -v 'en us' {out}").unwrap();
        assert_eq!(program.name, "say");
        assert_eq!(program.arguments, ["-v", "en us", "{out}"]);
        assert!(program.mentions("{out}") && !program.mentions("{text}"));
    }

    #[cfg(unix)]
    #[test]
    fn what_a_program_prints_is_read_and_why_it_fails_told() {
        let run = |command: &str, limit: u64| {
            let program = Program::parse(command).unwrap();
            printed(
                &program,
                &[("{x}", "a b")],
                Duration::from_millis(limit),
                &CancelToken::default(),
            )
        };
        assert_eq!(run("printf '%s\\n c' {x}", 9_000), Ok("a b c".to_owned()));
        let failed = run("ls /no/such/folder", 9_000).unwrap_err();
        assert!(failed.starts_with("`ls` failed (exit status: "), "{failed}");
        assert_eq!(
            run("sleep 9", 50),
            Err("`sleep` took longer than 0 s and was stopped".to_owned())
        );
        assert!(run("no-such-program-here", 50).unwrap_err().contains("cannot be started"));
    }
}
