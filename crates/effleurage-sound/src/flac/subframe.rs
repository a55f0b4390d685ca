//! The samples of one channel in a FLAC frame (RFC 9639, section 9.2).
//!
//! Damage may ask for numbers that no encoder would write: all sums wrap around, and the
//! checksum of the frame tells.

use super::bits::Bits;
use super::frame::NoFrame;

/// Predictors of order 0 to 4 that need no coefficients (section 9.2.5).
const FIXED: [&[i64]; 5] = [&[], &[1], &[2, -1], &[3, -3, 1], &[4, -6, 4, -1]];

/// `length` samples of `size` bits.
pub fn subframe(bits: &mut Bits<'_>, size: u32, length: usize) -> Result<Vec<i64>, NoFrame> {
    if cut(bits.number(1))? != 0 {
        return Err(NoFrame::Strange);
    }
    let kind = cut(bits.number(6))? as usize;
    let unused = match cut(bits.number(1))? {
        0 => 0,
        _ => u32::try_from(cut(bits.zeros())? + 1).unwrap_or(u32::MAX),
    };
    let size = size.checked_sub(unused).filter(|size| *size > 0).ok_or(NoFrame::Strange)?;
    let mut samples = match kind {
        0 => vec![cut(bits.signed(size))?; length],
        1 => cut((0..length).map(|_| bits.signed(size)).collect())?,
        8..=12 => {
            let coefficients = FIXED[kind - 8];
            let mut samples = start(bits, size, coefficients.len(), length)?;
            residual(bits, &mut samples, length)?;
            predict(&mut samples, coefficients, 0);
            samples
        }
        32.. => linear(bits, size, kind - 31, length)?,
        _ => return Err(NoFrame::Strange),
    };
    if unused > 0 {
        samples.iter_mut().for_each(|sample| *sample = sample.wrapping_shl(unused));
    }
    Ok(samples)
}

/// What is `None` where the bytes end.
fn cut<T>(read: Option<T>) -> Result<T, NoFrame> {
    read.ok_or(NoFrame::Cut)
}

/// The first samples, from which the others are predicted.
fn start(bits: &mut Bits<'_>, size: u32, order: usize, length: usize) -> Result<Vec<i64>, NoFrame> {
    if order > length {
        return Err(NoFrame::Strange);
    }
    let mut samples = Vec::with_capacity(length);
    for _ in 0..order {
        samples.push(cut(bits.signed(size))?);
    }
    Ok(samples)
}

/// Samples whose predictor has coefficients of its own (section 9.2.6).
fn linear(
    bits: &mut Bits<'_>,
    size: u32,
    order: usize,
    length: usize,
) -> Result<Vec<i64>, NoFrame> {
    let mut samples = start(bits, size, order, length)?;
    let precision = cut(bits.number(4))? as u32 + 1;
    let shift = cut(bits.signed(5))?;
    if precision == 16 || shift < 0 {
        return Err(NoFrame::Strange);
    }
    let coefficients: Vec<i64> = cut((0..order).map(|_| bits.signed(precision)).collect())?;
    residual(bits, &mut samples, length)?;
    predict(&mut samples, &coefficients, shift as u32);
    Ok(samples)
}

/// Appends to `samples`, up to `length`, how far each is from its prediction (section
/// 9.2.7).
fn residual(bits: &mut Bits<'_>, samples: &mut Vec<i64>, length: usize) -> Result<(), NoFrame> {
    let size_of_parameter = match cut(bits.number(2))? {
        0 => 4,
        1 => 5,
        _ => return Err(NoFrame::Strange),
    };
    let escape = (1 << size_of_parameter) - 1;
    let parts = 1_usize << cut(bits.number(4))?;
    if !length.is_multiple_of(parts) {
        return Err(NoFrame::Strange);
    }
    for part in 1..=parts {
        let end = length / parts * part;
        let count = end.checked_sub(samples.len()).ok_or(NoFrame::Strange)?;
        let parameter = cut(bits.number(size_of_parameter))? as u32;
        if parameter == escape {
            let size = cut(bits.number(5))? as u32;
            for _ in 0..count {
                samples.push(cut(bits.signed(size))?);
            }
        } else {
            for _ in 0..count {
                samples.push(cut(rice(bits, parameter))?);
            }
        }
    }
    Ok(())
}

/// A number in Rice's code: 0, -1, 1, -2, 2, …
fn rice(bits: &mut Bits<'_>, parameter: u32) -> Option<i64> {
    let high = bits.zeros()?;
    let folded = high.wrapping_shl(parameter) | bits.number(parameter)?;
    Some((folded >> 1) as i64 ^ -((folded & 1) as i64))
}

/// Adds to each sample after the first what those before it predict.
fn predict(samples: &mut [i64], coefficients: &[i64], shift: u32) {
    let order = coefficients.len();
    for n in order..samples.len() {
        let before = samples[n - order..n].iter().rev();
        let products =
            before.zip(coefficients).map(|(sample, factor)| sample.wrapping_mul(*factor));
        let sum = products.fold(0_i64, i64::wrapping_add);
        samples[n] = samples[n].wrapping_add(sum >> shift);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_predicted_from_those_before() {
        // RFC 9639, section 9.2.6: coefficients 7, -6, 2 and a shift of 2.
        let mut line = [1, 2, 0, 0, 1];
        predict(&mut line, FIXED[2], 0);
        assert_eq!(line, [1, 2, 3, 4, 6]);
        let mut weighed = [10, 20, 30, 1];
        predict(&mut weighed, &[7, -6, 2], 2);
        assert_eq!(weighed[3], (30 * 7 - 20 * 6 + 10 * 2) / 4 + 1);
    }

    #[test]
    fn differences_are_folded_and_of_two_parts() {
        // 1 zero and a one, then the two low bits 01: 4 + 1 is folded from -3.
        assert_eq!(rice(&mut Bits::new(&[0b0101_0000]), 2), Some(-3));
        assert_eq!(rice(&mut Bits::new(&[0b1100_0000]), 1), Some(-1));
        assert_eq!(rice(&mut Bits::new(&[0b0000_0000]), 1), None);
    }
}
