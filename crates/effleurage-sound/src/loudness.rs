//! Loudness and true peak of a clip, as ITU-R BS.1770 defines them.

use ebur128::{Channel, EbuR128, Mode};

use super::peaks::{Peaks, largest};

use effleurage_core::units::{Decibels, Lufs, SampleRate};

/// Samples whose peaks are looked for together.
const PIECE: usize = 256;

/// How many frames a gating block of BS.1770-5, Annex 1, section 5 has: 400 ms, in
/// quarters of whole frames, as the meter counts them.
fn block(rate: SampleRate) -> usize {
    4 * ((rate.hz() as usize + 5) / 10)
}

/// The loudness of mono `samples` as heard from two loudspeakers (dual mono).
///
/// Gated and integrated where there is at least one gating block. A shorter clip
/// has none, so its loudness is that of equation 2 of the standard, the ungated
/// mean over the clip's own length. `None` where nothing is above the gate.
pub fn loudness(samples: &[f32], rate: SampleRate) -> Option<Lufs> {
    let block = block(rate);
    if samples.len() >= block {
        return integrated(samples, rate);
    }
    let mut padded = samples.to_vec();
    padded.resize(block, 0.0);
    // One block holds the clip and silence; undo what the silence took away.
    let share = samples.len() as f64 / block as f64;
    integrated(&padded, rate).map(|Lufs(padded)| Lufs(padded - 10.0 * libm::log10(share)))
}

fn integrated(samples: &[f32], rate: SampleRate) -> Option<Lufs> {
    let mut meter = meter(rate, Mode::I).ok()?;
    meter.add_frames_f32(samples).ok()?;
    heard(&meter)
}

/// The gated, integrated loudness of all that a meter of [`Mode::I`] heard. `None` where nothing
/// is above the gate.
pub fn heard(meter: &EbuR128) -> Option<Lufs> {
    meter.loudness_global().ok().filter(|lufs| lufs.is_finite()).map(Lufs)
}

/// The true (inter-sample) peak of `samples`, relative to full scale: BS.1770-5, Annex 2.
pub fn true_peak(samples: &[f32], rate: SampleRate) -> Decibels {
    let peak = || {
        let (mut peaks, mut pieces) = (Peaks::new(rate).ok()?, samples.chunks(PIECE));
        // No true peak is below the samples.
        let highest = f64::from(largest(samples));
        pieces.try_fold(highest, |highest, piece| peaks.look(piece, highest).ok())
    };
    Decibels::from_amplitude(peak().unwrap_or(0.0))
}

/// A meter of one channel, as heard from two loudspeakers (dual mono), which takes its samples
/// bit by bit.
///
/// # Errors
///
/// Where the meter does not know the rate.
pub fn meter(rate: SampleRate, mode: Mode) -> Result<EbuR128, ebur128::Error> {
    let mut meter = EbuR128::new(1, rate.hz(), mode)?;
    meter.set_channel(0, Channel::DualMono)?;
    Ok(meter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64, amplitude: f64, seconds: f64, rate: SampleRate) -> Vec<f32> {
        let step = std::f64::consts::TAU * hz / f64::from(rate.hz());
        let frames = (seconds * f64::from(rate.hz())) as usize;
        (0..frames).map(|n| (amplitude * (step * n as f64).sin()) as f32).collect()
    }

    #[test]
    fn a_tone_at_minus_23_dbfs_on_two_loudspeakers_is_minus_23_lufs() {
        // EBU Tech 3341, test case 1.
        for hz in [44_100, 48_000] {
            let rate = SampleRate::new(hz).unwrap();
            let tone = sine(1_000.0, Decibels(-23.0).as_amplitude(), 20.0, rate);
            let Lufs(lufs) = loudness(&tone, rate).unwrap();
            assert!((lufs + 23.0).abs() < 0.1, "{lufs}");
        }
    }

    #[test]
    fn a_short_clip_is_as_loud_as_a_long_one_of_the_same_sound() {
        let rate = SampleRate::new(44_100).unwrap();
        for seconds in [0.15, 0.25, 0.39, 0.41, 1.0] {
            let Lufs(lufs) = loudness(&sine(1_000.0, 0.1, seconds, rate), rate).unwrap();
            let Lufs(long) = loudness(&sine(1_000.0, 0.1, 5.0, rate), rate).unwrap();
            assert!((lufs - long).abs() < 0.1, "{seconds} s: {lufs} against {long}");
        }
    }

    #[test]
    fn a_short_clip_has_a_loudness_at_every_rate() {
        for hz in [8_000, 11_025, 11_026, 12_345, 22_050, 37_799, 96_000, 191_999] {
            let rate = SampleRate::new(hz).unwrap();
            let Lufs(lufs) = loudness(&sine(1_000.0, 0.1, 0.2, rate), rate).unwrap();
            assert!((lufs + 20.0).abs() < 0.3, "{hz}: {lufs}");
        }
    }

    #[test]
    fn silence_has_no_loudness() {
        assert_eq!(loudness(&[0.0; 44_100], SampleRate::CD), None);
        assert_eq!(loudness(&[0.0; 100], SampleRate::CD), None);
        assert_eq!(loudness(&[], SampleRate::CD), None);
    }

    #[test]
    fn the_true_peak_lies_between_the_samples() {
        // A quarter of the rate, 45 degrees off: samples at -3.01 dB, the peak at 0.
        let samples: Vec<f32> = (0..44_100)
            .map(|n| {
                (std::f64::consts::FRAC_PI_2 * f64::from(n) + std::f64::consts::FRAC_PI_4).sin()
                    as f32
            })
            .collect();
        let Decibels(peak) = true_peak(&samples, SampleRate::CD);
        assert!((-0.4..=0.4).contains(&peak), "{peak}");
    }
}
