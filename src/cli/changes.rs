//! The flags that change a routine: the same words as in a file.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::diagnostic::Source;
use crate::routine::settings::{SETTINGS, Setting};

/// Their heading in the help.
const HEADING: &str = "Make it yours";
/// Flags that may come several times, each for something else.
const MANY: [(&str, &str, &str); 2] = [
    (
        "zone",
        "ZONE=TIME",
        "How long zones last: calf=3m, left.thigh=30s, knuckles.calf=40strokes, knee=off",
    ),
    ("pace", "PACE", "Strokes a minute: circles=18 for a technique, 0.9x for all"),
];

/// What a person changes; judged where the keys of files are judged, so that a mistake is
/// told in the same words.
#[derive(Default)]
pub struct Changes(Vec<(String, String)>);

impl Changes {
    /// Each flag with its value, in an order that does not depend on the person's.
    pub fn flags(&self) -> Vec<Source> {
        self.0.iter().map(|(flag, value)| Source::flag(flag.clone(), value.clone())).collect()
    }
}

impl Args for Changes {
    fn augment_args(command: Command) -> Command {
        let many = MANY.map(|(name, value, help)| {
            arg(name, help).long(name).value_name(value).action(ArgAction::Append)
        });
        command.args(many).args(SETTINGS.iter().map(of_setting))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Changes::augment_args(command)
    }
}

fn arg(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).help(help).help_heading(HEADING)
}

fn of_setting(setting: &Setting) -> Arg {
    let flag = setting.flag();
    let arg = arg(setting.key, setting.help).long(flag.trim_start_matches('-').to_owned());
    if setting.is_switch() {
        arg.action(ArgAction::SetTrue)
    } else {
        arg.value_name(setting.value_name)
            .allow_hyphen_values(setting.may_be_negative)
            .action(ArgAction::Set)
    }
}

impl FromArgMatches for Changes {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut flags = Vec::new();
        for (name, ..) in MANY {
            let values = matches.get_many::<String>(name).into_iter().flatten();
            let mut values: Vec<String> = values.cloned().collect();
            values.sort();
            flags.extend(values.into_iter().map(|value| (format!("--{name}"), value)));
        }
        for setting in SETTINGS {
            let value = if setting.is_switch() {
                matches.get_flag(setting.key).then(String::new)
            } else {
                matches.get_one::<String>(setting.key).cloned()
            };
            flags.extend(value.map(|value| (setting.flag(), value)));
        }
        Ok(Changes(flags))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Changes::from_arg_matches(matches)?;
        Ok(())
    }
}
