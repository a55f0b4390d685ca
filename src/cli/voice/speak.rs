//! `effleurage voice speak`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::output::Output;
use crate::error::{ClipFault, Error, Result};
use crate::recording::speak::Speaker;
use crate::routine::duration;
use crate::target;
use crate::units::{Decibels, Lufs, SampleRate};
use crate::voice::level::{Aim, level};
use crate::voice::{Pack, decode, trim};

#[derive(clap::Args)]
pub struct Arguments {
    /// The voice: a folder
    voice: PathBuf,
    /// The program that speaks, with {text} and {out} where the words and the file go, like
    /// 'espeak-ng -w {out} {text}'; no shell runs it
    #[arg(long, value_name = "COMMAND")]
    with: String,
    /// How long it may take for one prompt
    #[arg(long, default_value = "60s", value_name = "TIME", value_parser = time)]
    limit: Duration,
}

/// How loud a stored clip is: as loud as it may be without losing a peak.
const STORED: Aim = Aim { loudness: Lufs(-23.0), ceiling: Decibels(-1.5) };

fn time(text: &str) -> std::result::Result<Duration, String> {
    duration::parse(text).map_err(|fault| format!("{}; {}", fault.message(text), fault.help(text)))
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let refused = |why: &str, help: &str| Error::Refused {
        path: arguments.voice.clone(),
        why: why.to_owned(),
        help: help.to_owned(),
    };
    let speaker = Speaker::parse(&arguments.with)
        .map_err(|why| refused(&format!("--with: {why}"), "like 'espeak-ng -w {out} {text}'"))?;
    let pack = Pack::open(&arguments.voice)?;
    let Some(folder) = pack.folder() else {
        return Err(refused("it is built in", "make one of your own: effleurage voice kit --all"));
    };
    let ids = pack.manifest.in_order();
    let missing: Vec<&str> =
        ids.into_iter().filter(|id| pack.vocabulary.contains(id) && !pack.has_clip(id)).collect();
    let mut manifest = pack.source.text.clone();
    for id in &missing {
        let clip = spoken(&speaker, pack.vocabulary.text(id), id, arguments.limit)?;
        target::write_bytes(&folder.join(format!("{id}.wav")), &clip)?;
        manifest = marked(&manifest, id, &arguments.with);
        target::write_bytes(&folder.join("manifest.toml"), manifest.as_bytes())?;
        output.say(&format!("{id}: spoken"));
    }
    output.say(&format!("{} prompts spoken", missing.len()));
    Ok(ExitCode::SUCCESS)
}

/// A clip of `text`, cleaned, as the bytes of a WAV file.
fn spoken(speaker: &Speaker, text: &str, id: &str, limit: Duration) -> Result<Vec<u8>> {
    let failed = |why: String| Error::Refused {
        path: PathBuf::from(format!("{id}.wav")),
        why,
        help: "try the command by itself, with a text and a file".to_owned(),
    };
    let folder = tempfile::tempdir().map_err(|error| failed(error.to_string()))?;
    let out = folder.path().join(format!("{id}.wav"));
    speaker.say(text, &out, limit).map_err(failed)?;
    let bytes = fs::read(&out).map_err(|_| failed("the program made no file".to_owned()))?;
    let fault = |fault| Error::BadClip { path: out.clone(), fault };
    let recording = decode::decode(&bytes).and_then(|r| trim::trim(&r)).map_err(fault)?;
    let levelled = level(&recording.samples, recording.rate, STORED);
    let (samples, _) = levelled.ok_or(fault(ClipFault::Silent))?;
    wav(&samples, recording.rate).map_err(|error| failed(error.to_string()))
}

/// Mono, 16 bits.
fn wav(samples: &[f32], rate: SampleRate) -> std::result::Result<Vec<u8>, hound::Error> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate.hz(),
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec)?;
    for sample in samples {
        let value = (f64::from(*sample) * 32_768.0).round().clamp(-32_768.0, 32_767.0);
        writer.write_sample(value as i16)?;
    }
    writer.finalize()?;
    Ok(bytes.into_inner())
}

/// The head of the table that tells which clips a program spoke.
const SPOKEN_BY: &str = "[spoken_by]";

/// The `manifest` with a mark that `command` spoke `id`.
fn marked(manifest: &str, id: &str, command: &str) -> String {
    let mark = format!("{id} = {}\n", serde_json::Value::from(command));
    match manifest.lines().any(|line| line.trim() == SPOKEN_BY) {
        true => manifest.replacen(SPOKEN_BY, &format!("{SPOKEN_BY}\n{}", mark.trim_end()), 1),
        false => format!("{}\n\n{SPOKEN_BY}\n{mark}", manifest.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_spoke_is_marked() {
        let one = marked("[prompts]\na = \"A.\"\nb = \"B.\"\n", "a", "say '{text}'");
        assert_eq!(one, "[prompts]\na = \"A.\"\nb = \"B.\"\n\n[spoken_by]\na = \"say '{text}'\"\n");
        let two: toml::Table = toml::from_str(&marked(&one, "b", "x")).unwrap();
        assert_eq!(two["spoken_by"]["b"].as_str(), Some("x"));
        assert_eq!(two["spoken_by"]["a"].as_str(), Some("say '{text}'"));
    }
}
