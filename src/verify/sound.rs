//! Listens to a file from its first frame to its last, beside what is planned.

use std::path::Path;

use ebur128::{EbuR128, Mode};

use super::events::{self, Likeness};
use super::frames::Frames;
use super::nearness::{HEARD, Nearness, WINDOW};
use super::report::{Check, Miss};
use crate::cancel::CancelToken;
use crate::error::{Error, Result};
use crate::mix::Mixer;
use crate::timeline::events_in;
use crate::units::{Decibels, FrameRange, Length, Lufs, Position, clock};
use crate::voice::loudness::{heard, meter, true_peak};
use crate::wav::{Block, Mixed};

/// Frames compared at once.
const BLOCK: usize = 1 << 14;
/// Frames of a block that are looked at together, in case all are silent.
const PIECE: usize = 256;
/// Two steps of 16 bits: dither and rounding make 1.5 of them (see `wav::quantise`), and
/// no ear is as fine. At more bits the same, so that clips that another processor
/// resampled are not held to their last bit.
const TOLERANCE: f32 = 2.0 / 32_768.0;
/// Differences closer than this, as a share of a second, are one.
const ONE_DIFFERENCE: u32 = 50;
/// So many are told apart; what lies behind the last belongs to it.
const MOST_DIFFERENCES: usize = 20_000;
/// By how much what is spoken, with all that sounds below it, may be louder or softer than
/// planned; and that where an encoder changed it.
const VOICE_TOLERANCE: f64 = 0.2;
const CHANGED_VOICE_TOLERANCE: f64 = 0.5;
/// True peaks of a track stay below this.
const HIGHEST_PEAK: Decibels = Decibels(-1.0);

/// How a sound is held against what is planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hearing {
    /// Sample by sample, of so many bits.
    Exact(u32),
    /// As an ear does it, since an encoder changed the samples.
    Near,
}

/// What was heard.
pub struct Heard {
    /// How many frames there are.
    length: Length,
    /// Where the sound is not as planned.
    differences: Vec<Difference>,
    /// The greatest difference elsewhere.
    greatest: f32,
    /// How near it is, where an encoder changed it.
    nearness: Option<Nearness>,
    /// What moved, as far as that can be told.
    moved: Vec<Miss>,
    /// The first frame whose channels differ.
    split: Option<Position>,
    /// Frames in which nothing is planned.
    silence: Length,
    /// Frames at full scale, and the first of them.
    clipped: (u64, Option<Position>),
    /// The loudness of what is spoken, and what it should be.
    voice: [Option<Lufs>; 2],
    peak: Decibels,
}

/// A stretch in which the sound is not as planned.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    /// Where.
    pub range: FrameRange,
    /// The greatest difference of two samples in it.
    pub peak: f32,
    /// Whether nothing was planned where it begins.
    pub in_silence: bool,
}

/// Reads all of `sound`, that of the file at `path`, and compares it with what `mixer` plans.
pub fn listen(
    path: &Path,
    sound: &mut dyn Frames,
    hearing: Hearing,
    mixer: &Mixer<'_>,
    cancel: &CancelToken,
) -> Result<Heard> {
    let told = |error| Error::unreadable(path, &error);
    let channels = usize::from(sound.channels().count());
    let mut interleaved = vec![0.0; BLOCK * channels];
    let mut planned = Mixed::default();
    let mut ear = Ear::new(mixer, hearing);
    loop {
        cancel.check()?;
        let frames = sound.read(&mut interleaved).map_err(told)?;
        let range = FrameRange::new(ear.at, Length(frames as u64));
        planned.mix(range, sound.channels(), mixer);
        ear.hear(&interleaved[..frames * channels], channels, &planned.block());
        if frames < BLOCK {
            break;
        }
    }
    let mut heard = ear.heard();
    let likeness = match hearing {
        Hearing::Exact(_) => Likeness::EXACT,
        Hearing::Near => Likeness::NEAR,
    };
    let Heard { differences, length, .. } = &heard;
    heard.moved = events::judge(path, sound, mixer, likeness, differences, *length, cancel)?;
    Ok(heard)
}

/// Hears block after block.
struct Ear<'a> {
    at: Position,
    mixer: &'a Mixer<'a>,
    /// The least amplitude that is full scale.
    full_scale: f32,
    /// Of what is spoken.
    meter: Option<EbuR128>,
    /// Whether the last frame was planned as zero.
    was_zero: bool,
    /// What was heard so far of the prompt that sounds now.
    prompt: Vec<f32>,
    heard: Heard,
}

impl<'a> Ear<'a> {
    fn new(mixer: &'a Mixer<'a>, hearing: Hearing) -> Ear<'a> {
        let (full_scale, nearness) = match hearing {
            Hearing::Exact(16) => (1.0 - 1.0 / 32_768.0, None),
            Hearing::Exact(_) => (1.0 - 1.0 / 8_388_608.0, None),
            Hearing::Near => (1.0, Some(Nearness::default())),
        };
        let meter = meter(mixer.timeline().sample_rate, Mode::I).ok();
        let heard = Heard {
            length: Length::ZERO,
            differences: Vec::new(),
            greatest: 0.0,
            nearness,
            moved: Vec::new(),
            split: None,
            silence: Length::ZERO,
            clipped: (0, None),
            voice: [None; 2],
            peak: Decibels(f64::NEG_INFINITY),
        };
        let prompt = Vec::new();
        Ear { at: Position::START, mixer, full_scale, meter, was_zero: true, prompt, heard }
    }

    /// Hears the next frames, beside those that are planned.
    fn hear(&mut self, samples: &[f32], channels: usize, planned: &Block<'_>) {
        let range = FrameRange::new(self.at, Length(planned.samples.len() as u64));
        let piece = if self.heard.nearness.is_some() { WINDOW } else { PIECE };
        let mut pieces = samples.chunks(piece * channels);
        for place in range.pieces(Length(piece as u64)) {
            let samples = pieces.next().unwrap_or_default();
            let from = place.start.since(range.start).0 as usize;
            let here = from..from + place.length.0 as usize;
            let left = &planned.samples[here.clone()];
            let right = planned.right.map(|right| &right[here]);
            let is_zero = |samples: &[f32]| samples.iter().fold(0, |all, s| all | s.to_bits()) == 0;
            let is_silent = self.was_zero && is_zero(left) && right.is_none_or(is_zero);
            if is_silent && is_zero(samples) {
                self.heard.silence.0 += place.length.0;
                continue;
            }
            self.compare(place, samples.iter().step_by(channels), left, true);
            match right {
                None if self.heard.nearness.is_none() => self.note_split(place, samples, channels),
                None if channels == 1 => {}
                right => {
                    let right = right.unwrap_or(left);
                    let heard = samples.iter().skip(1).step_by(channels);
                    self.compare(place, heard, right, false);
                }
            }
        }
        self.hear_prompts(range, samples, channels);
        self.at = range.end_exclusive();
        self.heard.length = self.at.since(Position::START);
    }

    /// Compares one channel in the frames of `place`; the left one tells where silence is.
    fn compare<'s>(
        &mut self,
        place: FrameRange,
        heard: impl Iterator<Item = &'s f32> + Clone,
        planned: &[f32],
        is_left: bool,
    ) {
        let mut loudest = 0.0_f32;
        if let Some(mut nearness) = self.heard.nearness {
            if let Some(difference) = nearness.look(heard.clone(), planned) {
                let silent = planned.iter().all(|sample| *sample == 0.0);
                self.note_difference(place, difference, silent);
            }
            self.heard.nearness = Some(nearness);
        }
        for (n, (heard, planned)) in heard.zip(planned).enumerate() {
            let at = place.start + Length(n as u64);
            let silent = is_left && self.is_silent(*planned);
            let tolerance = if silent { 0.0 } else { TOLERANCE };
            let difference = (heard - planned).abs();
            // What is no number is a difference, too.
            match difference <= tolerance || self.heard.nearness.is_some() {
                true => self.heard.greatest = self.heard.greatest.max(difference),
                false => self.note_difference(FrameRange::new(at, Length(1)), difference, silent),
            }
            if heard.abs() >= self.full_scale {
                self.heard.clipped.0 += 1;
                self.heard.clipped.1.get_or_insert(at);
            }
            loudest = loudest.max(heard.abs());
        }
        self.note_peak(Decibels::from_amplitude(f64::from(loudest)));
    }

    /// Whether the next frame, `planned` like this, is one of silence: zero after zero, which
    /// stays as it is at any depth.
    fn is_silent(&mut self, planned: f32) -> bool {
        let silent = planned == 0.0 && self.was_zero;
        self.was_zero = planned == 0.0;
        self.heard.silence.0 += u64::from(silent);
        silent
    }

    /// Notes where channels differ that should not.
    fn note_split(&mut self, place: FrameRange, samples: &[f32], channels: usize) {
        let mut frames = samples.chunks_exact(channels);
        let differ = |frame: &[f32]| frame.iter().any(|s| s.to_bits() != frame[0].to_bits());
        if let Some(n) = frames.position(differ) {
            self.heard.split.get_or_insert(place.start + Length(n as u64));
        }
    }

    /// Measures what is spoken in the frames of `range`.
    fn hear_prompts(&mut self, range: FrameRange, samples: &[f32], channels: usize) {
        for prompt in events_in(&self.mixer.timeline().speech, range, |prompt| prompt.range) {
            let Some(overlap) = prompt.range.intersection(range) else { continue };
            let from = overlap.start.since(range.start).0 as usize * channels;
            let here = &samples[from..from + overlap.length.0 as usize * channels];
            self.prompt.extend(here.chunks_exact(channels).map(|frame| frame[0]));
            if overlap.end_exclusive() == prompt.range.end_exclusive() {
                let rate = self.mixer.timeline().sample_rate;
                let (meter, prompt) = (&mut self.meter, &self.prompt);
                let (peak, _) = rayon::join(
                    || true_peak(prompt, rate),
                    // The meter refuses only samples of other channels.
                    || meter.as_mut().map(|meter| meter.add_frames_f32(prompt)),
                );
                self.note_peak(peak);
                self.prompt.clear();
            }
        }
    }

    fn note_difference(&mut self, place: FrameRange, peak: f32, in_silence: bool) {
        let near = Length(u64::from(self.mixer.timeline().sample_rate.hz() / ONE_DIFFERENCE));
        let full = self.heard.differences.len() >= MOST_DIFFERENCES;
        match self.heard.differences.last_mut() {
            Some(last) if full || place.start <= last.range.end_exclusive() + near => {
                // The right channel of a piece is compared after the left.
                let start = last.range.start.min(place.start);
                let end = last.range.end_exclusive().max(place.end_exclusive());
                last.range = FrameRange::new(start, end.since(start));
                last.peak = last.peak.max(peak);
            }
            _ => {
                self.heard.differences.push(Difference { range: place, peak, in_silence });
            }
        }
    }

    fn note_peak(&mut self, peak: Decibels) {
        if peak > self.heard.peak {
            self.heard.peak = peak;
        }
    }

    fn heard(mut self) -> Heard {
        let heard = self.meter.as_ref().and_then(heard);
        // Where nothing differs, neither does the loudness.
        let as_planned = self.heard.differences.is_empty() && self.heard.nearness.is_none();
        let planned = if as_planned { heard } else { spoken_as_planned(self.mixer) };
        self.heard.voice = [heard, planned];
        self.heard
    }
}

/// The loudness of what is to be spoken, with all that sounds below it.
fn spoken_as_planned(mixer: &Mixer<'_>) -> Option<Lufs> {
    let mut meter = meter(mixer.timeline().sample_rate, Mode::I).ok()?;
    for prompt in &mixer.timeline().speech {
        let mut planned = vec![0.0; prompt.range.length.0 as usize];
        mixer.mix(prompt.range.start, &mut planned);
        meter.add_frames_f32(&planned).ok()?;
    }
    heard(&meter)
}

impl Heard {
    /// What came of it.
    pub fn checks(&self, mixer: &Mixer<'_>) -> Vec<Check> {
        vec![self.frames(mixer), self.sounds(mixer), self.levels()]
    }

    fn frames(&self, mixer: &Mixer<'_>) -> Check {
        let planned = mixer.timeline().length();
        let mut misses = Vec::new();
        if self.length != planned {
            let what = match self.length < planned {
                true => format!("it ends {} frames early", planned.0 - self.length.0),
                false => format!("it goes on for {} frames more", self.length.0 - planned.0),
            };
            misses.push(Miss::at(Position::START + self.length.min(planned), what));
        }
        if let Some(at) = self.split {
            misses.push(Miss::at(at, "from here on, not all channels are the same"));
        }
        let rate = mixer.timeline().sample_rate;
        let lasts = clock(rate.duration_of(self.length));
        Check { name: "frames", told: format!("{} ({lasts})", self.length.0), misses }
    }

    fn sounds(&self, mixer: &Mixer<'_>) -> Check {
        let timeline = mixer.timeline();
        let (prompts, ticks) = (timeline.speech.len(), timeline.ticks().count());
        let silence = clock(timeline.sample_rate.duration_of(self.silence));
        let beside = match self.nearness {
            None => {
                let greatest = f64::from(self.greatest.max(TOLERANCE / 8.0));
                format!("nothing else above {:.0} dBFS", Decibels::from_amplitude(greatest).0)
            }
            Some(nearness) => format!(
                "{:.0} dB above what its encoder changed; nothing else above {:.0} dBFS",
                nearness.above_changes().0,
                HEARD.0
            ),
        };
        let told = match self.moved.is_empty() {
            true => format!(
                "{prompts} prompts and {ticks} ticks at their frames, {silence} of silence; {beside}"
            ),
            false => String::new(),
        };
        Check { name: "sound", told, misses: self.moved.clone() }
    }

    fn levels(&self) -> Check {
        let mut misses = Vec::new();
        let tolerance = match self.nearness {
            None => VOICE_TOLERANCE,
            Some(_) => CHANGED_VOICE_TOLERANCE,
        };
        if let [Some(voice), Some(planned)] = self.voice
            && (voice.0 - planned.0).abs() > tolerance
        {
            let what = format!("the voice has {:.1} LUFS instead of {:.1}", voice.0, planned.0);
            misses.push(Miss::of(what));
        }
        if self.peak > HIGHEST_PEAK {
            misses.push(Miss::of(format!("its true peak is {:.1} dBTP", self.peak.0)));
        }
        if let (clipped, Some(at)) = self.clipped {
            misses.push(Miss::at(at, format!("{clipped} frames are at full scale")));
        }
        let voice =
            self.voice[0].map_or("no voice".to_owned(), |lufs| format!("voice {:.1} LUFS", lufs.0));
        let told =
            format!("{voice}, true peak {:.1} dBTP, {} frames clip", self.peak.0, self.clipped.0);
        Check { name: "levels", told, misses }
    }
}
