//! How loud a track is, told as broadcasters want to know it.

use ebur128::{EbuR128, Mode};

use crate::cancel::CancelToken;
use crate::error::{Error, Result};
use crate::provenance::bext::{self, Loudness};
use crate::session::Prepared;
use crate::units::FrameRange;
use crate::wav::{Block, Format, Frames, Stopped, Watch, each_block};

/// Every so often a second is looked at how loud it just was (EBU Tech 3341, section 2.8).
const LOOKS: u32 = 10;

/// The chunk `bext` of a `format` file of these frames of a session.
///
/// It tells of the very channels of the file: a mono file, which sounds from two loudspeakers
/// as loud as one with two channels, is 3 LU softer by itself.
///
/// # Errors
///
/// Where it cannot be mixed or measured, or somebody stopped it.
pub fn chunk(
    session: &Prepared,
    range: FrameRange,
    format: &Format,
    cancel: &CancelToken,
) -> Result<Vec<u8>> {
    let loudness = measured(session, range, format, cancel)?;
    Ok(bext::chunk(&session.tags, format, &loudness))
}

fn measured(
    session: &Prepared,
    range: FrameRange,
    format: &Format,
    cancel: &CancelToken,
) -> Result<Loudness> {
    let mixer = session.mixer()?;
    let mut meter = Meter::new(format).map_err(ours)?;
    let watch = Watch { progress: &|_| (), cancel: cancel.clone() };
    let hear = |block: Block<'_>| meter.hear(&block).map_err(|e| Stopped::Told(ours(e)));
    each_block(format.rate, format.channels, &Frames::of(range, &mixer), &watch, hear)
        .map_err(|stopped| stopped.at(session.timeline.routine.as_ref()))?;
    meter.measured().map_err(ours)
}

fn ours(error: ebur128::Error) -> Error {
    Error::Ours { what: format!("the track cannot be measured: {error}") }
}

/// Hears a track, all channels of it.
struct Meter {
    meter: EbuR128,
    channels: usize,
    /// Samples from one look to the next, and those that wait for it.
    step: usize,
    waiting: Vec<f32>,
    momentary: f64,
    short_term: f64,
}

impl Meter {
    fn new(format: &Format) -> std::result::Result<Meter, ebur128::Error> {
        let mode = Mode::I | Mode::LRA | Mode::M | Mode::S | Mode::TRUE_PEAK;
        let (hz, channels) = (format.rate.hz(), usize::from(format.channels.count()));
        let meter = EbuR128::new(channels as u32, hz, mode)?;
        let step = hz.div_ceil(LOOKS) as usize * channels;
        let (momentary, short_term) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        Ok(Meter { meter, channels, step, waiting: Vec::new(), momentary, short_term })
    }

    fn hear(&mut self, block: &Block<'_>) -> std::result::Result<(), ebur128::Error> {
        for n in 0..block.samples.len() {
            self.waiting.extend((0..self.channels).map(|channel| block.channel(channel)[n]));
        }
        let whole = self.waiting.len() / self.step * self.step;
        let waiting = self.waiting.split_off(whole);
        let heard = std::mem::replace(&mut self.waiting, waiting);
        heard.chunks(self.step).try_for_each(|step| self.look(step))
    }

    fn look(&mut self, step: &[f32]) -> std::result::Result<(), ebur128::Error> {
        self.meter.add_frames_f32(step)?;
        self.momentary = self.momentary.max(self.meter.loudness_momentary()?);
        self.short_term = self.short_term.max(self.meter.loudness_shortterm()?);
        Ok(())
    }

    fn measured(mut self) -> std::result::Result<Loudness, ebur128::Error> {
        let rest = std::mem::take(&mut self.waiting);
        self.look(&rest)?;
        let peaks = (0..self.channels as u32).map(|channel| self.meter.true_peak(channel));
        let peaks: Vec<f64> = peaks.collect::<std::result::Result<_, _>>()?;
        let peak = peaks.into_iter().fold(0.0, f64::max);
        let finite = |value: f64| Some(value).filter(|value| value.is_finite());
        let integrated = finite(self.meter.loudness_global()?);
        Ok(Loudness {
            integrated,
            range: integrated.and(finite(self.meter.loudness_range()?)),
            true_peak: finite(20.0 * libm::log10(peak)),
            momentary: finite(self.momentary),
            short_term: finite(self.short_term),
        })
    }
}
