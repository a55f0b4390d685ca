//! Which share of a table this run has.

use std::collections::BTreeMap;

use super::Arguments;
use crate::batch::order::Order;
use crate::batch::plan::Planner;
use crate::batch::shard::{Shard, shared};
use crate::batch::table::Mistake;
use crate::error::{Error, Result};

/// The share that is asked for, or that whoever started the program tells of.
///
/// # Errors
///
/// Where that is no share.
pub fn of(arguments: &Arguments) -> Result<Shard> {
    if arguments.join {
        return Ok(Shard::WHOLE);
    }
    if let Some(shard) = arguments.shard {
        return Ok(shard);
    }
    let variable = |name: &str| std::env::var(name).ok();
    let found = Shard::of_environment(variable, arguments.shards);
    let refused = |why: String| {
        let (why, help) = why.split_once(": ").map_or((why.as_str(), ""), |parts| parts);
        let (path, why) = (arguments.output.clone(), why.to_owned());
        Error::Refused { path, why, help: help.to_owned() }
    };
    Ok(found.map_err(refused)?.unwrap_or(Shard::WHOLE))
}

/// The orders of `shard`; and what is wrong with those of others, as far as that came up.
pub fn own<'a>(
    orders: &'a [Order],
    planner: &Planner<'_>,
    shard: Shard,
) -> (Vec<&'a Order>, Vec<Mistake>) {
    if !shard.is_part() {
        return (orders.iter().collect(), Vec::new());
    }
    let mut known = BTreeMap::new();
    let mut mistakes = Vec::new();
    // To plan all rows in every share would take longer than to render some.
    let mut weight = |order: &Order| {
        let frames = planner.told_length(order).or_else(|| {
            let planned = known.entry(planner.asked(order));
            planned.or_insert_with(|| planner.length(order)).as_ref().ok().copied()
        });
        frames.map_or(0, |frames| frames.0) * order.files.len() as u64
    };
    let weights: Vec<u64> = orders.iter().map(&mut weight).collect();
    mistakes.extend(known.into_values().filter_map(std::result::Result::err).flatten());
    let shares = shared(&weights, shard.count);
    let own = orders.iter().zip(shares).filter(|(_, share)| *share == shard.index);
    (own.map(|(order, _)| order).collect(), mistakes)
}
