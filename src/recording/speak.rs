//! Prompts that another program says.

use std::path::Path;
use std::time::Duration;

use super::run::{Program, run};
use crate::cancel::CancelToken;

/// A command with `{text}` and `{out}` for what to say and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    program: Program,
}

impl Speaker {
    /// Reads a command as a shell would split it; no shell ever runs it. Or what is wrong
    /// with it.
    pub fn parse(command: &str) -> Result<Speaker, &'static str> {
        let program = Program::parse(command)?;
        match (program.mentions("{text}"), program.mentions("{out}")) {
            (true, true) => Ok(Speaker { program }),
            (false, _) => Err("it has no {text}, where the words go"),
            (true, false) => Err("it has no {out}, where the sound file goes"),
        }
    }

    /// Says `text` into the file `out`, within `limit`; or why it did not.
    pub fn say(
        &self,
        text: &str,
        out: &Path,
        limit: Duration,
        cancel: &CancelToken,
    ) -> Result<(), String> {
        // The words last: what stands in them is not filled in.
        run(&self.program, &[("{out}", &out.to_string_lossy()), ("{text}", text)], limit, cancel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_says_where_words_and_sound_go() {
        assert!(Speaker::parse("espeak-ng -v 'en us' -w {out} {text}").is_ok());
        assert_eq!(Speaker::parse("say {text}"), Err("it has no {out}, where the sound file goes"));
        assert_eq!(Speaker::parse("say -o {out}"), Err("it has no {text}, where the words go"));
        assert_eq!(Speaker::parse("say 'x"), Err("a quote is not closed"));
        assert_eq!(Speaker::parse(""), Err("it is empty"));
    }
}
