//! What the program tells of itself: completions and manual pages.

use clap::Command;
use clap_complete::Shell;

use super::output::Output;
use crate::error::Result;

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
    let page = wanted.and_then(|name| command.find_subcommand(name)).unwrap_or(&command);
    let page = clap_mangen::Man::new(page.clone());
    output.result_with(|out| page.render(&mut *out))
}
