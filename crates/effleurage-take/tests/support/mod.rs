//! Long takes of which is known what is said where: clips of a voice, one after the other, as
//! a person with a phone would say them, with slips, coughs and doors, in a room.

#![allow(dead_code)]

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use effleurage_core::units::SampleRate;
use effleurage_sound::Recording;
use effleurage_sound::decode::decode;
use effleurage_sound::resample::resample;
use effleurage_sound::trim::trim;

pub const RATE: SampleRate = SampleRate::new(16_000).unwrap();
const HZ: f64 = 16_000.0;
/// A line can be heard from 45 dB below its loudest on, as power.
const AUDIBLE: f32 = 3.16e-5;

/// Numbers that only look like chance (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", OOPSLA 2014).
pub struct Chance(pub u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.share()
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    fn hiss(&mut self) -> f32 {
        // The sum of three has nearly the shape of a normal distribution; its spread is 1.
        (0..3).map(|_| self.between(-1.0, 1.0)).sum::<f64>() as f32
    }
}

/// A voice whose clips are at hand.
pub struct Speaker {
    folder: PathBuf,
    /// Ids and words, in the order of the manifest.
    pub script: Vec<(String, String)>,
    clips: BTreeMap<String, Vec<f32>>,
}

impl Speaker {
    /// The clips in `folder`, called as the prompts of the manifest in the folder `script`.
    pub fn new(folder: &Path, script: &Path) -> Speaker {
        let text = std::fs::read_to_string(script.join("manifest.toml")).unwrap();
        let prompts = text.lines().skip_while(|line| *line != "[prompts]").skip(1);
        let prompts = prompts.take_while(|line| !line.starts_with('['));
        let pair = |line: &str| {
            let (id, words) = line.split_once(" = \"")?;
            Some((id.to_owned(), words.trim_end_matches('"').to_owned()))
        };
        let script = prompts.filter_map(pair).collect();
        Speaker { folder: folder.to_owned(), script, clips: BTreeMap::new() }
    }

    /// The clip of a prompt, at [`RATE`]; none where there is none.
    pub fn clip(&mut self, id: &str) -> &[f32] {
        let folder = &self.folder;
        self.clips.entry(id.to_owned()).or_insert_with(|| {
            let bytes = ["opus", "wav"]
                .iter()
                .find_map(|ending| std::fs::read(folder.join(format!("{id}.{ending}"))).ok());
            let Some(bytes) = bytes else { return Vec::new() };
            let Recording { rate, samples } = trim(&decode(&bytes).unwrap()).unwrap();
            resample(&samples, rate, RATE)
        })
    }
}

/// The frames of a clip in which it can be heard: its loudest 10 ms less 45 dB.
fn audible(clip: &[f32]) -> Range<usize> {
    let power = |at: usize, frames: usize| {
        let window = &clip[at..clip.len().min(at + frames)];
        window.iter().map(|x| x * x).sum::<f32>() / window.len() as f32
    };
    let (long, short, step) = (160, 80, 16);
    let loudest = (0..clip.len()).step_by(long).map(|at| power(at, long)).fold(0.0, f32::max);
    let heard = |at: &usize| power(*at, short) >= AUDIBLE * loudest;
    let first = (0..clip.len() - short).step_by(step).find(heard).unwrap();
    let last = (0..clip.len() - short).step_by(step).rfind(heard).unwrap();
    // Half of the window in which it is heard lies before.
    first + short / 2..last + short
}

/// What is heard at a place of a take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// The whole of the line with this index.
    Line(usize),
    /// The beginning of it.
    Half(usize),
    Noise,
}

/// How a take is made.
#[derive(Clone, Copy, Debug)]
pub struct Chances {
    pub skipped: f64,
    pub repeated: f64,
    pub restarted: f64,
    pub swapped: f64,
    pub cough: f64,
    pub door: f64,
    pub breath: f64,
    /// The nearest that a cough or a door comes to a line, in seconds.
    pub nearest: f64,
    /// The noise of the room, in dBFS; from and to.
    pub noise: (f64, f64),
    /// How the voice is changed: its pitch and pace together; from and to.
    pub warp: (f64, f64),
}

impl Chances {
    pub const ALL: Chances = Chances {
        skipped: 0.03,
        repeated: 0.03,
        restarted: 0.03,
        swapped: 0.015,
        cough: 0.06,
        door: 0.03,
        breath: 0.15,
        nearest: 0.15,
        noise: (-65.0, -45.0),
        warp: (1.0, 1.0),
    };
    pub const NONE: Chances = Chances {
        skipped: 0.0,
        repeated: 0.0,
        restarted: 0.0,
        swapped: 0.0,
        cough: 0.0,
        door: 0.0,
        breath: 0.0,
        ..Chances::ALL
    };
}

/// A take, and the truth about it.
pub struct Made {
    /// Ids and words of the lines that the take should have.
    pub lines: Vec<(String, String)>,
    pub samples: Vec<f32>,
    /// What is heard where, in frames; a line without the margins of its clip.
    pub truth: Vec<(Sound, Range<usize>)>,
    pub noise_dbfs: f64,
}

impl Made {
    pub fn recording(&self) -> Recording {
        Recording { rate: RATE, samples: self.samples.clone() }
    }

    /// Whether the line is said there, as a whole.
    pub fn is_said(&self, line: usize) -> bool {
        self.truth.iter().any(|(sound, _)| *sound == Sound::Line(line))
    }

    /// Takes that chance makes of so many lines of a script.
    pub fn new(speaker: &mut Speaker, count: usize, chances: &Chances, seed: u64) -> Made {
        let mut chance = Chance(seed);
        let count = count.min(speaker.script.len());
        let first = chance.below(speaker.script.len() - count + 1);
        let lines: Vec<_> = speaker.script[first..first + count].to_vec();
        let warp = chance.between(chances.warp.0, chances.warp.1);
        let mut maker = Maker { chance, warp, samples: Vec::new(), truth: Vec::new() };
        maker.pause(1.0);
        for line in maker.order(count, chances) {
            let clip = speaker.clip(&lines[line].0).to_vec();
            if !clip.is_empty() {
                maker.line(line, &clip, chances);
            }
        }
        maker.pause(0.8);
        let noise_dbfs = maker.room(chances);
        let Maker { samples, truth, .. } = maker;
        Made { lines, samples, truth, noise_dbfs }
    }
}

struct Maker {
    chance: Chance,
    warp: f64,
    samples: Vec<f32>,
    truth: Vec<(Sound, Range<usize>)>,
}

fn amplitude(decibels: f64) -> f32 {
    10_f64.powf(decibels / 20.0) as f32
}

fn frames(seconds: f64) -> usize {
    (seconds * HZ) as usize
}

impl Maker {
    fn pause(&mut self, seconds: f64) {
        self.samples.resize(self.samples.len() + frames(seconds), 0.0);
    }

    /// The lines that are said, in their order.
    fn order(&mut self, count: usize, chances: &Chances) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        let mut n = 0;
        while n + 1 < order.len() {
            if self.chance.share() < chances.swapped {
                order.swap(n, n + 1);
                n += 1;
            }
            n += 1;
        }
        order.retain(|_| self.chance.share() >= chances.skipped);
        order
    }

    /// A line, whatever happens before, at and after it, and the pause to the next.
    fn line(&mut self, line: usize, clip: &[f32], chances: &Chances) {
        self.disturbances(chances, false);
        let gain = amplitude(self.chance.between(-4.0, 4.0)) * 0.6;
        let pace = self.chance.between(0.93, 1.07) * self.warp;
        let hz = SampleRate::new((HZ / pace) as u32).unwrap();
        let said: Vec<f32> = resample(clip, RATE, hz).iter().map(|x| x * gain).collect();
        let sound = audible(&said);
        if self.chance.share() < chances.restarted {
            let share = self.chance.between(0.2, 0.7);
            let half = sound.start + (sound.len() as f64 * share) as usize;
            self.say(Sound::Half(line), &said[..half], sound.start..half);
            let pause = self.chance.between(0.5, 1.5);
            self.pause(pause);
        }
        self.say(Sound::Line(line), &said, sound.clone());
        if self.chance.share() < chances.repeated {
            let pause = self.chance.between(0.8, 2.0);
            self.pause(pause);
            self.say(Sound::Line(line), &said, sound.clone());
        }
        self.disturbances(chances, true);
    }

    fn say(&mut self, sound: Sound, said: &[f32], heard: Range<usize>) {
        let start = self.samples.len();
        self.samples.extend(said);
        if matches!(sound, Sound::Half(_)) {
            // Nobody's voice stops within a millisecond.
            let fade = frames(0.03);
            let end = self.samples.len();
            for (n, sample) in self.samples[end - fade..].iter_mut().enumerate() {
                *sample *= 1.0 - n as f32 / fade as f32;
            }
        }
        self.truth.push((sound, start + heard.start..start + heard.end));
    }

    /// The pause before or after a line, and what is heard in it.
    fn disturbances(&mut self, chances: &Chances, is_after: bool) {
        let pause = self.chance.between(0.5, 1.1);
        let near = self.chance.between(chances.nearest, 1.0);
        let (before, after) = if is_after { (near, pause) } else { (pause, near) };
        let kind = self.chance.share();
        let noise = if kind < chances.cough / 2.0 {
            self.cough()
        } else if kind < (chances.cough + chances.door) / 2.0 {
            self.door()
        } else if !is_after && kind < chances.cough + chances.door + chances.breath {
            self.breath()
        } else {
            self.pause(pause);
            return;
        };
        self.pause(before);
        let start = self.samples.len();
        self.samples.extend(noise);
        self.truth.push((Sound::Noise, start..self.samples.len()));
        self.pause(after);
    }

    /// One or two bursts that begin at once and fade.
    fn cough(&mut self) -> Vec<f32> {
        let level = amplitude(self.chance.between(-32.0, -16.0));
        let bursts = if self.chance.share() < 0.4 { 2 } else { 1 };
        let mut sound = Vec::new();
        for _ in 0..bursts {
            let length = frames(self.chance.between(0.15, 0.35));
            let (mut low, mut lower) = (0.0, 0.0);
            for n in 0..length {
                let t = n as f32 / length as f32;
                let shape = (t * 20.0).min(1.0) * (-3.0 * t).exp() * (1.0 - t);
                low += 0.35 * (self.chance.hiss() - low);
                lower += 0.05 * (low - lower);
                sound.push(3.0 * level * shape * (low - lower));
            }
            sound.resize(sound.len() + frames(0.06), 0.0);
        }
        sound
    }

    /// A thump with a click.
    fn door(&mut self) -> Vec<f32> {
        let level = amplitude(self.chance.between(-28.0, -12.0));
        let hz = self.chance.between(90.0, 180.0) as f32;
        let length = frames(self.chance.between(0.08, 0.3));
        (0..length)
            .map(|n| {
                let t = n as f32 / HZ as f32;
                let thump = (std::f32::consts::TAU * hz * t).sin() * (-18.0 * t).exp();
                let click = self.chance.hiss() * (-120.0 * t).exp();
                level * (thump + 0.6 * click)
            })
            .collect()
    }

    /// Air that comes and goes.
    fn breath(&mut self) -> Vec<f32> {
        let level = amplitude(self.chance.between(-56.0, -42.0));
        let length = frames(self.chance.between(0.25, 0.6));
        let mut low = 0.0;
        (0..length)
            .map(|n| {
                let t = n as f32 / length as f32;
                low += 0.5 * (self.chance.hiss() - low);
                1.7 * level * (std::f32::consts::PI * t).sin() * low
            })
            .collect()
    }

    /// Noise and, in half of the rooms, hum over all of it; tells the level of the noise.
    fn room(&mut self, chances: &Chances) -> f64 {
        let dbfs = self.chance.between(chances.noise.0, chances.noise.1);
        let level = amplitude(dbfs);
        let dull = self.chance.share() < 0.5;
        let has_hum = self.chance.share() < 0.5;
        let hum = if has_hum { amplitude(self.chance.between(-60.0, -46.0)) } else { 0.0 };
        let hz = if self.chance.share() < 0.5 { 50.0 } else { 60.0 };
        let mut low = 0.0;
        for n in 0..self.samples.len() {
            let hiss = self.chance.hiss();
            // The dull one is 1/√3 as loud as what makes it.
            low += 0.5 * (hiss - low);
            let noise = if dull { 1.732 * low } else { hiss };
            let t = (std::f64::consts::TAU * hz * n as f64 / HZ) as f32;
            let hum = hum * (t.sin() + 0.5 * (2.0 * t).sin() + 0.3 * (3.0 * t).sin());
            self.samples[n] = (self.samples[n] + level * noise + hum).clamp(-1.0, 1.0);
        }
        dbfs
    }
}
