//! A catalogue in one command: every row of a [`table`] becomes a track, in every format that
//! it asks for.
//!
//! A table is read with all its mistakes ([`table`], [`order`], [`plan`]) before anything is
//! rendered. What is there already and made from the same is left alone: each file says by its
//! [`stamp`] what it was made from ([`identity`]). The rest is shared out among machines
//! ([`shard`]) and made side by side ([`run`], [`make`]): clips are prepared once for all
//! ([`bank`]), each session is planned once for all its formats of a rate ([`together`]), and a
//! file has its name only once it is whole ([`part`]). [`prove`] reads files again, and [`join`] puts the
//! shares of many machines together.

pub mod bank;
pub mod identity;
pub mod join;
pub mod make;
pub mod name;
pub mod order;
pub mod part;
pub mod plan;
pub mod prove;
pub mod report;
pub mod run;
pub mod shard;
pub mod stamp;
pub mod table;
pub mod together;
pub mod voices;
