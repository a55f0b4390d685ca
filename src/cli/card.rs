//! `effleurage card`: a page to print and lay beside the bed.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;

use super::output::Output;
use super::{Spoken, sources};
use crate::atomic_file;
use crate::card::{self, Card, Page};
use crate::error::{Error, Result};
use crate::session::Session;
use crate::units::SampleRate;

#[derive(clap::Args)]
pub struct Arguments {
    /// A built-in routine (see `effleurage routines`), a file, or - for standard input
    routine: PathBuf,
    /// The file to write, ending in .svg, .png or .pdf, or - for SVG on standard output
    /// [default: the routine's name with .svg]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The sheet it is printed on
    #[arg(long, default_value = "a4", value_name = "PAPER")]
    paper: Paper,
    #[command(flatten)]
    spoken: Spoken,
}

#[derive(Clone, Copy, ValueEnum)]
enum Paper {
    /// 210 by 297 mm
    A4,
    /// 8.5 by 11 inches
    Letter,
    /// A cover for the track: the legs, the title, the length
    Square,
}

/// What is written.
#[derive(Clone, Copy)]
enum Format {
    Svg,
    Png,
    Pdf,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<()> {
    let since = Instant::now();
    let to_stream = arguments.output.as_deref() == Some(Path::new("-"));
    let format = match &arguments.output {
        Some(path) if !to_stream => format_of(path)?,
        _ => Format::Svg,
    };
    let request = arguments.spoken.request(&arguments.routine)?;
    let pack = arguments.spoken.pack()?;
    let session = Session::plan(&request, &pack, SampleRate::CD)?;
    output.warnings(&session.warnings);
    let card = Card::of(&session.timeline, pack.known()?, &pack.manifest.language);
    let page = card::page(&card, arguments.paper.into());
    if to_stream {
        return output.result(&card::svg(&page));
    }
    let default = PathBuf::from(format!("{}.svg", session.timeline.routine));
    let target = arguments.output.as_ref().unwrap_or(&default);
    sources::protect(target, "card", &arguments.routine, &session.files, &pack)?;
    atomic_file::write_bytes(target, &bytes(&page, format)?)?;
    output.say(&format!("{}: one page, {}", target.display(), arguments.paper.name()));
    output.detail(|| format!("ready after {:.2?}", since.elapsed()));
    Ok(())
}

fn bytes(page: &Page, format: Format) -> Result<Vec<u8>> {
    match format {
        Format::Svg => Ok(card::svg(page).into_bytes()),
        Format::Png => card::png(page).map_err(|error| Error::Ours { what: error.to_string() }),
        Format::Pdf => Ok(card::pdf(page)),
    }
}

/// The format that the name of a file asks for.
fn format_of(path: &Path) -> Result<Format> {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match extension.as_str() {
        "svg" => Ok(Format::Svg),
        "png" => Ok(Format::Png),
        "pdf" => Ok(Format::Pdf),
        _ => Err(Error::Refused {
            path: path.to_owned(),
            why: "a card is an SVG, PNG or PDF file".to_owned(),
            help: "give it a name that ends in .svg, .png or .pdf".to_owned(),
        }),
    }
}

impl Paper {
    fn name(self) -> &'static str {
        match self {
            Paper::A4 => "A4",
            Paper::Letter => "Letter",
            Paper::Square => "square",
        }
    }
}

impl From<Paper> for card::Paper {
    fn from(paper: Paper) -> card::Paper {
        match paper {
            Paper::A4 => card::Paper::A4,
            Paper::Letter => card::Paper::Letter,
            Paper::Square => card::Paper::Square,
        }
    }
}
