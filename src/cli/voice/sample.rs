//! `effleurage voice sample`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::at_hand::opened;
use crate::cli::output::Output;
use crate::cli::signals;
use crate::error::{Error, Result};
use crate::provenance;
use crate::session::{self, sample};
use crate::timeline::Timeline;
use crate::units::{Position, SampleRate, clock};
use crate::voice::Pack;
use crate::wav::{Bits, Channels, Chunks, Format, Watch};

#[derive(clap::Args)]
pub struct Arguments {
    /// Voices to hear; without any, all that are at hand
    voices: Vec<PathBuf>,
    /// The file to write
    #[arg(short, long, value_name = "FILE", default_value = "voices.wav")]
    output: PathBuf,
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    if !arguments.output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("wav")) {
        return Err(Error::Refused {
            path: arguments.output.clone(),
            why: "voices are heard from a WAV file".to_owned(),
            help: "give it a name that ends in .wav".to_owned(),
        });
    }
    let packs = opened(&arguments.voices, output)?;
    let cancel = signals::catch();
    let track = sample::sample(&packs, SampleRate::CD)?;
    let format = Format { rate: SampleRate::CD, bits: Bits::Sixteen, channels: Channels::Mono };
    let chunks = provenance::marker_chunks(&track.timeline);
    let watch = Watch { progress: &|_| (), cancel };
    session::render_to_file(
        &track,
        track.timeline.range(),
        &arguments.output,
        &format,
        Chunks::behind(&chunks),
        &watch,
    )?;
    output.result(&told(&track.timeline, &packs, &arguments.output))?;
    Ok(ExitCode::SUCCESS)
}

/// Where each voice begins, and who it is.
fn told(timeline: &Timeline, packs: &[Pack], path: &Path) -> String {
    let mut text = format!("{}\n", path.display());
    for section in &timeline.sections {
        let at = timeline.sample_rate.duration_of(section.range.start.since(Position::START));
        let pack = packs.iter().find(|pack| pack.id == section.id);
        let speaker = pack.map_or("", |pack| pack.manifest.speaker.as_str());
        let at = clock(at);
        let at = at.split('.').next().unwrap_or_default();
        text += &format!("{at}  {}\n         {speaker}\n", section.title);
    }
    text
}
