//! Samples to the bytes of a FLAC file.

use std::io::Cursor;

use anyhow::Result;
use flac_codec::encode::{FlacSampleWriter, Options};

use crate::SAMPLE_RATE_HZ;

/// A small file that says nothing but its title: no date, no padding.
pub fn encode(title: &str, samples: &[f64]) -> Result<Vec<u8>> {
    let samples: Vec<i32> = samples.iter().map(|&sample| quantise(sample)).collect();
    let options = Options::best().no_padding().no_seektable().tag("TITLE", title);
    let mut file = Cursor::new(Vec::new());
    let length = Some(samples.len() as u64);
    let mut writer = FlacSampleWriter::new(&mut file, options, SAMPLE_RATE_HZ, 16, 1, length)?;
    writer.write(&samples)?;
    writer.finalize()?;
    Ok(file.into_inner())
}

/// Rounds to 16 bits. No dither: it would hiss in pauses that are silent.
fn quantise(sample: f64) -> i32 {
    (sample * 32_768.0).round_ties_even().clamp(-32_768.0, 32_767.0) as i32
}

#[cfg(test)]
mod tests {
    use flac_codec::decode::FlacSampleReader;

    use super::*;

    #[test]
    fn a_file_holds_the_rounded_samples() {
        let file = encode("title", &[0.0, 0.5, -1.0, 2.0, 1.4 / 32_768.0]).unwrap();
        let mut samples = [0; 5];
        FlacSampleReader::new(Cursor::new(file)).unwrap().read(&mut samples).unwrap();
        assert_eq!(samples, [0, 16_384, -32_768, 32_767, 1]);
    }
}
