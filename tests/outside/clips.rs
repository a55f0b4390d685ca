//! Writes every clip of a voice, made ready for a track, into a folder, for the checks
//! from outside.
//!
//! ```text
//! cargo run --release --example clips -- VOICE RATE FOLDER
//! ```

use std::error::Error;
use std::fs;
use std::path::Path;

use effleurage::routine::words::Room;
use effleurage::units::SampleRate;
use effleurage::voice::level::LoudnessTarget;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [voice, rate, folder] = arguments.as_slice() else {
        return Err("usage: clips VOICE RATE FOLDER".into());
    };
    let rate = SampleRate::new(rate.parse()?).ok_or("the rate is zero")?;
    let folder = Path::new(folder);
    fs::create_dir_all(folder)?;
    let pack = effleurage::voice::open(Path::new(voice)).map_err(|error| error.to_string())?;
    for prompt in pack.manifest.in_order() {
        let source = pack.clip_source(prompt).map_err(|error| error.to_string())?;
        let source = source.ok_or_else(|| format!("{voice} has no clip for {prompt}"))?;
        let clip = source
            .prepare(rate, Room::Off, LoudnessTarget::USUAL)
            .map_err(|error| error.to_string())?;
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: rate.hz(),
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let mut writer = hound::WavWriter::create(folder.join(format!("{prompt}.wav")), spec)?;
        clip.samples.iter().try_for_each(|sample| writer.write_sample(*sample))?;
        writer.finalize()?;
    }
    Ok(())
}
