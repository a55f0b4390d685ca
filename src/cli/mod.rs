//! The command line: one file for each subcommand, printing, progress, signals.

mod about;
mod also;
mod batch;
mod card;
mod changes;
mod check;
mod copies;
mod input;
mod moved;
mod output;
mod plan;
mod progress;
mod render;
mod routines;
mod show;
mod signals;
mod sound_files;
mod sources;
#[cfg(feature = "studio")]
mod studio;
mod tags;
mod verify;
mod version;
mod voice;
mod way_out;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::error::{Error, Result};
use crate::routine::Request;
use crate::units::SampleRate;
use crate::voice::{Cache, Pack};
use crate::wav::RATES_HZ;
use changes::Changes;
use output::Output;

const AFTER_HELP: &str = "\
Exit codes:
  0    done
  1    a routine, a voice or a clip needs mending (`check`: or cannot be read;
       `verify`: the track is not as planned)
  2    the command cannot be understood, or asks for what a file cannot hold
  3    something cannot be read or written
  130  stopped by Ctrl-C (143: by SIGTERM, 129: by SIGHUP)

Start with:  effleurage render partner";

/// Voice-guided audio tracks for a circulatory leg massage, timed to the frame.
#[derive(Parser)]
#[command(name = "effleurage", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more; with --version, what the program is made of and what it finds
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Make the track: one WAV file, timed to the frame
    Render(render::Arguments),
    /// Make many tracks from a table, on as many machines as there are
    Batch(batch::Arguments),
    /// Show what happens when, without rendering
    Plan(plan::Arguments),
    /// Draw the session on one page, to print and lay beside the bed
    Card(card::Arguments),
    /// Tell what is inside a track: its plan, its routine, how to make it again
    Show(show::Arguments),
    /// Hold a finished track against its plan, frame by frame
    Verify(verify::Arguments),
    /// Look for mistakes in routine files
    Check(check::Arguments),
    /// List the built-in routines, or print one to copy
    Routines(routines::Arguments),
    /// List voices, or make one: record it, take it apart, check it
    Voice(voice::Arguments),
    /// Serve the page to a browser on this machine, or to phones in the same Wi-Fi
    #[cfg(feature = "studio")]
    Studio(studio::Arguments),
    /// Print the JSON Schema of routine files, for editors
    Schema,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man {
        /// Of this subcommand, such as "render" or "voice-kit"; without it, of the program
        #[arg(value_parser = about::PAGES)]
        command: Option<String>,
    },
}

/// What `render`, `plan`, `card` and `check` have in common.
#[derive(Args)]
struct Spoken {
    /// The voice: "en", "es", another by name, a folder or a .zip of clips, or several with commas,
    /// each saying what those before it lack
    #[arg(long, default_value = "en", value_name = "VOICE")]
    voice: PathBuf,
    /// Prepare every clip anew, and remember none
    #[arg(long)]
    no_cache: bool,
    #[command(flatten)]
    changes: Changes,
}

impl Spoken {
    /// The voice, which remembers its clips in the person's cache folder.
    fn pack(&self) -> Result<Pack> {
        let pack = crate::voice::open(&self.voice)?;
        Ok(if self.no_cache { pack } else { pack.remembering(Cache::of_user()) })
    }

    /// The routine called `name`, with the changes that the flags ask for.
    fn request(&self, name: &Path) -> Result<Request<'static>> {
        Ok(input::request(input::source(name)?, self.changes.flags()))
    }
}

/// What `render` and `plan` have in common.
#[derive(Args)]
struct Planned {
    #[command(flatten)]
    spoken: Spoken,
    /// Frames a second, 8000 to 192000
    #[arg(long, default_value = "44100", value_name = "HZ", value_parser = sample_rate)]
    rate: SampleRate,
}

#[derive(Clone, Copy, ValueEnum)]
enum PlanFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For tables
    Csv,
    /// A drawing to scale
    Svg,
}

fn sample_rate(text: &str) -> std::result::Result<SampleRate, String> {
    let hz: Option<u32> = text.parse().ok().filter(|hz| RATES_HZ.contains(hz));
    let rate = hz.and_then(SampleRate::new);
    rate.ok_or_else(|| "give frames a second from 8000 to 192000, like 44100 or 48000".to_owned())
}

/// Runs the program with these arguments, the first of which is its own name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let given: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match Arguments::try_parse_from(&given) {
        Ok(arguments) => arguments,
        // Which stops at `--version`, and may not have come to `-v`.
        Err(error) if error.kind() == ErrorKind::DisplayVersion && version::is_verbose(&given) => {
            let told = Output::new(false, false).result(&version::details());
            return ExitCode::from(told.map_or_else(|error| exit_code(&error), |()| 0));
        }
        Err(error) => {
            // Help and versions are printed here, too; a closed pipe is no news.
            let _ = error.print();
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    let output = Output::new(arguments.quiet, arguments.verbose);
    match run(arguments.command, &output) {
        Ok(code) => code,
        Err(error) => {
            output.error(&error);
            ExitCode::from(exit_code(&error))
        }
    }
}

fn run(command: Command, output: &Output) -> Result<ExitCode> {
    match command {
        Command::Render(arguments) => return render::run(&arguments, output),
        Command::Batch(arguments) => return batch::run(&arguments, output),
        Command::Plan(arguments) => plan::run(&arguments, output)?,
        Command::Card(arguments) => card::run(&arguments, output)?,
        Command::Show(arguments) => show::run(&arguments, output)?,
        Command::Verify(arguments) => return verify::run(&arguments, output),
        Command::Check(arguments) => return check::run(&arguments, output),
        Command::Routines(arguments) => routines::run(&arguments, output)?,
        Command::Voice(arguments) => return voice::run(&arguments, output),
        #[cfg(feature = "studio")]
        Command::Studio(arguments) => studio::run(&arguments, output)?,
        Command::Schema => output.result(&(crate::routine::schema() + "\n"))?,
        Command::Completions { shell } => about::completions(Arguments::command(), shell, output)?,
        Command::Man { command } => about::man(Arguments::command(), command.as_deref(), output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn exit_code(error: &Error) -> u8 {
    match error {
        Error::Mistakes(report) if report.is_about_flags() => 2,
        Error::Several(errors) => errors.first().map_or(1, exit_code),
        Error::TooLarge { .. } | Error::Refused { .. } => 2,
        Error::Unreadable { .. }
        | Error::Unwritable { .. }
        | Error::NotStored { .. }
        | Error::NotServed { .. } => 3,
        Error::Interrupted(signal) => (128 + signal) as u8,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
