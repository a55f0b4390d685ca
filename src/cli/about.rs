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

/// Prints the manual page of the program or of one of its subcommands, such as `render` or
/// `voice-kit`.
pub fn man(mut command: Command, wanted: Option<&str>, output: &Output) -> Result<()> {
    // Which has no page.
    command = without_help(command);
    command.build();
    let source = format!("{} {}", command.get_name(), env!("CARGO_PKG_VERSION"));
    let mut title = command.get_name().to_owned();
    for name in wanted.into_iter().flat_map(|name| name.split('-')) {
        let Some(inside) = command.find_subcommand(name) else { break };
        command = inside.clone();
        title = format!("{title}-{name}");
    }
    let page = clap_mangen::Man::new(command).title(title).source(source).manual("effleurage");
    output.result_with(|out| page.render(&mut *out))
}

fn without_help(command: Command) -> Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}

/// What [`man`] has pages for.
pub const PAGES: [&str; 22] = [
    "render",
    "batch",
    "plan",
    "card",
    "show",
    "verify",
    "check",
    "routines",
    "routines-show",
    "routines-new",
    "voice",
    "voice-list",
    "voice-sample",
    "voice-kit",
    "voice-new",
    "voice-check",
    "voice-speak",
    "voice-import",
    "studio",
    "schema",
    "completions",
    "man",
];
