//! Writes every sound of a routine into a folder, for the checks from outside.
//!
//! ```text
//! cargo run --release --example sounds -- ROUTINE RATE FOLDER [--flag [value]]…
//! ```
//!
//! The flags are those of `effleurage render` that change a routine.
//!
//! Each prompt's clip, as it is made ready for the mix, becomes `<prompt>.wav`.
//! Ticks and chimes become `tick-<n>.wav` and `chime-<n>.wav`; `ticks.jsonl` and
//! `chimes.jsonl` say, line by line, at which frame which of them starts. The loop of
//! the bed, where there is one, becomes `bed.wav`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use effleurage::cancel::CancelToken;
use effleurage::diagnostic::Source;
use effleurage::mix::Sounds;
use effleurage::routine::{Request, builtin};
use effleurage::session::Session;
use effleurage::timeline::{Tick, Timeline};
use effleurage::units::{Position, SampleRate};
use effleurage::voice::Disk;

type Done<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Done {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [routine, rate, folder, flags @ ..] = arguments.as_slice() else {
        return Err("usage: sounds ROUTINE RATE FOLDER [--flag [value]]…".into());
    };
    let rate = SampleRate::new(rate.parse()?).ok_or("the rate is zero")?;
    let session = plan(routine, &paired(flags)?, rate)?;
    let session =
        session.prepare(&CancelToken::default(), &|_, _| ()).map_err(|error| error.to_string())?;
    let sounds = session.sounds;
    let folder = Folder { path: PathBuf::from(folder), rate };
    fs::create_dir_all(&folder.path)?;
    folder.clips(&sounds)?;
    folder.ticks(&session.timeline, &sounds)?;
    folder.chimes(&session.timeline, &sounds)?;
    folder.bed(&sounds)
}

/// Each flag with its value; one that is followed by another flag has none.
fn paired(words: &[String]) -> Done<Vec<(&str, &str)>> {
    let is_flag = |word: &&String| word.starts_with("--");
    let mut words = words.iter().peekable();
    let mut flags = Vec::new();
    while let Some(name) = words.next() {
        if !is_flag(&name) {
            return Err(format!("`{name}` belongs to no flag").into());
        }
        let value = words.next_if(|word| !is_flag(word));
        flags.push((name.as_str(), value.map_or("", String::as_str)));
    }
    Ok(flags)
}

fn plan(routine: &str, flags: &[(&str, &str)], rate: SampleRate) -> Done<Session> {
    let pack = effleurage::voice::open(Path::new("en")).map_err(|error| error.to_string())?;
    let source = match builtin::source(routine) {
        Some(source) => source,
        None => Source::file(routine, fs::read_to_string(routine)?),
    };
    let request = Request { files: &Disk, ..Request::new(source, flags) };
    Ok(Session::plan(&request, &pack, rate).map_err(|error| error.to_string())?)
}

/// Where the sounds go, and at which rate.
struct Folder {
    path: PathBuf,
    rate: SampleRate,
}

impl Folder {
    fn clips(&self, sounds: &Sounds) -> Done {
        for (prompt, samples) in &sounds.clips {
            self.wav(&format!("{prompt}.wav"), &samples.get())?;
        }
        Ok(())
    }

    fn ticks(&self, timeline: &Timeline, sounds: &Sounds) -> Done {
        let mut names: BTreeMap<Tick, String> = BTreeMap::new();
        for (n, (tick, samples)) in sounds.ticks.iter().enumerate() {
            let name = format!("tick-{n}.wav");
            self.wav(&name, samples)?;
            names.insert(*tick, name);
        }
        let events = timeline.ticks().map(|event| (event.at, names.get(&event.tick)));
        self.index("ticks.jsonl", events)
    }

    fn chimes(&self, timeline: &Timeline, sounds: &Sounds) -> Done {
        let mut names = BTreeMap::new();
        for (n, (chime, samples)) in sounds.chimes.iter().enumerate() {
            let name = format!("chime-{n}.wav");
            self.wav(&name, samples)?;
            names.insert(*chime, name);
        }
        let chimes = timeline.chimes.iter();
        let events = chimes.map(|chime| (chime.range.start, names.get(&chime.sound())));
        self.index("chimes.jsonl", events)
    }

    fn bed(&self, sounds: &Sounds) -> Done {
        if sounds.bed.is_empty() {
            return Ok(());
        }
        self.wav("bed.wav", &sounds.bed)
    }

    /// One line for each event; `null` stands for a sound that nobody made.
    fn index<'a>(
        &self,
        name: &str,
        events: impl Iterator<Item = (Position, Option<&'a String>)>,
    ) -> Done {
        let mut out = BufWriter::new(File::create(self.path.join(name))?);
        for (at, file) in events {
            writeln!(out, "{}", serde_json::json!({ "at": at.0, "file": file }))?;
        }
        Ok(out.flush()?)
    }

    fn wav(&self, name: &str, samples: &[f32]) -> Done {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: self.rate.hz(),
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let mut writer = hound::WavWriter::create(self.path.join(name), spec)?;
        for sample in samples {
            writer.write_sample(*sample)?;
        }
        Ok(writer.finalize()?)
    }
}
