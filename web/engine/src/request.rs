//! What a page asks for, in the words of the command line.

use effleurage_core::diagnostic::Source;
use effleurage_core::files::Files;
use effleurage_core::routine::{Request, builtin};
use effleurage_core::timeline::Timeline;
use effleurage_core::units::SampleRate;
use effleurage_engine::wav::{Bits, Channels, Format, RATES_HZ};
use serde::Deserialize;

/// The kind of file that a page asks for.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Frames a second.
    pub rate: SampleRate,
    bits: Bits,
    channels: Option<Channels>,
}

const CHANNELS: &str = "a track has 1 or 2 channels";

impl Kind {
    /// That file, of a session.
    pub fn format(&self, timeline: &Timeline) -> Format {
        let channels = self.channels.unwrap_or_else(|| Channels::usual(timeline));
        Format { rate: self.rate, bits: self.bits, channels }
    }
}

/// A session to be made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// A built-in routine by its name, or what a routine file is called.
    routine: String,
    /// What is in that file.
    text: Option<String>,
    /// The voice whose files were given.
    pub voice: String,
    /// Flags as on the command line: `["--zone", "calf=3m"]`.
    #[serde(default)]
    flags: Vec<(String, String)>,
    /// Frames a second.
    rate: u32,
    /// Bits a sample.
    bits: u16,
    /// 1, or 2; nothing is as many as the session needs.
    channels: Option<u16>,
    /// How wide the plan is drawn, in pixels.
    #[serde(default)]
    pub width: u32,
}

impl Asked {
    /// The kind of file.
    pub fn kind(&self) -> Result<Kind, String> {
        let rate = SampleRate::new(self.rate).filter(|rate| RATES_HZ.contains(&rate.hz()));
        let channels = self.channels.map(|count| Channels::of(count).ok_or(CHANNELS));
        Ok(Kind {
            rate: rate.ok_or("a track has 8000 to 192000 frames a second")?,
            bits: Bits::of(self.bits).ok_or("a sample has 16, 24 or 32 bits")?,
            channels: channels.transpose()?,
        })
    }

    /// The routine with its changes; the sounds that it names are among `files`.
    pub fn request<'a>(&self, files: &'a dyn Files) -> Result<Request<'a>, String> {
        let source = match &self.text {
            Some(text) => Source::file(self.routine.clone(), text.clone()),
            None => builtin::source(&self.routine)
                .ok_or_else(|| format!("no built-in routine is called `{}`", self.routine))?,
        };
        let flags: Vec<(&str, &str)> =
            self.flags.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Ok(Request { files, ..Request::new(source, &flags) })
    }
}
