//! The flags that tell what a track is called: the same words as in a file.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::diagnostic::Source;
use crate::routine::tags::{TAGS, Tag};

/// Their heading in the help.
const HEADING: &str = "What players show of it";

/// What a person calls a track; judged where the keys of files are judged.
#[derive(Default)]
pub struct Tags(Vec<(&'static str, String)>);

impl Tags {
    /// Each flag with its value, in the order in which they are told.
    pub fn flags(&self) -> impl Iterator<Item = Source> {
        self.0.iter().map(|(key, value)| Source::flag(format!("--{key}"), value.clone()))
    }
}

impl Args for Tags {
    fn augment_args(command: Command) -> Command {
        command.args(TAGS.iter().map(of_tag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Tags::augment_args(command)
    }
}

fn of_tag(tag: &Tag) -> Arg {
    Arg::new(tag.key)
        .long(tag.key)
        .help(tag.help)
        .help_heading(HEADING)
        .value_name(tag.value_name)
        .action(ArgAction::Set)
}

impl FromArgMatches for Tags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let written = |tag: &Tag| Some((tag.key, matches.get_one::<String>(tag.key)?.clone()));
        Ok(Tags(TAGS.iter().filter_map(written).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Tags::from_arg_matches(matches)?;
        Ok(())
    }
}
