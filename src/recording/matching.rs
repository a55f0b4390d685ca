//! Which piece of a take is which line: by order, and by how long each should last.

use std::cmp::Ordering;

/// What became of a line or a piece. Indices count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// This piece is this line.
    Said {
        /// The line's index.
        line: usize,
        /// The piece's index.
        piece: usize,
    },
    /// This line was not said.
    Missing {
        /// The line's index.
        line: usize,
        /// The index of the piece before which it should stand.
        before: usize,
    },
    /// This piece is no line: it was said twice, or is a cough.
    Extra {
        /// The piece's index.
        piece: usize,
    },
}

/// Before a speaker is known: the letters a second, and the seconds of the pauses after
/// the sentences inside of a line, and at its commas.
const LETTERS_A_SECOND: f64 = 16.0;
const SENTENCE_SECONDS: f64 = 0.5;
const COMMA_SECONDS: f64 = 0.15;
/// Lengths spread by this factor around what the words tell, as a natural logarithm.
const SPREAD: f64 = 0.2;
/// A line left out, or said twice, is as improbable as a length this many spreads off.
const SLIP_SPREADS: f64 = 2.8;
/// Speakers are this much slower than usual at most, and twice as fast at most, in steps.
const SLOWEST_PACE: f64 = 2.5;
const PACE_STEP: f64 = 1.08;
const PACES: i32 = 21;
/// More lines times pieces are not compared.
const MOST_PAIRS: usize = 300_000;

/// How long `text` lasts, in seconds, said by nobody in particular.
pub fn usual_seconds(text: &str) -> f64 {
    let inside = text.trim().trim_end_matches(['.', '!', '?', '…']);
    let sentences = inside.matches(['.', '!', '?', '…']).count() as f64;
    let commas = inside.matches([',', ';', ':']).count() as f64;
    let letters = inside.chars().count().max(1) as f64;
    letters / LETTERS_A_SECOND + SENTENCE_SECONDS * sentences + COMMA_SECONDS * commas
}

/// By what factor this speaker is slower, where each piece is a line.
pub fn pace(usual: &[f64], found: &[f64]) -> f64 {
    let (usual, found) = (usual.iter().sum::<f64>(), found.iter().sum::<f64>());
    if usual > 0.0 { found / usual } else { 1.0 }
}

/// Lines that last `usual` seconds, and pieces that last `found` seconds, side by side: the
/// most probable order of lines said, left out, and said once too often, at the pace that
/// makes it most probable; and how improbable that is. `None` where there are too many to
/// compare.
pub fn align(usual: &[f64], found: &[f64]) -> Option<(f64, Vec<Step>)> {
    if usual.len().saturating_mul(found.len()) > MOST_PAIRS {
        return None;
    }
    let at_pace = |pace: f64| {
        let expected: Vec<f64> = usual.iter().map(|seconds| seconds * pace).collect();
        cheapest(&expected, found)
    };
    let ways = (0..PACES).map(|n| at_pace(SLOWEST_PACE / PACE_STEP.powi(n)));
    ways.min_by(|a, b| a.0.total_cmp(&b.0))
}

/// How improbable it is that a line of `expected` seconds lasts `found`: the square of its
/// distance in spreads, which for a normal distribution of logarithms is twice the negative
/// logarithm of the density.
fn cost(expected: f64, found: f64) -> f64 {
    (libm::log(found.max(0.01) / expected.max(0.01)) / SPREAD).powi(2)
}

/// The cheapest way through the table of lines (down) and pieces (across), after Needleman
/// and Wunsch, "A general method applicable to the search for similarities in the amino
/// acid sequence of two proteins", J. Mol. Biol. 48 (1970); and what it costs.
fn cheapest(expected: &[f64], found: &[f64]) -> (f64, Vec<Step>) {
    let costs = costs(expected, found);
    let (mut line, mut piece) = (expected.len(), found.len());
    let mut steps = Vec::new();
    while (line, piece) != (0, 0) {
        let step = last_step(&costs, expected, found, (line, piece));
        match step {
            Step::Said { .. } => (line, piece) = (line - 1, piece - 1),
            Step::Missing { .. } => line -= 1,
            Step::Extra { .. } => piece -= 1,
        }
        steps.push(step);
    }
    steps.reverse();
    (costs[expected.len()][found.len()], steps)
}

/// `costs[i][j]`: of the first `i` lines and the first `j` pieces.
fn costs(expected: &[f64], found: &[f64]) -> Vec<Vec<f64>> {
    let mut costs = vec![vec![0.0; found.len() + 1]; expected.len() + 1];
    for line in 0..=expected.len() {
        for piece in 0..=found.len() {
            if (line, piece) != (0, 0) {
                costs[line][piece] = ways(&costs, expected, found, (line, piece))
                    .into_iter()
                    .flatten()
                    .fold(f64::INFINITY, |least, (cost, _)| least.min(cost));
            }
        }
    }
    costs
}

/// The ways to have come to the first `line` lines and `piece` pieces, with their costs.
fn ways(
    costs: &[Vec<f64>],
    expected: &[f64],
    found: &[f64],
    (line, piece): (usize, usize),
) -> [Option<(f64, Step)>; 3] {
    let slip = SLIP_SPREADS.powi(2);
    let said = (line > 0 && piece > 0).then(|| {
        let own = cost(expected[line - 1], found[piece - 1]);
        (costs[line - 1][piece - 1] + own, Step::Said { line: line - 1, piece: piece - 1 })
    });
    let missing = (line > 0)
        .then(|| (costs[line - 1][piece] + slip, Step::Missing { line: line - 1, before: piece }));
    let extra =
        (piece > 0).then(|| (costs[line][piece - 1] + slip, Step::Extra { piece: piece - 1 }));
    [said, missing, extra]
}

fn last_step(costs: &[Vec<f64>], expected: &[f64], found: &[f64], place: (usize, usize)) -> Step {
    let ways = ways(costs, expected, found, place).into_iter().flatten();
    let order = |a: &(f64, Step), b: &(f64, Step)| -> Ordering { a.0.total_cmp(&b.0) };
    // Only the beginning of the table has no way to it, and nobody asks for that.
    ways.min_by(order).map_or(Step::Extra { piece: 0 }, |(_, step)| step)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [f64; 5] = [2.0, 5.0, 1.0, 4.0, 1.5];

    fn slips(found: &[f64]) -> Vec<Step> {
        let (_, steps) = align(&LINES, found).unwrap();
        steps.into_iter().filter(|step| !matches!(step, Step::Said { .. })).collect()
    }

    #[test]
    fn a_slow_and_uneven_speaker_is_understood() {
        assert_eq!(slips(&[3.3, 7.0, 1.6, 6.9, 2.4]), []);
    }

    #[test]
    fn a_line_left_out_is_found_by_the_lengths() {
        assert_eq!(slips(&[2.0, 1.1, 4.2, 1.4]), [Step::Missing { line: 1, before: 1 }]);
        assert_eq!(slips(&[2.0, 5.2, 1.1, 4.2]), [Step::Missing { line: 4, before: 4 }]);
    }

    #[test]
    fn a_line_said_twice_is_found_by_the_lengths() {
        let slips = slips(&[2.0, 5.0, 1.0, 4.1, 4.0, 1.5]);
        assert!(matches!(slips[..], [Step::Extra { piece: 3 | 4 }]), "{slips:?}");
    }

    #[test]
    fn equal_counts_do_not_hide_two_slips() {
        let slips = slips(&[2.0, 1.0, 4.0, 4.1, 1.5]);
        assert_eq!(slips.len(), 2, "{slips:?}");
    }

    #[test]
    fn nothing_is_aligned_with_nothing() {
        let steps = |usual: &[f64], found: &[f64]| align(usual, found).unwrap().1;
        assert_eq!(steps(&[], &[]), []);
        assert_eq!(steps(&[], &[1.0]), [Step::Extra { piece: 0 }]);
        assert_eq!(steps(&[1.0], &[]), [Step::Missing { line: 0, before: 0 }]);
        assert_eq!(align(&vec![1.0; 3_000], &vec![1.0; 3_000]), None);
    }

    #[test]
    fn words_tell_the_length() {
        assert!((usual_seconds("Halfway.") - 7.0 / 16.0).abs() < 1e-12);
        assert!((usual_seconds("Press, press. Rest.") - (18.0 / 16.0 + 0.65)).abs() < 1e-12);
    }
}
