//! Which voice speaks which language, and what its sound needs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::equaliser::Band;
use crate::pronounce::Respellings;

#[derive(Debug)]
pub struct Voice {
    language: &'static str,
    /// Turns text into phonemes with lengths and pitch.
    pub text_analysis: VoiceFile,
    /// Turns these into sound.
    pub signal_generation: VoiceFile,
    /// How fast it speaks: 100 is the engine's own pace.
    pub speed: u32,
    pub respellings: &'static Respellings,
    pub bands: &'static [Band],
}

/// A file of the engine, pinned by its SHA-256: another file is another voice.
#[derive(Debug)]
pub struct VoiceFile {
    name: &'static str,
    sha256: &'static str,
}

static VOICES: [Voice; 2] = [ENGLISH, SPANISH];

const ENGLISH: Voice = Voice {
    language: "en",
    text_analysis: VoiceFile {
        name: "en-US_ta.bin",
        sha256: "3a2a4d23de2a44dbbff50f69dcb9486be53b6d0a871d77cdc35f45c3e25e82aa",
    },
    signal_generation: VoiceFile {
        name: "en-US_lh0_sg.bin",
        sha256: "d6946526696d9eb085f7b23b1fbdf7a9986caca658b645e9eb73c6514fd4789d",
    },
    // A calm pace for somebody who lies down.
    speed: 90,
    respellings: &[
        // As spelt, the engine stresses its first syllable instead of its third,
        ("circulation", "cirkyulation"),
        // begins it like "eye",
        ("irritate", "earitate"),
        // and says "fissy-other-apist".
        ("physiotherapist", "fizzio therapist"),
    ],
    // The voice is dull around 4 kHz. These bands bring its long-term spectrum
    // near that of recorded people, and a recogniser makes fewer mistakes.
    bands: &[
        Band::HighPass { hz: 60.0 },
        Band::Peak { hz: 1_900.0, q: 1.0, db: 3.0 },
        Band::Peak { hz: 4_200.0, q: 1.4, db: 6.0 },
        Band::HighShelf { hz: 3_200.0, slope: 0.7, db: 8.0 },
    ],
};

const SPANISH: Voice = Voice {
    language: "es",
    text_analysis: VoiceFile {
        name: "es-ES_ta.bin",
        sha256: "b18c60baf249466bf8785d333d8cb4cf1f6b62e5545986f621c66568f1851961",
    },
    signal_generation: VoiceFile {
        name: "es-ES_zl0_sg.bin",
        sha256: "82e724d3c788767ec95f0d22b0ab738e677ad397f26ec0bbbf2c07aafdf29000",
    },
    // Calm in Spanish, whose syllables are short: about five in a second.
    speed: 100,
    respellings: &[],
    // Dull in the same place, but less so.
    bands: &[
        Band::HighPass { hz: 60.0 },
        Band::Peak { hz: 1_900.0, q: 1.0, db: 2.0 },
        Band::Peak { hz: 4_200.0, q: 1.4, db: 5.0 },
        Band::HighShelf { hz: 3_500.0, slope: 0.7, db: 6.0 },
    ],
};

/// The engine copies a path into this much memory without looking at its length.
const LONGEST_PATH_BYTES: usize = 511;

impl Voice {
    pub fn of_language(language: &str) -> Result<&'static Self> {
        let found = VOICES.iter().find(|voice| voice.language == language);
        found.with_context(|| format!("no voice here speaks the language `{language}`"))
    }
}

impl VoiceFile {
    /// The file's path, once its contents are known to be the right ones.
    pub fn verified_path(&self) -> Result<String> {
        let path = Path::new(env!("PICO_LANG_FOLDER")).join(self.name);
        let shown = path.display().to_string();
        ensure!(shown.len() <= LONGEST_PATH_BYTES, "too long a path for the engine: {shown}");
        let bytes = fs::read(&path).with_context(|| format!("cannot read {shown}"))?;
        let found = hexadecimal(&Sha256::digest(&bytes));
        ensure!(found == self.sha256, "{shown} is not the expected file, its SHA-256 is {found}");
        Ok(shown)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
