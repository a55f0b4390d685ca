//! How well a stretch of a take goes along with a line, moment by moment.

use crate::features::{Feature, distance};

/// What it costs to stay at a moment of the line, and to leave one out.
const STAY: f32 = 1.0;
const LEAP: f32 = 1.0;

/// So many moments at either end of a line may be left out.
const LOOSE: usize = 4;
/// Nobody says a line slower than by this factor, and so many moments.
const SLOWEST: f32 = 2.2;
const SLACK: usize = 8;
/// A way that is worse than others by so much is given up.
const HOPELESS: f32 = 2000.0;

/// A line to be compared with.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    /// Its moments, without its pauses.
    pub features: Vec<Feature>,
    /// Before which of them it pauses.
    pub rests: Vec<usize>,
    /// So many at its beginning and at its end may not be heard in the noise.
    pub hidden: (usize, usize),
}

impl Spoken {
    /// Whether anybody says it.
    pub fn is_said(&self) -> bool {
        !self.features.is_empty()
    }

    /// So many moments at the beginning may be left out, and from this one on at the end.
    fn loose(&self) -> (usize, usize) {
        let (first, last) = self.hidden;
        (LOOSE + first, self.features.len().saturating_sub(LOOSE + last))
    }

    /// Whether a pause is expected near this moment.
    fn rests_at(&self, moment: usize) -> bool {
        self.rests.iter().any(|rest| rest.abs_diff(moment) <= NEAR_REST)
    }
}

/// Where a piece of a take ends, and how long it is silent after it, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// The moment after its last.
    pub at: usize,
    /// Until the next sound.
    pub pause: f32,
}

/// A pause is expected so many moments around where the other speaker makes one.
const NEAR_REST: usize = 10;
/// A pause costs so much for each second beyond the first number: where none is expected, and
/// where one is.
const ODD_PAUSE: (f32, f32) = (0.25, 500.0);
const LONG_PAUSE: (f32, f32) = (1.0, 80.0);

fn pause_cost(pause: f32, is_expected: bool) -> f32 {
    let (free, each) = if is_expected { LONG_PAUSE } else { ODD_PAUSE };
    (pause - free).clamp(0.0, 2.0) * each
}

/// So often a moment of the line may stay, at most.
const STAYS: usize = 3;

/// The gain of a line over `usual` costs, from `start` to each of `ends`, all places among
/// the moments of a take.
pub fn gains(
    take: &[Feature],
    line: &Spoken,
    usual: &[f32],
    start: usize,
    ends: &[End],
) -> Vec<f32> {
    let mut gains = Vec::new();
    let n = line.features.len();
    let (loose, last) = line.loose();
    let longest = (n as f32 * SLOWEST) as usize + SLACK;
    // Of each moment of the line, the least cost of having come to it, by how often it stayed.
    let mut costs = vec![[f32::INFINITY; STAYS]; n];
    let mut next = costs.clone();
    let mut sum = 0.0;
    let mut ends = ends.iter().copied().peekable();
    let least_of = |costs: &[f32; STAYS]| costs.iter().copied().fold(f32::INFINITY, f32::min);
    for (step, t) in (start..take.len().min(start + longest)).enumerate() {
        let mut least = f32::INFINITY;
        let (mut one, mut two) = (f32::INFINITY, f32::INFINITY);
        for j in 0..n {
            let arrive = match step {
                0 if j < loose => 0.0,
                0 => f32::INFINITY,
                _ => one.min(two + LEAP),
            };
            let own = costs[j];
            (two, one) = (one, least_of(&own));
            let mut ways = [f32::INFINITY; STAYS];
            ways[0] = arrive;
            for stay in 1..STAYS {
                ways[stay] = own[stay - 1] + STAY;
            }
            if least_of(&ways) < f32::INFINITY {
                let apart = distance(&take[t], &line.features[j]);
                ways.iter_mut().for_each(|way| *way += apart);
            }
            next[j] = ways;
            least = least.min(least_of(&ways));
        }
        std::mem::swap(&mut costs, &mut next);
        sum += usual[t];
        if least - sum > HOPELESS {
            break;
        }
        if let Some(end) = ends.next_if(|end| end.at == t + 1) {
            let last = costs[last..].iter().map(least_of);
            gains.push(sum - last.fold(f32::INFINITY, f32::min));
            if end.pause > ODD_PAUSE.0 {
                for (j, costs) in costs.iter_mut().enumerate() {
                    let cost = pause_cost(end.pause, line.rests_at(j + 1));
                    costs.iter_mut().for_each(|way| *way += cost);
                }
            }
        }
    }
    gains
}

/// For each moment of `take[start..end]`, the moment of the line that goes with it, on the best
/// way.
pub fn path(take: &[Feature], spoken: &Spoken) -> Vec<usize> {
    let line = &spoken.features;
    let (loose, end) = spoken.loose();
    let (n, t) = (line.len(), take.len());
    let mut costs = vec![f32::INFINITY; n * t];
    for i in 0..t {
        for j in 0..n {
            let from = match i {
                0 if j < loose => 0.0,
                0 => f32::INFINITY,
                _ => best(&costs[(i - 1) * n..i * n], j).1,
            };
            costs[i * n + j] = from + distance(&take[i], &line[j]);
        }
    }
    let last = &costs[(t - 1) * n..];
    let ends = end..n;
    let mut j = ends.min_by(|a, b| last[*a].total_cmp(&last[*b])).unwrap_or(0);
    let mut path = vec![j];
    for i in (1..t).rev() {
        j = best(&costs[(i - 1) * n..i * n], j).0;
        path.push(j);
    }
    path.reverse();
    path
}

fn best(costs: &[f32], j: usize) -> (usize, f32) {
    let stay = (j, costs[j] + STAY);
    let on = j.checked_sub(1).map(|k| (k, costs[k]));
    let leap = j.checked_sub(2).map(|k| (k, costs[k] + LEAP));
    let ways = [Some(stay), on, leap].into_iter().flatten();
    ways.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(stay)
}
