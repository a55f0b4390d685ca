//! What the packets of a recording hold, one after the other, mixed as they come.
//!
//! Speech is one channel in the end. Hours of it would not fit into memory as many, so
//! channels are mixed packet by packet; how much each of them and their mix hold is
//! counted meanwhile, to tell in the end whether they took each other away.

use effleurage_core::units::SampleRate;

use crate::fault::ClipFault;

/// What an encoder adds to the sound, and takes away again, is less than this.
const LONGEST_PADDING_SECONDS: u64 = 1;
/// Two hours at 48 kHz, and what an encoder adds.
const MOST_FRAMES: u64 = (2 * 60 * 60 + LONGEST_PADDING_SECONDS) * 48_000;
/// Rates outside this range are damage, not recordings.
const RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=384_000;
/// More channels than this are damage, too.
const MOST_CHANNELS: usize = 32;
/// Samples are near 1 at most; a float file with larger ones is damaged.
const LOUDEST_SAMPLE: f32 = 1000.0;
/// Where a mix has less than this share of the power that it would have if all channels
/// but one were silent, channels cancel each other: 4 dB less.
const CANCELLED: f64 = 0.4;

/// What becomes of the channels of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// Their mean.
    Mean,
    /// This one alone.
    Only(usize),
    /// How much more the first has than the mean of the first two.
    Side,
}

/// The sound so far.
pub struct Gathered {
    /// Frames a second, once something was added.
    pub rate: Option<SampleRate>,
    /// The samples, of one channel.
    pub samples: Vec<f32>,
    /// How long it may last.
    pub most_seconds: u64,
    mix: Mix,
    channels: Vec<Power>,
    mixed: Power,
}

impl Gathered {
    /// Nothing yet of a recording that lasts so many seconds at most.
    pub fn new(mix: Mix, most_seconds: u64) -> Gathered {
        let (samples, channels, mixed) = (Vec::new(), Vec::new(), Power::default());
        Gathered { rate: None, samples, mix, most_seconds, channels, mixed }
    }

    /// Nothing yet of the same recording.
    pub fn fresh(&self) -> Gathered {
        Gathered::new(self.mix, self.most_seconds)
    }

    /// How many frames there are.
    pub fn length(&self) -> usize {
        self.samples.len()
    }

    /// Whether this is the mean of two channels.
    pub fn is_mean_of_two(&self) -> bool {
        self.mix == Mix::Mean && self.channels.len() == 2
    }

    /// Adds what is in `interleaved`, of so many channels.
    pub fn add(&mut self, hz: u32, channels: usize, interleaved: &[f32]) -> Result<(), ClipFault> {
        let channels = checked_channels(channels)?;
        let rate = checked_rate(hz)?;
        if *self.rate.get_or_insert(rate) != rate {
            return Err(ClipFault::Unsupported("its sample rate changes half-way".to_owned()));
        }
        if interleaved.iter().any(|sample| sample.is_nan() || sample.abs() > LOUDEST_SAMPLE) {
            return Err(ClipFault::Malformed("some samples are no numbers".to_owned()));
        }
        self.add_frames(channels, interleaved);
        // Now, and not when all of a day has been decoded.
        check_length(self.length(), rate, self.most_seconds + LONGEST_PADDING_SECONDS)
    }

    fn add_frames(&mut self, channels: usize, interleaved: &[f32]) {
        let before = self.length();
        let frames = interleaved.chunks_exact(channels);
        match self.mix {
            Mix::Only(channel) => {
                self.samples.extend(frames.map(|frame| frame[channel.min(channels - 1)]));
            }
            Mix::Side => {
                let side = |frame: &[f32]| match frame {
                    [left, right, ..] => (left - right) * 0.5,
                    _ => 0.0,
                };
                self.samples.extend(frames.map(side));
            }
            Mix::Mean => {
                let share = 1.0 / channels as f32;
                self.samples.extend(frames.map(|frame| frame.iter().sum::<f32>() * share));
            }
        }
        if channels > 1 {
            self.channels.resize(self.channels.len().max(channels), Power::default());
            for (n, power) in self.channels.iter_mut().enumerate().take(channels) {
                power.add(interleaved.iter().skip(n).step_by(channels));
            }
            self.mixed.add(self.samples[before..].iter());
        }
    }

    /// The channel to take alone, where the mean of all would lose what they hold.
    pub fn cancelled(&self) -> Option<usize> {
        let loudest = self.channels.iter().enumerate();
        let (channel, power) = loudest.max_by(|a, b| a.1.total().total_cmp(&b.1.total()))?;
        let count = self.channels.len() as f64;
        let least = power.total() / (count * count) * CANCELLED;
        (self.mix == Mix::Mean && self.mixed.total() < least).then_some(channel)
    }
}

/// How much sound there is in a channel, whatever its offset.
#[derive(Clone, Copy, Debug, Default)]
struct Power {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Power {
    fn add<'a>(&mut self, samples: impl Iterator<Item = &'a f32>) {
        for sample in samples {
            let sample = f64::from(*sample);
            self.count += 1.0;
            self.sum += sample;
            self.squares += sample * sample;
        }
    }

    fn total(&self) -> f64 {
        self.squares - self.sum * self.sum / self.count.max(1.0)
    }
}

/// Refuses what has more frames than so many seconds.
pub fn check_length(frames: usize, rate: SampleRate, most_seconds: u64) -> Result<(), ClipFault> {
    match frames as u64 {
        // At the highest rates, hours would not fit into memory.
        frames if frames > MOST_FRAMES => Err(ClipFault::TooLong),
        frames if frames > most_seconds * u64::from(rate.hz()) => Err(ClipFault::TooLong),
        _ => Ok(()),
    }
}

/// The rate of so many frames a second, if anybody records at it.
pub fn checked_rate(hz: u32) -> Result<SampleRate, ClipFault> {
    let rate = SampleRate::new(hz).filter(|rate| RATES_HZ.contains(&rate.hz()));
    rate.ok_or_else(|| ClipFault::Malformed(format!("{hz} frames a second")))
}

/// So many channels, if anybody has them.
pub fn checked_channels(channels: usize) -> Result<usize, ClipFault> {
    match channels {
        1..=MOST_CHANNELS => Ok(channels),
        _ => Err(ClipFault::Malformed(format!("{channels} channels"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which channel is taken alone, of frames that repeat.
    fn cancelled(frame: &[f32], offset: f32) -> Option<usize> {
        let mut gathered = Gathered::new(Mix::Mean, 60);
        let turned = |sign: f32| frame.iter().map(move |x| sign * x + offset).collect::<Vec<_>>();
        let samples = [turned(1.0), turned(-1.0)].concat().repeat(400);
        gathered.add(8_000, frame.len(), &samples).unwrap();
        gathered.cancelled()
    }

    #[test]
    fn channels_that_take_each_other_away_are_seen() {
        for offset in [0.0, 0.2] {
            assert_eq!(cancelled(&[0.5, -0.5], offset), Some(1), "all of it");
            assert_eq!(cancelled(&[0.5, -0.475], offset), Some(0), "95 %");
            assert_eq!(cancelled(&[0.5, -0.2], offset), Some(0), "40 %: 0.15 of 0.25");
            assert_eq!(cancelled(&[0.5, 0.0], offset), None);
            assert_eq!(cancelled(&[0.5, -0.1], offset), None);
            assert_eq!(cancelled(&[0.5, 0.5], offset), None);
            assert_eq!(cancelled(&[0.1, 0.0, 0.0, 0.5, 0.0, 0.0], offset), None);
            assert_eq!(cancelled(&[0.1, -0.3, -0.3, 0.5, 0.0, 0.0], offset), Some(3));
            assert_eq!(cancelled(&[0.5], offset), None);
        }
        assert_eq!(cancelled(&[0.0, 0.0], 0.1), None);
    }

    #[test]
    fn less_than_a_frame_is_none() {
        let mut gathered = Gathered::new(Mix::Mean, 60);
        gathered.add(8_000, 2, &[]).unwrap();
        gathered.add(8_000, 3, &[0.5]).unwrap();
        assert_eq!(gathered.length(), 0);
    }

    #[test]
    fn a_rate_that_changes_is_refused() {
        let mut gathered = Gathered::new(Mix::Mean, 60);
        gathered.add(8_000, 1, &[0.1]).unwrap();
        let told = ClipFault::Unsupported("its sample rate changes half-way".to_owned());
        assert_eq!(gathered.add(16_000, 1, &[0.1]), Err(told));
    }
}
