//! A long take → pieces, cut at the longest pauses.

use super::speech::{Windows, joined};

/// Whoever goes on to the next line pauses for this many windows at least: 0.6 s.
const SHORTEST_PAUSE: usize = 60;
/// Pauses shorter than this, in windows, are all alike.
const NO_PAUSE: usize = 20;
/// So many ways are looked at, those that part the pauses most clearly first.
const MOST_WAYS: usize = 30;

/// A way to cut a take.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// The pieces, in order.
    pub pieces: Vec<Windows>,
    /// How many times longer the shortest pause between pieces is than the longest inside
    /// of one; 1 where there is nothing to compare.
    pub apart: f64,
}

/// The ways to cut a take in which somebody speaks in these `stretches`: at all pauses that
/// are as long as one of them, or at none. Which is right, the lengths of the lines tell;
/// people pause longer between lines than between the sentences of a line, so that lengths
/// of pauses that are far apart speak for a way.
pub fn ways(stretches: &[Windows]) -> Vec<Way> {
    let pauses = pauses(stretches);
    let none = (pauses.first().map_or(1, |longest| longest + 1), 1.0);
    let mut leasts: Vec<(usize, f64)> = (0..pauses.len())
        .filter(|n| pauses[*n] >= SHORTEST_PAUSE && pauses.get(n + 1) != Some(&pauses[*n]))
        .map(|n| {
            let inside = pauses.get(n + 1).map_or(NO_PAUSE, |inside| NO_PAUSE.max(*inside));
            (pauses[n], pauses[n] as f64 / inside as f64)
        })
        .collect();
    leasts.sort_by(|a, b| b.1.total_cmp(&a.1));
    leasts.truncate(MOST_WAYS);
    let way = |(least, apart)| Way { pieces: joined(stretches.to_vec(), least), apart };
    leasts.into_iter().chain([none]).map(way).collect()
}

/// The lengths of the pauses, in windows, the longest first.
fn pauses(stretches: &[Windows]) -> Vec<usize> {
    let mut pauses: Vec<usize> =
        stretches.windows(2).map(|pair| pair[1].start - pair[0].end).collect();
    pauses.sort_unstable_by(|a, b| b.cmp(a));
    pauses
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of a second, with these pauses between, in windows.
    fn words(pauses: &[usize]) -> Vec<Windows> {
        let mut start = 0;
        let starts = pauses.iter().map(|pause| {
            start += 100 + pause;
            start
        });
        [0].into_iter().chain(starts).map(|start| start..start + 100).collect()
    }

    #[test]
    fn a_take_may_be_cut_at_every_length_of_pause() {
        let ways = ways(&words(&[150, 40, 100, 50]));
        let told: Vec<(usize, f64)> =
            ways.iter().map(|way| (way.pieces.len(), way.apart)).collect();
        assert_eq!(told, [(3, 2.0), (2, 1.5), (1, 1.0)]);
        assert_eq!(ways[0].pieces, [0..100, 250..490, 590..840]);
    }

    #[test]
    fn a_take_may_be_one_line_or_none() {
        assert_eq!(ways(&words(&[])), [Way { pieces: words(&[]), apart: 1.0 }]);
        assert_eq!(ways(&[]), [Way { pieces: vec![], apart: 1.0 }]);
        assert_eq!(ways(&words(&[59])).len(), 1);
    }

    #[test]
    fn the_ways_are_bounded() {
        let pauses: Vec<usize> = (100..1_000).collect();
        assert_eq!(ways(&words(&pauses)).len(), MOST_WAYS + 1);
    }
}
