//! The engine: one sentence in, its sound out.

use std::rc::Rc;

use anyhow::{Result, anyhow};
use ttspico::{Engine, EngineStatus, PicoError, System};

use crate::voice::Voice;

/// Above this level the engine clips its own output.
const VOLUME: u32 = 50;

/// Memory for one engine and its voice files; it asks for about 2.5 MB.
const ENGINE_MEMORY_BYTES: usize = 4 * 1024 * 1024;

/// Someone who can say sentences.
pub struct Speaker {
    text_analysis_path: String,
    signal_generation_path: String,
    speed: u32,
}

impl Speaker {
    pub fn new(voice: &Voice) -> Result<Self> {
        Ok(Self {
            text_analysis_path: voice.text_analysis.verified_path()?,
            signal_generation_path: voice.signal_generation.verified_path()?,
            speed: voice.speed,
        })
    }

    /// Says one sentence, as samples between -1 and 1.
    pub fn say(&self, sentence: &str) -> Result<Vec<f64>> {
        let samples = self.synthesise(sentence);
        let samples = samples.map_err(|error| anyhow!("the engine cannot say it: {error}"))?;
        Ok(samples.iter().map(|&sample| f64::from(sample) / 32_768.0).collect())
    }

    fn synthesise(&self, sentence: &str) -> Result<Vec<i16>, PicoError> {
        let mut engine = self.start_engine()?;
        let text = self.marked_up(sentence);
        let mut rest = text.as_bytes();
        let mut samples = Vec::new();
        while !rest.is_empty() {
            let taken = engine.put_text(rest)?;
            rest = &rest[taken..];
            drain(&mut engine, &mut samples)?;
        }
        Ok(samples)
    }

    /// The tags stay open on purpose: closing them makes the engine add a faint
    /// blip half a second after the last word.
    fn marked_up(&self, sentence: &str) -> String {
        let speed = self.speed;
        format!("<volume level=\"{VOLUME}\"><speed level=\"{speed}\">{sentence}\0")
    }

    /// A fresh engine for each sentence, so that none depends on the one before.
    fn start_engine(&self) -> Result<Engine, PicoError> {
        let system = System::new(ENGINE_MEMORY_BYTES)?;
        let text_analysis = System::load_resource(Rc::clone(&system), &self.text_analysis_path)?;
        let signal_generation =
            System::load_resource(Rc::clone(&system), &self.signal_generation_path)?;
        let voice = System::create_voice(system, "voice")?;
        voice.borrow_mut().add_resource(text_analysis)?;
        voice.borrow_mut().add_resource(signal_generation)?;
        // SAFETY: the voice has both of its resources, which is all it asks for.
        unsafe { ttspico::Voice::create_engine(voice) }
    }
}

/// Takes what the engine has to say until it wants more text.
fn drain(engine: &mut Engine, samples: &mut Vec<i16>) -> Result<(), PicoError> {
    let mut block = [0; 1024];
    loop {
        let (length, status) = engine.get_data(&mut block[..])?;
        samples.extend(&block[..length]);
        if status == EngineStatus::Idle {
            return Ok(());
        }
    }
}
