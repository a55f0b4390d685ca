//! Time shared among zones in proportion, between the least and the most of each.

use crate::units::Length;

/// Zones that are equal, and stay equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How long each of them was; their proportion.
    pub weight: Length,
    /// How many they are; at least one.
    pub count: u64,
    /// None of them gets less.
    pub least: Length,
    /// None of them gets more.
    pub most: Length,
}

impl Share {
    /// One that stays as it is.
    pub fn fixed(length: Length, count: u64) -> Share {
        Share { weight: length, count, least: length, most: length }
    }

    fn all(&self, each: Length) -> u128 {
        u128::from(each.0) * u128::from(self.count)
    }
}

/// How long each zone of every share becomes, so that together they fill `room` but for
/// the frames that cannot be shared evenly, fewer than the largest count; or `None` where
/// `room` is less than the least or more than the most of all.
///
/// What is beyond its bounds is set to them and the rest shared anew, those first whose
/// bounds ask for more on the whole, as in "Resolving Flexible Lengths" of CSS Flexible
/// Box Layout (section 9.7).
pub fn share(room: Length, shares: &[Share]) -> Option<Vec<Length>> {
    let sum = |of: fn(&Share) -> Length| shares.iter().map(|s| s.all(of(s))).sum::<u128>();
    if !(sum(|s| s.least)..=sum(|s| s.most)).contains(&u128::from(room.0)) {
        return None;
    }
    let mut set: Vec<Option<Length>> = vec![None; shares.len()];
    while set.iter().any(Option::is_none) {
        freeze(room, shares, &mut set);
    }
    let mut lengths: Vec<Length> = set.into_iter().flatten().collect();
    hand_out(room, shares, &mut lengths);
    Some(lengths)
}

/// Sets all, or those that went beyond their bounds on the weightier side.
fn freeze(room: Length, shares: &[Share], set: &mut [Option<Length>]) {
    let taken: u128 = shares.iter().zip(&*set).filter_map(|(s, l)| Some(s.all((*l)?))).sum();
    let left = u128::from(room.0).saturating_sub(taken);
    let free: Vec<usize> = (0..set.len()).filter(|n| set[*n].is_none()).collect();
    let weights: u128 = free.iter().map(|n| shares[*n].all(shares[*n].weight)).sum();
    let fair = |n: usize| {
        let weight = u128::from(shares[n].weight.0);
        Length((weight * left / weights.max(1)).min(u128::from(u64::MAX)) as u64)
    };
    let bounded = |n: usize| fair(n).clamp(shares[n].least, shares[n].most);
    let total =
        |of: &dyn Fn(usize) -> Length| free.iter().map(|n| shares[*n].all(of(*n))).sum::<u128>();
    let (asked, given) = (total(&fair), total(&bounded));
    for n in free.iter().copied() {
        let frozen = match given.cmp(&asked) {
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Greater => bounded(n) > fair(n),
            std::cmp::Ordering::Less => bounded(n) < fair(n),
        };
        if frozen {
            set[n] = Some(bounded(n));
        }
    }
}

/// The frames that rounding down left over: one for each zone of a share, while there
/// are enough.
fn hand_out(room: Length, shares: &[Share], lengths: &mut [Length]) {
    let given: u128 = shares.iter().zip(&*lengths).map(|(share, each)| share.all(*each)).sum();
    let mut rest = u128::from(room.0).saturating_sub(given);
    for (share, length) in shares.iter().zip(lengths) {
        if *length < share.most && rest >= u128::from(share.count) {
            length.0 += 1;
            rest -= u128::from(share.count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(weight: u64, count: u64, least: u64, most: u64) -> Share {
        Share { weight: Length(weight), count, least: Length(least), most: Length(most) }
    }

    fn shared(room: u64, shares: &[Share]) -> Option<Vec<u64>> {
        Some(share(Length(room), shares)?.into_iter().map(|length| length.0).collect())
    }

    #[test]
    fn time_is_shared_in_proportion() {
        let zones = [zone(10, 1, 0, 999), zone(30, 1, 0, 999), zone(60, 1, 0, 999)];
        assert_eq!(shared(200, &zones), Some(vec![20, 60, 120]));
        assert_eq!(shared(50, &zones), Some(vec![5, 15, 30]));
    }

    #[test]
    fn bounds_are_kept_and_the_others_share_the_rest() {
        let zones = [zone(10, 1, 8, 12), zone(30, 1, 0, 999), zone(60, 1, 0, 999)];
        assert_eq!(shared(50, &zones), Some(vec![8, 14, 28]));
        assert_eq!(shared(192, &zones), Some(vec![12, 60, 120]));
        // The least of one and the most of another, at once: 40 for both, as 30 and 10.
        let zones = [zone(10, 1, 30, 99), zone(30, 1, 0, 10)];
        assert_eq!(shared(40, &zones), Some(vec![30, 10]));
    }

    #[test]
    fn equal_zones_stay_equal_and_few_frames_are_left() {
        let zones = [zone(10, 2, 0, 999), zone(20, 4, 0, 999)];
        // 103 frames for 2·10 + 4·20: 10.3 and 20.6, so 10 and 20; 3 are left, enough
        // for the first two, and one for nobody.
        assert_eq!(shared(103, &zones), Some(vec![11, 20]));
    }

    #[test]
    fn what_cannot_be_done_is_not_done() {
        let zones = [zone(10, 2, 5, 20)];
        assert_eq!((shared(9, &zones), shared(41, &zones)), (None, None));
        assert_eq!((shared(10, &zones), shared(40, &zones)), (Some(vec![5]), Some(vec![20])));
        assert_eq!(shared(0, &[]), Some(vec![]));
        assert_eq!(shared(1, &[]), None);
    }
}
