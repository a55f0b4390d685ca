//! Apple Lossless: samples → packets, each of which is decoded by itself.
//!
//! The format is open (Apple, "Apple Lossless Audio Codec", 2011). A packet says how to
//! predict each sample from those before it, and then by how much that is wrong. What there
//! is of encoders in Rust holds 16 bits only.

mod bits;
mod predict;
mod residual;

use bits::Bits;
use predict::{COEFFICIENTS, Coefficients};

/// Frames of a packet; the last has fewer.
pub const FRAMES: usize = 4096;
/// Elements of a packet, in three bits.
const ONE_CHANNEL: u32 = 0;
const TWO_CHANNELS: u32 = 1;
const END: u32 = 7;
/// The parts into which a sum of both channels is weighed, as a power of two; and how many of
/// them are the left's: none, which leaves the channels as they are, or half of them.
const MIX_BITS: u32 = 2;
const MIDDLE: u32 = 2;
/// How often the predictor learns from a packet before it predicts it.
const LESSONS: usize = 2;
/// Bits of the lowest byte, which is noise and is stored as it is.
const BYTE: u32 = 8;

/// What samples are.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Bits of a sample: 16 or 24.
    pub bits: u32,
    /// Frames a second.
    pub rate: u32,
    /// 1 or 2.
    pub channels: u32,
}

/// What every decoder must be told before the first packet (`ALACSpecificConfig`): the largest
/// packet, and bits a second, 0 where these are unknown.
pub fn config(shape: Shape, largest: u32, bits_a_second: u32) -> Vec<u8> {
    const LONGEST_RUN: u16 = 255;
    let version = 0;
    [
        &(FRAMES as u32).to_be_bytes()[..],
        &[version, shape.bits as u8, residual::SPEED as u8, residual::START as u8],
        &[residual::MOST_BITS as u8, shape.channels as u8],
        &LONGEST_RUN.to_be_bytes(),
        &largest.to_be_bytes(),
        &bits_a_second.to_be_bytes(),
        &shape.rate.to_be_bytes(),
    ]
    .concat()
}

/// The packet of these samples, channel beside channel; [`FRAMES`] frames at most.
pub fn packet(samples: &[i32], shape: Shape) -> Vec<u8> {
    let predicted = predicted(samples, shape);
    let plain = plain(samples, shape);
    if predicted.len() < plain.len() { predicted } else { plain }
}

/// The samples as they are.
fn plain(samples: &[i32], shape: Shape) -> Vec<u8> {
    let mut bits = head(samples, shape, 0, true);
    samples.iter().for_each(|sample| bits.put(*sample as u32, shape.bits));
    end(bits)
}

fn predicted(samples: &[i32], shape: Shape) -> Vec<u8> {
    let frames = samples.len() / shape.channels as usize;
    let silent = samples.iter().all(|sample| *sample == 0);
    // Of 24 bits the lowest eight are not predicted: decoders add up in 32.
    let low = if shape.bits > 16 && !silent { BYTE } else { 0 };
    let high: Vec<i32> = samples.iter().map(|sample| sample >> low).collect();
    let (left_share, channels) = mixed(&high, shape.channels);
    // The difference of two channels has a bit more than each.
    let width = shape.bits - low + shape.channels - 1;
    let mut bits = head(samples, shape, low, false);
    bits.put(if left_share > 0 { MIX_BITS } else { 0 }, 8);
    bits.put(left_share, 8);
    let mut errors = vec![0; frames];
    let mut learned = Vec::new();
    for channel in &channels {
        let mut coefficients = Coefficients::default();
        for _ in 0..LESSONS {
            predict::errors(channel, width, &mut coefficients, &mut errors);
        }
        coefficients.write(&mut bits);
        learned.push(coefficients);
    }
    if low > 0 {
        let mask = (1 << low) - 1;
        samples.iter().for_each(|sample| bits.put(*sample as u32 & mask, low));
    }
    for (channel, coefficients) in channels.iter().zip(&mut learned) {
        predict::errors(channel, width, coefficients, &mut errors);
        residual::write(&errors, width, &mut bits);
    }
    end(bits)
}

/// What stands before the samples of a packet, of which `low` bits are stored apart.
fn head(samples: &[i32], shape: Shape, low: u32, is_plain: bool) -> Bits {
    let frames = samples.len() / shape.channels as usize;
    let element = if shape.channels == 1 { ONE_CHANNEL } else { TWO_CHANNELS };
    let (first, unused) = (0, 0);
    let is_last = frames < FRAMES;
    let mut bits = Bits::default();
    bits.put(element, 3);
    bits.put(first, 4);
    bits.put(unused, 12);
    bits.put(u32::from(is_last), 1);
    bits.put(low / BYTE, 2);
    bits.put(u32::from(is_plain), 1);
    if is_last {
        bits.put(frames as u32, 32);
    }
    bits
}

fn end(mut bits: Bits) -> Vec<u8> {
    bits.put(END, 3);
    bits.into_bytes()
}

/// The channels as they are stored, and which share the left has in the first of them: their
/// middle and their difference, where these are smaller.
fn mixed(samples: &[i32], channels: u32) -> (u32, Vec<Vec<i32>>) {
    if channels == 1 {
        return (0, vec![samples.to_vec()]);
    }
    let pairs = || samples.as_chunks::<2>().0.iter();
    let sides: Vec<Vec<i32>> = [0, 1].map(|n| pairs().map(|pair| pair[n]).collect()).to_vec();
    let middle: Vec<i32> = pairs().map(|[left, right]| (left + right) >> 1).collect();
    let difference: Vec<i32> = pairs().map(|[left, right]| left - right).collect();
    let middle = vec![middle, difference];
    if roughness(&middle) < roughness(&sides) { (MIDDLE, middle) } else { (0, sides) }
}

/// By how much samples differ from those before them, in all.
fn roughness(channels: &[Vec<i32>]) -> u64 {
    let of = |channel: &Vec<i32>| -> u64 {
        channel.windows(2).map(|pair| u64::from(pair[0].abs_diff(pair[1]))).sum()
    };
    channels.iter().map(of).sum()
}

impl Coefficients {
    /// How predictions are made: the mode, by how many bits a sum is too large, how fast the
    /// code of errors learns, and the weights.
    fn write(&self, bits: &mut Bits) {
        const MODE: u32 = 0;
        /// In quarters of [`residual::SPEED`].
        const SPEED: u32 = 4;
        bits.put(MODE, 4);
        bits.put(predict::SHIFT, 4);
        bits.put(SPEED, 3);
        bits.put(COEFFICIENTS as u32, 5);
        self.weights().for_each(|weight| bits.put(weight as u16 as u32, 16));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { bits: 16, rate: 44_100, channels: 1 };

    /// Laid out by hand: an element of one channel, the first; twelve bits of nothing; a last
    /// packet, no byte apart, plain; its length; its samples; the end.
    #[test]
    fn a_plain_packet_is_laid_out_as_the_format_has_it() {
        let expected = "000 0000 000000000000 1 00 1 00000000000000000000000000000010 \
                        0000000000000001 1111111111111110 111 000000";
        let bits: Vec<u8> = expected.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
        let byte = |bits: &[u8]| bits.iter().fold(0, |byte, bit| byte << 1 | bit);
        let bytes: Vec<u8> = bits.chunks(8).map(byte).collect();
        assert_eq!(plain(&[1, -2], SHAPE), bytes);
    }

    #[test]
    fn silence_takes_next_to_nothing() {
        assert!(packet(&[0; FRAMES], SHAPE).len() < 40);
    }
}
