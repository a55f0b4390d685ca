//! How loud the whole of a track is, and bringing it to a loudness that is asked for.
//!
//! One gain is for all that sounds in it, so that everything stays as loud beside everything
//! else. What would be too high then is held, clip by clip, as it always is.

use std::path::Path;

use super::{Prepared, Session, mixer, sounds};
use crate::cancel::CancelToken;
use crate::error::{Error, Result};
use crate::mix::{Mixer, Source};
use crate::provenance::Reached;
use crate::units::{Decibels, Lufs, SampleRate};
use crate::voice::meter::{self, Heard, Meter};
use crate::wav::{Block, Channels, Frames, Stopped, Watch, each_block};

/// What a whole track can be asked to be, in LUFS.
pub const LOUDNESS_LUFS: std::ops::RangeInclusive<f64> = -40.0..=-6.0;
/// Nearer than this need not be.
const NEAR: f64 = 0.02;
/// What is further off than this is not what was asked for.
const FAR: f64 = 0.1;
/// What it takes at most until the gain is right.
const MOST_ROUNDS: usize = 8;

/// How loud a track is, as a meter tells that counts its channels (ITU-R BS.1770-5).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Whole {
    /// Integrated and gated; none of silence.
    pub loudness: Option<Lufs>,
    /// The true peak; none of silence.
    pub true_peak: Option<Decibels>,
}

/// The loudness that a person asks for, like `-16` or `-16 LUFS`; none outside of what a track
/// can have.
pub fn parse_loudness(text: &str) -> Option<Lufs> {
    let text = text.trim().to_lowercase();
    let number = text.strip_suffix("lufs").unwrap_or(&text).trim_end();
    let lufs = number.replace('\u{2212}', "-").parse().ok()?;
    LOUDNESS_LUFS.contains(&lufs).then_some(Lufs(lufs))
}

impl Prepared {
    /// How loud the session is on so many `channels`.
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`], and [`Error::Ours`] where it cannot be mixed.
    pub fn heard(&self, channels: Channels, cancel: &CancelToken) -> Result<Whole> {
        heard(&self.mixer()?, channels, cancel)
    }
}

impl Session {
    /// Lets the whole session be as loud as `asked` on so many `channels`, and tells what came of
    /// it. Whatever is made of the session from now on is as loud.
    ///
    /// # Errors
    ///
    /// [`Error::TooLoud`] where its peaks do not allow it; those of [`Session::prepare`].
    pub fn bring_to(
        &mut self,
        asked: Lufs,
        channels: Channels,
        cancel: &CancelToken,
    ) -> Result<Reached> {
        let most = sounds::most_gain(&self.timeline, &self.own.bed(&self.timeline, &*self.memory));
        let mut share = 1.0;
        let mut whole = self.with_gain(Decibels(0.0), channels, cancel)?;
        for _ in 0..MOST_ROUNDS {
            let Some(before) = whole.loudness else { break };
            let missing = (asked - before).0;
            let wanted = self.gain.0 + missing / share;
            let gain = Decibels((wanted.min(most.0) * 100.0).round() / 100.0);
            let step = gain.0 - self.gain.0;
            if missing.abs() <= NEAR || step.abs() < 0.01 {
                break;
            }
            whole = self.with_gain(gain, channels, cancel)?;
            let gained = whole.loudness.map_or(0.0, |after| (after - before).0);
            // The more peaks are held, the less a gain gains.
            share = (gained / step).clamp(0.1, 1.0);
        }
        let Whole { loudness: Some(loudness), true_peak: Some(true_peak) } = whole else {
            return Err(Error::Ours { what: "a track without a sound".to_owned() });
        };
        if (asked - loudness).0.abs() > FAR {
            let most = Lufs((loudness.0 * 10.0).floor() / 10.0);
            return Err(Error::TooLoud { asked, most });
        }
        let hundredth = |number: f64| (number * 100.0).round() / 100.0;
        let reached = Reached {
            asked: asked.0,
            loudness: hundredth(loudness.0),
            true_peak: hundredth(true_peak.0),
        };
        self.reached = Some(reached);
        Ok(reached)
    }

    /// How loud it is with this gain, which it has from now on.
    fn with_gain(
        &mut self,
        gain: Decibels,
        channels: Channels,
        cancel: &CancelToken,
    ) -> Result<Whole> {
        self.gain = gain;
        let (mut sounds, speaking) = self.sounds();
        sounds.clips = speaking.clips(self.said(), cancel, &|_, _| ())?;
        heard(&mixer(&self.timeline, &sounds)?, channels, cancel)
    }
}

fn heard(mixer: &Mixer<'_>, channels: Channels, cancel: &CancelToken) -> Result<Whole> {
    let timeline = mixer.timeline();
    let ours =
        |what: meter::Error| Error::Ours { what: format!("the track cannot be measured: {what}") };
    let mut meter = meter_of(timeline.sample_rate, channels, mixer).map_err(ours)?;
    let watch = Watch { progress: &|_| (), cancel: cancel.clone() };
    let hear = |block: Block<'_>| {
        meter.hear(block.samples, block.right).map_err(|error| Stopped::Told(ours(error)))
    };
    let frames = Frames::of(timeline.range(), mixer);
    let taken = each_block(timeline.sample_rate, channels, &frames, &watch, hear);
    taken.map_err(|stopped| stopped.at(Path::new(&timeline.routine)))?;
    Ok(Whole { loudness: meter.loudness(), true_peak: meter.true_peak() })
}

fn meter_of(
    rate: SampleRate,
    channels: Channels,
    source: &dyn Source,
) -> std::result::Result<Meter, meter::Error> {
    let heard = match channels {
        Channels::Mono => Heard::One,
        Channels::Stereo if source.is_wide() => Heard::Two,
        Channels::Stereo => Heard::Same,
    };
    Meter::new(rate, heard)
}
