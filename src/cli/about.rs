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
    let program = command.get_name().to_owned();
    let (page, title) = match wanted.and_then(|name| command.find_subcommand(name)) {
        Some(page) => (page.clone(), format!("{program}-{}", page.get_name())),
        None => (command.clone(), program.clone()),
    };
    let source = format!("{program} {}", env!("CARGO_PKG_VERSION"));
    let page = clap_mangen::Man::new(page).title(title).source(source).manual("effleurage");
    output.result_with(|out| page.render(&mut *out))
}
