//! A share of the tracks, for one machine of many.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;

/// Which share, of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 0 on.
    pub index: usize,
    /// Of how many.
    pub count: usize,
}

/// More machines than anybody has.
const MOST: usize = 100_000;

impl Shard {
    /// All of it.
    pub const WHOLE: Shard = Shard { index: 0, count: 1 };

    /// The share `3/100`, counted from 1.
    ///
    /// # Errors
    ///
    /// What to write instead.
    pub fn parse(text: &str) -> Result<Shard, String> {
        let help = "give a share of all, like 3/100: from 1/100 to 100/100";
        let numbers = text.split_once('/').and_then(|(share, count)| {
            Some((share.trim().parse::<usize>().ok()?, count.trim().parse::<usize>().ok()?))
        });
        match numbers {
            Some((share @ 1.., count @ 1..=MOST)) if share <= count => {
                Ok(Shard { index: share - 1, count })
            }
            _ => Err(help.to_owned()),
        }
    }

    /// The share of this task of a Slurm array, or of this pod of a Kubernetes job, by what
    /// `variable` tells; none outside of both. `count` is how many there are, if somebody told.
    ///
    /// # Errors
    ///
    /// Where the variables tell of no share.
    pub fn of_environment(
        variable: impl Fn(&str) -> Option<String>,
        count: Option<usize>,
    ) -> Result<Option<Shard>, String> {
        let number = |name: &str| -> Result<Option<usize>, String> {
            let Some(text) = variable(name) else { return Ok(None) };
            let number =
                text.trim().parse().map_err(|_| format!("{name} is {text:?}, no number"))?;
            Ok(Some(number))
        };
        if let Some(task) = number("SLURM_ARRAY_TASK_ID")? {
            let first = number("SLURM_ARRAY_TASK_MIN")?.unwrap_or(0);
            let step = number("SLURM_ARRAY_TASK_STEP")?.unwrap_or(1).max(1);
            let tasks = number("SLURM_ARRAY_TASK_COUNT")?;
            let index = task.checked_sub(first).filter(|above| above % step == 0);
            let index = index.map(|above| above / step);
            return of(
                index,
                count.or(tasks),
                "SLURM_ARRAY_TASK_ID",
                task,
                "SLURM_ARRAY_TASK_COUNT",
            );
        }
        let Some(pod) = number("JOB_COMPLETION_INDEX")? else { return Ok(None) };
        let pods = number("JOB_COMPLETIONS")?;
        of(Some(pod), count.or(pods), "JOB_COMPLETION_INDEX", pod, "JOB_COMPLETIONS")
    }

    /// Whether it is only a part.
    pub fn is_part(self) -> bool {
        self.count > 1
    }
}

fn of(
    index: Option<usize>,
    count: Option<usize>,
    variable: &str,
    value: usize,
    counted_by: &str,
) -> Result<Option<Shard>, String> {
    let Some(count) = count.filter(|count| (1..=MOST).contains(count)) else {
        return Err(format!(
            "{variable} is {value}, and nothing tells of how many: set {counted_by}, or give \
             --shards N"
        ));
    };
    match index.filter(|index| *index < count) {
        Some(index) => Ok(Some(Shard { index, count })),
        None => Err(format!(
            "{variable} is {value}, which is none of {count} in a row: submit all tasks of the \
             array again (those with nothing to do end at once), or give --shard I/N"
        )),
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.count)
    }
}

/// Shares out work of these weights among `count`: for each, the index of who does it. The
/// heaviest is given away first, each to who has least by then; so all finish at about the same
/// time, and everybody who shares out alike comes to the same.
pub fn shared(weights: &[u64], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|n| (Reverse(weights[*n]), *n));
    let mut least: BinaryHeap<Reverse<(u64, usize)>> =
        (0..count).map(|n| Reverse((0, n))).collect();
    let mut shares = vec![0; weights.len()];
    for n in order {
        let Some(Reverse((load, share))) = least.pop() else { break };
        shares[n] = share;
        least.push(Reverse((load + weights[n], share)));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_about_equal_and_nothing_is_in_two() {
        let weights: Vec<u64> = (0..1_000).map(|n| 300 + n * 7_919 % 3_600).collect();
        let shares = shared(&weights, 7);
        let load = |share: usize| -> u64 {
            (0..1_000).filter(|n| shares[*n] == share).map(|n| weights[n]).sum()
        };
        let loads: Vec<u64> = (0..7).map(load).collect();
        assert_eq!(loads.iter().sum::<u64>(), weights.iter().sum::<u64>());
        let (least, most) = (loads.iter().min().unwrap(), loads.iter().max().unwrap());
        // Never further apart than the lightest thing that was given away last.
        assert!(most - least <= 300 + 3_600, "{loads:?}");
        assert_eq!(shared(&[5, 5, 5], 2), [0, 1, 0]);
        assert_eq!(shared(&[1, 9, 5, 5], 2), [0, 0, 1, 1]);
        assert_eq!(shared(&[1], 3), [0]);
    }

    #[test]
    fn a_share_is_told_by_hand_or_by_who_starts_the_program() {
        assert_eq!(Shard::parse("3/100"), Ok(Shard { index: 2, count: 100 }));
        for wrong in ["", "3", "0/4", "5/4", "1/0", "a/b", "-1/4"] {
            assert!(Shard::parse(wrong).is_err(), "{wrong}");
        }
        let of = |variables: &[(&str, &str)], count| {
            let variable = |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            Shard::of_environment(variable, count).map(|shard| shard.map(|shard| shard.to_string()))
        };
        let slurm = |id, count, min, step| {
            let named = [
                ("SLURM_ARRAY_TASK_ID", id),
                ("SLURM_ARRAY_TASK_COUNT", count),
                ("SLURM_ARRAY_TASK_MIN", min),
                ("SLURM_ARRAY_TASK_STEP", step),
            ];
            of(&named, None)
        };
        assert_eq!(of(&[], Some(4)), Ok(None));
        assert_eq!(slurm("0", "6", "0", "1"), Ok(Some("1/6".to_owned())));
        assert_eq!(slurm("6", "6", "1", "1"), Ok(Some("6/6".to_owned())));
        assert_eq!(slurm("10", "3", "2", "4"), Ok(Some("3/3".to_owned())));
        assert!(slurm("7", "2", "3", "1").unwrap_err().contains("submit all tasks"));
        let pod = [("JOB_COMPLETION_INDEX", "3")];
        assert_eq!(of(&pod, Some(4)), Ok(Some("4/4".to_owned())));
        assert!(of(&pod, None).unwrap_err().contains("--shards N"));
        let told = [("JOB_COMPLETION_INDEX", "3"), ("JOB_COMPLETIONS", "8")];
        assert_eq!(of(&told, None), Ok(Some("4/8".to_owned())));
        assert!(of(&[("JOB_COMPLETION_INDEX", "x")], None).is_err());
    }
}
