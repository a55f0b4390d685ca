//! What the program tells of itself: completions and manual pages.

use clap::Command;
use clap_complete::Shell;

use super::output::Output;
use crate::error::{Error, Result};

/// Prints the completion script for `shell`.
pub fn completions(mut command: Command, shell: Shell, output: &Output) -> Result<()> {
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    output.result_with(|out| out.write_all(&script))
}

/// Prints the manual page of the program or of one of its subcommands.
pub fn man(mut command: Command, wanted: Option<&str>, output: &Output) -> Result<()> {
    command.build();
    let page = match wanted {
        None => command,
        Some(name) => match command.find_subcommand(name) {
            Some(subcommand) => subcommand.clone(),
            None => {
                return Err(Error::Unreadable {
                    path: name.into(),
                    why: "there is no such subcommand".to_owned(),
                    help: "see `effleurage --help`".to_owned(),
                });
            }
        },
    };
    output.result_with(|out| clap_mangen::Man::new(page).render(&mut *out))
}
